"""The numbers of one pass: buffers for a batch size, and the arithmetic on them, layer by layer.

Buffers are made once and written in place. Stepping, running and inspecting all call these same
methods, which is why they give the same bytes.
"""

from __future__ import annotations

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.network import Network, Views


class Workspace:
    """Buffers for batches of exactly ``n`` samples, bound to parameters θ and a gradient vector.

    ``a[0]`` is the batch (n, inputs) and ``y`` its targets (n, outputs): assign both before a pass.
    ``z[l]``, ``a[l]``, ``da[l]`` = ∂C/∂a, ``delta[l]`` = ∂C/∂z are (n, size of layer l); C is the
    whole loss of the batch, its 1/n included. ``da`` of the output layer is not computed where the
    loss is fused with the activation (see :mod:`nnsim.core.losses`).
    """

    def __init__(self, network: Network, theta: Views, grad: Views, n: int) -> None:
        self.network, self.theta, self.grad, self.n = network, theta, grad, n
        sizes = network.sizes
        self.a: list[Array] = [np.zeros((n, size)) for size in sizes]
        self.z: list[Array] = [np.zeros((n, size)) for size in sizes]
        self.da: list[Array] = [np.zeros((n, size)) for size in sizes]
        self.delta: list[Array] = [np.zeros((n, size)) for size in sizes]
        self.y: Array = np.zeros((n, sizes[-1]))
        self.scale = network.scale(n)
        self._slope: list[Array] = [np.zeros((n, size)) for size in sizes]
        self._tmp: list[Array] = [np.zeros((n, size)) for size in sizes]

    def forward(self, layer: int) -> None:
        """z and a of one layer, from the activations of the layers that feed it."""
        net, z = self.network, self.z[layer]
        first = True
        for c in net.incoming[layer]:
            source = net.spec.connections[c].source
            if first:
                net.kinds[c].forward(self.theta.weights[c], self.a[source], z)
                first = False
            else:
                net.kinds[c].forward(self.theta.weights[c], self.a[source], self._tmp[layer])
                np.add(z, self._tmp[layer], out=z)
        bias = self.theta.biases[layer]
        if bias is not None:
            np.add(z, bias, out=z)
        net.activations[layer].forward(z, self.a[layer], net.options[layer])

    def loss(self) -> float:
        """The data loss of the batch."""
        net = self.network
        return net.loss.value(self.z[-1], self.a[-1], self.y, net.activations[-1].key)

    def backward(self, layer: int) -> None:
        """∂C/∂a, δ, and the gradients of everything that leads into ``layer``."""
        self._blame(layer)
        self._gradients(layer)

    def _blame(self, layer: int) -> None:
        net, delta = self.network, self.delta[layer]
        if layer == net.depth - 1:
            if net.fused:
                net.loss.fused_delta(self.a[layer], self.y, self.scale, delta)
                return
            net.loss.gradient(self.a[layer], self.y, self.scale, self.da[layer])
        else:
            self.blame_inputs(layer)
        a, da = self.a[layer], self.da[layer]
        if net.activations[layer].vector:
            # Softmax: δ = a·(∂C/∂a − Σ ∂C/∂a·a), the product with its Jacobian.
            np.multiply(da, a, out=self._tmp[layer])
            total = np.add.reduce(self._tmp[layer], axis=-1, keepdims=True)
            np.subtract(da, total, out=delta)
            np.multiply(delta, a, out=delta)
            return
        net.activations[layer].slope(self.z[layer], a, self._slope[layer], net.options[layer])
        np.multiply(da, self._slope[layer], out=delta)

    def blame_inputs(self, layer: int) -> None:
        """∂C/∂a of ``layer`` from the δ of the layers it feeds (for layer 0: ∂C/∂x)."""
        net, da = self.network, self.da[layer]
        first = True
        for c in net.outgoing[layer]:
            target = net.spec.connections[c].target
            if first:
                net.kinds[c].backward_input(self.theta.weights[c], self.delta[target], da)
                first = False
            else:
                net.kinds[c].backward_input(self.theta.weights[c], self.delta[target], self._tmp[layer])
                np.add(da, self._tmp[layer], out=da)

    def _gradients(self, layer: int) -> None:
        net, delta = self.network, self.delta[layer]
        for c in net.incoming[layer]:
            source = net.spec.connections[c].source
            net.kinds[c].backward_weights(self.a[source], delta, self.grad.weights[c])
        bias = self.grad.biases[layer]
        if bias is not None:
            np.add.reduce(delta, axis=0, out=bias)
            if net.spec.layers[layer].bias == "shared":
                # One parameter kept as equal entries: each gets the gradient of the one.
                bias.fill(np.add.reduce(bias))
