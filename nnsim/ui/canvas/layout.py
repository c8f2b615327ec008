"""Where everything is: columns, neurons, targets. Pure functions; lengths in scene units, which are
device-independent pixels at 100 %.

The layout is made for the viewport it is shown in, so that text is drawn at its own size whenever
the network fits. A column's place on screen depends on the number of layers and on the width alone:
adding a neuron with the + of a header never moves that header.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnsim.core.arrays import Array, IntArray
from nnsim.ui.canvas.rows import Row

Detail = Literal["full", "brief", "name", "none"]

TARGET_OFFSET = 96.0  # from the outputs to the targets
TARGET_WIDTH, TARGET_HEIGHT = 66.0, 32.0
LEAST_ZOOM, MOST_ZOOM = 0.1, 8.0

_LEFT, _RIGHT = 66.0, TARGET_OFFSET + TARGET_WIDTH / 2 + 12.0
_PAD = 8.0
_MARK, _AIR = 9.0, 3.0  # half the height of a mark; around the picture of a layer
_GAP_MOST = 300.0
_SPREAD = 1.6  # a short layer stands up to so much wider than the longest one,
_SPREAD_TO = 24.0  # or at this pitch in pixels
_GROWS_FROM = (820.0, 430.0)  # in larger viewports than this everything is drawn larger
_LARGEST = 1.45
_INSIDE: dict[Detail, float] = {"name": 11.0, "brief": 20.0}  # half the size of a neuron in pixels, least


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of detail: what it needs at least, and the zoom below which the next one is clearer."""

    detail: Detail
    pitch: tuple[float, float]  # between neurons of a column, least and most
    gap: float  # between columns, least
    zoom: float
    node: tuple[float, float]  # half the size of a neuron, least and most
    above: float  # room over and under the node
    below: float
    text_half: float = 0.0  # half the width of what is written under a neuron


_NUMBERS = (
    _Level("full", (104.0, 170.0), 132.0, 0.88, (31.0, 31.0), 22.0, 27.0),
    _Level("brief", (64.0, 92.0), 100.0, 0.9, (22.0, 22.0), 5.0, 18.0, 27.0),
    _Level("name", (29.0, 48.0), 76.0, 0.7, (13.0, 13.0), 5.0, 5.0),
    _Level("none", (13.0, 60.0), 44.0, 0.0, (5.0, 11.0), 3.0, 3.0),
)
_PICTURES = (
    _Level("full", (72.0, 150.0), 118.0, 0.88, (17.5, 30.0), 6.0, 31.0, 36.0),
    _Level("brief", (42.0, 76.0), 92.0, 0.8, (12.5, 22.0), 5.0, 17.0, 29.0),
    _Level("name", (25.0, 44.0), 76.0, 0.7, (9.0, 14.0), 4.0, 4.0),
    _Level("none", (13.0, 60.0), 44.0, 0.0, (5.0, 13.0), 3.0, 3.0),
)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One layer. ``y`` are the places of ``rows``; ``neurons`` are the indices shown, ``at`` their
    places. ``place[i]`` is neuron i's position in ``neurons``, −1 if it is not shown."""

    layer: str
    x: float
    rows: tuple[Row, ...]
    y: Array
    neurons: IntArray
    at: Array
    place: IntArray

    def y_of(self, neuron: int) -> float | None:
        """Where a neuron is; ``None`` if it is not shown."""
        if not 0 <= neuron < len(self.place) or self.place[neuron] < 0:
            return None
        return float(self.at[self.place[neuron]])


@dataclass(frozen=True, slots=True)
class ImagePlace:
    """Where the picture of a whole layer is: a square around (``x``, ``y``), ``half`` its size."""

    layer: str
    x: float
    y: float
    half: float


@dataclass(frozen=True, slots=True, eq=False)
class CanvasLayout:
    """Everything's place. ``zoom`` shows it all in the viewport it was made for; ``node`` is half
    the size of a neuron, ``text_half`` half the width of what is written in and under it, ``above``
    and ``below`` the room for what is written over and under it."""

    columns: tuple[Column, ...]
    detail: Detail
    pictures: bool
    node: float
    text_half: float
    above: float
    below: float
    pitch: float
    zoom: float
    width: float
    height: float
    targets_x: float
    image: ImagePlace | None = None

    def writes_inside(self, zoom: float) -> Detail:
        """What has room inside neurons that have no text beside them: more, the closer one looks."""
        size = self.node * zoom
        return "brief" if size >= _INSIDE["brief"] else "name" if size >= _INSIDE["name"] else "none"

    def column(self, layer: str) -> Column:
        """The column of a layer. Raises ``KeyError``."""
        for column in self.columns:
            if column.layer == layer:
                return column
        raise KeyError(layer)


