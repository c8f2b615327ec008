"""The table of checked gradients, the largest error first."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QWidget

from nnsim.core.explain.quantity import Quantity
from nnsim.ui.dialogs.gradient_work import LIMIT, Found
from nnsim.ui.numbers import exact, scientific, shown
from nnsim.ui.panels.cell_table import CellTable
from nnsim.ui.panels.cells import LEFT, Cell, CellModel, Index
from nnsim.ui.theme import Theme


class Column(IntEnum):
    PARAMETER = 0
    ANALYTIC = 1
    NUMERIC = 2
    ERROR = 3
    VERDICT = 4


_HEADS = {
    Column.PARAMETER: ("parameter", "The weight or bias. Click a row to select it."),
    Column.ANALYTIC: ("analytic", "∂C by backpropagation, as training computes it"),
    Column.NUMERIC: (
        "numeric",
        "By trying: from the losses with it a little larger and smaller",
    ),
    Column.ERROR: ("relative error", "Their difference over the larger of both (or a small share of C)"),
    Column.VERDICT: ("", f"Errors up to {scientific(LIMIT, 0)} count as equal"),
}
_VERDICTS = {
    "ok": ("✓ equal", "ok_text"), "wrong": ("✗ differ", "danger_text"), "kink": ("at a kink", "muted_text"),
}  # fmt: skip


class GradientModel(CellModel):
    """Rows sorted by error, those at a kink last. ``name`` writes a parameter."""

    def __init__(self, name: Callable[[Quantity], str]) -> None:
        super().__init__()
        self._name = name
        self._rows: list[Found] = []

    @property
    def rows(self) -> list[Found]:
        return self._rows

    def show_found(self, found: list[Found]) -> None:
        """Other rows."""
        self.beginResetModel()
        self._rows = sorted(found, key=lambda f: (f.verdict == "kink", -f.error))
        self.endResetModel()

    def rename(self) -> None:
        """Parameters are written otherwise."""
        self.tell(Column.PARAMETER, Column.PARAMETER)

    def as_text(self) -> str:
        """All rows with every digit, separated by tabs."""
        head = ["parameter", "analytic", "numeric", "relative error", "verdict"]
        rows = [
            [self._name(f.place), exact(f.analytic), exact(f.numeric), exact(f.error), f.verdict]
            for f in self._rows
        ]
        return "\n".join("\t".join(row) for row in (head, *rows))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def head(self, column: int) -> tuple[str, str]:
        return _HEADS[Column(column)]

    def cell(self, row: int, column: int) -> Cell:
        f = self._rows[row]
        if column == Column.PARAMETER:
            return Cell(self._name(f.place), align=LEFT)
        if column == Column.ANALYTIC:
            return Cell(shown(f.analytic, 8), f.analytic, "negative_text")
        if column == Column.NUMERIC:
            return Cell(shown(f.numeric, 8), f.numeric, "negative_text")
        if column == Column.ERROR:
            return Cell("—" if f.verdict == "kink" else scientific(f.error), f.error)
        text, token = _VERDICTS[f.verdict]
        return Cell(text, token=token)

    def label(self, row: int, column: int) -> str:
        name = self._name(self._rows[row].place)
        return name if column == Column.PARAMETER else f"{_HEADS[Column(column)][0] or 'verdict'}, {name}"

    def explain(self, row: int, column: int) -> str:
        f = self._rows[row]
        if column == Column.VERDICT and f.verdict == "kink":
            return "The function has a corner within the step tried, so there is no one slope."
        return f"{self.label(row, column)}: {self.cell(row, column).exact}"

    def take(self, row: int, column: int, value: float | str, merge: str | None) -> str | None:
        return "What has been found cannot be changed."


class GradientTable(CellTable):
    """Object name ``gradient_table``. Copying gives the cell with every digit."""

    def __init__(self, theme: Theme, model: GradientModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setObjectName("gradient_table")
        self.setAccessibleName("Gradients, the largest error first")
        self.setModel(model)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(Column.VERDICT, QHeaderView.ResizeMode.Fixed)
        self._fit_verdicts()
        theme.changed.connect(self._fit_verdicts)

    def _fit_verdicts(self) -> None:
        self.setColumnWidth(Column.VERDICT, self.fontMetrics().horizontalAdvance("at a kink") + 28)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and self.currentIndex().isValid():
            index = self.currentIndex()
            model = self.model()
            assert isinstance(model, GradientModel)
            QGuiApplication.clipboard().setText(model.cell(index.row(), index.column()).exact)
        else:
            super().keyPressEvent(event)
