"""Boxes: mathematics with its place, flat lists of what to paint and what can be pointed at.

Coordinates of a box are pixels from the left end of its base line, y downwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class Box:
    """``ascent`` and ``descent`` are above and below the base line, both positive."""

    width: float = 0.0
    ascent: float = 0.0
    descent: float = 0.0
    runs: tuple[Run, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    spots: tuple[Spot, ...] = ()

    @property
    def height(self) -> float:
        return self.ascent + self.descent

    def moved(self, dx: float, dy: float) -> Box:
        """The same contents elsewhere, as part of a larger box: the measures stay this box's own."""
        return replace(
            self,
            runs=tuple(replace(r, x=r.x + dx, y=r.y + dy) for r in self.runs),
            strokes=tuple(
                replace(s, points=tuple((x + dx, y + dy) for x, y in s.points)) for s in self.strokes
            ),
            spots=tuple(replace(s, x=s.x + dx, y=s.y + dy) for s in self.spots),
        )


def together(width: float, ascent: float, descent: float, parts: Iterable[Box]) -> Box:
    """One box of these measures holding the contents of ``parts``, which are where they should be."""
    parts = tuple(parts)
    return Box(
        width, ascent, descent,
        tuple(r for p in parts for r in p.runs),
        tuple(s for p in parts for s in p.strokes),
        tuple(s for p in parts for s in p.spots),
    )  # fmt: skip


def beside(boxes: Iterable[tuple[float, Box]]) -> Box:
    """Boxes on one base line, each given with the gap before it."""
    at, parts = 0.0, []
    ascent = descent = 0.0
    for gap, box in boxes:
        at += gap
        parts.append(box.moved(at, 0.0))
        at += box.width
        ascent, descent = max(ascent, box.ascent), max(descent, box.descent)
    return together(at, ascent, descent, parts)
