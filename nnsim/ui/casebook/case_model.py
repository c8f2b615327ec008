"""The table of a worked example: printed, true, verdict; or, while hunting, printed and what was said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QModelIndex, Qt

from nnsim.io.cases import Case
from nnsim.session.casebook.hunt import Hunt, State
from nnsim.session.casebook.reckoning import Reckoning
from nnsim.session.casebook.rows import Row
from nnsim.session.casebook.verdicts import Kind
from nnsim.ui.casebook.desk import Desk
from nnsim.ui.numbers import MINUS, exact, short
from nnsim.ui.panels.cells import LEFT, RIGHT, Cell, CellModel, Index

_MOST_DECIMALS = 17
_MORE_DECIMALS = 2  # that the true number shows beyond the printed one's


class Column(IntEnum):
    """The table's columns; while hunting there is no ``TRUE``, and ``VERDICT`` holds what was said."""

    WHAT = 0
    PRINTED = 1
    TRUE = 2
    VERDICT = 3


_HEADS = {
    Column.WHAT: ("number", "What the number is"),
    Column.PRINTED: ("printed", "As the source prints it"),
    Column.TRUE: ("true", "Computed here from the start of the example, whatever the document is now"),
    Column.VERDICT: ("verdict", "✓ confirmed   ≈ rounding   ✗ wrong"),
}
KIND_TOKENS: dict[Kind, str] = {
    "right": "ok_text", "rounding": "muted_text", "wrong": "danger_text", "unprinted": "muted_text",
}  # fmt: skip
_STATES: dict[State, tuple[str, str]] = {
    "hidden": ("wrong?", "muted_text"), "found": ("✗ found", "ok_text"), "right": ("✓ right", "muted_text"),
    "rounding": ("≈ rounding", "muted_text"), "revealed": ("✗ wrong", "danger_text"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table: a heading, or a row with the name it has under its heading."""

    name: str
    row: Row | None = None


def entries_of(rows: tuple[Row, ...]) -> tuple[Entry, ...]:
    """Rows with headings: several in a row under the same circumstances share one, and so do several
    of the same kind under different ones."""
    entries: list[Entry] = []
    heading: tuple[str, str] = ("", "")  # (what, when) that the rows below share
    for i, row in enumerate(rows):
        near = [r for r in rows[max(i - 1, 0) : i + 2] if r is not row]
        if row.when and any(r.when == row.when for r in near):
            wanted = ("", row.when)
        elif row.when and any(r.what == row.what and r.when for r in near):
            wanted = (row.what, "")
        else:
            wanted = ("", "")
        if wanted != heading:
            heading = wanted
            if any(wanted) or (entries and not row.when):
                entries.append(Entry(wanted[0] or _capital(wanted[1]) or "At the start"))
        entries.append(Entry(_name(row, *heading), row))
    return tuple(entries)


def _name(row: Row, what: str, when: str) -> str:
    """What a row is called under a heading that says this much."""
    parts = (row.what if row.what != what else "", row.when if row.when != when else "")
    return ", ".join(part for part in parts if part)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def printed_text(row: Row) -> str:
    """The printed number with the program's minus sign."""
    return row.printed.replace("-", MINUS) or "—"


def true_text(row: Row, decimals: int, value: float | None) -> str:
    """The true number, a little longer than the printed one."""
    digits = decimals + _MORE_DECIMALS if row.printed else 6
    return "…" if value is None else short(value, min(digits, _MOST_DECIMALS))


class CaseModel(CellModel):
    """What lies on the :class:`Desk`. The list of rows is made anew by :meth:`refill`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.entries: tuple[Entry, ...] = ()
        self._hidden = False
        self._worded = True
        # As of the last refill: the desk may already hold another case while this one is painted.
        self._case: Case | None = None
        self._reckoning: Reckoning | None = None
        self._hunt: Hunt | None = None

    def set_worded(self, worded: bool) -> None:
        """Whether there is room for a verdict's words beside its mark."""
        if worded != self._worded:
            self._worded = worded
            self.tell_all()

    def states(self) -> list[str]:
        """Everything that may come to stand in the last column while hunting."""
        return [text for text, _ in _STATES.values()] if self._hidden else []

    def refill(self) -> None:
        """Another case, or a hunt that has begun or ended."""
        self.beginResetModel()
        desk = self._desk
        self._case, self._reckoning, self._hunt = desk.case, desk.reckoning, desk.hunt
        hunt, rows = self._hunt, desk.rows
        self._hidden = hunt is not None and not hunt.done
        if hunt is not None and self._hidden:
            rows = tuple(rows[row.index] for row in hunt.rows)
        self.entries = entries_of(rows)
        self.endResetModel()

    @property
    def hidden(self) -> bool:
        """Whether verdicts and true numbers are hidden."""
        return self._hidden

    def row_at(self, line: int) -> Row | None:
        """The row in a line of the table; ``None`` for a heading."""
        return self.entries[line].row if 0 <= line < len(self.entries) else None

    def line_of(self, index: int) -> int:
        """The line that shows the row with this index; −1 if none does."""
        found = (i for i, e in enumerate(self.entries) if e.row is not None and e.row.index == index)
        return next(found, -1)

    def columns(self) -> tuple[Column, ...]:
        """The columns that are shown now."""
        return tuple(c for c in Column if not (self._hidden and c is Column.TRUE))

    # -- Qt's side --------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns())

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.row_at(index.row()) is None:
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def head(self, column: int) -> tuple[str, str]:
        kind = self.columns()[column]
        if self._hidden and kind is Column.VERDICT:
            return "yours", "What you have said. Click, or press Enter, on a number that you think is wrong."
        title, help_text = _HEADS[kind]
        return ("" if kind is Column.VERDICT and not self._worded else title), help_text

    def head_align(self, column: int) -> int:
        return LEFT if self.columns()[column] in (Column.WHAT, Column.VERDICT) else RIGHT

    def label(self, row: int, column: int) -> str:
        return f"{self.entries[row].name}, {self.head(column)[0]}"

    def cell(self, row: int, column: int, worded: bool = False) -> Cell:
        """``worded``: with a verdict's words, whether there is room for them or not."""
        entry, kind = self.entries[row], self.columns()[column]
        if entry.row is None:
            return Cell(entry.name, token="muted_text", align=LEFT) if kind is Column.WHAT else Cell()
        if kind is Column.WHAT:
            return Cell(entry.name, align=LEFT)
        if kind is Column.PRINTED:
            return Cell(printed_text(entry.row), entry.row.printed or None)
        if kind is Column.TRUE:
            return self._true(entry.row)
        return self._verdict(entry.row, worded or self._worded)

    def _true(self, row: Row) -> Cell:
        value = self.value_of(row)
        decimals = self._case.rows[row.index].decimals if self._case is not None else 0
        return Cell(true_text(row, decimals, value), value)

    def value_of(self, row: Row) -> float | None:
        """The true number of a row; ``None`` while it is not known."""
        if self._reckoning is None or self._case is None:
            return None
        return self._reckoning.value(self._case.rows[row.index])

    def _verdict(self, row: Row, worded: bool) -> Cell:
        hunt = self._hunt
        if hunt is not None and self._hidden:
            text, token = _STATES[hunt.state(row.index)]
            text = text if worded else text.partition(" ")[0].replace("wrong?", "?")
            return Cell(text, token=token, align=LEFT)
        verdict = row.verdict
        text = f"{verdict.mark} {verdict.short}".strip() if worded else verdict.mark
        return Cell(text, token=KIND_TOKENS[verdict.kind], align=LEFT)

    def explain(self, row: int, column: int) -> str:
        found, kind = self.row_at(row), self.columns()[column]
        if found is None:
            return ""
        if kind is Column.TRUE:
            value = self.value_of(found)
            return "Not computed yet" if value is None else exact(value)
        if kind is Column.VERDICT and not self._hidden:
            return f"{found.verdict.mark} {found.verdict.label}: {found.verdict.help}".strip()
        return f"{found.what}, {found.when}" if found.when else found.what

    def tell_all(self) -> None:
        """Contents may differ; lines are the same."""
        self.tell(0, self.columnCount(QModelIndex()) - 1)
