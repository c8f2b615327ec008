"""Formulas as text, read into expressions: "(x + y)·z", "1 / (1 + exp(-z))".

For calculations that are no network: what is shown (see :mod:`nnsim.core.explain.expression`) is what
is computed, and its derivatives come from the chain rule applied to the same tree. Nothing is run
that the text says: it is read by the little grammar below.

    sum      = product {("+" | "-") product}
    product  = negation {("*" | "/") negation}
    negation = "-" negation | power
    power    = atom ["^" negation]
    atom     = number | name | function "(" sum {"," sum} ")" | "(" sum ")"

Functions: exp, log (natural), abs, tanh, max, and sigmoid and relu, which are written out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from nnsim.core.explain.expression import (
    Absolute,
    Call,
    Difference,
    Exp,
    Fraction,
    Log,
    Minus,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
    children,
)

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([^\W\d]\w*)|([-+*/^(),]))")
_ARITY = {"exp": 1, "log": 1, "abs": 1, "tanh": 1, "sigmoid": 1, "relu": 1, "max": 2}


class FormulaError(ValueError):
    """The text is no formula; the message says where."""


def parse(text: str) -> Node:
    """The tree of a formula; names become :class:`Symbol`. Raises :class:`FormulaError`."""
    reader = _Reader(text)
    node = reader.sum()
    if reader.token:
        raise FormulaError(f"“{reader.token}” is not expected in “{text}”")
    return node


def names_in(node: Node) -> tuple[str, ...]:
    """The names in a formula, each once, in reading order."""
    if isinstance(node, Symbol):
        return (node.name,)
    return tuple(dict.fromkeys(name for child in children(node) for name in names_in(child)))


def put_in(node: Node, values: Mapping[str, Node]) -> Node:
    """The formula with its names replaced by ``values``; names that are not in there stay."""
    match node:
        case Symbol(name):
            return values.get(name, node)
        case Sum(terms):
            return Sum(tuple(put_in(t, values) for t in terms))
        case Product(factors):
            return Product(tuple(put_in(f, values) for f in factors))
        case Call(name, arguments, quantity):
            return Call(name, tuple(put_in(a, values) for a in arguments), quantity)
        case Difference(a, b) | Fraction(a, b) | Power(a, b):
            return type(node)(put_in(a, values), put_in(b, values))
        case Minus(inside) | Exp(inside) | Log(inside) | Absolute(inside):
            return type(node)(put_in(inside, values))
        case _:
            return node


class _Reader:
    """One formula, read from left to right; ``token`` is the one to come, empty at the end."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self.token = text, 0, ""
        self._is_name = self._is_number = False
        self._next()

    def _next(self) -> str:
        before = self.token
        if not self._text[self._at :].strip():
            self.token, self._is_name, self._is_number = "", False, False
            return before
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            raise FormulaError(f"“{self._text[self._at :].strip()}” cannot be read in “{self._text}”")
        self._at, self.token = found.end(), found[found.lastindex or 1]
        self._is_number, self._is_name = found[1] is not None, found[2] is not None
        return before

    def _take(self, token: str) -> None:
        if self.token != token:
            raise FormulaError(f"“{token}” is missing in “{self._text}”")
        self._next()

    def sum(self) -> Node:
        node = self._product()
        while self.token in ("+", "-"):
            if self._next() == "-":
                node = Difference(node, self._product())
            else:
                terms = node.terms if isinstance(node, Sum) else (node,)
                node = Sum((*terms, self._product()))
        return node

    def _product(self) -> Node:
        node = self._negation()
        while self.token in ("*", "/"):
            if self._next() == "/":
                node = Fraction(node, self._negation())
            else:
                factors = node.factors if isinstance(node, Product) else (node,)
                node = Product((*factors, self._negation()))
        return node

    def _negation(self) -> Node:
        if self.token == "-":
            self._next()
            return Minus(self._negation())
        node = self._atom()
        if self.token != "^":
            return node
        self._next()
        return Power(node, self._negation())

    def _atom(self) -> Node:
        if self._is_number:
            return Number(float(self._next()))
        if self._is_name:
            name = self._next()
            return self._call(name) if self.token == "(" else Symbol(name)
        self._take("(")
        node = self.sum()
        self._take(")")
        return node

    def _call(self, name: str) -> Node:
        if name not in _ARITY:
            raise FormulaError(f"there is no function “{name}” (in “{self._text}”)")
        self._take("(")
        arguments = [self.sum()]
        while self.token == ",":
            self._next()
            arguments.append(self.sum())
        self._take(")")
        if len(arguments) != _ARITY[name]:
            raise FormulaError(f"“{name}” takes {_ARITY[name]}, not {len(arguments)} (in “{self._text}”)")
        return _function(name, arguments)


def _function(name: str, arguments: list[Node]) -> Node:
    first = arguments[0]
    match name:
        case "exp":
            return Exp(first)
        case "log":
            return Log(first)
        case "abs":
            return Absolute(first)
        case "sigmoid":
            return Fraction(Number(1.0), Sum((Number(1.0), Exp(Minus(first)))))
        case "relu":
            return Call("max", (Number(0.0), first))
        case _:
            return Call(name, tuple(arguments))
