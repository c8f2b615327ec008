"""Explaining the forward pass: weighted sums and activations."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan

import numpy as np

from nnsim.core.explain.activation_formulas import CURVES
from nnsim.core.explain.explanation import Equation, Explanation, Face, Writer, added, lines
from nnsim.core.explain.expression import (
    Call,
    Difference,
    Exp,
    Fraction,
    Node,
    Number,
    Product,
    Sum,
    Symbol,
    evaluate,
)
from nnsim.core.explain.quantity import Quantity
from nnsim.core.operations import Operation


def output_of(layer: int, neuron: int) -> Quantity:
    """What a neuron passes on: an input is an x, anything else an a."""
    return Quantity("a" if layer else "x", layer, neuron)


def weighted_sum(w: Writer, o: Operation, layer: int, j: int) -> Explanation:
    """z = Σ w·a + b, over all connections that lead to the layer."""
    net, row = w.network, w.numbers.row
    z, name = Quantity("z", layer, j), w.names.neuron(layer, j)
    ends = [(c, net.spec.connections[c].source) for c in net.incoming[layer]]
    total = sum(net.sizes[source] for _, source in ends)
    shown = w.shown(total)
    places = [(c, source, k) for c, source in ends for k in range(min(net.sizes[source], shown))][:shown]
    left_out = 0.0
    for c, source in ends:
        first = sum(1 for place in places if place[0] == c)
        weights = net.layout.weights[c].view(w.numbers.theta)[j, first:]
        left_out += float(np.dot(weights, w.numbers.a[source][row, first:]))

    def formula(face: Face) -> Node:
        terms: list[Node] = [
            Product((face(Quantity("weight", layer, j, c, k)), face(output_of(source, k))))
            for c, source, k in places
        ]
        if total > shown:
            terms.append(face.rest(total - shown, left_out))
        if net.spec.layers[layer].bias != "none":
            terms.append(face(bias_of(w, layer, j)))
        return added(terms)

    numbers = lines(formula(w.values))
    return w.explanation(
        o, f"{w.said(z)}, weighted sum",
        f"Each input of {name} is multiplied by its weight, and the products are added up"
        f"{'' if net.spec.layers[layer].bias == 'none' else ' with the bias'}.",
        [Equation(w.symbols(z), [(formula(w.symbols), "")], numbers, w.result(z))],
    )  # fmt: skip


def bias_of(w: Writer, layer: int, neuron: int) -> Quantity:
    """The bias of a neuron; one that the layer shares is that of neuron 0."""
    return Quantity("bias", layer, 0 if w.network.spec.layers[layer].bias == "shared" else neuron)


def activation(w: Writer, o: Operation, layer: int, j: int) -> Explanation:
    """a = f(z)."""
    if w.network.activations[layer].vector:
        return _softmax(w, o, layer, j)
    entry = w.network.activations[layer]
    a, z = Quantity("a", layer, j), Quantity("z", layer, j)
    curve, above = CURVES[entry.key], w.value(z) > 0.0
    note = side(above) if curve.pieced else ""

    def written(form: Callable[..., Node]) -> Callable[[Face], Node]:
        return lambda face: form(face(z), options(w, face, layer), above)

    forms = [curve.value] if curve.stable is None else [curve.value, curve.stable]
    formula = w.first_exact([written(form) for form in forms], w.value(a))
    symbol = w.symbols(z)
    symbols = [(formula(w.symbols), note)]
    if curve.pieced and isnan(w.value(z)):
        symbols = both_pieces(lambda over: curve.value(symbol, options(w, w.symbols, layer), over))
    if curve.name and curve.longhand is None:
        symbols.insert(0, (Call(curve.name, (symbol,)), ""))
    elif curve.longhand is not None:
        symbols.append((curve.longhand(symbol), ""))
    return w.explanation(
        o, f"{w.said(a)}, activation ({entry.label})", curve.words,
        [Equation(w.symbols(a), symbols, [(formula(w.values), note)], w.result(a))],
    )  # fmt: skip


def both_pieces(piece: Callable[[bool], Node]) -> list[tuple[Node, str]]:
    """A function in two pieces, for a z that is not known yet."""
    return [(piece(above), side(above)) for above in (True, False)]


def side(above: bool) -> str:
    """Which piece of a function in two pieces is used."""
    return "for z > 0" if above else "for z ≤ 0"


_LETTERS = {"alpha": Symbol("α")}


def options(w: Writer, face: Face, layer: int) -> dict[str, Node]:
    """The activation's options of a layer."""
    return {
        key: face.named(_LETTERS.get(key, Symbol(key)), value)
        for key, value in w.network.options[layer].items()
    }


def _softmax(w: Writer, o: Operation, layer: int, j: int) -> Explanation:
    """aⱼ = e^(zⱼ) / Σ e^(zₖ), with all z smaller by the largest where that would overflow."""
    size, row = w.network.sizes[layer], w.numbers.row
    a, z_row = Quantity("a", layer, j), w.numbers.z[layer][row]
    shown = w.shown(size)
    others = [k for k in range(size) if k != j]
    places = sorted([j, *others[: shown - 1]])
    hidden = np.setdiff1d(np.arange(size), places)
    largest = int(np.argmax(z_row))

    def formula(lowered: bool) -> Callable[[Face], Node]:
        top = z_row[largest] if lowered else 0.0

        def power(face: Face, k: int) -> Node:
            z = face(Quantity("z", layer, k))
            return Exp(Difference(z, face(Quantity("z", layer, largest))) if lowered else z)

        def built(face: Face) -> Node:
            terms = [power(face, k) for k in places]
            if len(hidden):
                left_out = float(np.add.reduce(np.exp(z_row[hidden] - top)))
                terms.append(face.rest(len(hidden), left_out))
            return Fraction(power(face, j), added(terms))

        return built

    chosen = w.first_exact([formula(False), formula(True)], w.value(a))
    numbers: list[tuple[Node, str]] = [(chosen(w.values), "")]
    if isinstance(numbers[0][0], Fraction):
        numbers.append((_worked_powers(numbers[0][0]), ""))
    return w.explanation(
        o, f"{w.said(a)}, activation (Softmax)",
        "Softmax makes every z positive by raising e to it, and divides by the sum over the layer, so that "
        "the outputs are shares that add up to 1.",
        [Equation(w.symbols(a), [(chosen(w.symbols), "")], numbers, w.result(a))],
    )  # fmt: skip


def _worked_powers(fraction: Fraction) -> Node:
    """The quotient with each power of e worked out."""

    def worked(node: Node) -> Node:
        return Number(evaluate(node)) if isinstance(node, Exp) else node

    bottom = fraction.bottom
    below = Sum(tuple(map(worked, bottom.terms))) if isinstance(bottom, Sum) else worked(bottom)
    return Fraction(worked(fraction.top), below)
