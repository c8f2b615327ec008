"""How quantities are written: the program's own notation, Nielsen's, numbered weights, and as in code.

A notation changes labels and nothing else. All of them follow :class:`nnsim.core.explain.names.Names`,
so that formulas, tables and the canvas write the same quantity the same way.

=============  ===================================================================================
``nnsim``      h₁, o₁; the weight to h₁ from x₂ is w h₁←x₂
``nielsen``    layers counted from 1, the input: w³₁₂ to neuron 1 of layer 3 from neuron 2 of the layer
               before, z³₁, a³₁, δ³₁ (M. Nielsen, "Neural Networks and Deep Learning", chapter 2)
``numbered``   w₁, w₂ … and b₁, b₂ … counted over the network, by target and then by source; z is
               "net" and a is "out" (as M. Mazur's step-by-step example has it); inputs i₁, i₂
``code``       W1[0, 1], b1[0], z1[0], a1[0], d1[0]: arrays by layer, counted from 0
=============  ===================================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nnsim.core.explain.expression import Call, Fraction, Node, Role, Symbol
from nnsim.core.explain.quantity import Quantity
from nnsim.core.registry import Entry, Registry
from nnsim.model.project import Project, neuron_name, subscript

_SUPERSCRIPTS = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")
_OF_BATCH = {"loss": "C", "penalty": "R", "rate": "η"}
_BY_NEURON = {"x", "z", "a", "y", "blame", "slope", "delta"}


@dataclass(frozen=True, slots=True)
class Written:
    """A name with its marks: ``Written("w", "12", "3")`` is w³₁₂."""

    name: str
    sub: str = ""
    sup: str = ""

    def text(self, front: str = "") -> str:
        """On one line. Digits become small; what has none is set beside the name."""
        small = self.sub.replace(",", "").isdigit()
        sub = self.sub.translate(_SMALL) if small else f" {self.sub}" if self.sub else ""
        return f"{front}{self.name}{self.sup.translate(_SUPERSCRIPTS)}{sub}"


_SMALL = str.maketrans("0123456789,", "₀₁₂₃₄₅₆₇₈₉‚")


class DocumentNames:
    """The names of one document's quantities; here the program's own notation. Follows ``Names``.

    ``sum_letter``, ``activation_letter`` … stand for the quantity in words and table heads.
    """

    sum_letter = "z"
    activation_letter = "a"
    weight_letter = "w"
    bias_letter = "b"
    delta_letter = "δ"
    target_letter = "y"

    def __init__(self, project: Project) -> None:
        self._project = project
        self._index = {layer.id: i for i, layer in enumerate(project.layers)}
        self._sources = tuple(self._index[c.source] for c in project.connections)

    @property
    def project(self) -> Project:
        """The document named."""
        return self._project

    # -- for labels --------------------------------------------------------------------------------

    def neuron(self, layer: int, neuron: int) -> str:
        """The name of a neuron."""
        return neuron_name(self._project, self._project.layers[layer].id, neuron)

    def neuron_of(self, layer_id: str, neuron: int) -> str:
        """The same by the layer's id. Raises ``KeyError``."""
        return self.neuron(self._index[layer_id], neuron)

    def weight(self, connection_id: str, target: int, source: int) -> str:
        """A weight, beside the word: "h₁ ← x₂", "w₅"."""
        return self._weight_words(self._weight_of(connection_id, target, source))

    def weight_label(self, connection_id: str, target: int, source: int) -> str:
        """A weight by itself: "w h₁ ← x₂", "w₅"."""
        return self._weight_label(self._weight_of(connection_id, target, source))

    def delta(self, layer_id: str, neuron: int) -> str:
        """δ of a neuron: "δ of h₁", "δ²₁"."""
        return f"δ of {self.neuron_of(layer_id, neuron)}"

    def activation(self, layer_id: str, neuron: int) -> str:
        """a of a neuron: "a of h₁", "out h₁", "a²₁"."""
        return f"{self.activation_letter} of {self.neuron_of(layer_id, neuron)}"

    def _weight_of(self, connection_id: str, target: int, source: int) -> Quantity:
        for index, c in enumerate(self._project.connections):
            if c.id == connection_id:
                return Quantity("weight", self._index[c.target], target, index, source)
        raise KeyError(connection_id)

    def _weight_words(self, q: Quantity) -> str:
        return self.parameter(q).sub.replace("←", " ← ")

    def _weight_label(self, q: Quantity) -> str:
        return f"w {self._weight_words(q)}"

    # -- Names --------------------------------------------------------------------------------------

    def symbol(self, q: Quantity) -> Node:
        if q.kind in _OF_BATCH:
            return Symbol(self.of_batch(q.kind), quantity=q)
        if q.of_parameter:
            return self._parameter_symbol(q)
        if q.kind not in _BY_NEURON:
            raise ValueError(f"there is no kind of quantity called {q.kind}")
        if q.kind == "slope":
            return Call("f′", (self.symbol(q.of("z")),), q)
        if q.kind == "blame":
            return _derivative(self.of_neuron("a", *_at(q)), q)
        role = Role.FOCUS if q.kind == "delta" else Role.PLAIN
        return _symbol(self.of_neuron(q.kind, *_at(q)), q, role)

    def _parameter_symbol(self, q: Quantity) -> Node:
        w = self.parameter(q)
        # At the foot of a letter a comma is easier to read than an arrow.
        w = Written(w.name, w.sub.replace("←", ","), w.sup)
        if q.kind in ("weight_gradient", "bias_gradient"):
            return _derivative(w, q)
        name = {"state": q.slot, "total_gradient": "g"}.get(q.kind, w.name)
        return _symbol(Written(name, w.sub, w.sup), q)

    def text(self, q: Quantity) -> str:
        if q.kind in _OF_BATCH:
            return self.of_batch(q.kind)
        if q.of_parameter:
            w = self.parameter(q)
            front = {"weight_gradient": "∂", "bias_gradient": "∂", "total_gradient": "g of "}.get(q.kind, "")
            return w.text(f"{q.slot} of " if q.kind == "state" else front)
        if q.kind not in _BY_NEURON:
            raise ValueError(f"there is no kind of quantity called {q.kind}")
        if q.kind == "slope":
            return self.slope_text(*_at(q))
        if q.kind == "blame":
            return self.of_neuron("a", *_at(q)).text("∂")
        return self.of_neuron(q.kind, *_at(q)).text()

    # -- what a notation decides ---------------------------------------------------------------------

    def of_batch(self, kind: str) -> str:
        """The loss, the penalty, the learning rate."""
        return _OF_BATCH[kind]

    def of_neuron(self, kind: str, layer: int, neuron: int) -> Written:
        """x, z, a, y or δ of a neuron."""
        name = self.neuron(layer, neuron)
        if kind == "x":
            return Written(name)
        return Written({"delta": "δ"}.get(kind, kind), name)

    def slope_text(self, layer: int, neuron: int) -> str:
        return f"f′ {self.neuron(layer, neuron)}"

    def parameter(self, q: Quantity) -> Written:
        """The weight or bias that ``q`` belongs to."""
        layer, neuron = _at(q)
        if q.of_weight:
            source = self._sources[q.connection or 0]
            foot = f"{self.neuron(layer, neuron)}←{self.neuron(source, q.source or 0)}"
            return Written("w", foot)
        if self.shared(layer):
            last = self._project.layers[layer].size - 1
            ends = self.neuron(layer, 0), self.neuron(layer, last)
            return Written("b", ends[0] if last == 0 else f"{ends[0]}…{ends[1]}")
        return Written("b", self.neuron(layer, neuron))

    def several_lead_to(self, layer: int) -> bool:
        """Whether more than one connection leads to the layer."""
        return sum(c.target == self._project.layers[layer].id for c in self._project.connections) > 1

    def shared(self, layer: int) -> bool:
        """Whether the layer's neurons share one bias."""
        return self._project.layers[layer].bias == "shared"


