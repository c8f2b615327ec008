"""What a line may be broken into: pieces with the places between them, the outer ones first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from nnsim.core.explain.expression import (
    Call,
    Difference,
    Fraction,
    Group,
    Log,
    Minus,
    Node,
    Product,
    Sum,
    Text,
)
from nnsim.ui.calculation.box import Box
from nnsim.ui.calculation.faces import Face
from nnsim.ui.calculation.setting import MINUS, TIMES, Setter, leads_negative

UNBROKEN = -1
_LEAST_FULL = 0.45  # a row ends at an outer place rather than at an inner one if it is this full by then


@dataclass(frozen=True, slots=True)
class Piece:
    """A box with the gap before it, and how deep in the expression the place before it is:
    0 is the best to break at, ``UNBROKEN`` is none."""

    box: Box
    gap: float = 0.0
    depth: int = UNBROKEN


def pieces(setter: Setter, node: Node, room: float, depth: int = 0) -> list[Piece]:
    """The node in pieces, none of which need be wider than ``room`` where the node allows."""
    box = setter.box(node)
    if box.width <= room:
        return [Piece(box)]
    match node:
        case Text(text):
            return list(_words(setter, text, depth))
        case Sum() | Difference() | Minus():
            return list(_terms(setter, node, room, depth))
        case Product(factors):
            return list(_factors(setter, factors, room, depth))
        case Group(inside):
            return _enclosed(setter, inside, room, depth)
        case Log(inside):
            name = setter.text("ln", Face.WORD, 0, "ink")
            return [Piece(name), *_enclosed(setter, inside, room, depth)]
        case Call(name, arguments) if len(arguments) == 1:
            return [Piece(setter.name(name, 0)), *_enclosed(setter, arguments[0], room, depth)]
        case Fraction(top, bottom) if box.width > room:
            # Too wide for a bar: written with a stroke, which can be broken.
            slash = Piece(setter.operator("/", 0), setter.thin(0), depth)
            return [
                *_one(setter, top, room, depth),
                slash,
                *_spaced(setter, _one(setter, bottom, room, depth)),
            ]
    return [Piece(box)]


def _one(setter: Setter, node: Node, room: float, depth: int) -> list[Piece]:
    """The node, in parentheses if it has several terms or factors."""
    if isinstance(node, Sum | Difference | Minus | Product | Fraction) or leads_negative(node):
        return _enclosed(setter, node, room, depth)
    return pieces(setter, node, room, depth + 1)


def _spaced(setter: Setter, made: list[Piece]) -> list[Piece]:
    return [replace(made[0], gap=setter.thin(0)), *made[1:]]


def _words(setter: Setter, text: str, depth: int) -> Iterator[Piece]:
    space = setter.faces.width(" ", Face.WORD, 0)
    for i, word in enumerate(text.split()):
        yield Piece(
            setter.text(word, Face.WORD, 0, "muted_text"), space if i else 0.0, depth if i else UNBROKEN
        )


def note_pieces(setter: Setter, note: str) -> Iterator[Piece]:
    """A condition in words after a line, which rather goes to a row of its own."""
    for i, piece in enumerate(_words(setter, note, 2)):
        yield replace(piece, gap=1.5 * setter.faces.em(0), depth=0) if i == 0 else piece


def _terms(setter: Setter, node: Node, room: float, depth: int) -> Iterator[Piece]:
    gap = setter.thin(0)
    for i, (given, term) in enumerate(setter.signed_terms(node)):
        sign, box = setter.term(given, term, i == 0, 0)
        beside = room
        if sign:
            operator = setter.operator(sign, 0)
            beside = room - operator.width - gap
            yield Piece(operator, gap if i else 0.0, depth if i else UNBROKEN)
        inner = [Piece(box)] if box.width <= beside else _long_term(setter, term, i > 0, sign, beside, depth)
        yield replace(inner[0], gap=gap if i else inner[0].gap)
        yield from inner[1:]


def _long_term(setter: Setter, term: Node, later: bool, sign: str, room: float, depth: int) -> list[Piece]:
    """A term that does not fit beside its sign, with the brackets that :meth:`Setter.term` gives it."""
    several = isinstance(term, Sum | Difference | Minus)
    if (several and (later or sign)) or (sign == MINUS and leads_negative(term)):
        return _enclosed(setter, term, room, depth + 2)
    if later and isinstance(term, Product) and leads_negative(term):
        return list(_factors(setter, term.factors, room, depth + 1, closed_first=True))
    return pieces(setter, term, room, depth + 1)


def _factors(
    setter: Setter, factors: tuple[Node, ...], room: float, depth: int, closed_first: bool = False
) -> Iterator[Piece]:
    gap = setter.thin(0)
    for i, factor in enumerate(factors):
        beside = room
        if i:
            operator = setter.operator(TIMES, 0)
            beside = room - operator.width - gap
            yield Piece(operator, gap, depth + 1)
        bare = i == 0 and not closed_first
        box = setter.factor(factor, bare, 0)
        inner = [Piece(box)]
        if box.width > beside:
            closed = isinstance(factor, Sum | Difference | Minus) or (not bare and leads_negative(factor))
            inner = (_enclosed if closed else pieces)(setter, factor, beside, depth + 2)
        yield replace(inner[0], gap=gap if i else inner[0].gap)
        yield from inner[1:]


def _enclosed(setter: Setter, node: Node, room: float, depth: int) -> list[Piece]:
    """A pair of parentheses that may stand in different rows, as tall as all between them."""
    inside = node.inside if isinstance(node, Group) else node
    box = setter.box(inside)
    left, right = setter.parentheses(box.ascent, box.descent, 0)
    beside = room - left.width - right.width  # neither bracket stands alone in a row
    return [Piece(left), *pieces(setter, inside, beside, depth + 2), Piece(right)]


def rows(made: list[Piece], first: float, others: float) -> list[list[Piece]]:
    """The pieces in rows of at most these widths, as full as they go; a row ends at the outermost
    place that leaves it reasonably full. A piece wider than its row stands alone in it."""
    found: list[list[Piece]] = []
    start = 0
    while start < len(made):
        end = _row_end(made, start, others if found else first)
        row = made[start:end]
        found.append([replace(row[0], gap=0.0), *row[1:]])
        start = end
    return found


def _row_end(made: list[Piece], start: int, room: float) -> int:
    """Where the row that begins with ``start`` ends."""
    width = 0.0
    places: list[tuple[int, float]] = []
    for i in range(start, len(made)):
        piece = made[i]
        if i > start and piece.depth != UNBROKEN:
            places.append((i, width))
        width += piece.box.width + (piece.gap if i > start else 0.0)
        if width > room:
            break
    else:
        return len(made)
    fitting = [(i, w) for i, w in places if w <= room]
    if not fitting:
        # What begins here cannot be broken soon enough: on to the first place there is.
        return next((i for i in range(start + 1, len(made)) if made[i].depth != UNBROKEN), len(made))
    full = [(i, w) for i, w in fitting if w >= _LEAST_FULL * room] or fitting[-1:]
    outermost = min(made[i].depth for i, _ in full)
    return max(i for i, _ in full if made[i].depth == outermost)
