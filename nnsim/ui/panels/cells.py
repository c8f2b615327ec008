"""What a table of the panels is made of: cells that say how they look, and models of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from nnsim.ui.numbers import exact
from nnsim.ui.panels.plain import tool_tip

Index = QModelIndex | QPersistentModelIndex

EXACT = Qt.ItemDataRole.UserRole + 1  # what copying gives
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


@dataclass(slots=True)
class Cell:
    """``value`` is the number (or name) behind ``text``; ``token`` the colour of the text.

    ``lit``: the row stands out. ``lock``: a closed or open padlock. ``mark``: "train" or "test", a
    dot or a ring at the right end. ``choices``: the names one is chosen from, where it is no number.
    """

    text: str = ""
    value: float | str | None = None
    token: str = "ink"
    align: int = RIGHT
    lit: bool = False
    lock: bool | None = None
    mark: str = ""
    editable: bool = False
    choices: tuple[str, ...] = ()

    @property
    def exact(self) -> str:
        """The text with every digit."""
        if isinstance(self.value, float):
            return exact(self.value)
        return self.text if self.value is None else self.value


class CellModel(QAbstractTableModel):
    """A model that gives :class:`Cell` values. The delegate asks for them directly: one call a cell
    instead of one for each role."""

    def cell(self, row: int, column: int) -> Cell:
        """How a cell looks. Row and column exist."""
        raise NotImplementedError

    def head(self, column: int) -> tuple[str, str]:
        """A column's title, and what hovering it explains."""
        raise NotImplementedError

    def head_align(self, column: int) -> int:
        """Where a column's title stands: over names on the left, over numbers on the right."""
        return LEFT if column == 0 else RIGHT

    def label(self, row: int, column: int) -> str:
        """The name of the quantity in a cell."""
        raise NotImplementedError

    def explain(self, row: int, column: int) -> str:
        """What hovering a cell tells."""
        raise NotImplementedError

    def take(self, row: int, column: int, value: float | str, merge: str | None) -> str | None:
        """The user has given another value; returns why it is refused, or ``None``."""
        raise NotImplementedError

    def tell(self, first: int, last: int) -> None:
        """Cells of these columns have other contents; rows and places are the same."""
        rows = self.rowCount()
        if rows and last >= first:
            self.dataChanged.emit(self.index(0, first), self.index(rows - 1, last))

    # -- Qt's side --------------------------------------------------------------------------------

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and self.cell(index.row(), index.column()).editable:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.head(section)[0]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(self.head(section)[1])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.head_align(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(self.explain(row, column))
        cell = self.cell(row, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.EditRole:
            return cell.value
        if role == EXACT:
            return cell.exact
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return cell.align
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.label(row, column)}: {cell.text}"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """For assistive technology, which edits without an editor."""
        if role != Qt.ItemDataRole.EditRole or not self.cell(index.row(), index.column()).editable:
            return False
        given = value if isinstance(value, str) else float(value)
        return self.take(index.row(), index.column(), given, None) is None
