"""How far one step of each size goes, forward and back."""

from __future__ import annotations

from collections import deque

from nnsim.core.phases import PhaseKind
from nnsim.core.trainer import Position, Trainer
from nnsim.engine.messages import Granularity

_LONGEST_TRAIL = 10_000


def advance(t: Trainer, size: Granularity) -> None:
    """One step forward of a size up to a batch. Raises what :meth:`Trainer.advance` raises."""
    if size is Granularity.OPERATION:
        t.advance_operation()
        return
    if size is Granularity.NEURON:
        t.advance_neuron()
        return
    t.advance()
    while t.phase and not (
        size is Granularity.LAYER or (size is Granularity.PASS and t.phase in pass_starts(t))
    ):
        t.advance()


def pass_starts(t: Trainer) -> tuple[int, int, int]:
    """How many phases are done before the forward pass, the backward pass, and the update."""
    kinds = [phase.kind for phase in t.plan]
    return 0, kinds.index(PhaseKind.LOSS) + 1, kinds.index(PhaseKind.UPDATE)


def step_start(t: Trainer, size: Granularity) -> Position:
    """The last moment at which a step of this size could have begun, before the present one.

    It may lie before the run's first moment.
    """
    step, phase, operation = t.position
    inside = phase > 0 or operation > 0
    if size is Granularity.EPOCH:
        return Position(step - (t.batch if t.batch or inside else t.batches_per_epoch))
    if size is Granularity.BATCH:
        return Position(step if inside else step - 1)
    if size is Granularity.PASS:
        starts = [start for start in pass_starts(t) if (start, 0) < (phase, operation)]
        return Position(step, starts[-1]) if starts else Position(step - 1, pass_starts(t)[-1])
    if size is Granularity.LAYER and operation:
        return Position(step, phase)
    if operation == 0:
        step, phase = (step, phase - 1) if phase else (step - 1, len(t.plan) - 1)
        operation = len(t.operations_of(phase))
    if size is Granularity.LAYER:
        return Position(step, phase)
    last = operation - 1
    return Position(
        step, phase, last if size is Granularity.OPERATION else t.operations_of(phase).neuron_start(last)
    )


class Trail:
    """Where the last steps began, so that going back by the same sizes leads through the same moments.

    A step may begin anywhere and end where its size says; backwards only the end would be known.
    """

    def __init__(self) -> None:
        self._steps: deque[tuple[Position, Granularity, Position]] = deque(maxlen=_LONGEST_TRAIL)

    def add(self, start: Position, size: Granularity, end: Position) -> None:
        """A step was made."""
        self._steps.append((start, size, end))

    def take(self, size: Granularity, now: Position) -> Position | None:
        """Where the last step began, if it was one of this size and led here."""
        if self._steps and self._steps[-1][1:] == (size, now):
            return self._steps.pop()[0]
        return None

    def cut(self, now: Position) -> None:
        """The run stands at ``now`` again: what leads further is no trail any more."""
        while self._steps and self._steps[-1][2] > now:
            self._steps.pop()

    def clear(self) -> None:
        self._steps.clear()
