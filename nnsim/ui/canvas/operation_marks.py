"""What the operation under way looks like on the canvas: a ring, lit edges, the terms on them. Free
of Qt; lengths and places are found by the items that paint it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nnsim.core.explain.numbers import StepNumbers
from nnsim.core.explain.quantity import Quantity
from nnsim.core.operations import Operation, OperationKind
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.model.compile import Compiled
from nnsim.ui.canvas.wording import chip_text, node_text
from nnsim.ui.numbers import short
from nnsim.ui.selection import NOTHING, Selection

Flow = Literal["forward", "back", ""]


@dataclass(frozen=True, slots=True)
class EdgeMark:
    """An edge of the operation. ``texts`` are what may be written on it, the longest first; ``above``
    the wire (values) or below it (gradients); ``flow`` is the way the numbers go along it."""

    edge: Selection
    texts: tuple[str, ...] = ()
    above: bool = True
    flow: Flow = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """``ring`` is the neuron that is worked on, ``note`` what is found out about it; ``under``: the
    note belongs under the neuron, where its bias is. ``updated`` are weights that are new already,
    ``loss``: the loss is worked on. ``done``: the operation changes a parameter."""

    ring: Selection = NOTHING
    note: str = ""
    under: bool = False
    edges: tuple[EdgeMark, ...] = ()
    loss: bool = False
    done: bool = False


NO_MARKS = Marks()


def marks_of(compiled: Compiled, numbers: StepNumbers, operation: Operation) -> Marks:
    """The marks of ``operation``, with the numbers of its step."""
    return _Marking(compiled, numbers).marks(operation)


class _Marking:
    def __init__(self, compiled: Compiled, numbers: StepNumbers) -> None:
        self._compiled, self._network, self._numbers = compiled, compiled.network, numbers

    def marks(self, o: Operation) -> Marks:
        match o.kind:
            case OperationKind.SUM:
                return Marks(self._neuron(o), f"z = {self._of_neuron('z', o)}", edges=self._terms_in(o))
            case OperationKind.ACTIVATION:
                return Marks(self._neuron(o))
            case OperationKind.LOSS | OperationKind.PENALTY:
                return Marks(loss=True)
            case OperationKind.BLAME:
                return Marks(self._neuron(o), f"∂C/∂a = {self._of_neuron('blame', o)}", edges=self._blames(o))
            case OperationKind.SLOPE:
                return Marks(self._neuron(o), f"f′ = {self._of_neuron('slope', o)}")
            case OperationKind.DELTA:
                edges = tuple(EdgeMark(edge, flow="back") for edge, _, _ in self._incoming(o))
                return Marks(self._neuron(o), f"← δ = {self._of_neuron('delta', o)}", edges=edges)
        return self._of_parameter(o)

    # -- parts ------------------------------------------------------------------------------------

    def _value(self, quantity: Quantity, after: bool = False) -> float:
        slots = OPTIMIZERS[self._compiled.task.optimizer].slot_names
        return self._numbers.value(self._network, quantity, slots, after)

    def _of_neuron(self, kind: str, o: Operation) -> str:
        return short(self._value(Quantity(kind, o.layer, o.neuron)))

    def _neuron(self, o: Operation) -> Selection:
        assert o.layer is not None
        assert o.neuron is not None
        return Selection.of_neuron(self._compiled.layer_ids[o.layer], o.neuron)

    def _edge(self, connection: int, target: int, source: int) -> Selection:
        return Selection.of_edge(self._compiled.connection_ids[connection], target, source)

    def _incoming(self, o: Operation) -> list[tuple[Selection, float, float]]:
        """(edge, its weight, the activation that comes along it) of all edges into a neuron."""
        assert o.layer is not None
        assert o.neuron is not None
        found = []
        for c in self._network.incoming[o.layer]:
            source = self._network.spec.connections[c].source
            for i in range(self._network.sizes[source]):
                w = self._value(Quantity("weight", o.layer, o.neuron, c, i))
                a = float(self._numbers.a[source][self._numbers.row, i])
                found.append((self._edge(c, o.neuron, i), w, a))
        return found

    def _terms_in(self, o: Operation) -> tuple[EdgeMark, ...]:
        """w·a on every edge that leads to a neuron."""
        return tuple(EdgeMark(e, _product(w, a), True, "forward") for e, w, a in self._incoming(o))

    def _blames(self, o: Operation) -> tuple[EdgeMark, ...]:
        """w·δ on every edge that leads from a neuron to those it feeds."""
        assert o.layer is not None
        assert o.neuron is not None
        found = []
        for c in self._network.outgoing[o.layer]:
            target = self._network.spec.connections[c].target
            for j in range(self._network.sizes[target]):
                w = self._value(Quantity("weight", target, j, c, o.neuron))
                delta = float(self._numbers.delta[target][self._numbers.row, j])
                found.append(EdgeMark(self._edge(c, j, o.neuron), _product(w, delta), False, "back"))
        return tuple(found)

    def _of_parameter(self, o: Operation) -> Marks:
        kind = "weight" if o.connection is not None else "bias"
        place = Quantity(kind, o.layer, o.neuron, o.connection, o.source)
        found = self._found(o, place)
        done = o.kind is OperationKind.UPDATE
        if o.connection is None or o.neuron is None or o.source is None:
            return Marks(self._neuron(o), found, under=True, done=done)
        texts: tuple[str, ...] = (found,)
        if o.kind is OperationKind.WEIGHT_GRADIENT and self._numbers.count == 1:
            source = self._network.spec.connections[o.connection].source
            a = float(self._numbers.a[source][self._numbers.row, o.source])
            delta = self._value(Quantity("delta", o.layer, o.neuron))
            texts = (f"{short(delta)}·{short(a)} = {self._short(place.of('weight_gradient'))}", found)
        flow: Flow = "back" if o.kind is OperationKind.WEIGHT_GRADIENT else ""
        edge = EdgeMark(self._edge(o.connection, o.neuron, o.source), texts, False, flow)
        return Marks(edges=(edge,), done=done)

    def _found(self, o: Operation, place: Quantity) -> str:
        """What the operation finds, in a few characters."""
        letter = "w" if o.connection is not None else "b"
        if o.kind is OperationKind.UPDATE:
            before, after = self._value(place), self._value(place, after=True)
            return f"{short(before)} → {short(after)}"
        if o.kind is OperationKind.STATE:
            return f"{o.slot} = {short(self._value(place.of('state', o.slot), after=True))}"
        if o.kind is OperationKind.REGULARISER:
            return f"g = {self._short(place.of('total_gradient'))}"
        return f"∂C/∂{letter} = {self._short(place.of(f'{place.kind}_gradient'))}"

    def _short(self, quantity: Quantity) -> str:
        return short(self._value(quantity))


def _product(weight: float, value: float) -> tuple[str, ...]:
    """A product with its factors, and alone where there is less room."""
    product = weight * value
    factor = f"({short(value)})" if value < 0.0 else short(value)
    return (
        f"{short(weight)}·{factor} = {short(product)}", node_text(product, 7), chip_text(product),
    )  # fmt: skip
