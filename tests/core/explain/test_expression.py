"""Expressions: their values, also where numbers leave the finite ones, and what has no value."""

from math import copysign, exp, inf, isnan, log, nan, sqrt, tanh

import pytest

from nnsim.core.explain.expression import (
    Absolute,
    Call,
    Difference,
    Exp,
    Fraction,
    Group,
    Log,
    Minus,
    Number,
    Over,
    Power,
    Product,
    Rest,
    Root,
    Sum,
    Symbol,
    Text,
    evaluate,
    walk,
)


def n(value):
    return Number(value)


VALUES = {
    "sum": (Sum((n(0.1), n(0.2), n(0.3))), 0.1 + 0.2 + 0.3),
    "product": (Product((n(3.0), n(0.5), n(-2.0))), -3.0),
    "minus": (Minus(n(2.0)), -2.0),
    "difference": (Difference(n(0.75), n(0.01)), 0.75 - 0.01),
    "fraction": (Fraction(n(1.0), n(3.0)), 1.0 / 3.0),
    "power": (Power(n(0.9), n(3.0)), 0.9**3),
    "root": (Root(n(2.0)), sqrt(2.0)),
    "exp": (Exp(Minus(n(1.5))), exp(-1.5)),
    "log": (Log(n(0.2)), log(0.2)),
    "absolute": (Absolute(n(-0.2)), 0.2),
    "tanh": (Call("tanh", (n(0.3),)), tanh(0.3)),
    "max": (Call("max", (n(0.0), n(-4.0))), 0.0),
    "sign": (Call("sign", (n(-4.0),)), -1.0),
    "group": (Group(n(4.0)), 4.0),
    "rest": (Sum((n(1.0), Rest(700, 2.5))), 3.5),
    "no terms": (Sum(()), 0.0),
    "no factors": (Product(()), 1.0),
    "overflow": (Exp(n(1000.0)), inf),
    "one over infinity": (Fraction(n(1.0), Sum((n(1.0), Exp(n(1000.0))))), 0.0),
    "division by zero": (Fraction(n(-1.0), n(0.0)), -inf),
    "log of zero": (Log(n(0.0)), -inf),
}


@pytest.mark.parametrize("name", VALUES)
def test_an_expression_has_the_value_of_its_arithmetic(name):
    node, value = VALUES[name]
    assert evaluate(node) == pytest.approx(value, rel=1e-15, abs=0.0)


@pytest.mark.parametrize("node", [Sum((n(-0.0),)), Sum((n(-0.0), n(-0.0))), Product((n(-0.0), n(2.0)))])
def test_a_negative_zero_stays_negative(node):
    assert copysign(1.0, evaluate(node)) == -1.0


@pytest.mark.parametrize("node", [n(nan), Difference(n(inf), n(inf)), Log(n(-1.0)), Root(n(-1.0))])
def test_what_is_not_a_number_is_nan_and_no_error(node):
    assert isnan(evaluate(node))


@pytest.mark.parametrize(
    "node",
    [
        Symbol("z"),
        Text("words"),
        Rest(3),
        Call("f′", (n(1.0),)),
        Over("x", n(1.0)),
        Sum((n(1.0), Product((n(2.0), Symbol("w"))))),
    ],
)
def test_symbols_and_words_have_no_value(node):
    with pytest.raises(ValueError):
        evaluate(node)


def test_walking_meets_every_node_in_reading_order():
    tree = Fraction(Difference(n(1.0), n(2.0)), Sum((n(3.0), Power(n(4.0), n(5.0)), Call("max", (n(6.0),)))))
    assert [node.value for node in walk(tree) if isinstance(node, Number)] == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
