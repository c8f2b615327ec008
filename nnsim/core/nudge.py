"""Changing one number by h and looking at what the loss does: ΔC/h beside ∂C.

A weight or a bias is changed where it is; a weighted sum z or an activation a is overridden in the
forward pass, and everything after it follows. The loss is computed before and after and subtracted,
as one would with a calculator. So a large h shows how the loss bends, of order h for the difference
to one side and h² for the central one, and a small h shows rounding: C has about 16 digits, and where
it changes only in the last of them the quotient means nothing.

C is the data loss of the given samples, 1/n included, without regularisation. An override of z or a
is made for every one of the samples, so with several of them ∂C is the sum over the samples.

The number is named by a :class:`Quantity` of kind "weight", "bias", "z", "a" or "x" (the same as "a" of
layer 0). A shared bias is one number, whichever neuron is named.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnsim.core.arrays import Array, quiet
from nnsim.core.evaluate import Evaluator, Pass
from nnsim.core.explain.quantity import Quantity
from nnsim.core.network import Network, Views
from nnsim.core.workspace import Workspace

# The steps of a sweep: 0.1 down to 1e−15, where nothing is left of a difference.
SWEEP = tuple(10.0**-k for k in range(1, 16))
# Below this many units in C's last digit a difference is good to less than three digits.
FEW_UNITS = 1000.0


@dataclass(frozen=True, slots=True)
class Nudge:
    """What a change by ``h`` does.

    ``loss``, ``loss_up``, ``loss_down``  C at the number, at h more and at h less
    ``derivative``                        ∂C by backpropagation
    """

    h: float
    loss: float
    loss_up: float
    loss_down: float
    derivative: float

    @property
    def one_sided(self) -> float:
        """(C(v + h) − C(v)) / h."""
        return (self.loss_up - self.loss) / self.h

    @property
    def central(self) -> float:
        """(C(v + h) − C(v − h)) / 2h."""
        return (self.loss_up - self.loss_down) / (2.0 * self.h)

    @property
    def one_sided_error(self) -> float:
        """|ΔC/h − ∂C|."""
        return abs(self.one_sided - self.derivative)

    @property
    def central_error(self) -> float:
        return abs(self.central - self.derivative)

    @property
    def units(self) -> float:
        """How many units in the last digit of C the change makes (the finer the better)."""
        last = float(np.spacing(abs(self.loss))) if np.isfinite(self.loss) else float("nan")
        return max(abs(self.loss_up - self.loss), abs(self.loss_up - self.loss_down)) / last

    @property
    def rounded(self) -> bool:
        """Whether rounding has taken over: C changes by less than :data:`FEW_UNITS` of its last digit."""
        return self.units < FEW_UNITS


class Nudger:
    """One network at one set of parameters with one batch, in which single numbers are changed.

    ``theta`` (flat), x (n, inputs), y (n, outputs) are copied: nothing passed in is changed.
    """

    def __init__(self, network: Network, theta: Array, x: Array, y: Array) -> None:
        self.network, self._x, self._y = network, np.array(x, dtype=np.float64), y
        self._theta = Views(network.layout, np.array(theta, dtype=np.float64))
        gradient = Views(network.layout, np.zeros_like(self._theta.flat))
        self._space = Workspace(network, self._theta, gradient, len(self._x))
        self._pass: Pass | None = None

    @property
    def analytic(self) -> Pass:
        """The forward and the backward pass at the unchanged numbers."""
        if self._pass is None:
            self._pass = Evaluator(self.network, self._theta).full_pass(self._x, self._y)
        return self._pass

    def value(self, place: Quantity) -> float:
        """The number itself; for z and a of the first sample. Raises ``IndexError``, ``ValueError``."""
        if place.kind in ("weight", "bias"):
            return float(self._theta.flat[self._entries(place)[0]])
        layer, neuron = self._neuron(place)
        layers = self.analytic.z if place.kind == "z" else self.analytic.a
        return float(layers[layer][0, neuron])

    def derivative(self, place: Quantity) -> float:
        """∂C with respect to the number, by backpropagation."""
        if place.kind in ("weight", "bias"):
            # The gradient of a shared bias stands at each of its equal entries.
            return float(self.analytic.gradient[self._entries(place)[0]])
        layer, neuron = self._neuron(place)
        layers = self.analytic.delta if place.kind == "z" else self.analytic.da
        return float(np.add.reduce(layers[layer][:, neuron]))

    @quiet
    def loss(self, place: Quantity, change: float) -> float:
        """C with ``change`` added to the number. Raises ``IndexError``, ``ValueError``."""
        if place.kind in ("weight", "bias"):
            return self._with_parameter(self._entries(place), change)
        return self._with_override(place, change)

    def nudge(self, place: Quantity, h: float) -> Nudge:
        """Change the number by ``h`` both ways. Raises ``ValueError`` unless h is finite and not 0."""
        if not np.isfinite(h) or h == 0.0:
            raise ValueError("the step must be finite and not 0")
        up, down = self.loss(place, h), self.loss(place, -h)
        return Nudge(h, self.loss(place, 0.0), up, down, self.derivative(place))

    def sweep(self, place: Quantity, steps: tuple[float, ...] = SWEEP) -> tuple[Nudge, ...]:
        """The same for many steps; shows where the errors are smallest."""
        loss, derivative = self.loss(place, 0.0), self.derivative(place)
        return tuple(Nudge(h, loss, self.loss(place, h), self.loss(place, -h), derivative) for h in steps)

    # -- ways to change a number ------------------------------------------------------------------

    def _neuron(self, place: Quantity) -> tuple[int, int]:
        """The layer and the neuron in it."""
        known = place.kind in ("z", "a", "x", "bias", "weight")
        if not known or place.layer is None or place.neuron is None:
            raise ValueError(f"{place} is no number that can be changed")
        if place.kind == "z" and place.layer == 0:
            raise ValueError("an input has no weighted sum")
        return place.layer, place.neuron

    def _entries(self, place: Quantity) -> list[int]:
        """The positions in θ that are the number."""
        net = self.network
        layer, neuron = self._neuron(place)
        if place.kind == "weight":
            if place.connection is None or place.source is None:
                raise ValueError("a weight needs a connection and a source")
            return [int(net.layout.weights[place.connection].positions()[neuron, place.source])]
        block = net.layout.biases[layer]
        if block is None:
            raise ValueError("this layer has no biases")
        positions = block.positions()
        if net.spec.layers[layer].bias == "shared":
            return [int(p) for p in positions]
        return [int(positions[neuron])]

    def _with_parameter(self, entries: list[int], change: float) -> float:
        flat = self._theta.flat
        before = flat[entries]
        try:
            flat[entries] = before + change
            self._space.bind(self._x, self._y)
            for layer in range(1, self.network.depth):
                self._space.forward(layer)
        finally:
            flat[entries] = before
        return self._loss(self.network.activations[-1].key)

    def _with_override(self, place: Quantity, change: float) -> float:
        net, space, x = self.network, self._space, self._x
        at, neuron = self._neuron(place)
        if at == 0:
            x = x.copy()
            x[:, neuron] += change
        space.bind(x, self._y)
        for layer in range(1, net.depth):
            space.forward(layer)
            if layer == at and place.kind == "a":
                space.a[layer][:, neuron] += change
            elif layer == at:
                space.z[layer][:, neuron] += change
                net.activations[layer].forward(space.z[layer], space.a[layer], net.options[layer])
        # Where the loss is computed from z at once, an a of its own would never reach it.
        from_a = place.kind == "a" and at == net.depth - 1
        return self._loss("" if from_a else net.activations[-1].key)

    def _loss(self, activation: str) -> float:
        space = self._space
        return self.network.loss.value(space.z[-1], space.a[-1], space.y, activation)


def best(sweep: tuple[Nudge, ...]) -> Nudge | None:
    """The step whose central difference is nearest to ∂C; ``None`` if no difference is a number."""
    usable = [n for n in sweep if np.isfinite(n.central_error)]
    return min(usable, key=lambda n: n.central_error, default=None)
