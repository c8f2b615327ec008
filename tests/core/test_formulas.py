"""Formulas read from text: their values, their derivatives, and what cannot be read."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.core.explain.expression import Number, evaluate
from nnsim.core.formula_gradient import derivatives, run_lines, value_of
from nnsim.core.formulas import FormulaError, names_in, parse, put_in

X, Y = 0.7, -1.3
FORMULAS = {
    "x + y - 2": X + Y - 2,
    "x - y - 2": X - Y - 2,
    "x - (y - 2)": X - (Y - 2),
    "-x^2": -(X**2),
    "(-x)^2": X**2,
    "x^2 / 2": X**2 / 2,
    "x / y / 2": X / Y / 2,
    "2 * -y": -2 * Y,
    "x * (1 - x)": X * (1 - X),
    "exp(-x) + log(x)": math.exp(-X) + math.log(X),
    "sigmoid(y)": 1 / (1 + math.exp(-Y)),
    "tanh(x * y)": math.tanh(X * Y),
    "max(x, y) + relu(y) + abs(y)": X - Y,
    "1.5": 1.5,
}


@pytest.mark.parametrize(("text", "expected"), FORMULAS.items())
def test_a_formula_has_the_value_that_it_says(text, expected):
    assert value_of(parse(text), {"x": X, "y": Y}) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("text", FORMULAS)
def test_its_derivatives_are_those_of_differences(text):
    formula, h = parse(text), 1e-6
    lines, at = [("f", formula)], {"x": X, "y": Y}
    found = derivatives(lines, run_lines(lines, at), "f")
    for name in ("x", "y"):
        up, down = (value_of(formula, at | {name: at[name] + d}) for d in (h, -h))
        assert found[name] == pytest.approx((up - down) / (2 * h), abs=1e-8)


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_a_name_used_in_several_lines_gets_the_sum_of_its_parts(x, y):
    lines = [("p", parse("x * y")), ("q", parse("p * x")), ("f", parse("p + q + x"))]
    found = derivatives(lines, run_lines(lines, {"x": x, "y": y}), "f")
    assert found["x"] == pytest.approx(y + 2 * x * y + 1, abs=1e-12)
    assert found["y"] == pytest.approx(x + x * x, abs=1e-12)
    assert found["f"] == 1.0


def test_numbers_put_in_give_the_same_value_as_names():
    formula = parse("(y - a₁)^2 / 2")
    assert names_in(formula) == ("y", "a₁")
    numbers = put_in(formula, {"y": Number(1.0), "a₁": Number(0.25)})
    assert evaluate(numbers) == 0.28125
    with pytest.raises(ValueError, match="symbols"):
        evaluate(put_in(formula, {"y": Number(1.0)}))


@pytest.mark.parametrize(
    "text",
    ["", "x +", "(x", "x)", "x y", "foo(x)", "max(x)", "exp(x, y)", "x ** 2", "x; y", "__import__('os')"],
)
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(FormulaError):
        parse(text)


def test_a_line_cannot_use_one_that_comes_later():
    with pytest.raises(ValueError, match="symbols"):
        run_lines([("p", parse("q")), ("q", parse("x"))], {"x": 1.0})
