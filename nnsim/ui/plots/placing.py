"""Finding room for words in a picture: where a box hides none of what is drawn. No Qt."""

from __future__ import annotations

import numpy as np

from nnsim.core.arrays import Array

CELL = 4.0  # pixels: boxes are placed on a raster this fine
_MOST_POINTS = 20_000
_LOYALTY = 60.0  # pixels that a better place must be nearer for words to move there


class Room:
    """A rectangle of ``width`` × ``height`` pixels and what is already drawn in it."""

    def __init__(self, width: float, height: float) -> None:
        self._rows, self._columns = max(int(height // CELL), 1), max(int(width // CELL), 1)
        self._taken = np.zeros((self._rows, self._columns), dtype=np.int32)
        self._sums: np.ndarray | None = None

    def copy(self) -> Room:
        """The same room, to be drawn in separately."""
        other = Room(self._columns * CELL, self._rows * CELL)
        other._taken = self._taken.copy()
        return other

    def draw_line(self, x: Array, y: Array) -> None:
        """Mark a polyline through the pixels (x, y); what lies outside does not count."""
        x, y = dense(np.clip(x, -CELL, self._columns * CELL), np.clip(y, -CELL, self._rows * CELL))
        column, row = np.floor(x / CELL).astype(int), np.floor(y / CELL).astype(int)
        inside = (column >= 0) & (column < self._columns) & (row >= 0) & (row < self._rows)
        self._taken[row[inside], column[inside]] = 1
        self._sums = None

    def draw_box(self, left: float, top: float, width: float, height: float) -> None:
        """Mark a rectangle."""
        rows = slice(max(int(top // CELL), 0), max(int(np.ceil((top + height) / CELL)), 0))
        columns = slice(max(int(left // CELL), 0), max(int(np.ceil((left + width) / CELL)), 0))
        self._taken[rows, columns] = 1
        self._sums = None

    def _hits(self, rows: int, columns: int) -> np.ndarray:
        """How many marked cells a box of this many cells has, for every place of its corner."""
        if self._sums is None:
            self._sums = np.zeros((self._rows + 1, self._columns + 1), dtype=np.int32)
            self._sums[1:, 1:] = self._taken.cumsum(axis=0).cumsum(axis=1)
        s = self._sums
        return s[rows:, columns:] - s[:-rows, columns:] - s[rows:, :-columns] + s[:-rows, :-columns]

    def find(
        self, width: float, height: float, near: tuple[float, float],
        previous: tuple[float, float] | None = None, margin: float = CELL,
    ) -> tuple[float, float] | None:  # fmt: skip
        """The top left corner of a free box of this size, as close to ``near`` as there is one.

        ``margin`` pixels around it are free as well. ``previous`` is kept while it is free and not
        much further away than the best, so that words stand still. ``None`` if there is no room.
        """
        rows = int(np.ceil((height + 2 * margin) / CELL))
        columns = int(np.ceil((width + 2 * margin) / CELL))
        if rows > self._rows or columns > self._columns:
            return None
        free = self._hits(rows, columns) == 0
        where = np.nonzero(free)
        if not len(where[0]):
            return None
        dy = where[0] * CELL + margin - near[1]
        dx = where[1] * CELL + margin - near[0]
        distance = np.hypot(dx, dy)
        best = int(np.argmin(distance))
        row, column = int(where[0][best]), int(where[1][best])
        if previous is not None:
            old_row, old_column = (round((at - margin) / CELL) for at in (previous[1], previous[0]))
            inside = 0 <= old_row < free.shape[0] and 0 <= old_column < free.shape[1]
            away = float(np.hypot(previous[0] - near[0], previous[1] - near[1]))
            if inside and free[old_row, old_column] and away <= distance[best] + _LOYALTY:
                row, column = old_row, old_column
        return column * CELL + margin, row * CELL + margin


def dense(x: Array, y: Array) -> tuple[Array, Array]:
    """Points along a polyline, none further than one raster cell from the next."""
    if len(x) < 2:
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    length = np.maximum(np.abs(np.diff(x)), np.abs(np.diff(y)))
    along = np.concatenate(([0.0], np.cumsum(length)))
    count = int(min(np.ceil(along[-1] / (0.75 * CELL)), _MOST_POINTS)) + 1
    at = np.linspace(0.0, along[-1], count)
    return np.interp(at, along, x), np.interp(at, along, y)
