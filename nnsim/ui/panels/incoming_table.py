"""The table of a neuron's incoming weights: read, edit, freeze, and find them on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QWidget

from nnsim.ui.panels.cell_delegate import PADDING
from nnsim.ui.panels.cell_table import CellTable
from nnsim.ui.panels.cells import EXACT
from nnsim.ui.panels.incoming_model import Column, IncomingModel
from nnsim.ui.selection import NOTHING, Selection
from nnsim.ui.theme import Theme

_MOST_ROWS = 9
_LOCK_WIDTH = 17
_TOGGLES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class IncomingTable(CellTable):
    """Shows an :class:`IncomingModel`. ``objectName`` is ``incoming_weights``.

    A click or Enter on a weight edits it, a click (or Enter, Space) on a lock freezes it, a double
    click elsewhere selects the weight. Signals: ``hovered(selection)``, ``chosen(selection)``,
    ``freeze_wanted(edge, frozen)``.
    """

    hovered = Signal(object)
    chosen = Signal(object)
    freeze_wanted = Signal(object, bool)

    def __init__(self, theme: Theme, model: IncomingModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._model = model
        self.setObjectName("incoming_weights")
        self.setAccessibleName("Incoming weights")
        self.setModel(model)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.EditKeyPressed | triggers.AnyKeyPressed | triggers.DoubleClicked)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.clicked.connect(self._on_clicked)
        self.doubleClicked.connect(self._on_double_clicked)
        self.entered.connect(lambda index: self.hovered.emit(self._model.edge(index.row())))
        model.modelReset.connect(self._on_reset)

    # -- measures ---------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(200, self.height_for(min(max(self._model.rowCount(), 1), _MOST_ROWS)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _on_reset(self) -> None:
        self.updateGeometry()
        self._fit_columns()
        self.scrollToTop()

    def _fit_columns(self) -> None:
        metrics, rows = self.fontMetrics(), self._model.rowCount()
        # The longest name is near the end, where numbers have the most digits.
        names = [
            self._model.index(row, Column.FROM).data() for row in {0, rows // 2, rows - 1} if 0 <= row < rows
        ]
        widest = max((metrics.horizontalAdvance(name) for name in (*names, "from")), default=0) + 1
        name_width = min(widest + 2 * PADDING, 96)
        each = (self.viewport().width() - name_width - _LOCK_WIDTH) // 3
        for column in (Column.WEIGHT, Column.VALUE):
            self.setColumnWidth(column, each)
        self.setColumnWidth(Column.FROM, name_width)
        self.setColumnWidth(Column.FROZEN, _LOCK_WIDTH)
        rest = self.viewport().width() - name_width - _LOCK_WIDTH - 2 * each
        self.setColumnWidth(Column.GRADIENT, max(rest, 20))
        # An advance is a whole number of pixels, which of one letter alone would be too rough.
        letter = metrics.horizontalAdvance("0" * 10) / 10
        letters = int((each - 2 * PADDING) / max(letter, 1.0))
        self._model.set_letters(letters)

    # -- gestures ---------------------------------------------------------------------------------

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() == Column.FROZEN:
            self._toggle(index.row())
        elif index.column() == Column.WEIGHT:
            self.edit(index)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.column() in (Column.FROM, Column.VALUE, Column.GRADIENT):
            self.chosen.emit(self._model.edge(index.row()))

    def _toggle(self, row: int) -> None:
        self.freeze_wanted.emit(self._model.edge(row), not self._model.is_frozen(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(str(index.data(EXACT) or ""))
        elif index.isValid() and index.column() == Column.FROZEN and event.key() in _TOGGLES:
            self._toggle(index.row())
        elif index.isValid() and index.column() == Column.WEIGHT and event.key() in _TOGGLES:
            self.edit(index)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if (
                plain
                and event.key() in _TOGGLES
                and self.currentIndex().column() in (Column.WEIGHT, Column.FROZEN)
            ):
                event.accept()
                return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(NOTHING)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if not self.indexAt(event.position().toPoint()).isValid():
            self.hovered.emit(NOTHING)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if not index.isValid():
            return
        row, text = index.row(), str(index.data(EXACT) or "")
        edge, source, frozen = self._model.edge(row), self._model.source(row), self._model.is_frozen(row)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if text:
            menu.addAction(f"Copy {text}").triggered.connect(
                lambda: QGuiApplication.clipboard().setText(text)
            )
        menu.addAction("Let it learn" if frozen else "Freeze").triggered.connect(
            lambda: self.freeze_wanted.emit(edge, not frozen)
        )
        menu.addAction("Select the weight").triggered.connect(lambda: self._choose(edge))
        menu.addAction("Select the source neuron").triggered.connect(lambda: self._choose(source))
        menu.popup(event.globalPos())

    def _choose(self, selection: Selection) -> None:
        self.chosen.emit(selection)
