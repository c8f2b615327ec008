"""What every connection kind offers. Parameters and caches are arguments, never attributes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nnsim.core.arrays import Array, IntArray
from nnsim.core.ops import Calls
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

    Arrays lie by feature: x is (n_in, n), z and δ are (n_out, n) for a batch of n.

    ``weight_shape(n_in, n_out)``
    ``fans(n_in, n_out)``      (fan_in, fan_out) for initialisers
    ``sums(w, out)``           for any x, calls that write the contribution to z into ``out``; to be
                               performed before those of another x
    ``blames(w, delta, out)``  calls that write ∂C/∂x into ``out``
    ``gradients(x, delta, out)``  calls that write ∂C/∂w into ``out``
    ``edges(n_in, n_out)``     the edge table
    ``joins_bias``             whether w may be [W|b] and x have a last row of ones, which makes the
                               bias one more weight (then all three take and give the joined arrays)
    """

    weight_shape: Callable[[int, int], tuple[int, ...]]
    fans: Callable[[int, int], tuple[int, int]]
    sums: Callable[[Array, Array], Callable[[Array], Calls]]
    blames: Callable[[Array, Array, Array], Calls]
    gradients: Callable[[Array, Array, Array], Calls]
    edges: Callable[[int, int], EdgeTable]
    joins_bias: bool = False
