"""A line through data, drawn fast.

Qt strokes a wide polyline as one shape, which looks best and takes 0.4 ms for 300 points of a smooth
curve, but 25 ms for 1,700 points of a noisy one. Those are drawn as single line segments, which
takes less than 1 ms and cannot be told apart; their dashes are cut here.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from nnsim.core.arrays import Array
from nnsim.ui.plots.frame import Layout
from nnsim.ui.plots.thinning import dashes, finite, straightened
from nnsim.ui.plots.words import Stroke
from nnsim.ui.theme import Theme

_NOTHING = np.empty(0)
DASH = (3.0, 2.0)  # on and off, in widths of the line
_SMOOTH = 3000.0  # pixels along a curve up to which it counts as smooth


class Curve:
    """One item, given new points again and again. ``x`` and ``y`` are the finite ones of them."""

    def __init__(self, color: str, stroke: Stroke, width: float = 2.0) -> None:
        self.color, self.stroke = color, stroke
        self.width = 1.0 if stroke == "thin" else width
        self.item = pg.PlotCurveItem(antialias=True, skipFiniteCheck=True)
        self.x: Array = np.empty(0)
        self.y: Array = np.empty(0)
        self._joined = np.zeros(0, dtype=np.bool_)
        self._scale = (1.0, 1.0)
        self._ink, self._ratio = QColor(), 1.0
        self._smooth = True

    def restyle(self, theme: Theme, ratio: float) -> None:
        """Take over the theme's colour. ``ratio``: device pixels for one of the widget's."""
        self._ink, self._ratio = theme.color(self.color), ratio
        self._take_pen()

    def _take_pen(self) -> None:
        pen = QPen(self._ink, self.width * self._ratio)
        pen.setCosmetic(True)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        dashed = self.stroke == "dashed"
        # Square ends close the gaps between segments that meet at an angle.
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if self._smooth or dashed else Qt.PenCapStyle.SquareCap)
        if self._smooth and dashed:
            pen.setDashPattern(DASH)
        self.item.setPen(pen)

    def set(self, x: Array, y: Array, broken_before: int | None = None) -> None:
        """Show the finite ones of these points; ``broken_before``: no line leads to that point."""
        self.x, self.y, self._joined = finite(x, y)
        if broken_before is not None and 0 < broken_before < len(self.x) == len(x):
            self._joined[broken_before - 1] = False
        self._draw()

    def clear(self) -> None:
        if len(self.x):
            self.set(np.empty(0), np.empty(0))

    def fit(self, layout: Layout) -> None:
        """How a curve is best drawn depends on the scale of the picture."""
        x0, x1, y0, y1 = layout.range
        scale = (layout.rect.width() / (x1 - x0), layout.rect.height() / (y1 - y0))
        if scale != self._scale:
            self._scale = scale
            self._draw()

    def _draw(self) -> None:
        # pyqtgraph hands Qt a null array of lines where there is none to draw.
        if not self._joined[:-1].any():
            self.item.setData(x=_NOTHING, y=_NOTHING, connect="all")
            return
        self._choose_way()
        if not self._smooth and self.stroke == "dashed":
            on, off = (part * self.width for part in DASH)
            x, y = dashes(self.x, self.y, self._joined, self._scale, on, off)
            self.item.setData(x=x, y=y, connect="pairs")
        elif bool(self._joined[:-1].all()):
            kept = straightened(self.x, self.y, self._scale)
            self.item.setData(x=self.x[kept], y=self.y[kept], connect="all")
        else:
            self.item.setData(x=self.x, y=self.y, connect=self._joined.astype(np.int32))

    def _choose_way(self) -> None:
        dx, dy = np.diff(self.x) * self._scale[0], np.diff(self.y) * self._scale[1]
        smooth = float(np.hypot(dx, dy).sum()) <= _SMOOTH
        if smooth != self._smooth:
            self._smooth = smooth
            self.item.setSegmentedLineMode("off" if smooth else "on")
            self._take_pen()
