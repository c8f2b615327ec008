"""The curves of earlier runs, kept for comparison as long as the window is open. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnsim.core.curves import Curves

KEPT = 5


@dataclass(frozen=True, slots=True, eq=False)
class EarlierRun:
    """A curve that was reset, and the loss it measures."""

    curves: Curves
    loss: str


class LossRuns:
    """Watches the curve of the document and keeps what a reset takes away.

    ``furthest`` is the curve of the furthest moment known: longer than the present one where the run
    was gone back in. When it goes back itself (new weights, other data, an edit at an earlier moment) it
    is kept; when it comes back (a run redone), it is no longer an earlier one. Only curves of the same
    loss are comparable.
    """

    def __init__(self) -> None:
        self._current = self._furthest = Curves.empty()
        self._loss = ""
        self._kept: list[EarlierRun] = []

    def observe(self, curves: Curves, loss: str, furthest: Curves | None = None) -> bool:
        """Take the present curve in; whether anything has changed."""
        furthest = curves if furthest is None else furthest
        if curves is self._current and furthest is self._furthest and loss == self._loss:
            return False
        before = self._furthest
        if not _goes_on(before, furthest) or loss != self._loss:
            self._keep(before, self._loss)
        self._current, self._furthest, self._loss = curves, furthest, loss
        self._kept = [run for run in self._kept if run.loss != loss or not _holds(furthest, run.curves)]
        return True

    def _keep(self, curves: Curves, loss: str) -> None:
        if len(curves) >= 2:
            self._kept.append(EarlierRun(curves, loss))
            del self._kept[:-KEPT]

    @property
    def current(self) -> Curves:
        return self._current

    @property
    def furthest(self) -> Curves:
        return self._furthest

    def earlier(self) -> tuple[Curves, ...]:
        """The kept curves of the present loss, the oldest first."""
        return tuple(run.curves for run in self._kept if run.loss == self._loss)

    def clear(self) -> None:
        """Forget the earlier runs."""
        self._kept.clear()

    def forget(self) -> None:
        """Forget everything: another document."""
        self.clear()
        self._current = self._furthest = Curves.empty()
        self._loss = ""


def _same_start(a: Curves, b: Curves) -> bool:
    return int(a.epoch[0]) == int(b.epoch[0]) and _equal(a.train[0], b.train[0])


def _equal(a: float, b: float) -> bool:
    return bool(a == b or (np.isnan(a) and np.isnan(b)))


def _goes_on(before: Curves, after: Curves) -> bool:
    """Whether ``after`` is ``before`` and more."""
    if not len(before):
        return True
    if not len(after):
        return False
    return _same_start(before, after) and int(after.epoch[-1]) >= int(before.epoch[-1])


def _holds(curves: Curves, part: Curves) -> bool:
    """Whether ``part`` is a piece of ``curves`` from its beginning on."""
    if len(curves) < 2 or not _same_start(curves, part) or curves.epoch[-1] < part.epoch[-1]:
        return False
    # A long curve keeps every second point only: compare the last one both have.
    common = np.intersect1d(curves.epoch, part.epoch, assume_unique=True)
    last = int(common[-1])
    at, there = int(np.searchsorted(curves.epoch, last)), int(np.searchsorted(part.epoch, last))
    return last > int(part.epoch[0]) and _equal(curves.train[at], part.train[there])
