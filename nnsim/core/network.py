"""The shape of a network, and where each of its parameters lies in one flat vector.

All parameters of a network live in one vector θ; a layer's weights and biases are views of it. So
an optimizer is a few operations on vectors, and a checkpoint is one copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Literal

import numpy as np

from nnsim.core.activations import ACTIVATIONS, Activation
from nnsim.core.arrays import Array
from nnsim.core.connections import CONNECTIONS, ConnectionKind
from nnsim.core.losses import LOSSES, Loss

BiasKind = Literal["each", "shared", "none"]


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """``bias``: one for each neuron, one shared by the layer (kept as equal entries), or none."""

    size: int
    activation: str = "linear"
    options: Mapping[str, float] = field(default_factory=dict)
    bias: BiasKind = "each"


@dataclass(frozen=True, slots=True)
class ConnectionSpec:
    """From layer ``source`` to layer ``target`` (indices). Only delay 0 is computed so far."""

    source: int
    target: int
    kind: str = "dense"
    delay: int = 0


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """Layers in computing order, the input first, and what connects them."""

    layers: tuple[LayerSpec, ...]
    connections: tuple[ConnectionSpec, ...]
    loss: str = "mse_half"
    l1: float = 0.0
    l2: float = 0.0

    @staticmethod
    def chain(
        sizes: tuple[int, ...], activations: tuple[str, ...], loss: str = "mse_half",
        l1: float = 0.0, l2: float = 0.0,
    ) -> NetworkSpec:  # fmt: skip
        """A plain stack of dense layers. ``activations`` has one name for each layer after the input."""
        layers = (LayerSpec(sizes[0]),) + tuple(
            LayerSpec(n, act) for n, act in zip(sizes[1:], activations, strict=True)
        )
        joins = tuple(ConnectionSpec(i, i + 1) for i in range(len(sizes) - 1))
        return NetworkSpec(layers, joins, loss, l1, l2)


@dataclass(frozen=True, slots=True)
class Block:
    """A contiguous part of θ and the shape it is seen in."""

    start: int
    stop: int
    shape: tuple[int, ...]

    def view(self, flat: Array) -> Array:
        """This part of ``flat``, sharing its memory."""
        return flat[self.start : self.stop].reshape(self.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where parameters lie: ``weights`` by connection, ``biases`` by layer (``None`` if it has none)."""

    weights: tuple[Block, ...]
    biases: tuple[Block | None, ...]
    size: int

    def is_weight(self) -> Array:
        """1.0 for every weight and 0.0 for every bias, in θ's order."""
        mask = np.zeros(self.size)
        for block in self.weights:
            mask[block.start : block.stop] = 1.0
        return mask


class Views:
    """A flat vector seen as weights (by connection) and biases (by layer)."""

    __slots__ = ("biases", "flat", "weights")

    def __init__(self, layout: Layout, flat: Array) -> None:
        self.flat = flat
        self.weights: tuple[Array, ...] = tuple(b.view(flat) for b in layout.weights)
        self.biases: tuple[Array | None, ...] = tuple(
            None if b is None else b.view(flat) for b in layout.biases
        )


class Network:
    """A spec with its names resolved: layout, activations, loss, who feeds whom. Holds no numbers.

    Raises ``UnknownNameError`` for a name no registry has, ``ValueError`` for a shape that cannot
    be computed.
    """

    def __init__(self, spec: NetworkSpec) -> None:
        if len(spec.layers) < 2:
            raise ValueError("a network needs an input and an output layer")
        self.spec = spec
        self.depth = len(spec.layers)
        self.sizes: tuple[int, ...] = tuple(layer.size for layer in spec.layers)
        self.activations: tuple[Activation, ...] = tuple(ACTIVATIONS[la.activation] for la in spec.layers)
        self.options: tuple[dict[str, float], ...] = tuple(
            act.numbers(layer.options) for act, layer in zip(self.activations, spec.layers, strict=True)
        )
        self.kinds: tuple[ConnectionKind, ...] = tuple(CONNECTIONS[c.kind] for c in spec.connections)
        self.loss: Loss = LOSSES[spec.loss]
        self.fused: bool = self.loss.fused_with(self.activations[-1].key)
        self.incoming: tuple[tuple[int, ...], ...] = self._by_layer("target")
        self.outgoing: tuple[tuple[int, ...], ...] = self._by_layer("source")
        self._check()
        self.layout = self._lay_out()

    def _by_layer(self, end: str) -> tuple[tuple[int, ...], ...]:
        return tuple(
            tuple(i for i, c in enumerate(self.spec.connections) if getattr(c, end) == layer)
            for layer in range(self.depth)
        )

    def _check(self) -> None:
        for c in self.spec.connections:
            if c.delay != 0:
                raise ValueError("delayed connections are not computed yet")
            if not 0 <= c.source < c.target < self.depth:
                raise ValueError("a connection must lead from an earlier layer to a later one")
        for index in range(1, self.depth):
            if not self.incoming[index]:
                raise ValueError(f"nothing leads to layer {index}")
            if self.activations[index].vector and index != self.depth - 1:
                raise ValueError("softmax is only for the output layer")

    def _lay_out(self) -> Layout:
        at = 0
        weights: list[Block] = []
        biases: list[Block | None] = [None] * self.depth
        for index in range(1, self.depth):
            # A connection's place follows its target, so θ reads in computing order.
            for c in self.incoming[index]:
                conn = self.spec.connections[c]
                shape = self.kinds[c].weight_shape(self.sizes[conn.source], self.sizes[conn.target])
                weights.append(Block(at, at + prod(shape), shape))
                at += prod(shape)
            if self.spec.layers[index].bias != "none":
                biases[index] = Block(at, at + self.sizes[index], (self.sizes[index],))
                at += self.sizes[index]
        order = [c for index in range(1, self.depth) for c in self.incoming[index]]
        by_connection = dict(zip(order, weights, strict=True))
        return Layout(tuple(by_connection[i] for i in range(len(order))), tuple(biases), at)

    def scale(self, n: int) -> float:
        """The loss's factor in front of the sum for a batch of n."""
        return self.loss.scale(max(n, 1), self.sizes[-1])

    def parameters(self) -> Iterator[tuple[str, int, int, Block]]:
        """("weight" | "bias", connection or layer index, target layer, block) in θ's order."""
        for index in range(1, self.depth):
            for c in self.incoming[index]:
                yield "weight", c, index, self.layout.weights[c]
            block = self.layout.biases[index]
            if block is not None:
                yield "bias", index, index, block
