"""The learning curve of a run: losses by epoch, bounded in memory however long the run is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnsim.core.arrays import Array, IntArray, read_only

# A curve keeps at most this many points. When it is full every second one is dropped and from then
# on only every second epoch is recorded, so what is kept depends on the epoch alone.
CAPACITY = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """``epoch`` (k,), ``train`` and ``test`` loss (k,), ``test`` being NaN where there is no test set."""

    epoch: IntArray
    train: Array
    test: Array

    @staticmethod
    def empty() -> Curves:
        return Curves(read_only([], np.intp), read_only([]), read_only([]))

    def __len__(self) -> int:
        return len(self.epoch)


class CurveRecorder:
    """A growing curve. ``wants(epoch)`` says whether an epoch is to be recorded.

    A curve of more points than are kept here is thinned out at once; its epochs must rise.
    ``past`` holds what thinning takes away: (epoch from which on it was gone, the curve before), the
    oldest first. A ``silent`` recorder wants nothing.
    """

    def __init__(self, curves: Curves, silent: bool = False) -> None:
        self.past: list[tuple[int, Curves]] = []
        self._silent = silent
        while len(curves) > CAPACITY:
            curves = Curves(*(read_only(c[::2], c.dtype) for c in (curves.epoch, curves.train, curves.test)))
        self._rows = np.empty((CAPACITY, 3))
        self._count = len(curves)
        self._rows[: self._count, 0] = curves.epoch
        self._rows[: self._count, 1] = curves.train
        self._rows[: self._count, 2] = curves.test
        # The stride is read off the curve itself, so it survives saving without being stored.
        self._stride = int(curves.epoch[1] - curves.epoch[0]) if self._count > 1 else 1
        self._frozen: Curves | None = curves

    def wants(self, epoch: int) -> bool:
        """Whether ``epoch`` (not before any recorded one) is a point of this curve."""
        if self._silent:
            return False
        if self._count == 0:
            return True
        since_first = epoch - int(self._rows[0, 0])
        return since_first % self._stride == 0 and epoch > self._rows[self._count - 1, 0]

    def next_after(self, epoch: int) -> int | None:
        """The first epoch after ``epoch`` that is a point of this curve; ``None`` if none will be."""
        if self._silent:
            return None
        if self._count == 0:
            return epoch + 1
        first, last = int(self._rows[0, 0]), int(self._rows[self._count - 1, 0])
        return first + ((max(epoch, last) - first) // self._stride + 1) * self._stride

    def add(self, epoch: int, train: float, test: float) -> None:
        """Record the losses of ``epoch``; thins the curve out when it is full."""
        if self._count == CAPACITY:
            self.past.append((epoch, self.curves()))
            half = (CAPACITY + 1) // 2
            self._rows[:half] = self._rows[::2].copy()
            self._count = half
            self._stride *= 2
            self._frozen = None
            if not self.wants(epoch):
                return
        self._rows[self._count] = (epoch, train, test)
        self._count += 1
        self._frozen = None

    def curves(self) -> Curves:
        """The curve so far, frozen (the same object until something is added)."""
        if self._frozen is None:
            rows = self._rows[: self._count]
            self._frozen = Curves(
                read_only(rows[:, 0].astype(np.intp), np.intp), read_only(rows[:, 1]), read_only(rows[:, 2])
            )
        return self._frozen

    def mark(self) -> tuple[int, int]:
        """The present length, for :meth:`rewind`."""
        return self._count, len(self.past)

    def rewind(self, mark: tuple[int, int]) -> None:
        """Forget what was recorded since ``mark`` was taken."""
        count, thinnings = mark
        if thinnings < len(self.past):
            whole = self.past[thinnings][1]
            for column, values in enumerate((whole.epoch, whole.train, whole.test)):
                self._rows[: len(whole), column] = values
            self._stride = int(whole.epoch[1] - whole.epoch[0])
            del self.past[thinnings:]
        elif count == self._count:
            return
        self._count = count
        self._frozen = None
