"""Which weight or bias a position in θ is, and a fair choice of positions where there are too many."""

from __future__ import annotations

import numpy as np

from nnsim.core.arrays import IntArray
from nnsim.core.explain.quantity import Quantity
from nnsim.core.network import Network


def parameter_places(network: Network, most: int | None = None) -> list[tuple[int, Quantity]]:
    """(position in θ, which parameter) in computing order; a shared bias stands once.

    With more than ``most`` parameters, an even spread over each connection and each layer's biases, so
    that every part of the network has its share; at least one of each.
    """
    parts = list(_parts(network))
    total = sum(len(rows) for _, rows, _ in parts)
    share = 1.0 if most is None or total <= most else most / total
    found: list[tuple[int, Quantity]] = []
    for quantity, rows, width in parts:
        count = max(round(len(rows) * share), 1)
        for k in np.linspace(0, len(rows) - 1, count).round().astype(np.intp).tolist():
            found.append((int(rows[k]), _place(quantity, k, width)))
    return found


def parameter_count(network: Network) -> int:
    """How many parameters there are; a shared bias is one."""
    return sum(len(rows) for _, rows, _ in _parts(network))


def _parts(network: Network) -> list[tuple[Quantity, IntArray, int]]:
    """By connection and by layer's biases: the first of them, all positions in θ, sources in a row."""
    parts: list[tuple[Quantity, IntArray, int]] = []
    for kind, index, layer, block in network.parameters():
        positions = block.positions()
        if kind == "weight":
            parts.append((Quantity("weight", layer, 0, index, 0), positions.ravel(), positions.shape[1]))
        else:
            shared = network.spec.layers[layer].bias == "shared"
            rows = positions[:1] if shared else positions
            parts.append((Quantity("bias", layer, 0), rows, 1))
    return [part for part in parts if len(part[1])]


def _place(first: Quantity, k: int, width: int) -> Quantity:
    if first.kind == "weight":
        target, source = divmod(k, width)
        return Quantity("weight", first.layer, target, first.connection, source)
    return Quantity("bias", first.layer, k)
