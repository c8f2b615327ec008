"""Training in float32: every buffer holds it, states hold it exactly, and it stays near float64."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.arrays import read_only
from nnsim.core.losses import LOSSES
from nnsim.core.network import ConnectionSpec, LayerSpec, Network, NetworkSpec
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.trainer import Task, Trainer, TrainState


def task_of(
    hidden: str = "tanh", output: str = "sigmoid", loss: str = "bce_mean", optimizer: str = "sgd"
) -> tuple[Task, TrainState]:
    """A 3-5-4-2 network with a connection that skips a layer, penalties and frozen parameters."""
    rng, sizes = np.random.default_rng(2), (3, 5, 4, 2)
    layers = (LayerSpec(3), LayerSpec(5, hidden), LayerSpec(4, hidden, bias="shared"), LayerSpec(2, output))
    joins = (*(ConnectionSpec(i, j) for i, j in pairwise(range(4))), ConnectionSpec(0, 3))
    spec = NetworkSpec(layers, joins, loss, 0.001, 0.002)
    x, y = rng.normal(size=(20, sizes[0])), np.eye(2)[rng.integers(0, 2, 20)]
    theta = rng.normal(size=Network(spec).layout.size)
    frozen = np.zeros(theta.size, dtype=bool)
    frozen[3] = True
    task = Task(
        spec, x, y, x[:6], y[:6], 0.05, optimizer, batch_size=6, shuffle=True, frozen=frozen,
        precision="float32",
    )  # fmt: skip
    return task, TrainState(read_only(theta))


CASES = [
    *({"hidden": a.key} for a in ACTIVATIONS if not a.vector),
    *({"output": "softmax", "loss": key} for key in LOSSES.keys()),  # noqa: SIM118
    *({"loss": key} for key in LOSSES.keys()),  # noqa: SIM118
    *({"optimizer": key} for key in OPTIMIZERS.keys()),  # noqa: SIM118
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: "-".join(c.values()))
def test_no_number_of_an_update_is_float64(case: dict[str, str]) -> None:
    trainer = Trainer(*task_of(**case))
    calls = trainer._straight(0)
    floats = [v for call in calls for v in call if isinstance(v, np.ndarray) and v.dtype.kind == "f"]
    assert floats and {v.dtype for v in floats} == {np.dtype(np.float32)}
    bound = [call[0].__self__ for call in calls if isinstance(getattr(call[0], "__self__", None), np.ndarray)]
    assert bound and {v.dtype for v in bound} == {np.dtype(np.float32)}


@pytest.mark.parametrize("case", CASES, ids=lambda c: "-".join(c.values()))
def test_the_first_updates_are_those_of_float64_to_six_figures(case: dict[str, str]) -> None:
    task, state = task_of(**case)
    single, double = Trainer(task, state), Trainer(replace(task, precision="float64"), state)
    single.run(3), double.run(3)
    np.testing.assert_allclose(single.theta.flat, double.theta.flat, rtol=2e-4, atol=2e-5)
    np.testing.assert_allclose(single.train_loss(), double.train_loss(), rtol=1e-4)
    assert (single.theta.flat != double.theta.flat).any()


@pytest.mark.parametrize("optimizer", OPTIMIZERS.keys())
def test_states_hold_float32_exactly_so_that_resuming_gives_the_same_bytes(optimizer: str) -> None:
    task, state = task_of(optimizer=optimizer)
    whole, half = Trainer(task, state), Trainer(task, state)
    whole.run(50), half.run(21)
    saved = half.checkpoint()
    assert saved.theta.dtype == np.float64 and all(s.dtype == np.float64 for s in saved.slots)
    rest = Trainer(task, saved)
    rest.run(29)
    assert rest.theta.flat.dtype == np.float32
    assert rest.theta.flat.tobytes() == whole.theta.flat.tobytes()


def test_stepping_gives_the_bytes_of_running() -> None:
    task, state = task_of(optimizer="adam")
    ran, stepped = Trainer(task, state), Trainer(task, state)
    ran.run(12)
    for _ in range(12 * len(stepped.plan)):
        stepped.advance()
    assert ran.theta.flat.tobytes() == stepped.theta.flat.tobytes()


def test_what_is_looked_at_is_float64_again() -> None:
    task, state = task_of()
    trainer = Trainer(task, state)
    assert trainer.evaluator.outputs(task.x_test).dtype == np.float64
    assert isinstance(trainer.train_loss(), float) and isinstance(trainer.penalty(), float)
