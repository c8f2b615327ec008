"""What keeps a network from learning: found where it is made to be, and nowhere else."""

import numpy as np
import pytest

from nnsim.core import health
from nnsim.core.health import Ailment, examine
from nnsim.core.network import Network, NetworkSpec, Views


def setup(hidden="tanh", output="linear", loss="mse_half", sizes=(2, 3, 1), n=40, scale=0.5, seed=0):
    """A network with weights of ordinary size and samples around 0."""
    network = Network(NetworkSpec.chain(sizes, (hidden,) * (len(sizes) - 2) + (output,), loss))
    rng = np.random.default_rng(seed)
    theta = Views(network.layout, rng.normal(scale=scale, size=network.layout.size))
    return network, theta, rng.normal(size=(n, sizes[0])), rng.uniform(size=(n, sizes[-1]))


def kinds(found):
    return {(f.ailment, f.layer, f.neuron) for f in found.findings}


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", "relu", "leaky_relu", "softplus", "sine", "linear"])
def test_nothing_is_found_in_an_ordinary_network(hidden):
    network, theta, x, y = setup(hidden, scale=0.4)
    if hidden == "relu":
        theta.biases[1][:] = 1.0
    found = examine(network, theta, x, y, rate=0.1)
    assert not found.findings
    assert (found.samples, found.of) == (40, 40)


def test_a_relu_that_never_lets_anything_through_is_dead():
    network, theta, x, y = setup("relu")
    theta.biases[1][:] = (5.0, -50.0, 5.0)
    found = examine(network, theta, x, y)
    assert kinds(found) == {(Ailment.DEAD, 1, 1)}
    assert found.active[1][1] == 0.0
    assert found.of_neuron(1, 1)
    assert not found.of_neuron(1, 0)


def test_one_sample_is_enough_for_a_relu_to_live():
    network, theta, x, y = setup("relu")
    theta.weights[0][1] = (1.0, 0.0)
    theta.biases[1][:] = (9.0, 0.0, 9.0)
    x[:, 0] = -1.0
    assert (Ailment.DEAD, 1, 1) in kinds(examine(network, theta, x, y))
    x[17, 0] = 0.01
    assert not kinds(examine(network, theta, x, y))


def test_a_layer_of_dead_neurons_is_said_of_the_layer_too():
    network, theta, x, y = setup("relu")
    theta.biases[1][:] = -50.0
    found = examine(network, theta, x, y)
    assert [f.neuron for f in found.of_layer(1)] == [None]
    assert len(found.findings) == 4


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid"])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_hidden_neuron_is_saturated_from_nine_tenths_of_the_samples_on(hidden, sign):
    network, theta, x, y = setup(hidden)
    theta.weights[0][:, 0] = 0.0
    theta.weights[0][1] = (1.0, 0.0)
    theta.biases[1][1] = 0.0
    x[:, 0] = 9.0 * sign
    x[:5, 0] = 0.1  # 35 of 40 are not enough
    assert not kinds(examine(network, theta, x, y))
    x[4, 0] = 9.0
    found = examine(network, theta, x, y)
    assert kinds(found) == {(Ailment.SATURATED, 1, 1)}
    assert found.findings[0].share == 0.9


def test_the_end_begins_where_the_slope_is_a_tenth_of_its_steepest():
    network, theta, x, y = setup("tanh")
    theta.weights[0][0] = (1.0, 0.0)
    theta.biases[1][0] = 0.0
    edge = np.arctanh(np.sqrt(1.0 - health.FLAT))
    x[:, 0] = edge * (1.0 - 1e-9)
    assert examine(network, theta, x, y).saturated[1][0] == 0.0
    x[:, 0] = edge * (1.0 + 1e-9)
    assert examine(network, theta, x, y).saturated[1][0] == 1.0


def test_an_output_at_its_end_is_fine_where_the_target_is_and_ill_where_it_is_not():
    network, theta, x, y = setup("tanh", "sigmoid")
    theta.biases[2][:] = 20.0
    y[:] = 1.0
    assert not kinds(examine(network, theta, x, y))
    y[:10] = 0.0
    assert kinds(examine(network, theta, x, y)) == {(Ailment.SATURATED, 2, 0)}
    y[9] = 1.0
    assert not kinds(examine(network, theta, x, y))


def test_cross_entropy_makes_a_saturated_output_harmless():
    network, theta, x, y = setup("tanh", "sigmoid", "bce_mean")
    theta.biases[2][:] = 20.0
    y[:] = 0.0
    assert Ailment.SATURATED not in {f.ailment for f in examine(network, theta, x, y).findings}


def test_a_step_has_no_slope_anywhere():
    network, theta, x, y = setup("step")
    assert (Ailment.FLAT, 1, None) in kinds(examine(network, theta, x, y))


