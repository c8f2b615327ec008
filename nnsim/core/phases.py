"""The parts of one training step, in order: forward by layer, loss, backward by layer, update."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nnsim.core.network import Network


class PhaseKind(StrEnum):
    """What a phase does."""

    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of a step. ``layer`` is the layer computed (``None`` for loss and update)."""

    kind: PhaseKind
    layer: int | None = None


def plan(network: Network) -> tuple[Phase, ...]:
    """The phases of every step of this network: 2·(layers after the input) + 2."""
    layers = range(1, network.depth)
    return (
        *(Phase(PhaseKind.FORWARD, i) for i in layers),
        Phase(PhaseKind.LOSS),
        *(Phase(PhaseKind.BACKWARD, i) for i in reversed(layers)),
        Phase(PhaseKind.UPDATE),
    )
