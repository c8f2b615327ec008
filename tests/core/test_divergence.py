"""A run that leaves the finite numbers stops at the last good state, however it was run."""

from dataclasses import fields, replace

import numpy as np
import pytest

from nnsim.core.arrays import read_only
from nnsim.core.network import NetworkSpec
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.trainer import Diverged, Task, Trainer, TrainState


def task_of(learning_rate=1e6, output="linear", loss="mse_half", optimizer="sgd", hidden="relu"):
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(20, 2)), rng.uniform(0.2, 0.8, (20, 1))
    spec = NetworkSpec.chain((2, 4, 1), (hidden, output), loss)
    return Task(
        spec, x[:15], y[:15], x[15:], y[15:], learning_rate, optimizer, batch_size=4, shuffle=True, seed=2
    )


def start(bias=0.0):
    theta = np.random.default_rng(6).normal(size=17)
    theta[-1] += bias
    return TrainState(read_only(theta))


def contents(state):
    found = {f.name: getattr(state, f.name) for f in fields(state)}
    curves = found.pop("curves")
    found["theta"], found["slots"] = found["theta"].tobytes(), tuple(s.tobytes() for s in found["slots"])
    return found | {f.name: getattr(curves, f.name).tobytes() for f in fields(curves)}


def stepwise(task, state):
    trainer = Trainer(task, state)
    with pytest.raises(Diverged):
        for _ in range(10_000):
            trainer.advance()
    return trainer


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov"])
def test_a_huge_learning_rate_is_caught_at_the_last_finite_state(optimizer):
    task = task_of(optimizer=optimizer)
    trainer = Trainer(task, start())
    with pytest.raises(Diverged):
        trainer.run(1000)
    state = trainer.checkpoint()
    assert np.isfinite(state.theta).all() and all(np.isfinite(s).all() for s in state.slots)
    assert np.isfinite(state.curves.train).all()
    # It stands before the update that failed; that update fails again.
    assert trainer.plan[trainer.phase] == trainer.plan[-1]
    with pytest.raises(Diverged):
        trainer.advance()
    assert contents(trainer.checkpoint()) == contents(state)


@pytest.mark.parametrize("burst", [1, 2, 3, 7, 1000])
def test_where_it_stops_does_not_depend_on_how_it_was_run(burst):
    task = task_of(learning_rate=30.0)
    expected = stepwise(task, start())
    trainer = Trainer(task, start())
    with pytest.raises(Diverged):
        for _ in range(10_000):
            trainer.run(burst)
    assert expected.step > 3
    assert contents(trainer.checkpoint()) == contents(expected.checkpoint())


def test_after_it_an_earlier_state_can_be_restored_as_if_nothing_had_happened():
    task = task_of(learning_rate=1.0)
    trainer = Trainer(task, start())
    trainer.run(2)
    good = trainer.checkpoint()
    with pytest.raises(Diverged):
        trainer.run(1000)
    trainer.restore(good)
    assert contents(trainer.checkpoint()) == contents(good)
    calm, fresh = (Trainer(replace(task, learning_rate=0.01), s) for s in (trainer.checkpoint(), good))
    calm.run(50), fresh.run(50)
    assert contents(calm.checkpoint()) == contents(fresh.checkpoint())
    assert calm.train_loss() < Trainer(task, good).train_loss()


@pytest.mark.parametrize("optimizer", [o.key for o in OPTIMIZERS if o.key != "adamw"])
def test_saturated_neurons_keep_even_a_huge_learning_rate_finite(optimizer):
    task = task_of(hidden="tanh", output="sigmoid", loss="bce_mean", optimizer=optimizer)
    trainer = Trainer(task, start())
    trainer.run(300)
    assert np.isfinite(trainer.theta.flat).all() and np.isfinite(trainer.train_loss())


def test_weight_decay_under_a_huge_learning_rate_is_caught_too():
    # Every parameter is multiplied by 1 − 1e6·0.01 in each update.
    task = task_of(hidden="tanh", output="sigmoid", loss="bce_mean", optimizer="adamw")
    trainer = Trainer(task, start())
    with pytest.raises(Diverged):
        trainer.run(300)
    assert np.isfinite(trainer.theta.flat).all()


@pytest.mark.parametrize(
    ("output", "loss"), [("linear", "bce_mean"), ("tanh", "bce_mean"), ("linear", "cce")]
)
def test_leaving_the_domain_of_the_loss_is_divergence(output, loss):
    task = task_of(learning_rate=0.01, output=output, loss=loss)
    trainer = Trainer(task, start(bias=-9.0))
    with pytest.raises(Diverged):
        trainer.run(5)
    assert np.isfinite(trainer.theta.flat).all() and trainer.step == 0


def test_divergence_says_nothing_but_itself():
    with np.errstate(all="raise"), pytest.raises(Diverged):
        Trainer(task_of(), start()).run(1000)


@pytest.mark.parametrize("burst", [1, 3])
def test_short_runs_share_what_they_go_back_to_and_stop_at_the_same_state(burst):
    task = replace(task_of(), learning_rate=40.0)  # it takes some updates to diverge
    expected = stepwise(task, start())
    assert expected.step > 3
    trainer = Trainer(task, start())
    with pytest.raises(Diverged):
        for _ in range(10_000):
            trainer.run(burst)
    assert contents(trainer.checkpoint()) == contents(expected.checkpoint())


def test_going_elsewhere_between_short_runs_is_not_undone_by_divergence():
    task = replace(task_of(), learning_rate=40.0)
    at = stepwise(task, start()).step - 2
    trainer, other = Trainer(task, start()), Trainer(task, start(0.5))
    trainer.run(2)
    other.run(1)
    trainer.restore(other.checkpoint())
    with pytest.raises(Diverged):
        for _ in range(10_000):
            trainer.run(1)
    assert at > 0 and contents(trainer.checkpoint()) == contents(stepwise(task, start(0.5)).checkpoint())
