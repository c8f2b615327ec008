"""Extreme inputs stay finite and silent: huge logits and weights, constant columns, one sample, none."""

import warnings

import numpy as np
import pytest

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.arrays import read_only
from nnsim.core.datasets import SCALINGS, fit_scaling
from nnsim.core.evaluate import Evaluator
from nnsim.core.losses import LOSSES
from nnsim.core.metrics import METRICS
from nnsim.core.network import Network, NetworkSpec, Views
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.trainer import Task, Trainer, TrainState

HIDDEN = [a.key for a in ACTIVATIONS if not a.vector]
# (output activation, loss) whose loss is defined for every z.
DEFINED = [(a.key, loss.key) for a in ACTIVATIONS for loss in LOSSES if loss.family == "squared"]
DEFINED += [("sigmoid", loss.key) for loss in LOSSES if loss.family == "bce"]
DEFINED += [("softmax", loss.key) for loss in LOSSES if loss.family == "cce"]


@pytest.fixture(autouse=True)
def every_floating_point_warning_is_an_error():
    with np.errstate(all="raise", under="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("largest", [1e2, 1e4, 1e150, 1e300])
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda a: a.key)
def test_activations_of_huge_sums(activation, largest):
    z = np.array([[-largest, -1.0, -0.0, 0.0, 1e-300, 1.0, largest]])
    options = activation.numbers({})
    a, slope = activation.value(z), np.empty_like(z)
    activation.slope(z, a, slope, options)
    derivative = activation.derivative(z, options)
    for found in (a, slope, derivative):
        assert np.isfinite(found).all()
    assert (a >= activation.low).all() and (a <= activation.high).all()


@pytest.mark.parametrize(("output", "loss"), DEFINED)
@pytest.mark.parametrize("largest", [800.0, 1e4, 1e150])
def test_losses_of_huge_sums(output, loss, largest):
    loss, activation = LOSSES[loss], ACTIVATIONS[output]
    z = np.array([[-largest, largest], [largest, -largest], [0.0, largest], [-largest, -largest]])
    a = activation.value(z)
    for row in ([1.0, 0.0], [0.0, 1.0], [0.5, 0.5]):
        y = np.tile(row, (4, 1))
        value = loss.value(z, a, y, output)
        assert np.isfinite(value) and value >= 0.0
        delta = np.empty_like(z)
        if loss.fused_with(output):
            loss.fused_delta(a, y, loss.scale(4, 2), delta)
        else:
            loss.gradient(a, y, loss.scale(4, 2), delta)
        assert np.isfinite(delta).all()


@pytest.mark.parametrize("loss", [loss.key for loss in LOSSES if loss.family != "squared"])
def test_the_gradient_by_a_is_no_nan_where_a_reaches_its_ends(loss):
    ends, delta = np.array([[0.0, 1.0]]), np.empty((1, 2))
    for row in ([0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]):
        LOSSES[loss].gradient(ends, np.array([row]), 1.0, delta)
        assert not np.isnan(delta).any()
        value = LOSSES[loss].value(ends, ends, np.array([row]), "linear")
        assert not np.isnan(value)
    LOSSES[loss].gradient(ends, ends, 1.0, delta)
    expected = [1.0, -1.0] if LOSSES[loss].family == "bce" else [0.0, -1.0]
    np.testing.assert_array_equal(delta[0], expected)


@pytest.mark.parametrize("loss", [loss.key for loss in LOSSES if loss.family != "squared"])
def test_outside_its_domain_a_loss_is_infinite_and_has_no_gradient(loss):
    a, y, delta = np.array([[-0.5, 0.5]]), np.array([[1.0, 0.0]]), np.empty((1, 2))
    assert LOSSES[loss].value(a, a, y, "linear") == np.inf
    LOSSES[loss].gradient(a, y, 1.0, delta)
    assert np.isnan(delta[0, 0]) and np.isfinite(delta[0, 1])


def passes(sizes, activations, loss, theta, n=3):
    network = Network(NetworkSpec.chain(sizes, activations, loss))
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(n, sizes[0])), np.zeros((n, sizes[-1]))
    y[:, 0] = 1.0
    theta = theta(network, rng)
    return Evaluator(network, Views(network.layout, theta)).full_pass(x, y)


