"""Every neuron to every neuron: z = x·Wᵀ, with W[j][k] the weight to j from k."""

from __future__ import annotations

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.connections.base import ConnectionKind, EdgeTable


def _weight_shape(n_in: int, n_out: int) -> tuple[int, ...]:
    return (n_out, n_in)


def _fans(n_in: int, n_out: int) -> tuple[int, int]:
    return n_in, n_out


def _forward(w: Array, x: Array, out: Array) -> None:
    np.dot(x, w.T, out=out)


def _backward_input(w: Array, delta: Array, out: Array) -> None:
    np.dot(delta, w, out=out)


def _backward_weights(x: Array, delta: Array, out: Array) -> None:
    np.dot(delta.T, x, out=out)


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
    forward=_forward,
    backward_input=_backward_input,
    backward_weights=_backward_weights,
    edges=_edges,
)
