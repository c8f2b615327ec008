"""Undo and redo as values: every entry keeps the document before and after, and nothing is undone
by computing backwards. So undo gives back the identical object."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnsim.model.project import Parameters, Project

_OVERHEAD = 4_096  # what an entry costs beside its arrays, roughly


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One thing the user did. ``label`` completes "Undo …"."""

    label: str
    before: Project
    after: Project
    merge_key: str | None = None


class History:
    """What was done, up to ``max_entries`` entries and ``max_bytes`` of arrays.

    Arrays that several documents share count once. When a limit is passed the oldest entries go;
    the last one stays however large it is.
    """

    def __init__(self, max_entries: int = 500, max_bytes: int = 256 * 2**20) -> None:
        self._max_entries, self._max_bytes = max_entries, max_bytes
        self._done: deque[Entry] = deque()
        self._undone: list[Entry] = []
        self._held = _Arrays()
        self._sealed = True

    # -- reading ----------------------------------------------------------------------------------

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    @property
    def undo_label(self) -> str:
        """What :meth:`undo` takes back; empty if there is nothing."""
        return self._done[-1].label if self._done else ""

    @property
    def redo_label(self) -> str:
        """What :meth:`redo` brings back; empty if there is nothing."""
        return self._undone[-1].label if self._undone else ""

    @property
    def labels(self) -> tuple[str, ...]:
        """What can be undone, the oldest first."""
        return tuple(entry.label for entry in self._done)

    def documents(self) -> Iterator[Project]:
        """Every document that undo or redo can bring back, and the present one."""
        for entry in (*self._done, *self._undone):
            yield entry.before
            yield entry.after

    @property
    def bytes(self) -> int:
        """Estimate of the memory held: the arrays of all documents kept, each counted once."""
        return self._held.bytes + _OVERHEAD * len(self)

    def __len__(self) -> int:
        return len(self._done) + len(self._undone)

    # -- changing ---------------------------------------------------------------------------------

    def push(self, label: str, before: Project, after: Project, merge_key: str | None = None) -> None:
        """Something was done. What had been undone can no longer be redone.

        With the ``merge_key`` of the last entry, and no :meth:`seal`, undo or redo in between, the
        two become one entry, and none if that leads back to where it began. Nothing is kept if nothing
        changed.
        """
        if before is after:
            return
        for entry in self._undone:
            self._release(entry)
        self._undone.clear()
        last = self._done[-1] if self._done else None
        if (
            last is not None
            and merge_key is not None
            and not self._sealed
            and last.merge_key == merge_key
            and last.after is before
        ):
            self._done.pop()
            self._release(last)
            if last.before is not after:  # else the two together have done nothing
                self._append(replace(last, label=label, after=after))
        else:
            self._append(Entry(label, before, after, merge_key))
        self._sealed = False
        self._trim()

    def seal(self) -> None:
        """The next entry stands for itself, whatever its merge key (a drag has ended)."""
        self._sealed = True

    def undo(self) -> Project:
        """The document before the last entry. Raises ``IndexError`` if there is none."""
        entry = self._done.pop()
        self._undone.append(entry)
        self._sealed = True
        return entry.before

    def redo(self) -> Project:
        """The document after the entry last undone. Raises ``IndexError`` if there is none."""
        entry = self._undone.pop()
        self._done.append(entry)
        self._sealed = True
        return entry.after

    def clear(self) -> None:
        """Forget everything (another document was opened)."""
        self._done.clear()
        self._undone.clear()
        self._held = _Arrays()
        self._sealed = True

    def _append(self, entry: Entry) -> None:
        self._done.append(entry)
        self._held.add(entry.before)
        self._held.add(entry.after)

    def _release(self, entry: Entry) -> None:
        self._held.remove(entry.before)
        self._held.remove(entry.after)

    def _trim(self) -> None:
        while len(self._done) > 1 and (len(self) > self._max_entries or self.bytes > self._max_bytes):
            self._release(self._done.popleft())


class _Arrays:
    """Which arrays are held, and by how many documents."""

    def __init__(self) -> None:
        self.bytes = 0
        self._counts: dict[int, int] = {}

    def add(self, project: Project) -> None:
        for array in _arrays(project):
            count = self._counts.get(id(array), 0)
            self._counts[id(array)] = count + 1
            if count == 0:
                self.bytes += array.nbytes

    def remove(self, project: Project) -> None:
        for array in _arrays(project):
            count = self._counts[id(array)] - 1
            if count:
                self._counts[id(array)] = count
            else:
                del self._counts[id(array)]
                self.bytes -= array.nbytes


def _arrays(project: Project) -> Iterator[np.ndarray[Any, Any]]:
    """Every array of a document; of a view, the array it keeps alive."""
    progress, samples = project.progress, project.data.samples
    groups: tuple[Parameters, ...] = (project.parameters, project.start, project.frozen, *progress.slots)
    for values in groups:
        yield from map(_owner, values.weights.values())
        yield from map(_owner, values.biases.values())
    yield from map(_owner, (progress.curves.epoch, progress.curves.train, progress.curves.test))
    if samples is not None:
        for table in (samples.inputs, samples.targets, samples.labels):
            if table is not None:
                yield _owner(table)


def _owner(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return array.base if isinstance(array.base, np.ndarray) else array