@pytest.mark.parametrize(("output", "loss"), DEFINED)
@pytest.mark.parametrize("layer", [0, 1])
def test_weights_of_1e150_in_a_layer_leave_every_number_finite(output, loss, layer):
    for hidden in HIDDEN:

        def theta(network, rng):
            values = rng.normal(size=network.layout.size)
            Views(network.layout, values).weights[layer][...] *= 1e150
            return values

        found = passes((2, 3, 2), (hidden, output), loss, theta)
        assert np.isfinite(found.loss) and np.isfinite(found.gradient).all(), hidden
        for arrays in (found.z, found.a, found.delta, found.da[:-1]):
            assert all(np.isfinite(array).all() for array in arrays), hidden
        assert not np.isnan(found.da[-1]).any()


@pytest.mark.parametrize("hidden", HIDDEN)
def test_weights_of_1e300_give_a_loss_that_is_no_warning(hidden):
    found = passes(
        (2, 3, 2), (hidden, "linear"), "mse_half", lambda net, rng: np.full(net.layout.size, 1e300)
    )
    assert found.loss == np.inf


@pytest.mark.parametrize("optimizer", OPTIMIZERS.keys())
@pytest.mark.parametrize("columns", ["constant", "zero", "huge", "tiny"])
def test_training_on_strange_columns_stays_finite(optimizer, columns):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(8, 2))
    x[:, 1] = {"constant": 0.1, "zero": 0.0, "huge": 1e100, "tiny": 1e-300}[columns]
    y = rng.uniform(size=(8, 1)).round()
    for scaling in SCALINGS:
        scaled = fit_scaling(scaling.key, x).apply(x)
        task = Task(NetworkSpec.chain((2, 3, 1), ("tanh", "sigmoid"), "bce_mean"), scaled, y, x[:0], y[:0],
                    learning_rate=0.1, optimizer=optimizer, batch_size=3, shuffle=True)  # fmt: skip
        trainer = Trainer(task, TrainState(read_only(rng.normal(size=13))))
        trainer.run(50)
        assert np.isfinite(trainer.theta.flat).all() and np.isfinite(trainer.train_loss())


def test_one_sample_is_enough_to_train_on():
    x, y = np.array([[0.5, -0.5]]), np.array([[1.0]])
    task = Task(
        NetworkSpec.chain((2, 1), ("sigmoid",), "bce_mean"),
        x,
        y,
        x[:0],
        y[:0],
        1.0,
        batch_size=10,
        shuffle=True,
    )
    trainer = Trainer(task, TrainState(read_only(np.zeros(3))))
    trainer.run(100)
    assert trainer.train_loss() < 0.02 and np.isnan(trainer.test_loss())


def test_no_sample_at_all_can_be_looked_at():
    network = Network(NetworkSpec.chain((2, 3, 1), ("tanh", "sigmoid"), "bce_mean"))
    evaluator = Evaluator(network, Views(network.layout, np.zeros(network.layout.size)))
    none, nothing = np.zeros((0, 2)), np.zeros((0, 1))
    assert evaluator.outputs(none).shape == (0, 1)
    assert np.isnan(evaluator.loss(none, nothing))
    assert evaluator.full_pass(none, nothing).loss == 0.0
    for metric in METRICS:
        assert np.isnan(metric.value(nothing, nothing, 0.0))


def test_large_sets_go_through_in_parts_with_the_same_result():
    network = Network(NetworkSpec.chain((2, 3, 2), ("tanh", "softmax"), "cce"))
    rng = np.random.default_rng(5)
    evaluator = Evaluator(network, Views(network.layout, rng.normal(size=network.layout.size)))
    x, y = rng.normal(size=(9001, 2)), np.zeros((9001, 2))
    y[np.arange(9001), rng.integers(0, 2, 9001)] = 1.0
    outputs = evaluator.outputs(x)
    np.testing.assert_allclose(outputs[4000:4200], evaluator.outputs(x[4000:4200]), rtol=1e-14)
    np.testing.assert_allclose(evaluator.loss(x, y), -np.log(outputs[y == 1.0]).mean(), rtol=1e-12)
