"""What flows into one neuron, one row for each source: weight, value, gradient, frozen or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from PySide6.QtCore import QModelIndex

from nnsim.core.arrays import Array
from nnsim.model.notation import DocumentNames
from nnsim.model.project import Connection, Project
from nnsim.ui.numbers import exact, shown
from nnsim.ui.panels.cells import LEFT, Cell, CellModel, Index
from nnsim.ui.panels.reading import Reading
from nnsim.ui.selection import Selection

GiveWeight = Callable[[Selection, float, "str | None"], "str | None"]
_MOST_DECIMALS = 6


class Column(IntEnum):
    """The table's columns."""

    FROM = 0
    WEIGHT = 1
    VALUE = 2
    GRADIENT = 3
    FROZEN = 4


NUMBERS = (Column.WEIGHT, Column.VALUE, Column.GRADIENT)
_HEADS = {
    Column.FROM: ("from", "The neuron the value comes from"),
    Column.WEIGHT: ("weight", "w: what the value is multiplied by. Click a weight to change it."),
    Column.VALUE: ("· value", "a: the source's activation for the sample in view"),
    Column.GRADIENT: ("∂C/∂w", "δ · a: how the sample's loss changes with the weight"),
    Column.FROZEN: ("", "Frozen weights are left alone by training. Click a lock to change it."),
}
_TOKENS = {Column.WEIGHT: "ink", Column.VALUE: "ink", Column.GRADIENT: "negative_text"}


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows that come through one connection: ``first`` is the first row's number."""

    connection: Connection
    source_index: int
    first: int
    count: int


