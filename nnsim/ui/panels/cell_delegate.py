"""How cells of the panels' tables are painted, and how what is in them is edited."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from nnsim.ui.numbers import scientific, shown
from nnsim.ui.panels.cells import Cell, CellModel, Index
from nnsim.ui.panels.choice import Choice
from nnsim.ui.panels.lock_button import paint_lock
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.typing_keys import KEEPS_TYPING
from nnsim.ui.theme import Theme

PADDING = 3
_MOST_DECIMALS = 6
_HINTS = QAbstractItemDelegate.EndEditHint


class CellDelegate(QStyledItemDelegate):
    """For views of a :class:`CellModel`. Numbers are edited with a :class:`NumberField`, names with a
    :class:`Choice`; both are called ``cell_editor``."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    # -- painting ---------------------------------------------------------------------------------

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, CellModel):
            return
        cell, theme, box, state = (
            model.cell(index.row(), index.column()),
            self._theme,
            option.rect,
            option.state,
        )
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.fillRect(
            box, theme.color("focus_soft" if cell.lit else "field_hover" if selected else "panel")
        )
        painter.setPen(theme.color("line"))
        painter.drawLine(box.left(), box.bottom(), box.right(), box.bottom())
        if cell.lock is not None:
            paint_lock(
                painter, QRectF(box), theme.color("focus_text" if cell.lock else "line_strong"), cell.lock
            )
        if cell.text:
            inner = box.adjusted(PADDING, 0, -PADDING, -1)
            if cell.mark:
                inner.setRight(self._paint_mark(painter, inner, cell.mark) - PADDING)
            painter.setFont(option.font)
            painter.setPen(theme.color(cell.token))
            painter.drawText(inner, cell.align, fitting(cell, option.fontMetrics, inner.width()))
        self._paint_state(painter, box, state, cell)

    def _paint_mark(self, painter: QPainter, box: QRect, mark: str) -> int:
        """A filled dot for training, a ring for testing; returns where it begins."""
        size = 6
        dot = QRectF(box.right() - size, box.center().y() - size / 2 + 0.5, size, size)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("muted"), 1.2))
        painter.setBrush(self._theme.color("muted") if mark == "train" else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(dot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        return round(dot.left())

    def _paint_state(self, painter: QPainter, box: QRect, state: QStyle.StateFlag, cell: Cell) -> None:
        """A frame round the current cell while the table is in use, and round what can be edited."""
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if focused or (cell.editable and state & QStyle.StateFlag.State_MouseOver):
            painter.setPen(self._theme.color("focus" if focused else "line_strong"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(0, 0, -1, -1))

    # -- editing ----------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = index.model()
        assert isinstance(model, CellModel)
        label, place = model.label(index.row(), index.column()), QPersistentModelIndex(index)
        editor: QWidget
        names = model.cell(index.row(), index.column()).choices
        if names:
            choice = editor = Choice([(name, name, "") for name in names], parent, label=label)
            choice.chosen.connect(lambda key: self._give_choice(choice, place, key))
        else:
            field = editor = NumberField(parent, label=label, columns=4)
            field.committed.connect(lambda value: _give_number(place, field, value))
        editor.setObjectName("cell_editor")
        return editor

    def _give_choice(self, choice: Choice, place: QPersistentModelIndex, key: str) -> None:
        model = place.model()
        if place.isValid() and isinstance(model, CellModel):
            model.take(place.row(), place.column(), key, None)
        self.closeEditor.emit(choice, _HINTS.NoHint)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        value = index.data(Qt.ItemDataRole.EditRole)
        if isinstance(editor, NumberField):
            editor.set_value(value)
        elif isinstance(editor, Choice):
            editor.set_key(str(value))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, NumberField):
            editor.commit()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Tab commit and close, Esc takes back and closes, leaving commits and closes; what
        cannot be used keeps its editor open."""
        if not isinstance(watched, NumberField):
            return super().eventFilter(watched, event)
        keys = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
        if isinstance(event, QKeyEvent) and event.type() in keys:
            return self._on_key(watched, event)
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            self._on_left(watched, event.reason())
        return False

    def _on_left(self, field: NumberField, reason: Qt.FocusReason) -> None:
        if reason not in KEEPS_TYPING and field.commit():
            self.closeEditor.emit(field, _HINTS.NoHint)

    def _on_key(self, field: NumberField, event: QKeyEvent) -> bool:
        hint = _KEY_HINTS.get(Qt.Key(event.key()))
        if hint is None:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            if hint is _HINTS.RevertModelCache:
                field.take_back()
                self.closeEditor.emit(field, hint)
            elif field.commit():
                self.closeEditor.emit(field, hint)
        return True


_KEY_HINTS = {
    Qt.Key.Key_Return: _HINTS.NoHint,
    Qt.Key.Key_Enter: _HINTS.NoHint,
    Qt.Key.Key_Tab: _HINTS.EditNextItem,
    Qt.Key.Key_Backtab: _HINTS.EditPreviousItem,
    Qt.Key.Key_Escape: _HINTS.RevertModelCache,
}


def fitting(cell: Cell, metrics: QFontMetrics, room: int) -> str:
    """The text, or its number with fewer decimals: a number is never cut off."""
    text, value = cell.text, cell.value
    if metrics.horizontalAdvance(text) <= room:
        return text
    if isinstance(value, float):
        for digits in range(_MOST_DECIMALS, -1, -1):
            if len(text := shown(value, digits)) < len(cell.text) and metrics.horizontalAdvance(text) <= room:
                return text
        text = scientific(value, 0)
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)


def _give_number(place: QPersistentModelIndex, field: NumberField, value: float) -> None:
    """Hand a committed number to the model, in a series of nudges with its merge key."""
    model = place.model()
    if place.isValid() and isinstance(model, CellModel):
        merge = field.merge_key(f"cell.{place.row()}.{place.column()}")
        problem = model.take(place.row(), place.column(), value, merge)
        if problem:
            field.refuse(problem)
