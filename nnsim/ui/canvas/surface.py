"""The view of the scene: zoom and pan, and events turned into what they mean for the network."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmapCache,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)  # fmt: skip
from PySide6.QtWidgets import QFrame, QGestureEvent, QGraphicsView, QPinchGesture, QWidget

from nnsim.ui.canvas.gestures import Pan, wheel_factor
from nnsim.ui.canvas.hit import BACKGROUND, Hit
from nnsim.ui.canvas.layout import LEAST_ZOOM, MOST_ZOOM, CanvasLayout
from nnsim.ui.canvas.scene import NetworkScene

_REACH = 8.0  # pixels within which a pointer hits an edge
# Room for the cached pictures of all edges on a 4K screen; Qt's 10 MB would throw them out.
_CACHE_KILOBYTES = 96 * 1024
_REST = 150  # milliseconds after the last change of zoom
_KEEP = 60.0  # pixels of the picture that stay in view however far it is dragged
NUMBERS = ("number", "bias")  # parts that can be dragged
_SHAPES = {
    "background": Qt.CursorShape.ArrowCursor,
    **dict.fromkeys(NUMBERS, Qt.CursorShape.SizeHorCursor),
}
_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason,
)  # fmt: skip
_MEANT = (
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End,
    Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Escape,
    Qt.Key.Key_E, Qt.Key.Key_F2, Qt.Key.Key_Plus, Qt.Key.Key_Minus,
)  # fmt: skip


class Surface(QGraphicsView):
    """``objectName`` is ``network_surface``.

    ``pressed(hit)`` a click has begun on something (or on the background: when it ends as a click) ·
    ``seized(hit, point)``, ``dragged(point, modifiers)``, ``let_go()`` a press on a number, and what the
    hand does until it comes up · ``activated(hit)`` a double click ·
    ``pointed(hit)`` the pointer is over something else ·
    ``menu_wanted(hit, global position)`` · ``tip_wanted(hit, global position)`` ·
    ``key(event)`` a key that means something to the network · ``moved()`` after zooming or panning ·
    ``taken()`` the user has zoomed or panned · ``resized()``
    """

    pressed = Signal(object)
    seized = Signal(object, QPointF)
    dragged = Signal(QPointF, object)
    let_go = Signal()
    activated = Signal(object)
    pointed = Signal(object)
    menu_wanted = Signal(object, QPoint)
    tip_wanted = Signal(object, QPoint)
    key = Signal(object)
    moved = Signal()
    taken = Signal()
    resized = Signal()

    def __init__(self, scene: NetworkScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._network = scene
        self._pan: Pan | None = None
        self._press: Hit = BACKGROUND
        self._holds_number = False
        self._pointed: Hit = BACKGROUND
        self._shows_focus = False
        self._content = QRectF()
        self._halfway = False  # between a change of zoom and the move that goes with it
        self._slowest = 0.0
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_REST)
        self._resting.timeout.connect(scene.zooming.rest)
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), _CACHE_KILOBYTES))
        self.setObjectName("network_surface")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        self.horizontalScrollBar().valueChanged.connect(self._on_moved)
        self.verticalScrollBar().valueChanged.connect(self._on_moved)

    # -- camera -----------------------------------------------------------------------------------

    def zoom(self) -> float:
        """Pixels per scene unit."""
        return float(self.transform().m11())

    def show_all(self, layout: CanvasLayout) -> None:
        """Show the whole network, as the layout was made for it."""
        self._content = QRectF(0.0, 0.0, layout.width, layout.height)
        self._set_zoom(layout.zoom)
        self._move_to(QPointF(0.0, 0.0))

    def set_content(self, layout: CanvasLayout) -> None:
        """The network has become another one; the view stays where it is."""
        self._content = QRectF(0.0, 0.0, layout.width, layout.height)
        self._set_zoom(self.zoom())

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Zoom by the user's wish, the point ``around`` (of the viewport; its middle) staying put."""
        at = QPointF(self.viewport().rect().center()) if around is None else around
        before = self._to_scene(at)
        if not self._network.zooming.active:
            self._network.zooming.begin(self._network.items())
        self._resting.start()
        self._halfway = True
        self._set_zoom(min(max(self.zoom() * factor, LEAST_ZOOM), MOST_ZOOM))
        self._move_to(before - at / self.zoom())
        self._halfway = False
        self.moved.emit()
        self.taken.emit()

    def pan_by(self, pixels: QPointF) -> None:
        """Move the picture by the user's wish."""
        self._move_to(self._to_scene(QPointF(0.0, 0.0)) - pixels / self.zoom())
        self.taken.emit()

    def reveal(self, rect: QRectF) -> None:
        """Scroll as little as needed to see ``rect``."""
        seen = self._seen().adjusted(12, 12, -12, -12)
        if not seen.contains(rect):
            dx = min(rect.left() - seen.left(), 0.0) or max(rect.right() - seen.right(), 0.0)
            dy = min(rect.top() - seen.top(), 0.0) or max(rect.bottom() - seen.bottom(), 0.0)
            self._move_to(self._to_scene(QPointF(0.0, 0.0)) + QPointF(dx, dy))

    def on_screen(self, at: QPointF) -> QPointF:
        """A point of the scene in pixels of the viewport."""
        return self.viewportTransform().map(at)

    def _seen(self) -> QRectF:
        size = self.viewport().size()
        return QRectF(self._to_scene(QPointF(0.0, 0.0)), self._to_scene(QPointF(size.width(), size.height())))

    def _to_scene(self, at: QPointF) -> QPointF:
        return self.viewportTransform().inverted()[0].map(at)

    def _set_zoom(self, zoom: float) -> None:
        size = self.viewport().size()
        beside, over = (max(size.width() - _KEEP, 0.0), max(size.height() - _KEEP, 0.0))
        # The picture can be dragged until only its edge is left in view, at any zoom.
        self.setSceneRect(self._content.adjusted(-beside / zoom, -over / zoom, beside / zoom, over / zoom))
        self.setTransform(QTransform.fromScale(zoom, zoom))
        self._on_moved()

    def _on_moved(self) -> None:
        if not self._halfway:
            self.moved.emit()

    def _move_to(self, top_left: QPointF) -> None:
        """Have this point of the scene at the viewport's top left corner."""
        at = top_left * self.zoom()
        self.horizontalScrollBar().setValue(round(at.x()))
        self.verticalScrollBar().setValue(round(at.y()))

    # -- pointer ----------------------------------------------------------------------------------

    def hit(self, at: QPointF) -> Hit:
        """What is at a point of the viewport."""
        return self._network.hit(self._to_scene(at), _REACH / self.zoom())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._show_focus(False)
        at = event.position()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._pan = Pan.begin(at, at_once=True)
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._press = self.hit(at)
            self._holds_number = self._press.part in NUMBERS
            self._pan = None if self._holds_number else Pan.begin(at)
            if self._press.part != "background":
                self.pressed.emit(self._press)
            if self._holds_number:
                self.seized.emit(self._press, at)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._holds_number:
            self.dragged.emit(event.position(), event.modifiers())
        elif self._pan is None:
            self._point(self.hit(event.position()))
        else:
            step = self._pan.move(event.position())
            if self._pan.moving:
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
                self.pan_by(step)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pan, self._pan = self._pan, None
        if self._holds_number:
            self._holds_number = False
            self.let_go.emit()
        if pan is not None and not pan.moving and self._press.part == "background":
            self.pressed.emit(BACKGROUND)
        self._point(self.hit(event.position()), force=True)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.activated.emit(self.hit(event.position()))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._point(BACKGROUND)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.menu_wanted.emit(None if by_keyboard else self.hit(QPointF(event.pos())), event.globalPos())
        event.accept()

    def _point(self, hit: Hit, force: bool = False) -> None:
        if hit != self._pointed or force:
            self._pointed = hit
            self.viewport().setCursor(_SHAPES.get(hit.part, Qt.CursorShape.PointingHandCursor))
            self.pointed.emit(hit)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Two fingers on a touch pad drag; with Ctrl (which pinching sends), and on a wheel, they zoom.
        pad = event.device() is not None and event.device().type() == QInputDevice.DeviceType.TouchPad
        with_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if pad and not with_ctrl and not event.pixelDelta().isNull():
            self.pan_by(QPointF(event.pixelDelta()))
        else:
            angle = event.angleDelta().y() or event.angleDelta().x()
            self.zoom_by(wheel_factor(angle), event.position())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self.tip_wanted.emit(self.hit(QPointF(event.pos())), event.globalPos())
            return True
        pinching = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == pinching:
            self.zoom_by(1.0 + event.value(), event.position())
            return True
        if event.type() == QEvent.Type.Gesture and isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                at = QPointF(self.viewport().mapFromGlobal(pinch.centerPoint().toPoint()))
                self.zoom_by(pinch.scaleFactor(), at)
                return True
        return super().viewportEvent(event)

    # -- keyboard ---------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # These keys mean something here; Space, which steps, goes on to the window.
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self._means_something(event):
            event.accept()
            return True
        return super().event(event)

    def _means_something(self, event: QKeyEvent) -> bool:
        plain = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        return event.key() in _MEANT and plain == Qt.KeyboardModifier.NoModifier

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._means_something(event):
            self._show_focus(True)
            self.key.emit(event)
            event.accept()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_focus(event.reason() in _BY_KEYBOARD)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_focus(False)

    def _show_focus(self, shown: bool) -> None:
        if shown != self._shows_focus:
            self._shows_focus = shown
            self.viewport().update()

    # -- painting and size ------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        # Taken over although nothing is added: Qt would ask every item in turn, and each time wait
        # for the interpreter while the engine has it. Asked from here, all of them have it already.
        began = time.thread_time()
        self._network.zooming.begin_frame()
        super().paintEvent(event)
        self._slowest = max(self._slowest, time.thread_time() - began)

    def slowest_paint(self) -> float:
        """How many seconds the slowest painting took since this was asked last."""
        slowest, self._slowest = self._slowest, 0.0
        return slowest

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.fillRect(rect, self._network.inks.background)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The ring that says the keyboard is here."""
        if self._shows_focus:
            painter.resetTransform()
            painter.setPen(QPen(self._network.inks.focus, 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            frame = QRectF(self.viewport().rect()).adjusted(2.0, 2.0, -2.0, -2.0)
            painter.drawRoundedRect(frame, 5.0, 5.0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if self._shows_focus:
            self.viewport().update()  # scrolling would drag the ring along
