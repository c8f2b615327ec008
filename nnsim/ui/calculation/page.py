"""A whole explanation on a page of a given width: its title, its lines aligned at their relation
signs and broken where they are too long, and its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nnsim.core.explain.expression import Line, Number, Text
from nnsim.ui.calculation.box import Box, Run, Spot, Stroke, beside, together
from nnsim.ui.calculation.faces import Face
from nnsim.ui.calculation.pieces import Piece, note_pieces, pieces, rows
from nnsim.ui.calculation.setting import Setter

# Shares of the page; longer left sides stand in a row of their own, also where that spares a break.
_WIDEST_LEFT, _WIDEST_LEFT_OF_LONG = 0.38, 0.18
_ROW_AIR = 0.30  # between rows, in ems
_BLOCK_AIR = 0.62


@dataclass(frozen=True, slots=True)
class Page:
    """``content`` is how wide what is on it really is; ``spots`` are in reading order."""

    width: float
    height: float
    content: float
    runs: tuple[Run, ...]
    strokes: tuple[Stroke, ...]
    spots: tuple[Spot, ...]

    def numbers(self) -> tuple[Spot, ...]:
        """The spots that are numbers, in reading order: those that can be chosen."""
        return tuple(s for s in self.spots if isinstance(s.node, Number))

    def at(self, x: float, y: float, reach: float = 2.0) -> Spot | None:
        """What is under a point."""
        for spot in self.spots:
            inside_x = spot.x - reach <= x <= spot.x + spot.width + reach
            if inside_x and spot.y - reach <= y <= spot.y + spot.height + reach:
                return spot
        return None


class _Stack:
    """Boxes one under the other."""

    def __init__(self) -> None:
        self.parts: list[Box] = []
        self.width = self.y = 0.0

    def add(self, box: Box, x: float = 0.0, air: float = 0.0) -> None:
        self.y += air + box.ascent
        self.parts.append(box.moved(x, self.y))
        self.y += box.descent
        self.width = max(self.width, x + box.width)


def make_page(setter: Setter, width: float, title: str, blocks: Iterable[Sequence[Line]], words: str) -> Page:
    """A page of at least ``width`` pixels; wider if something on it cannot be broken."""
    stack, em = _Stack(), setter.faces.em(0)
    if title:
        _add_words(stack, setter, title, width, 0.0)
    for block in blocks:
        if block:
            _add_block(stack, setter, block, width, _BLOCK_AIR * em if stack.parts else 0.0)
    if words:
        _add_words(stack, setter, words, width, _BLOCK_AIR * em if stack.parts else 0.0)
    marks = list(together(stack.width, 0.0, stack.y, stack.parts).all_marks())
    return Page(
        max(width, stack.width), stack.y, stack.width,
        tuple(m for m in marks if isinstance(m, Run)),
        tuple(m for m in marks if isinstance(m, Stroke)),
        tuple(m for m in marks if isinstance(m, Spot)),
    )  # fmt: skip


def _add_words(stack: _Stack, setter: Setter, text: str, width: float, air: float) -> None:
    for row in rows(pieces(setter, Text(text), 0.0), width, width):
        stack.add(_joined(row), 0.0, air)
        air = 0.18 * setter.faces.em(0)


def _add_block(stack: _Stack, setter: Setter, block: Sequence[Line], width: float, air: float) -> None:
    em = setter.faces.em(0)
    lefts = [None if line.left is None else setter.box(line.left) for line in block]
    widest = _WIDEST_LEFT * width
    column = _column(lefts, widest, em)
    room = width - column - 4 * setter.thin(0) - em
    if any(setter.box(line.right).width > room for line in block if not isinstance(line.right, Number)):
        widest = _WIDEST_LEFT_OF_LONG * width
        column = _column(lefts, widest, em)
    for line, left in zip(block, lefts, strict=True):
        relation = setter.text(line.relation, Face.WORD, 0, "ink")
        gap = 1.4 * setter.thin(0)
        start = column + gap + relation.width + gap
        if left is not None and left.width > widest:
            stack.add(left, 0.0, air)
            left, air = None, _ROW_AIR * em * 0.6
        room = max(width - start, 6 * em)
        hang = min(0.9 * em, 0.1 * room)
        if isinstance(line.right, Number):
            made = [Piece(setter.result(line.right))]
        else:
            made = pieces(setter, line.right, room - hang)
        if line.note:
            made += list(note_pieces(setter, line.note))
        for i, row in enumerate(rows(made, room, room - hang)):
            box = _joined(row)
            if i == 0:
                box = _with_left(box, left, relation, column, gap)
                stack.add(box, 0.0, air)
            else:
                stack.add(box, start + hang, _ROW_AIR * em * 0.6)
            air = _ROW_AIR * em


def _column(lefts: Sequence[Box | None], widest: float, em: float) -> float:
    """How wide the left sides are that stand before their relation sign."""
    return max((box.width for box in lefts if box is not None and box.width <= widest), default=0.9 * em)


def _with_left(right: Box, left: Box | None, relation: Box, column: float, gap: float) -> Box:
    parts = [(gap + (column if left is None else 0.0), relation), (gap, right)]
    if left is not None:
        parts.insert(0, (column - left.width, left))
    return beside(parts)


def _joined(row: Sequence[Piece]) -> Box:
    return beside((piece.gap, piece.box) for piece in row)
