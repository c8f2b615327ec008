"""Explanations as text, LaTeX and MathML: brackets where they are needed, and nothing that breaks out."""

import re
from math import inf, nan
from xml.etree import ElementTree

import numpy as np
import pytest

from nnsim.core.arrays import read_only
from nnsim.core.explain import PlainNames, Quantity, evaluate, explain, whole_step
from nnsim.core.explain.expression import (
    Absolute,
    Call,
    Difference,
    Exp,
    Fraction,
    Group,
    Line,
    Log,
    Minus,
    Number,
    Over,
    Power,
    Product,
    Rest,
    Role,
    Root,
    Sum,
    Symbol,
    Text,
)  # fmt: skip
from nnsim.core.explain.latex import to_latex, words_latex
from nnsim.core.explain.mathml import to_mathml
from nnsim.core.explain.text import to_text
from nnsim.core.network import Network, NetworkSpec
from nnsim.core.operations import operations_of
from nnsim.core.phases import plan
from nnsim.core.trainer import Task, TrainState


def n(value):
    return Number(value)


A, B = Symbol("a", sub="o₁"), Symbol("y", sub="o₁")

TEXTS = [
    (n(0.5), "0.5"),
    (n(-0.3), "−0.3"),
    (n(-0.0), "−0"),
    (n(784.0), "784"),
    (n(1.5e-7), "1.5·10⁻⁷"),
    (n(inf), "∞"),
    (n(-inf), "−∞"),
    (n(nan), "NaN"),
    (n(1e22), "1·10²²"),
    (Sum((n(1.0), n(-2.0))), "1 + (−2)"),
    (Sum((n(-1.0), n(2.0))), "−1 + 2"),
    (Sum((A, Minus(Product((A, B))))), "a_o₁ − a_o₁·y_o₁"),
    (Product((n(-0.5), n(0.1))), "−0.5·0.1"),
    (Product((n(0.1), n(-0.5))), "0.1·(−0.5)"),
    (Sum((n(1.0), Product((n(-0.5), n(0.1))))), "1 + (−0.5)·0.1"),
    (Product((A, Difference(n(1.0), A))), "a_o₁·(1 − a_o₁)"),
    (Difference(n(0.4), n(-0.1)), "0.4 − (−0.1)"),
    (Difference(A, Sum((A, B))), "a_o₁ − (a_o₁ + y_o₁)"),
    (Minus(n(-0.3)), "−(−0.3)"),
    (Minus(Sum((A, B))), "−(a_o₁ + y_o₁)"),
    (Minus(Fraction(B, A)), "−y_o₁/a_o₁"),
    (Fraction(n(1.0), Sum((n(1.0), Exp(Minus(n(0.5)))))), "1/(1 + e^(−0.5))"),
    (Fraction(Difference(A, B), Product((A, B))), "(a_o₁ − y_o₁)/(a_o₁·y_o₁)"),
    (Product((Fraction(n(1.0), n(2.0)), Power(Difference(A, B), n(2.0)))), "½·(a_o₁ − y_o₁)²"),
    (Fraction(n(1.0), Fraction(n(2.0), n(3.0))), "1/(2/3)"),
    (Power(n(0.9), n(3.0)), "0.9³"),
    (Power(n(-0.9), n(2.0)), "(−0.9)²"),
    (Power(A, Symbol("t")), "a_o₁^t"),
    (Root(n(2.0)), "√2"),
    (Root(Sum((A, B))), "√(a_o₁ + y_o₁)"),
    (Log(Difference(n(1.0), A)), "ln(1 − a_o₁)"),
    (Absolute(n(-2.0)), "|−2|"),
    (Call("max", (n(0.0), n(-2.0))), "max(0, −2)"),
    (Group(A), "(a_o₁)"),
    (Over("x", Product((A, B))), "Σₓ a_o₁·y_o₁"),
    (Over("x", Sum((A, B))), "Σₓ (a_o₁ + y_o₁)"),
    (Sum((A, Rest(3))), "a_o₁ + … (3 more terms)"),
    (Rest(1, 0.25), "… (1 more term: 0.25)"),
    (Symbol("m", sub="h₁,x₁", hat="^"), "m\u0302_(h₁,x₁)"),
    (Symbol("β", sub="1"), "β₁"),
    (Symbol("w", sub="12", sup="3"), "w₁₂³"),
    (Power(Symbol("w", sub="12", sup="3"), n(2.0)), "(w₁₂³)²"),
    (Product((Fraction(n(1.0), Symbol("n")), Over("x", Symbol("E")))), "1/n·Σₓ E"),
    (Text("words"), "words"),
    (Sum(()), "0"),
    (Product(()), "1"),
]


