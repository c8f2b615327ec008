"""Backpropagation against differences of the loss: every activation with every loss, and the check itself."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.evaluate import Evaluator
from nnsim.core.gradcheck import GradientChecker, check_gradient, check_input_gradient
from nnsim.core.losses import LOSSES
from nnsim.core.network import ConnectionSpec, LayerSpec, Network, NetworkSpec, Views

HIDDEN = [a.key for a in ACTIVATIONS if not a.vector]
LIMIT = 1e-6
# A z whose activation lies well inside 0…1, so that every loss is defined there.
CENTRE = {"softplus": -0.4, "sigmoid": 0.0, "softmax": 0.0}


def network_of(hidden, output, loss, sizes=(2, 3, 2)):
    inner = (hidden,) * (len(sizes) - 2)
    return Network(NetworkSpec.chain(sizes, (*inner, output), loss))


def place(network, rng):
    """Parameters that put the outputs near the middle of 0…1."""
    theta = rng.normal(size=network.layout.size)
    views = Views(network.layout, theta)
    for weights, bias in zip(views.weights[:-1], views.biases[1:-1], strict=True):
        weights *= 0.8
        bias *= 0.5
    views.weights[-1][...] *= 0.15
    views.biases[-1][...] = CENTRE.get(network.activations[-1].key, 0.5) + 0.02 * views.biases[-1]
    return theta


def targets(network, outputs, rng):
    """Targets the loss accepts; a step's outputs are their own targets, where its loss is finite."""
    if network.activations[-1].key == "step" and network.loss.family != "squared":
        return outputs.copy()
    if network.loss.family == "cce":
        y = rng.uniform(0.2, 1.0, outputs.shape)
        return y / y.sum(axis=1, keepdims=True)
    return (
        rng.uniform(0.1, 0.9, outputs.shape)
        if network.loss.family == "bce"
        else rng.normal(size=outputs.shape)
    )


def problem(hidden, output, loss, n=3, sizes=(2, 3, 2)):
    """A network with parameters and a batch; no neuron is near a kink, the loss is defined all around."""
    network = network_of(hidden, output, loss, sizes)
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        theta, x = place(network, rng), rng.normal(size=(n, sizes[0]))
        evaluator = Evaluator(network, Views(network.layout, theta))
        y = targets(network, evaluator.outputs(x), rng)
        found = evaluator.full_pass(x, y)
        kinked = [i for i in range(1, network.depth) if network.activations[i].kinked]
        smooth = all(np.abs(found.z[i]).min() > 0.03 for i in kinked)
        inside = output == "step" or (found.a[-1].min() > 0.05 and found.a[-1].max() < 0.95)
        if smooth and (inside or network.loss.family == "squared"):
            return network, theta, x, y, found
    raise AssertionError("no seed keeps all neurons away from kinks and all outputs in the domain")


@pytest.mark.parametrize("loss", LOSSES.keys())
@pytest.mark.parametrize("output", ACTIVATIONS.keys())
def test_every_gradient_of_every_combination_is_right(output, loss):
    for hidden in HIDDEN:
        network, theta, x, y, found = problem(hidden, output, loss)
        check = check_gradient(network, theta, x, y)
        assert not check.at_kink.any(), hidden
        assert check.largest_error <= LIMIT, f"{hidden}: {check}"
        np.testing.assert_array_equal(check.analytic, found.gradient)
        inputs = check_input_gradient(network, theta, x, y)
        assert inputs.largest_error <= LIMIT and not inputs.at_kink.any(), hidden
        blocked = {"hidden": hidden == "step", "output": output == "step"}
        first = network.layout.weights[0]
        assert np.any(check.analytic) != blocked["output"]
        assert np.any(check.analytic[first.start : first.stop]) != (blocked["hidden"] or blocked["output"])


@pytest.mark.parametrize("hidden", HIDDEN)
def test_deep_networks_and_large_inputs(hidden):
    network, theta, x, y, _ = problem(hidden, "sigmoid", "bce_mean", n=5, sizes=(3, 4, 4, 3, 2))
    check = check_gradient(network, theta, x, y)
    assert check.largest_error <= LIMIT and not check.at_kink.any()
    factor = np.array([1e4, 1.0, 1e-3])
    weights = Views(network.layout, theta).weights[0]
    weights /= factor
    check = check_gradient(network, theta, x * factor, y)
    assert check.largest_error <= LIMIT and not check.at_kink.any()


@pytest.mark.parametrize("hidden", ["sigmoid", "leaky_relu"])
def test_connections_that_skip_layers_shared_biases_and_no_biases(hidden):
    layers = (
        LayerSpec(2), LayerSpec(3, hidden, bias="shared"), LayerSpec(3, hidden, bias="none"),
        LayerSpec(2, "softmax", bias="shared"),
    )  # fmt: skip
    joins = tuple(ConnectionSpec(a, b) for a, b in ((0, 1), (1, 2), (0, 2), (2, 3), (0, 3), (1, 3)))
    network = Network(NetworkSpec(layers, joins, "mse_mean"))
    rng = np.random.default_rng(4)
    theta = rng.normal(size=network.layout.size)
    for bias in Views(network.layout, theta).biases:
        if bias is not None:
            bias[:] = bias[0]
    x, y = rng.normal(size=(4, 2)), rng.normal(size=(4, 2))
    check = check_gradient(network, theta, x, y)
    assert check.largest_error <= LIMIT and not check.at_kink.any()
    assert len(set(network.layout.biases[1].view(check.numeric))) == 1
    assert check_input_gradient(network, theta, x, y).largest_error <= LIMIT


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
def test_options_of_activations_take_part(alpha):
    for key in ("leaky_relu", "elu"):
        layers = (LayerSpec(2), LayerSpec(4, key, {"alpha": alpha}), LayerSpec(1, "linear"))
        network = Network(NetworkSpec(layers, (ConnectionSpec(0, 1), ConnectionSpec(1, 2))))
        rng = np.random.default_rng(11)
        theta, x, y = rng.normal(size=network.layout.size), rng.normal(size=(6, 2)), rng.normal(size=(6, 1))
        assert check_gradient(network, theta, x, y).largest_error <= LIMIT


