"""The sample in view as an image: the input layer where its neurons are pixels."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from nnsim.ui.canvas.inks import Inks
from nnsim.ui.canvas.layout import ImagePlace
from nnsim.ui.canvas.pictures import LayerPicture


class ImageItem(QGraphicsItem):
    """Paints one picture; the pixels that are looked at are ringed."""

    def __init__(self, inks: Inks) -> None:
        super().__init__()
        self._inks = inks
        self._half = 0.0
        self._picture: LayerPicture | None = None
        self._lit: frozenset[int] = frozenset()
        self.setZValue(3)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

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
        self.update()

    def light(self, pixels: frozenset[int]) -> None:
        """Ring these pixels, counted row by row, and no others."""
        if pixels != self._lit:
            self._lit = pixels
            self.update()

    def boundingRect(self) -> QRectF:
        half = self._half + 4.0
        return QRectF(-half, -half, 2 * half, 2 * half)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self._picture is None:
            return
        side, body = self._picture.side, QRectF(-self._half, -self._half, 2 * self._half, 2 * self._half)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(body, self._picture.image, QRectF(0.0, 0.0, side, side))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._inks.ink, 1.2))
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
