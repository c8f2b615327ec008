"""Explaining the update: the penalty's part of a gradient, the optimizer's state, the new value.

The rules are those of :mod:`nnsim.core.optimizers`: momentum and Nesterov as in Sutskever et al. (2013)
in PyTorch's form, AdaGrad (Duchi et al. 2011), RMSProp (Hinton's lecture 6e), Adam (Kingma and Ba 2015)
with bias correction, AdamW (Loshchilov and Hutter 2019).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nnsim.core.explain.explanation import Equation, Explanation, Face, Formula, Writer, added
from nnsim.core.explain.expression import (
    Call,
    Difference,
    Fraction,
    Node,
    Number,
    Power,
    Product,
    Role,
    Root,
    Sum,
    Symbol,
    evaluate,
)  # fmt: skip
from nnsim.core.explain.loss import ONE, TWO
from nnsim.core.explain.numbers import position
from nnsim.core.explain.quantity import Quantity
from nnsim.core.explain.rates import rate_lines
from nnsim.core.operations import Operation

_WORDS = {
    "sgd": "The value moves against its gradient, η times as far.",
    "momentum": "The value moves by η times the velocity v, which remembers earlier gradients.",
    "nesterov": "Like momentum, but looking one step ahead: μ·v is added to the gradient once more.",
    "adagrad": "The gradient is divided by the root of all its squares so far, so that a parameter with "
    "large gradients takes smaller steps.",
    "rmsprop": "The gradient is divided by the root of its running mean square.",
    "adam": "m and v start at 0 and are too small at first; dividing by 1 − βᵗ corrects that. The step is "
    "the mean gradient over the root of the mean square.",
    "adamw": "First the value shrinks by the weight decay, η·λ of itself. The rest is Adam: m and v "
    "corrected for their start at 0, the step the mean gradient over the root of the mean square.",
}
_LETTERS = {
    "momentum": Symbol("μ"),
    "alpha": Symbol("α"),
    "epsilon": Symbol("ε"),
    "beta1": Symbol("β", sub="1"),
    "beta2": Symbol("β", sub="2"),
    "weight_decay": Symbol("λ"),
}


def _parameter(o: Operation) -> Quantity:
    return Quantity(
        "weight" if o.connection is not None else "bias", o.layer, o.neuron, o.connection, o.source
    )


def _gradient(w: Writer, parameter: Quantity) -> Quantity:
    """What the optimizer gets for it: g with the penalty's part, or ∂C/∂w where there is none."""
    if parameter.of_weight and (w.network.spec.l1 or w.network.spec.l2):
        return parameter.of("total_gradient")
    return parameter.of("weight_gradient" if parameter.of_weight else "bias_gradient")


def _option(w: Writer, face: Face, key: str) -> Node:
    return face.named(_LETTERS[key], w.options[key])


def regulariser(w: Writer, o: Operation) -> Explanation:
    """g = ∂C/∂w + λ₂·w + λ₁·sign(w)."""
    p, spec = _parameter(o), w.network.spec
    q = p.of("total_gradient")

    def formula(face: Face) -> Node:
        terms = [face(p.of("weight_gradient"))]
        if spec.l2:
            terms.append(Product((face.named(Symbol("λ", sub="2"), spec.l2), face(p))))
        if spec.l1:
            terms.append(Product((face.named(Symbol("λ", sub="1"), spec.l1), Call("sign", (face(p),)))))
        return added(terms)

    how = []
    if spec.l2:
        how.append("L2 pulls a weight towards 0 in proportion to its size")
    if spec.l1:
        how.append("L1 pulls every weight towards 0 equally strongly")
    return w.explanation(
        o, f"Gradient g of {w.names.text(p)}, with the penalty",
        f"The penalty's own derivative joins the gradient. {'; '.join(how)}.",
        [Equation(w.symbols(q), [(formula(w.symbols), "")], [(formula(w.values), "")], w.result(q))],
    )  # fmt: skip


def state(w: Writer, o: Operation) -> Explanation:
    """What the optimizer remembers of one parameter."""
    p = _parameter(o)
    q, g = p.of("state", o.slot), _gradient(w, p)

    def kept(face: Face, key: str, squared: bool) -> Node:
        """β·m + (1 − β)·g: the running mean of g or g²."""
        memory, new = _option(w, face, key), face(g)
        part = Power(new, TWO) if squared else new
        return Sum((Product((memory, face(q))), Product((Difference(ONE, memory), part))))

    def velocity(face: Face) -> Node:
        return Sum((Product((_option(w, face, "momentum"), face(q))), face(g)))

    def squares(face: Face) -> Node:
        return Sum((face(q), Power(face(g), TWO)))

    formulas: dict[tuple[str, str], tuple[Formula, str]] = {
        ("momentum", "v"): (velocity, "The velocity keeps μ of what it was and takes the gradient up."),
        ("adagrad", "s"): (squares, "The sum of all squared gradients so far."),
        ("rmsprop", "s"): (
            lambda face: kept(face, "alpha", True), "The running mean of the squared gradient.",
        ),
        ("adam", "m"): (lambda face: kept(face, "beta1", False), "The running mean of the gradient."),
        ("adam", "v"): (lambda face: kept(face, "beta2", True), "The running mean of the squared gradient."),
    }  # fmt: skip
    rule = {"nesterov": "momentum", "adamw": "adam"}.get(w.optimizer.key, w.optimizer.key)
    formula, words = formulas[rule, o.slot]
    result = w.result(q, Role.OK, after=True)
    return w.explanation(
        o, f"{o.slot} of {w.names.text(p)}, the memory of {w.optimizer.label}", words,
        [Equation(w.symbols(q), [(formula(w.symbols), "")], [(formula(w.values), "")], result, "←")],
    )  # fmt: skip