def arrange(
    columns: Sequence[tuple[str, int, tuple[Row, ...]]],
    width: float,
    height: float,
    pictures: bool = False,
    scale: float = 1.0,
) -> CanvasLayout:
    """Arrange layers, given as (id, size, rows), for a viewport of ``width`` × ``height`` pixels.

    ``scale`` asks for everything to be larger (for an audience); it is met as far as there is room.
    """
    count, most = len(columns), max(len(rows) for _, _, rows in columns)
    grown = min(max(min(width / _GROWS_FROM[0], height / _GROWS_FROM[1]), 1.0), _LARGEST) * scale
    left, right = _LEFT * grown, _RIGHT * grown
    free = max(width - left - right, 40.0)
    level, zoom = _choose_level(_PICTURES if pictures else _NUMBERS, grown, free, height, count, most)
    pitch, node = _choose_pitch(level, height / zoom, most)
    gap = min(free / max(count - 1, 1), _GAP_MOST * grown)
    start = left + (free - gap * (count - 1)) / 2
    widest = max(pitch * _SPREAD, _SPREAD_TO / zoom)
    middle = (height / zoom + level.above - level.below) / 2
    made = tuple(
        _column(layer, size, rows, (start + i * gap) / zoom, middle, _spread(pitch, len(rows), most, widest))
        for i, (layer, size, rows) in enumerate(columns)
    )
    return CanvasLayout(
        made, level.detail, pictures, node, max(node, level.text_half), level.above, level.below, pitch, zoom,
        width / zoom, height / zoom, made[-1].x + TARGET_OFFSET * grown / zoom,
        _image_place(made, node + level.below),
    )  # fmt: skip


def _image_place(columns: tuple[Column, ...], reach: float) -> ImagePlace | None:
    """The picture in the rows kept free for it, between a neuron that reaches down by ``reach`` and
    the mark; as wide as there is room beside the column."""
    for column in columns:
        free = [float(y) for y, row in zip(column.y, column.rows, strict=True) if row.room]
        if free:
            pitch = float(column.y[1] - column.y[0])
            top, bottom = free[0] - pitch + reach, free[-1] + pitch - _MARK
            return ImagePlace(
                column.layer, column.x, (top + bottom) / 2, min((bottom - top) / 2 - _AIR, column.x - _PAD)
            )
    return None


def _choose_level(
    levels: tuple[_Level, ...], grown: float, free: float, height: float, count: int, most: int
) -> tuple[_Level, float]:
    """The most detailed level that fits at a legible size, and the zoom it fits at."""
    for level in levels:
        tall = (most - 1) * level.pitch[0] + 2 * level.node[0] + level.above + level.below + 2 * _PAD
        wide = max(count - 1, 1) * level.gap
        zoom = min(grown, height / tall, free / wide)
        if zoom >= level.zoom:
            break
    return level, min(max(zoom, LEAST_ZOOM), MOST_ZOOM)


def _choose_pitch(level: _Level, height: float, most: int) -> tuple[float, float]:
    """(pitch, half the size of a neuron) filling ``height`` with ``most`` rows."""
    pitch = level.pitch[0]
    least, largest = level.node
    node = least
    for _ in range(3):  # each depends on the other; three rounds settle it to a pixel
        room = height - 2 * node - level.above - level.below - 2 * _PAD
        pitch = min(max(room / max(most - 1, 1), level.pitch[0]), level.pitch[1])
        # What is left of a row after its text and a little air.
        node = min(max((pitch - level.above - level.below + 1.0) / 2, least), largest)
    return pitch, node


def _spread(pitch: float, rows: int, most: int, widest: float) -> float:
    """The pitch of a column of ``rows``: short columns stand wider, so that their edges fan out."""
    if rows < 2 or rows == most:
        return pitch
    return min(max(pitch * (most - 1) / rows, pitch), widest)


def _column(layer: str, size: int, rows: tuple[Row, ...], x: float, middle: float, pitch: float) -> Column:
    y: Array = middle + (np.arange(len(rows), dtype=np.float64) - (len(rows) - 1) / 2) * pitch
    shown = [i for i, row in enumerate(rows) if row.neuron >= 0]
    neurons = np.array([rows[i].neuron for i in shown], dtype=np.intp)
    place = np.full(size, -1, dtype=np.intp)
    place[neurons] = np.arange(len(neurons))
    return Column(layer, x, rows, y, neurons, y[shown], place)