class NielsenNames(DocumentNames):
    """w^l_jk, b^l_j, z^l_j, a^l_j, δ^l_j. A neuron goes by its activation; inputs are a¹."""

    def neuron(self, layer: int, neuron: int) -> str:
        return self.of_neuron("a", layer, neuron).text()

    def delta(self, layer_id: str, neuron: int) -> str:
        return self.of_neuron("delta", self._index[layer_id], neuron).text()

    def activation(self, layer_id: str, neuron: int) -> str:
        return self.neuron_of(layer_id, neuron)

    def _weight_words(self, q: Quantity) -> str:
        return self.parameter(q).text()

    def _weight_label(self, q: Quantity) -> str:
        return self.parameter(q).text()

    def of_neuron(self, kind: str, layer: int, neuron: int) -> Written:
        if kind == "y":
            return Written("y", str(neuron + 1))
        letter = {"x": "a", "delta": "δ"}.get(kind, kind)
        return Written(letter, str(neuron + 1), str(layer + 1))

    def slope_text(self, layer: int, neuron: int) -> str:
        return f"f′({self.of_neuron('z', layer, neuron).text()})"

    def parameter(self, q: Quantity) -> Written:
        layer, neuron = _at(q)
        if not q.of_weight:
            return Written("b", "" if self.shared(layer) else str(neuron + 1), str(layer + 1))
        source = q.source or 0
        # Two numbers of one digit each need no comma to be told apart.
        comma = "," if neuron >= 9 or source >= 9 else ""
        # Where several connections lead to a layer, the layer that one comes from is told too.
        of = f"({self._sources[q.connection or 0] + 1})" if self.several_lead_to(layer) else ""
        return Written("w", f"{neuron + 1}{comma}{source + 1}", f"{layer + 1}{of}")


