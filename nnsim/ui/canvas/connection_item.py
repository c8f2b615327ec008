"""All edges of one connection as one item that paints from arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from nnsim.core.arrays import Array, IntArray
from nnsim.ui.canvas.edge_geometry import Edges
from nnsim.ui.canvas.inks import LEVELS, ZERO, Inks
from nnsim.ui.canvas.native_lines import NativeLines

_MARGIN = 6.0


def _painting_order() -> NDArray[np.int8]:
    """The rank of each look: zeros first, then weak before strong, whatever the sign."""
    rank = np.empty(ZERO + 1, dtype=np.int8)
    rank[ZERO] = 0
    for look in range(ZERO):
        rank[look] = 1 + 2 * (look % LEVELS) + look // LEVELS
    return rank


_RANK = _painting_order()


class ConnectionItem(QGraphicsItem):
    """Looks change rarely, even while weights change at every frame: only then is it repainted."""

    def __init__(self, inks: Inks) -> None:
        super().__init__()
        self._inks = inks
        self._edges: Edges | None = None
        self._rect = QRectF()
        self._native = NativeLines()
        self._runs: list[tuple[int, int, int]] = []  # look, start, stop in the native lines
        self._drawn: IntArray = np.empty(0, dtype=np.intp)
        self._looks: NDArray[np.int8] = np.empty(0, dtype=np.int8)
        self._grade = 0
        # Between two changes of look, a repaint copies the last picture of the edges: a quarter of
        # the cost of drawing 1,000 lines.
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.paints = 0

    @property
    def drawn(self) -> IntArray:
        """The places (in its :class:`Edges`) of the edges drawn."""
        return self._drawn

    def arrange(self, edges: Edges) -> None:
        """Take these edges' places. They are drawn after the next :meth:`display`."""
        self.prepareGeometryChange()
        self._edges = edges
        self._rect = bounds_of(edges.lines).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        self._drawn, self._looks = np.empty(0, dtype=np.intp), np.empty(0, dtype=np.int8)
        self._runs = []

    def display(self, drawn: IntArray, looks: NDArray[np.int8], grade: int) -> None:
        """Draw the edges at the places ``drawn``; ``looks`` (m,) are those of all edges."""
        if self._edges is None:
            return
        now = looks[drawn]
        ranked = np.argsort(_RANK[now], kind="stable")
        drawn, now = drawn[ranked], now[ranked]
        if grade == self._grade and np.array_equal(now, self._looks) and np.array_equal(drawn, self._drawn):
            return
        self._drawn, self._looks, self._grade = drawn, now, grade
        self._native.load(self._edges.lines[drawn])
        starts = np.flatnonzero(np.diff(now, prepend=np.int8(-1))).tolist()
        self._runs = [(int(now[a]), a, b) for a, b in zip(starts, [*starts[1:], len(now)], strict=False)]
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        self.paints += 1
        for look, start, stop in self._runs:
            painter.setPen(self._inks.edge_pen(look, self._grade))
            self._native.draw(painter, start, stop)


def bounds_of(lines: Array) -> QRectF:
    """The rectangle around lines (m, 4)."""
    if not len(lines):
        return QRectF()
    left, right = lines[:, (0, 2)].min(), lines[:, (0, 2)].max()
    top, bottom = lines[:, (1, 3)].min(), lines[:, (1, 3)].max()
    return QRectF(left, top, right - left, bottom - top)