@pytest.mark.parametrize(("node", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_an_expression_as_text(node, text):
    assert to_text(node) == text


LATEX = [
    (n(1.5e-7), r"1.5 \cdot 10^{-7}"),
    (n(-inf), r"-\infty"),
    (n(nan), r"\text{NaN}"),
    (Symbol("δ", sub="h₁"), r"\delta_{h_{1}}"),
    (Symbol("w", sub="h₁,x₁₂"), "w_{h_{1},x_{12}}"),
    (Symbol("x₁", quantity=Quantity("x", 0, 0)), "x_{1}"),
    (Symbol("m", sub="h₁", hat="^"), r"\hat{m}_{h_{1}}"),
    (Fraction(Symbol("∂C"), Symbol("∂a", sub="o₁")), r"\frac{\partial C}{\partial a_{o_{1}}}"),
    (Product((A, n(-0.5))), r"a_{o_{1}} \cdot \left(-0.5\right)"),
    (Power(Difference(A, B), n(2.0)), r"{\left(a_{o_{1}} - y_{o_{1}}\right)}^{2}"),
    (Call("max", (n(0.0), A)), r"\max\left(0, a_{o_{1}}\right)"),
    (Call("f′", (A,)), r"f'\left(a_{o_{1}}\right)"),
    (Call("softplus", (A,)), r"\operatorname{softplus}\left(a_{o_{1}}\right)"),
    (Root(Sum((A, B))), r"\sqrt{a_{o_{1}} + y_{o_{1}}}"),
    (Over("x", A), r"\sum_{x} a_{o_{1}}"),
    (Rest(700, 2.5), r"\underbrace{2.5}_{\text{700 more terms}}"),
]


@pytest.mark.parametrize(("node", "latex"), LATEX, ids=[latex for _, latex in LATEX])
def test_an_expression_as_latex(node, latex):
    assert to_latex(node) == latex


def test_digits_round_what_is_shown():
    assert to_text(n(0.13849856162855698)) == "0.13849856162855698"
    assert to_text(n(0.13849856162855698), 6) == to_latex(n(0.13849856162855698), 6) == "0.138499"


def test_a_line_goes_on_under_its_relation():
    lines = [Line(A, "=", n(1.0), "for z > 0"), Line(None, "=", n(2.0))]
    assert to_text(lines[0]) == "a_o₁ = 1   (for z > 0)"
    assert to_latex(lines).splitlines()[1:3] == [
        r"a_{o_{1}} &= 1 \qquad\text{(for z $>$ 0)} \\".replace("$>$", ">"), "&= 2",
    ]  # fmt: skip


HOSTILE = ["50 % & #1", r"\input{/etc/passwd}", "a_b^c~d", "<script>alert(1)</script>", "{}$$", "x₁² – ü 中"]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_cannot_break_out_of_their_place(name):
    symbol = Symbol(name, sub=name, sup=name)
    for written in (to_latex(symbol), words_latex(name)):
        assert balanced(written)
        bare = re.sub(r"\\(text|textbackslash|textasciicircum|textasciitilde|[{}$&#%_])", "", written)
        assert not re.search(r"\\|[#%&]", bare)
    element = ElementTree.fromstring(f"<math>{to_mathml(symbol)}</math>")
    assert {e.tag for e in element.iter()} <= {"math", "mrow", "mi", "mo", "mn", "msub", "msup", "msubsup"}


def balanced(latex):
    depth = 0
    for piece in re.findall(r"\\.|[{}]", latex):
        depth += {"{": 1, "}": -1}.get(piece, 0)
        assert depth >= 0
    return depth == 0 and latex.count(r"\left") - latex.count(r"\leftarrow") == latex.count(r"\right")


@pytest.mark.parametrize(
    ("output", "loss", "optimizer"),
    [("sigmoid", "bce_mean", "adamw"), ("softmax", "cce", "rmsprop"), ("softmax", "sse", "nesterov"),
     ("linear", "mse_half", "sgd")],
)  # fmt: skip
def test_every_operation_can_be_written_in_every_way(output, loss, optimizer):
    spec = NetworkSpec.chain((3, 2, 2), ("elu", output), loss, l1=0.1, l2=0.2)
    network, random = Network(spec), np.random.default_rng(1)
    x, y = random.normal(size=(3, 3)), random.random((3, 2))
    task = Task(spec, x, y, x[:0], y[:0], optimizer=optimizer)
    numbers = whole_step(task, TrainState(read_only(random.normal(size=network.layout.size))), x, y)
    names = PlainNames(network)
    for phase in plan(network):
        for operation in operations_of(network, optimizer, phase):
            found = explain(network, optimizer, {}, numbers, operation, names, terms=2)
            text = to_text(found, 6)
            assert text.startswith(found.title) and text.endswith(found.words)
            lines = (*found.chain(), *found.parts)
            assert all(to_text(line) in to_text(found) for line in lines)
            assert balanced(to_latex(lines))
            ElementTree.fromstring(to_mathml(lines))


def test_a_chain_is_the_rule_the_numbers_and_the_result_by_equation():
    spec = NetworkSpec.chain((1, 1), ("sigmoid",))
    x, y = np.array([[0.5]]), np.array([[1.0]])
    task = Task(spec, x, y, x[:0], y[:0], optimizer="adam")
    network = Network(spec)
    numbers = whole_step(task, TrainState(read_only([0.3, 0.1])), x, y)
    operation = operations_of(network, "adam", plan(network)[-1])[2]
    found = explain(network, "adam", {}, numbers, operation, PlainNames(network))
    chain = found.chain()
    assert [line.left is not None for line in chain] == [True, False, False] * 3
    for result, line in zip(found.result, chain[2::3], strict=True):
        assert line.right == result.right
        assert evaluate(chain[chain.index(line) - 1].right) == pytest.approx(result.right.value, rel=1e-14)


def test_roles_of_numbers_are_classes_in_mathml():
    assert to_mathml(Number(0.5, role=Role.FOCUS)) == '<mrow class="focus"><mn>0.5</mn></mrow>'
