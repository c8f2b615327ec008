"""Checking gradients by trying: change one number a little both ways and look at the loss.

For a parameter θᵢ and a step h, (C(θᵢ + h) − C(θᵢ − h)) / 2h differs from ∂C/∂θᵢ by O(h²). Taken at
h and 2h, (4·D(h) − D(2h)) / 3 differs by O(h⁴) only (Richardson), which allows a step large enough
that rounding does not matter. Where one of the four points lies beyond a kink of a ReLU-like neuron
the plain difference with a much smaller step is used instead; where even that reaches over the kink
there is no slope to compare with, and the parameter is marked.

C is the data loss of the given samples, 1/n included, without regularisation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nnsim.core.arrays import Array, BoolArray, IntArray, read_only
from nnsim.core.evaluate import Evaluator
from nnsim.core.network import Network, Views
from nnsim.core.workspace import Workspace

# How far a weighted sum moves. What the formulas leave out, about h⁴ and h², and the rounding ε/h of the
# differences together are smallest near these.
_WIDE = 2.0**-11
_NARROW = 2.0**-18
# A relative error means nothing where the gradient is as small as those: a gradient that is 0 has a
# numeric one of about 1e-13. Errors are measured against at least this share of C, and this number.
_FLOOR_SHARE = 1e-5
_FLOOR = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class GradientCheck:
    """Analytic against numeric, one row for each number checked; all arrays (k,), read-only.

    ``indices``         positions in θ (or in the flattened inputs)
    ``analytic``        ∂C/∂θᵢ by backpropagation
    ``numeric``         the same by differences
    ``relative_error``  |a − n| / max(|a|, |n|, floor); infinite where either is not a number
    ``step``            the h used
    ``at_kink``         True where a neuron's slope jumps within ±h, which explains a mismatch
    """

    indices: IntArray
    analytic: Array
    numeric: Array
    relative_error: Array
    step: Array
    at_kink: BoolArray
    floor: float

    @property
    def worst(self) -> int | None:
        """The row of the largest error among those not at a kink; ``None`` if there is none."""
        smooth = np.flatnonzero(~self.at_kink)
        return int(smooth[np.argmax(self.relative_error[smooth])]) if len(smooth) else None

    @property
    def largest_error(self) -> float:
        """The largest relative error among those not at a kink; 0 if there is none."""
        return 0.0 if self.worst is None else float(self.relative_error[self.worst])


def check_gradient(
    network: Network, theta: Array, x: Array, y: Array, indices: Sequence[int] | IntArray | None = None
) -> GradientCheck:
    """Check ∂C/∂θ at the parameters ``theta`` for the batch x (n, inputs), y (n, outputs).

    ``indices`` limits the check to these positions in θ (cost: four to six forward passes each). A
    shared bias is one parameter kept as equal entries: they are moved together. Nothing passed in is
    changed. Raises ``IndexError`` for a position that is not there.
    """
    rows = np.arange(theta.size) if indices is None else np.asarray(indices, dtype=np.intp)
    return GradientChecker(network, theta, x, y).check(rows)


class GradientChecker:
    """:func:`check_gradient` in pieces: what all of them need is computed once."""

    def __init__(self, network: Network, theta: Array, x: Array, y: Array) -> None:
        self._probe = _Probe(network, theta.copy(), x, y)
        found = Evaluator(network, self._probe.theta).full_pass(x, y)
        self._gradient = found.gradient
        self._groups, self._reach = _groups(network), _reach(network, found.a)

    def check(self, indices: Sequence[int] | IntArray) -> GradientCheck:
        """Check these positions in θ. Raises ``IndexError`` for one that is not there."""
        rows, probe = np.asarray(indices, dtype=np.intp), self._probe
        return probe.compare(rows, self._gradient, probe.theta.flat, self._groups, self._reach)


def check_input_gradient(
    network: Network, theta: Array, x: Array, y: Array, indices: Sequence[int] | IntArray | None = None
) -> GradientCheck:
    """Check ∂C/∂x; ``indices`` are positions in the flattened x. Otherwise as :func:`check_gradient`."""
    probe = _Probe(network, theta.copy(), x.copy(), y)
    found = Evaluator(network, probe.theta).full_pass(x, y)
    rows = np.arange(x.size) if indices is None else np.asarray(indices, dtype=np.intp)
    largest = max(float(np.abs(probe.theta.weights[c]).max(initial=0.0)) for c in network.outgoing[0])
    reach = np.full(x.size, largest)
    return probe.compare(rows, found.da[0].ravel(), probe.x.reshape(-1), lambda i: slice(i, i + 1), reach)


def _groups(network: Network) -> Callable[[int], slice]:
    """For an entry of θ, the entries that move with it."""
    groups: dict[int, slice] = {}
    for kind, index, _, block in network.parameters():
        if kind == "bias" and network.spec.layers[index].bias == "shared":
            places = block.positions()
            step = int(places[1] - places[0]) if len(places) > 1 else 1
            together = slice(int(places[0]), int(places[-1]) + 1, step)
            groups |= dict.fromkeys(places.tolist(), together)
    return lambda i: groups.get(int(i), slice(i, i + 1))


def _reach(network: Network, a: Sequence[Array]) -> Array:
    """For each entry of θ, how much it can move a weighted sum: its sources' largest |a|, 1 for biases."""
    reach = np.ones(network.layout.size)
    for kind, index, layer, block in network.parameters():
        if kind == "weight":
            source = network.spec.connections[index].source
            largest = np.abs(a[source]).max(axis=0, initial=0.0)
            edges = network.kinds[index].edges(network.sizes[source], network.sizes[layer])
            part = np.zeros(block.shape)
            np.maximum.at(part.reshape(-1), edges.parameter, largest[edges.source])
            block.view(reach)[...] = part
    return reach


