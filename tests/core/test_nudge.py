"""Changing one number by h: what the loss does, against differences made by other means."""

import numpy as np
import pytest

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.evaluate import Evaluator
from nnsim.core.explain.quantity import Quantity
from nnsim.core.losses import LOSSES
from nnsim.core.network import ConnectionSpec, LayerSpec, Network, NetworkSpec, Views
from nnsim.core.nudge import Nudger, best


def network_of(hidden="tanh", output="sigmoid", loss="mse_half", sizes=(2, 3, 2)):
    return Network(NetworkSpec.chain(sizes, (hidden,) * (len(sizes) - 2) + (output,), loss))


def nudger_of(network, n=1, seed=3):
    rng = np.random.default_rng(seed)
    theta = rng.normal(scale=0.6, size=network.layout.size)
    x, y = rng.normal(size=(n, network.sizes[0])), rng.uniform(0.2, 0.8, (n, network.sizes[-1]))
    return Nudger(network, theta, x, y), theta, x, y


def places(network):
    """Every number of the network that can be changed."""
    found = [Quantity("a", 0, j) for j in range(network.sizes[0])]
    for layer in range(1, network.depth):
        found += [Quantity(kind, layer, j) for kind in ("z", "a") for j in range(network.sizes[layer])]
        if network.layout.biases[layer] is not None:
            found += [Quantity("bias", layer, j) for j in range(network.sizes[layer])]
        for c in network.incoming[layer]:
            sources = network.sizes[network.spec.connections[c].source]
            found += [
                Quantity("weight", layer, j, c, k)
                for j in range(network.sizes[layer])
                for k in range(sources)
            ]
    return found


def forward_by_hand(network, theta, x, y, place, change):
    """The same loss with plain loops over layers, the override put in where it belongs."""
    views = Views(network.layout, theta.copy())
    if place.kind == "weight":
        views.weights[place.connection][place.neuron, place.source] += change
    if place.kind == "bias":
        shared = network.spec.layers[place.layer].bias == "shared"
        views.biases[place.layer][slice(None) if shared else place.neuron] += change
    a = [x.copy()]
    if place.kind == "a" and place.layer == 0:
        a[0][:, place.neuron] += change
    for layer in range(1, network.depth):
        z = np.zeros((len(x), network.sizes[layer]))
        for c in network.incoming[layer]:
            z = z + a[network.spec.connections[c].source] @ views.weights[c].T
        if views.biases[layer] is not None:
            z = z + views.biases[layer]
        if place.kind == "z" and place.layer == layer:
            z[:, place.neuron] += change
        a.append(network.activations[layer].value(z, network.options[layer]))
        if place.kind == "a" and place.layer == layer:
            a[-1][:, place.neuron] += change
    e = network.loss.elements(z, a[-1], y, "")  # of a, whatever the output activation is
    return float(e.sum()) * network.scale(len(x))


def skipping():
    layers = (
        LayerSpec(2), LayerSpec(3, "tanh", bias="shared"), LayerSpec(2, "sigmoid", bias="none"),
        LayerSpec(2, "linear"),
    )  # fmt: skip
    joins = tuple(ConnectionSpec(a, b) for a, b in ((0, 1), (1, 2), (0, 2), (2, 3), (0, 3)))
    return Network(NetworkSpec(layers, joins))


@pytest.mark.parametrize("n", [1, 4])
@pytest.mark.parametrize(
    "network",
    [
        network_of(), network_of("relu", "linear", "sse"), network_of("softplus", "sigmoid", "bce_mean"),
        network_of("tanh", "softmax", "cce"), network_of("elu", "softmax", "mse_mean"), skipping(),
        network_of(sizes=(3, 4, 3, 2)),
    ],
    ids=lambda net: f"{net.activations[-1].key}-{net.loss.key}-{len(net.spec.connections)}",
)  # fmt: skip
def test_the_loss_of_every_changed_number_is_that_of_a_pass_made_by_hand(network, n):
    nudger, theta, x, y = nudger_of(network, n)
    for place in places(network):
        for change in (0.0, 0.3, -0.05):
            expected = forward_by_hand(network, theta, x, y, place, change)
            assert nudger.loss(place, change) == pytest.approx(expected, rel=1e-12, abs=1e-14), place


