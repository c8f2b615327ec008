"""The list of worked examples as a table."""

from __future__ import annotations

from enum import IntEnum

from nnsim.session.casebook.catalogue import Entry
from nnsim.ui.panels.cells import LEFT, RIGHT, Cell, CellModel, Index


class Column(IntEnum):
    """The table's columns."""

    TITLE = 0
    SOURCE = 1
    SHAPE = 2
    PRINTED = 3
    WRONG = 4


_HEADS = {
    Column.TITLE: ("example", "What the worked example is about"),
    Column.SOURCE: ("source", "Who has printed it"),
    Column.SHAPE: ("network", "Neurons by layer; a dash where it is a calculation without a network"),
    Column.PRINTED: ("printed", "How many printed numbers stand beside the true ones"),
    Column.WRONG: ("wrong", "How many of them are wrong; rounding does not count"),
}


class BrowserModel(CellModel):
    """Shows the entries given to :meth:`show`."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[Entry, ...] = ()

    def show(self, entries: tuple[Entry, ...]) -> None:
        """Show these."""
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(Column)

    def head(self, column: int) -> tuple[str, str]:
        return _HEADS[Column(column)]

    def head_align(self, column: int) -> int:
        return LEFT if column <= Column.SHAPE else RIGHT

    def label(self, row: int, column: int) -> str:
        return f"{self.entries[row].case.title}, {self.head(column)[0]}"

    def cell(self, row: int, column: int) -> Cell:
        entry = self.entries[row]
        match Column(column):
            case Column.TITLE:
                return Cell(entry.case.title, align=LEFT)
            case Column.SOURCE:
                return Cell(entry.case.source, token="muted_text", align=LEFT)
            case Column.SHAPE:
                return Cell(entry.case.shape or "–", align=LEFT)
            case Column.PRINTED:
                return Cell(str(entry.printed or "–"), token="ink" if entry.printed else "muted_text")
            case Column.WRONG:
                text = f"✗ {entry.wrong}" if entry.wrong else "–"
                return Cell(text, token="danger_text" if entry.wrong else "muted_text")

    def explain(self, row: int, column: int) -> str:
        entry = self.entries[row]
        return f"{entry.case.title}\n{entry.case.source}"
