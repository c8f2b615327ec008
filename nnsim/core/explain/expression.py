"""What an explanation is made of: a small tree of mathematics.

The tree can be set as formulas, read as text, written as LaTeX, and evaluated: what is shown is what
is computed. Numbers are kept at full precision; rounding is for whoever shows them. A node knows its
meaning and not its looks: brackets are set by those who write it, where precedence asks for them
(:func:`precedence`), except for a :class:`Group`, which is always bracketed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from nnsim.core.arrays import quiet
from nnsim.core.explain.quantity import Quantity


class Role(StrEnum):
    """What a number or symbol is to the reader; each role has a colour."""

    PLAIN = "plain"
    POSITIVE = "positive"  # a weight, an activation … above zero
    NEGATIVE = "negative"  # the same, below zero
    FOCUS = "focus"  # δ, and the result of the operation
    OK = "ok"  # updated
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Number:
    """A number, and which quantity it is the value of (``None`` for a constant)."""

    value: float
    quantity: Quantity | None = None
    role: Role = Role.PLAIN


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter with its marks: ``Symbol("w", sub="h₁,x₂")``; ``hat`` is "^" for m̂, else empty."""

    name: str
    sub: str = ""
    sup: str = ""
    hat: str = ""
    quantity: Quantity | None = None
    role: Role = Role.PLAIN


@dataclass(frozen=True, slots=True)
class Text:
    """Words inside a line."""

    text: str


@dataclass(frozen=True, slots=True)
class Rest:
    """ "…": the ``count`` terms of a long sum that are not shown, and their sum.

    ``value`` is ``None`` in a line of symbols.
    """

    count: int
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Product:
    factors: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Minus:
    """−a."""

    inside: Node


@dataclass(frozen=True, slots=True)
class Difference:
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Fraction:
    top: Node
    bottom: Node


@dataclass(frozen=True, slots=True)
class Power:
    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class Root:
    """√."""

    inside: Node


@dataclass(frozen=True, slots=True)
class Exp:
    """e to the power of ``exponent``."""

    exponent: Node


@dataclass(frozen=True, slots=True)
class Log:
    """The natural logarithm, ln."""

    inside: Node


@dataclass(frozen=True, slots=True)
class Absolute:
    """|a|."""

    inside: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function with arguments: tanh(z), max(0, z); in lines of symbols any name, such as f′."""

    name: str
    arguments: tuple[Node, ...]
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """(a): brackets that are shown whatever precedence says."""

    inside: Node


@dataclass(frozen=True, slots=True)
class Over:
    """Σ: the sum of ``inside`` over ``index`` ("x", "j"); only in lines of symbols."""

    index: str
    inside: Node


Node: TypeAlias = (
    Number | Symbol | Text | Rest | Sum | Product | Minus | Difference | Fraction | Power | Root | Exp | Log
    | Absolute | Call | Group | Over
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """``left relation right``; ``note`` is a condition in words ("for z ≤ 0").

    ``relation`` is "=" or "←" (the left becomes the right). ``left`` is ``None`` where a line goes on
    from the one before.
    """

    left: Node | None
    relation: str
    right: Node
    note: str = ""


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside, in reading order."""
    match node:
        case Sum(terms):
            return terms
        case Product(factors):
            return factors
        case Difference(a, b) | Fraction(a, b) | Power(a, b):
            return (a, b)
        case Minus(inside) | Root(inside) | Exp(inside) | Log(inside) | Absolute(inside) | Group(inside):
            return (inside,)
        case Over(_, inside):
            return (inside,)
        case Call(_, arguments):
            return arguments
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything in it, in reading order."""
    yield node
    for child in children(node):
        yield from walk(child)


# How tightly nodes bind; what is inside something tighter needs brackets.
SUM, NEGATION, PRODUCT, POWER, ATOM = range(5)


def precedence(node: Node) -> int:
    """How tightly ``node`` binds, from :data:`SUM` to :data:`ATOM`. A negative number is a negation."""
    match node:
        case Sum((only,)) | Product((only,)):
            return precedence(only)
        case Sum() | Difference():
            return SUM
        case Minus():
            return NEGATION
        case Number(value):
            return NEGATION if value < 0.0 or is_negative_zero(value) else ATOM
        case Product() | Over():
            return PRODUCT
        case Power() | Exp():
            return POWER
        case _:
            return ATOM


def is_negative_zero(value: float) -> bool:
    return value == 0.0 and str(value).startswith("-")


FUNCTIONS: dict[str, Callable[..., np.float64]] = {
    "tanh": np.tanh,
    "sin": np.sin,
    "cos": np.cos,
    "sign": np.sign,
    "max": np.maximum,
    "min": np.minimum,
}


@quiet
def evaluate(node: Node) -> float:
    """The value of ``node``. Raises ``ValueError`` for a tree with symbols or words in it."""
    return float(_value(node))


def _value(node: Node) -> np.float64:
    match node:
        case Number(value):
            return np.float64(value)
        case Rest(_, value) if value is not None:
            return np.float64(value)
        case Sum(terms):
            return _fold(np.add, terms, 0.0)
        case Product(factors):
            return _fold(np.multiply, factors, 1.0)
        case Minus(inside):
            return np.float64(-_value(inside))
        case Difference(left, right):
            return np.float64(_value(left) - _value(right))
        case Fraction(top, bottom):
            return np.float64(_value(top) / _value(bottom))
        case Power(base, exponent):
            return np.float64(np.power(_value(base), _value(exponent)))
        case Root(inside):
            return np.float64(np.sqrt(_value(inside)))
        case Exp(exponent):
            return np.float64(np.exp(_value(exponent)))
        case Log(inside):
            return np.float64(np.log(_value(inside)))
        case Absolute(inside):
            return np.float64(np.abs(_value(inside)))
        case Group(inside):
            return _value(inside)
        case Call(name, arguments) if name in FUNCTIONS:
            return np.float64(FUNCTIONS[name](*map(_value, arguments)))
        case Symbol() | Text() | Rest() | Call() | Over():
            raise ValueError("an expression with symbols or words has no value")
    raise ValueError(f"no part of an expression: {node!r}")


def _fold(function: Callable[..., np.float64], nodes: tuple[Node, ...], empty: float) -> np.float64:
    """From left to right, as one would by hand; starting with the first, so that −0 stays −0."""
    if not nodes:
        return np.float64(empty)
    value = _value(nodes[0])
    for node in nodes[1:]:
        value = np.float64(function(value, _value(node)))
    return value
