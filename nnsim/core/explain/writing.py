"""What text and LaTeX have in common: signs, dots, and where brackets are needed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import isinf, isnan

from nnsim.core.explain.expression import (
    ATOM,
    NEGATION,
    PRODUCT,
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
    Root,
    Sum,
    Symbol,
    Text,
    precedence,
)  # fmt: skip


class Writing(ABC):
    """Writes expressions in a row. ``digits``: significant digits of numbers, ``None`` for all."""

    dot = "·"
    plus = " + "
    minus = "−"
    comma = ", "

    def __init__(self, digits: int | None = None) -> None:
        self.digits = digits

    def write(self, node: Node, lead: bool = True) -> str:
        """``node`` as it is written. ``lead``: nothing stands before it, so it may begin with a minus."""
        match node:
            case Number(value):
                return self.number(value)
            case Symbol():
                return self.symbol(node)
            case Text(words):
                return self.words(words)
            case Rest(count, value):
                return self.rest(count, value)
            case Sum(terms):
                return self._sum(terms, lead)
            case Product(factors):
                if not factors:
                    return self.number(1.0)
                return self.dot.join(self._factor(f, lead and i == 0) for i, f in enumerate(factors))
            case Minus(inside):
                return self.minus + self.inside(inside, NEGATION, strict=True)
            case Difference(left, right):
                return self.write(left, lead) + self.less(right)
            case Fraction(top, bottom):
                return self.fraction(top, bottom)
            case Power(base, exponent):
                return self.power(base, exponent)
            case Root(inside):
                return self.root(inside)
            case Exp(exponent):
                return self.exponential(exponent)
            case Log(inside):
                return self.logarithm(inside)
            case Absolute(inside):
                return self.bars(self.write(inside))
            case Call(name, arguments):
                return self.call(name) + self.brackets(self.comma.join(self.write(a) for a in arguments))
            case Group(inside):
                return self.brackets(self.write(inside))
            case Over(index, inside):
                return self.sigma(index) + self.inside(inside, NEGATION, strict=True)
        raise ValueError(f"no part of an expression: {node!r}")

    def _sum(self, terms: tuple[Node, ...], lead: bool) -> str:
        out = ""
        for i, term in enumerate(terms):
            if i and isinstance(term, Minus):
                out += self.less(term.inside)
                continue
            first = i == 0 and lead
            written = self.write(term, first)
            if not first and isinstance(term, (Number, Minus)) and self.binding(term) <= NEGATION:
                written = self.brackets(written)
            out += self.plus + written if i else written
        return out or self.number(0.0)

    def less(self, node: Node) -> str:
        """ " − node"."""
        return f" {self.minus} {self.inside(node, NEGATION, strict=True)}"

    def _factor(self, factor: Node, lead: bool) -> str:
        if lead and isinstance(factor, Number):
            return self.write(factor)
        return self.inside(factor, PRODUCT)

    def inside(self, node: Node, least: int, strict: bool = False) -> str:
        """``node``, in brackets if it binds less than ``least`` (``strict``: not more than it)."""
        binding = self.binding(node)
        loose = binding <= least if strict else binding < least
        return self.brackets(self.write(node)) if loose else self.write(node, lead=False)

    def base(self, node: Node) -> str:
        """What an exponent stands on. A fraction is an atom as it is set, but not there."""
        marked = isinstance(node, Symbol) and bool(node.sup)
        if marked or isinstance(node, (Fraction, Root)):
            return self.brackets(self.write(node))
        return self.inside(node, ATOM)

    def binding(self, node: Node) -> int:
        """How tightly a node binds as it is written here."""
        return precedence(node)

    def figures(self, value: float) -> tuple[str, int | None]:
        """(the digits of a finite number, with its sign; its power of ten or ``None``)."""
        if value.is_integer() and abs(value) < 1e15:
            written = f"{value:.0f}"
        else:
            written = repr(value) if self.digits is None else f"{value:.{self.digits}g}"
        mantissa, _, exponent = written.partition("e")
        return mantissa, int(exponent) if exponent else None

    def number(self, value: float) -> str:
        """A number with its digits, also if it is none or infinite."""
        if isnan(value):
            return self.words("NaN")
        if isinf(value):
            return (self.minus if value < 0.0 else "") + self.infinity()
        mantissa, exponent = self.figures(float(value))
        mantissa = mantissa.replace("-", self.minus)
        return mantissa if exponent is None else mantissa + self.times_ten(exponent)

    def bars(self, written: str) -> str:
        return f"|{written}|"

    @abstractmethod
    def rest(self, count: int, value: float | None) -> str: ...
    @abstractmethod
    def symbol(self, symbol: Symbol) -> str: ...
    @abstractmethod
    def words(self, words: str) -> str: ...
    @abstractmethod
    def fraction(self, top: Node, bottom: Node) -> str: ...
    @abstractmethod
    def power(self, base: Node, exponent: Node) -> str: ...
    @abstractmethod
    def root(self, inside: Node) -> str: ...
    @abstractmethod
    def exponential(self, exponent: Node) -> str: ...
    @abstractmethod
    def logarithm(self, inside: Node) -> str: ...
    @abstractmethod
    def call(self, name: str) -> str: ...
    @abstractmethod
    def sigma(self, index: str) -> str: ...
    @abstractmethod
    def brackets(self, written: str) -> str: ...
    @abstractmethod
    def infinity(self) -> str: ...
    @abstractmethod
    def times_ten(self, exponent: int) -> str: ...
