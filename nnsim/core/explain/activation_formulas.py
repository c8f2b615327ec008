"""The formulas of the activation functions and of their slopes, as :mod:`nnsim.core.activations` has them.

The slopes are the textbook expressions that backpropagation multiplies with (sigmoid: a(1 − a)).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

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
)  # fmt: skip

ONE, ZERO, TWO = Number(1.0), Number(0.0), Number(2.0)
Options = Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class CurveFormula:
    """One activation function.

    ``name`` is how it is called in symbols ("" where the formula needs no name); ``value(z, o, above)``
    the formula of a, ``above`` saying whether z > 0; ``slope(z, a, o, above)`` that of f'(z). A
    ``pieced`` function has different ones for z > 0 and z ≤ 0. ``stable`` is a form of the value that
    does not overflow. ``words`` and ``slope_words`` say what they do.
    """

    name: str
    value: Callable[[Node, Options, bool], Node]
    slope: Callable[[Node, Node, Options, bool], Node]
    words: str
    slope_words: str
    pieced: bool = False
    pieced_slope: bool = False
    stable: Callable[[Node, Options, bool], Node] | None = None
    longhand: Callable[[Node], Node] | None = None  # for the symbols only


def logistic(z: Node) -> Node:
    """1 / (1 + e^(−z))."""
    return Fraction(ONE, Sum((ONE, Exp(Minus(z)))))


def _tanh_longhand(z: Node) -> Node:
    up, down = Exp(z), Exp(Minus(z))
    return Fraction(Difference(up, down), Sum((up, down)))


def log_one_plus_exp(z: Node) -> Node:
    """ln(1 + e^z) as max(0, z) + ln(1 + e^(−|z|)), which does not overflow."""
    return Sum((Call("max", (ZERO, z)), Log(Sum((ONE, Exp(Minus(Absolute(z))))))))


CURVES: dict[str, CurveFormula] = {
    "sigmoid": CurveFormula(
        "σ",
        lambda z, o, above: logistic(z),
        lambda z, a, o, above: Product((a, Difference(ONE, a))),
        "The sigmoid squeezes z into a number between 0 and 1.",
        "The sigmoid's slope can be had from its value: a(1 − a). It is largest, 0.25, at z = 0 and close "
        "to 0 where the neuron is saturated.",
    ),
    "tanh": CurveFormula(
        "tanh",
        lambda z, o, above: Call("tanh", (z,)),
        lambda z, a, o, above: Difference(ONE, Power(a, TWO)),
        "Tanh squeezes z into a number between −1 and 1.",
        "The slope of tanh can be had from its value: 1 − a². It is 1 at z = 0 and close to 0 where the "
        "neuron is saturated.",
        longhand=_tanh_longhand,
    ),
    "relu": CurveFormula(
        "ReLU",
        lambda z, o, above: Call("max", (ZERO, z)),
        lambda z, a, o, above: ONE if above else ZERO,
        "ReLU lets a positive z through and makes 0 of any other.",
        "ReLU's slope is 1 above 0 and 0 elsewhere, so that a neuron that is off passes no blame on.",
        pieced_slope=True,
    ),
    "leaky_relu": CurveFormula(
        "",
        lambda z, o, above: z if above else Product((o["alpha"], z)),
        lambda z, a, o, above: ONE if above else o["alpha"],
        "Leaky ReLU lets a positive z through and a little, α times z, of any other.",
        "Leaky ReLU's slope is 1 above 0 and α elsewhere.",
        pieced=True,
        pieced_slope=True,
    ),
    "elu": CurveFormula(
        "",
        lambda z, o, above: z if above else Product((o["alpha"], Difference(Exp(z), ONE))),
        lambda z, a, o, above: ONE if above else Sum((a, o["alpha"])),
        "ELU lets a positive z through and bends smoothly to −α below 0.",
        "ELU's slope is 1 above 0. Elsewhere it is α·e^z, which is the same as a + α.",
        pieced=True,
        pieced_slope=True,
    ),
    "softplus": CurveFormula(
        "softplus",
        lambda z, o, above: Log(Sum((ONE, Exp(z)))),
        lambda z, a, o, above: logistic(z),
        "Softplus is a smooth ReLU.",
        "The slope of softplus is the sigmoid of z.",
        stable=lambda z, o, above: log_one_plus_exp(z),
    ),
    "sine": CurveFormula(
        "",
        lambda z, o, above: Call("sin", (z,)),
        lambda z, a, o, above: Call("cos", (z,)),
        "The activation is the sine of z, in radians.",
        "The slope of the sine is the cosine.",
    ),
    "step": CurveFormula(
        "",
        lambda z, o, above: ONE if above else ZERO,
        lambda z, a, o, above: ZERO,
        "The step is 1 where z is above its threshold 0, else 0.",
        "The step is flat on both sides of its jump: its slope is 0, so no blame passes through it.",
        pieced=True,
    ),
    "linear": CurveFormula(
        "",
        lambda z, o, above: z,
        lambda z, a, o, above: ONE,
        "A linear neuron passes its weighted sum on unchanged.",
        "A straight line has the slope 1 everywhere.",
    ),
}  # fmt: skip
