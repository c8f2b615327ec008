"""The document, its history, and handing it to the engine.

Every change of the document is one event; listeners are told with it. All methods are for one thread
(the window's).
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from nnsim.engine.handle import Engine
from nnsim.engine.messages import Load, Run
from nnsim.engine.snapshot import Snapshot
from nnsim.model.build import default_project
from nnsim.model.compile import Compiled, compile_project
from nnsim.model.errors import CompileError, Problem
from nnsim.model.history import History
from nnsim.model.prepared import Prepared, PreparedCache
from nnsim.model.project import Project
from nnsim.model.validate import validate
from nnsim.session.timeline import Timeline

Listener = Callable[..., None]

# Numbers of a document of another shape cannot be shown with the new one; rather than showing nothing
# for a moment, the new ones are waited for, up to this long. Small networks take a few milliseconds.
_FIRST_LOOK_SECONDS = 0.05


class Desk(ABC):
    """A document that can be edited. See :class:`nnsim.session.workbench.Workbench`, which runs it."""

    def __init__(self, engine: Engine, project: Project | None = None) -> None:
        self._engine = engine
        self._listeners: list[Listener] = []
        self._project = project if project is not None else default_project()
        self._history = History()
        self._timeline = Timeline(lambda: self._history.documents())
        self._cache = PreparedCache()
        self._generation = 0
        self._compiled: Compiled | None = None
        self._snapshot: Snapshot | None = None
        self._problems: tuple[Problem, ...] = ()
        self._loss_before: float | None = None
        self._loss_change: float | None = None
        self._crossing = False  # the engine has gone on to a document that is not the present one yet
        self._load()

    @abstractmethod
    def _interrupt(self) -> Run | None:
        """Take the state back from the engine; returns the run to go on with, if there was one."""

    @abstractmethod
    def _resume(self, run: Run | None) -> None:
        """Go on with a run that was interrupted."""

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
    def history(self) -> History:
        return self._history

    @property
    def loss_change(self) -> float | None:
        """Training loss after minus before the last edit; ``None`` if there is nothing to compare."""
        return self._loss_change

    @property
    def undo_label(self) -> str:
        return self._history.undo_label or ""

    @property
    def redo_label(self) -> str:
        return self._history.redo_label or ""

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
        self._timeline.clear()
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
            tape = self._timeline.enter(self._compiled)
            self._engine.send(Load(self._generation, self._compiled, tape))
            if old is None or not _alike(old, self._compiled):
                self._snapshot = None
                self._look(_FIRST_LOOK_SECONDS)
        self._set_problems(problems)

    def _set_problems(self, problems: tuple[Problem, ...]) -> None:
        if problems != self._problems:
            self._problems = problems
            self.emit("problems", problems)

    def _take_snapshot(self) -> bool:
        """Whether there was a new snapshot of the present document."""
        if self._crossing:
            return False  # it belongs to a document that is not shown yet
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


def _alike(old: Compiled, new: Compiled) -> bool:
    """Whether the numbers of one document can be shown with the other: same shapes, same samples."""
    return (
        old.prepared is new.prepared
        and old.network.sizes == new.network.sizes
        and old.project.connections == new.project.connections
        and old.network.layout.size == new.network.layout.size
    )
