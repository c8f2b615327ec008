"""Positions in θ and the parameters they are."""

import numpy as np

from nnsim.core.network import LayerSpec, Network, NetworkSpec, Views
from nnsim.core.parameter_places import parameter_count, parameter_places


def test_every_parameter_is_where_its_place_says():
    network = Network(NetworkSpec.chain((2, 3, 4, 1), ("tanh", "tanh", "linear")))
    theta = np.arange(float(network.layout.size))
    views = Views(network.layout, theta)
    places = parameter_places(network)
    assert sorted(index for index, _ in places) == list(range(network.layout.size))
    for index, q in places:
        if q.kind == "weight":
            assert views.weights[q.connection][q.neuron, q.source] == index
        else:
            assert views.biases[q.layer][q.neuron] == index


def test_a_shared_bias_stands_once_and_none_not_at_all():
    spec = NetworkSpec.chain((2, 3, 2), ("tanh", "linear"))
    layers = (spec.layers[0], LayerSpec(3, "tanh", bias="shared"), LayerSpec(2, "linear", bias="none"))
    network = Network(NetworkSpec(layers, spec.connections))
    biases = [q for _, q in parameter_places(network) if q.kind == "bias"]
    assert len(biases) == 1
    assert parameter_count(network) == len(parameter_places(network)) == 13


def test_of_too_many_every_part_has_its_share():
    network = Network(NetworkSpec.chain((100, 50, 10), ("tanh", "linear")))
    places = parameter_places(network, 600)
    assert parameter_count(network) == 5560
    assert 540 <= len(places) <= 660
    assert len({index for index, _ in places}) == len(places)
    counts = {}
    for _, q in places:
        counts[q.kind, q.layer] = counts.get((q.kind, q.layer), 0) + 1
    assert counts["weight", 1] > counts["weight", 2] > counts["bias", 1] > counts["bias", 2] >= 1
