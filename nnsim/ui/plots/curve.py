"""A line through data, drawn fast.

Qt strokes a wide polyline as one shape, which takes 25 ms for a noisy curve of 1,700 points; drawn
as single line segments it takes less than 1 ms. Dashes are therefore cut here.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from nnsim.core.arrays import Array
from nnsim.ui.plots.frame import Layout
from nnsim.ui.plots.thinning import dashes, finite
from nnsim.ui.plots.words import Stroke
from nnsim.ui.theme import Theme

_NOTHING = np.empty(0)
DASH = (3.0, 2.0)  # on and off, in widths of the line


class Curve:
    """One item, given new points again and again. ``x`` and ``y`` are the finite ones of them."""

    def __init__(self, color: str, stroke: Stroke, width: float = 2.0) -> None:
        self.color, self.stroke, self.width = color, stroke, width
        self.item = pg.PlotCurveItem(antialias=True, skipFiniteCheck=True)
        self.item.setSegmentedLineMode("on")
        self.x: Array = np.empty(0)
        self.y: Array = np.empty(0)
        self._joined = np.zeros(0, dtype=np.bool_)
        self._scale = (1.0, 1.0)

    def restyle(self, theme: Theme) -> None:
        pen = QPen(theme.color(self.color), 1.0 if self.stroke == "thin" else self.width)
        pen.setCosmetic(True)
        # Square ends close the gaps between segments that meet at an angle.
        flat = self.stroke == "dashed"
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if flat else Qt.PenCapStyle.SquareCap)
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
        """Dashes are as long on the screen at every scale."""
        x0, x1, y0, y1 = layout.range
        scale = (layout.rect.width() / (x1 - x0), layout.rect.height() / (y1 - y0))
        if scale != self._scale:
            self._scale = scale
            if self.stroke == "dashed":
                self._draw()

    def _draw(self) -> None:
        # pyqtgraph hands Qt an empty array of lines where there is none to draw, which ends the process.
        if not self._joined[:-1].any():
            self.item.setData(x=_NOTHING, y=_NOTHING, connect="all")
        elif self.stroke == "dashed":
            on, off = (part * self.width for part in DASH)
            x, y = dashes(self.x, self.y, self._joined, self._scale, on, off)
            self.item.setData(x=x, y=y, connect="pairs")
        elif bool(self._joined[:-1].all()):
            self.item.setData(x=self.x, y=self.y, connect="all")
        else:
            self.item.setData(x=self.x, y=self.y, connect=self._joined.astype(np.int32))
