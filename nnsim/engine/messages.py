"""What goes to the engine and what comes back. Every message carries the project's generation.

A stale message (of an earlier generation than the one loaded) is dropped on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from nnsim.core.tape import Tape
from nnsim.core.trainer import Position, TrainState
from nnsim.engine.snapshot import ViewRequest
from nnsim.model.compile import Compiled


class Granularity(StrEnum):
    """How far one step goes."""

    OPERATION = "operation"  # one number: a weighted sum, an activation, a gradient …
    NEURON = "neuron"  # what a phase finds out about one neuron
    LAYER = "layer"  # one phase: a layer forward, the loss, a layer backward, or the update
    PASS = "pass"  # to the end of the forward pass, the loss, the backward pass, the update
    BATCH = "batch"  # to the end of the current update
    EPOCH = "epoch"  # to the end of the current epoch


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """Take over this project, and show it.

    ``tape`` is the past of the run that it stands in; the engine alone uses it until the next
    ``Load``. Without one a new run begins.
    """

    generation: int
    compiled: Compiled
    tape: Tape | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """Show these things from now on."""

    request: ViewRequest


@dataclass(frozen=True, slots=True)
class Step:
    """Advance by one step of the given size, then report ``Stopped("step")``."""

    generation: int
    granularity: Granularity


@dataclass(frozen=True, slots=True)
class Back:
    """Undo one step of the given size, then report ``Stopped("step")``; at the run's first moment
    without having moved. ``start``: go to this moment first."""

    generation: int
    granularity: Granularity
    start: Position | None = None


@dataclass(frozen=True, slots=True)
class Seek:
    """Go to a moment of the run, then report ``Stopped("step")``. What lies beyond the step under way
    and the moments known cannot be gone to; the nearest is."""

    generation: int
    position: Position


@dataclass(frozen=True, slots=True)
class Run:
    """Go on until paused, or for ``epochs`` more. ``per_second`` steps of ``granularity`` a second
    (``None``: flat out, in whole updates)."""

    generation: int
    epochs: int | None = None
    per_second: float | None = None
    granularity: Granularity = Granularity.BATCH


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """Change the speed of the run under way."""

    per_second: float | None
    granularity: Granularity = Granularity.BATCH


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop between steps and report ``Stopped("paused")`` if a run was under way."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End the thread."""


Command = Load | Watch | Step | Back | Seek | Run | SetSpeed | Pause | Quit


@dataclass(frozen=True, slots=True, eq=False)
class Stopped:
    """A run or step has ended; the session owns the state again.

    ``diverged``: a number was no longer finite; the checkpoint is the last good state.
    """

    generation: int
    reason: Literal["paused", "step", "done", "diverged"]
    checkpoint: TrainState


@dataclass(frozen=True, slots=True)
class Failed:
    """An error in the engine. The engine lives on with the last checkpoint, which is included."""

    generation: int
    message: str
    details: str
    checkpoint: TrainState | None


Event = Stopped | Failed