class NumberedNames(DocumentNames):
    """w₁, w₂ … and b₁, b₂ … over the whole network; net and out; i, h and o for the neurons."""

    sum_letter = "net"
    activation_letter = "out"
    target_letter = "target"

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        hidden = biases = weights = 0
        self._hidden: dict[int, int] = {}  # hidden neurons before the layer
        self._biases: dict[int, int] = {}
        self._weights: dict[int, int] = {}  # weights before the connection
        for index, layer in enumerate(project.layers):
            for c, connection in enumerate(project.connections):
                if connection.target == layer.id:
                    self._weights[c] = weights
                    weights += layer.size * project.layers[self._sources[c]].size
            self._biases[index], self._hidden[index] = biases, hidden
            if index:
                biases += {"none": 0, "shared": 1}.get(layer.bias, layer.size)
                hidden += layer.size

    def neuron(self, layer: int, neuron: int) -> str:
        if layer == 0:
            return f"i{subscript(neuron + 1)}"
        if layer == len(self._project.layers) - 1:
            return f"o{subscript(neuron + 1)}"
        return f"h{subscript(self._hidden[layer] + neuron + 1)}"

    def activation(self, layer_id: str, neuron: int) -> str:
        layer = self._index[layer_id]
        return self.of_neuron("a", layer, neuron).text()

    def _weight_words(self, q: Quantity) -> str:
        return self.parameter(q).text()

    def _weight_label(self, q: Quantity) -> str:
        return self.parameter(q).text()

    def of_neuron(self, kind: str, layer: int, neuron: int) -> Written:
        name = self.neuron(layer, neuron)
        if kind == "x" or (kind == "a" and layer == 0):
            return Written(name)
        words = {"z": "net", "a": "out", "y": "target", "delta": "δ"}
        return Written(words[kind], name)

    def parameter(self, q: Quantity) -> Written:
        layer, neuron = _at(q)
        if not q.of_weight:
            return Written("b", str(self._biases[layer] + (0 if self.shared(layer) else neuron) + 1))
        c = q.connection or 0
        width = self._project.layers[self._sources[c]].size
        return Written("w", str(self._weights[c] + neuron * width + (q.source or 0) + 1))


