"""One neuron on the canvas: a circle with its numbers, or a picture of its output over the plane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QTransform

from nnsim.ui.canvas.badges import paint_frozen, paint_ill
from nnsim.ui.canvas.cell_numbers import LEAST_CELL, Written, write_cells
from nnsim.ui.canvas.inks import Inks
from nnsim.ui.canvas.kept_item import KeptItem
from nnsim.ui.canvas.layout import CanvasLayout, Detail
from nnsim.ui.canvas.neuron_frames import FrameLook, NeuronFrames, border_of, halos_of, rounded
from nnsim.ui.canvas.pictures import LayerPicture

_CENTRE = Qt.AlignmentFlag.AlignCenter
_ORIGIN = QPointF(0.0, 0.0)
_LEAST_TEXT = 0.55  # zoom below which letters are specks and only slow painting down


@dataclass(frozen=True, slots=True)
class NeuronLook:
    """All that is seen of a neuron. ``under`` and ``over`` stand beneath and above it; ``dot`` is
    the sample in view on the picture, as shares of its sides; ``reached`` is false while its value
    is yet to be computed; ``frozen`` is of its bias, ``ill`` that something is to be said of it."""

    name: str = ""
    value: str = ""
    under: str = ""
    over: str = ""
    under_is_delta: bool = False
    fill: QColor | None = None
    picture: LayerPicture | None = None
    row: int = 0
    dot: tuple[float, float] | None = None
    reached: bool = True
    ringed: bool = False
    selected: bool = False
    hovered: bool = False
    frozen: bool = False
    ill: bool = False

    def frame(self) -> FrameLook:
        """What the outline tells of it."""
        return FrameLook(self.reached, self.ringed, self.selected, self.hovered)


class NeuronItem(KeptItem):
    """Paints a :class:`NeuronLook`; repaints only when it becomes another one. ``written`` are the numbers
    written last into its picture, by row and column."""

    def __init__(self, inks: Inks, frames: NeuronFrames) -> None:
        super().__init__()
        self._inks, self._frames = inks, frames
        self._look = NeuronLook()
        self._detail: Detail = "full"
        self._node, self._square = 31.0, False
        self._rect = QRectF()
        self.written: Written = {}
        self._discs: list[tuple[QPen, QBrush, float]] = []
        self._dressed = -1  # for which generation of the inks; −1: not yet
        self._writes_inside: Callable[[float], Detail] = lambda _zoom: "none"
        self.setZValue(3)

    @property
    def look(self) -> NeuronLook:
        return self._look

    def arrange(self, layout: CanvasLayout, x: float, y: float) -> None:
        """Take this place, in this layout's size and detail."""
        self._writes_inside = layout.writes_inside
        shape = (layout.detail, layout.node, layout.pictures)
        if shape != (self._detail, self._node, self._square) or self._rect.isEmpty():
            self.prepareGeometryChange()
            self._detail, self._node, self._square = shape
            self._dressed = -1
            side = max(layout.node + 10.0, 46.0 if layout.detail in ("full", "brief") else 0.0)
            top, bottom = layout.node + layout.above + 6.0, layout.node + layout.below + 6.0
            left = max(side, 84.0) if layout.detail == "full" else side
            self._rect = QRectF(-left, -top, left + side, top + bottom)
        self.setPos(x, y)

    def display(self, look: NeuronLook) -> None:
        """Look like this from now on."""
        if look != self._look:
            self._look, self._dressed = look, -1
            self.renew()

    def boundingRect(self) -> QRectF:
        return self._rect

    def body(self) -> QRectF:
        """The circle's or picture's square, in the item's coordinates."""
        return QRectF(-self._node, -self._node, 2 * self._node, 2 * self._node)

    def under_rect(self) -> QRectF:
        """Where the bias is written: an editor opens here."""
        drop = 16.0 if self._square and self._detail == "full" else 7.0
        return QRectF(-40.0, self._node + drop, 80.0, 16.0)

    # -- painting ---------------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        zoom = _snap(painter)
        if self._square and self._look.picture is not None and self._look.row < self._look.picture.count:
            self._paint_picture(painter, self._look.picture)
        else:
            self._paint_plain(painter)
        if self._detail in ("full", "brief"):
            if zoom >= _LEAST_TEXT and self._square:
                self._write_under_picture(painter)
            elif zoom >= _LEAST_TEXT:
                self._write_in_circle(painter)
        elif self._look.picture is None or not self._square:
            self._write_inside(painter, zoom)
        if self._look.ill and self._node >= 9:
            # Inside the picture's corner: above it stands the next neuron's name.
            corner = self._node - 3.0 if self._square else 0.75 * self._node
            inks = self._inks
            paint_ill(painter, QPointF(corner, -corner), inks.warning, inks.panel, inks.name[9])

    def _paint_picture(self, painter: QPainter, picture: LayerPicture) -> None:
        look, inks, side = self._look, self._inks, picture.side
        cell = 2 * self._node * painter.worldTransform().m11() / side
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, picture.smooth or cell < 1.0)
        painter.drawImage(self.body(), picture.image, QRectF(0.0, side * look.row, side, side))
        self.written = self._write_cells(painter, picture) if cell >= LEAST_CELL else {}
        self._frames.paint(painter, look.frame(), self._node)
        if look.dot is not None and self._node >= 12:
            size = 2 * self._node
            at = QPointF(-self._node + look.dot[0] * size, -self._node + look.dot[1] * size)
            painter.setPen(QPen(inks.panel, 1.2))
            painter.setBrush(inks.ink)
            painter.drawEllipse(at, 2.8, 2.8)

    def _write_cells(self, painter: QPainter, picture: LayerPicture) -> Written:
        body, radius = rounded(self._node)
        half = border_of(self._look.frame(), self._inks, self._node).widthF() / 2
        cells = picture.cells(self._look.row, body, half, radius)
        return {} if cells is None else write_cells(painter, self._inks, cells)

    def _paint_plain(self, painter: QPainter) -> None:
        if self._square:
            self._paint_square(painter)
            return
        if self._dressed != self._inks.generation:
            self._dress()
        # A disc upon a disc: Qt fills two in half the time it takes to draw a circle's outline.
        for pen, brush, radius in self._discs:
            painter.setPen(pen)
            painter.setBrush(brush)
            painter.drawEllipse(_ORIGIN, radius, radius)

    def _dress(self) -> None:
        """Find out of which discs (outline, filling, radius) a circle consists."""
        inks, frame = self._inks, self._look.frame()
        border, none = border_of(frame, inks, self._node), QPen(Qt.PenStyle.NoPen)
        half = border.widthF() / 2
        self._discs = [
            (none, QBrush(inks.focus_soft), self._node + grow)
            if pen is None
            else (pen, QBrush(Qt.BrushStyle.NoBrush), self._node + grow)
            for grow, pen in halos_of(frame, inks, self._node, False)
        ]
        self._discs.append((none, QBrush(border.color()), self._node + half))
        self._discs.append((none, QBrush(self._fill()), self._node - half))
        self._dressed = inks.generation

    def _fill(self) -> QColor:
        look = self._look
        return look.fill if look.fill is not None and look.reached else self._inks.panel

    def _paint_square(self, painter: QPainter) -> None:
        inks, frame = self._inks, self._look.frame()
        for grow, pen in halos_of(frame, inks, self._node, True):
            painter.setPen(Qt.PenStyle.NoPen if pen is None else pen)
            painter.setBrush(inks.focus_soft if pen is None else Qt.BrushStyle.NoBrush)
            _draw_rounded(painter, self._node, grow)
        painter.setPen(border_of(frame, inks, self._node))
        painter.setBrush(self._fill())
        _draw_rounded(painter, self._node, 0.0)

    def _write_in_circle(self, painter: QPainter) -> None:
        look, inks, r = self._look, self._inks, self._node
        value_ink = inks.ink if look.reached else inks.disabled
        painter.setPen(inks.ink)
        full = self._detail == "full"
        painter.setFont(inks.name[13 if full else 12])
        painter.drawText(QRectF(-r, -r * 0.62, 2 * r, r * 0.66), _CENTRE, look.name)
        painter.setFont(inks.number[12 if full else 10])
        painter.setPen(value_ink)
        painter.drawText(QRectF(-r, 0.0, 2 * r, r * 0.58), _CENTRE, look.value)
        self._write_under(painter, r + (8.0 if full else 4.0), 11 if full else 10)
        if full and look.over:
            self._write_over(painter)

    def _write_inside(self, painter: QPainter, zoom: float) -> None:
        """The name, and where one looks closely the value, as large as a small neuron has room for."""
        inside = self._writes_inside(zoom)
        if inside == "none":
            return
        look, inks, placed = self._look, self._inks, painter.worldTransform()
        both = inside == "brief" and look.value
        r = 22.0 if both else 13.0  # the fonts are made for neurons of this size
        painter.scale(self._node / r, self._node / r)
        painter.setPen(inks.ink)
        if both:
            painter.setFont(inks.name[11])
            painter.drawText(QRectF(-r, -r * 0.62, 2 * r, r * 0.66), _CENTRE, look.name)
            painter.setFont(inks.number[10])
            painter.setPen(inks.ink if look.reached else inks.disabled)
            painter.drawText(QRectF(-r, 0.0, 2 * r, r * 0.58), _CENTRE, look.value)
        else:
            painter.setFont(inks.name[9 if len(look.name) > 2 else 11])
            painter.drawText(QRectF(-r, -r, 2 * r, 2 * r), _CENTRE, look.name)
        painter.setWorldTransform(placed)

    def _write_under_picture(self, painter: QPainter) -> None:
        look, inks, r = self._look, self._inks, self._node
        full = self._detail == "full"
        names, numbers = inks.name[12 if full else 11], inks.number[11 if full else 10]
        painter.setFont(names)
        name_width = painter.fontMetrics().horizontalAdvance(look.name)
        painter.setFont(numbers)
        value = look.under if not full and look.under_is_delta else look.value
        gap = 4.0 if value else 0.0
        value_width = painter.fontMetrics().horizontalAdvance(value)
        left = -(name_width + gap + value_width) / 2
        # Ground of its own: the text is wider than the picture, edges would run through it.
        ground = QRectF(left - 2.0, r + 3.5, name_width + gap + value_width + 4.0, 13.0)
        painter.fillRect(ground, inks.background)
        row = QRectF(left, r + 3.0, name_width + 2, 14.0)
        painter.setFont(names)
        painter.setPen(inks.ink)
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, look.name)
        painter.setFont(numbers)
        delta = not full and look.under_is_delta
        painter.setPen(inks.focus_text if delta else inks.ink if look.reached else inks.disabled)
        row = QRectF(left + name_width + gap, r + 3.0, value_width + 2, 14.0)
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, value)
        if full:
            self._write_under(painter, r + 16.0, 11)

    def _write_under(self, painter: QPainter, top: float, size: int) -> None:
        look, inks = self._look, self._inks
        if not look.under:
            return
        painter.setFont(inks.number[size])
        painter.setPen(inks.focus_text if look.under_is_delta else inks.muted_text)
        painter.drawText(QRectF(-60.0, top, 120.0, 16.0), _CENTRE, look.under)
        if look.frozen and not look.under_is_delta:
            width = painter.fontMetrics().horizontalAdvance(look.under)
            paint_frozen(painter, QPointF(-width / 2 - 9.0, top + 7.5), inks.muted_text)

    def _write_over(self, painter: QPainter) -> None:
        """δ, right-aligned over the neuron as if it came out of it; on ground of its own, since
        edges may pass there."""
        inks = self._inks
        painter.setFont(inks.delta)
        width = painter.fontMetrics().horizontalAdvance(self._look.over) + 6.0
        rect = QRectF(10.0 - width, -self._node - 24.0, width, 16.0)
        painter.fillRect(rect, inks.background)
        painter.setPen(inks.focus_text)
        painter.drawText(rect, _CENTRE, self._look.over)


def _draw_rounded(painter: QPainter, node: float, grow: float) -> None:
    rect, radius = rounded(node, grow)
    painter.drawRoundedRect(rect, radius, radius)


def _snap(painter: QPainter) -> float:
    """Put the origin on a whole pixel, so that what is copied meets what is drawn. Returns the zoom."""
    ratio = painter.device().devicePixelRatio()
    t = painter.worldTransform()
    x, y = round(t.dx() * ratio) / ratio, round(t.dy() * ratio) / ratio
    painter.setWorldTransform(QTransform(t.m11(), 0.0, 0.0, t.m22(), x, y))
    return float(t.m11())
