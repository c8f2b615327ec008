"""The table of printed and true numbers, to walk through by mouse and keyboard.

Object name: ``case_table``.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from nnsim.session.casebook.rows import Row
from nnsim.ui.casebook.case_model import CaseModel, Column
from nnsim.ui.panels.cell_delegate import PADDING
from nnsim.ui.panels.cell_table import CellTable
from nnsim.ui.panels.cells import EXACT
from nnsim.ui.panels.typing_keys import ENTER
from nnsim.ui.theme import Theme

_LEAST_NAME = 100
_MARK = 24
_MARKS = (*ENTER, Qt.Key.Key_Space)


class CaseTable(CellTable):
    """``current(row)``: another :class:`Row` is selected (``None``: none); ``pointed(row)``: the pointer
    is on one; ``marked(row)``: the learner says that it is wrong (Enter, Space, double click, or a
    click in the last column while hunting)."""

    current = Signal(object)
    pointed = Signal(object)
    marked = Signal(object)

    def __init__(self, theme: Theme, model: CaseModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._model = model
        self.setObjectName("case_table")
        self.setAccessibleName("Printed and true numbers")
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.entered.connect(lambda index: self.pointed.emit(model.row_at(index.row())))
        self.clicked.connect(self._on_clicked)
        self.doubleClicked.connect(self._on_double_clicked)
        model.modelReset.connect(self._on_reset)
        self.setMinimumHeight(self.height_for(4))

    def current_row(self) -> Row | None:
        """The selected row."""
        return self._model.row_at(self.currentIndex().row()) if self.currentIndex().isValid() else None

    def choose(self, index: int) -> None:
        """Select the row with this index of the case, and show it."""
        line = self._model.line_of(index)
        if line >= 0:
            self.setCurrentIndex(self._model.index(line, Column.WHAT))

    # -- columns ----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def _on_reset(self) -> None:
        self.clearSpans()
        for line, entry in enumerate(self._model.entries):
            if entry.row is None:
                self.setSpan(line, 0, 1, self._model.columnCount())
        self.setMaximumHeight(self.height_for(max(len(self._model.entries), 4)) + 2)
        self.fit_columns()
        self.scrollToTop()

    def fit_columns(self) -> None:
        """Numbers as wide as they are; what is left is for words, which the tool tip has in full."""
        columns, room = self._model.columns(), self.viewport().width()
        wanted = {column: self._wanted(column) for column in columns}
        left = room - sum(wanted[c] for c in columns if c in (Column.PRINTED, Column.TRUE))
        verdict = wanted[Column.VERDICT]
        worded = left - verdict >= min(wanted[Column.WHAT], _LEAST_NAME)
        self._model.set_worded(worded)
        if not worded:
            verdict = _MARK
        name = max(min(left - verdict, wanted[Column.WHAT]), _LEAST_NAME)
        over = max(name + verdict - left, 0)  # still too much: true numbers show fewer decimals
        widths = wanted | {Column.WHAT: name, Column.VERDICT: verdict}
        if Column.TRUE in widths:
            widths[Column.TRUE] = max(widths[Column.TRUE] - over, 40)
        widths[Column.WHAT] += max(room - sum(widths.values()), 0)
        for place, column in enumerate(columns):
            self.setColumnWidth(place, widths[column])

    def _wanted(self, column: Column) -> int:
        """The width that shows a column completely."""
        place = self._model.columns().index(column)
        lines = (i for i, entry in enumerate(self._model.entries) if entry.row is not None)
        texts = [self._model.cell(line, place, worded=True).text for line in lines]
        if column is Column.VERDICT:
            texts += self._model.states()
        widest = max(map(self.fontMetrics().horizontalAdvance, (*texts, self._model.head(place)[0])))
        return widest + 2 * PADDING + 6

    # -- gestures ---------------------------------------------------------------------------------

    def _on_current(self, now: QModelIndex, _before: QModelIndex) -> None:
        self.current.emit(self._model.row_at(now.row()) if now.isValid() else None)

    def _on_clicked(self, index: QModelIndex) -> None:
        if self._model.hidden and self._model.columns()[index.column()] is Column.VERDICT:
            self._mark(index)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        if self._model.hidden and self._model.columns()[index.column()] is not Column.VERDICT:
            self._mark(index)

    def _mark(self, index: QModelIndex) -> None:
        row = self._model.row_at(index.row())
        if row is not None:
            self.marked.emit(row)

    def _marks(self, event: QKeyEvent) -> bool:
        return self._model.hidden and event.key() in _MARKS and self.currentIndex().isValid()

    def event(self, event: QEvent) -> bool:
        override = QEvent.Type.ShortcutOverride
        if isinstance(event, QKeyEvent) and event.type() == override and self._marks(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(str(self.currentIndex().data(EXACT) or ""))
        elif self._marks(event):
            self._mark(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if not self.indexAt(event.position().toPoint()).isValid():
            self.pointed.emit(None)
