"""Pictures of neurons over the input plane, or of the weights into them where the inputs are an
image: all of a layer in one image, made in one go.

Sign is hue. What counts as zero: the middle of the activation's range where it has one (½ for a
sigmoid, 0 for tanh), so that a neuron that is off is orange and one that is on is blue; 0 for the
others. The strongest colour is that of the picture's own largest distance from there, but for
activations with a range never less than a quarter of its half, so that a neuron that hardly
distinguishes anything looks pale.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.arrays import Array
from nnsim.ui.canvas.cell_numbers import Cells

_LEAST_SHARE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class LayerPicture:
    """Picture i is rows ``i·side`` to ``(i + 1)·side`` of ``image``. ``pixels`` is its memory.

    ``smooth``: a function over a plane, drawn without steps; else every value is a square of its
    own, one of ``values`` (n, side, side), and picture i is that of the i-th neuron *shown*.
    """

    image: QImage
    side: int
    count: int
    pixels: NDArray[np.uint32]
    smooth: bool = True
    values: Array | None = None

    def only(self, index: int) -> LayerPicture:
        """One of the pictures by itself."""
        rows = slice(index * self.side, (index + 1) * self.side)
        return _image_of(np.ascontiguousarray(self.pixels[rows]), self.side, self.smooth)

    def cells(self, index: int, rect: QRectF, inset: float, radius: float = 0.0) -> Cells | None:
        """One of the pictures as numbers over ``rect``, in a frame that covers ``inset`` and has corners of
        this ``radius``; ``None`` if it is not made of single values."""
        if self.values is None:
            return None
        values, first = self.values[index], index * self.side
        return Cells(
            rect, self.side, self.side, lambda row, column: float(values[row, column]),
            lambda row, column: int(self.pixels[first + row, column]), inset, radius,
        )  # fmt: skip


def span_of(activation: str) -> tuple[float, float | None]:
    """(what counts as zero, half the range) of an activation; ``None`` for an unbounded one."""
    if activation not in ACTIVATIONS:
        return 0.0, None
    entry = ACTIVATIONS[activation]
    if not (np.isfinite(entry.low) and np.isfinite(entry.high)):
        return 0.0, None
    return (entry.low + entry.high) / 2, (entry.high - entry.low) / 2


def shades(values: NDArray[np.float32], zero: float, half: float | None) -> NDArray[np.float32]:
    """Values (n, side, side) as −1 … 1, each picture by its own measure."""
    apart = np.nan_to_num(values - np.float32(zero), nan=0.0, posinf=3e38, neginf=-3e38)
    largest = np.abs(apart).max(axis=(1, 2))
    if half is not None:
        largest = np.maximum(largest, np.float32(half * _LEAST_SHARE))
    largest[largest == 0.0] = 1.0
    shaded: NDArray[np.float32] = apart / largest[:, None, None]
    return shaded


def layer_picture(values: NDArray[np.float32], activation: str, table: NDArray[np.uint32]) -> LayerPicture:
    """The pictures of one layer over the input plane: ``values`` (n, side, side), ``table`` colours
    from −1 to 1."""
    return _picture(shades(values, *span_of(activation)), table, smooth=True)


def value_picture(values: Array, table: NDArray[np.uint32]) -> LayerPicture:
    """``values`` (n, side, side), weights or inputs, as pictures; each by its own largest value."""
    limit = float(np.finfo(np.float32).max)
    narrow = np.clip(np.nan_to_num(values, nan=0.0, posinf=limit, neginf=-limit), -limit, limit)
    made = _picture(shades(narrow.astype(np.float32), 0.0, None), table, smooth=False)
    return replace(made, values=values)


def _picture(shaded: NDArray[np.float32], table: NDArray[np.uint32], smooth: bool) -> LayerPicture:
    n, side, _ = shaded.shape
    top = len(table) - 1
    index = ((shaded + 1.0) * (top / 2) + 0.5).astype(np.intp)
    return _image_of(np.take(table, index, mode="clip").reshape(n * side, side), side, smooth)


def _image_of(pixels: NDArray[np.uint32], side: int, smooth: bool) -> LayerPicture:
    rows = len(pixels)
    image = QImage(pixels.data, side, rows, side * 4, QImage.Format.Format_RGB32)
    return LayerPicture(image, side, rows // side, pixels, smooth)