class CodeNames(DocumentNames):
    """Arrays by layer, as one would write them with NumPy. The input is x, layers count from 1."""

    weight_letter = "W"
    delta_letter = "d"

    def neuron(self, layer: int, neuron: int) -> str:
        return self.of_neuron("a", layer, neuron).name

    def delta(self, layer_id: str, neuron: int) -> str:
        return self.of_neuron("delta", self._index[layer_id], neuron).name

    def activation(self, layer_id: str, neuron: int) -> str:
        return self.neuron_of(layer_id, neuron)

    def _weight_words(self, q: Quantity) -> str:
        return self.parameter(q).name

    def _weight_label(self, q: Quantity) -> str:
        return self.parameter(q).name

    def symbol(self, q: Quantity) -> Node:
        if q.of_parameter or q.kind in ("blame", "slope"):
            return Symbol(self.text(q), quantity=q)
        return super().symbol(q)

    def text(self, q: Quantity) -> str:
        if q.kind == "state":
            return f"{q.slot}_{self.parameter(q).name}"
        if q.of_parameter:
            front = {"weight_gradient": "d", "bias_gradient": "d", "total_gradient": "g"}.get(q.kind, "")
            return f"{front}{self.parameter(q).name}"
        if q.kind == "blame":
            return f"d{self.of_neuron('a', *_at(q)).name}"
        return super().text(q)

    def of_batch(self, kind: str) -> str:
        return {"loss": "C", "penalty": "R", "rate": "lr"}[kind]

    def of_neuron(self, kind: str, layer: int, neuron: int) -> Written:
        if kind == "y" or layer == 0:
            return Written(f"{'y' if kind == 'y' else 'x'}[{neuron}]")
        return Written(f"{'d' if kind == 'delta' else kind}{layer}[{neuron}]")

    def slope_text(self, layer: int, neuron: int) -> str:
        return f"df({self.of_neuron('z', layer, neuron).name})"

    def parameter(self, q: Quantity) -> Written:
        layer, neuron = _at(q)
        if not q.of_weight:
            return Written(f"b{layer}" if self.shared(layer) else f"b{layer}[{neuron}]")
        # Where several connections lead to a layer each has a matrix of its own: W3_1 comes from layer 1.
        of = f"_{self._sources[q.connection or 0]}" if self.several_lead_to(layer) else ""
        return Written(f"W{layer}{of}[{neuron}, {q.source or 0}]")


def _at(q: Quantity) -> tuple[int, int]:
    if q.layer is None or q.neuron is None:
        raise ValueError(f"{q.kind} needs a layer and a neuron")
    return q.layer, q.neuron


def _symbol(w: Written, q: Quantity, role: Role = Role.PLAIN) -> Symbol:
    return Symbol(w.name, sub=w.sub, sup=w.sup, quantity=q, role=role)


def _derivative(bottom: Written, q: Quantity) -> Fraction:
    """∂C over ∂ of something."""
    below = Symbol(f"∂{bottom.name}", sub=bottom.sub, sup=bottom.sup, quantity=q)
    return Fraction(Symbol("∂C", quantity=q), below)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation(Entry):
    """``make(project)`` gives the names of a document's quantities; ``formula`` is a taste of it."""

    make: Callable[[Project], DocumentNames]


DEFAULT_NOTATION = "nnsim"
NOTATIONS: Registry[Notation] = Registry(
    "notation",
    (
        Notation(
            key="nnsim", label="h₁, o₁, w h₁←x₂", help="Neurons have names, weights name both their ends.",
            formula="z h₁ = Σ w·a + b", make=DocumentNames,
        ),
        Notation(
            key="nielsen", label="Nielsen: w²₁₂, z²₁, a²₁, δ²₁",
            help="Layers counted from 1 above, neurons below; weights to j from k.",
            formula="z²₁ = Σ w²₁ₖ·a¹ₖ + b²₁", make=NielsenNames,
        ),
        Notation(
            key="numbered", label="Numbered: w₁ … w₈, net, out",
            help="Weights and biases counted over the network; net and out for z and a.",
            formula="net h₁ = w₁·i₁ + w₂·i₂ + b₁", make=NumberedNames,
        ),
        Notation(
            key="code", label="As in code: W1[0, 1], z1[0], a1[0]",
            help="Arrays by layer, counted from 0.", formula="z1 = W1 @ x + b1", make=CodeNames,
        ),
    ),
)  # fmt: skip


def names_for(project: Project, key: str) -> DocumentNames:
    """The names of ``project``'s quantities in the notation ``key``. Raises ``UnknownNameError``."""
    return NOTATIONS[key].make(project)
