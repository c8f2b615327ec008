"""Inputs that are pixels: the sample in view as an image, and a lens on a neuron's incoming weights."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from nnsim.ui.canvas.cell_numbers import Written, write_cells
from nnsim.ui.canvas.inks import Inks
from nnsim.ui.canvas.kept_item import KeptItem
from nnsim.ui.canvas.layout import ImagePlace
from nnsim.ui.canvas.pictures import LayerPicture

_BORDER = 1.2


class ImageItem(KeptItem):
    """Paints one picture; the pixels that are looked at are ringed. ``written`` are the numbers written last
    into its pixels, by row and column."""

    def __init__(self, inks: Inks) -> None:
        super().__init__()
        self._inks = inks
        self._half = 0.0
        self._picture: LayerPicture | None = None
        self._lit: frozenset[int] = frozenset()
        self.written: Written = {}
        self.setZValue(3)

    @property
    def picture(self) -> LayerPicture | None:
        return self._picture

    @property
    def lit(self) -> frozenset[int]:
        """The pixels that are ringed."""
        return self._lit

    def arrange(self, place: ImagePlace) -> None:
        """Take this place."""
        if place.half != self._half:
            self.prepareGeometryChange()
            self._half = place.half
        self.setPos(place.x, place.y)

    def display(self, picture: LayerPicture) -> None:
        """Show this picture."""
        self._picture = picture
        self.renew()

    def light(self, pixels: frozenset[int]) -> None:
        """Ring these pixels, counted row by row, and no others."""
        if pixels != self._lit:
            self._lit = pixels
            self.renew()

    def boundingRect(self) -> QRectF:
        half = self._half + 4.0
        return QRectF(-half, -half, 2 * half, 2 * half)

    def draw(self, painter: QPainter) -> None:
        if self._picture is None:
            return
        side, body = self._picture.side, QRectF(-self._half, -self._half, 2 * self._half, 2 * self._half)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(body, self._picture.image, QRectF(0.0, 0.0, side, side))
        cells = self._picture.cells(0, body, _BORDER / 2)
        if cells is not None:
            self.written = write_cells(painter, self._inks, cells)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._inks.ink, _BORDER))
        painter.drawRect(body)
        painter.setPen(QPen(self._inks.focus, 1.8))
        cell = 2 * self._half / side
        for pixel in self._lit:
            row, column = divmod(pixel, side)
            painter.drawRect(
                QRectF(body.left() + column * cell, body.top() + row * cell, cell, cell).adjusted(
                    -1, -1, 1, 1
                )
            )


class Lens(QGraphicsItem):
    """The picture of a small neuron, large beside it while the pointer is there. Its size is in pixels
    whatever the zoom."""

    HALF = 72.0
    _OFF, _RISE = 26.0, 8.0  # from the neuron's middle, on the side where the tool tip is not

    def __init__(self, inks: Inks) -> None:
        super().__init__()
        self._inks = inks
        self._picture: LayerPicture | None = None
        self._rect = QRectF()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(6)
        self.hide()

    @property
    def picture(self) -> LayerPicture | None:
        """What is seen through it; ``None`` while there is nothing."""
        return self._picture if self.isVisible() else None

    def look_at(self, picture: LayerPicture, x: float, y: float, downward: bool) -> None:
        """Show this picture (the only one in it) beside the neuron at a point, ``downward`` from there
        or upward."""
        side = 2 * self.HALF
        rect = QRectF(-self._OFF - side, -self._RISE if downward else self._RISE - side, side, side)
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        self._picture = picture
        self.setPos(x, y)
        self.show()
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-6.0, -6.0, 6.0, 6.0)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self._picture is None:
            return
        painter.setPen(QPen(self._inks.focus, 1.6))
        painter.setBrush(self._inks.panel)
        painter.drawRoundedRect(self._rect.adjusted(-4.0, -4.0, 4.0, 4.0), 5.0, 5.0)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        side = self._picture.side
        painter.drawImage(self._rect, self._picture.image, QRectF(0.0, 0.0, side, side))
