"""What is written can be read back: the text of an expression, worked out as usual, is its value."""

import ast
import math
import operator
import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnsim.core.explain import evaluate
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
    Power,
    Product,
    Root,
    Sum,
)
from nnsim.core.explain.text import to_text

_OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.USub: operator.neg,
}  # fmt: skip
_FUNCTIONS = {"sqrt": math.sqrt, "ln": math.log, "tanh": math.tanh, "max": max, "abs": abs}
_ABOVE = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def read(text):
    """The value of a text, by Python's rules of precedence, which are those of mathematics."""
    text = text.replace("½", "(1/2)").replace("−", "-").replace("·", "*")
    text = re.sub(f"⁻?[{_ABOVE}]+", lambda m: f"**({_plain(m[0])})", text)
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    text = re.sub(r"√([0-9.]+)", r"sqrt(\1)", text).replace("√(", "sqrt(")
    text = text.replace("e^", "E^").replace("^", "**")
    return _value(ast.parse(text, mode="eval").body)


def _plain(digits):
    return digits.translate(str.maketrans(_ABOVE + "⁻", "0123456789-"))


def _value(node):
    match node:
        case ast.BinOp(left, op, right):
            return _OPERATORS[type(op)](_value(left), _value(right))
        case ast.UnaryOp(op, operand):
            return _OPERATORS[type(op)](_value(operand))
        case ast.Call(ast.Name(name), arguments):
            return _FUNCTIONS[name](*map(_value, arguments))
        case ast.Name("E"):
            return math.e
        case ast.Constant(value):
            return value
    raise AssertionError(ast.dump(node))


numbers = st.floats(-9.0, 9.0).filter(lambda v: abs(v) > 1e-3).map(lambda v: Number(round(v, 3)))


def larger(inner):
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Sum, several), st.builds(Product, several), st.builds(Minus, inner),
        st.builds(Difference, inner, inner), st.builds(Fraction, inner, inner),
        st.builds(Power, inner, st.sampled_from([Number(2.0), Number(3.0), Number(-1.0)])),
        st.builds(Exp, inner), st.builds(Root, inner), st.builds(Log, inner), st.builds(Group, inner),
        st.builds(lambda a: Call("tanh", (a,)), inner),
        st.builds(lambda a, b: Call("max", (a, b)), inner, inner),
        st.builds(Absolute, numbers),
    )  # fmt: skip


@settings(max_examples=600)
@given(st.recursive(numbers, larger, max_leaves=10))
def test_the_text_of_an_expression_has_its_value(node):
    value = evaluate(node)
    assume(math.isfinite(value) and abs(value) < 1e9)
    try:
        found = read(to_text(node))
    except (ArithmeticError, ValueError):
        # Infinities inside, which float64 gets over and Python's functions do not.
        assume(False)
    assert math.isclose(found, value, rel_tol=1e-6, abs_tol=1e-6), to_text(node)
