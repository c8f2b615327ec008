"""Boxes: mathematics with its place; what to paint and what can be pointed at.

Coordinates of a box are pixels from the left end of its base line, y downwards. A box holds its parts
where they are; lists of everything in it are made once, when the whole is set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nnsim.core.explain.expression import Number, Symbol
from nnsim.ui.calculation.faces import Face


@dataclass(frozen=True, slots=True)
class Run:
    """A text whose base line begins at (x, y), in the colour of a theme token."""

    x: float
    y: float
    text: str
    face: Face
    level: int
    token: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points: bars, roots, tall parentheses."""

    points: tuple[tuple[float, float], ...]
    width: float
    token: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A number or symbol that can be pointed at, and its rectangle."""

    x: float
    y: float  # of the upper edge
    width: float
    height: float
    node: Number | Symbol


Mark = Run | Stroke | Spot


@dataclass(frozen=True, slots=True)
class Box:
    """``ascent`` and ``descent`` are above and below the base line, both positive. ``marks`` are its
    own, ``parts`` are (dx, dy, box). A ``sealed`` box can be pointed at as a whole only."""

    width: float = 0.0
    ascent: float = 0.0
    descent: float = 0.0
    marks: tuple[Mark, ...] = ()
    parts: tuple[tuple[float, float, Box], ...] = ()
    sealed: bool = False

    @property
    def height(self) -> float:
        return self.ascent + self.descent

    def moved(self, dx: float, dy: float) -> Box:
        """The same contents elsewhere, as part of a larger box: the measures stay this box's own."""
        return Box(self.width, self.ascent, self.descent, (), ((dx, dy, self),))

    @property
    def runs(self) -> tuple[Run, ...]:
        return tuple(mark for mark in self.all_marks() if isinstance(mark, Run))

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        return tuple(mark for mark in self.all_marks() if isinstance(mark, Stroke))

    @property
    def spots(self) -> tuple[Spot, ...]:
        return tuple(mark for mark in self.all_marks() if isinstance(mark, Spot))

    def all_marks(self, dx: float = 0.0, dy: float = 0.0, sealed: bool = False) -> Iterator[Mark]:
        """Everything in the box at its place, in reading order."""
        for mark in self.marks:
            if isinstance(mark, Run):
                yield Run(mark.x + dx, mark.y + dy, mark.text, mark.face, mark.level, mark.token)
            elif isinstance(mark, Stroke):
                points = tuple((x + dx, y + dy) for x, y in mark.points)
                yield Stroke(points, mark.width, mark.token)
            elif not sealed:
                yield Spot(mark.x + dx, mark.y + dy, mark.width, mark.height, mark.node)
        for x, y, part in self.parts:
            yield from part.all_marks(dx + x, dy + y, sealed or self.sealed)


def together(width: float, ascent: float, descent: float, parts: Iterable[Box]) -> Box:
    """One box of these measures holding the contents of ``parts``, which are where they should be."""
    return Box(width, ascent, descent, (), tuple((0.0, 0.0, part) for part in parts))


def beside(boxes: Iterable[tuple[float, Box]]) -> Box:
    """Boxes on one base line, each given with the gap before it."""
    at = ascent = descent = 0.0
    parts = []
    for gap, box in boxes:
        at += gap
        parts.append((at, 0.0, box))
        at += box.width
        ascent, descent = max(ascent, box.ascent), max(descent, box.descent)
    return Box(at, ascent, descent, (), tuple(parts))
