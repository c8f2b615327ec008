"""Explaining the backward pass: ∂C/∂a, slopes, δ, and the gradients of weights and biases."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.explain.activation_formulas import CURVES
from nnsim.core.explain.explanation import Equation, Explanation, Face, Writer, added, lines
from nnsim.core.explain.expression import (
    Difference,
    Fraction,
    Line,
    Node,
    Number,
    Over,
    Product,
    Symbol,
    evaluate,
)  # fmt: skip
from nnsim.core.explain.forward import both_pieces, options, output_of, side
from nnsim.core.explain.loss import ONE, output_blame
from nnsim.core.explain.quantity import Quantity
from nnsim.core.operations import Operation


def blame(w: Writer, o: Operation, layer: int, j: int) -> Explanation:
    """∂C/∂a of a hidden neuron = Σ w·δ over the neurons it feeds; of an output see the loss."""
    net, row = w.network, w.numbers.row
    if layer == net.depth - 1:
        return output_blame(w, o, layer, j)
    q, name = Quantity("blame", layer, j), w.names.neuron(layer, j)
    ends = [(c, net.spec.connections[c].target) for c in net.outgoing[layer]]
    total = sum(net.sizes[target] for _, target in ends)
    shown = w.shown(total)
    places = [(c, target, i) for c, target in ends for i in range(min(net.sizes[target], shown))][:shown]
    left_out = 0.0
    for c, target in ends:
        first = sum(1 for place in places if place[0] == c)
        weights = net.layout.weights[c].view(w.numbers.theta)[first:, j]
        left_out += float(np.dot(weights, w.numbers.delta[target][row, first:]))

    def formula(face: Face) -> Node:
        terms: list[Node] = [
            Product((face(Quantity("weight", target, i, c, j)), face(Quantity("delta", target, i))))
            for c, target, i in places
        ]
        if total > shown:
            terms.append(face.rest(total - shown, left_out))
        return added(terms)

    many = f"It feeds {total} neurons, so their shares are added up." if total > 1 else "It feeds one neuron."
    if not total:
        many = "It feeds no neuron, so the loss does not depend on it."
    return w.explanation(
        o, f"∂C/∂{w.said(output_of(layer, j))}, the blame handed back",
        f"How the loss changes with the activation of {name}: each neuron it feeds hands its δ back "
        f"through the weight that joins them. {many}",
        [Equation(w.symbols(q), [(formula(w.symbols), "")], lines(formula(w.values)), w.result(q))],
    )  # fmt: skip


def slope(w: Writer, o: Operation, layer: int, j: int) -> Explanation:
    """f'(z), as backpropagation takes it."""
    entry = w.network.activations[layer]
    q, z, a = (Quantity(kind, layer, j) for kind in ("slope", "z", "a"))
    # Softmax has a slope for each pair of neurons; that of a neuron by itself is the sigmoid's formula.
    curve, above = CURVES["sigmoid" if entry.vector else entry.key], w.value(z) > 0.0
    note = side(above) if curve.pieced_slope else ""

    def formula(face: Face) -> Node:
        return curve.slope(face(z), face(a), options(w, face, layer), above)

    symbols = [(formula(w.symbols), note)]
    if curve.pieced_slope and isnan(w.value(z)):
        o_symbols = options(w, w.symbols, layer)
        symbols = both_pieces(lambda over: curve.slope(w.symbols(z), w.symbols(a), o_symbols, over))
    return w.explanation(
        o, f"Slope of {w.names.neuron(layer, j)} ({entry.label})",
        f"How much a changes for a small change of z. {curve.slope_words}",
        [Equation(w.symbols(q), symbols, [(formula(w.values), note)], w.result(q))],
    )  # fmt: skip


def delta(w: Writer, o: Operation, layer: int, j: int) -> Explanation:
    """δ = ∂C/∂z: blame × slope, or what is left of that where the two cancel."""
    last = layer == w.network.depth - 1
    if last and w.network.fused:
        return _fused_softmax(w, o, layer, j) if w.network.loss.family == "cce" else _fused(w, o, layer, j)
    if w.network.activations[layer].vector:
        return _softmax(w, o, layer, j)
    q, handed, steep = (Quantity(kind, layer, j) for kind in ("delta", "blame", "slope"))

    def formula(face: Face) -> Node:
        return Product((face(handed), face(steep)))

    return w.explanation(
        o, _title(w, layer, j),
        "By the chain rule: how the loss changes with a, times how a changes with z.",
        [Equation(w.symbols(q), [(formula(w.symbols), "")], [(formula(w.values), "")], w.result(q))],
    )  # fmt: skip


def _title(w: Writer, layer: int, j: int) -> str:
    where = "output neuron" if layer == w.network.depth - 1 else "hidden neuron"
    return f"{w.said(Quantity('delta', layer, j))}, {where}"