def test_a_wrong_slope_is_found():
    network, theta, x, y, _ = problem("tanh", "linear", "mse_half")

    def wrong(z, a, out, o):
        np.multiply(a, a, out=out)
        np.subtract(1.0 + 1e-4, out, out=out)

    network.activations = (
        network.activations[0], replace(network.activations[1], slope=wrong, slope_calls=None),
        network.activations[2],
    )  # fmt: skip
    check = check_gradient(network, theta, x, y)
    assert check.largest_error > 1e-5
    first, last = network.layout.weights
    assert check.worst is not None and check.indices[check.worst] < network.layout.biases[1].stop
    np.testing.assert_array_less(check.relative_error[last.start :], LIMIT)
    assert np.all(check.relative_error[first.start : first.stop] > 1e-5)


def test_a_single_parameter_can_be_checked():
    network, theta, x, y, found = problem("sigmoid", "sigmoid", "bce_mean")
    whole = check_gradient(network, theta, x, y)
    before = theta.copy()
    one = check_gradient(network, theta, x, y, indices=[7])
    assert list(one.indices) == [7]
    assert one.numeric[0] == whole.numeric[7] and one.analytic[0] == found.gradient[7]
    np.testing.assert_array_equal(theta, before)
    none = check_gradient(network, theta, x, y, indices=[])
    assert none.worst is None and none.largest_error == 0.0
    with pytest.raises(IndexError):
        check_gradient(network, theta, x, y, indices=[theta.size])


def one_relu(bias):
    """1-1-1, ReLU and linear, weights 1: the hidden z is x + bias."""
    network = network_of("relu", "linear", "sse", sizes=(1, 1, 1))
    return network, np.array([1.0, bias, 1.0, 0.0]), np.array([[1.0]]), np.array([[3.0]])


def test_a_neuron_exactly_on_its_kink_is_marked_and_not_held_against_the_gradient():
    network, theta, x, y = one_relu(-1.0)
    check = check_gradient(network, theta, x, y)
    assert list(check.at_kink) == [True, True, False, False]
    # The slope at 0 counts as 0; the difference lies between the slopes of the two sides, 0 and −6.
    assert check.analytic[0] == 0.0 and -6.0 < check.numeric[0] < 0.0
    assert check.relative_error[0] > 0.5 and check.largest_error <= LIMIT


def test_near_a_kink_a_smaller_step_is_taken():
    network, theta, x, y = one_relu(-1.0 + 1e-4)
    check = check_gradient(network, theta, x, y)
    assert not check.at_kink.any() and check.largest_error <= LIMIT
    assert check.step[0] < check.step[2]


def test_a_loss_that_is_not_defined_is_an_infinite_error():
    network = network_of("tanh", "linear", "bce_mean")
    rng = np.random.default_rng(0)
    theta, x = rng.normal(size=network.layout.size), rng.normal(size=(3, 2))
    Views(network.layout, theta).biases[-1][...] = -5.0
    check = check_gradient(network, theta, x, np.full((3, 2), 0.5))
    assert check.largest_error == np.inf


def test_a_network_that_fits_perfectly_has_no_errors():
    network = network_of("tanh", "linear", "mse_half")
    rng = np.random.default_rng(2)
    theta, x = rng.normal(size=network.layout.size), rng.normal(size=(3, 2))
    y = Evaluator(network, Views(network.layout, theta)).outputs(x)
    check = check_gradient(network, theta, x, y)
    assert not np.any(check.analytic) and check.largest_error <= LIMIT


def test_the_report_cannot_be_changed():
    network, theta, x, y, _ = problem("sigmoid", "sigmoid", "mse_half")
    check = check_gradient(network, theta, x, y)
    for name in ("indices", "analytic", "numeric", "relative_error", "step", "at_kink"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(check, name)[0] = 0


def test_a_pass_gives_the_gradient_of_each_samples_own_loss():
    network, theta, x, y, whole = problem("tanh", "sigmoid", "bce_sum")
    evaluator = Evaluator(network, Views(network.layout, theta))
    alone = [evaluator.full_pass(x[i : i + 1], y[i : i + 1]) for i in range(len(x))]
    np.testing.assert_allclose(sum(p.gradient for p in alone), whole.gradient, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(sum(p.loss for p in alone), whole.loss, rtol=1e-13)


def test_a_check_in_pieces_finds_the_same_as_one_at_once():
    network, theta, x, y, _ = problem("tanh", "softmax", "cce")
    whole = check_gradient(network, theta, x, y)
    checker = GradientChecker(network, theta, x, y)
    pieces = [checker.check(range(i, min(i + 5, theta.size))) for i in range(0, theta.size, 5)]
    for name in ("indices", "analytic", "numeric", "relative_error", "step", "at_kink"):
        np.testing.assert_array_equal(
            np.concatenate([getattr(p, name) for p in pieces]), getattr(whole, name)
        )
