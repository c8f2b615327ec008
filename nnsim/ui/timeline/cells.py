"""Where the operations of a step stand in a row of cells. Free of Qt.

Cells of the same kind in a phase are equally wide, so that a step of any number of operations is laid
out at once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nnsim.core.operations import Operation, OperationKind
from nnsim.core.phases import PhaseKind
from nnsim.ui.calculation.subject import StepPlan

GAP = 3.0  # between cells
_BETWEEN_KINDS = 12.0
_PADDING = 5.0
_NARROWEST = 26.0
_MOST_STRETCH = 1.5
_SAMPLES = 24  # labels measured in each stretch
_OF_PARAMETERS = (OperationKind.WEIGHT_GRADIENT, OperationKind.BIAS_GRADIENT)


@dataclass(frozen=True, slots=True)
class Cell:
    """One operation: number ``index`` of phase number ``phase``, at ``left``, ``width`` wide."""

    phase: int
    index: int
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Group:
    """Phases of one kind in a row."""

    kind: PhaseKind
    left: float
    right: float


@dataclass(slots=True)
class _Stretch:
    """Operations ``first`` up to ``stop`` of a phase, each ``width`` wide with the gap after it."""

    phase: int
    first: int
    stop: int
    width: float
    left: float = 0.0

    def cell(self, index: int) -> Cell:
        return Cell(self.phase, index, self.left + (index - self.first) * self.width, self.width - GAP)

    @property
    def right(self) -> float:
        return self.left + (self.stop - self.first) * self.width


class CellRow:
    """The cells of one step, for ``room`` pixels: stretched to fill it, or longer than it.

    ``width_of`` measures an operation's label, ``caption_of`` that of a kind of phases, which is not to
    run into the next.
    """

    def __init__(
        self,
        plan: StepPlan,
        width_of: Callable[[Operation], float],
        room: float,
        caption_of: Callable[[PhaseKind], float] = lambda _: 0.0,
    ) -> None:
        self.plan = plan
        parts = [part for phase in range(len(plan.phases)) for part in _split(plan, phase)]
        self._stretches = [
            _Stretch(phase, first, stop, _widest(plan, phase, first, stop, width_of))
            for phase, first, stop in parts
        ]
        kinds = [plan.phases[s.phase].kind for s in self._stretches]
        for kind, s in zip(kinds, self._stretches, strict=True):
            share = (s.stop - s.first) * kinds.count(kind)
            s.width = max(s.width, caption_of(kind) / share + GAP)
        fixed = sum(map(self._space_before, range(len(parts)))) - GAP
        natural = sum(s.right - s.left for s in self._stretches)
        factor = min(max((room - fixed) / max(natural, 1.0), 1.0), _MOST_STRETCH)
        left = 0.0
        for place, stretch in enumerate(self._stretches):
            stretch.left = left + self._space_before(place)
            stretch.width *= factor
            left = stretch.right
        self._lefts = [stretch.left for stretch in self._stretches]
        self._keys = [(stretch.phase, stretch.first) for stretch in self._stretches]
        self.length = max(left - GAP, 0.0)

    def _space_before(self, place: int) -> float:
        if place == 0:
            return 0.0
        before, now = (self.plan.phases[self._stretches[i].phase].kind for i in (place - 1, place))
        return _BETWEEN_KINDS if before is not now else 0.0

    def cell(self, phase: int, index: int) -> Cell:
        return self._stretches[bisect_right(self._keys, (phase, index)) - 1].cell(index)

    def between(self, left: float, right: float) -> Iterator[Cell]:
        """The cells that can be seen of the row from ``left`` to ``right``."""
        for s in self._stretches:
            first = s.first + max(int((left - s.left) // s.width), 0)
            last = min(s.first + int((right - s.left) // s.width), s.stop - 1)
            for index in range(first, last + 1):
                yield s.cell(index)

    def at(self, x: float) -> Cell | None:
        """The cell at ``x``, the gap after it included."""
        place = bisect_right(self._lefts, x) - 1
        if place < 0:
            return None
        s = self._stretches[place]
        index = s.first + int((x - s.left) // s.width)
        return s.cell(index) if index < s.stop else None

    def groups(self) -> list[Group]:
        """The phases by kind, in the order of the step."""
        found: list[Group] = []
        for s in self._stretches:
            kind = self.plan.phases[s.phase].kind
            left = found.pop().left if found and found[-1].kind is kind else s.left
            found.append(Group(kind, left, s.right - GAP))
        return found


def _split(plan: StepPlan, phase: int) -> list[tuple[int, int, int]]:
    """A phase in parts of labels alike: on the way back the δs, then the gradients."""
    operations = plan.operations(phase)
    if plan.phases[phase].kind is not PhaseKind.BACKWARD:
        return [(phase, 0, len(operations))]
    first = bisect_left(range(len(operations)), True, key=lambda k: operations[k].kind in _OF_PARAMETERS)
    return [(phase, a, b) for a, b in ((0, first), (first, len(operations))) if b > a]


def _widest(
    plan: StepPlan, phase: int, first: int, stop: int, width_of: Callable[[Operation], float]
) -> float:
    operations = plan.operations(phase)
    every = max((stop - first) // _SAMPLES, 1)
    places = {*range(first, stop, every), *range(first, min(stop, first + 8)), stop - 1}
    return max(max(width_of(operations[k]) for k in places) + 2 * _PADDING, _NARROWEST) + GAP


def after(plan: StepPlan, phase: int, index: int) -> tuple[int, int, int]:
    """The moment at which this operation has just been shown, as (steps later, phase, operation)."""
    if index + 1 < len(plan.operations(phase)):
        return 0, phase, index + 1
    return (0, phase + 1, 0) if phase + 1 < len(plan.phases) else (1, 0, 0)
