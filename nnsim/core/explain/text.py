"""Explanations as text: Unicode on plain lines, as for a terminal or to be copied."""

from __future__ import annotations

from collections.abc import Sequence

from nnsim.core.explain.explanation import Explanation
from nnsim.core.explain.expression import ATOM, PRODUCT, Fraction, Line, Node, Number, Symbol
from nnsim.core.explain.writing import Writing

_BELOW = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_ABOVE = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_INDEX = {"x": "ₓ", "j": "ⱼ", "k": "ₖ"}
_HAT = "\N{COMBINING CIRCUMFLEX ACCENT}"


def to_text(what: Node | Line | Explanation, digits: int | None = None) -> str:
    """Any part of an explanation as text. ``digits``: significant digits, ``None`` for all.

    Of a whole explanation: its title, its lines, and its words, on lines of their own.
    """
    if isinstance(what, Line):
        return line_text(what, digits)
    if isinstance(what, Explanation):
        blocks = [lines_text(part, digits) for part in (what.chain(), what.parts)]
        return "\n".join([what.title, *(block for block in blocks if block), what.words])
    return _Text(digits).write(what)


def line_text(line: Line, digits: int | None = None) -> str:
    """One line, with its note in brackets."""
    left = "" if line.left is None else f"{to_text(line.left, digits)} "
    note = f"   ({line.note})" if line.note else ""
    return f"{left}{line.relation} {to_text(line.right, digits)}{note}"


def lines_text(lines: Sequence[Line], digits: int | None = None, indent: str = "  ") -> str:
    """Lines one below the other; one without a left side is set in under the relation before it."""
    out, width = [], 0
    for line in lines:
        if line.left is not None:
            width = len(to_text(line.left, digits)) + 1
            out.append(indent + line_text(line, digits))
        else:
            out.append(indent + " " * width + line_text(line, digits))
    return "\n".join(out)


class _Text(Writing):
    def binding(self, node: Node) -> int:
        # a/b stands in a row, so it binds as a product does.
        return PRODUCT if isinstance(node, Fraction) else super().binding(node)

    def symbol(self, symbol: Symbol) -> str:
        name = symbol.name + (_HAT if symbol.hat else "")
        if symbol.sub.isdecimal():
            name += symbol.sub.translate(_BELOW)
        elif symbol.sub:
            name += f"_{symbol.sub}" if symbol.sub.isalnum() else f"_({symbol.sub})"
        if not symbol.sup:
            return name
        return name + (symbol.sup.translate(_ABOVE) if symbol.sup.isdecimal() else f"^({symbol.sup})")

    def words(self, words: str) -> str:
        return words

    def fraction(self, top: Node, bottom: Node) -> str:
        if (top, bottom) == (Number(1.0), Number(2.0)):
            return "½"
        return f"{self.inside(top, PRODUCT)}/{self.inside(bottom, PRODUCT, strict=True)}"

    def power(self, base: Node, exponent: Node) -> str:
        under = self.base(base)
        if isinstance(exponent, Number) and exponent.value.is_integer() and abs(exponent.value) < 1e6:
            return under + f"{exponent.value:.0f}".translate(_ABOVE)
        return f"{under}^{self.inside(exponent, ATOM)}"

    def root(self, inside: Node) -> str:
        bare = isinstance(inside, (Number, Symbol)) and self.binding(inside) == ATOM
        return f"√{self.write(inside) if bare else self.brackets(self.write(inside))}"

    def exponential(self, exponent: Node) -> str:
        return f"e^{self.inside(exponent, ATOM)}"

    def logarithm(self, inside: Node) -> str:
        return f"ln({self.write(inside)})"

    def call(self, name: str) -> str:
        return name

    def sigma(self, index: str) -> str:
        return f"Σ{_INDEX.get(index, '_' + index)} "

    def rest(self, count: int, value: float | None) -> str:
        more = f"{count} more term{'' if count == 1 else 's'}"
        return f"… ({more})" if value is None else f"… ({more}: {self.number(value)})"

    def brackets(self, written: str) -> str:
        return f"({written})"

    def infinity(self) -> str:
        return "∞"

    def times_ten(self, exponent: int) -> str:
        return f"·10{str(exponent).translate(_ABOVE)}"
