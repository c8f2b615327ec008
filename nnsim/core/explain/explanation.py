"""An explanation, and what the rooms that write them share.

Formulas are written once, for a *face*: the same function gives the line of symbols and the line of
numbers, so the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Protocol

from nnsim.core.explain.expression import (
    Fraction,
    Line,
    Node,
    Number,
    Product,
    Rest,
    Role,
    Sum,
    Symbol,
    evaluate,
)
from nnsim.core.explain.names import Names
from nnsim.core.explain.numbers import StepNumbers
from nnsim.core.explain.quantity import Quantity
from nnsim.core.network import Network
from nnsim.core.operations import Operation
from nnsim.core.optimizers import Optimizer


@dataclass(frozen=True, slots=True)
class Explanation:
    """One operation in symbols, with the numbers put in, and its result.

    ``title``    "δ of o₁, output neuron"
    ``symbols``  the rule; a line without a left side goes on from the one before
    ``numbers``  the same with numbers. Where there is one equation, every line's right side has the
                 value of ``result``; where there are several (Adam: m̂, v̂, θ), each line has the left
                 side of the result it gives
    ``result``   one line for each equation, its right side one number
    ``words``    what is done and why, in plain words
    ``parts``    more lines of numbers: with a batch the explained sample's own part; the learning rate
                 from its schedule. Their right sides have the values of their left sides
    ``ready``    whether the step has come so far; if not, ``numbers``, ``result`` and ``parts`` are empty
    """

    operation: Operation
    title: str
    symbols: tuple[Line, ...]
    numbers: tuple[Line, ...]
    result: tuple[Line, ...]
    words: str
    parts: tuple[Line, ...] = ()
    ready: bool = True

    def chain(self) -> tuple[Line, ...]:
        """All lines but the parts, as one would write them down: rule = numbers = result, by equation."""
        starts = [i for i, line in enumerate(self.symbols) if line.left is not None]
        out: list[Line] = []
        for k, start in enumerate(starts):
            stop = starts[k + 1] if k + 1 < len(starts) else len(self.symbols)
            out.extend(self.symbols[start:stop])
            if not self.ready:
                continue
            result = self.result[k]
            own = [n for n in self.numbers if len(starts) == 1 or n.left == result.left]
            # A number that needs no working out is the result itself.
            out.extend(Line(None, "=", n.right, n.note) for n in own if not isinstance(n.right, Number))
            out.append(Line(None, "=", result.right))
        return tuple(out)


class Face(Protocol):
    """How a formula is being written: with symbols or with numbers."""

    def __call__(self, q: Quantity, after: bool = False) -> Node:
        """A quantity; ``after`` means as the update leaves it."""
        ...

    def named(self, symbol: Symbol, value: float) -> Node:
        """A number with a name that is no quantity: n, μ, m̂."""
        ...

    def rest(self, count: int, value: float) -> Node:
        """The terms of a long sum that are not shown."""
        ...


Formula = Callable[[Face], Node]


@dataclass(frozen=True, slots=True)
class Equation:
    """``left`` is what is found out. ``symbols`` and ``numbers`` are right sides, each with a note."""

    left: Node
    symbols: Sequence[tuple[Node, str]]
    numbers: Sequence[tuple[Node, str]]
    result: Number
    relation: str = "="


@dataclass(frozen=True, slots=True)
class Writer:
    """What an explanation is written from. ``terms`` is how many terms of a long sum are shown."""

    network: Network
    optimizer: Optimizer
    options: Mapping[str, float]
    numbers: StepNumbers
    names: Names
    terms: int

    # -- the two faces ----------------------------------------------------------------------------

    @property
    def symbols(self) -> Face:
        return _Symbols(self)

    @property
    def values(self) -> Face:
        return _Values(self)

    def value(self, q: Quantity, after: bool = False) -> float:
        return self.numbers.value(self.network, q, self.optimizer.slot_names, after)

    def result(self, q: Quantity, role: Role = Role.FOCUS, after: bool = False) -> Number:
        return Number(self.value(q, after), q, role)

    def said(self, q: Quantity) -> str:
        """A neuron's number in words: "z of h₁"; "net h₁", "z²₁", "z1[0]" where that is its name."""
        text, name = self.names.text(q), self.names.neuron(q.layer or 0, q.neuron or 0)
        letter = text.removesuffix(f" {name}")
        return f"{letter} of {name}" if len(letter) == 1 else text

    # -- parts of formulas ------------------------------------------------------------------------

    def shown(self, count: int) -> int:
        """How many of ``count`` terms are shown."""
        return count if count <= self.terms else max(self.terms - 1, 1)

    def scaled(self, face: Face, node: Node) -> Node:
        """``node`` behind the loss's 1/n or 1/(n·m); where that is 1, ``node`` itself."""
        factor = self.front(face)
        return node if factor is None else Product((factor, node))

    def front(self, face: Face) -> Node | None:
        """The loss's factor in front of the sum, ``None`` for 1."""
        counts = {"n": self.numbers.count, "m": self.network.sizes[-1]}
        used = {"sum": (), "samples": ("n",), "elements": ("n", "m")}[self.network.loss.reduction]
        factors = tuple(face.named(Symbol(name), float(counts[name])) for name in used if counts[name] != 1)
        if not factors:
            return None
        return Fraction(Number(1.0), factors[0] if len(factors) == 1 else Product(factors))

    def first_exact(self, formulas: Sequence[Formula], value: float) -> Formula:
        """The first formula that gives ``value``, which the step has computed; else the last.

        Textbook forms come first. Where they overflow or cancel (ln of an activation that is 1 to the
        last digit), the step has used a form that does not, which comes later. A value that is not
        finite may come from outside the formulas' domain, and then stands for itself.
        """
        for formula in formulas:
            if close(evaluate(formula(self.values)), value):
                return formula
        if not isfinite(value):
            return lambda face: Number(value)
        return formulas[-1]

    def explanation(
        self, operation: Operation, title: str, words: str, equations: Sequence[Equation],
        parts: Sequence[Line] = (),
    ) -> Explanation:  # fmt: skip
        several = len(equations) > 1
        symbols, numbers, result = [], [], []
        for e in equations:
            for i, (node, note) in enumerate(e.symbols):
                symbols.append(Line(None if i else e.left, "=" if i else e.relation, node, note))
            for node, note in e.numbers:
                numbers.append(Line(e.left if several else None, e.relation if several else "=", node, note))
            result.append(Line(e.left, e.relation, e.result))
        return Explanation(
            operation, title, tuple(symbols), tuple(numbers), tuple(result), words, tuple(parts)
        )


