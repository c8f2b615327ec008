"""The machine inside the engine: obeys commands, advances the trainer, reports. Knows no threads.

The thread (:mod:`nnsim.engine.worker`) and the inline handle (:mod:`nnsim.engine.inline`) drive
the same runner, so what is tested without a thread is what runs in it.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnsim.core.phases import PhaseKind
from nnsim.core.trainer import Diverged, Trainer, TrainState
from nnsim.engine.channels import EventLane, Mailbox
from nnsim.engine.messages import (
    Command,
    Event,
    Failed,
    Granularity,
    Load,
    Pause,
    Run,
    SetSpeed,
    Step,
    Stopped,
    Watch,
)  # fmt: skip
from nnsim.engine.show import Showing
from nnsim.engine.snapshot import Snapshot, ViewRequest
from nnsim.model.compile import Compiled

SLICE_SECONDS = 0.003  # how long commands may wait while training flat out


@dataclass(slots=True)
class _Goal:
    """What the run under way is for. ``until_epoch`` None: until paused."""

    reason: Literal["done", "step"]
    until_epoch: int | None
    per_second: float | None
    granularity: Granularity
    due: float = 0.0


class Runner:
    """Call :meth:`handle` for commands and :meth:`work` whenever :attr:`busy`."""

    def __init__(self, mailbox: Mailbox[Snapshot], events: EventLane[Event]) -> None:
        self._mailbox, self._events = mailbox, events
        self._trainer: Trainer | None = None
        self._showing: Showing | None = None
        self._compiled: Compiled | None = None
        self._request = ViewRequest()
        self._generation = -1
        self._goal: _Goal | None = None
        self._burst = 1
        self._good: TrainState | None = None
        self._rate_from = (0.0, 0)
        self._rate = 0.0

    @property
    def busy(self) -> bool:
        """Whether a run is under way."""
        return self._goal is not None

    def idle_seconds(self) -> float:
        """How long there is nothing to do in the run under way (0: work now)."""
        if self._goal is None or self._goal.per_second is None:
            return 0.0
        return max(0.0, self._goal.due - time.perf_counter())

    # -- commands ---------------------------------------------------------------------------------

    def handle(self, command: Command) -> None:
        """Obey one command. Errors become :class:`Failed`; the runner lives on."""
        self._guarded(lambda: self._obey(command))

    def _guarded(self, act: Callable[[], None]) -> None:
        # Overflow on the way to divergence is no news, in any thread and also while stopping.
        with np.errstate(all="ignore"):
            try:
                act()
            except Diverged:
                self._stop("diverged")
            except Exception as error:
                self._fail(error)

    def _obey(self, command: Command) -> None:
        if isinstance(command, Load):
            self._load(command)
        elif isinstance(command, Watch):
            self._request = command.request
            if self._showing is not None:
                self._showing.watch(command.request)
                self._show(idle=self._goal is None)
        elif isinstance(command, Step):
            self._step(command)
        elif isinstance(command, Run):
            if command.generation == self._generation and self._trainer is not None:
                until = None if command.epochs is None else self._trainer.epoch + command.epochs
                self._begin(_Goal("done", until, command.per_second, command.granularity))
        elif isinstance(command, SetSpeed):
            if self._goal is not None:
                self._goal.per_second, self._goal.granularity = command.per_second, command.granularity
                self._goal.due = 0.0
        elif isinstance(command, Pause) and self._goal is not None:
            self._stop("paused")

    def _load(self, command: Load) -> None:
        self._goal = None
        self._trainer = self._showing = None
        self._generation, self._compiled = command.generation, command.compiled
        self._good = command.compiled.state
        self._trainer = Trainer(command.compiled.task, command.compiled.state)
        self._showing = Showing(command.compiled, self._trainer, command.generation)
        self._showing.watch(self._request)
        self._burst = 1
        self._show(idle=True)

    def _step(self, command: Step) -> None:
        if command.generation != self._generation or self._trainer is None:
            return
        t = self._trainer
        if command.granularity is Granularity.EPOCH:
            self._begin(_Goal("step", t.epoch + 1, None, Granularity.BATCH))
            return
        self._advance(t, command.granularity)
        self._stop("step")

    def _begin(self, goal: _Goal) -> None:
        assert self._trainer is not None
        self._goal = goal
        self._rate_from = (time.perf_counter(), self._trainer.step)
        self._rate = 0.0

    @staticmethod
    def _advance(t: Trainer, granularity: Granularity) -> None:
        """One step of a size up to a batch."""
        if granularity is Granularity.LAYER:
            t.advance()
            return
        while True:
            done = t.advance()
            if t.phase == 0:
                return
            if granularity is Granularity.PASS and (
                done.kind is PhaseKind.LOSS or t.plan[t.phase].kind is PhaseKind.UPDATE
            ):
                return

    # -- working ----------------------------------------------------------------------------------

    def work(self) -> None:
        """One slice of the run under way: a few milliseconds, or one slow step if it is due."""
        self._guarded(self._slice)

    def _slice(self) -> None:
        goal, t = self._goal, self._trainer
        if goal is None or t is None:
            return
        if goal.per_second is None:
            self._flat_out(t, goal)
        elif time.perf_counter() >= goal.due:
            self._paced(t, goal)
        if goal.until_epoch is not None and t.epoch >= goal.until_epoch:
            self._stop(goal.reason)
        elif self._mailbox.empty:
            self._measure_rate(t)
            self._show(idle=False)

    def _flat_out(self, t: Trainer, goal: _Goal) -> None:
        steps = self._burst
        if goal.until_epoch is not None:
            left = (goal.until_epoch - t.epoch) * t.batches_per_epoch - t.batch
            steps = max(1, min(steps, left))
        began = time.perf_counter()
        t.run(steps)
        spent = max(time.perf_counter() - began, 1e-7)
        # Aim at one slice; grow gently so that one slow moment does not halve the speed for long.
        fitting = int(steps * SLICE_SECONDS / spent) or 1
        self._burst = min(fitting, self._burst * 2, 100_000)

    def _paced(self, t: Trainer, goal: _Goal) -> None:
        """As many slow steps as are due, but no longer than a slice."""
        assert goal.per_second is not None
        now = time.perf_counter()
        # After a delay go on from now instead of catching up in a rush.
        goal.due = max(goal.due, now - SLICE_SECONDS)
        while goal.due <= now and time.perf_counter() - now < SLICE_SECONDS:
            if goal.granularity is Granularity.EPOCH:
                t.run(t.batches_per_epoch - t.batch)
            else:
                self._advance(t, goal.granularity)
            goal.due += 1.0 / goal.per_second
            if goal.until_epoch is not None and t.epoch >= goal.until_epoch:
                return

    def _measure_rate(self, t: Trainer) -> None:
        since, steps = self._rate_from
        now = time.perf_counter()
        if now - since >= 0.5:
            self._rate = (t.step - steps) / (now - since)
            self._rate_from = (now, t.step)

    # -- reports ----------------------------------------------------------------------------------

    def _show(self, idle: bool) -> None:
        if self._showing is not None:
            self._mailbox.put(self._showing.snapshot(running=not idle, rate=self._rate))

    def _stop(self, reason: Literal["paused", "step", "done", "diverged"]) -> None:
        self._goal = None
        if self._trainer is None:
            return
        self._good = self._trainer.checkpoint()
        self._show(idle=True)
        self._events.put(Stopped(self._generation, reason, self._good))

    def _fail(self, error: Exception) -> None:
        self._goal = None
        details = "".join(traceback.format_exception(error))
        good = self._good
        if self._trainer is not None and good is not None:
            try:
                self._trainer.restore(good)
                self._show(idle=True)
            except Exception:
                # The machine itself is broken: the session loads a project again.
                self._trainer = self._showing = None
        self._events.put(Failed(self._generation, f"{type(error).__name__}: {error}", details, good))
