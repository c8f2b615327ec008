"""A piece of the learning curve with every epoch in it, computed again from the run's past.

A long run keeps some thousand points of its curve, whatever its length. A run is deterministic, so
the losses between them can be had again, exactly, for as many epochs as a picture can tell apart.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from nnsim.core.arrays import read_only
from nnsim.core.curves import Curves
from nnsim.core.tape import Tape
from nnsim.core.trainer import Task, Trainer

POINTS = 2048  # at most; longer pieces take every second epoch, or every third …
_BURST = 32  # updates between two looks at the clock


class CurveDetail:
    """The losses of the epochs ``first`` to ``last``, as far as the run has been there.

    Call :meth:`work` until :attr:`curves` is no longer ``None``.
    """

    def __init__(self, task: Task, tape: Tape, first: int, last: int) -> None:
        begin = tape.epoch_of(tape.start.step)
        if tape.step_of(begin) < tape.start.step:
            begin += 1  # it was entered in the middle of an epoch
        first, last = max(first, begin), min(last, tape.epoch_of(tape.reached.step))
        stride = max(-(-(last - first + 1) // POINTS), 1)
        self._epochs = range(first, last + 1, stride)
        self._steps = [tape.step_of(epoch) for epoch in self._epochs]
        self._losses: list[tuple[float, float]] = []
        self.curves: Curves | None = None
        if not self._steps:
            self.curves = Curves.empty()
            return
        start = tape.kept_before(self._steps[0])
        self._trainer = Trainer(task, replace(start, curves=Curves.empty()))
        self._trainer.restore(start, silent=True)

    def work(self, seconds: float) -> None:
        """Go on for about so long."""
        end = time.perf_counter() + seconds
        while self.curves is None and time.perf_counter() < end:
            t = self._trainer
            missing = self._steps[len(self._losses)] - t.step
            if missing:
                t.run(min(missing, _BURST))
                continue
            self._losses.append((t.train_loss(), t.test_loss()))
            if len(self._losses) == len(self._steps):
                found = np.array(self._losses)
                self.curves = Curves(
                    read_only(self._epochs, np.intp), read_only(found[:, 0]), read_only(found[:, 1])
                )
