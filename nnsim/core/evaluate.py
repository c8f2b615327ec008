"""Forward passes outside the training step: losses over whole sets, outputs, grids, one sample.

Large sets go through in chunks, so memory stays bounded and no single NumPy call takes long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnsim.core.arrays import Array, quiet
from nnsim.core.network import Network, Views
from nnsim.core.ops import Calls, perform
from nnsim.core.workspace import Workspace

_CHUNK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """One forward and backward pass, copied out. Lists are by layer; arrays (n, size of the layer).

    ``z[0]``, ``delta[0]`` are unused (zeros); ``da[0]`` is ∂C/∂x. ``gradient`` is flat, in θ's order,
    of the data loss (without regularisation); C is the loss of just these samples.
    """

    a: tuple[Array, ...]
    z: tuple[Array, ...]
    da: tuple[Array, ...]
    delta: tuple[Array, ...]
    loss: float
    gradient: Array


class Evaluator:
    """Reads a network's parameters, never changes them."""

    def __init__(self, network: Network, theta: Views) -> None:
        self.network, self.theta = network, theta
        self._spaces: dict[int, Workspace] = {}
        self._grad: Views | None = None

    def space(self, n: int) -> Workspace:
        """Buffers for n samples, shared by all who ask for n."""
        space = self._spaces.get(n)
        if space is None:
            if self._grad is None:
                self._grad = Views(self.network.layout, np.zeros_like(self.theta.flat))
            if len(self._spaces) >= 8:  # sizes are few: chunk, remainders, grid, one sample
                self._spaces.clear()
            space = self._spaces[n] = Workspace(self.network, self.theta, self._grad, n)
        return space

    @quiet
    def layers(self, x: Array) -> tuple[Array, ...]:
        """Activations of every layer for a batch x (n, inputs). Views of buffers: copy to keep."""
        space = self.space(len(x))
        space.bind(x, None)
        for layer in range(1, self.network.depth):
            space.forward(layer)
        return tuple(space.a)

    def outputs(self, x: Array) -> Array:
        """Outputs (n, outputs) of x (n, inputs), as a new array."""
        out = np.empty((len(x), self.network.sizes[-1]))
        for i in range(0, len(x), _CHUNK):
            out[i : i + _CHUNK] = self.layers(x[i : i + _CHUNK])[-1]
        return out

    @quiet
    def loss(self, x: Array, y: Array) -> float:
        """Data loss over all samples; NaN for an empty set."""
        n = len(y)
        if n == 0:
            return float("nan")
        net, total = self.network, 0.0
        for i in range(0, n, _CHUNK):
            self.layers(x[i : i + _CHUNK])
            space = self.space(len(x[i : i + _CHUNK]))
            e = net.loss.elements(space.z[-1], space.a[-1], y[i : i + _CHUNK], net.activations[-1].key)
            total += float(np.add.reduce(e, axis=None))
        return total * net.scale(n)

    @quiet
    def full_pass(self, x: Array, y: Array) -> Pass:
        """Forward and backward for the batch x, y, with everything in between."""
        net, space = self.network, self.space(len(x))
        space.bind(x, y)
        for layer in range(1, net.depth):
            space.forward(layer)
        loss = space.loss()
        for layer in range(net.depth - 1, 0, -1):
            space.backward(layer)
        space.blame_inputs()
        if net.fused:
            net.loss.gradient(space.a[-1], y, space.scale, space.da[-1])
        return Pass(
            tuple(a.copy() for a in space.a), tuple(z.copy() for z in space.z),
            tuple(d.copy() for d in space.da), tuple(d.copy() for d in space.delta),
            loss, space.grad.flat.copy(),
        )  # fmt: skip


class SetLoss:
    """The data loss over one and the same set, time and again: nothing is copied for it.

    x_and_one (n, inputs + 1) has ones as its last column; y (n, outputs). Both may not change.
    """

    def __init__(self, evaluator: Evaluator, x_and_one: Array, y: Array) -> None:
        self._network, self._scale = evaluator.network, evaluator.network.scale(len(y))
        self._count = len(y)
        self._parts: list[tuple[Calls, Array, Array, Array]] = []
        for i in range(0, len(y), _CHUNK):
            x, targets = x_and_one[i : i + _CHUNK], y[i : i + _CHUNK]
            space = evaluator.space(len(x))
            self._parts.append((space.outputs(x.T), space.z[-1], space.a[-1], targets))

    def value(self) -> float:
        """The loss at the parameters of the moment; NaN for an empty set."""
        return self._value(lambda rows, a: None)

    def value_and_outputs(self) -> tuple[float, Array]:
        """The loss, and the outputs (n, outputs) it is of, as a new array."""
        out = np.empty((self._count, self._network.sizes[-1]))
        return self._value(out.__setitem__), out

    @quiet
    def _value(self, take: Callable[[slice, Array], None]) -> float:
        """The loss; ``take`` is given every piece of the outputs with its place."""
        if not self._parts:
            return float("nan")
        loss, activation, total = self._network.loss, self._network.activations[-1].key, 0.0
        for place, (calls, z, a, y) in enumerate(self._parts):
            perform(calls)
            take(slice(place * _CHUNK, (place + 1) * _CHUNK), a)
            total += float(np.add.reduce(loss.elements(z, a, y, activation), axis=None))
        return total * self._scale
