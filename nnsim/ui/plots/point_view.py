"""A plot with a point that the hand, or the keyboard, can move sideways."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip

from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.plots.view import STEP_KEYS, PlotView
from nnsim.ui.theme import Theme

POINT = 5.0  # its radius in pixels


class PointView(PlotView):
    """Subclasses say where the :meth:`point` is.

    ``seized(point)``, ``dragged(point, modifiers)``, ``let_go()``  the point is under the hand, in
    pixels · ``nudged(steps, modifiers)`` arrow and page keys: ±1, ±10
    """

    seized = Signal(QPointF)
    dragged = Signal(QPointF, object)
    let_go = Signal()
    nudged = Signal(int, object)

    def __init__(self, theme: Theme) -> None:
        self._held = False
        self.visits = 0  # by the keyboard: what it does in one belongs together
        self.tell: Callable[[], str] = lambda: ""  # what the point's tool tip says
        super().__init__(theme)

    def point(self) -> QPointF | None:
        """Where the point is in pixels; ``None`` if there is none."""
        raise NotImplementedError

    def is_on_point(self, at: QPointF | None) -> bool:
        """Whether a place in pixels is on the selected neuron's point."""
        point = self.point()
        return at is not None and point is not None and (at - point).manhattanLength() <= 3.0 * POINT

    def x_per_pixel(self) -> float:
        """How much the number on the lower axis grows by one pixel to the right."""
        x0, x1, _, _ = self.area.range
        return float(x1 - x0) / self.area.rect.width()

    # -- events -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.is_on_point(event.position()):
            self._held = True
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.seized.emit(event.position())
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self.dragged.emit(event.position(), event.modifiers())
            event.accept()
            return
        shape = Qt.CursorShape.SizeHorCursor if self.is_on_point(event.position()) else None
        self.viewport().setCursor(shape or Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._held = False
            self.let_go.emit()
            event.accept()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEP_KEYS.get(Qt.Key(event.key()))
        if step is None or self.point() is None:
            super().keyPressEvent(event)
        else:
            self.nudged.emit(step, event.modifiers())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.visits += 1

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            on_point = self.is_on_point(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), tool_tip(self.tell()) if on_point else "", self.viewport())
            return True
        return bool(super().viewportEvent(event))
