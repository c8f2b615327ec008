"""Between the session and the widgets: session events as Qt signals, gestures as verbs.

Widgets know this object, the values it hands out (project, snapshot, selection) and nothing else
of the program. They connect to its signals, and call :meth:`edit` and the run commands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from nnsim.core.explain.quantity import Quantity
from nnsim.engine.messages import Granularity
from nnsim.engine.snapshot import Snapshot
from nnsim.model.errors import EditError, Problem
from nnsim.model.project import Project
from nnsim.session.session import Session
from nnsim.ui.background import Background
from nnsim.ui.in_step import InStep, StepFollower
from nnsim.ui.links import selection_of
from nnsim.ui.selection import NOTHING, Selection
from nnsim.ui.turns import Turns
from nnsim.ui.view_state import ViewState

_DISPLAY_INTERVAL_MS = 16
_SLOW_MOTION = 10.0  # steps a second
_FINE = (Granularity.OPERATION, Granularity.NEURON)


class Controller(QObject):
    """The one object every view talks to. ``reading`` and ``writing`` files happens beside the window.

    Signals:

    ``project_changed(before, after)``  the document; compare parts with ``is``
    ``snapshot_changed(snapshot)``      new numbers (at display rate while running; then see :attr:`turns`)
    ``selection_changed(selection)`` / ``hover_changed(selection)``
    ``quantity_changed(quantity)``      the one number under the pointer or the keyboard, or ``None``
    ``asked(quantity)``                 how does this number come about?
    ``run_state_changed(running)``      a run has begun or ended
    ``problems_changed(problems)``      why the document cannot be computed, or what to know
    ``notice(text, kind)``              one sentence for the user; kind "info", "warning", "error"
    ``file_changed()``                  path, title or modified mark
    ``diverged(state)``                 a run left the finite numbers and stands at its last good state
    ``failed(message, details)``        an error in the engine; the document is intact
    """

    project_changed = Signal(object, object)
    snapshot_changed = Signal(object)
    selection_changed = Signal(object)
    hover_changed = Signal(object)
    quantity_changed = Signal(object)
    asked = Signal(object)
    run_state_changed = Signal(bool)
    problems_changed = Signal(object)
    notice = Signal(str, str)
    file_changed = Signal()
    failed = Signal(str, str)
    diverged = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._selection = NOTHING
        self._hover = NOTHING
        self._quantity: Quantity | None = None
        self._by_operations = False
        self._follower = StepFollower()
        self.view = ViewState(session, self)
        self.turns = Turns()
        self.reading = Background(self, abandons=True)
        self.writing = Background(self, abandons=False)
        session.listen(self._on_session_event)
        self._timer = QTimer(self)
        self._timer.setInterval(_DISPLAY_INTERVAL_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._pull)
        self._timer.start()

    # -- values -----------------------------------------------------------------------------------

    @property
    def project(self) -> Project:
        return self.session.project

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest numbers of the current document; ``None`` while it cannot be computed."""
        return self.session.snapshot

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.session.problems

    @property
    def running(self) -> bool:
        return self.session.running

    @property
    def _in_slow_motion(self) -> bool:
        """Whether a run is so slow that every view can show every step."""
        per_second = self.session.speed[0]
        return per_second is not None and per_second <= _SLOW_MOTION

    @property
    def selection(self) -> Selection:
        return self._selection

    @property
    def hover(self) -> Selection:
        return self._hover

    @property
    def quantity(self) -> Quantity | None:
        """The number that is pointed at somewhere in the window: it is lit up wherever it stands."""
        return self._quantity

    @property
    def by_operations(self) -> bool:
        """Whether the last step was of one operation or neuron (a run's steps are of its size), so that
        the view is of single numbers."""
        return self.session.speed[1] in _FINE if self.running else self._by_operations

    @property
    def in_step(self) -> InStep | None:
        """The step under way, where it is gone through by operations."""
        return self._follower.at(self.session.compiled, self.snapshot, self.by_operations)

    # -- gestures ---------------------------------------------------------------------------------

    def edit(
        self, label: str, verb: Callable[..., Project], *args: Any, merge: str | None = None, **kwargs: Any
    ) -> bool:
        """Apply ``verb(project, *args, **kwargs)`` as one undoable entry named ``label``.

        Entries with the same ``merge`` key in a row become one (a drag of a slider). Returns
        whether it was done; if not, the reason has been sent as a notice and nothing has changed.
        """
        try:
            self.session.dispatch(label, verb, *args, merge=merge, **kwargs)
        except EditError as error:
            self.notice.emit(str(error), "error")
            return False
        return True

    def select(self, selection: Selection) -> None:
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit(selection)

    def set_hover(self, selection: Selection) -> None:
        """A neuron or edge is under the pointer, or nothing is."""
        if self._quantity is not None and selection_of(self.project, self._quantity) != selection:
            self._quantity = None
            self.quantity_changed.emit(None)
        self._set_hover(selection)

    def set_quantity(self, quantity: Quantity | None) -> None:
        """One number is under the pointer, or none is; so is the neuron or edge that it belongs to."""
        if quantity != self._quantity:
            self._quantity = quantity
            self._set_hover(selection_of(self.project, quantity))
            self.quantity_changed.emit(quantity)

    def ask(self, quantity: Quantity) -> None:
        """Somebody wants to see how a number comes about."""
        self.asked.emit(quantity)

    def _set_hover(self, selection: Selection) -> None:
        if selection != self._hover:
            self._hover = selection
            self.hover_changed.emit(selection)

    def step(self, granularity: Granularity) -> None:
        self._by_operations = granularity in _FINE
        self.session.step(granularity)

    def back(self, granularity: Granularity) -> None:
        self._by_operations = granularity in _FINE
        self.session.back(granularity)

    def seek(self, step: int, phase: int = 0, operation: int = 0) -> None:
        """Go to a moment of the run, or to the nearest one known."""
        self._by_operations = True
        self.session.seek(step, phase, operation)

    def toggle_run(self) -> None:
        if self.session.running:
            self._by_operations = self.by_operations
            self.session.pause()
        else:
            self.session.run()

    # -- events -----------------------------------------------------------------------------------

    def _pull(self) -> None:
        self.session.pull()

    def _on_session_event(self, name: str, *payload: Any) -> None:
        if name == "changed":
            before, after = payload
            self.view.follow(before, after)
            self._drop_lost_selection(after)
            self.project_changed.emit(before, after)
        elif name == "snapshot":
            wanted = self.view.sample
            if self.view.follow_step(payload[0]):
                self.notice.emit(
                    f"Sample {wanted + 1} is not in the batch of this step. Finish the step to look at it.",
                    "info",
                )
            self.turns.go_on(payload[0].running and not self._in_slow_motion)
            self.snapshot_changed.emit(payload[0])
        elif name == "running":
            self.run_state_changed.emit(payload[0])
        elif name == "problems":
            # Told before "changed", but about the new document already.
            self._drop_lost_selection(self.session.project)
            self.problems_changed.emit(payload[0])
        elif name == "notice":
            self.notice.emit(*payload)
        elif name == "diverged":
            self.diverged.emit(payload[0])
        elif name == "failed":
            self.failed.emit(*payload)
        elif name == "file":
            self.file_changed.emit()

    def _drop_lost_selection(self, project: Project) -> None:
        """Select nothing if what was selected no longer exists."""
        if not exists(project, self._hover):
            self.set_hover(NOTHING)
        if not exists(project, self._selection):
            self.select(NOTHING)

    def stop(self) -> None:
        """Stop pulling (before the window closes), and end what is under way beside the window."""
        self._timer.stop()
        self.reading.close()
        self.writing.close()


def exists(project: Project, selection: Selection) -> bool:
    """Whether the selected thing is part of ``project``."""
    if selection.kind == "network":
        return True
    sizes = {layer.id: layer.size for layer in project.layers}
    if selection.kind == "layer":
        return selection.layer in sizes
    if selection.kind == "neuron":
        return selection.neuron < sizes.get(selection.layer, 0)
    for c in project.connections:
        if c.id == selection.connection:
            return selection.target < sizes[c.target] and selection.source < sizes[c.source]
    return False
