"""Which neurons of a layer are drawn. Long layers show their ends and "⋯ n more"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

LIMIT = 16  # a layer of up to this many neurons is shown whole
HEAD, TAIL = 7, 3  # of a longer one, so many at its ends
PICTURED, ROOM = 2, 4  # of one whose picture is shown: so many at each end, and the picture's rows
MOST = 128  # so many of an opened one: more could neither be told apart nor drawn at display rate


@dataclass(frozen=True, slots=True)
class Row:
    """One place in a column: the neuron with this index; or, if it is −1, a mark that stands for
    ``hidden`` neurons (0: all are shown, the mark closes the layer again). ``room`` is kept free
    for the picture of the whole layer."""

    neuron: int
    hidden: int = 0
    room: bool = False

    @property
    def is_mark(self) -> bool:
        return self.neuron < 0 and not self.room


def is_long(size: int) -> bool:
    """Whether a layer of ``size`` neurons is shortened at first."""
    return size > LIMIT


def rows_of(
    size: int, opened: bool = False, kept: Collection[int] = (), pictured: bool = False
) -> tuple[Row, ...]:
    """The rows of a layer of ``size`` neurons. ``kept`` are indices to show in any case. A layer that
    is ``pictured`` as a whole leaves room for that, unless it is opened."""
    if not is_long(size):
        return tuple(Row(i) for i in range(size))
    pictured = pictured and not opened
    head, tail = (MOST - TAIL, TAIL) if opened and size > MOST else (HEAD, TAIL)
    if pictured:
        head = tail = PICTURED
    shown = set(range(size)) if opened and size <= MOST else {*range(head), *range(size - tail, size)}
    shown.update(i for i in kept if 0 <= i < size)
    rows: list[Row] = []
    expected = 0
    for i in sorted(shown):
        missing = i - expected
        if missing == 1:  # a mark for one neuron takes the room of that neuron
            rows.append(Row(expected))
        elif missing:
            rows.append(Row(-1, missing))
        rows.append(Row(i))
        expected = i + 1
        if pictured and expected == PICTURED:
            rows.extend([Row(-1, room=True)] * ROOM)
    return (*rows, Row(-1)) if opened else tuple(rows)