@dataclass(frozen=True, slots=True)
class _Symbols:
    writer: Writer

    def __call__(self, q: Quantity, after: bool = False) -> Node:
        return self.writer.names.symbol(q)

    def named(self, symbol: Symbol, value: float) -> Node:
        return symbol

    def rest(self, count: int, value: float) -> Node:
        return Rest(count)


_SIGNED = {"x", "z", "a", "weight", "bias"}


@dataclass(frozen=True, slots=True)
class _Values:
    writer: Writer

    def __call__(self, q: Quantity, after: bool = False) -> Node:
        value = self.writer.value(q, after)
        role = Role.PLAIN
        if after:
            role = Role.OK
        elif q.kind == "delta":
            role = Role.FOCUS
        elif q.kind in _SIGNED and value != 0.0:
            role = Role.POSITIVE if value > 0.0 else Role.NEGATIVE
        return Number(value, q, role)

    def named(self, symbol: Symbol, value: float) -> Node:
        return Number(value)

    def rest(self, count: int, value: float) -> Node:
        return Rest(count, value)


def close(a: float, b: float) -> bool:
    """Whether two numbers are the same but for rounding."""
    if not (isfinite(a) and isfinite(b)):
        return a == b or (a != a and b != b)
    return abs(a - b) <= 1e-13 * max(1.0, abs(b))


def added(terms: Sequence[Node]) -> Node:
    """A sum; one term alone is itself."""
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def worked_out(node: Node) -> Node | None:
    """A sum with each of its terms worked out; ``None`` where there is nothing to work out."""
    if not isinstance(node, Sum) or all(isinstance(term, (Number, Rest)) for term in node.terms):
        return None
    return Sum(
        tuple(term if isinstance(term, (Number, Rest)) else Number(evaluate(term)) for term in node.terms)
    )


def lines(node: Node, note: str = "") -> list[tuple[Node, str]]:
    """A right side of numbers, and where it is a sum the same with its terms worked out."""
    more = worked_out(node)
    return [(node, note)] if more is None else [(node, note), (more, "")]
