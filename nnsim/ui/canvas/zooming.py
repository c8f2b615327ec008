"""Zooming smoothly: while the zoom changes from frame to frame, pictures are scaled, and drawn anew in
turn.

Drawing a thousand edges and a hundred neurons at a zoom takes longer than the frame it would be good for.
So each frame draws as much as it has time for, what is oldest first, and scales the rest, which was drawn
a few frames ago at nearly the same zoom. What has no picture, or one too far from the present zoom, is
drawn at once: nothing is ever missing or of a wrong size. When the zoom rests everything is drawn sharply.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from math import ceil, floor

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsItem, QWidget

from nnsim.ui.canvas.kept_item import KeptItem, Picture

_ALLOWANCE = 0.0015  # seconds a frame for drawing anew what could be scaled
_FURTHEST = 1.3  # a picture is never scaled by more, up or down
_STRIP = 90  # lines of pixels that Qt draws by itself
_MARGIN = 96.0  # pixels around the view that are drawn with it: they come into view when zooming out


class Zooming:
    """Keeps the pictures of :class:`KeptItem` from :meth:`begin` to :meth:`rest`."""

    def __init__(self) -> None:
        self._kept: list[KeptItem] = []
        self._seen: list[KeptItem] = []  # in the last frame
        self._due: set[KeptItem] = set()
        self._made = 0
        self._active = False

    @property
    def active(self) -> bool:
        """Whether the zoom is changing."""
        return self._active

    def begin(self, items: Iterable[QGraphicsItem]) -> None:
        """The zoom begins to change: keep the pictures of those ``items`` that let theirs be kept."""
        self._active = True
        self._kept = [item for item in items if isinstance(item, KeptItem)]
        for item in self._kept:
            item.keep_with(self)

    def rest(self) -> None:
        """The zoom changes no more: everything is drawn sharply, and kept by Qt."""
        for item in self._kept:
            item.keep_with(None)
        self._kept, self._seen, self._due, self._active = [], [], set(), False

    def begin_frame(self) -> None:
        """Choose what the next frame has time to draw anew: of what was seen last, the oldest pictures,
        those of items that have changed first."""
        self._due = set()
        left = _ALLOWANCE
        seen, self._seen = [(item, item.kept) for item in self._seen if item.kept is not None], []
        for item, picture in sorted(seen, key=lambda each: (not each[1].stale, each[1].made)):
            left -= picture.seconds
            if left < 0.0 and self._due:
                break
            self._due.add(item)

    def paint(self, item: KeptItem, painter: QPainter, widget: QWidget | None) -> None:
        """Show ``item``: by its picture, or drawn anew."""
        self._seen.append(item)
        placed, picture = painter.worldTransform(), item.kept
        if picture is None or not self._is_good(item, picture, placed, widget):
            picture = item.kept = self._make(item, painter, placed, widget)
            if picture is None:
                return
        if picture.zoom == placed.m11():
            ratio = picture.pixmap.devicePixelRatio()
            x, y = round(placed.dx() * ratio) / ratio, round(placed.dy() * ratio) / ratio
            painter.resetTransform()  # copied pixel by pixel
            painter.drawPixmap(QPointF(x + picture.left, y + picture.top), picture.pixmap)
            painter.setWorldTransform(placed)
        else:
            _draw_scaled(painter, picture, placed, widget)

    def _is_good(self, item: KeptItem, picture: Picture, placed: QTransform, widget: QWidget | None) -> bool:
        """Whether a picture can stand for its item in this frame."""
        scale = placed.m11() / picture.zoom
        if item in self._due and (scale != 1.0 or picture.stale):
            return False
        if not 1 / _FURTHEST <= scale <= _FURTHEST:
            return False
        return picture.whole or picture.area.contains(
            placed.inverted()[0].mapRect(_view(widget, 0.0)) & item.boundingRect()
        )

    def _make(
        self, item: KeptItem, painter: QPainter, placed: QTransform, widget: QWidget | None
    ) -> Picture | None:
        """Draw what is in view of an item; ``None`` if nothing is."""
        began = time.thread_time()
        zoom, ratio = placed.m11(), painter.device().devicePixelRatio()
        every = placed.mapRect(item.boundingRect())
        part = every if widget is None else every & _view(widget, _MARGIN)
        left, top = floor((part.left() - placed.dx()) * ratio), floor((part.top() - placed.dy()) * ratio)
        wide = ceil((part.right() - placed.dx()) * ratio) - left
        high = ceil((part.bottom() - placed.dy()) * ratio) - top
        if part.isEmpty() or wide <= 0 or high <= 0:
            return None
        pixmap = QPixmap(wide, high)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        x, y = left / ratio, top / ratio
        with QPainter(pixmap) as own:
            own.setRenderHint(QPainter.RenderHint.Antialiasing)
            own.setWorldTransform(QTransform(zoom, 0.0, 0.0, zoom, -x, -y))
            item.draw(own)
        self._made += 1
        per_unit = 1.0 / (zoom * ratio)
        area = QRectF(left * per_unit, top * per_unit, wide * per_unit, high * per_unit)
        return Picture(
            pixmap, QRectF(0.0, 0.0, wide, high), area, x, y, zoom, part == every, self._made,
            time.thread_time() - began,
        )  # fmt: skip


def _draw_scaled(painter: QPainter, picture: Picture, placed: QTransform, widget: QWidget | None) -> None:
    """Draw a picture at another zoom than its own, strip by strip: from about a hundred lines of pixels on,
    Qt would share them out among threads, and wait for these longer than it takes to draw them."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    # Smooth inside; smooth edges would take three times as long, and they are empty anyway.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    target = placed.mapRect(picture.area)
    seen = (target if widget is None else target & _view(widget, 0.0)).toAlignedRect()
    high = max(int(_STRIP / picture.pixmap.devicePixelRatio()), 1)
    painter.resetTransform()
    for y in range(seen.top(), seen.bottom() + 1, high):
        painter.setClipRect(QRect(seen.left(), y, seen.width(), high))
        painter.drawPixmap(target, picture.pixmap, picture.source)
    painter.setClipping(False)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setWorldTransform(placed)


def _view(widget: QWidget | None, margin: float) -> QRectF:
    """What is in view, in pixels; without a widget, nothing is known of it."""
    return QRectF() if widget is None else QRectF(widget.rect()).adjusted(-margin, -margin, margin, margin)
