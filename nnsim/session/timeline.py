"""Which moments can be gone back to: the runs that led to the present document, one after the other.

A run of unchanged settings is deterministic and has one tape. An edit begins another run, which goes
on where the one before stood; the moments before the edit stay with the run they belong to, and with
the document as it was then. An edit that resets training begins a time of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

import numpy as np

from nnsim.core.arrays import IntArray
from nnsim.core.tape import Tape
from nnsim.core.trainer import Position
from nnsim.model.compile import Compiled
from nnsim.model.project import Project

_MOST_BYTES = 48 * 2**20  # of all tapes together; the present one stays however large it is
_MOST_SEGMENTS = 64
_FEW = 64

# What can differ between two documents whose runs are the same.
_WORDS = frozenset({"title", "notes", "source_note", "next_id"})


@dataclass(slots=True, eq=False)
class Segment:
    """One run. ``compiled`` is as it was left last; its document belongs to the run."""

    compiled: Compiled
    tape: Tape
    previous: Segment | None = None


class Timeline:
    """Holds the runs of the documents in a history. The engine has the tape of the present one.

    ``kept`` gives the documents that can come back.
    """

    def __init__(self, kept: Callable[[], Iterable[Project]]) -> None:
        self._kept = kept
        self._full = _FEW
        self._line: list[Segment] = []  # in time; the present one is line[_at]
        self._at = 0
        # Which run a document belongs to. The documents are held too, so that no id is used twice.
        self._known: dict[int, tuple[Project, Segment]] = {}

    # -- reading ----------------------------------------------------------------------------------

    @property
    def present(self) -> Segment | None:
        """The run the document stands in; ``None`` while it cannot be computed."""
        return self._line[self._at] if self._line else None

    @property
    def first(self) -> Position:
        """The first moment that can be gone to."""
        return self._line[0].tape.start if self._line else Position(0)

    @property
    def ahead(self) -> Segment | None:
        """The run with the furthest moment, if it is not the present one (later edits lie between)."""
        return self._line[-1] if self._at < len(self._line) - 1 else None

    @property
    def before(self) -> Segment | None:
        """The run before the present one, if moments of it can be gone to."""
        return self._line[self._at - 1] if self._at else None

    def segment_of(self, position: Position) -> Segment | None:
        """The run that ``position`` lies in."""
        later = [segment for segment in self._line if segment.tape.start <= position]
        return later[-1] if later else (self._line[0] if self._line else None)

    def steps_of(self, epochs: IntArray) -> IntArray:
        """The steps with which these epochs begin."""
        steps = np.zeros_like(epochs)
        for segment in self._line:
            tape = segment.tape
            inside = epochs >= tape.origin.epoch
            steps[inside] = np.maximum(tape.steps_of(epochs[inside]), tape.origin.step)
        return steps

    def epoch_of(self, step: int) -> int:
        """The epoch that ``step`` belongs to."""
        segment = self.segment_of(Position(step))
        return segment.tape.epoch_of(step) if segment is not None else 0

    # -- changing ---------------------------------------------------------------------------------

    def clear(self) -> None:
        """Another document."""
        self._line, self._at = [], 0
        self._known.clear()

    def enter(self, compiled: Compiled) -> Tape:
        """The document has become ``compiled``'s by an edit, undo or redo; returns its run's tape."""
        now, project = self.present, compiled.project
        found = self._known.get(id(project))
        if found is not None:
            segment = found[1]
        elif now is not None and _same_run(now.compiled.project, project):
            segment = now
        else:
            segment = Segment(compiled, Tape(compiled.task, compiled.state), self._before(compiled))
        if segment is not now:
            self._line = _chain(segment)
            self._at = len(self._line) - 1
        self._forget()
        self.moved(compiled)
        return segment.tape

    def go_into(self, segment: Segment) -> None:
        """The present moment is now in another run of the line."""
        self._at = self._line.index(segment)

    def moved(self, compiled: Compiled) -> None:
        """The present run stands at ``compiled``'s state."""
        segment = self.present
        if segment is None:
            return
        segment.compiled = compiled
        self._known[id(compiled.project)] = (compiled.project, segment)
        if len(self._known) > self._full:
            self._forget()
        state = compiled.state
        later = self._line[self._at + 1 :]
        if later and Position(state.step, state.phase, state.operation) > later[0].tape.start:
            del self._line[self._at + 1 :]  # went on without the edits that come there

    def _before(self, compiled: Compiled) -> Segment | None:
        """The run that a new one goes on from."""
        now, state = self.present, compiled.state
        if now is None:
            return None
        then = now.compiled.state
        if (state.step, state.epoch) != (then.step, then.epoch):
            return None  # training was reset
        return now.previous if state.step == now.tape.origin.step else now

    def _forget(self) -> None:
        """Let go of what cannot come back, and of the oldest where it takes too much memory."""
        kept = {id(p) for p in self._kept()}
        self._known = {key: value for key, value in self._known.items() if key in kept}
        self._full = 2 * len(self._known) + _FEW
        while len(self._line) > 1 and self._at > 0:
            if len(self._line) <= _MOST_SEGMENTS and sum(s.tape.bytes for s in self._line) <= _MOST_BYTES:
                break
            self._line.pop(0)
            self._at -= 1
            self._line[0].previous = None
        present = self.present
        others = {id(s): s for _, s in self._known.values() if s not in self._line}
        while sum(s.tape.bytes for s in others.values()) > _MOST_BYTES:
            lost = others.pop(next(iter(others)))
            self._known = {k: v for k, v in self._known.items() if v[1] is not lost or v[1] is present}


def _chain(segment: Segment) -> list[Segment]:
    """A run with those before it, the first one first."""
    line = [segment]
    while (before := line[0].previous) is not None:
        line.insert(0, before)
    return line


def _same_run(a: Project, b: Project) -> bool:
    return all(getattr(a, f.name) is getattr(b, f.name) for f in fields(Project) if f.name not in _WORDS)