class _Probe:
    """The loss of a batch as a function of numbers that are changed in place."""

    def __init__(self, network: Network, theta: Array, x: Array, y: Array) -> None:
        self.network, self.x, self.y = network, x, y
        self.theta = Views(network.layout, theta)
        self._space = Workspace(network, self.theta, Views(network.layout, np.zeros_like(theta)), len(x))
        self._kinked = [i for i in range(1, network.depth) if network.activations[i].kinked]

    def look(self) -> tuple[Array, list[BoolArray]]:
        """Loss by sample and output (n, m), and which side of its kink every kinked neuron is on."""
        net, space = self.network, self._space
        space.bind(self.x, self.y)
        for layer in range(1, net.depth):
            space.forward(layer)
        e = net.loss.elements(space.z[-1], space.a[-1], space.y, net.activations[-1].key)
        return e, [space.z[i] > 0.0 for i in self._kinked]

    def compare(
        self, rows: IntArray, gradient: Array, values: Array, group: Callable[[int], slice], reach: Array
    ) -> GradientCheck:
        """Check ``gradient`` of ``values`` (which the loss is a function of) at ``rows``."""
        with np.errstate(over="ignore", invalid="ignore"):
            e, sides = self.look()
            scale = self.network.scale(len(self.x))
            numeric, step = np.empty(len(rows)), np.empty(len(rows))
            at_kink = np.zeros(len(rows), dtype=bool)
            for k, i in enumerate(rows):
                numeric[k], step[k], at_kink[k] = self._slope(values, group(i), float(reach[i]), scale, sides)
            analytic = gradient[rows]
            loss = abs(float(np.sum(e))) * scale
            floor = max(_FLOOR_SHARE * loss, _FLOOR) if np.isfinite(loss) else _FLOOR
            size = np.maximum(np.maximum(np.abs(analytic), np.abs(numeric)), floor)
            error = np.abs(analytic - numeric) / size
        error[~np.isfinite(error)] = np.inf
        return GradientCheck(
            read_only(rows, np.intp), read_only(analytic), read_only(numeric), read_only(error),
            read_only(step), read_only(at_kink, np.bool_), floor,
        )  # fmt: skip

    def _slope(
        self, values: Array, group: slice, reach: float, scale: float, sides: list[BoolArray]
    ) -> tuple[float, float, bool]:
        """(∂C/∂value, step used, whether a kink is within it) of the entries ``group`` as one number."""
        size = abs(float(values[group.start]))
        for width, wide in ((_WIDE, True), (_NARROW, False)):
            # Not below what float64 can resolve at this value.
            h = max(width / max(reach, 2.0**-20), size * 2.0**-26, 1e-200)
            near, clear = self._difference(values, group, h, scale, sides)
            if not wide:
                return near, h, not clear
            if clear:
                far, clear = self._difference(values, group, 2.0 * h, scale, sides)
            if clear:
                return (4.0 * near - far) / 3.0, h, False
        raise AssertionError("the narrow step always returns")

    def _difference(
        self, values: Array, group: slice, h: float, scale: float, sides: list[BoolArray]
    ) -> tuple[float, bool]:
        """(C(v + h) − C(v − h)) / 2h, and whether no neuron changed sides."""
        before = float(values[group.start])
        high, low = before + h, before - h
        try:
            values[group] = high
            e_high, sides_high = self.look()
            values[group] = low
            e_low, sides_low = self.look()
        finally:
            values[group] = before
        clear = all(
            np.array_equal(s, p) and np.array_equal(s, q)
            for s, p, q in zip(sides, sides_high, sides_low, strict=True)
        )
        # Summed after subtracting: most of each term's rounding is common to both.
        return float(np.sum(e_high - e_low)) * scale / (high - low), clear
