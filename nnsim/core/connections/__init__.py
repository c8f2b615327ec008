"""Connection kinds: how one layer's activations reach the next layer's weighted sums."""

from nnsim.core.connections.base import ConnectionKind, EdgeTable
from nnsim.core.connections.dense import DENSE
from nnsim.core.registry import Registry

CONNECTIONS: Registry[ConnectionKind] = Registry("connection kind", (DENSE,))

__all__ = ["CONNECTIONS", "DENSE", "ConnectionKind", "EdgeTable"]
