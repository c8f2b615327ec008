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

from nnsim.core.tape import Tape
from nnsim.core.trainer import Diverged, Position, Trainer, TrainState
from nnsim.engine.channels import EventLane, Mailbox
from nnsim.engine.detail import CurveDetail
from nnsim.engine.messages import (
    Back,
    Command,
    Event,
    Failed,
    Granularity,
    Load,
    Pause,
    Run,
    Seek,
    SetSpeed,
    Step,
    Stopped,
    Watch,
)  # fmt: skip
from nnsim.engine.show import Showing
from nnsim.engine.sizes import Trail, advance, step_start
from nnsim.engine.snapshot import Snapshot, ViewRequest

# Steps a second that can be seen one by one: what each has led to is shown, and is not late by one.
_SEEN_EACH = 60.0
SLICE_SECONDS = 0.003  # how long commands may wait while training flat out


@dataclass(slots=True)
class _Goal:
    """What the run under way is for. ``until_epoch`` None: until paused."""

    reason: Literal["done", "step"]
    until_epoch: int | None
    per_second: float | None
    granularity: Granularity
    due: float = 0.0
    start: Position | None = None  # of a step


class Runner:
    """Call :meth:`handle` for commands and :meth:`work` whenever :attr:`busy`."""

    def __init__(self, mailbox: Mailbox[Snapshot], events: EventLane[Event]) -> None:
        self._mailbox, self._events = mailbox, events
        self._trainer: Trainer | None = None
        self._showing: Showing | None = None
        self._tape: Tape | None = None
        self._trail = Trail()
        self._request = ViewRequest()
        self._generation = -1
        self._goal: _Goal | None = None
        self._burst = 1
        self._good: TrainState | None = None
        self._rate_from = (0.0, 0)
        self._rate = 0.0
        self._detail: CurveDetail | None = None
        self._detail_for: object = None

    @property
    def busy(self) -> bool:
        """Whether there is something to work on: a run, or a piece of the curve."""
        return self._goal is not None or self._detail is not None

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
                self._look_closely()
                self._show(idle=self._goal is None)
        elif isinstance(command, Step):
            self._step(command)
        elif isinstance(command, Back):
            self._back(command)
        elif isinstance(command, Seek):
            if command.generation == self._generation:
                self._go(command.position)
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
        compiled = command.compiled
        self._goal = None
        sets = None if self._trainer is None else self._trainer.sets
        self._trainer = self._tape = self._showing = self._detail = None
        self._generation = command.generation
        self._good = compiled.state
        self._trainer = Trainer(compiled.task, compiled.state, sets)
        self._tape = command.tape or Tape(compiled.task, compiled.state)
        self._tape.rest(self._trainer)
        self._trail.clear()
        self._showing = Showing(compiled, self._trainer, self._tape, command.generation)
        self._showing.watch(self._request)
        self._burst = 1
        self._detail_for = None
        self._look_closely()
        self._show(idle=True)

    def _look_closely(self) -> None:
        """Begin with the piece of the curve that is asked for, if it is another one."""
        wanted, tape, showing = self._request.curve, self._tape, self._showing
        if tape is None or showing is None or self._goal is not None:
            return
        if wanted is None:
            self._detail = self._detail_for = showing.curve_detail = None
        elif (wanted, tape.reached) != self._detail_for:
            self._detail_for = (wanted, tape.reached)
            self._detail = CurveDetail(showing.task, tape, *wanted)

    def _finish_detail(self, detail: CurveDetail, showing: Showing) -> None:
        """Go on with the piece of the curve; show it when it is there."""
        detail.work(SLICE_SECONDS)
        if detail.curves is not None:
            self._detail, showing.curve_detail = None, detail.curves
            self._show(idle=True)

    def _step(self, command: Step) -> None:
        if command.generation != self._generation or self._trainer is None:
            return
        t = self._trainer
        if command.granularity is Granularity.EPOCH:
            self._begin(_Goal("step", t.epoch + 1, None, Granularity.EPOCH, start=t.position))
            return
        start = t.position
        advance(t, command.granularity)
        self._trail.add(start, command.granularity, t.position)
        self._stop("step")

    def _back(self, command: Back) -> None:
        if command.generation != self._generation or self._trainer is None or self._tape is None:
            return
        if command.start is not None:
            self._tape.seek(self._trainer, command.start)
        to = self._trail.take(command.granularity, self._trainer.position)
        self._go(step_start(self._trainer, command.granularity) if to is None else to)

    def _go(self, to: Position) -> None:
        if self._trainer is None or self._tape is None:
            return
        t = self._trainer
        self._tape.seek(t, to)
        # The rest of the step under way is not known yet, but it is near.
        while t.position < to <= Position(t.step + 1):
            if t.position[:2] == to[:2]:
                t.show_operation(to.operation)
                break
            t.advance()
        self._trail.cut(self._trainer.position)
        self._stop("step")

    def _begin(self, goal: _Goal) -> None:
        assert self._trainer is not None
        self._goal = goal
        self._rate_from = (time.perf_counter(), self._trainer.step)
        self._rate = 0.0

    # -- working ----------------------------------------------------------------------------------

    def work(self) -> None:
        """One slice of the run under way: a few milliseconds, or one slow step if it is due."""
        self._guarded(self._slice)

    def _slice(self) -> None:
        goal, t, tape = self._goal, self._trainer, self._tape
        if goal is None and self._detail is not None and self._showing is not None:
            self._finish_detail(self._detail, self._showing)
        if goal is None or t is None or tape is None:
            return
        before, each = t.position, goal.per_second is not None and goal.per_second <= _SEEN_EACH
        if goal.per_second is None:
            self._flat_out(t, goal)
        elif time.perf_counter() >= goal.due:
            self._paced(t, goal)
        tape.keep(t)
        if goal.until_epoch is not None and t.epoch >= goal.until_epoch:
            self._stop(goal.reason)
        elif self._mailbox.empty or (each and t.position != before):
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
                advance(t, goal.granularity)
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
            numbers = self._goal is None or self._goal.per_second is not None
            self._mailbox.put(self._showing.snapshot(not idle, self._rate, numbers))

    def _stop(self, reason: Literal["paused", "step", "done", "diverged"]) -> None:
        goal, self._goal = self._goal, None
        if self._trainer is None or self._tape is None:
            return
        if goal is not None:
            if goal.start is None:
                self._trail.clear()
            else:
                self._trail.add(goal.start, goal.granularity, self._trainer.position)
        self._tape.rest(self._trainer)
        self._good = self._trainer.checkpoint()
        self._look_closely()
        self._show(idle=True)
        self._events.put(Stopped(self._generation, reason, self._good))

    def _fail(self, error: Exception) -> None:
        self._goal = self._detail = None
        details = "".join(traceback.format_exception(error))
        good = self._good
        if self._trainer is not None and good is not None:
            try:
                self._trainer.restore(good)
                self._show(idle=True)
            except Exception:
                # The machine itself is broken: the session loads a project again.
                self._trainer = self._tape = self._showing = None
        self._events.put(Failed(self._generation, f"{type(error).__name__}: {error}", details, good))
