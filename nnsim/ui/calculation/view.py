"""A page of mathematics to read, point at, walk through and copy from.

Object name: ``calculation_view``.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from nnsim.core.explain.expression import Number, Symbol
from nnsim.ui.calculation.box import Spot
from nnsim.ui.calculation.faces import Faces
from nnsim.ui.calculation.page import Page
from nnsim.ui.calculation.painter import paint_page, spot_rect
from nnsim.ui.calculation.walk import next_number
from nnsim.ui.numbers import exact
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.theme import Theme

MARGIN_X, MARGIN_RIGHT, MARGIN_Y = 12.0, 3.0, 6.0
_WALKS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)
_GOES = (Qt.Key.Key_Return, Qt.Key.Key_Enter)

Shown = Callable[[Number | Symbol], bool]


class CalculationView(QWidget):
    """Shows a :class:`Page`.

    ``pointed(node)``  the pointer or the keyboard is on another number or symbol (``None``: on none)
    ``asked(node)``    a double click or Enter on another one: how does this come about?
    ``seized(node, point)``, ``dragged(point, modifiers)``, ``let_go()``  a number that can be changed is
    under the hand (points of the screen) · ``change_wanted(spot)`` a double click or Enter on it
    ``replaced()``     another page is shown
    ``copied(text)``   a number has been put on the clipboard, with all its digits
    ``revealed(rect)`` this rectangle of the view should be scrolled to
    """

    pointed = Signal(object)
    asked = Signal(object)
    seized = Signal(object, QPointF)
    dragged = Signal(QPointF, object)
    let_go = Signal()
    change_wanted = Signal(object)
    replaced = Signal()
    copied = Signal(str)
    revealed = Signal(QRectF)

    def __init__(
        self, theme: Theme, tell: Callable[[Number | Symbol], str], parent: QWidget | None = None
    ) -> None:
        """``tell(node)`` is the text of a tool tip: what a number is, with all its digits."""
        super().__init__(parent)
        self.setObjectName("calculation_view")
        self.setAccessibleName("Calculation")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._theme, self._tell = theme, tell
        self._faces = Faces(theme)
        self._page: Page | None = None
        self._is_lit: Shown = lambda node: False
        self.can_change: Shown = lambda node: False
        self._held = False
        self._chosen: Spot | None = None
        self._pointed: Spot | None = None

    # -- what is shown ----------------------------------------------------------------------------

    @property
    def page(self) -> Page | None:
        return self._page

    @property
    def chosen(self) -> Number | None:
        """The number that has been chosen, to be copied."""
        node = self._chosen.node if self._chosen is not None else None
        return node if isinstance(node, Number) else None

    def show_page(self, page: Page, faces: Faces, same: bool) -> None:
        """Show another page. ``same``: it is the one before in another size or with other digits, so
        that the number chosen stays chosen."""
        place = self._page.numbers().index(self._chosen) if same and self._chosen and self._page else -1
        numbers = page.numbers()
        self._page, self._faces = page, faces
        held = self._chosen is not None or self._pointed is not None
        self._chosen = numbers[place] if 0 <= place < len(numbers) else None
        self._pointed = None
        if held:
            self.pointed.emit(None)
        self.setMinimumSize(self.sizeHint())
        self.update()
        self.replaced.emit()

    def light(self, is_lit: Shown) -> None:
        """Light up the numbers and symbols for which ``is_lit(node)``."""
        self._is_lit = is_lit
        self.update()

    def lit(self) -> list[Number | Symbol]:
        """What is lit up now."""
        return [] if self._page is None else [s.node for s in self._page.spots if self._is_lit(s.node)]

    def rect_of(self, spot: Spot) -> QRectF:
        """Where a number is in the widget."""
        return spot_rect(spot).translated(MARGIN_X, MARGIN_Y)

    def sizeHint(self) -> QSize:
        if self._page is None:
            return QSize(200, 80)
        width = self._page.content + MARGIN_X + MARGIN_RIGHT
        return QSize(round(width + 0.49), round(self._page.height + 2 * MARGIN_Y + 0.49))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.color("panel"))
            if self._page is not None:
                painter.translate(MARGIN_X, MARGIN_Y)
                paint_page(
                    painter, self._page, self._faces, self._theme, self._is_lit, self._chosen, self.hasFocus()
                )
                painter.translate(-MARGIN_X, -MARGIN_Y)
            if self.hasFocus() and self._chosen is None:
                painter.setPen(QPen(self._theme.color("focus"), 1.0))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def paint_picture(self, painter: QPainter, target: QRectF) -> None:
        """Paint the whole page into ``target``, for pictures: nothing lit, nothing chosen."""
        painter.fillRect(target, self._theme.color("panel"))
        if self._page is not None:
            painter.save()
            painter.translate(target.topLeft())
            scale = target.width() / self.sizeHint().width()
            painter.scale(scale, scale)
            painter.translate(MARGIN_X, MARGIN_Y)
            paint_page(painter, self._page, self._faces, self._theme)
            painter.restore()

    # -- pointer ----------------------------------------------------------------------------------

    def spot_at(self, at: QPointF) -> Spot | None:
        """The number or symbol at a point of the widget."""
        return None if self._page is None else self._page.at(at.x() - MARGIN_X, at.y() - MARGIN_Y)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self.dragged.emit(event.globalPosition(), event.modifiers())
            return
        self._point(self.spot_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position())
        if event.button() == Qt.MouseButton.RightButton and spot is None:
            return
        self.choose(spot if spot is not None and isinstance(spot.node, Number) else None)
        if event.button() == Qt.MouseButton.LeftButton and spot is not None and self.can_change(spot.node):
            self._held = True
            self.seized.emit(spot.node, event.globalPosition())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._held = False
            self.let_go.emit()
            self._point(self.spot_at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position())
        if spot is not None and event.button() == Qt.MouseButton.LeftButton:
            self._enter(spot)

    def _enter(self, spot: Spot) -> None:
        """A double click or Enter: change the number, or ask for it where it cannot be changed."""
        if self.can_change(spot.node):
            self.change_wanted.emit(spot)
        else:
            self.asked.emit(spot.node)

    def _point(self, spot: Spot | None) -> None:
        if spot != self._pointed:
            self._pointed = spot
            self.setCursor(self._shape(spot))
            self.pointed.emit(None if spot is None else spot.node)

    def _shape(self, spot: Spot | None) -> Qt.CursorShape:
        if spot is None or not isinstance(spot.node, Number):
            return Qt.CursorShape.ArrowCursor
        return Qt.CursorShape.SizeHorCursor if self.can_change(spot.node) else Qt.CursorShape.IBeamCursor

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self.spot_at(QPointF(event.pos()))
            text = "" if spot is None else self._tell(spot.node)
            if text:
                QToolTip.showText(event.globalPos(), tool_tip(text), self)
            else:
                QToolTip.hideText()
            return True
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._means(event)
        ):
            event.accept()
            return True
        return super().event(event)

    # -- keyboard ---------------------------------------------------------------------------------

    def _means(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Copy):
            return self._chosen is not None
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        if plain and event.key() in _WALKS:
            return self._page is not None and bool(self._page.numbers())
        return plain and self._chosen is not None and event.key() in (*_GOES, Qt.Key.Key_Escape)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._means(event) or self._page is None:
            event.ignore()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_number()
        elif event.key() in _WALKS:
            self.choose(next_number(self._page.numbers(), self._chosen, Qt.Key(event.key()).name[4:].lower()))
        elif event.key() in _GOES and self._chosen is not None:
            self._enter(self._chosen)
        else:
            self.choose(None)

    def choose(self, spot: Spot | None) -> None:
        """Choose a number, or none."""
        if spot != self._chosen:
            self._chosen = spot
            self.update()
            self.pointed.emit(None if spot is None else spot.node)
        if spot is not None:
            self.revealed.emit(self.rect_of(spot))

    def copy_number(self) -> None:
        """Put the chosen number on the clipboard with all its digits."""
        number = self.chosen
        if number is not None:
            text = exact(number.value)
            QGuiApplication.clipboard().setText(text)
            self.copied.emit(text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._pointed is None:
            self.pointed.emit(None)  # what is chosen is pointed at while the keyboard is here
        self.update()
