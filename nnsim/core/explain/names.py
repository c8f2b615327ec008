"""How quantities are written: as nodes for formulas, and as short texts for labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from nnsim.core.explain.expression import Call, Fraction, Node, Role, Symbol
from nnsim.core.explain.quantity import Quantity
from nnsim.core.network import Network

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Names(Protocol):
    """A notation. It changes labels only. Both raise ``ValueError`` for an unknown kind of quantity."""

    def symbol(self, q: Quantity) -> Node:
        """The quantity in a formula: a :class:`Symbol`, or a :class:`Fraction` for a derivative."""
        ...

    def text(self, q: Quantity) -> str:
        """A short label, without markup: "δ o₁", "∂w h₁←x₂", "z h₁"."""
        ...

    def neuron(self, layer: int, neuron: int) -> str:
        """The name of a neuron: "h₁"."""
        ...


class PlainNames:
    """The program's own notation: x₁, h₁, o₁; w with its target and source; δ, z, a of a neuron.

    ``neurons`` gives the names of the neurons by layer (see :func:`neuron_names`), which is where a
    document has its own.
    """

    def __init__(self, network: Network, neurons: Sequence[Sequence[str]] | None = None) -> None:
        self._network = network
        self._neurons = neuron_names(network) if neurons is None else neurons

    def neuron(self, layer: int, neuron: int) -> str:
        return self._neurons[layer][neuron]

    def parameter(self, q: Quantity, joint: str) -> str:
        """Where a weight (target, ``joint``, source) or bias is."""
        layer, neuron = _at(q)
        if q.of_weight:
            source = self._network.spec.connections[q.connection or 0].source
            return f"{self.neuron(layer, neuron)}{joint}{self.neuron(source, q.source or 0)}"
        if self._network.spec.layers[layer].bias == "shared":
            names = self._neurons[layer]
            return names[0] if len(names) == 1 else f"{names[0]}…{names[-1]}"
        return self.neuron(layer, neuron)

    def symbol(self, q: Quantity) -> Node:
        if q.of_parameter:
            return self._parameter_symbol(q)
        if q.kind in _OF_BATCH:
            return Symbol(_OF_BATCH[q.kind], quantity=q)
        layer, neuron = _at(q)
        name = self.neuron(layer, neuron)
        if q.kind == "x":
            return Symbol(name, quantity=q)
        if q.kind == "y":
            return Symbol("y", sub=name, quantity=q)
        if q.kind in ("z", "a"):
            return Symbol(q.kind, sub=name, quantity=q)
        if q.kind == "delta":
            return Symbol("δ", sub=name, quantity=q, role=Role.FOCUS)
        if q.kind == "blame":
            return _derivative(Symbol("∂a", sub=name, quantity=q), q)
        if q.kind == "slope":
            return Call("f′", (self.symbol(q.of("z")),), q)
        raise ValueError(f"there is no kind of quantity called {q.kind}")

    def _parameter_symbol(self, q: Quantity) -> Node:
        letter, foot = "w" if q.of_weight else "b", self.parameter(q, ",")
        if q.kind in ("weight", "bias"):
            return Symbol(letter, sub=foot, quantity=q)
        if q.kind == "state":
            return Symbol(q.slot, sub=foot, quantity=q)
        if q.kind == "total_gradient":
            return Symbol("g", sub=foot, quantity=q)
        return _derivative(Symbol(f"∂{letter}", sub=foot, quantity=q), q)

    def text(self, q: Quantity) -> str:
        if q.kind in _OF_BATCH:
            return _OF_BATCH[q.kind]
        if not q.of_parameter:
            if q.kind not in _SHORT:
                raise ValueError(f"there is no kind of quantity called {q.kind}")
            return f"{_SHORT[q.kind]} {self.neuron(*_at(q))}".lstrip()
        letter, foot = "w" if q.of_weight else "b", self.parameter(q, "←")
        if q.kind == "state":
            return f"{q.slot} of {letter} {foot}"
        front = {"weight_gradient": "∂", "bias_gradient": "∂", "total_gradient": "g of "}.get(q.kind, "")
        return f"{front}{letter} {foot}"


_OF_BATCH = {"loss": "C", "penalty": "R", "rate": "η"}
_SHORT = {"x": "", "z": "z", "a": "a", "y": "y", "blame": "∂a", "slope": "f′", "delta": "δ"}


def _at(q: Quantity) -> tuple[int, int]:
    if q.layer is None or q.neuron is None:
        raise ValueError(f"{q.kind} needs a layer and a neuron")
    return q.layer, q.neuron


def _derivative(bottom: Symbol, q: Quantity) -> Fraction:
    return Fraction(Symbol("∂C", quantity=q), bottom)


def subscript(number: int) -> str:
    """``12`` → ``₁₂``."""
    return str(number).translate(_SUBSCRIPTS)


def neuron_names(network: Network) -> list[list[str]]:
    """x₁ … for inputs, o₁ … for outputs, h₁ … in between; with several hidden layers h1₁, h2₁ …"""
    last = network.depth - 1
    letters = ["x", *("h" if last == 2 else f"h{layer}" for layer in range(1, last)), "o"]
    return [
        [f"{letter}{subscript(j + 1)}" for j in range(size)]
        for letter, size in zip(letters, network.sizes, strict=True)
    ]
