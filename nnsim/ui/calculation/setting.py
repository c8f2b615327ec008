"""Expression trees as boxes: fractions, roots, scripts, parentheses that grow with what they hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import copysign, pi, sin

from nnsim.core.explain.expression import (
    Absolute,
    Call,
    Difference,
    Exp,
    Fraction,
    Group,
    Log,
    Minus,
    Node,
    Number,
    Over,
    Power,
    Product,
    Rest,
    Role,
    Root,
    Sum,
    Symbol,
    Text,
)
from nnsim.ui.calculation.box import Box, Run, Spot, Stroke, beside, together
from nnsim.ui.calculation.digits import mantissa_and_power
from nnsim.ui.calculation.faces import SCRIPTS, Face, Faces

TOKENS = {
    Role.PLAIN: "ink", Role.POSITIVE: "positive_text", Role.NEGATIVE: "negative_text",
    Role.FOCUS: "focus_text", Role.OK: "ok_text", Role.MUTED: "muted_text",
}  # fmt: skip
MINUS, TIMES, PLUS = "−", "·", "+"
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_PIECES = re.compile("[₀-₉]+|[^₀-₉]+")


class Setter:
    """Sets nodes in the fonts of ``faces``. ``digits`` are the significant digits shown of a number,
    ``result_digits`` those of a result."""

    def __init__(self, faces: Faces, digits: int = 4, result_digits: int = 6) -> None:
        self.faces = faces
        self._digits, self._result_digits = digits, result_digits

    # -- any node ---------------------------------------------------------------------------------

    def box(self, node: Node, level: int = 0) -> Box:
        """The whole node on one line."""
        match node:
            case Number():
                return self.number(node, level)
            case Symbol():
                return self._symbol(node, level)
            case Text(text):
                return self.text(text, Face.WORD, level, "muted_text")
            case Sum() | Difference() | Minus():
                return beside(self._terms(node, level))
            case Product(factors):
                return beside(self._factors(factors, level))
            case Fraction(top, bottom):
                return self._fraction(self.box(top, level + 1), self.box(bottom, level + 1), level)
            case Power(base, exponent):
                return self._power(self.closed(base, level), self.box(exponent, self._script(level)), level)
            case Exp(inside):
                e = self.text("e", Face.SYMBOL, level, "ink")
                return self._power(e, self.box(inside, self._script(level)), level)
            case Root(inside):
                return self._root(self.box(inside, level), level)
            case Log(inside):
                name = self.text("ln", Face.WORD, level, "ink")
                return beside(((0.0, name), (self.thin(level) / 2, self._in_parentheses(inside, level))))
            case Call(name, arguments, quantity):
                called = self._symbol(Symbol(name, quantity=quantity), level)
                return beside(((0.0, called), (0.0, self._arguments(arguments, level))))
            case Group(inside):
                return self._in_parentheses(inside, level)
            case Absolute(inside):
                return self._absolute(self.box(inside, level), level)
            case Over(index, inside):
                return beside(
                    ((0.0, self._sigma(index, level)), (self.thin(level), self.factor(inside, False, level)))
                )
            case Rest(count):
                return self._rest(count, level)
        raise TypeError(f"{type(node).__name__} cannot be set")

    def _script(self, level: int) -> int:
        return self.faces.smaller(level, SCRIPTS)

    def thin(self, level: int) -> float:
        """The space around an operator."""
        return 0.22 * self.faces.em(level)

    # -- leaves -----------------------------------------------------------------------------------

    def text(self, text: str, face: Face, level: int, token: str) -> Box:
        level = self.faces.smaller(level, 0)
        width = self.faces.width(text, face, level)
        return Box(
            width, self.faces.ascent(level), self.faces.descent(level),
            (Run(0.0, 0.0, text, face, level, token),),
        )  # fmt: skip

    def result(self, node: Number) -> Box:
        """A number alone on its line: with more digits, and bold, as colour alone is not enough."""
        return self.number(node, 0, face=Face.RESULT)

    def number(self, node: Number, level: int, unsigned: bool = False, face: Face = Face.NUMBER) -> Box:
        """A number; ``unsigned`` leaves the minus to the operator before it."""
        digits = self._result_digits if face is Face.RESULT else self._digits
        value = abs(node.value) if unsigned else node.value
        mantissa, power = mantissa_and_power(value, digits)
        token = TOKENS[node.role]
        box = self.text(mantissa, face, level, token)
        if power is not None:
            ten = self.text("·10", face, level, token)
            exponent = self.text(str(power).replace("-", MINUS), face, self._script(level), token)
            box = beside(((0.0, box), (0.0, self._power(ten, exponent, level))))
        return self._spotted(box, node)

    def _symbol(self, node: Symbol, level: int) -> Box:
        box = self.name(node.name, level, TOKENS[node.role])
        if node.hat:
            box = self._hat(box, level, TOKENS[node.role])
        box = self._scripts(box, node, level)
        return self._spotted(box, node) if node.quantity is not None else box

    def name(self, name: str, level: int, token: str = "ink") -> Box:
        """A letter in italics, a word upright, a piece of code in the font of code; digits that are
        written as subscripts become real ones."""
        base = name.translate(_SUBSCRIPTS)
        if "[" in name:
            return self.text(base, Face.NUMBER, level, token)
        made: list[tuple[float, Box]] = []
        for piece in _PIECES.findall(name):
            if piece[0] in "₀₁₂₃₄₅₆₇₈₉":
                script = self.text(piece.translate(_SUBSCRIPTS), Face.WORD, self._script(level), token)
                drop = 0.22 * self.faces.em(level)
                lowered = script.moved(0.0, drop)
                made.append((0.0, together(script.width, 0.0, script.descent + drop, (lowered,))))
            else:
                made += [(0.0, part) for part in self._letters(piece, level, token)]
        return made[0][1] if len(made) == 1 else beside(made)

    def _letters(self, text: str, level: int, token: str) -> list[Box]:
        if text.startswith("∂") and len(text) > 1:
            return [self.text("∂", Face.WORD, level, token), *self._letters(text[1:], level, token)]
        letters = sum(c.isalpha() for c in text)
        upright = letters != 1 or any(c.isdigit() for c in text)
        return [self.text(text, Face.WORD if upright else Face.SYMBOL, level, token)]

    def _hat(self, box: Box, level: int, token: str) -> Box:
        em = self.faces.em(level)
        middle, top = box.width / 2 + 0.04 * em, -box.ascent + 0.06 * em
        points = ((middle - 0.17 * em, top), (middle, top - 0.14 * em), (middle + 0.17 * em, top))
        hat = Box(marks=(Stroke(points, max(0.075 * em, 1.0), token),))
        return together(box.width, box.ascent + 0.12 * em, box.descent, (box, hat))

    def _scripts(self, box: Box, node: Symbol, level: int) -> Box:
        if not node.sub and not node.sup:
            return box
        script, em = self._script(level), self.faces.em(level)
        parts, width, ascent, descent = [box], box.width, box.ascent, box.descent
        if node.sub:
            sub = self._script_text(node.sub, script, TOKENS[node.role])
            parts.append(sub.moved(box.width + 0.02 * em, 0.26 * em))
            width, descent = max(width, box.width + sub.width), max(descent, 0.26 * em + sub.descent)
        if node.sup:
            sup = self._script_text(node.sup, script, TOKENS[node.role])
            parts.append(sup.moved(box.width + 0.05 * em, -0.36 * em))
            width, ascent = max(width, box.width + 0.05 * em + sup.width), max(ascent, 0.36 * em + sup.ascent)
        return together(width + 0.04 * em, ascent, descent, parts)

    def _script_text(self, text: str, level: int, token: str) -> Box:
        """A sub- or superscript: upright, with its own subscripts (h₁) inside."""
        made: list[tuple[float, Box]] = []
        for piece in _PIECES.findall(text):
            inner = piece[0] in "₀₁₂₃₄₅₆₇₈₉"
            box = self.text(piece.translate(_SUBSCRIPTS), Face.WORD, level + (1 if inner else 0), token)
            drop = 0.26 * self.faces.em(level) if inner else 0.0
            made.append((0.0, together(box.width, box.ascent, box.descent + drop, (box.moved(0.0, drop),))))
        return beside(made)

    def _spotted(self, box: Box, node: Number | Symbol) -> Box:
        """The box, which can now be pointed at as ``node``; it holds no other such place."""
        spot = Spot(0.0, -box.ascent, box.width, box.height, node)
        return Box(box.width, box.ascent, box.descent, (spot,), ((0.0, 0.0, box),), sealed=True)

    # -- sums and products ------------------------------------------------------------------------

    def operator(self, sign: str, level: int) -> Box:
        return self.text(sign, Face.WORD, level, "ink")

    def signed_terms(self, node: Node) -> list[tuple[str, Node]]:
        """What a sum adds and subtracts, as (sign, term): a subtracted or negative one is its own
        negative after "−". The first sign is "" or "−"."""
        found: list[tuple[str, Node]] = []
        match node:
            case Sum(terms):
                for term in terms:
                    inner = self.signed_terms(term) if isinstance(term, Minus) else [("", term)]
                    found += inner
            case Difference(a, b):
                found += self.signed_terms(a) if isinstance(a, Sum | Difference | Minus) else [("", a)]
                found.append((MINUS, b))
            case Minus(a):
                found.append((MINUS, a))
            case _:
                found.append(("", node))
        return [(sign if i == 0 else sign or PLUS, term) for i, (sign, term) in enumerate(found)]

    def term(self, sign: str, term: Node, first: bool, level: int) -> tuple[str, Box]:
        """The sign shown and the box of a term. A negative number takes its sign along: a sum of 2
        and −3 is 2 − 3; one that is subtracted, or leads a product, is put in parentheses."""
        if isinstance(term, Number) and is_negative(term) and sign == PLUS:
            return MINUS, self.number(term, level, unsigned=True)
        if sign == MINUS and (isinstance(term, Sum | Difference | Minus) or leads_negative(term)):
            return sign, self._in_parentheses(term, level)
        if not first and isinstance(term, Product) and leads_negative(term):
            return sign, beside(self._factors(term.factors, level, closed_first=True))
        if isinstance(term, Sum | Difference | Minus):
            return sign, self._in_parentheses(term, level) if not first else self.box(term, level)
        return sign, self.box(term, level)

    def _terms(self, node: Node, level: int) -> list[tuple[float, Box]]:
        gap, made = self.thin(level), []
        for i, (given, term) in enumerate(self.signed_terms(node)):
            sign, box = self.term(given, term, i == 0, level)
            if sign:
                made.append((gap if i else 0.0, self.operator(sign, level)))
            made.append((gap if i else (0.0 if not sign else 0.03 * self.faces.em(level)), box))
        return made

    def _factors(
        self, factors: Sequence[Node], level: int, closed_first: bool = False
    ) -> list[tuple[float, Box]]:
        gap, made = self.thin(level), []
        for i, factor in enumerate(factors):
            if i:
                made.append((gap, self.operator(TIMES, level)))
            made.append((gap if i else 0.0, self.factor(factor, i == 0 and not closed_first, level)))
        return made

    def factor(self, node: Node, first: bool, level: int) -> Box:
        """A factor, in parentheses where it needs them."""
        if isinstance(node, Sum | Difference | Minus) or (not first and leads_negative(node)):
            return self._in_parentheses(node, level)
        return self.box(node, level)

    def closed(self, node: Node, level: int) -> Box:
        """The base of a power, in parentheses unless it is one thing."""
        one = isinstance(node, Symbol | Group | Call) or (isinstance(node, Number) and not is_negative(node))
        return self.box(node, level) if one else self._in_parentheses(node, level)

    def _rest(self, count: int, level: int) -> Box:
        return self.text(f"… ({count} more)", Face.WORD, level, "muted_text")

    # -- shapes -----------------------------------------------------------------------------------

    def _fraction(self, top: Box, bottom: Box, level: int) -> Box:
        em, axis = self.faces.em(level), self.faces.axis(level)
        gap, pad = 0.14 * em, 0.12 * em
        width = max(top.width, bottom.width) + 2 * pad
        above, below = axis + gap + top.descent * 0.8, -axis + gap + bottom.ascent
        bar = Box(marks=(Stroke(((0.0, -axis), (width, -axis)), max(0.07 * em, 1.0), "ink"),))
        parts = (
            bar,
            top.moved((width - top.width) / 2, -above),
            bottom.moved((width - bottom.width) / 2, below),
        )
        side = 0.08 * em
        inner = together(width, above + top.ascent, below + bottom.descent, parts)
        return together(width + 2 * side, inner.ascent, inner.descent, (inner.moved(side, 0.0),))

    def _power(self, base: Box, exponent: Box, level: int) -> Box:
        em = self.faces.em(level)
        rise = max(0.36 * em, base.ascent - 0.42 * em) + exponent.descent * 0.5
        gap = 0.06 * em
        return together(
            base.width + gap + exponent.width,
            max(base.ascent, rise + exponent.ascent),
            max(base.descent, exponent.descent - rise),
            (base, exponent.moved(base.width + gap, -rise)),
        )

    def _root(self, inside: Box, level: int) -> Box:
        em = self.faces.em(level)
        lead, over = 0.72 * em, 0.16 * em
        top, foot = -inside.ascent - over, inside.descent
        width = lead + inside.width + 0.12 * em
        points = (
            (0.08 * em, -0.28 * em), (0.22 * em, -0.38 * em), (0.42 * em, foot), (lead - 0.04 * em, top),
            (width, top),
        )  # fmt: skip
        sign = Box(marks=(Stroke(points, max(0.07 * em, 1.0), "ink"),))
        return together(width, -top + 0.08 * em, foot, (sign, inside.moved(lead, 0.0)))

    def _sigma(self, index: str, level: int) -> Box:
        """Σ with what it runs over at its foot."""
        em = self.faces.em(level)
        sign = self.text("Σ", Face.WORD, level, "ink")
        foot = self._script_text(index, self._script(level), "ink")
        drop = 0.26 * em
        parts = (sign, foot.moved(sign.width, drop))
        return together(sign.width + foot.width, sign.ascent, drop + foot.descent, parts)

    def _absolute(self, inside: Box, level: int) -> Box:
        em = self.faces.em(level)
        side, top, foot = 0.16 * em, -inside.ascent - 0.04 * em, inside.descent + 0.02 * em
        width = inside.width + 4 * side
        bars = tuple(Stroke(((x, top), (x, foot)), max(0.075 * em, 1.0), "ink") for x in (side, width - side))
        return together(width, inside.ascent, inside.descent, (Box(marks=bars), inside.moved(2 * side, 0.0)))

    def _arguments(self, arguments: Sequence[Node], level: int) -> Box:
        made: list[tuple[float, Box]] = []
        for i, argument in enumerate(arguments):
            if i:
                made.append((0.0, self.text(",", Face.WORD, level, "ink")))
            made.append((self.thin(level) if i else 0.0, self.box(argument, level)))
        return self._enclosed(beside(made), level)

    def _in_parentheses(self, node: Node, level: int) -> Box:
        inside = node.inside if isinstance(node, Group) else node
        return self._enclosed(self.box(inside, level), level)

    def _enclosed(self, inside: Box, level: int) -> Box:
        left, right = self.parentheses(inside.ascent, inside.descent, level)
        return beside(((0.0, left), (0.0, inside), (0.0, right)))

    def parentheses(self, ascent: float, descent: float, level: int) -> tuple[Box, Box]:
        """A pair as tall as what it holds: letters where that is text, drawn where it is taller."""
        em = self.faces.em(level)
        if ascent <= self.faces.ascent(level) + 0.14 * em and descent <= self.faces.descent(level) + 0.5 * em:
            return self.text("(", Face.WORD, level, "ink"), self.text(")", Face.WORD, level, "ink")
        width, bend, ground = 0.36 * em, 0.2 * em, 0.04 * em
        steps = [i / 12 for i in range(13)]
        arc = [
            (bend * (1.0 - sin(pi * t)), -ascent - ground + (ascent + descent + 2 * ground) * t)
            for t in steps
        ]
        pen = max(0.085 * em, 1.1)
        left = tuple((0.1 * em + x, y) for x, y in arc)
        right = tuple((width - 0.1 * em - x, y) for x, y in arc)
        return (
            Box(width, ascent, descent, marks=(Stroke(left, pen, "ink"),)),
            Box(width, ascent, descent, marks=(Stroke(right, pen, "ink"),)),
        )


def is_negative(node: Number) -> bool:
    return copysign(1.0, node.value) < 0.0


def leads_negative(node: Node) -> bool:
    """Whether the node, written out, would begin with a minus."""
    match node:
        case Number():
            return is_negative(node)
        case Minus():
            return True
        case Sum(terms):
            return bool(terms) and leads_negative(terms[0])
        case Product(factors):
            return bool(factors) and leads_negative(factors[0])
        case Difference(a, _):
            return leads_negative(a)
    return False
