"""The shape of a network: what can be built, and where every parameter lies."""

import numpy as np
import pytest

from nnsim.core.arrays import read_only
from nnsim.core.network import ConnectionSpec, LayerSpec, Network, NetworkSpec, Views
from nnsim.core.registry import UnknownNameError


def spec_of(layers, joins, loss="mse_half"):
    return NetworkSpec(tuple(layers), tuple(ConnectionSpec(a, b) for a, b in joins), loss)


NETWORKS = {
    "chain": NetworkSpec.chain((2, 4, 3, 1), ("tanh", "relu", "sigmoid")),
    "no hidden layer": NetworkSpec.chain((3, 2), ("softmax",), "cce"),
    "one neuron": NetworkSpec.chain((1, 1), ("linear",)),
    "skipping": spec_of(
        [LayerSpec(2), LayerSpec(3, "tanh"), LayerSpec(2, "tanh"), LayerSpec(1)],
        [(0, 1), (1, 2), (0, 2), (2, 3), (0, 3)],
    ),
    "mixed biases": spec_of(
        [LayerSpec(2), LayerSpec(3, bias="shared"), LayerSpec(2, bias="none"), LayerSpec(2)],
        [(0, 1), (1, 2), (2, 3)],
    ),
}


@pytest.mark.parametrize("spec", NETWORKS.values(), ids=NETWORKS.keys())
def test_every_number_of_theta_belongs_to_exactly_one_weight_or_bias(spec):
    network = Network(spec)
    places = np.concatenate([block.positions().ravel() for *_, block in network.parameters()])
    assert sorted(places) == list(range(network.layout.size))
    weights = sum(spec.layers[c.source].size * spec.layers[c.target].size for c in spec.connections)
    biases = sum(layer.size for layer in spec.layers[1:] if layer.bias != "none")
    assert network.layout.size == weights + biases
    assert network.layout.is_weight().sum() == weights


@pytest.mark.parametrize("spec", NETWORKS.values(), ids=NETWORKS.keys())
def test_weights_and_biases_are_views_in_the_stated_shapes(spec):
    network = Network(spec)
    theta = np.zeros(network.layout.size)
    views = Views(network.layout, theta)
    for connection, weights in zip(spec.connections, views.weights, strict=True):
        assert weights.shape == (spec.layers[connection.target].size, spec.layers[connection.source].size)
    assert views.biases[0] is None
    for layer, bias in zip(spec.layers[1:], views.biases[1:], strict=True):
        assert (bias is None) == (layer.bias == "none") and (bias is None or bias.shape == (layer.size,))
    # Numbered through in θ's order, each is written once and read back through θ.
    for mark, (kind, index, _, block) in enumerate(network.parameters(), start=1):
        (views.weights if kind == "weight" else views.biases)[index][...] = mark
        np.testing.assert_array_equal(block.view(theta), np.full(block.shape, mark))
    assert (theta > 0).all()


def test_layers_know_who_feeds_them_and_whom_they_feed():
    network = Network(NETWORKS["skipping"])
    assert network.incoming == ((), (0,), (1, 2), (3, 4)) and network.outgoing == ((0, 2, 4), (1,), (3,), ())


LAYERS = (LayerSpec(2), LayerSpec(3, "tanh"), LayerSpec(1))


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (NetworkSpec((LayerSpec(2),), ()), "input and an output"),
        (spec_of(LAYERS, [(0, 1)]), "nothing leads to layer 2"),
        (spec_of(LAYERS, [(0, 1), (1, 2), (2, 1)]), "earlier layer to a later"),
        (spec_of(LAYERS, [(0, 1), (1, 2), (1, 1)]), "earlier layer to a later"),
        (spec_of(LAYERS, [(0, 1), (1, 2), (1, 3)]), "earlier layer to a later"),
        (
            NetworkSpec(LAYERS, (ConnectionSpec(0, 1), ConnectionSpec(1, 2), ConnectionSpec(0, 2, delay=1))),
            "delayed",
        ),
        (NetworkSpec.chain((2, 3, 1), ("softmax", "linear")), "only for the output"),
    ],
)
def test_what_cannot_be_computed_is_refused(spec, message):
    with pytest.raises(ValueError, match=message):
        Network(spec)


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        (NetworkSpec.chain((2, 1), ("swish",)), "swish"),
        (NetworkSpec.chain((2, 1), ("linear",), "hinge"), "hinge"),
        (NetworkSpec((LayerSpec(2), LayerSpec(1)), (ConnectionSpec(0, 1, "sparse"),)), "sparse"),
    ],
)
def test_names_nobody_knows_are_named(spec, name):
    with pytest.raises(UnknownNameError, match=name):
        Network(spec)


def test_a_read_only_array_is_a_copy_unless_it_was_one_already():
    values = np.arange(6.0).reshape(2, 3)
    frozen = read_only(values)
    values[0, 0] = 9.0
    assert frozen[0, 0] == 0.0 and not frozen.flags.writeable
    assert read_only(frozen) is frozen
    assert read_only(frozen[1:]) is not frozen[1:] and read_only(frozen.T).flags.c_contiguous
    hidden = values.view()
    hidden.setflags(write=False)  # its base can still be written to
    copied = read_only(hidden)
    values[0, 0] = 7.0
    assert copied[0, 0] == 9.0
