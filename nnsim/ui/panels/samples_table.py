"""The table of samples: click one to look at it, type into a cell to change it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QWidget

from nnsim.ui.panels.cell_delegate import PADDING
from nnsim.ui.panels.cell_table import CellTable
from nnsim.ui.panels.cells import EXACT
from nnsim.ui.panels.samples_model import SamplesModel
from nnsim.ui.theme import Theme

_FEWEST_ROWS, _MOST_ROWS = 4, 12
_NARROWEST = 46  # where not all columns fit, they scroll
_WIDEST = 72  # what such a column gives its name at most
_LOOK_AT = 20  # names that decide it


class SamplesTable(CellTable):
    """Shows a :class:`SamplesModel`. ``objectName`` is ``samples_table``.

    The current row is the sample in view. Signals: ``row_chosen(row)``, ``remove_wanted(rows)``
    (Delete), ``rows_selected()``.
    """

    row_chosen = Signal(int)
    remove_wanted = Signal(object)
    rows_selected = Signal()

    def __init__(self, theme: Theme, model: SamplesModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._model = model
        self.setObjectName("samples_table")
        self.setAccessibleName("Samples")
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        triggers = QAbstractItemView.EditTrigger
        self._had_bar = False
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.selectionModel().selectionChanged.connect(lambda: self.rows_selected.emit())
        model.modelReset.connect(self._on_reset)

    # -- what is in view and what is selected -----------------------------------------------------

    def show_view(self, row: int) -> None:
        """Another sample is in view: light its row and bring it into sight."""
        self._model.set_view(row)
        if 0 <= row < self._model.rowCount() and row != self.currentIndex().row():
            with QSignalBlocker(self.selectionModel()):
                index = self._model.index(row, max(self.currentIndex().column(), 0))
                flag = QItemSelectionModel.SelectionFlag
                self.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
            self.scrollTo(self._model.index(row, 0))
            self.viewport().update()

    def selected_rows(self) -> list[int]:
        """The selected rows, ascending."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def edit_row(self, row: int) -> None:
        """Begin to edit the first number of a row."""
        index = self._model.index(row, 1)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self.edit(index)

    def _on_current(self, current: QModelIndex, before: QModelIndex) -> None:
        if current.isValid():
            self.row_chosen.emit(current.row())

    # -- measures ---------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        rows = min(max(self._model.rowCount(), _FEWEST_ROWS), _MOST_ROWS // 2)
        return QSize(180, self.height_for(rows) + self._bar_height())

    def minimumSizeHint(self) -> QSize:
        rows = min(max(self._model.rowCount(), 2), _FEWEST_ROWS)
        return QSize(100, self.height_for(rows) + self._bar_height())

    def _bar_height(self) -> int:
        return self.horizontalScrollBar().sizeHint().height() if self._overflows() else 0

    def _widths(self) -> tuple[int, int]:
        """The first column's width, and that of each other column."""
        metrics = self.fontMetrics()
        first = metrics.horizontalAdvance(f"▸ {max(self._model.rowCount(), 1)}") + 2 * PADDING + 14
        others = max(self._model.columnCount() - 1, 1)
        even = (self.viewport().width() - first) // others
        return first, even if even >= _NARROWEST else self._width_of_names(others)

    def _width_of_names(self, columns: int) -> int:
        """What the first names need: they are alike where there are many."""
        names = (self._model.column_name(c + 1) for c in range(min(columns, _LOOK_AT)))
        widest = max(self.fontMetrics().horizontalAdvance(name) for name in names)
        return min(max(widest + 2 * PADDING, _NARROWEST), _WIDEST)

    def _overflows(self) -> bool:
        first, each = self._widths()
        return first + each * (self._model.columnCount() - 1) > self.viewport().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _on_reset(self) -> None:
        self.updateGeometry()
        self._fit_columns()

    def _fit_columns(self) -> None:
        count = self._model.columnCount()
        if not count:
            return
        if self._had_bar != self._overflows():  # which is part of the height
            self._had_bar = not self._had_bar
            self.updateGeometry()
        first, each = self._widths()
        self.setColumnWidth(0, first)
        for column in range(1, count):
            self.setColumnWidth(column, each)
        rest = self.viewport().width() - first - each * (count - 1)
        if rest > 0:
            self.setColumnWidth(count - 1, each + rest)

    # -- keys -------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self._copied())
        elif event.matches(QKeySequence.StandardKey.Delete) and self.selected_rows():
            self.remove_wanted.emit(self.selected_rows())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.column() > 0:
            self.edit(index)
        else:
            super().keyPressEvent(event)

    def _copied(self) -> str:
        """The current cell, or all cells of several selected rows, with every digit."""
        rows = self.selected_rows()
        if len(rows) <= 1:
            return str(self.currentIndex().data(EXACT) or "")
        columns = range(1, self._model.columnCount())
        return "\n".join("\t".join(str(self._model.index(r, c).data(EXACT)) for c in columns) for r in rows)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence.StandardKey
            if event.matches(keys.Delete) or event.matches(keys.Copy):
                event.accept()
                return True
        return super().event(event)