def update(w: Writer, o: Operation) -> Explanation:
    """The new value of a weight or bias."""
    p = _parameter(o)
    title = f"New value of {w.names.text(p)} ({w.optimizer.label})"
    result = w.result(p, Role.OK, after=True)
    if w.numbers.frozen is not None and w.numbers.frozen[position(w.network, p)]:
        equation = Equation(w.symbols(p), [(w.symbols(p), "frozen")], [(w.values(p), "frozen")], result, "←")
        return w.explanation(
            o, f"{w.names.text(p)} is frozen", "It is frozen: it keeps its value, whatever its gradient is.",
            [equation],
        )  # fmt: skip
    rule: Callable[[Writer, Quantity], tuple[Formula, list[Equation]]] = _RULES[w.optimizer.key]
    formula, before = rule(w, p)
    equation = Equation(w.symbols(p), [(formula(w.symbols), "")], [(formula(w.values), "")], result, "←")
    return w.explanation(o, title, _WORDS[w.optimizer.key], [*before, equation], rate_lines(w))


def _moved(face: Face, w: Writer, p: Quantity, direction: Node) -> Node:
    """θ − η·direction."""
    return Difference(face(p), Product((face(Quantity("rate")), direction)))


def _sgd(w: Writer, p: Quantity) -> tuple[Formula, list[Equation]]:
    return lambda face: _moved(face, w, p, face(_gradient(w, p))), []


def _momentum(w: Writer, p: Quantity) -> tuple[Formula, list[Equation]]:
    return lambda face: _moved(face, w, p, face(p.of("state", "v"), after=True)), []


def _nesterov(w: Writer, p: Quantity) -> tuple[Formula, list[Equation]]:
    def formula(face: Face) -> Node:
        ahead = Product((_option(w, face, "momentum"), face(p.of("state", "v"), after=True)))
        return _moved(face, w, p, Sum((face(_gradient(w, p)), ahead)))

    return formula, []


def _scaled(w: Writer, p: Quantity) -> tuple[Formula, list[Equation]]:
    """AdaGrad and RMSProp: θ − η·g/(√s + ε)."""

    def formula(face: Face) -> Node:
        bottom = Sum((Root(face(p.of("state", "s"), after=True)), _option(w, face, "epsilon")))
        return _moved(face, w, p, Fraction(face(_gradient(w, p)), bottom))

    return formula, []


def _adam(w: Writer, p: Quantity) -> tuple[Formula, list[Equation]]:
    mean, m_equation = _corrected(w, p, "m", "beta1")
    square, v_equation = _corrected(w, p, "v", "beta2")

    def formula(face: Face) -> Node:
        top, inside = face.named(_hatted(w, p, "m"), mean), face.named(_hatted(w, p, "v"), square)
        step = Fraction(top, Sum((Root(inside), _option(w, face, "epsilon"))))
        if "weight_decay" not in w.options:
            return _moved(face, w, p, step)
        rate = face(Quantity("rate"))
        shrunk = Product((face(p), Difference(ONE, Product((rate, _option(w, face, "weight_decay"))))))
        return Difference(shrunk, Product((rate, step)))

    return formula, [m_equation, v_equation]


def _hatted(w: Writer, p: Quantity, slot: str) -> Symbol:
    """m̂ of a parameter, as the notation writes its m."""
    plain = w.names.symbol(p.of("state", slot))
    if isinstance(plain, Symbol):
        return replace(plain, hat="^", quantity=None)
    return Symbol(slot, hat="^")


def _corrected(w: Writer, p: Quantity, slot: str, key: str) -> tuple[float, Equation]:
    """m̂ = m/(1 − βᵗ), its value and its equation."""

    def formula(face: Face) -> Node:
        power = Power(_option(w, face, key), face.named(Symbol("t"), float(w.numbers.age)))
        return Fraction(face(p.of("state", slot), after=True), Difference(ONE, power))

    value = evaluate(formula(w.values))
    left = _hatted(w, p, slot)
    numbers = [(formula(w.values), "")]
    return value, Equation(left, [(formula(w.symbols), "")], numbers, Number(value))


_RULES: dict[str, Callable[[Writer, Quantity], tuple[Formula, list[Equation]]]] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _scaled,
    "rmsprop": _scaled,
    "adam": _adam,
    "adamw": _adam,
}
