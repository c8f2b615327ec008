"""Why a run left the finite numbers: read off the last good state."""

import numpy as np
import pytest

from nnsim.core.divergence import diagnose
from nnsim.core.network import Network, NetworkSpec, Views


def setup():
    network = Network(NetworkSpec.chain((2, 3, 1), ("linear", "linear")))
    rng = np.random.default_rng(1)
    return network, rng.normal(size=network.layout.size), rng.normal(size=(9, 2)), rng.normal(size=(9, 1))


def test_the_layer_that_would_move_farthest_is_named_with_its_sizes():
    network, theta, x, y = setup()
    views = Views(network.layout, theta)
    views.weights[1][:] = 1e5  # makes the gradients of the first layer the large ones
    found = diagnose(network, theta, x, y, 0.1)
    assert found.layer == 1
    assert found.weight == max(np.abs(views.weights[0]).max(), np.abs(views.biases[1]).max())
    assert found.move == pytest.approx(0.1 * found.gradient)
    out = (x @ views.weights[0].T + views.biases[1]) @ views.weights[1].T + views.biases[2]
    delta = ((out - y) / len(x)) @ views.weights[1]
    assert found.gradient == pytest.approx(max(np.abs(delta.T @ x).max(), np.abs(delta.sum(axis=0)).max()))
    assert found.loss == pytest.approx(0.5 * ((out - y) ** 2).sum() / len(x))


def test_of_broken_gradients_the_one_nearest_the_output_is_named_without_a_warning():
    network, theta, x, y = setup()
    Views(network.layout, theta).weights[1][:] = 1e300
    with np.errstate(all="raise"):
        found = diagnose(network, theta, x * 1e100, y, 0.1)
    assert found.layer == 2
    assert not np.isfinite(found.gradient)
    assert found.weight == 1e300


def test_without_samples_nothing_is_known():
    network, theta, x, y = setup()
    assert diagnose(network, theta, x[:0], y[:0], 0.1) is None
