"""Explanations as MathML, which browsers set and print as mathematics by themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from math import isfinite, isnan

from nnsim.core.explain.expression import NEGATION, Line, Node, Number, Role, Symbol
from nnsim.core.explain.writing import Writing

_PARTS = re.compile("([₀-₉]+|[⁰¹²³⁴-⁹]+)")
_MARKS = ",←∂"  # between letters, or before one
_PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹", "01234567890123456789")
_FUNCTION = "<mo>\N{FUNCTION APPLICATION}</mo>"


def to_mathml(what: Node | Line | Sequence[Line], digits: int | None = None) -> str:
    """A node as an element; a line, or several as a table aligned at the relation, as ``<math>``.

    Numbers carry their role as ``class``, where they have one.
    """
    if isinstance(what, Line):
        return to_mathml([what], digits)
    if isinstance(what, Sequence):
        rows = "".join(_row(line, digits) for line in what)
        return f'<math display="block"><mtable displaystyle="true">{rows}</mtable></math>'
    return _Mathml(digits).write(what)


def _row(line: Line, digits: int | None) -> str:
    left = "" if line.left is None else to_mathml(line.left, digits)
    note = f"<mspace width='2em'/><mtext>({escape(line.note)})</mtext>" if line.note else ""
    cells = (left, f"<mo>{escape(line.relation)}</mo>", to_mathml(line.right, digits) + note)
    sides = ("right", "center", "left")
    return "<mtr>" + "".join(
        f'<mtd style="text-align:{side}" columnalign="{side}"><mrow>{cell}</mrow></mtd>'
        for side, cell in zip(sides, cells, strict=True)
    ) + "</mtr>"  # fmt: skip


def _row_of(written: str) -> str:
    return f"<mrow>{written}</mrow>"


def _name(text: str) -> str:
    """A name whose subscript and superscript digits are set as such."""
    pieces = [piece for piece in _PARTS.split(text) if piece]
    out: list[str] = []
    for piece in pieces:
        if _PARTS.fullmatch(piece) and out:
            tag = "msub" if piece[0] in "₀₁₂₃₄₅₆₇₈₉" else "msup"
            out[-1] = f"<{tag}>{out[-1]}<mn>{piece.translate(_PLAIN)}</mn></{tag}>"
        elif piece.isdecimal():
            out.append(f"<mn>{piece}</mn>")
        elif piece.strip(",← "):
            out.extend(
                f"<mo>{part}</mo>" if part in _MARKS else f"<mi>{escape(part)}</mi>"
                for part in re.split(f"([{_MARKS}])", piece) if part
            )  # fmt: skip
        else:
            out.append(f"<mo>{escape(piece)}</mo>")
    return out[0] if len(out) == 1 else _row_of("".join(out))


class _Mathml(Writing):
    dot = "<mo>·</mo>"
    plus = "<mo>+</mo>"
    minus = "<mo>−</mo>"
    comma = "<mo>,</mo>"

    def write(self, node: Node, lead: bool = True) -> str:
        written = super().write(node, lead)
        if isinstance(node, Number) and node.role is not Role.PLAIN:
            return f'<mrow class="{node.role}">{written}</mrow>'
        return written

    def less(self, node: Node) -> str:
        return self.minus + self.inside(node, NEGATION, strict=True)

    def number(self, value: float) -> str:
        if not isfinite(value):
            return f"<mn>{'NaN' if isnan(value) else '∞' if value > 0.0 else '−∞'}</mn>"
        mantissa, exponent = self.figures(float(value))
        written = f"<mn>{mantissa.replace('-', '−')}</mn>"
        return written if exponent is None else _row_of(written + self.times_ten(exponent))

    def symbol(self, symbol: Symbol) -> str:
        name = _name(symbol.name)
        if symbol.hat:
            name = f'<mover accent="true">{name}<mo>^</mo></mover>'
        if symbol.sub and symbol.sup:
            return f"<msubsup>{name}{_name(symbol.sub)}{_name(symbol.sup)}</msubsup>"
        if symbol.sub:
            return f"<msub>{name}{_name(symbol.sub)}</msub>"
        return f"<msup>{name}{_name(symbol.sup)}</msup>" if symbol.sup else name

    def words(self, words: str) -> str:
        return f"<mtext>{escape(words)}</mtext>"

    def fraction(self, top: Node, bottom: Node) -> str:
        return f"<mfrac>{_row_of(self.write(top))}{_row_of(self.write(bottom))}</mfrac>"

    def power(self, base: Node, exponent: Node) -> str:
        under = self.base(base)
        return f"<msup>{_row_of(under)}{_row_of(self.write(exponent))}</msup>"

    def root(self, inside: Node) -> str:
        return f"<msqrt>{self.write(inside)}</msqrt>"

    def exponential(self, exponent: Node) -> str:
        return f"<msup><mi>e</mi>{_row_of(self.write(exponent))}</msup>"

    def logarithm(self, inside: Node) -> str:
        return f"<mi>ln</mi>{_FUNCTION}{self.brackets(self.write(inside))}"

    def call(self, name: str) -> str:
        return f"<mi>{escape(name)}</mi>{_FUNCTION}"

    def sigma(self, index: str) -> str:
        return f"<munder><mo>∑</mo><mi>{escape(index)}</mi></munder>"

    def rest(self, count: int, value: float | None) -> str:
        if value is None:
            return "<mo>…</mo>"
        more = f"{count} more term{'' if count == 1 else 's'}"
        return f"<munder>{self.number(value)}<mtext>{more}</mtext></munder>"

    def brackets(self, written: str) -> str:
        return f"<mrow><mo>(</mo>{written}<mo>)</mo></mrow>"

    def bars(self, written: str) -> str:
        return f'<mrow><mo stretchy="true">|</mo>{written}<mo stretchy="true">|</mo></mrow>'

    def infinity(self) -> str:
        return "∞"

    def times_ten(self, exponent: int) -> str:
        power = str(exponent).replace("-", "−")
        return f"<mo>·</mo><msup><mn>10</mn><mn>{power}</mn></msup>"
