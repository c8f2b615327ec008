"""All edges of one connection as one item that paints from arrays."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from nnsim.core.arrays import Array, IntArray
from nnsim.ui.canvas.edge_geometry import Edges
from nnsim.ui.canvas.inks import LEVELS, ZERO, Inks
from nnsim.ui.canvas.kept_item import KeptItem
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
_NONE: IntArray = np.empty(0, dtype=np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class _Drawing:
    """The places of edges and their looks (k,)."""

    chosen: IntArray = field(default_factory=lambda: _NONE)
    looks: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, dtype=np.int8))
    grade: int = 0

    def same(self, other: _Drawing) -> bool:
        return (
            self.grade == other.grade
            and np.array_equal(self.looks, other.looks)
            and np.array_equal(self.chosen, other.chosen)
        )


class ConnectionItem(KeptItem):
    """Looks change rarely, even while weights change at every frame: only then is it drawn anew. Between
    two changes a repaint copies the last picture of the edges: a quarter of the cost of 1,000 lines.

    ``seconds`` is what its last painting took, ``last_change`` a number that grows with every change
    of any item, ``paints`` how often it was painted.
    """

    SCALABLE = True
    _changes = 0

    def __init__(self, inks: Inks) -> None:
        super().__init__()
        self._inks = inks
        self._edges: Edges | None = None
        self._rect = QRectF()
        self._native = NativeLines()
        self._runs: list[tuple[int, int, int]] = []  # look, start, stop in the native lines
        self._shown = self._next = _Drawing()
        self._drawn: IntArray = _NONE
        self.seconds, self.last_change, self.paints = 0.0, 0, 0

    @property
    def drawn(self) -> IntArray:
        """The places (in its :class:`Edges`) of the edges drawn, in the order they are painted."""
        return self._drawn

    def arrange(self, edges: Edges) -> None:
        """Take these edges' places. They are drawn after the next :meth:`take`."""
        self.prepareGeometryChange()
        self._edges = edges
        self._rect = bounds_of(edges.lines).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        self._shown = self._next = _Drawing()
        self._drawn, self._runs = _NONE, []

    def would_change(self, chosen: IntArray, looks: NDArray[np.int8], grade: int) -> bool:
        """Offer to draw the edges at the places ``chosen``, ``looks`` (m,) being those of all edges.
        Whether that would be another picture; then :meth:`take` makes it."""
        self._next = _Drawing(chosen, looks[chosen], grade)
        return not self._next.same(self._shown)

    def take(self) -> None:
        """Draw what was last offered."""
        if self._edges is None:
            return
        self._shown = self._next
        ranked = np.argsort(_RANK[self._shown.looks], kind="stable")
        self._drawn, now = self._shown.chosen[ranked], self._shown.looks[ranked]
        self._native.load(self._edges.lines[self._drawn])
        starts = np.flatnonzero(np.diff(now, prepend=np.int8(-1))).tolist()
        self._runs = [(int(now[a]), a, b) for a, b in zip(starts, [*starts[1:], len(now)], strict=False)]
        ConnectionItem._changes += 1
        self.last_change = ConnectionItem._changes
        self.renew()

    def boundingRect(self) -> QRectF:
        return self._rect

    def draw(self, painter: QPainter) -> None:
        began = time.thread_time()
        zoom, grade = painter.worldTransform().m11(), self._shown.grade
        for look, start, stop in self._runs:
            painter.setPen(self._inks.edge_pen(look, grade, zoom))
            self._native.draw(painter, start, stop)
        self.seconds = time.thread_time() - began
        self.paints += 1


def bounds_of(lines: Array) -> QRectF:
    """The rectangle around lines (m, 4)."""
    if not len(lines):
        return QRectF()
    left, right = lines[:, (0, 2)].min(), lines[:, (0, 2)].max()
    top, bottom = lines[:, (1, 3)].min(), lines[:, (1, 3)].max()
    return QRectF(left, top, right - left, bottom - top)
