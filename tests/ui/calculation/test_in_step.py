"""While a step goes by operations, the panels too know what has been shown and nothing more."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnsim.engine.messages import Granularity
from nnsim.model.build import build
from nnsim.model.project import Training
from nnsim.ui.panels.reading import Reading, at


@pytest.fixture
def bench(open_bench: Any) -> Any:
    """Batches of 10, a layer that shares its bias."""
    return open_bench(build((2, 3, 1), "tanh", training=Training(batch_size=10), seed=3))


def reading(bench: Any) -> Reading:
    session = bench.session
    return Reading(session.project, session.snapshot, session.busy, bench.controller.in_step)


def step(bench: Any, times: int = 1, size: Granularity = Granularity.OPERATION) -> None:
    for _ in range(times):
        bench.controller.step(size)
        bench.settle()


def test_between_steps_and_by_layers_there_is_no_step_to_follow(bench: Any) -> None:
    assert bench.controller.in_step is None
    step(bench, size=Granularity.LAYER)
    assert bench.controller.in_step is None
    step(bench)
    assert bench.controller.in_step is not None
    bench.controller.back(Granularity.OPERATION)
    bench.settle()
    assert bench.controller.in_step is not None, "at the end of a layer the view stays as fine as it was"


def test_numbers_come_one_by_one(bench: Any) -> None:
    step(bench)
    assert at(reading(bench).z(1), 0) is not None
    assert at(reading(bench).a(1), 0) is None
    assert at(reading(bench).z(1), 1) is None
    step(bench)
    assert at(reading(bench).a(1), 0) is not None
    assert at(reading(bench).slope(1), 0) is None, "the slope is the backward pass's"


def test_the_sample_s_parts_add_up_to_the_gradient_of_the_batch(bench: Any) -> None:
    while bench.session.snapshot.step == 0 and bench.session.snapshot.phase < 5:
        step(bench, size=Granularity.NEURON)
    n = bench.session.snapshot.step_numbers
    assert n.count == 10
    whole, own = np.zeros_like(n.theta), []
    for sample in bench.session.snapshot.batch_samples:
        bench.controller.view.set_sample(int(sample))
        bench.settle()
        found = bench.controller.in_step
        assert found.sample == int(sample)
        own.append(found.own_gradient())
        whole += own[-1]
    np.testing.assert_allclose(whole, n.gradient, rtol=1e-12, atol=1e-15)
    batch = reading(bench).batch_weight_gradient("C1")
    assert batch is not None
    np.testing.assert_array_equal(batch, found.compiled.parameters(n.gradient).weights["C1"])


def test_weights_are_the_old_ones_until_their_own_update(bench: Any) -> None:
    before = {k: w.copy() for k, w in bench.project.parameters.weights.items()}
    while bench.session.snapshot.phase < 5:
        step(bench, size=Granularity.LAYER)
    step(bench, 2)
    now, after = reading(bench).weights("C1"), bench.session.snapshot.step_numbers.theta_after
    new = bench.controller.in_step.compiled.parameters(after).weights["C1"]
    assert now[0].tolist() == new[0].tolist()
    assert now[1].tolist() == before["C1"][1].tolist()
    assert reading(bench).weights("C2").tolist() == before["C2"].tolist()
