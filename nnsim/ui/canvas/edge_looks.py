"""How every edge of the network looks, found for all of them at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from nnsim.core.arrays import Array, IntArray
from nnsim.ui.canvas.edge_geometry import BUDGET, Edges, strength_unit
from nnsim.ui.canvas.inks import LEVELS, ZERO


class EdgeLooks:
    """The shown edges of all connections behind one another in flat arrays.

    ``weights`` (m,) and ``looks`` (m,) are those last taken; :meth:`part` cuts out a connection's.
    """

    def __init__(self, edges: Mapping[str, Edges], fan_in: Mapping[str, int]) -> None:
        self._edges = dict(edges)
        self._slices: dict[str, slice] = {}
        begin = 0
        for id_, e in edges.items():
            self._slices[id_] = slice(begin, begin + len(e))
            begin += len(e)
        self.weights: Array = np.zeros(begin)
        self.looks: NDArray[np.int8] = np.full(begin, ZERO, dtype=np.int8)
        self._per_unit: Array = np.empty(begin)
        self._ratio: Array = np.empty(begin)
        for id_, part in self._slices.items():
            self._per_unit[part] = 1.0 / strength_unit(fan_in[id_])

    def part(self, connection: str) -> slice:
        """Where a connection's edges are in the flat arrays."""
        return self._slices[connection]

    def take(self, weights: Mapping[str, Array]) -> None:
        """Take over the weights by connection id, of the connection's own shape; a missing one is 0."""
        for id_, part in self._slices.items():
            values = weights.get(id_)
            self.weights[part] = 0.0 if values is None else np.ravel(values)[self._edges[id_].parameter]
        ratio = self._ratio
        np.abs(self.weights, out=ratio)
        ratio *= self._per_unit
        np.fmax(ratio, 0.0, out=ratio)  # not a number: as if it were nothing
        looks = looks_of(self.weights, ratio)
        self.looks = looks

    def shares(self, connection: str) -> Array:
        """The strengths (m,) of a connection's edges with their signs, −1 … 1."""
        part = self._slices[connection]
        return np.copysign(1.0 - 1.0 / (1.0 + self._ratio[part]), self.weights[part])

    def chosen(self, without: Collection[str] = (), budget: int = BUDGET) -> dict[str, IntArray]:
        """By connection the places of the edges to draw: all, or the ``budget`` strongest; none of
        the connections ``without``."""
        parts = {id_: part for id_, part in self._slices.items() if id_ not in without}
        chosen: dict[str, IntArray] = dict.fromkeys(without, np.empty(0, dtype=np.intp))
        if sum(len(self._edges[id_]) for id_ in parts) <= budget:
            return chosen | {id_: np.arange(len(self._edges[id_])) for id_ in parts}
        ratio = self._ratio.copy()
        for id_ in without:
            ratio[self._slices[id_]] = -1.0
        kept = np.zeros(len(ratio), dtype=np.bool_)
        kept[np.argpartition(ratio, len(kept) - budget)[len(kept) - budget :]] = True
        return chosen | {id_: np.flatnonzero(kept[part]) for id_, part in parts.items()}


def looks_of(weights: Array, ratio: Array) -> NDArray[np.int8]:
    """The look (m,) of edges from their weights and ``ratio`` = |w| / unit: the level of their
    strength, plus ``LEVELS`` where negative; ``ZERO`` for zeros."""
    strength = 1.0 - 1.0 / (1.0 + ratio)
    levels = np.minimum((strength * LEVELS).astype(np.int8), np.int8(LEVELS - 1))
    levels += np.int8(LEVELS) * (weights < 0.0)
    levels[weights == 0.0] = ZERO
    return levels
