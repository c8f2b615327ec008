"""How cells of the panels' tables look, and how numbers in them are edited."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
)  # fmt: skip
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)  # fmt: skip

from nnsim.ui.numbers import shown
from nnsim.ui.panels.choice import Choice
from nnsim.ui.panels.lock_button import paint_lock
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex

TOKEN = Qt.ItemDataRole.UserRole + 1  # colour of the text
LIT = Qt.ItemDataRole.UserRole + 2  # whether the row stands out
LOCK = Qt.ItemDataRole.UserRole + 3  # True or False: the cell shows a closed or an open lock
EXACT = Qt.ItemDataRole.UserRole + 4  # what copying gives
LABEL = Qt.ItemDataRole.UserRole + 5  # the quantity's name, for its editor
MARK = Qt.ItemDataRole.UserRole + 6  # "train" or "test": a dot at the cell's right end

CHOICES = Qt.ItemDataRole.UserRole + 7  # names to choose from, where the cell is no number

PADDING = 3
_MOST_DECIMALS = 6
_HINTS = QAbstractItemDelegate.EndEditHint


class CellDelegate(QStyledItemDelegate):
    """Paints text, locks and marks from the theme; edits numbers with a :class:`NumberField`."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, box = self._theme, option.rect
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(
            box, theme.color("focus_soft" if index.data(LIT) else "field_hover" if selected else "panel")
        )
        painter.setPen(theme.color("line"))
        painter.drawLine(box.left(), box.bottom(), box.right(), box.bottom())
        lock, mark = index.data(LOCK), index.data(MARK)
        if lock is not None:
            paint_lock(painter, QRectF(box), theme.color("focus_text" if lock else "line_strong"), bool(lock))
        inner = box.adjusted(PADDING, 0, -PADDING, -1)
        if mark:
            inner.setRight(self._paint_mark(painter, inner, mark) - PADDING)
        text = index.data(Qt.ItemDataRole.DisplayRole)
        if text:
            painter.setFont(option.font)
            painter.setPen(theme.color(index.data(TOKEN) or "ink"))
            align = index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignLeft
            text = fitting(str(text), index.data(Qt.ItemDataRole.EditRole), option.fontMetrics, inner.width())
            painter.drawText(inner, int(align) | int(Qt.AlignmentFlag.AlignVCenter), text)
        self._paint_state(painter, option, index)
        painter.restore()

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

    def _paint_state(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A frame round the current cell while the table is in use, and round what can be edited."""
        state = option.state
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        editable = bool(index.flags() & Qt.ItemFlag.ItemIsEditable)
        if not focused and not (editable and state & QStyle.StateFlag.State_MouseOver):
            return
        painter.setPen(self._theme.color("focus" if focused else "line_strong"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(option.rect.adjusted(0, 0, -1, -1))

    # -- editing ----------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        label, place = str(index.data(LABEL) or ""), QPersistentModelIndex(index)
        names = index.data(CHOICES)
        if names:
            choice = Choice([(name, name, "") for name in names], parent, label=label)
            choice.setObjectName("cell_editor")
            choice.chosen.connect(lambda key: self._give_choice(choice, place, key))
            return choice
        field = NumberField(parent, label=label, columns=4)
        field.setObjectName("cell_editor")
        field.committed.connect(lambda value: give(place, field, value))
        return field

    def _give_choice(self, choice: Choice, place: QPersistentModelIndex, key: str) -> None:
        model = place.model()
        if place.isValid() and isinstance(model, EditableNumbers):
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
        if isinstance(event, QKeyEvent) and event.type() in (
            QEvent.Type.KeyPress,
            QEvent.Type.ShortcutOverride,
        ):
            return self._on_key(watched, event)
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            popup = event.reason() in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason)
            if not popup and watched.commit():
                self.closeEditor.emit(watched, _HINTS.NoHint)
        return False

    def _on_key(self, field: NumberField, event: QKeyEvent) -> bool:
        hints = {
            Qt.Key.Key_Return: _HINTS.NoHint, Qt.Key.Key_Enter: _HINTS.NoHint,
            Qt.Key.Key_Tab: _HINTS.EditNextItem, Qt.Key.Key_Backtab: _HINTS.EditPreviousItem,
            Qt.Key.Key_Escape: _HINTS.RevertModelCache,
        }  # fmt: skip
        hint = hints.get(Qt.Key(event.key()))
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


def fitting(text: str, value: object, metrics: QFontMetrics, room: int) -> str:
    """``text``, or the number ``value`` with fewer decimals: a number is never cut off."""
    if isinstance(value, float):
        for digits in range(_MOST_DECIMALS, -1, -1):
            if metrics.horizontalAdvance(text) <= room:
                return text
            if len(narrower := shown(value, digits)) < len(text):
                text = narrower
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)


def give(place: QPersistentModelIndex, field: NumberField, value: float) -> None:
    """Hand a committed number to the model, in a series of nudges with its merge key."""
    model = place.model()
    if not place.isValid() or not isinstance(model, EditableNumbers):
        return
    problem = model.take(
        place.row(), place.column(), value, field.merge_key(f"cell.{place.row()}.{place.column()}")
    )
    if problem:
        field.refuse(problem)


class EditableNumbers:
    """A model whose numbers can be edited: :meth:`take` returns why a number is refused, or ``None``."""

    def take(self, row: int, column: int, value: object, merge: str | None) -> str | None:
        raise NotImplementedError


class CellTable(QTableView):
    """A quiet table: no grid, no selection colours, rows as high as their text."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("mono", True)
        self.setItemDelegate(CellDelegate(theme, self))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(12)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(16)
        self._fit_rows()
        theme.changed.connect(self._fit_rows)

    def _fit_rows(self) -> None:
        font = self._theme.mono_font(9.0)
        self.setFont(font)
        self.horizontalHeader().setFont(font)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.viewport().update()

    def height_for(self, rows: int) -> int:
        """The height that shows ``rows`` rows and the header."""
        return (
            self.horizontalHeader().sizeHint().height()
            + rows * self.verticalHeader().defaultSectionSize()
            + 2
        )

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """As always, except that an editor whose text has been refused stays."""
        if isinstance(editor, NumberField) and editor.is_invalid() and hint is not _HINTS.RevertModelCache:
            return
        super().closeEditor(editor, hint)
