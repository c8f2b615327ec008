"""What flows into one neuron, one row for each source: weight, value, gradient, frozen or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from nnsim.model.project import Connection, Project, neuron_name
from nnsim.ui.numbers import exact, shown
from nnsim.ui.panels.cells import EXACT, LABEL, LIT, LOCK, TOKEN, EditableNumbers
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.panels.reading import Reading, at
from nnsim.ui.selection import Selection

Index = QModelIndex | QPersistentModelIndex
GiveWeight = Callable[[Selection, float, "str | None"], "str | None"]
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class Column(IntEnum):
    """The table's columns."""

    FROM = 0
    WEIGHT = 1
    VALUE = 2
    GRADIENT = 3
    FROZEN = 4


_HEADS = {
    Column.FROM: ("from", "The neuron the value comes from"),
    Column.WEIGHT: ("weight", "w: what the value is multiplied by. Click a weight to change it."),
    Column.VALUE: ("· value", "a: the source's activation for the sample in view"),
    Column.GRADIENT: ("∂C/∂w", "δ · a: how the sample's loss changes with the weight"),
    Column.FROZEN: ("", "Frozen weights are left alone by training. Click a lock to change it."),
}


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows that come through one connection: ``first`` is the first row's number."""

    connection: Connection
    source_index: int
    first: int
    count: int


class IncomingModel(QAbstractTableModel, EditableNumbers):
    """Rows in the order of connections and sources; numbers are read from arrays when asked for.

    ``give`` is called with an edge and its new weight; it returns why it was refused, or ``None``.
    """

    def __init__(self, give: GiveWeight) -> None:
        super().__init__()
        self._give = give
        self._project: Project | None = None
        self._reading: Reading | None = None
        self._layer, self._neuron = "", -1
        self._parts: tuple[_Part, ...] = ()
        self._lit: Selection | None = None
        self._digits = 6

    # -- content ----------------------------------------------------------------------------------

    def show_neuron(self, project: Project, layer: str, neuron: int) -> None:
        """Show what leads to this neuron. Rows are made anew only if there are others."""
        parts, first = [], 0
        for c in project.incoming(layer):
            index = project.layer_index(c.source)
            count = project.layers[index].size
            parts.append(_Part(c, index, first, count))
            first += count
        same_rows = tuple(parts) == self._parts and (layer, neuron) == (self._layer, self._neuron)
        if not same_rows:
            self.beginResetModel()
        self._project, self._layer, self._neuron, self._parts = project, layer, neuron, tuple(parts)
        self._reading = None
        if not same_rows:
            self.endResetModel()

    def show_numbers(self, reading: Reading) -> None:
        """Show the numbers of this moment; rows and places stay."""
        self._reading = reading
        self._tell()

    def set_digits(self, digits: int) -> None:
        """How many decimals there is room for."""
        if digits != self._digits:
            self._digits = digits
            self._tell()

    def set_lit(self, edge: Selection | None) -> None:
        """The edge whose row stands out."""
        if edge != self._lit:
            self._lit = edge
            self._tell()

    def _tell(self) -> None:
        rows = self.rowCount()
        if rows:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, len(Column) - 1))

    def edge(self, row: int) -> Selection:
        """The edge of a row. Raises ``IndexError``."""
        part = self._part(row)
        return Selection.of_edge(part.connection.id, self._neuron, row - part.first)

    def source(self, row: int) -> Selection:
        """The neuron a row comes from."""
        part = self._part(row)
        return Selection.of_neuron(part.connection.source, row - part.first)

    def is_frozen(self, row: int) -> bool:
        """Whether the row's weight is left alone by training."""
        assert self._project is not None
        part = self._part(row)
        return bool(self._project.frozen.weights[part.connection.id][self._neuron, row - part.first])

    def _part(self, row: int) -> _Part:
        for part in self._parts:
            if part.first <= row < part.first + part.count:
                return part
        raise IndexError(row)

    def _number(self, row: int, column: int) -> float | None:
        reading, project = self._reading, self._project
        assert project is not None
        part = self._part(row)
        source = row - part.first
        if column == Column.WEIGHT:
            weights = (
                project.parameters.weights[part.connection.id]
                if reading is None
                else reading.weights(part.connection.id)
            )
            return float(weights[self._neuron, source])
        if reading is None:
            return None
        if column == Column.VALUE:
            return at(reading.a(part.source_index), source)
        return at(reading.weight_gradient(part.connection.id), self._neuron, source)

    def _name(self, row: int) -> str:
        assert self._project is not None
        part = self._part(row)
        return neuron_name(self._project, part.connection.source, row - part.first)

    def weight_name(self, row: int) -> str:
        """The weight as text: "w o₁ ← h₂"."""
        assert self._project is not None
        return f"w {neuron_name(self._project, self._layer, self._neuron)} ← {self._name(row)}"

    # -- Qt's side --------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else sum(part.count for part in self._parts)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == Column.WEIGHT else flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        text, help_text = _HEADS[Column(section)]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(help_text)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section == Column.FROM else _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if not index.isValid() or self._project is None:
            return None
        if role == LIT:
            return self.edge(row) == self._lit
        if role == LABEL:
            return self.weight_name(row)
        if column == Column.FROZEN:
            return self._frozen_data(row, role)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if column == Column.FROM else _RIGHT
        if column == Column.FROM:
            return self._name(row) if role in (Qt.ItemDataRole.DisplayRole, EXACT) else None
        if role == TOKEN:
            return "negative_text" if column == Column.GRADIENT else "ink"
        value = self._number(row, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(value, self._digits)
        if role == Qt.ItemDataRole.EditRole:
            return value
        if role == EXACT:
            return "" if value is None else exact(value)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(self._explain(row, column, value))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            what = {Column.WEIGHT: "weight", Column.VALUE: "value", Column.GRADIENT: "gradient"}[
                Column(column)
            ]
            return f"{what} from {self._name(row)}: {shown(value, self._digits)}"
        return None

    def _frozen_data(self, row: int, role: int) -> Any:
        frozen = self.is_frozen(row)
        if role == LOCK:
            return frozen
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.weight_name(row)}: {'frozen' if frozen else 'learns'}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(
                f"{self.weight_name(row)} {'is frozen' if frozen else 'learns'}. Click to change it."
            )
        return None

    def _explain(self, row: int, column: int, value: float | None) -> str:
        name = self._name(row)
        symbol = {Column.WEIGHT: self.weight_name(row), Column.VALUE: f"a of {name}"}.get(
            Column(column), f"∂C/∂w, from {name}"
        )
        if value is None:
            return f"{symbol} is not known yet."
        lines = [f"{symbol} = {exact(value)}"]
        source = self._number(row, Column.VALUE)
        if column == Column.WEIGHT and source is not None:
            lines.append(f"w · a = {shown(value, 6)} · {shown(source, 6)} = {shown(value * source, 6)}")
        return "\n".join(lines)

    def take(self, row: int, column: int, value: object, merge: str | None) -> str | None:
        """The user has given another weight."""
        assert isinstance(value, float)
        return self._give(self.edge(row), value, merge)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """For assistive technology, which edits without an editor."""
        if role != Qt.ItemDataRole.EditRole or index.column() != Column.WEIGHT:
            return False
        return self._give(self.edge(index.row()), float(value), None) is None
