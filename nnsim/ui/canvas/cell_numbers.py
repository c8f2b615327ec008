"""Numbers in the cells of a matrix or picture, where one looks so closely that they have room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from nnsim.ui.canvas.inks import Inks
from nnsim.ui.canvas.wording import chip_text

_LETTERS = 5  # of "−0.12": for less room nothing is written
_AIR = 4.0  # pixels, both sides together
_LINE = 1.2  # of a line, in heights of its letters
_AGAIN = 200.0  # pixels of a long cell after which its number stands once more
LEAST_CELL = 12.0  # pixels: in narrower cells there is no room for any number

Written = dict[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Cells:
    """A grid of numbers over ``rect``. ``value`` and ``ground`` give the number (not a number: none) and
    the colour (0xAARRGGBB) of the cell in a row and column; they are asked of few. A frame covers ``inset``
    at the sides, and corners of this ``radius``."""

    rect: QRectF
    rows: int
    columns: int
    value: Callable[[int, int], float]
    ground: Callable[[int, int], int]
    inset: float = 0.0
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Lettering:
    """How numbers stand in a cell: the size of letters and the width of one in pixels, and whether they are
    turned to read upwards."""

    size: int
    letter: float
    turned: bool

    def halves(self, letters: int) -> tuple[float, float]:
        """Half the width and half the height of a number of so many letters."""
        along, across = letters * self.letter / 2, self.size / 2
        return (across, along) if self.turned else (along, across)


def lettering_in(inks: Inks, wide: float, high: float) -> Lettering | None:
    """The largest lettering for cells of this size in pixels, upright if possible; ``None`` if they are too
    small for numbers."""
    for turned, along, across in ((False, wide, high), (True, high, wide)):
        for size, letter in inks.cell_letters.items():
            if across >= size * _LINE and along >= _LETTERS * letter + _AIR:
                return Lettering(size, letter, turned)
    return None


def write_cells(painter: QPainter, inks: Inks, cells: Cells, most: int | None = None) -> Written:
    """Write the numbers of the cells that are in view and large enough, at the same size on the screen at
    every zoom, turned where cells are narrow. Nothing if there are more than ``most``. Returns what is
    written, by row and column."""
    placed = painter.worldTransform()
    grid = placed.mapRect(cells.rect)
    wide, high = grid.width() / cells.columns, grid.height() / cells.rows
    lettering = lettering_in(inks, wide, high)
    seen = grid & _in_view(painter)
    if lettering is None or seen.isEmpty():
        return {}
    rows = _touched(seen.top() - grid.top(), seen.bottom() - grid.top(), high, cells.rows)
    columns = _touched(seen.left() - grid.left(), seen.right() - grid.left(), wide, cells.columns)
    if most is not None and len(rows) * len(columns) > most:
        return {}
    font = inks.cell[lettering.size]
    written: Written = {}
    drop = QFontMetricsF(font).capHeight() / 2
    painter.setFont(font)
    painter.resetTransform()  # letters of whole pixels are sharper, and quicker, than scaled ones
    if lettering.turned:
        painter.rotate(-90.0)
    inset, round_ = cells.inset * placed.m11(), max(cells.radius - cells.inset, 0.0) * placed.m11()
    free = grid.adjusted(inset, inset, -inset, -inset)
    across = _spans(columns, grid.left(), wide, free.left(), free.right())
    for row, y, tall in _spans(rows, grid.top(), high, free.top(), free.bottom()):
        for column, x, broad in across:
            value = cells.value(row, column)
            text = chip_text(value) if value == value else ""
            half_x, half_y = lettering.halves(len(text))
            if not text or half_x > broad or half_y > tall:
                continue
            if round_ and _cut_off(QRectF(x - half_x, y - half_y, 2 * half_x, 2 * half_y), free, round_):
                continue
            painter.setPen(inks.on(cells.ground(row, column)))
            at = QPointF(-y - half_y, x + drop) if lettering.turned else QPointF(x - half_x, y + drop)
            painter.drawText(at, text)
            written[row, column] = text
    painter.setWorldTransform(placed)
    return written


def _touched(start: float, stop: float, step: float, count: int) -> range:
    """Which of ``count`` cells of a size lie between two places."""
    return range(max(floor(start / step), 0), min(ceil(stop / step), count))


def _spans(
    cells: range, origin: float, step: float, start: float, stop: float
) -> list[tuple[int, float, float]]:
    """(index, middle, half the length) of the places for numbers in cells in a row, in what of these lies
    between two places. A very long cell has several, so that one is in view wherever one looks."""
    parts = max(int(step / _AGAIN), 1)
    spans = []
    for i in cells:
        low, high = max(origin + i * step, start), min(origin + (i + 1) * step, stop)
        half = (high - low) / (2 * parts)
        spans += [(i, low + (2 * part + 1) * half, half) for part in range(parts)]
    return spans


def _cut_off(box: QRectF, free: QRectF, radius: float) -> bool:
    """Whether a box reaches beyond the round corners of ``free``."""
    x = max(free.left() + radius - box.left(), box.right() - free.right() + radius, 0.0)
    y = max(free.top() + radius - box.top(), box.bottom() - free.bottom() + radius, 0.0)
    return x > 0.0 and y > 0.0 and x * x + y * y > radius * radius


def _in_view(painter: QPainter) -> QRectF:
    """What is painted on, in pixels."""
    if painter.hasClipping():
        return painter.worldTransform().mapRect(painter.clipBoundingRect())
    device = painter.device()
    scale = 1.0 if isinstance(device, QWidget) else device.devicePixelRatio()
    return QRectF(0.0, 0.0, device.width() / scale, device.height() / scale)
