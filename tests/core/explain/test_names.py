"""The names of quantities in the program's own notation."""

import pytest

from nnsim.core.explain.expression import Call, Fraction, Symbol
from nnsim.core.explain.names import PlainNames, neuron_names
from nnsim.core.explain.quantity import KINDS, Quantity
from nnsim.core.network import ConnectionSpec, LayerSpec, Network, NetworkSpec

NETWORK = Network(NetworkSpec.chain((2, 2, 2), ("sigmoid", "sigmoid")))
NAMES = PlainNames(NETWORK)
WEIGHT = Quantity("weight", 1, 0, 0, 1)
BIAS = Quantity("bias", 2, 1)
PLACES = {"weight": WEIGHT, "weight_gradient": WEIGHT, "bias": BIAS, "bias_gradient": BIAS}


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Quantity("x", 0, 1), "x₂"), (Quantity("z", 1, 0), "z h₁"), (Quantity("delta", 2, 0), "δ o₁"),
        (Quantity("slope", 2, 0), "f′ o₁"), (Quantity("blame", 1, 1), "∂a h₂"), (WEIGHT, "w h₁←x₂"),
        (WEIGHT.of("weight_gradient"), "∂w h₁←x₂"), (BIAS.of("bias_gradient"), "∂b o₂"),
        (WEIGHT.of("state", "m"), "m of w h₁←x₂"), (WEIGHT.of("total_gradient"), "g of w h₁←x₂"),
        (Quantity("loss"), "C"), (Quantity("rate"), "η"),
    ],
)  # fmt: skip
def test_a_label_says_what_and_of_which_neuron(quantity, text):
    assert NAMES.text(quantity) == text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_symbol_that_knows_its_quantity(kind):
    quantity = PLACES.get(kind, WEIGHT if kind in ("state", "total_gradient") else Quantity("z", 1, 0))
    quantity = quantity.of(kind, "m" if kind == "state" else "")
    node = NAMES.symbol(quantity)
    if isinstance(node, Fraction):
        node = node.bottom
    assert isinstance(node, (Symbol, Call))
    assert node.quantity == quantity
    assert NAMES.text(quantity)


def test_derivatives_are_fractions():
    assert NAMES.symbol(WEIGHT.of("weight_gradient")) == Fraction(
        Symbol("∂C", quantity=WEIGHT.of("weight_gradient")),
        Symbol("∂w", sub="h₁,x₂", quantity=WEIGHT.of("weight_gradient")),
    )


def test_an_unknown_kind_and_a_missing_place_are_refused():
    for wrong in (Quantity("colour", 1, 0), Quantity("z"), Quantity("weight")):
        with pytest.raises(ValueError):
            NAMES.text(wrong)
        with pytest.raises(ValueError):
            NAMES.symbol(wrong)


def test_several_hidden_layers_are_numbered():
    deep = Network(NetworkSpec.chain((1, 2, 12, 1), ("tanh", "tanh", "linear")))
    names = neuron_names(deep)
    assert names[1] == ["h1₁", "h1₂"] and names[2][-1] == "h2₁₂" and names[3] == ["o₁"]


def test_a_shared_bias_is_named_by_all_its_neurons():
    layers = (LayerSpec(1), LayerSpec(3, "tanh", bias="shared"))
    network = Network(NetworkSpec(layers, (ConnectionSpec(0, 1),)))
    assert PlainNames(network).text(Quantity("bias", 1, 0)) == "b o₁…o₃"


def test_a_document_brings_its_own_names():
    names = PlainNames(NETWORK, [["age", "height"], ["h₁", "h₂"], ["o₁", "o₂"]])
    assert names.text(WEIGHT) == "w h₁←height"
