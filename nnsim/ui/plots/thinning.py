"""Curves as a picture needs them: finite, and no more points than it has columns. No Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nnsim.core.arrays import Array, BoolArray

# Drawn coordinates stay below this, so that differences and transforms stay finite.
LIMIT = 1e150
_MOST_DASHES = 3000
# Leaving out every other point up to five times moves a line by less than half a pixel in all.
_ROUNDS = 5
_OFF = 0.08  # pixels


def finite(x: Array, y: Array) -> tuple[Array, Array, BoolArray]:
    """The finite points of a curve, and whether each is joined to the next.

    Where points were left out the line is broken, so nothing is drawn that was not there.
    """
    good = np.isfinite(x) & np.isfinite(y) & (np.abs(y) < LIMIT)
    index = np.flatnonzero(good)
    joined = np.zeros(len(index), dtype=np.bool_)
    joined[:-1] = np.diff(index) == 1
    return np.asarray(x, dtype=np.float64)[index], np.asarray(y, dtype=np.float64)[index], joined


def thin(y: Array, columns: int) -> NDArray[np.intp]:
    """Indices of the points worth drawing: of every column its lowest and its highest.

    All of them if there are no more than twice as many points as columns.
    """
    n = len(y)
    size = n // max(columns, 1)
    if size <= 2:
        return np.arange(n)
    bins = n // size
    block = y[: bins * size].reshape(bins, size)
    start = np.arange(bins) * size
    picked = np.concatenate(
        ([0], start + block.argmin(axis=1), start + block.argmax(axis=1), np.arange(bins * size, n), [n - 1])
    )
    return np.unique(picked)


def straightened(x: Array, y: Array, scale: tuple[float, float]) -> NDArray[np.intp]:
    """Indices of the points that are needed for a line that looks the same.

    Points so near to the line between their neighbours that nobody sees the difference are left
    out: what a line costs to draw goes with its points. ``scale``: pixels for a unit of x and of y.
    """
    index = np.arange(len(x))
    px, py = x * scale[0], y * scale[1]
    for _ in range(_ROUNDS):
        if len(index) < 5:
            break
        before, at, after = index[:-2:2], index[1:-1:2], index[2::2]
        dx, dy = px[after] - px[before], py[after] - py[before]
        across = np.abs(dx * (py[at] - py[before]) - dy * (px[at] - px[before]))
        # Only along a line that runs from left to right: a spike up and down again is no detour.
        along = (px[at] >= px[before]) & (px[at] <= px[after])
        keep = np.ones(len(index), dtype=np.bool_)
        keep[1:-1:2] = ~(along & (across <= _OFF * np.hypot(dx, dy)))
        if keep.all():
            break
        index = index[keep]
    return index


def dashes(
    x: Array, y: Array, joined: BoolArray, scale: tuple[float, float], on: float, off: float
) -> tuple[Array, Array]:
    """A polyline cut into dashes: pairs of points, each pair one piece to draw.

    ``joined[i]``: a line leads from point i to the next. ``on`` and ``off`` are lengths in pixels,
    of which there are ``scale`` for a unit of x and of y.
    """
    if len(x) < 2:
        return np.empty(0), np.empty(0)
    length = np.hypot(np.diff(x) * scale[0], np.diff(y) * scale[1])
    along = np.concatenate(([0.0], np.cumsum(length)))
    # A curve that is magnified far beyond the picture gets longer dashes, not millions of them.
    period = max(on + off, along[-1] / _MOST_DASHES)
    ends = np.arange(0.0, along[-1], period)
    cuts = np.unique(np.concatenate((along, ends, np.minimum(ends + period * on / (on + off), along[-1]))))
    middle = (cuts[:-1] + cuts[1:]) / 2.0
    piece = np.clip(np.searchsorted(along, middle, side="right") - 1, 0, len(length) - 1)
    drawn = np.flatnonzero((middle % period < period * on / (on + off)) & joined[:-1][piece])
    pairs = np.column_stack((cuts[drawn], cuts[drawn + 1])).ravel()
    return np.interp(pairs, along, x), np.interp(pairs, along, y)
