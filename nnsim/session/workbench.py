"""The current document, its history, and its run.

Every change of the document goes through :meth:`Workbench.dispatch`, a run, or undo and redo;
listeners are told with one event. All methods are for one thread (the window's).
"""

from __future__ import annotations

import time

import numpy as np

from nnsim.core.arrays import IntArray
from nnsim.core.curves import Curves
from nnsim.core.trainer import Position, TrainState
from nnsim.engine.handle import Engine
from nnsim.engine.messages import (
    Back,
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
from nnsim.engine.snapshot import ViewRequest
from nnsim.model.compile import with_state
from nnsim.model.project import Project
from nnsim.model.validate import validate
from nnsim.session.desk import Desk
from nnsim.session.run_label import run_label
from nnsim.session.timeline import Segment

# An edit during a run waits this long for the engine to hand the state over. It answers within one
# slice (3 ms) or one update, whichever is longer.
_HAND_OVER_SECONDS = 10.0

# Stop means stop: after Pause the engine's answer is waited for this long. It usually takes a slice and
# one look at everything; an update of a large network may take longer, and is then reported later.
_PROMPT_SECONDS = 0.012


class Workbench(Desk):
    """See the module's text. Events, as ``listener(name, *payload)``:

    ``changed`` (before, after) · ``snapshot`` (snapshot) · ``running`` (bool) ·
    ``problems`` (tuple) · ``diverged`` (the last good state) · ``notice`` (text, kind) ·
    ``failed`` (message, details) · ``file`` ()
    """

    def __init__(self, engine: Engine, project: Project | None = None) -> None:
        self._run: Run | None = None
        self._moves: list[Step | Back | Seek] = []
        self._wanted: Position | None = None
        self._run_began = 0
        self._pausing = False
        self._seal_after_moves = False
        self._speed: tuple[float | None, Granularity] = (None, Granularity.BATCH)
        super().__init__(engine, project)

    # -- values -----------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether a run is under way (steps do not count)."""
        return self._run is not None

    @property
    def busy(self) -> bool:
        """Whether the engine owns the state: a run or a step is under way."""
        return self._run is not None or bool(self._moves)

    @property
    def can_undo(self) -> bool:
        return self._history.can_undo or self._run is not None

    @property
    def can_redo(self) -> bool:
        return self._history.can_redo and self._run is None

    @property
    def speed(self) -> tuple[float | None, Granularity]:
        """Steps a second (``None``: flat out) and their size, for runs."""
        return self._speed

    # -- time -------------------------------------------------------------------------------------

    @property
    def can_back(self) -> bool:
        """Whether there is an earlier moment to go back to."""
        if self._compiled is None or self._run is not None:
            return False
        now = self._compiled.state
        return Position(now.step, now.phase, now.operation) > self._timeline.first

    @property
    def reach(self) -> tuple[int, int]:
        """The first and the last step that can be gone to."""
        ahead, s = self._timeline.ahead, self.snapshot
        if ahead is not None:
            last = ahead.tape.reached.step
        else:
            last = s.furthest.step if s is not None else self._project.progress.step
        return min(self._timeline.first.step, last), last

    @property
    def reach_curves(self) -> Curves:
        """The curves of the furthest moment that can be gone to."""
        ahead, s = self._timeline.ahead, self.snapshot
        if ahead is not None:
            return ahead.tape.curves
        return s.furthest_curves if s is not None else self._project.progress.curves

    def step_of_epoch(self, epoch: int) -> int:
        """The step with which an epoch begins, as far as it can be gone to."""
        return int(self.steps_of_epochs(np.array([epoch]))[0])

    def steps_of_epochs(self, epochs: IntArray) -> IntArray:
        """:meth:`step_of_epoch` of many."""
        first, last = self.reach
        steps: IntArray = self._timeline.steps_of(epochs).clip(first, last)
        return steps

    def epoch_of_step(self, step: int) -> int:
        """The epoch a step belongs to."""
        return self._timeline.epoch_of(step)

    def seal(self) -> None:
        # A move under way belongs to what is sealed, though its entry is made when it has ended.
        self._seal_after_moves = bool(self._moves)
        if not self._moves:
            super().seal()

    # -- running ----------------------------------------------------------------------------------

    def step(self, granularity: Granularity) -> None:
        """Advance by one step. Pauses a run instead, if one is under way."""
        if self._run is not None:
            self.pause()
            return
        if self._can_move(granularity):
            self._send(Step(self._generation, granularity))

    def back(self, granularity: Granularity) -> None:
        """Go back by one step, to how everything was then. Pauses a run instead, if one is under way."""
        if self._run is not None:
            self.pause()
            return
        if self._can_move(granularity):
            self._send(Back(self._generation, granularity))

    def _can_move(self, granularity: Granularity) -> bool:
        # A long step that is still under way reports once.
        waiting = any(isinstance(m, Step) and m.granularity is Granularity.EPOCH for m in self._moves)
        return not waiting and self._ready()

    def seek(self, step: int, phase: int = 0, operation: int = 0) -> None:
        """Go to a moment of the run, or to the nearest within :attr:`reach`. Ends a run."""
        if self._run is not None:
            self._interrupt()
        self._wanted = Position(step, phase, operation)
        if not any(isinstance(move, Seek) for move in self._moves):
            self._send_seek()

    def _send_seek(self) -> None:
        """Go to the moment wanted last; those wanted while one is under way are passed over."""
        wanted, self._wanted = self._wanted, None
        segment = None if wanted is None else self._timeline.segment_of(wanted)
        if wanted is None or segment is None or not self._ready():
            return
        if segment is not self._timeline.present:
            self._cross_into(segment)
        self._send(Seek(self._generation, wanted))

    def _send(self, move: Step | Back | Seek) -> None:
        self._moves.append(move)
        self._engine.send(move)

    def _cross_into(self, segment: Segment) -> None:
        """Go on in another run of the timeline, whose document is another too.

        Its numbers are shown, and its document becomes the present one, when the move that follows
        has ended.
        """
        self._settle()
        self._timeline.go_into(segment)
        self._generation += 1
        self._crossing = True
        self._compiled = segment.compiled
        self._engine.send(Load(self._generation, segment.compiled, segment.tape))

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

    def _on_stopped(self, event: Stopped) -> None:
        if event.generation != self._generation:
            return
        move = self._moves.pop(0) if self._moves else None
        if isinstance(move, Back) and self._at_edge(event.checkpoint):
            self._back_over_edge(move)
            return
        finished, self._run = self._run, None
        self._pausing = False
        self._commit(
            event.checkpoint,
            run_label(self._project, event, move),
            "time" if isinstance(move, Back | Seek) else None,
        )
        if finished is not None:
            self.emit("running", False)
        if event.reason == "diverged":
            self._moves.clear()
            self.emit("diverged", event.checkpoint)
        if isinstance(move, Seek):
            self._send_seek()
        if self._seal_after_moves:
            self.seal()

    def _at_edge(self, state: TrainState) -> bool:
        """Whether a step back led nowhere because an edit lies before."""
        assert self._compiled is not None
        now = self._compiled.state
        still = (state.step, state.phase, state.operation) == (now.step, now.phase, now.operation)
        return still and not self._crossing and self._timeline.before is not None

    def _back_over_edge(self, move: Back) -> None:
        """A step back from the first moment of a run is one from the end of the run before."""
        edge, before = self._timeline.present, self._timeline.before
        assert edge is not None and before is not None
        self._moves.clear()
        self._cross_into(before)
        self._send(Back(self._generation, move.granularity, edge.tape.start))

    def _on_failed(self, event: Failed) -> None:
        finished, self._run = self._run, None
        self._pausing = False
        self._moves.clear()
        self._wanted = None
        if event.checkpoint is None:
            self._crossing = False
        if event.checkpoint is not None and event.generation == self._generation:
            self._commit(event.checkpoint, "Training", None)
        if finished is not None:
            self.emit("running", False)
        self.emit("failed", event.message, event.details)

    def _commit(self, state: TrainState, label: str, merge: str | None) -> None:
        """What a run has reached becomes the document, as one entry of the history."""
        assert self._compiled is not None
        p = self._project.progress
        same = (state.step, state.phase, state.operation) == (p.step, p.phase, p.operation)
        crossed, self._crossing = self._crossing, False
        if same and not crossed:
            return
        before = self._project
        after = with_state(self._compiled, state)
        self._compiled = self._compiled.moved_to(after, state)
        self._history.push(label, before, after, merge)
        self._timeline.moved(self._compiled)
        self._project = after
        self._loss_change = None
        if crossed:
            self._set_problems(validate(after))
            self._snapshot = None
            self._take_snapshot()
        self.emit("changed", before, after)
        self.emit("file")
        if crossed and self._snapshot is not None:
            self.emit("snapshot", self._snapshot)

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
