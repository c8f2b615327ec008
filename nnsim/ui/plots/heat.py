"""Pictures of numbers over a plane: smooth between the pixels computed, coloured from a table.

The numbers are interpolated, not the colours, so that a boundary stays a sharp line at any size.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from nnsim.ui.plots.colors import LEVELS

Floats = NDArray[np.float32]

_MOST = 480  # pixels along a side; beyond, the screen's scaling is good enough


class HeatPicture:
    """An image that is made once for a size and written into again and again."""

    def __init__(self) -> None:
        self._pixels = np.zeros((1, 1), dtype=np.uint32)
        self._image = QImage()
        self._rows: Floats = np.ones((1, 1), dtype=np.float32)
        self._columns: Floats = np.ones((1, 1), dtype=np.float32)
        self._key: tuple[int, int, int] | None = None
        self.set_size(1, 1, 1)

    def set_size(self, width: int, height: int, side: int) -> None:
        """Prepare for pictures of ``width`` × ``height`` pixels from ``side`` × ``side`` numbers."""
        width, height = min(max(width, 1), _MOST), min(max(height, 1), _MOST)
        if (width, height, side) == self._key:
            return
        self._key = (width, height, side)
        self._rows, self._columns = interpolation(side, height), interpolation(side, width).T.copy()
        self._pixels = np.zeros((height, width), dtype=np.uint32)
        self._image = QImage(self._pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)

    @property
    def pixels(self) -> NDArray[np.uint32]:
        """The picture as 0xffrrggbb; row 0 is the top."""
        return self._pixels

    def spread(self, values: Floats) -> Floats:
        """``values`` (…, side, side) interpolated to the picture's pixels."""
        return np.asarray(self._rows @ values @ self._columns, dtype=np.float32)

    def show_values(self, values: Floats, low: float, high: float, table: NDArray[np.uint32]) -> None:
        """Colour values (side, side): ``low`` and below is the table's first colour."""
        levels = (self.spread(tamed(values, low, high)) - np.float32(low)) * np.float32(LEVELS / (high - low))
        np.clip(levels, 0.0, LEVELS - 1, out=levels)
        np.take(table, levels.astype(np.intp), out=self._pixels, mode="clip")

    def show_classes(self, values: Floats, low: float, tables: NDArray[np.uint32], sharp: bool) -> None:
        """Colour by the largest of ``values`` (classes, side, side), paler where it is not near 1.

        ``sharp``: one colour for each class.
        """
        spread = self.spread(tamed(values, low, 1.0))
        best = spread.argmax(axis=0)
        if sharp:
            levels = np.full(best.shape, LEVELS * 3 // 4)
        else:
            share = (spread.max(axis=0) - np.float32(low)) / np.float32(1.0 - low)
            levels = np.clip(share * LEVELS, 0, LEVELS - 1).astype(np.intp)
        self._pixels[...] = tables[best, levels]

    def draw(self, painter: QPainter, rect: QRectF) -> None:
        """Paint the picture into ``rect``."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawImage(rect, self._image)


def tamed(values: Floats, low: float, high: float) -> Floats:
    """Finite values, none so far outside low…high that it would spoil its neighbours."""
    middle, span = (low + high) / 2.0, high - low
    safe = np.nan_to_num(values, nan=middle, posinf=middle + span, neginf=middle - span)
    return np.clip(safe, middle - span, middle + span)


def interpolation(count: int, size: int) -> Floats:
    """Weights (size, count): cubic interpolation (Catmull–Rom) of ``count`` cells at ``size`` pixels.

    Values are those at the cells' middles; beyond the outer middles they stay the same.
    """
    at = np.clip((np.arange(size) + 0.5) * count / size - 0.5, 0.0, count - 1.0)
    cell = np.minimum(at.astype(int), max(count - 2, 0))
    t = at - cell
    weights = (
        (-t + 2 * t**2 - t**3) / 2, (2 - 5 * t**2 + 3 * t**3) / 2,
        (t + 4 * t**2 - 3 * t**3) / 2, (-(t**2) + t**3) / 2,
    )  # fmt: skip
    matrix = np.zeros((size, count), dtype=np.float32)
    rows = np.arange(size)
    for offset, weight in zip((-1, 0, 1, 2), weights, strict=True):
        np.add.at(matrix, (rows, np.clip(cell + offset, 0, count - 1)), weight)
    return matrix