class IncomingModel(CellModel):
    """Rows in the order of connections and sources; numbers are read from arrays when asked for.

    ``give`` is called with an edge and its new weight; it returns why it was refused, or ``None``.
    """

    def __init__(self, give: GiveWeight) -> None:
        super().__init__()
        self._give = give
        self._project: Project | None = None
        self._names: DocumentNames | None = None
        self._reading: Reading | None = None
        self._layer, self._neuron = "", -1
        self._parts: tuple[_Part, ...] = ()
        self._numbers: dict[int, list[Array | None]] = {}  # by column: one row of each part
        self._lit: Selection | None = None
        self._letters = 8
        self._digits = dict.fromkeys(NUMBERS, _MOST_DECIMALS)

    # -- content ----------------------------------------------------------------------------------

    def show_neuron(self, project: Project, layer: str, neuron: int, names: DocumentNames) -> None:
        """Show what leads to this neuron, with these names. Rows are made anew only if there are others."""
        parts, first = [], 0
        for c in project.incoming(layer):
            index = project.layer_index(c.source)
            count = project.layers[index].size
            parts.append(_Part(c, index, first, count))
            first += count
        same_rows = tuple(parts) == self._parts and (layer, neuron) == (self._layer, self._neuron)
        # Another notation has names of another width.
        same_rows = same_rows and type(names) is type(self._names)
        if not same_rows:
            self.beginResetModel()
        self._project, self._names, self._layer, self._neuron = project, names, layer, neuron
        self._parts = tuple(parts)
        own = [project.parameters.weights[p.connection.id][neuron] for p in parts]
        self._numbers = {
            Column.WEIGHT: list(own),
            Column.VALUE: [None] * len(parts),
            Column.GRADIENT: [None] * len(parts),
        }
        if not same_rows:
            self.endResetModel()
        else:
            self.tell(Column.FROM, Column.FROZEN)

    def show_numbers(self, reading: Reading) -> None:
        """Show the numbers of this moment; rows and places stay."""
        weights: list[Array | None] = []
        values: list[Array | None] = []
        gradients: list[Array | None] = []
        for part in self._parts:
            weights.append(reading.weights(part.connection.id)[self._neuron])
            values.append(reading.a(part.source_index))
            gradient = reading.weight_gradient(part.connection.id)
            gradients.append(None if gradient is None else gradient[self._neuron])
        self._numbers = {Column.WEIGHT: weights, Column.VALUE: values, Column.GRADIENT: gradients}
        self._choose_digits()
        self.tell(Column.WEIGHT, Column.GRADIENT)

    def set_letters(self, letters: int) -> None:
        """How many letters of a number there is room for."""
        if letters != self._letters:
            self._letters = letters
            self._choose_digits()
            self.tell(Column.WEIGHT, Column.GRADIENT)

    def _choose_digits(self) -> None:
        """As many decimals as all numbers of a column have room for, so that their points align."""
        for column in NUMBERS:
            known = [v[np.isfinite(v)] for v in self._numbers.get(column, []) if v is not None]
            low = min((float(np.min(v, initial=0.0)) for v in known), default=0.0)
            largest = max(max((float(np.max(v, initial=0.0)) for v in known), default=0.0), -low)
            whole = len(str(int(largest))) if largest < 1e6 else 1
            room = self._letters - 1 - whole - (1 if low < 0.0 else 0)
            self._digits[column] = min(max(room, 1), _MOST_DECIMALS)

    def set_lit(self, edge: Selection | None) -> None:
        """The edge whose row stands out."""
        if edge != self._lit:
            self._lit = edge
            self.tell(Column.FROM, Column.FROZEN)

    # -- rows -------------------------------------------------------------------------------------

    def edge(self, row: int) -> Selection:
        """The edge of a row. Raises ``IndexError``."""
        part = self._parts[self._part(row)]
        return Selection.of_edge(part.connection.id, self._neuron, row - part.first)

    def source(self, row: int) -> Selection:
        """The neuron a row comes from."""
        part = self._parts[self._part(row)]
        return Selection.of_neuron(part.connection.source, row - part.first)

    def is_frozen(self, row: int) -> bool:
        """Whether the row's weight is left alone by training."""
        assert self._project is not None
        part = self._parts[self._part(row)]
        return bool(self._project.frozen.weights[part.connection.id][self._neuron, row - part.first])

    def _part(self, row: int) -> int:
        for index, part in enumerate(self._parts):
            if part.first <= row < part.first + part.count:
                return index
        raise IndexError(row)

    def _number(self, row: int, column: int) -> float | None:
        index = self._part(row)
        values = self._numbers[column][index]
        if values is None:
            return None
        value = float(values[row - self._parts[index].first])
        return None if np.isnan(value) else value

    def _name(self, row: int) -> str:
        assert self._names is not None
        part = self._parts[self._part(row)]
        return self._names.neuron_of(part.connection.source, row - part.first)

    def _value_name(self, row: int) -> str:
        assert self._names is not None
        part = self._parts[self._part(row)]
        return self._names.activation(part.connection.source, row - part.first)

    def weight_name(self, row: int) -> str:
        """The weight as text: "w o₁ ← h₂"."""
        assert self._names is not None
        edge = self.edge(row)
        return self._names.weight_label(edge.connection, edge.target, edge.source)

    # -- as a table of cells ----------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else sum(part.count for part in self._parts)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def head(self, column: int) -> tuple[str, str]:
        return _HEADS[Column(column)]

    def cell(self, row: int, column: int) -> Cell:
        lit = self._lit is not None and self.edge(row) == self._lit
        if column == Column.FROM:
            return Cell(self._name(row), align=LEFT, lit=lit)
        if column == Column.FROZEN:
            return Cell(lit=lit, lock=self.is_frozen(row))
        kind = Column(column)
        value = self._number(row, column)
        text = shown(value, self._digits[kind])
        return Cell(text, value, _TOKENS[kind], lit=lit, editable=kind is Column.WEIGHT)

    def label(self, row: int, column: int) -> str:
        if column == Column.FROZEN:
            return f"{self.weight_name(row)} {'is frozen' if self.is_frozen(row) else 'learns'}"
        name = self._name(row)
        known = {Column.WEIGHT: self.weight_name(row), Column.VALUE: self._value_name(row)}
        words = {Column.FROM: "from", **known}
        return words.get(Column(column), f"∂C/∂w, from {name}")

    def explain(self, row: int, column: int) -> str:
        label = self.label(row, column)
        if column == Column.FROM:
            return f"{self.weight_name(row)}: double-click to select it"
        if column == Column.FROZEN:
            return f"{label}. Click to change it."
        value, source = self._number(row, column), self._number(row, Column.VALUE)
        if value is None:
            return f"{label} is not known yet."
        lines = [f"{label} = {exact(value)}"]
        if column == Column.WEIGHT and source is not None:
            lines.append(f"w · a = {shown(value, 6)} · {shown(source, 6)} = {shown(value * source, 6)}")
        return "\n".join(lines)

    def take(self, row: int, column: int, value: float | str, merge: str | None) -> str | None:
        """The user has given another weight."""
        assert isinstance(value, float)
        return self._give(self.edge(row), value, merge)
