"""The shape of a network, and where each of its parameters lies in one flat vector.

All parameters of a network live in one vector θ; a layer's weights and biases are views of it. So
an optimizer is a few operations on vectors, and a checkpoint is one copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any, Literal

import numpy as np

from nnsim.core.activations import ACTIVATIONS, Activation
from nnsim.core.arrays import Array, IntArray
from nnsim.core.connections import CONNECTIONS, ConnectionKind
from nnsim.core.losses import LOSSES, Loss

# Weights and biases of a layer are one matrix [W|b] while that saves calls; where the time goes into
# the products themselves, rows of a whole number of cache lines are faster.
_MOST_JOINED = 1 << 18

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
    """A part of θ and the shape it is seen in.

    θ[start:stop], seen as rows of ``pitch`` numbers, of which the columns ``first`` up to ``last``
    belong to this block. Weights and biases that are joined are columns of the same rows.
    """

    start: int
    stop: int
    shape: tuple[int, ...]
    pitch: int
    first: int
    last: int

    def view(self, flat: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """This part of ``flat``, sharing its memory."""
        rows = flat[self.start : self.stop].reshape(-1, self.pitch)
        if self.first == 0 and self.last == self.pitch:
            return rows.reshape(self.shape)
        if len(self.shape) == 1:
            return rows[:, self.first]
        return rows[:, self.first : self.last]

    def positions(self) -> IntArray:
        """Where in θ each number of the block is, in the block's shape."""
        found: IntArray = self.view(np.arange(self.stop, dtype=np.intp))
        return found


def _whole(start: int, shape: tuple[int, ...]) -> Block:
    return Block(start, start + prod(shape), shape, prod(shape), 0, prod(shape))


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where parameters lie.

    ``weights`` by connection; ``biases`` by layer (``None`` if it has none). ``joined[c]`` is [W|b],
    (n_out, n_in + 1), where connection c carries its target's bias as a last column, else ``None``
    (very large layers, connections that skip a layer);
    ``joined_bias[l]`` says whether layer l's bias is carried so.
    """

    weights: tuple[Block, ...]
    biases: tuple[Block | None, ...]
    joined: tuple[Block | None, ...]
    joined_bias: tuple[bool, ...]
    size: int

    def is_weight(self) -> Array:
        """1.0 for every weight and 0.0 for every bias, in θ's order."""
        mask = np.zeros(self.size)
        for block in self.weights:
            block.view(mask)[...] = 1.0
        return mask


class Views:
    """A flat vector seen as weights and ``joined`` (by connection) and biases (by layer)."""

    __slots__ = ("biases", "flat", "joined", "weights")

    def __init__(self, layout: Layout, flat: Array) -> None:
        self.flat = flat
        self.weights: tuple[Array, ...] = tuple(b.view(flat) for b in layout.weights)
        self.biases: tuple[Array | None, ...] = tuple(_seen(b, flat) for b in layout.biases)
        self.joined: tuple[Array | None, ...] = tuple(_seen(b, flat) for b in layout.joined)


def _seen(block: Block | None, flat: Array) -> Array | None:
    return None if block is None else block.view(flat)


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
        weights: dict[int, Block] = {}
        joined: dict[int, Block] = {}
        biases: list[Block | None] = [None] * self.depth
        joined_bias = [False] * self.depth
        for index in range(1, self.depth):
            n_out, with_bias = self.sizes[index], self.spec.layers[index].bias != "none"
            # A connection's place follows its target, so θ reads in computing order.
            for place, c in enumerate(self.incoming[index]):
                n_in = self.sizes[self.spec.connections[c].source]
                shape = self.kinds[c].weight_shape(n_in, n_out)
                joins = self.kinds[c].joins_bias and n_in * n_out < _MOST_JOINED
                if place == 0 and with_bias and joins:
                    stop = at + n_out * (n_in + 1)
                    joined[c] = _whole(at, (n_out, n_in + 1))
                    weights[c] = Block(at, stop, shape, n_in + 1, 0, n_in)
                    biases[index] = Block(at, stop, (n_out,), n_in + 1, n_in, n_in + 1)
                    joined_bias[index] = True
                else:
                    weights[c] = _whole(at, shape)
                at = weights[c].stop
            if with_bias and not joined_bias[index]:
                biases[index] = _whole(at, (n_out,))
                at += n_out
        connections = range(len(self.spec.connections))
        return Layout(
            tuple(weights[c] for c in connections), tuple(biases),
            tuple(joined.get(c) for c in connections), tuple(joined_bias), at,
        )  # fmt: skip

    def scale(self, n: int) -> float:
        """The loss's factor in front of the sum for a batch of n."""
        return self.loss.scale(max(n, 1), self.sizes[-1])

    def parameters(self) -> Iterator[tuple[str, int, int, Block]]:
        """("weight" | "bias", connection or layer index, target layer, block), in computing order."""
        for index in range(1, self.depth):
            for c in self.incoming[index]:
                yield "weight", c, index, self.layout.weights[c]
            block = self.layout.biases[index]
            if block is not None:
                yield "bias", index, index, block
