"""The current document, its history, and its run.

Every change of the document goes through :meth:`Workbench.dispatch`, a run, or undo and redo;
listeners are told with one event. All methods are for one thread (the window's).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from nnsim.core.trainer import TrainState
from nnsim.engine.handle import Engine
from nnsim.engine.messages import Failed, Granularity, Load, Pause, Run, SetSpeed, Step, Stopped, Watch
from nnsim.engine.snapshot import Snapshot, ViewRequest
from nnsim.model.build import default_project
from nnsim.model.compile import Compiled, compile_project, with_state
from nnsim.model.errors import CompileError, Problem
from nnsim.model.history import History
from nnsim.model.prepared import Prepared, PreparedCache
from nnsim.model.project import Project
from nnsim.model.validate import validate
from nnsim.session.run_label import run_label

Listener = Callable[..., None]

# Numbers of a document of another shape cannot be shown with the new one; rather than showing nothing
# for a moment, the new ones are waited for, up to this long. Small networks take a few milliseconds.
_FIRST_LOOK_SECONDS = 0.05

# An edit during a run waits this long for the engine to hand the state over. It answers within one
# slice (3 ms) or one update, whichever is longer.
_HAND_OVER_SECONDS = 10.0

# Stop means stop: after Pause the engine's answer is waited for this long. It usually takes a slice and
# one look at everything; an update of a large network may take longer, and is then reported later.
_PROMPT_SECONDS = 0.012

DIVERGED = (
    "The loss is no longer a finite number, so training has stopped at the last good state. "
    "Try a smaller learning rate, or new weights."
)


class Workbench:
    """See the module's text. Events, as ``listener(name, *payload)``:

    ``changed`` (before, after) · ``snapshot`` (snapshot) · ``running`` (bool) ·
    ``problems`` (tuple) · ``notice`` (text, kind) · ``failed`` (message, details) · ``file`` ()
    """

    def __init__(self, engine: Engine, project: Project | None = None) -> None:
        self._engine = engine
        self._listeners: list[Listener] = []
        self._project = project if project is not None else default_project()
        self._history = History()
        self._cache = PreparedCache()
        self._generation = 0
        self._compiled: Compiled | None = None
        self._snapshot: Snapshot | None = None
        self._problems: tuple[Problem, ...] = ()
        self._run: Run | None = None
        self._steps: list[Granularity] = []
        self._run_began = 0
        self._pausing = False
        self._speed: tuple[float | None, Granularity] = (None, Granularity.BATCH)
        self._loss_before: float | None = None
        self._loss_change: float | None = None
        self._load()

    # -- values -----------------------------------------------------------------------------------

    @property
    def project(self) -> Project:
        """The document. During a run: as it was when the run began."""
        return self._project

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest numbers of the document; ``None`` while it cannot be computed."""
        return self._snapshot

    @property
    def prepared(self) -> Prepared | None:
        """The samples as the network sees them; ``None`` while they do not fit."""
        return self._compiled.prepared if self._compiled is not None else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self._problems

    @property
    def running(self) -> bool:
        """Whether a run is under way (steps do not count)."""
        return self._run is not None

    @property
    def busy(self) -> bool:
        """Whether the engine owns the state: a run or a step is under way."""
        return self._run is not None or bool(self._steps)

    @property
    def history(self) -> History:
        return self._history

    @property
    def can_undo(self) -> bool:
        return self._history.can_undo or self._run is not None

    @property
    def can_redo(self) -> bool:
        return self._history.can_redo and self._run is None

    @property
    def undo_label(self) -> str:
        return self._history.undo_label or ""

    @property
    def redo_label(self) -> str:
        return self._history.redo_label or ""

    @property
    def loss_change(self) -> float | None:
        """Training loss after minus before the last edit; ``None`` if there is nothing to compare."""
        return self._loss_change

    @property
    def speed(self) -> tuple[float | None, Granularity]:
        """Steps a second (``None``: flat out) and their size, for runs."""
        return self._speed

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def emit(self, name: str, *payload: Any) -> None:
        """Tell every listener."""
        for listener in tuple(self._listeners):
            listener(name, *payload)

    # -- editing ----------------------------------------------------------------------------------

    def dispatch(
        self, label: str, verb: Callable[..., Project], *args: Any, merge: str | None = None, **kwargs: Any
    ) -> None:
        """Apply ``verb(project, *args, **kwargs)`` as one entry of the history.

        Entries in a row with the same ``merge`` key become one. A run under way is paused for the
        edit and goes on after it. Raises :class:`nnsim.model.errors.EditError`; then nothing has
        changed (and a run goes on).
        """
        resume = self._interrupt()
        try:
            before = self._project
            after = verb(before, *args, **kwargs)
            if after is before:
                return
            self._history.push(label, before, after, merge)
            self._loss_before = self._snapshot.train_loss if self._snapshot is not None else None
            self._replace(after)
        finally:
            self._resume(resume)

    def seal(self) -> None:
        """End merging: the next entry stands by itself (a slider was let go)."""
        self._history.seal()

    def undo(self) -> None:
        """Go back to the document before the last entry. Ends a run, which then is that entry."""
        self._interrupt()
        if self._history.can_undo:
            self._loss_before = None
            self._replace(self._history.undo())

    def redo(self) -> None:
        """Take the last undo back."""
        self._interrupt()
        if self._history.can_redo:
            self._loss_before = None
            self._replace(self._history.redo())

    def replace_document(self, project: Project) -> None:
        """Another document (opened, new): history begins anew."""
        self._interrupt()
        self._history = History()
        self._loss_before = None
        self._replace(project)

    def _replace(self, project: Project) -> None:
        before, self._project = self._project, project
        known = self._snapshot
        self._load()
        self.emit("changed", before, project)
        self.emit("file")
        if self._snapshot is not None and self._snapshot is not known:
            self.emit("snapshot", self._snapshot)

    def _load(self) -> None:
        """Hand the document to the engine, if it can be computed."""
        self._generation += 1
        self._loss_change = None
        problems = validate(self._project)
        old = self._compiled
        try:
            self._compiled = compile_project(self._project, self._cache)
        except CompileError as error:
            self._compiled = None
            problems = error.problems + tuple(p for p in problems if p not in error.problems)
            self._snapshot = None
        else:
            self._engine.send(Load(self._generation, self._compiled))
            if old is None or not _alike(old, self._compiled):
                self._snapshot = None
                self._look(_FIRST_LOOK_SECONDS)
        if problems != self._problems:
            self._problems = problems
            self.emit("problems", problems)

    # -- running ----------------------------------------------------------------------------------

    def step(self, granularity: Granularity) -> None:
        """Advance by one step. Pauses a run instead, if one is under way."""
        if self._run is not None:
            self.pause()
            return
        if Granularity.EPOCH in self._steps:
            return  # a long step is still under way; it reports once
        if self._ready():
            self._steps.append(granularity)
            self._engine.send(Step(self._generation, granularity))

    def run(self, epochs: int | None = None) -> None:
        """Train until paused, or for ``epochs`` more."""
        if self._run is None and self._ready():
            self._settle()
            self._start(Run(self._generation, epochs, *self._speed))

    def _start(self, run: Run) -> None:
        self._run_began = self._project.progress.epoch
        self._run = run
        self._engine.send(run)
        self.emit("running", True)

    def pause(self) -> None:
        """Stop the run under way between two steps."""
        if self.busy:
            self._pausing = True
            self._engine.send(Pause())
            if self._engine.wait_event(_PROMPT_SECONDS):
                self.pull()

    def set_speed(self, per_second: float | None, granularity: Granularity = Granularity.BATCH) -> None:
        """Steps a second for runs, also the one under way; ``None``: flat out."""
        self._speed = (per_second, granularity)
        if self._run is not None:
            self._engine.send(SetSpeed(per_second, granularity))

    def watch(self, request: ViewRequest) -> None:
        """Show these things from now on."""
        self._engine.send(Watch(request))

    def _ready(self) -> bool:
        if self._compiled is None:
            blocking = [p for p in self._problems if p.blocking]
            self.emit("notice", blocking[0].message if blocking else "There is nothing to train.", "warning")
            return False
        if not len(self._compiled.prepared.train):
            self.emit("notice", "There are no training samples. Add some, or choose a data set.", "warning")
            return False
        return True

    def _interrupt(self) -> Run | None:
        """Take the state back from the engine; returns the run to go on with, if there was one."""
        # A run that was asked to pause and has not answered yet is not to go on.
        run = None if self._pausing else self._run
        if self.busy:
            self._engine.send(Pause())
            self._settle()
        return run

    def _resume(self, run: Run | None) -> None:
        if run is not None and self._run is None and self._compiled is not None:
            left = run.epochs
            if left is not None and self._snapshot is not None:
                left = max(1, left - max(0, self._project.progress.epoch - self._run_began))
            self._start(Run(self._generation, left, *self._speed))

    def _settle(self) -> None:
        """Wait until nothing is under way and everything is delivered."""
        while self.busy:
            if not self._engine.wait_event(_HAND_OVER_SECONDS):
                raise TimeoutError("the engine does not answer")
            self.pull()

    # -- what comes back --------------------------------------------------------------------------

    def pull(self) -> None:
        """Take in what the engine has reported. Called at display rate by the window."""
        for event in self._engine.take_events():
            if isinstance(event, Stopped):
                self._on_stopped(event)
            else:
                self._on_failed(event)
        if self._take_snapshot():
            self.emit("snapshot", self._snapshot)

    def _take_snapshot(self) -> bool:
        """Whether there was a new snapshot of the present document."""
        snapshot = self._engine.take_snapshot()
        if snapshot is None or snapshot.generation != self._generation:
            return False
        self._snapshot = snapshot
        if self._loss_before is not None:
            self._loss_change = snapshot.train_loss - self._loss_before
            self._loss_before = None
        return True

    def _look(self, seconds: float) -> None:
        """Wait for the first snapshot of the present document."""
        end = time.monotonic() + seconds
        while not self._take_snapshot() and time.monotonic() < end:
            time.sleep(0.0005)

    def _on_stopped(self, event: Stopped) -> None:
        if event.generation != self._generation:
            return
        stepped = self._steps.pop(0) if self._steps else None
        finished, self._run = self._run, None
        self._pausing = False
        self._commit(event.checkpoint, run_label(self._project, event, stepped))
        if finished is not None:
            self.emit("running", False)
        if event.reason == "diverged":
            self._steps.clear()
            self.emit("notice", DIVERGED, "error")

    def _on_failed(self, event: Failed) -> None:
        finished, self._run = self._run, None
        self._pausing = False
        self._steps.clear()
        if event.checkpoint is not None and event.generation == self._generation:
            self._commit(event.checkpoint, "Training")
        if finished is not None:
            self.emit("running", False)
        self.emit("failed", event.message, event.details)

    def _commit(self, state: TrainState, label: str) -> None:
        """What a run has reached becomes the document, as one entry of the history."""
        assert self._compiled is not None
        p = self._project.progress
        if (state.step, state.phase) == (p.step, p.phase):
            return
        before = self._project
        after = with_state(self._compiled, state)
        self._compiled = self._compiled.moved_to(after, state)
        self._history.push(label, before, after, None)
        self._project = after
        self._loss_change = None
        self.emit("changed", before, after)
        self.emit("file")

    # -- the end ----------------------------------------------------------------------------------

    def wait(self, timeout: float = 30.0) -> None:
        """Until the engine is idle and has shown the present state. For tests and scripts.

        Raises ``TimeoutError``.
        """
        end = time.monotonic() + timeout
        while not self.settled:
            if time.monotonic() > end:
                raise TimeoutError("the engine did not come to rest")
            self._engine.wait_event(0.01)
            self.pull()

    @property
    def settled(self) -> bool:
        """Whether nothing is under way and the snapshot at hand is of the document as it is now."""
        if self.busy or self._compiled is None:
            return not self.busy
        s = self._snapshot
        return s is not None and s.generation == self._generation and not s.running

    def close(self, timeout: float = 2.0) -> bool:
        """End the engine; whether it ended in time."""
        return self._engine.close(timeout)


def _alike(old: Compiled, new: Compiled) -> bool:
    """Whether the numbers of one document can be shown with the other: same shapes, same samples."""
    return (
        old.prepared is new.prepared
        and old.network.sizes == new.network.sizes
        and old.project.connections == new.project.connections
        and old.network.layout.size == new.network.layout.size
    )
