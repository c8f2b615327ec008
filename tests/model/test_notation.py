"""Notations: the same quantity, written as each of them does; never two alike."""

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from nnsim.core.explain.expression import Call, Fraction, Symbol
from nnsim.core.explain.names import PlainNames
from nnsim.core.explain.quantity import Quantity
from nnsim.core.network import Network
from nnsim.core.registry import UnknownNameError
from nnsim.model.build import build
from nnsim.model.compile import network_spec
from nnsim.model.notation import NOTATIONS, names_for
from nnsim.model.project import Connection

CASES = json.loads((Path(__file__).parents[1] / "oracles" / "published_cases.json").read_text("utf-8"))[
    "cases"
]


def made(sizes=(2, 2, 2), bias="each"):
    project = build(sizes, "sigmoid")
    return replace(project, layers=tuple(replace(layer, bias=bias) for layer in project.layers))


def skipping():
    """Two connections lead to the output."""
    project = made((2, 3, 1))
    last = project.layers[-1].id
    return replace(project, connections=(*project.connections, Connection("Cx", project.layers[0].id, last)))


def quantities(project):
    """Every number the document has a name for."""
    for layer, part in enumerate(project.layers):
        for j in range(part.size):
            if layer == 0:
                yield Quantity("x", 0, j)
                yield Quantity("blame", 0, j)
                continue
            for kind in ("z", "a", "blame", "slope", "delta"):
                yield Quantity(kind, layer, j)
            if part.bias != "none" and (j == 0 or part.bias == "each"):
                for kind in ("bias", "bias_gradient", "total_gradient", "state"):
                    yield Quantity(kind, layer, j, slot="v" if kind == "state" else "")
    index = {layer.id: i for i, layer in enumerate(project.layers)}
    for c, connection in enumerate(project.connections):
        target, source = index[connection.target], index[connection.source]
        pairs = product(range(project.layers[target].size), range(project.layers[source].size))
        for j, k in pairs:
            for kind in ("weight", "weight_gradient", "total_gradient", "state"):
                yield Quantity(kind, target, j, c, k, "v" if kind == "state" else "")
    yield from (Quantity(kind) for kind in ("loss", "penalty", "rate"))
    yield from (Quantity("y", len(project.layers) - 1, j) for j in range(project.layers[-1].size))


def test_the_programs_own_notation_is_that_of_explanations():
    for project in (made(), made((2, 3, 4, 1), "shared"), skipping()):
        network = Network(network_spec(project))
        plain, own = PlainNames(network), names_for(project, "nnsim")
        for q in quantities(project):
            assert own.text(q) == plain.text(q)
            assert own.symbol(q) == plain.symbol(q)
        assert own.neuron(1, 1) == plain.neuron(1, 1)


@pytest.mark.parametrize("key", NOTATIONS.keys())
@pytest.mark.parametrize("bias", ["each", "shared", "none"])
def test_no_two_quantities_are_written_alike(key, bias):
    for project in (made((2, 3, 2), bias), made((3, 12, 11, 2), bias), skipping()):
        names = names_for(project, key)
        texts = {}
        for q in quantities(project):
            text = names.text(q)
            assert text and text == text.strip()
            assert text not in texts, (text, q, texts.get(text))
            texts[text] = q


@pytest.mark.parametrize("key", NOTATIONS.keys())
def test_symbols_carry_the_quantity_they_stand_for(key):
    project = made((2, 3, 2))
    names = names_for(project, key)
    for q in quantities(project):
        symbol = names.symbol(q)
        assert isinstance(symbol, (Symbol, Fraction, Call))
        if isinstance(symbol, Symbol):
            assert symbol.quantity == q
        elif isinstance(symbol, Fraction):
            assert symbol.bottom.quantity == q
        else:
            assert symbol.quantity == q


