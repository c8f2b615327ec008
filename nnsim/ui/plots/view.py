"""A picture with axes: pyqtgraph's view box for the data, our own frame around it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem

from nnsim.ui.plots.curve import Curve
from nnsim.ui.plots.frame import Axis, Frame, Layout
from nnsim.ui.plots.words import Stroke
from nnsim.ui.theme import Theme

Range = tuple[float, float, float, float]

# The data's rectangle is this much larger than the axes', so that a line along an edge is not cut.
_PAD = 5.0
_NO_CACHE = QGraphicsItem.CacheMode.NoCache
STEP_KEYS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1,
    Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10,
}  # fmt: skip


class Overlay(pg.GraphicsObject):
    """Something painted over or under the data in the picture's own pixels."""

    def __init__(self, draw: Callable[[QPainter], None], depth: float) -> None:
        super().__init__()
        self._draw = draw
        self._bounds = QRectF()
        self.setZValue(depth)

    def cover(self, width: float, height: float) -> None:
        self.prepareGeometryChange()
        self._bounds = QRectF(0.0, 0.0, width, height)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option, widget=None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self._draw(painter)


class PlotView(pg.GraphicsView):
    """Data in the middle, axes around it, words on top.

    Signals:

    ``arranged()``        the plot's rectangle or the shown range has changed: place words again
    ``hovered(point)``    the pointer in pixels, ``None`` when it has left
    ``clicked(point)``    a click of the left button, in pixels
    ``stepped(count)``    arrow and page keys: ±1, ±10
    ``zoom_changed()``    the user has zoomed or panned, or the whole is shown again
    """

    arranged = Signal()
    hovered = Signal(object)
    clicked = Signal(object)
    stepped = Signal(int)
    entered = Signal()
    zoom_changed = Signal()

    def __init__(self, theme: Theme, zoomable: bool = False) -> None:
        super().__init__(background=None, useOpenGL=False)
        self.theme = theme
        self._by_keyboard = False
        self.setCentralItem(None)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # The panel around the picture has the menu.
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setMinimumSize(QSize(80, 60))
        self.frame_item = Frame(theme)
        self.box = pg.ViewBox(enableMenu=False, enableMouse=zoomable, defaultPadding=0.0)
        self.box.disableAutoRange()
        self.box.setFlag(self.box.GraphicsItemFlag.ItemIsFocusable, False)
        self.underlay, self.overlay = Overlay(self.draw_under, -150.0), Overlay(self.draw_over, 100.0)
        self._for_file = False
        self._drawn: list[Curve] = []
        for item in (self.frame_item, self.underlay, self.box, self.overlay):
            self.addItem(item)
        _keep_painted(self.frame_item)
        self._home: Range = (0.0, 1.0, 0.0, 1.0)
        self._shown: Range = self._home
        self._zoomed = False
        self._aspect: tuple[float, float] | None = None
        self._right = 0.0
        self.box.sigRangeChangedManually.connect(self._on_zoom)
        self.sceneObj.sigMouseMoved.connect(self._on_move)
        self.sceneObj.sigMouseClicked.connect(self._on_click)
        self.restyle()

    # -- for those who build on it ------------------------------------------------------------------

    def draw_over(self, painter: QPainter) -> None:
        """Paint what lies over the data. Pixels; does nothing here."""

    def draw_under(self, painter: QPainter) -> None:
        """Paint what lies between the axes and the curves. Pixels; does nothing here."""

    @property
    def for_file(self) -> bool:
        """Whether what is being painted goes into a file, where shapes stay shapes."""
        return self._for_file

    def repaint_all(self) -> None:
        """Paint again what lies over and under the data."""
        self.underlay.update()
        self.overlay.update()

    def restyle(self) -> None:
        """Take over the theme's colours and fonts."""
        self.setBackground(self.theme.color("panel"))
        self.frame_item.restyle()
        for curve in self._drawn:
            curve.restyle(self.theme, self.devicePixelRatioF())
        self.arrange()

    @property
    def area(self) -> Layout:
        """Where the data is, and the mapping between numbers and pixels."""
        return self.frame_item.layout_

    # -- range ------------------------------------------------------------------------------------

    def set_axes(self, x: Axis, y: Axis) -> None:
        frame = self.frame_item
        if (x, y) != (frame.x_axis, frame.y_axis):
            frame.x_axis, frame.y_axis = x, y
            self.arrange()

    def set_caption(self, text: str) -> None:
        """A line above the plot; empty for none."""
        frame = self.frame_item
        if text != frame.caption:
            frame.caption = text
            self.arrange()

    def set_shape(self, aspect: tuple[float, float] | None, right: float = 0.0) -> None:
        """Keep the plot's width / height between the two; leave ``right`` pixels free beside it."""
        if (aspect, right) != (self._aspect, self._right):
            self._aspect, self._right = aspect, right
            self.arrange()

    def show_range(self, x0: float, x1: float, y0: float, y1: float) -> None:
        """The range to show while the user has not chosen another by zooming."""
        home = (x0, x1 if x1 > x0 else x0 + 1.0, y0, y1 if y1 > y0 else y0 + 1.0)
        if home != self._home:
            self._home = home
            if not self._zoomed:
                self._shown = home
                self.arrange()

    @property
    def zoomed(self) -> bool:
        return self._zoomed

    def reset_view(self) -> None:
        """Show the whole again."""
        self._shown = self._home
        self._zoomed = False
        self.arrange()
        self.zoom_changed.emit()

    def arrange(self) -> None:
        """Lay out axes and data for the widget's size and the shown range."""
        width, height = float(self.width()), float(self.height())
        layout = self.frame_item.arrange(width, height, self._shown, self._aspect, self._right)
        self.underlay.cover(width, height)
        self.overlay.cover(width, height)
        rect = layout.rect.adjusted(-_PAD, -_PAD, _PAD, _PAD)
        if rect != self.box.geometry():
            self.box.setGeometry(rect)
        x0, x1, y0, y1 = self._shown
        dx = _PAD * (x1 - x0) / layout.rect.width()
        dy = _PAD * (y1 - y0) / layout.rect.height()
        self.box.setRange(
            xRange=(x0 - dx, x1 + dx), yRange=(y0 - dy, y1 + dy), padding=0.0, disableAutoRange=False
        )
        for curve in self._drawn:
            curve.fit(layout)
        self.arranged.emit()

    def _on_zoom(self, *_: object) -> None:
        """The user has turned the wheel or dragged: never beyond the whole."""
        (x0, x1), (y0, y1) = self.box.viewRange()
        rect = self.area.rect
        dx = _PAD * (x1 - x0) / (rect.width() + 2 * _PAD)
        dy = _PAD * (y1 - y0) / (rect.height() + 2 * _PAD)
        h = self._home
        shown = (*_within(x0 + dx, x1 - dx, h[0], h[1]), *_within(y0 + dy, y1 - dy, h[2], h[3]))
        self._shown = shown
        self._zoomed = not np.allclose(shown, h, rtol=1e-9, atol=0.0)
        self.arrange()
        self.zoom_changed.emit()

    # -- events -----------------------------------------------------------------------------------

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        if hasattr(self, "frame_item"):  # the base class resizes itself while it is being built
            self.arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.restyle()
        return super().event(event)

    def leaveEvent(self, event) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEP_KEYS.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif step is None:
            event.ignore()
        else:
            self.stepped.emit(step)

    def _on_move(self, point: QPointF) -> None:
        self.hovered.emit(QPointF(point))

    def _on_click(self, event) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            if event.double():
                if self._zoomed:
                    self.reset_view()
            else:
                self.clicked.emit(QPointF(event.scenePos()))

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self._by_keyboard = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        self.overlay.update()

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        self._by_keyboard = False
        self.overlay.update()

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        if self._by_keyboard:
            painter.setPen(QPen(self.theme.color("focus"), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(0.5, 0.5, self.width() - 1.0, self.height() - 1.0))

    # -- contents ---------------------------------------------------------------------------------

    def add_curve(
        self, color: str, stroke: Stroke, width: float = 2.0, depth: float = 0.0, still: bool = False
    ) -> Curve:
        """One more curve. ``still``: it changes seldom, while things around it move."""
        curve = Curve(color, stroke, width)
        curve.restyle(self.theme, self.devicePixelRatioF())
        curve.item.setZValue(depth)
        curve.fit(self.area)
        self._drawn.append(curve)
        if still:
            _keep_painted(curve.item)
        self.box.addItem(curve.item, ignoreBounds=True)
        return curve

    def paint_picture(self, painter: QPainter, target: QRectF) -> None:
        """Paint all of it into ``target``, for pictures."""
        self._for_file = True
        kept = [item for item in self.sceneObj.items() if item.cacheMode() != _NO_CACHE]
        for item in kept:
            item.setCacheMode(_NO_CACHE)
        for curve in self._drawn:
            curve.restyle(self.theme, target.width() / self.width())
        try:
            self.render(painter, target, self.viewport().rect())
        finally:
            self._for_file = False
            for item in kept:
                _keep_painted(item)
            for curve in self._drawn:
                curve.restyle(self.theme, self.devicePixelRatioF())


def _keep_painted(item: QGraphicsItem) -> None:
    """Paint ``item`` once and show that until it changes: what moves in front of it is cheaper so."""
    item.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)


def _within(low: float, high: float, least: float, most: float) -> tuple[float, float]:
    """The interval moved (and if need be shortened) so that it lies within the other one."""
    span = min(high - low, most - least)
    low = min(max(low, least), most - span)
    return low, low + span
