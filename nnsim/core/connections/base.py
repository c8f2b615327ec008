"""What every connection kind offers. Parameters and caches are arguments, never attributes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nnsim.core.arrays import Array, IntArray
from nnsim.core.registry import Entry


@dataclass(frozen=True, slots=True, eq=False)
class EdgeTable:
    """The drawable edges of a connection: one row an edge.

    ``parameter`` is the index into the flattened weights; edges that share a weight share it.
    """

    source: IntArray
    target: IntArray
    parameter: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionKind(Entry):
    """A way of connecting a source layer of n_in neurons to a target layer of n_out.

    ``weight_shape(n_in, n_out)``
    ``fans(n_in, n_out)``                  (fan_in, fan_out) for initialisers
    ``forward(w, x, out)``                 z contribution (n, n_out) of x (n, n_in)
    ``backward_input(w, delta, out)``      ∂C/∂x (n, n_in) of δ (n, n_out)
    ``backward_weights(x, delta, out)``    ∂C/∂w, the shape of w
    ``edges(n_in, n_out)``                 the edge table
    """

    weight_shape: Callable[[int, int], tuple[int, ...]]
    fans: Callable[[int, int], tuple[int, int]]
    forward: Callable[[Array, Array, Array], None]
    backward_input: Callable[[Array, Array, Array], None]
    backward_weights: Callable[[Array, Array, Array], None]
    edges: Callable[[int, int], EdgeTable]