@pytest.mark.parametrize("loss", LOSSES.keys())
@pytest.mark.parametrize("output", [a.key for a in ACTIVATIONS if a.key in ("sigmoid", "softmax")])
def test_the_difference_comes_near_the_derivative_for_w_b_z_and_a(output, loss):
    network = network_of("tanh", output, loss, (2, 3, 2))
    nudger, *_ = nudger_of(network)
    for place in places(network):
        found = nudger.nudge(place, 1e-5)
        assert found.central == pytest.approx(found.derivative, rel=1e-7, abs=1e-9), place
        assert found.one_sided == pytest.approx(found.derivative, rel=1e-2, abs=1e-3), place


def test_derivatives_are_those_of_backpropagation_and_nothing_given_is_changed():
    network = network_of(sizes=(2, 4, 2))
    nudger, theta, x, y = nudger_of(network, n=3)
    kept = theta.copy(), x.copy(), y.copy()
    found = Evaluator(network, Views(network.layout, theta.copy())).full_pass(x, y)
    assert nudger.derivative(Quantity("z", 1, 2)) == pytest.approx(found.delta[1][:, 2].sum(), rel=1e-14)
    assert nudger.derivative(Quantity("a", 1, 0)) == pytest.approx(found.da[1][:, 0].sum(), rel=1e-14)
    place = Quantity("weight", 2, 1, 1, 3)
    assert nudger.derivative(place) == Views(network.layout, found.gradient).weights[1][1, 3]
    before = nudger.loss(place, 0.0)
    nudger.nudge(place, 0.5)
    assert nudger.loss(place, 0.0) == before == found.loss
    assert all(np.array_equal(a, b) for a, b in zip(kept, (theta, x, y), strict=True))


def test_errors_fall_with_h_to_one_side_and_h_squared_to_both():
    nudger, *_ = nudger_of(network_of(sizes=(2, 4, 1)))
    place = Quantity("weight", 1, 1, 0, 0)
    wide, narrow = nudger.nudge(place, 1e-2), nudger.nudge(place, 1e-3)
    assert wide.one_sided_error / narrow.one_sided_error == pytest.approx(10.0, rel=0.1)
    assert wide.central_error / narrow.central_error == pytest.approx(100.0, rel=0.1)


def test_rounding_takes_over_at_tiny_steps_and_the_best_lies_between():
    nudger, *_ = nudger_of(network_of(sizes=(2, 4, 1)))
    sweep = nudger.sweep(Quantity("weight", 1, 1, 0, 0))
    assert sweep[0].h == 0.1
    assert not sweep[0].rounded
    assert sweep[-1].rounded
    chosen = best(sweep)
    assert 1e-7 < chosen.h < 1e-3
    assert chosen.central_error < sweep[0].central_error
    assert chosen.central_error < sweep[-1].central_error


def test_a_number_that_does_nothing_changes_nothing():
    network = network_of("relu", "linear", sizes=(1, 1, 1))
    theta = np.array([1.0, -5.0, 0.7, 0.1])  # z = x − 5 is far below zero
    nudger = Nudger(network, theta, np.array([[1.0]]), np.array([[0.0]]))
    found = nudger.nudge(Quantity("weight", 1, 0, 0, 0), 1e-3)
    assert (found.one_sided, found.central, found.derivative, found.units) == (0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("h", [0.0, float("nan"), float("inf")])
def test_a_step_that_is_none_is_refused(h):
    nudger, *_ = nudger_of(network_of())
    with pytest.raises(ValueError, match="step"):
        nudger.nudge(Quantity("z", 1, 0), h)


def test_what_is_not_there_is_refused():
    nudger, *_ = nudger_of(skipping())
    with pytest.raises(ValueError, match="no biases"):
        nudger.loss(Quantity("bias", 2, 0), 0.1)
    with pytest.raises(ValueError, match="no weighted sum"):
        nudger.loss(Quantity("z", 0, 0), 0.1)
    with pytest.raises(IndexError):
        nudger.loss(Quantity("a", 1, 9), 0.1)
