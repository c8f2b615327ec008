"""Explaining the loss, its derivative and the penalty; conventions of :mod:`nnsim.core.losses`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from nnsim.core.explain.activation_formulas import log_one_plus_exp
from nnsim.core.explain.explanation import Equation, Explanation, Face, Formula, Writer, added, lines
from nnsim.core.explain.expression import (
    Absolute,
    Difference,
    Exp,
    Fraction,
    Line,
    Log,
    Minus,
    Node,
    Number,
    Over,
    Power,
    Product,
    Sum,
    Symbol,
    evaluate,
)  # fmt: skip
from nnsim.core.explain.quantity import Quantity
from nnsim.core.operations import Operation

ONE, TWO = Number(1.0), Number(2.0)
HALF = Fraction(ONE, TWO)
_INLINE = 4  # a sum of more terms is worked out in a line of its own before it is multiplied

# One output's part of a sample's loss, as a formula of a face and the output's index.
Part = Callable[[Face, int], Node]


def loss(w: Writer, o: Operation) -> Explanation:
    """C = front · Σ over samples and outputs of e(a, y)."""
    n = w.numbers.count
    if n == 1:
        return _loss_of_one(w, o)
    c, errors = Quantity("loss"), _errors(w)
    row = w.numbers.row
    order = [row, *(i for i in range(n) if i != row)]
    shown = w.shown(n)
    terms: list[Node] = [Number(float(errors[i].sum())) for i in order[:shown]]
    if n > shown:
        terms.append(w.values.rest(n - shown, float(errors[order[shown:]].sum())))
    own = _sample_sum(w)
    parts = [
        Line(_SAMPLES_LOSS, "=", own(w.symbols), "this sample's part"),
        Line(None, "=", own(w.values)),
        Line(None, "=", Number(float(errors[row].sum()))),
    ]
    return w.explanation(
        o, f"Loss C of {n} samples",
        f"{_meaning(w)} Every sample has its own part E; the first number is that of the sample in view. "
        f"{_reduction(w)}",
        [
            Equation(
                w.symbols(c),
                [(w.scaled(w.symbols, Over("x", _SAMPLES_LOSS)), "")],
                [(w.scaled(w.values, added(terms)), "")],
                w.result(c),
            )
        ],
        parts,
    )  # fmt: skip


_SAMPLES_LOSS = Symbol("E")


def _loss_of_one(w: Writer, o: Operation) -> Explanation:
    c, own = Quantity("loss"), _sample_sum(w)
    title, words = f"Loss C ({w.network.loss.label})", f"{_meaning(w)} {_reduction(w)}"
    if w.front(w.symbols) is None or w.network.sizes[-1] <= _INLINE:
        numbers = [(w.scaled(w.values, node), "") for node, _ in lines(own(w.values))]
        symbols = [(w.scaled(w.symbols, own(w.symbols)), "")]
        return w.explanation(o, title, words, [Equation(w.symbols(c), symbols, numbers, w.result(c))])
    total = Number(float(_errors(w)[0].sum()))
    inner = Equation(_SAMPLES_LOSS, [(own(w.symbols), "")], lines(own(w.values)), total)
    outer = Equation(
        w.symbols(c), [(w.scaled(w.symbols, _SAMPLES_LOSS), "")], [(w.scaled(w.values, total), "")],
        w.result(c),
    )  # fmt: skip
    return w.explanation(o, title, words, [inner, outer])


def _meaning(w: Writer) -> str:
    return {
        "squared": "The loss measures how far the outputs are from their targets.",
        "bce": "The loss is −ln of the probability that each output gives to its target.",
        "cce": "The loss is −ln of the probability that the outputs give to the right class.",
    }[w.network.loss.family]


def _reduction(w: Writer) -> str:
    return {
        "sum": "The loss is the sum; nothing is divided by.",
        "samples": f"It is divided by the number of samples, n = {w.numbers.count}.",
        "elements": f"It is divided by the number of samples times outputs, n = {w.numbers.count} and "
        f"m = {w.network.sizes[-1]}.",
    }[w.network.loss.reduction]


def _errors(w: Writer) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    net, s = w.network, w.numbers
    return net.loss.elements(s.z[-1], s.a[-1], s.y, net.activations[-1].key)


def _sample_sum(w: Writer) -> Callable[[Face], Node]:
    """Σⱼ e(aⱼ, yⱼ) of the explained sample, without the factor in front."""
    errors = _errors(w)[w.numbers.row]
    size = len(errors)
    # Of many outputs the ones with a part in the loss come first (the right class, for one).
    shown = w.shown(size)
    order = range(size) if shown == size else np.argsort(-np.abs(errors), kind="stable")
    places = sorted(int(k) for k in order[:shown])
    left_out = float(np.delete(errors, places).sum())

    def formula(part: Part) -> Callable[[Face], Node]:
        def built(face: Face) -> Node:
            terms = [part(face, k) for k in places]
            if shown < size:
                terms.append(face.rest(size - shown, left_out))
            return added(terms)

        return built

    return w.first_exact([formula(part) for part in _parts(w)], float(errors.sum()))


def _parts(w: Writer) -> Sequence[Part]:
    """e(a, y) of one output: the textbook form first, forms that stay exact in saturation after it."""
    entry, last = w.network.loss, w.network.depth - 1
    y_row = w.numbers.y[w.numbers.row]

    def a_y(face: Face, k: int) -> tuple[Node, Node]:
        return face(Quantity("a", last, k)), face(Quantity("y", last, k))

    def squared(face: Face, k: int) -> Node:
        a, y = a_y(face, k)
        square = Power(Difference(a, y), TWO)
        return Product((HALF, square)) if entry.half else square

    def binary(face: Face, k: int) -> Node:
        a, y = a_y(face, k)
        return Minus(Sum((Product((y, Log(a))), Product((Difference(ONE, y), Log(Difference(ONE, a)))))))

    def binary_certain(face: Face, k: int) -> Node:
        if y_row[k] not in (0.0, 1.0):
            return binary(face, k)
        a = face(Quantity("a", last, k))
        return Minus(Log(a if y_row[k] else Difference(ONE, a)))

    def binary_of_z(face: Face, k: int) -> Node:
        z, y = face(Quantity("z", last, k)), face(Quantity("y", last, k))
        softplus = log_one_plus_exp(z)
        assert isinstance(softplus, Sum)
        return Sum((softplus.terms[0], Minus(Product((z, y))), softplus.terms[1]))

    def categorical(face: Face, k: int) -> Node:
        a, y = a_y(face, k)
        return Minus(Product((y, Log(a))))

    def categorical_certain(face: Face, k: int) -> Node:
        return categorical(face, k) if y_row[k] else Product((face(Quantity("y", last, k)), ONE))

    def categorical_of_z(face: Face, k: int) -> Node:
        z, y = face(Quantity("z", last, k)), face(Quantity("y", last, k))
        top, logarithm = _log_sum(w, face)
        return Product((y, Sum((top, logarithm, Minus(z)))))

    if entry.family == "squared":
        return [squared]
    if entry.family == "bce":
        return [binary, binary_certain, *([binary_of_z] if w.network.fused else [])]
    return [categorical, categorical_certain, *([categorical_of_z] if w.network.fused else [])]


def _log_sum(w: Writer, face: Face) -> tuple[Node, Node]:
    """ln Σ e^z as the largest z, and ln Σ e^(z − largest)."""
    last, z_row = w.network.depth - 1, w.numbers.z[-1][w.numbers.row]
    largest = face(Quantity("z", last, int(np.argmax(z_row))))
    shown = w.shown(len(z_row))
    powers: list[Node] = [Exp(Difference(face(Quantity("z", last, k)), largest)) for k in range(shown)]
    if shown < len(z_row):
        left_out = float(np.exp(z_row[shown:] - z_row.max()).sum())
        powers.append(face.rest(len(z_row) - shown, left_out))
    return largest, Log(added(powers))


def output_blame(w: Writer, o: Operation, layer: int, j: int) -> Explanation:
    """∂C/∂a of an output: the derivative of the loss."""
    blame, a, y = (Quantity(kind, layer, j) for kind in ("blame", "a", "y"))
    entry, target = w.network.loss, w.value(y)

    def squared(face: Face) -> Node:
        difference = Difference(face(a), face(y))
        return difference if entry.half else Product((TWO, difference))

    def binary(face: Face) -> Node:
        top = Difference(face(a), face(y))
        return Fraction(top, Product((face(a), Difference(ONE, face(a)))))

    def binary_certain(face: Face) -> Node:
        if target == 0.0:
            return Fraction(ONE, Difference(ONE, face(a)))
        return Minus(Fraction(ONE, face(a))) if target == 1.0 else binary(face)

    def categorical(face: Face) -> Node:
        return Minus(Fraction(face(y), face(a)))

    def categorical_certain(face: Face) -> Node:
        return categorical(face) if target else face(y)

    forms = {
        "squared": [squared], "bce": [binary, binary_certain], "cce": [categorical, categorical_certain],
    }[entry.family]  # fmt: skip

    def scaled(form: Callable[[Face], Node]) -> Callable[[Face], Node]:
        return lambda face: w.scaled(face, form(face))

    formula = w.first_exact([scaled(form) for form in forms], w.value(blame))
    why = {
        "squared": "The ½ of the loss cancels the 2 of the derivative." if entry.half
        else "The 2 comes from differentiating the square.",
        "bce": "It is large where the output is sure of the wrong answer.",
        "cce": "Only the output of the right class has a part in the loss itself.",
    }[entry.family]  # fmt: skip
    name = w.names.neuron(layer, j)
    return w.explanation(
        o, f"∂C/∂{w.said(Quantity('a', layer, j))}, output neuron",
        f"How the loss changes with the output {name}: the derivative of the loss by a. {why}",
        [Equation(w.symbols(blame), [(formula(w.symbols), "")], [(formula(w.values), "")], w.result(blame))],
    )  # fmt: skip


def penalty(w: Writer, o: Operation) -> Explanation:
    """R = λ₂/2·Σw² + λ₁·Σ|w|, over all weights; biases are free."""
    net, spec = w.network, w.network.spec
    weights = net.layout.is_weight() == 1.0
    total = int(weights.sum())
    shown = w.shown(total)
    places = _first_weights(w, shown)
    values = w.numbers.theta[weights]
    known = [evaluate(w.values(q)) for q in places]

    def squares(face: Face) -> Node:
        terms: list[Node] = [Power(face(q), TWO) for q in places]
        if shown < total:
            rest = float(np.dot(values, values)) - sum(v * v for v in known)
            terms.append(face.rest(total - shown, rest))
        return added(terms)

    def sizes(face: Face) -> Node:
        terms: list[Node] = [Absolute(face(q)) for q in places]
        if shown < total:
            rest = float(np.add.reduce(np.abs(values))) - sum(abs(v) for v in known)
            terms.append(face.rest(total - shown, rest))
        return added(terms)

    # Sums that are long stand in lines of their own.
    equations: list[Equation] = []
    sums: list[tuple[str, float, Formula]] = []
    for sub, factor, form in (("2", spec.l2, squares), ("1", spec.l1, sizes)):
        if factor and total > _INLINE:
            name, value = Symbol("S", sub=sub), Number(evaluate(form(w.values)))
            equations.append(Equation(name, [(form(w.symbols), "")], lines(form(w.values)), value))
            sums.append((sub, factor, _named(name, value.value)))
        elif factor:
            sums.append((sub, factor, form))

    def formula(face: Face) -> Node:
        terms: list[Node] = []
        for sub, factor, form in sums:
            rate = face.named(Symbol("λ", sub=sub), factor)
            terms.append(Product((Fraction(rate, TWO) if sub == "2" else rate, form(face))))
        return added(terms)

    q = Quantity("penalty")
    price = Equation(w.symbols(q), [(formula(w.symbols), "")], lines(formula(w.values)), w.result(q))
    return w.explanation(
        o, "Penalty R on the weights",
        "Large weights cost something, so that only useful ones grow large. Biases are free, and the "
        "penalty is not divided by the number of samples.",
        [*equations, price],
    )  # fmt: skip


def _named(symbol: Symbol, value: float) -> Formula:
    return lambda face: face.named(symbol, value)


def _first_weights(w: Writer, count: int) -> list[Quantity]:
    net = w.network
    found: list[Quantity] = []
    for kind, c, layer, block in net.parameters():
        if kind != "weight":
            continue
        for j in range(block.shape[0]):
            for k in range(block.shape[1]):
                if len(found) == count:
                    return found
                found.append(Quantity("weight", layer, j, c, k))
    return found
