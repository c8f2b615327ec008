"""Which neurons of a layer are drawn. Long layers show their ends and "⋯ n more"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

LIMIT = 16  # a layer of up to this many neurons is shown whole
HEAD, TAIL = 7, 3  # of a longer one, so many at its ends
MOST = 128  # so many of an opened one: more could neither be told apart nor drawn at display rate


@dataclass(frozen=True, slots=True)
class Row:
    """One place in a column: the neuron with this index; or, if it is −1, a mark that stands for
    ``hidden`` neurons (0: all are shown, the mark closes the layer again)."""

    neuron: int
    hidden: int = 0

    @property
    def is_mark(self) -> bool:
        return self.neuron < 0


def is_long(size: int) -> bool:
    """Whether a layer of ``size`` neurons is shortened at first."""
    return size > LIMIT


def rows_of(size: int, opened: bool = False, kept: Collection[int] = ()) -> tuple[Row, ...]:
    """The rows of a layer of ``size`` neurons. ``kept`` are indices to show in any case."""
    if not is_long(size):
        return tuple(Row(i) for i in range(size))
    head, tail = (MOST - TAIL, TAIL) if opened and size > MOST else (HEAD, TAIL)
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
    return (*rows, Row(-1)) if opened else tuple(rows)