W = Quantity("weight", 1, 0, 0, 1)
EXPECTED = {
    "nnsim": (
        "x₂", "h₁", "o₂", "w h₁←x₂", "b h₁", "z h₁", "a h₁", "δ h₁", "∂w h₁←x₂", "∂a h₁", "v of w h₁←x₂",
    ),
    "nielsen": ("a¹₂", "a²₁", "a³₂", "w²₁₂", "b²₁", "z²₁", "a²₁", "δ²₁", "∂w²₁₂", "∂a²₁", "v of w²₁₂"),
    "numbered": ("i₂", "h₁", "o₂", "w₂", "b₁", "net h₁", "out h₁", "δ h₁", "∂w₂", "∂out h₁", "v of w₂"),
    "code": (
        "x[1]", "a1[0]", "a2[1]", "W1[0, 1]", "b1[0]", "z1[0]", "a1[0]", "d1[0]", "dW1[0, 1]", "da1[0]",
        "v_W1[0, 1]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("key", NOTATIONS.keys())
def test_each_notation_writes_as_its_source_does(key):
    names = names_for(made(), key)
    b = Quantity("bias", 1, 0)
    found = (
        names.neuron(0, 1), names.neuron(1, 0), names.neuron(2, 1), names.text(W), names.text(b),
        *(names.text(Quantity(kind, 1, 0)) for kind in ("z", "a", "delta")),
        names.text(W.of("weight_gradient")), names.text(Quantity("blame", 1, 0)),
        names.text(W.of("state", "v")),
    )  # fmt: skip
    assert found == EXPECTED[key]


def test_nielsen_puts_the_layer_above_and_the_places_below():
    names = names_for(made((3, 12, 2)), "nielsen")
    q = Quantity("weight", 1, 10, 0, 2)
    assert names.symbol(q) == Symbol("w", sub="11,3", sup="2", quantity=q)
    assert names.text(q) == "w²₁₁‚₃"
    assert names.symbol(Quantity("z", 2, 0)) == Symbol("z", sub="1", sup="3", quantity=Quantity("z", 2, 0))


def test_numbered_weights_are_those_of_the_published_example():
    case = next(c for c in CASES if "mazur" in c["id"].lower())
    layers = case["network"]["layers"]
    sizes = (len(layers[0]["W"][0]), *(len(layer["W"]) for layer in layers))
    names = names_for(made(sizes, "shared"), "numbered")
    # w1 … w8 in the example are .15 .20 .25 .30 and .40 .45 .50 .55, in this order.
    printed = dict(zip(range(1, 9), (0.15, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.55), strict=True))
    for c, layer in enumerate(layers):
        for j, row in enumerate(layer["W"]):
            for k, value in enumerate(row):
                number = int(names.text(Quantity("weight", c + 1, j, c, k))[1:].translate(_DIGITS))
                assert printed[number] == value
    assert [names.text(Quantity("bias", layer, 1)) for layer in (1, 2)] == ["b₁", "b₂"]


_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def test_numbers_go_on_through_all_layers_and_connections():
    project = skipping()
    names = names_for(project, "numbered")
    weights = [names.text(q) for q in quantities(project) if q.kind == "weight"]
    assert sorted(int(w[1:].translate(_DIGITS)) for w in weights) == list(range(1, 12))
    deep = names_for(made((2, 3, 4, 1)), "numbered")
    assert deep.neuron(2, 0) == "h₄"
    assert deep.text(Quantity("bias", 3, 0)) == "b₈"


def test_nielsen_tells_connections_to_one_layer_apart():
    names = names_for(skipping(), "nielsen")
    assert names.text(Quantity("weight", 2, 0, 2, 1)) == "w³⁽¹⁾₁₂"


def test_code_tells_matrices_of_one_layer_apart():
    names = names_for(skipping(), "code")
    assert names.text(Quantity("weight", 2, 0, 1, 2)) == "W2_1[0, 2]"
    assert names.text(Quantity("weight", 2, 0, 2, 1)) == "W2_0[0, 1]"


def test_labels_by_id_are_for_titles_and_tables():
    project = made()
    hidden, first = project.layers[1].id, project.connections[0].id
    expected = {
        "nnsim": ("h₁ ← x₂", "w h₁ ← x₂", "δ of h₁", "a of h₁"),
        "nielsen": ("w²₁₂", "w²₁₂", "δ²₁", "a²₁"),
        "numbered": ("w₂", "w₂", "δ of h₁", "out h₁"),
        "code": ("W1[0, 1]", "W1[0, 1]", "d1[0]", "a1[0]"),
    }
    for key, texts in expected.items():
        names = names_for(project, key)
        found = (
            names.weight(first, 0, 1), names.weight_label(first, 0, 1), names.delta(hidden, 0),
            names.activation(hidden, 0),
        )  # fmt: skip
        assert found == texts
    with pytest.raises(KeyError):
        names_for(project, "nnsim").weight("nowhere", 0, 0)


def test_what_is_no_quantity_and_what_is_no_notation_is_refused():
    for entry in NOTATIONS:
        names = names_for(made(), entry.key)
        for wrong in (Quantity("charm", 1, 0), Quantity("z")):
            with pytest.raises(ValueError):
                names.text(wrong)
            with pytest.raises(ValueError):
                names.symbol(wrong)
    with pytest.raises(UnknownNameError):
        names_for(made(), "runes")
