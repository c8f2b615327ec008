"""The past of a run: states kept on the way, from which any moment is computed again.

A run is deterministic, so a moment needs no more than a state before it and the steps between. States
are kept at the beginning of steps only and without curves; a moment's curve is a piece of the longest.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import replace

import numpy as np

from nnsim.core.arrays import IntArray, read_only
from nnsim.core.curves import Curves
from nnsim.core.trainer import Position, Task, Trainer, TrainState

BUDGET = 16 * 2**20  # bytes of states kept
_FEWEST = 24  # states kept however large they are
_NEAR = 16
_OVERHEAD = 600  # what a state costs beside the numbers of its arrays, in bytes


class Tape:
    """What one task has gone through since ``origin``.

    ``origin`` is put at the beginning of its step. The run may be walked by any trainer of the task:
    :meth:`keep` is called with it every few milliseconds of a run, :meth:`rest` whenever it stops or
    is about to be moved, and :meth:`seek` moves it.
    """

    def __init__(self, task: Task, origin: TrainState, budget: int = BUDGET) -> None:
        self.origin = replace(origin, phase=0, operation=0)
        self._batches = max(task.batches_per_epoch, 1)
        self._budget = budget
        self._keys = [replace(self.origin, curves=Curves.empty())]
        self._bytes = _size(origin)
        self._spacing = 1
        # States made on the way to the moments visited last: from there, going back is short.
        self._near: deque[TrainState] = deque(maxlen=_NEAR)
        self._reached = self.start
        self._curves = origin.curves
        self._thinned: list[tuple[int, Curves]] = []
        self._last_piece: tuple[Curves, int, Curves] | None = None

    # -- what is known ----------------------------------------------------------------------------

    @property
    def start(self) -> Position:
        """The first moment."""
        return Position(self.origin.step)

    @property
    def reached(self) -> Position:
        """The furthest moment known."""
        return self._reached

    @property
    def curves(self) -> Curves:
        """The curves of the furthest moment (as of the last :meth:`rest`)."""
        return self._curves

    @property
    def bytes(self) -> int:
        """Estimate of the memory held."""
        near = sum(_size(state) for state in self._near)
        curves = sum(3 * c.train.nbytes for c in (self._curves, *(c for _, c in self._thinned)))
        return self._bytes + near + curves

    def epoch_of(self, step: int) -> int:
        """The epoch that ``step`` (of this run) belongs to."""
        return self.origin.epoch + (step - self.origin.step + self.origin.batch) // self._batches

    def step_of(self, epoch: int) -> int:
        """The step with which ``epoch`` began (or would have begun, before the origin)."""
        return self.origin.step - self.origin.batch + (epoch - self.origin.epoch) * self._batches

    def steps_of(self, epochs: IntArray) -> IntArray:
        """:meth:`step_of` of many."""
        steps: IntArray = self.step_of(0) + epochs * self._batches
        return steps

    # -- recording --------------------------------------------------------------------------------

    def keep(self, trainer: Trainer) -> None:
        """Note how far the trainer has come, and keep its state if it is time for one."""
        self._reached = max(self._reached, trainer.position)
        due = self._keys[-1].step + self._spacing
        if trainer.phase == 0 and trainer.operation == 0 and trainer.step >= due:
            key = trainer.keyframe()
            self._keys.append(key)
            self._bytes += _size(key)
            if self._bytes > self._budget and len(self._keys) > 2 * _FEWEST:
                self._thin()

    def rest(self, trainer: Trainer) -> None:
        """:meth:`keep`, and take over the curves."""
        self.keep(trainer)
        if trainer.position >= self._reached:
            self._curves = trainer.curves()
        known = self._thinned[-1][0] if self._thinned else -1
        self._thinned += [entry for entry in trainer.thinned_curves if entry[0] > known]

    def _thin(self) -> None:
        """Keep every second state, and from now on take them half as often."""
        self._keys = self._keys[::2]
        self._bytes = sum(map(_size, self._keys))
        self._spacing = max(2 * self._spacing, (self._keys[-1].step - self._keys[0].step) // len(self._keys))

    # -- going there ------------------------------------------------------------------------------

    def seek(self, trainer: Trainer, to: Position) -> None:
        """Put the trainer where the run was at ``to``, or at the nearest moment known.

        Everything is as it was then, down to the bytes, curves included.
        """
        self.rest(trainer)
        to = min(max(to, self.start), self._reached)
        trainer.restore(self.kept_before(to.step), silent=True)
        while trainer.step < to.step:
            # In halves: states kept on the way then lie the denser the nearer they are.
            trainer.run((to.step - trainer.step + 1) // 2)
            self._near.append(trainer.keyframe())
        while trainer.phase < min(to.phase, len(trainer.plan) - 1):
            trainer.advance()
        trainer.show_operation(to.operation)
        trainer.set_curves(self._curves_at(trainer.position))

    def kept_before(self, step: int) -> TrainState:
        """The last state kept that is not after ``step``."""
        key = self._keys[bisect_right(self._keys, step, key=_step) - 1]
        return max((key, *(near for near in self._near if near.step <= step)), key=_step)

    def _curves_at(self, position: Position) -> Curves:
        if position < Position(self.origin.step, 1):
            return self.origin.curves  # the epoch's own loss is recorded with its first phase
        epoch = self.epoch_of(position.step)
        whole = next((curves for until, curves in self._thinned if epoch < until), self._curves)
        count = int(np.searchsorted(whole.epoch, epoch, side="right"))
        if count == len(whole):
            return whole
        if self._last_piece is None or self._last_piece[:2] != (whole, count):
            piece = (read_only(whole.epoch[:count], np.intp), read_only(whole.train[:count]))
            self._last_piece = whole, count, Curves(*piece, read_only(whole.test[:count]))
        return self._last_piece[2]


def _step(state: TrainState) -> int:
    return state.step


def _size(state: TrainState) -> int:
    return _OVERHEAD + state.theta.nbytes + sum(slot.nbytes for slot in state.slots)
