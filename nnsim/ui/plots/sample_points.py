"""The samples of the data set drawn over a picture, found again under the pointer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from nnsim.core.arrays import Array, IntArray
from nnsim.ui.plots.frame import Layout
from nnsim.ui.plots.markers import Marker, draw_marker, resized
from nnsim.ui.plots.stamps import stamp
from nnsim.ui.theme import Theme

REACH = 12.0  # pixels around a sample that count as it
_RING = 8.0
_ROOM = 10.0  # pixels on a side that a mark has when it is drawn in full size
_SMALLEST = 0.55
_FEW = 300  # so many marks are painted one by one


class SamplePoints:
    """Marks at numbers, painted once into a pixmap and copied from there until something changes."""

    def __init__(self) -> None:
        self.rows: IntArray = np.empty(0, dtype=np.intp)
        self._x: Array = np.empty(0)
        self._y: Array = np.empty(0)
        self._markers: Sequence[Marker] = ()
        self._style: IntArray = np.empty(0, dtype=np.intp)
        self._pixmap: QPixmap | None = None

    def set(self, rows: IntArray, x: Array, y: Array, markers: Sequence[Marker], style: IntArray) -> None:
        """Samples ``rows`` at (x, y), each drawn as ``markers[style]``. Later styles lie on top."""
        good = np.isfinite(x) & np.isfinite(y)
        order = np.flatnonzero(good)[np.argsort(style[good], kind="stable")]
        self.rows, self._x, self._y = rows[order], x[order], y[order]
        self._markers, self._style = markers, style[order]
        self.forget()

    def move(self, y: Array) -> None:
        """Other heights for the same samples, in the order they were given in :attr:`rows`."""
        self._y = y
        self.forget()

    def forget(self) -> None:
        """Paint anew: the picture has another size, range or theme."""
        self._pixmap = None

    # -- painting ---------------------------------------------------------------------------------

    def draw(self, painter: QPainter, layout: Layout, size: QSize, sharp: bool = False) -> None:
        """Paint them. ``sharp``: as shapes, not as a copied picture (for files)."""
        if not len(self._x):
            return
        if sharp:
            self._paint(painter, layout)
            return
        ratio = painter.device().devicePixelRatioF()
        wanted = size * ratio
        if self._pixmap is None or self._pixmap.size() != wanted:
            self._pixmap = QPixmap(wanted)
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(self._pixmap) as inner:
                inner.setRenderHint(QPainter.RenderHint.Antialiasing, True)
                self._paint(inner, layout, ratio)
        painter.drawPixmap(QPointF(0.0, 0.0), self._pixmap)

    def _paint(self, painter: QPainter, layout: Layout, ratio: float | None = None) -> None:
        """As shapes; with a ``ratio`` of device pixels, and many, as stamps."""
        painter.save()
        painter.setClipRect(layout.rect.adjusted(-5.0, -5.0, 5.0, 5.0))
        near = layout.rect.adjusted(-20.0, -20.0, 20.0, 20.0)
        x, y = layout.x(self._x), layout.y(self._y)
        seen = (x >= near.left()) & (x <= near.right()) & (y >= near.top()) & (y <= near.bottom())
        x, y, style = x[seen], y[seen], self._style[seen]
        markers = [resized(marker, self.scale(layout)) for marker in self._markers]
        if ratio is not None and len(x) > _FEW:
            stamp(painter, markers, x, y, style, ratio)
        else:
            for px, py, kind in zip(x.tolist(), y.tolist(), style.tolist(), strict=True):
                draw_marker(painter, markers[kind], QPointF(px, py))
        painter.restore()

    def scale(self, layout: Layout) -> float:
        """Marks are smaller where many share little room."""
        room = (layout.rect.width() * layout.rect.height() / max(len(self._x), 1)) ** 0.5
        return min(max(room / _ROOM, _SMALLEST), 1.0)

    # -- finding ----------------------------------------------------------------------------------

    def nearest(self, layout: Layout, point: QPointF) -> int | None:
        """The sample (file order) under ``point``; ``None`` if none is near."""
        if not len(self._x):
            return None
        dx, dy = layout.x(self._x) - point.x(), layout.y(self._y) - point.y()
        distance = dx * dx + dy * dy
        best = int(np.argmin(distance))
        return int(self.rows[best]) if distance[best] <= REACH * REACH else None


def draw_ring(painter: QPainter, theme: Theme, at: QPointF, clip: QRectF) -> None:
    """The mark of the sample in view."""
    if not clip.adjusted(-2.0, -2.0, 2.0, 2.0).contains(at):
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((theme.color("panel"), 4.5), (QColor(theme.color("focus")), 2.0)):
        painter.setPen(QPen(color, width))
        painter.drawEllipse(at, _RING, _RING)