def test_gradients_that_shrink_from_layer_to_layer_vanish():
    network, theta, x, y = setup("sigmoid", sizes=(2, 4, 4, 4, 4, 4, 1), scale=0.3)
    found = examine(network, theta, x, y)
    layers = {f.layer for f in found.findings if f.ailment is Ailment.VANISHING}
    assert 1 in layers
    assert 5 not in layers
    first = next(f for f in found.findings if f.layer == 1)
    later = found.gradient_size[first.against]
    assert first.ratio == found.gradient_size[1] / later < health.VANISHING
    assert later == np.nanmax(found.gradient_size)


def test_gradients_that_grow_backwards_explode():
    network, theta, x, y = setup("linear", sizes=(2, 3, 3, 1))
    theta.weights[2][:] = 3000.0
    theta.weights[0][:] *= 1e-4
    theta.biases[1][:] = 1e-4
    theta.weights[1][:] *= 1e-3
    theta.biases[2][:] = 1e-4
    found = examine(network, theta, x, y)
    assert (Ailment.EXPLODING, 2, None) in kinds(found)


def test_a_step_that_moves_weights_by_more_than_themselves_explodes():
    network, theta, x, y = setup("linear", sizes=(2, 3, 1))
    y[:] = 1e4
    calm = examine(network, theta, x, y, rate=1e-6)
    wild = examine(network, theta, x, y, rate=1.0)
    assert not calm.findings
    assert {f.ailment for f in wild.findings} == {Ailment.EXPLODING}
    assert wild.findings[0].ratio == pytest.approx(wild.gradient_size[wild.findings[0].layer])
    assert not examine(network, theta, x, y, rate=None).findings  # the optimizer scales by itself


def test_sizes_are_means_of_absolute_values_of_weights():
    network, theta, x, y = setup("tanh", sizes=(2, 3, 1))
    found = examine(network, theta, x, y)
    assert np.isnan(found.gradient_size[0])
    assert found.weight_size[1] == pytest.approx(np.abs(theta.weights[0]).mean())
    e = examine(network, theta, x, y).gradient_size
    h = 1e-6
    slopes = []
    for k in range(3):
        losses = []
        for change in (h, -h):
            theta.weights[1][0, k] += change
            a = np.tanh(x @ theta.weights[0].T + theta.biases[1])
            out = a @ theta.weights[1].T + theta.biases[2]
            losses.append(0.5 * ((out - y) ** 2).sum() / len(x))
            theta.weights[1][0, k] -= change
        slopes.append((losses[0] - losses[1]) / (2 * h))
    assert e[2] == pytest.approx(np.abs(slopes).mean(), rel=1e-6)


def test_many_samples_are_looked_at_in_an_even_spread():
    network, theta, x, y = setup("relu", n=7000)
    theta.biases[1][:] = 9.0
    found = examine(network, theta, x, y)
    assert (found.samples, found.of) == (2000, 7000)
    rows = health.looked_at(network, 7000)
    assert rows[0] == 0 and rows[-1] == 6999
    assert set(np.diff(rows)) <= {3, 4}


def test_a_relu_that_lives_for_few_samples_only_is_not_called_dead():
    network, theta, x, y = setup("relu", n=7000)
    theta.biases[1][:] = 9.0
    theta.weights[0][1] = (1.0, 0.0)
    theta.biases[1][1] = 0.0
    x[:, 0] = -1.0
    seen = set(health.looked_at(network, 7000).tolist())
    alive = [i for i in range(3000, 3100) if i not in seen]
    assert (Ailment.DEAD, 1, 1) in kinds(examine(network, theta, x, y))
    x[alive, 0] = 1.0
    found = examine(network, theta, x, y)
    assert not kinds(found)
    assert 0.0 < found.active[1][1] < 0.001


def test_a_large_network_is_looked_at_with_fewer_samples():
    network = Network(NetworkSpec.chain((784, 300, 100, 10), ("relu", "relu", "softmax"), "cce"))
    assert 32 <= len(health.looked_at(network, 60_000)) <= 50


@pytest.mark.parametrize("n", [1, 3])
def test_of_very_few_samples_nothing_is_said_of_hidden_neurons(n):
    network, theta, x, y = setup("relu")
    theta.biases[1][:] = -50.0
    assert examine(network, theta, x[:4], y[:4]).findings
    assert not examine(network, theta, x[:n], y[:n]).findings
    network, theta, x, y = setup("tanh", "sigmoid")
    theta.biases[2][:] = 20.0
    y[:] = 0.0
    assert Ailment.SATURATED in {f.ailment for f in examine(network, theta, x[:n], y[:n]).findings}


def test_numbers_beyond_float64_are_no_finding_and_no_warning():
    network, theta, x, y = setup("linear", sizes=(2, 3, 3, 1))
    theta.flat[:] = 1e200
    with np.errstate(all="raise"):
        found = examine(network, theta, x, y, rate=0.1)
    assert not found.findings


def test_without_samples_there_is_nothing_to_look_at():
    network, theta, x, y = setup()
    assert examine(network, theta, x[:0], y[:0]) is None