def _fused(w: Writer, o: Operation, layer: int, j: int) -> Explanation:
    """Sigmoid with binary cross-entropy: (a − y)/(a(1 − a)) · a(1 − a) = a − y."""
    q, handed, steep, a, y = (Quantity(k, layer, j) for k in ("delta", "blame", "slope", "a", "y"))

    def formula(face: Face) -> Node:
        return w.scaled(face, Difference(face(a), face(y)))

    s = w.symbols
    own_slope = Product((s(a), Difference(ONE, s(a))))
    factor = w.front(s)
    own_blame = Fraction(Difference(s(a), s(y)), own_slope)
    long = Product((*(() if factor is None else (factor,)), own_blame, *own_slope.factors))
    return w.explanation(
        o, _title(w, layer, j),
        "For a sigmoid with binary cross-entropy the slope a(1 − a) cancels against the derivative of the "
        "loss, which has it below the line. What is left is output minus target: a saturated output that is "
        "wrong still learns.",
        [
            Equation(
                s(q),
                [(Product((s(handed), s(steep))), ""), (long, ""), (formula(s), "")],
                [(formula(w.values), "")], w.result(q),
            )
        ],
    )  # fmt: skip


def _fused_softmax(w: Writer, o: Operation, layer: int, j: int) -> Explanation:
    """Softmax with cross-entropy: δⱼ = aⱼ·Σy − yⱼ, which is a − y for targets that add up to 1."""
    net, row = w.network, w.numbers.y[w.numbers.row]
    q, a, y = (Quantity(kind, layer, j) for kind in ("delta", "a", "y"))
    proper = float(np.add.reduce(row)) == 1.0

    def formula(face: Face) -> Node:
        if proper:
            return w.scaled(face, Difference(face(a), face(y)))
        shown = w.shown(len(row))
        targets = [face(Quantity("y", layer, k)) for k in range(shown)]
        if shown < len(row):
            targets.append(face.rest(len(row) - shown, float(row[shown:].sum())))
        return w.scaled(face, Difference(Product((face(a), added(targets))), face(y)))

    s = w.symbols
    chain: list[tuple[Node, str]] = [
        (_jacobian_sum(w, layer, j), "over all outputs k, since softmax couples them"), (formula(s), ""),
    ]  # fmt: skip
    ending = (
        "Since the targets add up to 1, what is left of it is output minus target."
        if proper
        else "What is left of it is the output times the sum of the targets, which is not 1 here, minus "
        "the target."
    )
    return w.explanation(
        o, _title(w, layer, j),
        f"Softmax couples the outputs: {w.names.neuron(layer, j)}'s z changes all "
        f"{net.sizes[layer]} of them. With cross-entropy the sum over them cancels. {ending}",
        [Equation(s(q), chain, [(formula(w.values), "")], w.result(q))],
    )  # fmt: skip


def _jacobian_sum(w: Writer, layer: int, j: int) -> Node:
    """Σₖ ∂C/∂aₖ · ∂aₖ/∂zⱼ in symbols."""
    z, a = Symbol("∂z", sub=w.names.neuron(layer, j)), Symbol("∂a", sub="k")
    return Over("k", Product((Fraction(Symbol("∂C"), a), Fraction(a, z))))


def _softmax(w: Writer, o: Operation, layer: int, j: int) -> Explanation:
    """δⱼ = Σₖ ∂C/∂aₖ·aₖ([j = k] − aⱼ) = aⱼ·(∂C/∂aⱼ − Σₖ ∂C/∂aₖ·aₖ)."""
    net, row = w.network, w.numbers.row
    size = net.sizes[layer]
    shown = w.shown(size)
    q, handed, a = (Quantity(kind, layer, j) for kind in ("delta", "blame", "a"))
    left_out = float(np.dot(w.numbers.da[layer][row, shown:], w.numbers.a[layer][row, shown:]))

    def formula(face: Face) -> Node:
        terms: list[Node] = [
            Product((face(Quantity("blame", layer, k)), face(Quantity("a", layer, k)))) for k in range(shown)
        ]
        if shown < size:
            terms.append(face.rest(size - shown, left_out))
        return Product((face(a), Difference(face(handed), added(terms))))

    s = w.symbols
    return w.explanation(
        o, _title(w, layer, j),
        f"Softmax couples the outputs: {w.names.neuron(layer, j)}'s z raises its own output and lowers all "
        "others. So its δ is a sum over all outputs: ∂aₖ/∂zⱼ is aⱼ(1 − aⱼ) for k = j, else −aₖ·aⱼ.",
        [
            Equation(
                s(q), [(_jacobian_sum(w, layer, j), ""), (formula(s), "")], [(formula(w.values), "")],
                w.result(q),
            )
        ],
    )  # fmt: skip


