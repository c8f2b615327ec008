"""The numbers of one pass: buffers for a batch size, and the arithmetic on them, layer by layer.

Buffers are made once and written in place, and every operation on them is prepared once. Stepping,
running and inspecting perform the same operations, which is why they give the same bytes.

Inside, numbers lie by feature: z of a layer is (size, n), and activations carry a last row of ones,
so that weights and bias together are one matrix [W|b], and a weighted sum, like the gradient of
both, is one product. Outside, everything is seen by sample, (n, size).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.network import Network, Views
from nnsim.core.ops import Operation, Operations, perform, scalar


class Workspace:
    """Buffers for batches of exactly ``n`` samples, bound to parameters θ and a gradient vector.

    :meth:`bind` a batch before a pass. ``z[l]``, ``a[l]``, ``da[l]`` = ∂C/∂a and ``delta[l]`` = ∂C/∂z
    are (n, size of layer l), ``y`` the targets (n, outputs); C is the whole loss of the batch, its
    1/n included. ``da`` of the output layer is not computed where the loss is fused with the
    activation (see :mod:`nnsim.core.losses`).

    ``program`` is the forward and the backward pass in one list, for running them without a stop.
    """

    def __init__(self, network: Network, theta: Views, grad: Views, n: int) -> None:
        self.network, self.theta, self.grad, self.n = network, theta, grad, n
        self.scale = network.scale(n)
        sizes = network.sizes
        self._a_and_one = [np.ones((size + 1, n)) for size in sizes]
        self._z = [np.zeros((size, n)) for size in sizes]
        # ∂C/∂a has a row for the ones too: leaving it out would make every product a strided one.
        self._da_and_one = [np.zeros((size + 1, n)) for size in sizes]
        self._delta = [np.zeros((size, n)) for size in sizes]
        self._tmp = [np.zeros((size + 1, n)) for size in sizes]
        self._y = np.zeros((sizes[-1], n))
        self._input = self._a_and_one[0]
        self.a: list[Array] = [a[:-1].T for a in self._a_and_one]
        self.z: list[Array] = [z.T for z in self._z]
        self.da: list[Array] = [d[:-1].T for d in self._da_and_one]
        self.delta: list[Array] = [d.T for d in self._delta]
        self.y: Array = self._y.T
        self.program: Operations = []
        self._ranges: dict[tuple[str, int], slice] = {}
        # Operations that read the batch itself, by place, and how to make them for another batch.
        self._readers: list[tuple[int, Callable[[Array, Array], Operations]]] = []
        self._bound: dict[Hashable, tuple[Array, Array, list[tuple[int, Operation]]]] = {}
        for layer in range(1, network.depth):
            self._ranges["forward", layer] = self._append(self._forward_parts(layer))
        for layer in range(network.depth - 1, 0, -1):
            self._ranges["backward", layer] = self._append(self._backward_parts(layer))
        self._input_blame = self._blame_parts(0)

    # -- the batch --------------------------------------------------------------------------------

    def bind(self, x: Array, y: Array) -> None:
        """Take a batch: copies of x (n, inputs) and of y (n, outputs)."""
        self._input[:-1] = x.T
        self._point(*self._prepare(self._input, np.ascontiguousarray(y.T)))

    def bind_rows(self, x_and_one: Array, y: Array, key: Hashable) -> None:
        """Take a batch without copying: x (n, inputs + 1), its last column ones, and y (n, outputs).

        The same ``key`` always means the same two arrays (their contents may change).
        """
        bound = self._bound.get(key)
        if bound is None:
            if len(self._bound) >= 4096:  # many small batches: what is prepared must stay bounded
                self._bound.clear()
            bound = self._bound[key] = self._prepare(x_and_one.T, y.T)
        self._point(*bound)

    def _prepare(self, x: Array, y: Array) -> tuple[Array, Array, list[tuple[int, Operation]]]:
        found: list[tuple[int, Operation]] = []
        for place, make in self._readers:
            found.extend((place + i, operation) for i, operation in enumerate(make(x, y)))
        return x, y, found

    def _point(self, x: Array, y: Array, readers: list[tuple[int, Operation]]) -> None:
        self._a_and_one[0], self._y = x, y
        self.a[0], self.y = x[:-1].T, y.T
        program = self.program
        for place, operation in readers:
            program[place] = operation

    # -- passes -----------------------------------------------------------------------------------

    def forward(self, layer: int) -> None:
        """z and a of one layer, from the activations of the layers that feed it."""
        perform(self.program[self._ranges["forward", layer]])

    def loss(self) -> float:
        """The data loss of the batch."""
        net = self.network
        return net.loss.value(self.z[-1], self.a[-1], self.y, net.activations[-1].key)

    def backward(self, layer: int) -> None:
        """∂C/∂a, δ, and the gradients of everything that leads into ``layer``."""
        perform(self.program[self._ranges["backward", layer]])

    def blame_inputs(self) -> None:
        """∂C/∂x into ``da[0]``, after the backward pass."""
        perform(self._input_blame)

    # -- preparation ------------------------------------------------------------------------------

    def _append(self, parts: list[Operations | Callable[[Array, Array], Operations]]) -> slice:
        """Put operations at the end of the program; a callable makes those that read the batch."""
        start = len(self.program)
        for part in parts:
            if callable(part):
                self._readers.append((len(self.program), part))
                part = part(self._input, self._y)
            self.program.extend(part)
        return slice(start, len(self.program))

    def _forward_parts(self, layer: int) -> list[Operations | Callable[[Array, Array], Operations]]:
        net, z = self.network, self._z[layer]
        parts: list[Operations | Callable[[Array, Array], Operations]] = []
        for place, c in enumerate(net.incoming[layer]):
            out = z if place == 0 else self._tmp[layer][:-1]
            w, with_one = self._weights(self.theta, c)
            parts.append(self._reading(net.spec.connections[c].source, with_one, net.kinds[c].sums, w, out))
            if place:
                parts.append([(np.add, (z, out, z))])
        bias = self.theta.biases[layer]
        if bias is not None and not net.layout.joined_bias[layer]:
            parts.append([(np.add, (z, bias[:, np.newaxis], z))])
        a = self._a_and_one[layer][:-1]
        parts.append(net.activations[layer].forward_operations(z, a, net.options[layer]))
        return parts

    def _reading(
        self, source: int, with_one: bool, kind: Callable[[Array, Array, Array], Operations],
        w: Array, out: Array,
    ) -> Operations | Callable[[Array, Array], Operations]:  # fmt: skip
        """The operations of ``kind`` on the source layer's activations."""
        if source == 0:
            return lambda x, y: kind(w, x if with_one else x[:-1], out)
        return kind(w, self._source(source, with_one), out)

    def _source(self, layer: int, with_one: bool) -> Array:
        rows = self._a_and_one[layer]
        return rows if with_one else rows[:-1]

    def _weights(self, views: Views, c: int) -> tuple[Array, bool]:
        """The weights of a connection, with the bias if it is joined."""
        joined = views.joined[c]
        return (views.weights[c], False) if joined is None else (joined, True)

    def _backward_parts(self, layer: int) -> list[Operations | Callable[[Array, Array], Operations]]:
        net, delta = self.network, self._delta[layer]
        parts: list[Operations | Callable[[Array, Array], Operations]] = []
        if layer == net.depth - 1:
            parts.append(self._output_blame)
        else:
            parts.append(self._blame_parts(layer))
        if not (layer == net.depth - 1 and net.fused):
            parts.append(
                net.activations[layer].delta_operations(
                    self._z[layer], self._a_and_one[layer][:-1], self._da_and_one[layer][:-1],
                    self._tmp[layer][:-1], delta, net.options[layer],
                )
            )  # fmt: skip
        for c in net.incoming[layer]:
            out, with_one = self._weights(self.grad, c)
            gradients = net.kinds[c].gradients
            source = net.spec.connections[c].source
            if source == 0:
                parts.append(_of_input(gradients, with_one, delta, out))
            else:
                parts.append(gradients(self._source(source, with_one), delta, out))
        bias = self.grad.biases[layer]
        if bias is not None:
            if not net.layout.joined_bias[layer]:
                parts.append([(np.add.reduce, (delta, 1, None, bias))])
            if net.spec.layers[layer].bias == "shared":
                parts.append([(_share, (bias,))])
        return parts

    def _output_blame(self, x: Array, y: Array) -> Operations:
        """∂C/∂a of the output layer, or at once δ where the loss is fused with the activation."""
        net, a, c = self.network, self._a_and_one[-1][:-1], self.scale
        loss = net.loss
        if net.fused and loss.family == "bce":
            return [(np.subtract, (a, y, self._delta[-1])), *_times(self._delta[-1], c)]
        if net.fused:
            return [(loss.fused_delta, (a.T, y.T, c, self._delta[-1].T))]
        da = self._da_and_one[-1][:-1]
        if loss.family == "squared":
            return [(np.subtract, (a, y, da)), *_times(da, c if loss.half else 2.0 * c)]
        return [(loss.gradient, (a.T, y.T, c, da.T))]

    def _blame_parts(self, layer: int) -> Operations:
        """∂C/∂a of a layer from the δ of the layers it feeds."""
        net, operations = self.network, []
        da = self._da_and_one[layer]
        for place, c in enumerate(net.outgoing[layer]):
            w, with_one = self._weights(self.theta, c)
            out = da if place == 0 else self._tmp[layer]
            if not with_one:
                out = out[:-1]
            delta = self._delta[net.spec.connections[c].target]
            operations.extend(net.kinds[c].blames(w, delta, out))
            if place:
                operations.append((np.add, (da[:-1], out[: len(da) - 1], da[:-1])))
        return operations


def _of_input(
    gradients: Callable[[Array, Array, Array], Operations], with_one: bool, delta: Array, out: Array
) -> Callable[[Array, Array], Operations]:
    return lambda x, y: gradients(x if with_one else x[:-1], delta, out)


def _times(values: Array, factor: float) -> Operations:
    """``values`` times ``factor`` in place; nothing for 1, which would change nothing."""
    return [] if factor == 1.0 else [(np.multiply, (values, scalar(factor), values))]


def _share(bias: Array) -> None:
    """One parameter kept as equal entries: each gets the gradient of the one."""
    bias.fill(np.add.reduce(bias))
