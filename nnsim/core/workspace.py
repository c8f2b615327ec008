"""The numbers of one pass: buffers for a batch size, and the arithmetic on them, layer by layer.

Buffers are made once and written in place, and every operation on them is prepared once. Stepping,
running and inspecting perform the same operations, which is why they give the same bytes.

Inside, numbers lie by feature: z of a layer is (size, n), and activations carry a last row of ones,
so that weights and bias together are one matrix [W|b], and a weighted sum, like the gradient of
both, is one product. Outside, everything is seen by sample, (n, size). Activations of all layers lie
behind each other in one stretch of memory, and so do the slopes: a straight run through the whole
pass takes the slopes of several layers in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.network import Network, Views
from nnsim.core.ops import Calls, perform, scalar

# Calls that do not depend on the batch, or how to make them for x (inputs + 1, n) and y (outputs, n).
Part = Calls | Callable[[Array, Array], Calls]

# Slopes of several layers are taken together as long as all of them stay in the nearest cache.
_TOGETHER = 4096


class Workspace:
    """Buffers for batches of exactly ``n`` samples, bound to parameters θ and a gradient vector.

    :meth:`bind` a batch before a pass. ``z[l]``, ``a[l]``, ``da[l]`` = ∂C/∂a and ``delta[l]`` = ∂C/∂z
    are (n, size of layer l), ``y`` the targets (n, outputs); C is the whole loss of the batch, its
    1/n included. ``da`` of the output layer is not computed where the loss is fused with the
    activation (see :mod:`nnsim.core.losses`).

    ``one_hot`` promises that the targets of every sample are zeros and a single 1.
    """

    def __init__(self, network: Network, theta: Views, grad: Views, n: int, one_hot: bool = False) -> None:
        self.network, self.theta, self.grad, self.n = network, theta, grad, n
        self.scale = network.scale(n)
        self._one_hot = one_hot
        sizes, dtype = network.sizes, theta.flat.dtype
        # Zeros cost no memory until they are written to, which those of wide inputs often never are.
        self._input = np.zeros((sizes[0] + 1, n), dtype)
        self._input[-1] = 1.0
        self._targets = np.zeros((sizes[-1], n), dtype)
        self._a_flat, rows = _stretch(sizes[1:], n, dtype)
        self._a_and_one: list[Array] = [self._input, *rows]
        self._slope_flat, rows = _stretch(sizes[1:], n, dtype)
        self._slope: list[Array] = [np.empty((0, n), dtype), *(r[:-1] for r in rows)]
        nothing = np.broadcast_to(np.zeros((), dtype), (sizes[0], n))  # the input layer has no z and δ
        self._z = [nothing, *(np.zeros((size, n), dtype) for size in sizes[1:])]
        # ∂C/∂a has a row for the ones too: leaving it out would make every product a strided one.
        self._da_and_one = [np.zeros((size + 1, n), dtype) for size in sizes]
        self._delta = [nothing, *(np.zeros((size, n), dtype) for size in sizes[1:])]
        self._tmp: dict[int, Array] = {}
        self.a: list[Array] = [a[:-1].T for a in self._a_and_one]
        self.z: list[Array] = [z.T for z in self._z]
        self.da: list[Array] = [d[:-1].T for d in self._da_and_one]
        self.delta: list[Array] = [d.T for d in self._delta]
        self.y: Array = self._targets.T
        layers = range(1, network.depth)
        self._scratch(network.depth - 1)
        self._forward: list[list[Part]] = [[], *(self._forward_parts(i) for i in layers)]
        self._slopes: list[Calls] = [[], *(self._slope_calls(i) for i in layers)]
        self._backward: list[list[Part]] = [[], *(self._backward_parts(i) for i in layers)]
        self._blame_inputs = self._blame_calls(0)
        self._straight = self._straight_parts()
        self._x_rows, self._y_rows = self._input, self._targets
        self._own = self._bound = self._phases(self._input, self._targets)

    # -- the batch --------------------------------------------------------------------------------

    def bind(self, x: Array, y: Array | None) -> None:
        """Take a batch: copies of x (n, inputs) and, where the loss is wanted, of y (n, outputs)."""
        np.copyto(self._input[:-1], x.T)
        if y is not None:
            np.copyto(self._targets, y.T)
        self._point(self._input, self._targets, self._own)

    def bind_rows(self, x: Array, y: Array) -> None:
        """Take a batch without copying: x (inputs + 1, n), its last row ones, and y (outputs, n)."""
        self._point(x, y, self._phases(x, y))

    def _point(self, x: Array, y: Array, phases: tuple[list[Calls], list[Calls]]) -> None:
        if self._x_rows is not x or self._y_rows is not y:
            self._x_rows, self._y_rows = x, y
            self.a[0], self.y = x[:-1].T, y.T
        self._bound = phases

    def _phases(self, x: Array, y: Array) -> tuple[list[Calls], list[Calls]]:
        """The calls of every forward and every backward phase for a batch."""
        forward = [_made(parts, x, y) for parts in self._forward]
        backward = [
            [*slopes, *_made(parts, x, y)] for slopes, parts in zip(self._slopes, self._backward, strict=True)
        ]
        return forward, backward

    def straight(self, x: Array, y: Array) -> Calls:
        """Forward and backward pass in one list for a batch as in :meth:`bind_rows`."""
        return _made(self._straight, x, y)

    def outputs(self, x: Array) -> Calls:
        """The forward pass alone, for x as in :meth:`bind_rows`."""
        return _made((part for parts in self._forward for part in parts), x, self._targets)

    # -- passes -----------------------------------------------------------------------------------

    def forward(self, layer: int) -> None:
        """z and a of one layer, from the activations of the layers that feed it."""
        perform(self._bound[0][layer])

    def loss(self) -> float:
        """The data loss of the batch."""
        net = self.network
        return net.loss.value(self.z[-1], self.a[-1], self.y, net.activations[-1].key)

    def backward(self, layer: int) -> None:
        """∂C/∂a, δ, and the gradients of everything that leads into ``layer``."""
        perform(self._bound[1][layer])

    def blame_inputs(self) -> None:
        """∂C/∂x into ``da[0]``, after the backward pass."""
        perform(self._blame_inputs)

    # -- preparation ------------------------------------------------------------------------------

    def _scratch(self, layer: int) -> Array:
        """Room for a layer's second sum or blame, (size + 1, n)."""
        if layer not in self._tmp:
            self._tmp[layer] = np.zeros_like(self._da_and_one[layer])
        return self._tmp[layer]

    def _forward_parts(self, layer: int) -> list[Part]:
        net, z = self.network, self._z[layer]
        parts: list[Part] = []
        for place, c in enumerate(net.incoming[layer]):
            out = z if place == 0 else self._scratch(layer)[:-1]
            w, with_one = self._weights(self.theta, c)
            source = net.spec.connections[c].source
            parts.append(self._reading(source, with_one, net.kinds[c].sums(w, out)))
            if place:
                parts.append([(np.add, z, out, z)])
        bias = self.theta.biases[layer]
        if bias is not None and not net.layout.joined_bias[layer]:
            parts.append([(np.add, z, bias[:, np.newaxis], z)])
        a = self._a_and_one[layer][:-1]
        parts.append(net.activations[layer].prepared_forward(z, a, net.options[layer]))
        return parts

    def _reading(self, source: int, with_one: bool, make: Callable[[Array], Calls]) -> Part:
        """Calls on the source layer's activations, those of the input being the batch itself."""
        if source == 0:
            return lambda x, y: make(x if with_one else x[:-1])
        rows = self._a_and_one[source]
        return make(rows if with_one else rows[:-1])

    def _weights(self, views: Views, c: int) -> tuple[Array, bool]:
        """The weights of a connection, with the bias if it is joined."""
        joined = views.joined[c]
        return (views.weights[c], False) if joined is None else (joined, True)

    def _fused(self, layer: int) -> bool:
        return layer == self.network.depth - 1 and self.network.fused

    def _slope_calls(self, layer: int) -> Calls:
        """f'(z) of a layer; softmax has none of its own."""
        net = self.network
        act = net.activations[layer]
        if act.vector or self._fused(layer):
            return []
        return act.prepared_slope(
            self._z[layer], self._a_and_one[layer][:-1], self._slope[layer], net.options[layer]
        )

    def _straight_parts(self) -> list[Part]:
        """Both passes, with the slopes of neighbouring layers of one kind taken together."""
        net, parts = self.network, [part for parts in self._forward for part in parts]
        if self._a_flat.size > _TOGETHER:
            for layer in range(net.depth - 1, 0, -1):
                parts += [self._slopes[layer], *self._backward[layer]]
            return parts
        layer = 1
        while layer < net.depth:
            last, calls = layer, self._slopes[layer]
            make = net.activations[layer].slope_calls
            if calls and make is not None:
                while (
                    last + 1 < net.depth
                    and net.activations[last + 1].slope_calls is make
                    and not self._fused(last + 1)
                ):
                    last += 1
                start = sum(len(self._a_and_one[i]) for i in range(1, layer)) * self.n
                stop = start + sum(len(self._a_and_one[i]) for i in range(layer, last + 1)) * self.n
                calls = make(self._a_flat[start:stop], self._slope_flat[start:stop])
            parts.append(calls)
            layer = last + 1
        for layer in range(net.depth - 1, 0, -1):
            parts += self._backward[layer]
        return parts

    def _backward_parts(self, layer: int) -> list[Part]:
        """What follows the slopes: ∂C/∂a, δ, gradients."""
        net, delta = self.network, self._delta[layer]
        parts: list[Part] = []
        parts.append(self._output_blame if layer == net.depth - 1 else self._blame_calls(layer))
        if not self._fused(layer):
            parts.append(
                net.activations[layer].prepared_delta(
                    self._da_and_one[layer][:-1], self._a_and_one[layer][:-1], self._slope[layer], delta
                )
            )
        for c in net.incoming[layer]:
            out, with_one = self._weights(self.grad, c)
            source = net.spec.connections[c].source
            parts.append(self._reading(source, with_one, _gradients(net.kinds[c].gradients, delta, out)))
        bias = self.grad.biases[layer]
        if bias is not None:
            if not net.layout.joined_bias[layer]:
                parts.append([(np.add.reduce, delta, 1, None, bias)])
            if net.spec.layers[layer].bias == "shared":
                parts.append([(_share, bias)])
        return parts

    def _output_blame(self, x: Array, y: Array) -> Calls:
        """∂C/∂a of the output layer, or at once δ where the loss is fused with the activation."""
        net, a, c, loss = self.network, self._a_and_one[-1][:-1], self.scale, self.network.loss
        delta, da = self._delta[-1], self._da_and_one[-1][:-1]
        if self._fused(net.depth - 1):
            if loss.family == "bce" or self._one_hot:
                return self._difference(a, y, c, delta)
            return [(loss.fused_delta, a.T, y.T, c, delta.T)]
        if loss.family == "squared":
            return self._difference(a, y, c if loss.half else 2.0 * c, da)
        return [(loss.gradient, a.T, y.T, c, da.T)]

    def _difference(self, a: Array, y: Array, factor: float, out: Array) -> Calls:
        """(a − y) · factor into ``out``; nothing is multiplied by 1, which would change nothing."""
        if factor == 1.0:
            return [(np.subtract, a, y, out)]
        # Not in place: for one single element NumPy takes four times as long over that.
        between = self._scratch(self.network.depth - 1)[:-1]
        return [(np.subtract, a, y, between), (np.multiply, between, scalar(factor, a), out)]

    def _blame_calls(self, layer: int) -> Calls:
        """∂C/∂a of a layer from the δ of the layers it feeds."""
        net, da = self.network, self._da_and_one[layer]
        calls: Calls = []
        for place, c in enumerate(net.outgoing[layer]):
            w, with_one = self._weights(self.theta, c)
            out = da if place == 0 else self._scratch(layer)
            if not with_one:
                out = out[:-1]
            delta = self._delta[net.spec.connections[c].target]
            calls.extend(net.kinds[c].blames(w, delta, out))
            if place:
                calls.append((np.add, da[:-1], out[: len(da) - 1], da[:-1]))
        return calls


def _stretch(sizes: Sequence[int], n: int, dtype: np.dtype[Any]) -> tuple[Array, list[Array]]:
    """Ones as one vector, and seen as a matrix (size + 1, n) for each layer, behind each other."""
    flat, rows, at = np.ones(sum(size + 1 for size in sizes) * n, dtype), [], 0
    for size in sizes:
        rows.append(flat[at : at + (size + 1) * n].reshape(size + 1, n))
        at += (size + 1) * n
    return flat, rows


def _made(parts: Iterable[Part], x: Array, y: Array) -> Calls:
    """The calls of the parts for a batch."""
    calls: Calls = []
    for part in parts:
        calls.extend(part(x, y) if callable(part) else part)
    return calls


def _gradients(
    kind: Callable[[Array, Array, Array], Calls], delta: Array, out: Array
) -> Callable[[Array], Calls]:
    return lambda x: kind(x, delta, out)


def _share(bias: Array) -> None:
    """One parameter kept as equal entries: each gets the gradient of the one."""
    bias.fill(np.add.reduce(bias))