def weight_gradient(w: Writer, o: Operation, layer: int, j: int, c: int, k: int) -> Explanation:
    """∂C/∂w = Σ over the batch of δ·a."""
    source = w.network.spec.connections[c].source
    q, d, a = Quantity("weight_gradient", layer, j, c, k), Quantity("delta", layer, j), output_of(source, k)
    deltas, inputs = w.numbers.delta[layer][:, j], w.numbers.a[source][:, k]

    title = f"∂C/∂w from {w.names.neuron(source, k)} to {w.names.neuron(layer, j)}"

    def own(face: Face) -> Node:
        return Product((face(d), face(a)))

    def other(i: int) -> Node:
        return Product((Number(float(deltas[i])), Number(float(inputs[i]))))

    return _gradient(
        w, o, q, own, other, deltas * inputs, title,
        "z changes by the source's output when the weight changes by 1, so the gradient is δ times that "
        "output.",
    )  # fmt: skip


def bias_gradient(w: Writer, o: Operation, layer: int, j: int) -> Explanation:
    """∂C/∂b = Σ over the batch of δ; of a bias that the layer shares, over its neurons too."""
    q = Quantity("bias_gradient", layer, j)
    if w.network.spec.layers[layer].bias == "shared":
        return _shared_bias(w, o, layer)
    d = Quantity("delta", layer, j)
    deltas = w.numbers.delta[layer][:, j]

    def other(i: int) -> Node:
        return Number(float(deltas[i]))

    return _gradient(
        w, o, q, lambda face: face(d), other, deltas, f"∂C/∂b of {w.names.neuron(layer, j)}",
        "z changes by 1 when the bias changes by 1, so the gradient is δ itself.",
    )  # fmt: skip


def _gradient(
    w: Writer, o: Operation, q: Quantity, own: Callable[[Face], Node], other: Callable[[int], Node],
    shares: Array, title: str, words: str,
) -> Explanation:  # fmt: skip
    """A gradient as the sum of the samples' shares, the explained one first."""
    n, row = len(shares), w.numbers.row
    if n == 1:
        equation = Equation(w.symbols(q), [(own(w.symbols), "")], [(own(w.values), "")], w.result(q))
        return w.explanation(o, title, words, [equation])
    order = [row, *(i for i in range(n) if i != row)]
    shown = w.shown(n)
    terms = [own(w.values), *(other(i) for i in order[1:shown])]
    if n > shown:
        terms.append(w.values.rest(n - shown, float(np.add.reduce(shares[order[shown:]]))))
    part = own(w.values)
    own_line = Line(own(w.symbols), "=", part, "this sample's part")
    parts = [own_line] if isinstance(part, Number) else [own_line, Line(None, "=", Number(evaluate(part)))]
    others = w.values.rest(n - 1, float(np.add.reduce(np.delete(shares, row))))
    parts.append(Line(w.symbols(q), "=", added([Number(evaluate(part)), others]), "with the other samples"))
    return w.explanation(
        o, title, f"{words} {_over_the_batch(w)}",
        [Equation(w.symbols(q), [(Over("x", own(w.symbols)), "")], lines(added(terms)), w.result(q))], parts,
    )  # fmt: skip


def _over_the_batch(w: Writer) -> str:
    n = w.numbers.count
    if w.network.loss.reduction == "sum":
        return f"The {n} samples of the batch are added up; the first term is the sample in view."
    return (
        f"The {n} samples of the batch are added up; the first term is the sample in view. Every δ already "
        f"carries the loss's 1/{'n' if w.network.loss.reduction == 'samples' else '(n·m)'}, so the sum is "
        "the batch's mean."
    )


def _shared_bias(w: Writer, o: Operation, layer: int) -> Explanation:
    """One bias for the layer: the gradients of all its neurons' biases, added up."""
    q, size, n = Quantity("bias_gradient", layer, 0), w.network.sizes[layer], w.numbers.count
    deltas, row = w.numbers.delta[layer], w.numbers.row
    of_neuron, shown = np.add.reduce(deltas, axis=0), w.shown(size)
    neurons = [Quantity("delta", layer, j) for j in range(shown)]

    def formula(face: Face, own: bool) -> Node:
        terms = [face(d) for d in neurons]
        if not own:
            terms = [Number(float(of_neuron[j])) for j in range(shown)]
        if shown < size:
            shares = deltas[row] if own else of_neuron
            terms.append(face.rest(size - shown, float(np.add.reduce(shares[shown:]))))
        return added(terms)

    one = n == 1
    symbols = formula(w.symbols, True)
    parts = []
    if not one:
        sample = formula(w.values, True)
        parts = [
            Line(symbols, "=", sample, "this sample's part"), Line(None, "=", Number(evaluate(sample))),
        ]  # fmt: skip
    batch = "" if one else f" Each number is a neuron's sum over the batch. {_over_the_batch(w)}"
    return w.explanation(
        o, f"∂C/∂b of the bias shared by {size} neurons",
        f"One bias serves all neurons of the layer, so its gradient is the sum of theirs.{batch}",
        [
            Equation(
                w.symbols(q), [(symbols if one else Over("x", symbols), "")],
                [(formula(w.values, one), "")], w.result(q),
            )
        ],
        parts,
    )  # fmt: skip
