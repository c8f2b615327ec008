"""What keeps a network from learning, found by rules with stated limits.

Looked at are training samples (all, or an even spread of them), with one forward and backward pass:

* **Saturated**: a neuron whose slope f′(z) is below :data:`FLAT` of its activation's steepest slope in
  at least :data:`MOST` of the samples. δ, and with it every gradient before the neuron, is multiplied
  by that slope. Only for activations that flatten at both ends (sigmoid, tanh). An output may well be
  at its end if that is where the target is: only samples count in which it is at the wrong end (off by
  more than half its range), and :data:`WRONG` of them are enough; with cross-entropy on its natural
  partner the slope has cancelled from δ, so that nothing is wrong.
* **Dead**: a ReLU that passes on 0 in every sample looked at. Its slope is 0 for all of them. Where only
  a part of the samples was looked at, up to nine times as many are before this is said.
* **Flat**: a step function, whose slope is 0 everywhere.
* **Vanishing**: the mean |∂C/∂w| of a layer is below :data:`VANISHING` of that of a later layer.
* **Exploding**: it is above :data:`EXPLODING` times that of a later layer; or, with an optimizer whose
  step is η times the gradient, one step would move the layer's weights on average by more than
  :data:`TOO_FAR` times their own mean size, and by more than :data:`TOO_FAR`.

Nothing is said of a rule where a number it needs is not finite.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from nnsim.core.arrays import Array, BoolArray, IntArray, quiet, read_only
from nnsim.core.evaluate import Evaluator, Pass
from nnsim.core.network import Network, Views

FLAT = 0.1
MOST = 0.9
WRONG = 0.25
VANISHING = 1e-3
EXPLODING = 1e3
TOO_FAR = 5.0
# Of fewer samples nothing is said of a hidden neuron: any may happen to be at an end for them.
ENOUGH = 4
# Samples are left out of the look where samples × parameters would be more than this, which is a few
# hundredths of a second of work; but at least so many samples are looked at.
_WORK = 10_000_000
_FEWEST, _MOST_SAMPLES = 32, 2000
# So many times as many samples are looked at where a ReLU has been 0 in all of the first.
_LONGER = 8
# The steepest slope of the activations that flatten at both ends.
_STEEPEST = {"sigmoid": 0.25, "tanh": 1.0}


class Ailment(StrEnum):
    """What can be found."""

    DEAD = "dead"
    SATURATED = "saturated"
    FLAT = "flat"
    VANISHING = "vanishing"
    EXPLODING = "exploding"


@dataclass(frozen=True, slots=True)
class Finding:
    """``layer`` by index; ``neuron`` in it, or ``None`` where the whole layer is meant.

    ``share`` of the samples looked at (saturated); for vanishing and exploding ``ratio`` of the layer's
    mean |∂C/∂w| to that of the layer ``against``, or (``against`` ``None``) ``ratio`` is how far one
    step would move a weight on average.
    """

    ailment: Ailment
    layer: int
    neuron: int | None = None
    share: float = 1.0
    ratio: float = 0.0
    against: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Health:
    """``samples`` of ``of`` training samples were looked at.

    ``gradient_size[l]`` is the mean |∂C/∂w| over the weights into layer l (``nan`` for the input and
    where it is not finite), C being the mean loss as the training set has it; ``weight_size[l]`` the
    mean |w|. ``saturated[l]`` is the share of samples each neuron of layer l is saturated in (zeros for
    other activations), ``active[l]`` the share in which its a is not 0; arrays (size of the layer,).
    """

    samples: int
    of: int
    gradient_size: Array
    weight_size: Array
    saturated: tuple[Array, ...]
    active: tuple[Array, ...]
    findings: tuple[Finding, ...]

    def of_neuron(self, layer: int, neuron: int) -> tuple[Finding, ...]:
        """What was found at this neuron itself."""
        return tuple(f for f in self.findings if f.layer == layer and f.neuron == neuron)

    def of_layer(self, layer: int) -> tuple[Finding, ...]:
        """What was found of the layer as a whole."""
        return tuple(f for f in self.findings if f.layer == layer and f.neuron is None)


def looked_at(network: Network, count: int) -> IntArray:
    """Which of ``count`` samples are looked at: all, or as many as the work allows, evenly spread."""
    most = min(max(_WORK // max(network.layout.size, 1), _FEWEST), _MOST_SAMPLES)
    if count <= most:
        return read_only(np.arange(count), np.intp)
    return read_only(np.linspace(0, count - 1, most).astype(np.intp), np.intp)


@quiet
def examine(
    network: Network, theta: Views, x: Array, y: Array, rate: float | None = None,
    evaluator: Evaluator | None = None,
) -> Health | None:  # fmt: skip
    """Look at the training samples x (n, inputs), y (n, outputs); ``None`` if there are none.

    ``rate``: the learning rate, where the optimizer's step is that times the gradient; else ``None``.
    ``evaluator`` (of this network and θ) saves making one.
    """
    rows = looked_at(network, len(x))
    if not len(rows):
        return None
    part = x[rows], y[rows]
    evaluator = evaluator or Evaluator(network, theta)
    found = evaluator.full_pass(*part)
    gradient_size = _gradient_sizes(network, found)
    weight_size = _sizes(network, theta)
    flat = [_flat(network, found, part[1], layer) for layer in range(network.depth)]
    saturated = tuple(read_only(f.mean(axis=0)) for f in flat)
    active = tuple((a != 0.0).mean(axis=0) for a in found.a)
    if len(rows) < len(x):
        _look_longer(network, evaluator, x, len(rows), active)
    active = tuple(read_only(share) for share in active)
    findings = [
        *_neurons(network, saturated, active, len(rows)),
        *_across(network, gradient_size),
        *([] if rate is None else _too_far(gradient_size, weight_size, rate)),
    ]
    return Health(len(rows), len(x), gradient_size, weight_size, saturated, active, _once(findings))


def _look_longer(
    network: Network, evaluator: Evaluator, x: Array, count: int, active: tuple[Array, ...]
) -> None:
    """Let ReLUs that were 0 in a part of the samples prove in others that they live: writes a share above
    0 into ``active``. A neuron that answers to few samples is not to be called dead."""
    layers = [i for i in range(1, network.depth) if network.activations[i].key == "relu"]
    for k in range(1, _LONGER + 1):
        if not any((active[layer] == 0.0).any() for layer in layers):
            return
        # Even spreads that lie between those looked at before.
        rows = ((np.arange(count) + k / (_LONGER + 1)) * len(x) / count).astype(np.intp)
        a = evaluator.layers(x[rows])
        for layer in layers:
            alive = (active[layer] == 0.0) & (a[layer] != 0.0).any(axis=0)
            active[layer][alive] = 1.0 / (count * (k + 1))


# -- sizes ----------------------------------------------------------------------------------------


def _gradient_sizes(network: Network, found: Pass) -> Array:
    return _sizes(network, Views(network.layout, found.gradient))


def _sizes(network: Network, values: Views) -> Array:
    """Mean absolute value of the weights into each layer; ``nan`` where there is none or it is not finite."""
    out = np.full(network.depth, np.nan)
    for layer in range(1, network.depth):
        parts = [values.weights[c] for c in network.incoming[layer]]
        count = sum(p.size for p in parts)
        size = sum(float(np.add.reduce(np.abs(p), axis=None)) for p in parts) / max(count, 1)
        out[layer] = size if np.isfinite(size) else np.nan
    return read_only(out)


# -- neurons --------------------------------------------------------------------------------------


def _flat(network: Network, found: Pass, y: Array, layer: int) -> BoolArray:
    """(n, size): where the slope is as good as lost to learning."""
    activation, a = network.activations[layer], found.a[layer]
    steepest = _STEEPEST.get(activation.key)
    is_output = layer == network.depth - 1
    if layer == 0 or steepest is None or (is_output and network.fused):
        return np.zeros(a.shape, dtype=np.bool_)
    # From z alone: a(1 − a) has lost its digits where it matters.
    slope = activation.derivative(found.z[layer], network.options[layer])
    flat: BoolArray = slope < FLAT * steepest
    if is_output:
        flat &= np.abs(a - y) > 0.5 * (activation.high - activation.low)
    return flat


def _neurons(
    network: Network, saturated: tuple[Array, ...], active: tuple[Array, ...], samples: int
) -> list[Finding]:
    out: list[Finding] = []
    for layer in range(1, network.depth):
        key = network.activations[layer].key
        if key == "step":
            out.append(Finding(Ailment.FLAT, layer))
        if key == "relu" and samples >= ENOUGH:
            dead = np.flatnonzero(active[layer] == 0.0)
            out += [Finding(Ailment.DEAD, layer, int(j)) for j in dead]
            if len(dead) == network.sizes[layer]:
                out.append(Finding(Ailment.DEAD, layer))
        if samples < ENOUGH and layer != network.depth - 1:
            continue
        limit = WRONG if layer == network.depth - 1 else MOST
        for j in np.flatnonzero(saturated[layer] >= limit):
            out.append(Finding(Ailment.SATURATED, layer, int(j), float(saturated[layer][j])))
    return out


# -- layers ---------------------------------------------------------------------------------------


def _across(network: Network, size: Array) -> list[Finding]:
    """Each layer against the later one that it differs from most."""
    out: list[Finding] = []
    for layer in range(1, network.depth - 1):
        later = [i for i in range(layer + 1, network.depth) if size[i] > 0.0]
        if not later or not np.isfinite(size[layer]):
            continue
        largest, smallest = max(later, key=lambda i: size[i]), min(later, key=lambda i: size[i])
        if size[layer] < VANISHING * size[largest]:
            ratio = float(size[layer] / size[largest])
            out.append(Finding(Ailment.VANISHING, layer, ratio=ratio, against=largest))
        if size[layer] > EXPLODING * size[smallest]:
            ratio = float(size[layer] / size[smallest])
            out.append(Finding(Ailment.EXPLODING, layer, ratio=ratio, against=smallest))
    return out


def _too_far(gradient: Array, weights: Array, rate: float) -> list[Finding]:
    """Layers whose weights one step would move by more than they are."""
    out: list[Finding] = []
    for layer in range(1, len(gradient)):
        move = rate * float(gradient[layer])
        if move > TOO_FAR * max(1.0, float(weights[layer])):
            out.append(Finding(Ailment.EXPLODING, layer, ratio=move))
    return out


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    """One finding of a kind for each neuron or layer, the first."""
    seen: dict[tuple[Ailment, int, int | None], Finding] = {}
    for f in findings:
        seen.setdefault((f.ailment, f.layer, f.neuron), f)
    return tuple(seen.values())
