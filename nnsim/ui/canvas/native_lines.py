"""Many lines in one call: Qt reads them from a NumPy array, without a Python object for each."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF
from PySide6.QtGui import QPainter
from shiboken6 import Shiboken

from nnsim.core.arrays import Array

_BYTES = 4 * 8  # a QLineF is four float64


class NativeLines:
    """A growing buffer of lines. It owns the memory Qt reads, so it must outlive the painting."""

    def __init__(self) -> None:
        self._lines: Array = np.empty((0, 4))
        self._address = 0

    def load(self, lines: Array) -> None:
        """Take over a copy of ``lines`` (m, 4)."""
        self._lines = np.array(lines, dtype=np.float64, order="C")
        self._address = self._lines.ctypes.data  # asking costs as much as drawing a line

    def draw(self, painter: QPainter, start: int, stop: int) -> None:
        """Draw ``lines[start:stop]`` with the painter's pen."""
        if not 0 <= start < stop <= len(self._lines):
            return
        first: QLineF = Shiboken.wrapInstance(self._address + start * _BYTES, QLineF)  # type: ignore[assignment]
        painter.drawLines(first, stop - start)
