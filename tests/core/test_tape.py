"""Going back in a run gives the bytes of then, wherever and however the run was walked."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.core import curves as curves_module
from nnsim.core.arrays import read_only
from nnsim.core.network import NetworkSpec
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.tape import Tape
from nnsim.core.trainer import Position, Task, Trainer, TrainState


def task_of(
    optimizer="momentum", batch_size=5, shuffle=True, n=23, output="sigmoid", loss="bce_mean", l2=0.01
):
    rng = np.random.default_rng(4)
    spec = NetworkSpec.chain((2, 4, 3, 2), ("tanh", "relu", output), loss, l2=l2)
    x, y = rng.normal(size=(n + 6, 2)), np.zeros((n + 6, 2))
    y[np.arange(n + 6), rng.integers(0, 2, n + 6)] = 1.0
    return Task(
        spec, x[:n], y[:n], x[n:], y[n:], learning_rate=0.05, optimizer=optimizer, batch_size=batch_size,
        shuffle=shuffle, seed=7,
    )  # fmt: skip


def start_of(task):
    size = 2 * 4 + 4 + 4 * 3 + 3 + 3 * 2 + 2
    return TrainState(read_only(np.random.default_rng(3).normal(size=size)))


def contents(state):
    """A state as bytes and numbers, to be compared as a whole."""
    found = {f.name: getattr(state, f.name) for f in fields(state)}
    curves = found.pop("curves")
    found["theta"] = found["theta"].tobytes()
    found["slots"] = tuple(s.tobytes() for s in found["slots"])
    return found | {f.name: getattr(curves, f.name).tobytes() for f in fields(curves)}


def walked(task, position):
    """A trainer that went to ``position`` without ever going back."""
    trainer = Trainer(task, start_of(task))
    trainer.run(position.step)
    for _ in range(position.phase):
        trainer.advance()
    for _ in range(position.operation):
        trainer.advance_operation()
    assert trainer.position == position
    return trainer


def positions(task):
    """Moments of the first steps, between operations too."""
    trainer = Trainer(task, start_of(task))

    def moment(step, phase, share):
        return Position(step, phase, int(share * len(trainer.operations_of(phase))))

    phases = st.integers(0, len(trainer.plan) - 1)
    return st.builds(moment, st.integers(0, 40), phases, st.floats(0.0, 1.0, exclude_max=True))


@pytest.mark.parametrize("optimizer", OPTIMIZERS.keys())
@given(data=st.data())
@settings(max_examples=12)
def test_any_moment_is_found_again_as_it_was(optimizer, data):
    task = task_of(
        optimizer, data.draw(st.sampled_from([0, 1, 5, 23])), data.draw(st.booleans()),
        output=data.draw(st.sampled_from(["sigmoid", "softmax"])), l2=data.draw(st.sampled_from([0.0, 0.01])),
    )  # fmt: skip
    trainer = Trainer(task, start_of(task))
    tape = Tape(task, start_of(task))
    while trainer.step < 41:
        trainer.run(data.draw(st.integers(1, 12)))
        tape.keep(trainer)
    for position in data.draw(st.lists(positions(task), min_size=1, max_size=4)):
        tape.seek(trainer, position)
        assert trainer.position == position
        assert contents(trainer.checkpoint()) == contents(walked(task, position).checkpoint())


@given(data=st.data())
@settings(max_examples=25)
def test_continuing_from_an_earlier_moment_gives_the_same_future(data):
    task = task_of("adam")
    trainer, tape = Trainer(task, start_of(task)), Tape(task, start_of(task))
    trainer.run(41)
    tape.rest(trainer)
    future = contents(trainer.checkpoint())
    tape.seek(trainer, data.draw(positions(task)))
    while trainer.step < 41:
        if data.draw(st.booleans()):
            trainer.run(1)
        else:
            trainer.advance_neuron()
        tape.keep(trainer)
    assert contents(trainer.checkpoint()) == future
    assert contents(replace(tape_end(tape, trainer), operation=0)) == future


def tape_end(tape, trainer):
    tape.seek(trainer, tape.reached)
    return trainer.checkpoint()


def test_operations_and_neurons_end_in_the_bytes_of_phases():
    task = task_of("adam")
    by_phase, by_operation, by_neuron = (Trainer(task, start_of(task)) for _ in range(3))
    for _ in range(3 * len(by_phase.plan)):
        done = by_phase.advance()
        while (computed := by_operation.advance_operation()) is None:
            assert by_operation.position < by_phase.position
        assert computed == done
        while by_neuron.position < by_phase.position:
            by_neuron.advance_neuron()
        expected = contents(by_phase.checkpoint())
        assert contents(by_operation.checkpoint()) == contents(by_neuron.checkpoint()) == expected


def test_a_state_between_operations_is_taken_up_again():
    task = task_of()
    trainer = walked(task, Position(3, 2, 3))
    again = Trainer(task, trainer.checkpoint())
    assert again.position == Position(3, 2, 3)
    assert contents(again.checkpoint()) == contents(trainer.checkpoint())


def test_curves_are_those_of_then_also_after_they_were_thinned(monkeypatch):
    monkeypatch.setattr(curves_module, "CAPACITY", 8)
    task = task_of(batch_size=0)  # an update is an epoch
    trainer, tape = Trainer(task, start_of(task)), Tape(task, start_of(task))
    then = [contents(trainer.checkpoint())]
    for _ in range(100):
        trainer.advance()
        while trainer.phase:
            trainer.advance()
        then.append(contents(trainer.checkpoint()))
        if trainer.step % 7 == 0:
            tape.keep(trainer)
    for step in (100, 3, 0, 64, 7, 8, 9, 15, 16, 17, 40, 31, 32, 33, 99, 1):
        tape.seek(trainer, Position(step))
        assert contents(trainer.checkpoint()) == then[step]
    tape.seek(trainer, Position(20))
    trainer.run(80)
    assert contents(trainer.checkpoint()) == then[100]
    tape.seek(trainer, Position(12))
    assert contents(trainer.checkpoint()) == then[12]


def test_a_moment_that_is_not_known_is_the_nearest_known_one():
    task = task_of()
    trainer, tape = Trainer(task, start_of(task)), Tape(task, start_of(task))
    trainer.run(10)
    tape.seek(trainer, Position(500))
    assert trainer.position == Position(10)
    tape.seek(trainer, Position(-3))
    assert trainer.position == Position(0) == tape.start
    tape.seek(trainer, Position(4, 99, 10**6))
    assert trainer.position == Position(4, 7, len(trainer.operations) - 1)


def test_a_tape_stays_within_its_budget_and_finds_every_moment():
    task = task_of("adam")
    budget = 100_000
    trainer, tape = Trainer(task, start_of(task)), Tape(task, start_of(task), budget)
    for _ in range(1500):
        trainer.run(1)
        tape.keep(trainer)
    assert tape.bytes < 1.3 * budget
    for step in (1, 777, 1499):
        tape.seek(trainer, Position(step))
        assert (
            trainer.checkpoint().theta.tobytes() == walked(task, Position(step)).checkpoint().theta.tobytes()
        )


def test_a_hundred_thousand_batches_stay_within_twenty_megabytes():
    rng = np.random.default_rng(1)
    spec = NetworkSpec.chain((2, 4, 2, 1), ("tanh",) * 3)
    x = rng.normal(size=(10, 2))
    task = Task(spec, x, x[:, :1] * x[:, 1:], x[:0], x[:0, :1], 0.01, optimizer="adam")
    start = TrainState(read_only(rng.normal(size=25) * 0.3))
    trainer, tape = Trainer(task, start), Tape(task, start)
    trainer._record = lambda: None  # a hundred thousand losses would take longer than the updates
    while trainer.step < 100_000:
        trainer.run(50)  # a slice of a slow machine
        tape.keep(trainer)
    assert tape.bytes < 20e6


def test_epochs_and_steps_are_told_from_each_other():
    task = task_of()  # five batches an epoch
    trainer = walked(task, Position(13))
    tape = Tape(task, trainer.checkpoint())
    assert [tape.epoch_of(step) for step in (13, 14, 15, 20)] == [2, 2, 3, 4]
    assert tape.steps_of(np.array([2, 3, 7])).tolist() == [10, 15, 35]
