"""Derivatives of formulas by the chain rule, from the end back to the beginning.

A calculation is a list of named lines, each a formula of inputs and of lines before it. Where a name
is used several times, its parts are added up: the multivariate chain rule, and all that
backpropagation is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nnsim.core.arrays import quiet
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
    evaluate,
)
from nnsim.core.formulas import put_in


def value_of(node: Node, values: Mapping[str, float]) -> float:
    """The formula's value where its names have these values. Raises ``ValueError`` if one is missing."""
    return evaluate(put_in(node, {name: Number(value) for name, value in values.items()}))


def run_lines(lines: Sequence[tuple[str, Node]], inputs: Mapping[str, float]) -> dict[str, float]:
    """The value of every input and line. Raises ``ValueError`` for a name that comes later or never."""
    values = dict(inputs)
    for name, formula in lines:
        values[name] = value_of(formula, values)
    return values


@quiet
def derivatives(
    lines: Sequence[tuple[str, Node]], values: Mapping[str, float], output: str
) -> dict[str, float]:
    """∂output/∂name for every input and line, at the ``values`` that :func:`run_lines` gave."""
    found = dict.fromkeys(values, 0.0)
    found[output] = 1.0
    for name, formula in reversed(lines):
        if found[name] != 0.0:
            _push(formula, values, found[name], found)
    return found


def _push(node: Node, values: Mapping[str, float], upstream: float, found: dict[str, float]) -> None:
    """Hand ``upstream`` = ∂output/∂node on to the names in ``node``."""

    def at(part: Node) -> float:
        return value_of(part, values)

    def push(part: Node, local: float) -> None:
        _push(part, values, upstream * local, found)

    match node:
        case Symbol(name):
            found[name] += upstream
        case Sum(terms):
            for term in terms:
                push(term, 1.0)
        case Product(factors):
            numbers = [at(f) for f in factors]
            for i, factor in enumerate(factors):
                push(factor, float(np.prod(numbers[:i] + numbers[i + 1 :])))
        case Minus(inside):
            push(inside, -1.0)
        case Difference(left, right):
            push(left, 1.0)
            push(right, -1.0)
        case Fraction(top, bottom):
            a, b = at(top), at(bottom)
            push(top, 1.0 / b)
            push(bottom, -a / b**2)
        case Power(base, Number(n)):
            push(base, n * at(base) ** (n - 1.0))
        case Exp(exponent):
            push(exponent, at(node))
        case Log(inside):
            push(inside, 1.0 / at(inside))
        case Absolute(inside):
            push(inside, float(np.sign(at(inside))))
        case Call("tanh", (inside,)):
            push(inside, 1.0 - at(node) ** 2)
        case Call("max", (left, right)):
            push(left if at(left) >= at(right) else right, 1.0)
        case Number():
            pass
        case _:
            raise ValueError(f"there is no derivative of {node!r}")
