"""Edges as arrays: their lines, which to draw, and which one is under a point. NumPy only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from nnsim.core.arrays import Array, IntArray
from nnsim.core.connections import CONNECTIONS
from nnsim.core.connections.base import EdgeTable
from nnsim.ui.canvas.layout import CanvasLayout

BUDGET = 1500  # more edges in one picture can neither be told apart nor drawn at display rate


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """The edges of one connection whose two neurons are shown, m of them.

    ``lines`` (m, 4) are x₁ y₁ x₂ y₂ from the source's right side to the target's left; ``parameter``
    are indices into the flattened weights.
    """

    connection: str
    source_layer: str
    target_layer: str
    source: IntArray
    target: IntArray
    parameter: IntArray
    lines: Array

    def __len__(self) -> int:
        return len(self.source)

    def find(self, target: int, source: int) -> int | None:
        """The place of one edge; ``None`` if it is not shown."""
        found = np.flatnonzero((self.target == target) & (self.source == source))
        return int(found[0]) if len(found) else None

    def into(self, target: int) -> IntArray:
        """The places of the edges that lead to a neuron."""
        return np.flatnonzero(self.target == target)

    def out_of(self, source: int) -> IntArray:
        """The places of the edges that come from a neuron."""
        return np.flatnonzero(self.source == source)


@lru_cache(maxsize=16)
def edge_table(kind: str, n_in: int, n_out: int) -> EdgeTable:
    """The edges of a connection, kept: opening a layer or resizing the window does not change them."""
    return CONNECTIONS[kind].edges(n_in, n_out)


def edges_of(
    connection: str, source_layer: str, target_layer: str, table: EdgeTable, layout: CanvasLayout
) -> Edges:
    """The drawable edges of a connection in a layout."""
    a, b = layout.column(source_layer), layout.column(target_layer)
    from_place, to_place = a.place[table.source], b.place[table.target]
    shown = np.flatnonzero((from_place >= 0) & (to_place >= 0))
    lines = np.empty((len(shown), 4))
    lines[:, 0] = a.x + layout.node
    lines[:, 1] = a.at[from_place[shown]]
    lines[:, 2] = b.x - layout.node
    lines[:, 3] = b.at[to_place[shown]]
    return Edges(
        connection, source_layer, target_layer,
        table.source[shown], table.target[shown], table.parameter[shown], lines,
    )  # fmt: skip


def distances(lines: Array, x: float, y: float) -> Array:
    """Distance (m,) of a point from each line, its ends included."""
    start, along = lines[:, :2], lines[:, 2:] - lines[:, :2]
    to_point = np.array((x, y)) - start
    length = np.maximum((along * along).sum(axis=1), 1e-12)
    share = np.clip((to_point * along).sum(axis=1) / length, 0.0, 1.0)
    rest = to_point - along * share[:, None]
    return np.hypot(rest[:, 0], rest[:, 1])


def nearest(lines: Array, x: float, y: float, reach: float) -> tuple[int, float] | None:
    """(place, distance) of the line nearest to a point within ``reach``."""
    if not len(lines):
        return None
    d = distances(lines, x, y)
    best = int(np.argmin(d))
    return (best, float(d[best])) if d[best] <= reach else None


def strength_unit(fan_in: int) -> float:
    """The size of a weight that looks half as strong as the strongest: 0.6, and for more than four
    sources 1.2 / √sources, as weights then are smaller.

    An edge looks r / (1 + r) strong with r = |w| / unit. That depends on no other weight, so an edge
    grows when its weight does, whatever the others do.
    """
    return 1.2 / float(np.sqrt(max(fan_in, 4)))
