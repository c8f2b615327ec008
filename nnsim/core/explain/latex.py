"""Explanations as LaTeX, for amsmath: a node is for math mode, lines are an ``align*`` environment."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nnsim.core.explain.expression import Line, Node, Symbol
from nnsim.core.explain.writing import Writing

_LETTERS = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "η": r"\eta",
    "θ": r"\theta", "λ": r"\lambda", "μ": r"\mu", "σ": r"\sigma", "π": r"\pi", "∂": r"\partial",
    "←": r"\leftarrow", "→": r"\rightarrow", "′": "'", "…": r"\ldots", "·": r"\cdot", "−": "-",
    "Σ": r"\Sigma", "√": r"\surd", "≤": r"\leq",
}  # fmt: skip
_ESCAPED = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip
_LOW, _HIGH = "₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹"
_FUNCTIONS = {"tanh", "sin", "cos", "max", "min"}
_HAT = "\N{COMBINING CIRCUMFLEX ACCENT}"
_PIECE = re.compile(f".{_HAT}|[{_LOW}]+|[{_HIGH}]+|[^\\W\\d_{_LOW}{_HIGH}ₓⱼₖᵗα-ω]{{2,}}|\\s+|.", re.DOTALL)


def to_latex(what: Node | Line | Sequence[Line], digits: int | None = None) -> str:
    """A node or a line for math mode; several lines as ``align*``. ``digits`` as for text."""
    if isinstance(what, Line):
        left = "" if what.left is None else f"{_Latex(digits).write(what.left)} "
        return f"{left}{_right(what, digits)}"
    if isinstance(what, Sequence):
        rows = [
            f"{'' if line.left is None else _Latex(digits).write(line.left) + ' '}&{_right(line, digits)}"
            for line in what
        ]
        body = " \\\\\n".join(rows)
        return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"
    return _Latex(digits).write(what)


def _right(line: Line, digits: int | None) -> str:
    relation = _LETTERS.get(line.relation, line.relation)
    note = f" \\qquad\\text{{({words_latex(line.note)})}}" if line.note else ""
    return f"{relation} {_Latex(digits).write(line.right)}{note}"


def words_latex(words: str) -> str:
    """Plain words for text mode: every special character escaped, letters of formulas in math."""
    out = []
    for piece in _PIECE.findall(words):
        if piece[0] in _LOW:
            out.append(f"$_{{{''.join(str(_LOW.index(c)) for c in piece)}}}$")
        elif piece[0] in _HIGH:
            out.append(f"$^{{{''.join(str(_HIGH.index(c)) for c in piece)}}}$")
        elif piece in _EXTRA:
            out.append(f"${_EXTRA[piece]}$")
        elif piece.endswith(_HAT):
            out.append(f"$\\hat{{{_letters(piece[0])}}}$")
        elif piece in _LETTERS:
            out.append(f"${_LETTERS[piece]}$")
        else:
            out.append("".join(_ESCAPED.get(c, c) for c in piece))
    return "".join(out)


# Single characters of formulas among words.
_EXTRA = {"½": r"\frac12", "ᵗ": "^t", "ₓ": "_x", "ⱼ": "_j", "ₖ": "_k"}


def _letters(text: str) -> str:
    """A name in math mode: Greek as commands, subscript digits as subscripts, words upright."""
    out = []
    for piece in _PIECE.findall(text):
        if piece[0] in _LOW:
            out.append(f"_{{{''.join(str(_LOW.index(c)) for c in piece)}}}")
        elif piece[0] in _HIGH:
            out.append(f"^{{{''.join(str(_HIGH.index(c)) for c in piece)}}}")
        elif piece in _LETTERS:
            out.append(f"{_LETTERS[piece]} " if _LETTERS[piece].startswith("\\") else _LETTERS[piece])
        elif piece == "," or (len(piece) == 1 and piece.isascii() and piece.isalnum()):
            out.append(piece)
        else:
            out.append(f"\\text{{{words_latex(piece)}}}")
    return "".join(out).strip()


class _Latex(Writing):
    dot = r" \cdot "
    minus = "-"

    def symbol(self, symbol: Symbol) -> str:
        name = _letters(symbol.name)
        if symbol.hat:
            name = f"\\hat{{{name}}}"
        if "_" in name and symbol.sub:  # a second subscript needs the first in braces
            name = f"{{{name}}}"
        sub = f"_{{{_letters(symbol.sub)}}}" if symbol.sub else ""
        return name + sub + (f"^{{{_letters(symbol.sup)}}}" if symbol.sup else "")

    def words(self, words: str) -> str:
        return f"\\text{{{words_latex(words)}}}"

    def fraction(self, top: Node, bottom: Node) -> str:
        return f"\\frac{{{self.write(top)}}}{{{self.write(bottom)}}}"

    def power(self, base: Node, exponent: Node) -> str:
        under = self.base(base)
        return f"{{{under}}}^{{{self.write(exponent)}}}"

    def root(self, inside: Node) -> str:
        return f"\\sqrt{{{self.write(inside)}}}"

    def exponential(self, exponent: Node) -> str:
        return f"e^{{{self.write(exponent)}}}"

    def logarithm(self, inside: Node) -> str:
        return f"\\ln {self.brackets(self.write(inside))}"

    def call(self, name: str) -> str:
        if name in _FUNCTIONS:
            return f"\\{name}"
        return _letters(name) if len(name) <= 2 else f"\\operatorname{{{name}}}"

    def sigma(self, index: str) -> str:
        return f"\\sum_{{{index}}} "

    def rest(self, count: int, value: float | None) -> str:
        if value is None:
            return r"\cdots"
        more = f"{count} more term{'' if count == 1 else 's'}"
        return f"\\underbrace{{{self.number(value)}}}_{{\\text{{{more}}}}}"

    def brackets(self, written: str) -> str:
        return f"\\left({written}\\right)"

    def infinity(self) -> str:
        return r"\infty"

    def times_ten(self, exponent: int) -> str:
        return f" \\cdot 10^{{{exponent}}}"
