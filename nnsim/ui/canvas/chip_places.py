"""Where the numbers on the edges go: staggered along them, so that none covers another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nnsim.core.arrays import Array, IntArray

_SHARES = np.linspace(0.0, 1.0, 17)
_FIRST_CHOICE = 0.24  # share of the free length: a number belongs to where its edge begins
_RANKED = np.argsort(np.abs(_SHARES - _FIRST_CHOICE), kind="stable")
_MOST = 32  # edges: where there are more, numbers would be a carpet
_FULLEST = 0.45  # of the ground may be covered; more would hide the edges
_MARGIN = 4.0  # from a neuron
_AIR = 2.0  # between two numbers, at least
_ROOMY = 1.25  # times their height is far enough apart


@dataclass(frozen=True, slots=True)
class ChipSize:
    """A number's box: ``height`` lies around the edge, ``under`` beneath that for a gradient;
    ``text`` is the size of the letters."""

    width: float
    height: float
    under: float = 0.0
    text: int = 12


SIZES = (
    ChipSize(48.0, 20.0, 15.0, 12),
    ChipSize(42.0, 16.0, 13.0, 10),
    ChipSize(48.0, 20.0, 0.0, 12),
    ChipSize(42.0, 16.0, 0.0, 10),
    ChipSize(36.0, 15.0, 0.0, 10),
)


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """``centres`` (m, 2) of the numbers of m edges, and the size they fit in."""

    centres: Array
    size: ChipSize


def place_all(lines: Array, keep_off: float = 0.0) -> Placed | None:
    """Numbers on all ``lines`` (m, 4), one under the other if possible, else staggered, and as large
    as they fit; ``None`` if they do not fit.

    ``keep_off``: how far from the lines' ends there is other text.
    """
    if not 0 < len(lines) <= _MOST:
        return None
    for in_column in (True, False):
        for size in SIZES:
            centres = _place(lines, size, keep_off, in_column)
            if centres is not None:
                return Placed(centres, size)
    return None


def _place(lines: Array, size: ChipSize, keep_off: float, in_column: bool) -> Array | None:
    start = lines[:, 0] + keep_off + _MARGIN + size.width / 2
    free = lines[:, 2] - keep_off - _MARGIN - size.width / 2 - start
    height = np.ptp(lines[:, (1, 3)]) + size.height + size.under
    ground = (free.max() + size.width) * height
    if (free < 0).any() or len(lines) * size.width * (size.height + size.under) > _FULLEST * ground:
        return None
    x = start[:, None] + free[:, None] * _SHARES
    slope = (lines[:, 3] - lines[:, 1]) / (lines[:, 2] - lines[:, 0])
    y = lines[:, 1, None] + (x - lines[:, 0, None]) * slope[:, None]
    if in_column:
        tried = iter((_place_in_column(x, y, size),))
    else:
        tried = (_place_in_order(x, y, order, size) for order in _orders(lines))
    chosen = next((c for c in tried if c is not None), None)
    if chosen is None:
        return None
    every = np.arange(len(lines))
    return np.stack((x[every, chosen], y[every, chosen]), axis=1)


def _place_in_column(x: Array, y: Array, size: ChipSize) -> IntArray | None:
    """All numbers at one share of their edges: near the first choice, but where there is some air
    between them if possible; ``None`` if some cover another at every share."""
    needed = size.height + size.under + _AIR
    if len(x) < 2:
        return np.full(len(x), _RANKED[0], dtype=np.intp)
    apart = np.diff(np.sort(y, axis=0), axis=0).min(axis=0)[_RANKED]
    best = int(np.argmax(np.minimum(apart, _ROOMY * needed)))  # the first of several
    return np.full(len(x), _RANKED[best], dtype=np.intp) if apart[best] >= needed else None


def _orders(lines: Array) -> Iterator[IntArray]:
    """Orders to place in: by source, by target, by height, the steep ones last."""
    y1, y2 = lines[:, 1], lines[:, 3]
    yield np.lexsort((y2, y1))
    yield np.lexsort((y1, y2))
    yield np.argsort(y1 + y2, kind="stable")
    yield np.argsort(np.abs(y2 - y1), kind="stable")


def _place_in_order(x: Array, y: Array, order: IntArray, size: ChipSize) -> IntArray | None:
    """For each edge the candidate (column of ``x`` and ``y``) nearest to the first choice that
    covers no number already placed; ``None`` if one finds no place."""
    wide, high = size.width + _AIR, size.height + size.under + _AIR
    chosen = np.full(len(x), -1, dtype=np.intp)
    taken = np.empty((0, 2))
    for i in order:
        apart = (np.abs(x[i, _RANKED, None] - taken[:, 0]) >= wide) | (
            np.abs(y[i, _RANKED, None] - taken[:, 1]) >= high
        )
        open_ = np.flatnonzero(apart.all(axis=1))
        if not len(open_):
            return None
        chosen[i] = _RANKED[open_[0]]
        taken = np.vstack((taken, (x[i, chosen[i]], y[i, chosen[i]])))
    return chosen
