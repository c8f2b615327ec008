"""Every neuron to every neuron: z = W·x, with W[j][k] the weight to j from k."""

from __future__ import annotations

import numpy as np

from nnsim.core import products
from nnsim.core.arrays import Array
from nnsim.core.connections.base import ConnectionKind, EdgeTable
from nnsim.core.ops import Calls


def _weight_shape(n_in: int, n_out: int) -> tuple[int, ...]:
    return (n_out, n_in)


def _fans(n_in: int, n_out: int) -> tuple[int, int]:
    return n_in, n_out


# From so many weights on BLAS is slower with Wᵀ·δ than with δᵀ·W, by more than it takes to turn δ.
_MANY = 1 << 17


def _blames(w: Array, delta: Array, out: Array) -> Calls:
    if w.size < _MANY:
        return [(w.T.dot, delta, out)]
    by_sample, found = np.empty_like(delta.T, order="C"), np.empty_like(out.T, order="C")
    return [(np.copyto, by_sample, delta.T), (by_sample.dot, w, found), (np.copyto, out, found.T)]


def _edges(n_in: int, n_out: int) -> EdgeTable:
    target, source = np.divmod(np.arange(n_in * n_out, dtype=np.intp), max(n_in, 1))
    return EdgeTable(source, target, np.arange(n_in * n_out, dtype=np.intp))


DENSE = ConnectionKind(
    key="dense",
    label="Dense",
    help="Every neuron of one layer feeds every neuron of the other.",
    formula="zⱼ = Σₖ wⱼₖ·aₖ + bⱼ",
    weight_shape=_weight_shape,
    fans=_fans,
    sums=products.sums,
    blames=_blames,
    gradients=products.gradients,
    edges=_edges,
    joins_bias=True,
)
