"""Stepping phase by phase, running in bursts and resuming give the same bytes, curves included."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.arrays import read_only
from nnsim.core.losses import LOSSES
from nnsim.core.network import ConnectionSpec, LayerSpec, NetworkSpec
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.phases import Phase, PhaseKind
from nnsim.core.schedules import SCHEDULES
from nnsim.core.trainer import Task, Trainer, TrainState


def task_of(
    *, n=23, test=6, batch_size=5, shuffle=True, optimizer="momentum", loss="bce_mean", hidden="tanh",
    output="sigmoid", schedule="constant", seed=7, l1=0.001, l2=0.01, frozen=None,
):  # fmt: skip
    """A 2-4-3-2 network with a connection that skips a layer, and data of odd sizes."""
    rng = np.random.default_rng(seed)
    layers = (LayerSpec(2), LayerSpec(4, hidden), LayerSpec(3, hidden, bias="shared"), LayerSpec(2, output))
    joins = (ConnectionSpec(0, 1), ConnectionSpec(1, 2), ConnectionSpec(2, 3), ConnectionSpec(0, 3))
    spec = NetworkSpec(layers, joins, loss, l1, l2)
    x, y = rng.normal(size=(n + test, 2)), np.zeros((n + test, 2))
    y[np.arange(n + test), rng.integers(0, 2, n + test)] = 1.0
    return Task(
        spec, x[:n].copy(), y[:n].copy(), x[n:].copy(), y[n:].copy(), learning_rate=0.05, optimizer=optimizer,
        schedule=schedule, batch_size=batch_size, shuffle=shuffle, seed=seed, frozen=frozen,
    )  # fmt: skip


def start_of(task, seed=3):
    size = Trainer(task, TrainState(np.zeros(2 * 4 + 4 + 4 * 3 + 3 + 3 * 2 + 2 * 2 + 2))).theta.flat.size
    theta = np.random.default_rng(seed).normal(size=size)
    theta[8 + 4 + 12 : 8 + 4 + 12 + 3] = 0.2  # the shared bias: equal entries
    return TrainState(read_only(theta))


def contents(state):
    """A state as bytes and numbers, to be compared as a whole."""
    found = {f.name: getattr(state, f.name) for f in fields(state)}
    curves = found.pop("curves")
    found["theta"] = found["theta"].tobytes()
    found["slots"] = tuple(s.tobytes() for s in found["slots"])
    return found | {f.name: getattr(curves, f.name).tobytes() for f in fields(curves)}


def after_phases(task, state, count):
    trainer = Trainer(task, state)
    for _ in range(count):
        trainer.advance()
    return trainer


PER_STEP = 8  # forward, loss and backward of three layers, update
STEPS = 17  # over three epochs of five batches, the last of them smaller


def test_a_step_is_forward_loss_backward_update():
    trainer = Trainer(task_of(), start_of(task_of()))
    walked = [trainer.advance() for _ in range(PER_STEP)]
    forward = [Phase(PhaseKind.FORWARD, layer) for layer in (1, 2, 3)]
    backward = [Phase(PhaseKind.BACKWARD, layer) for layer in (3, 2, 1)]
    assert walked == [*forward, Phase(PhaseKind.LOSS), *backward, Phase(PhaseKind.UPDATE)]
    assert tuple(walked) == trainer.plan
    assert trainer.phase == 0 and trainer.step == 1


def test_the_generator_walks_the_same_phases():
    trainer = Trainer(task_of(), start_of(task_of()))
    phases = trainer.phases()
    walked = [next(phases) for _ in range(2 * PER_STEP)]
    assert tuple(walked) == trainer.plan * 2
    assert contents(trainer.checkpoint()) == contents(
        after_phases(task_of(), start_of(task_of()), 2 * PER_STEP).checkpoint()
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS.keys())
@pytest.mark.parametrize("batch_size", [0, 1, 5, 23, 100])
def test_stepping_equals_running_for_every_optimizer_and_batch(optimizer, batch_size):
    task = task_of(optimizer=optimizer, batch_size=batch_size)
    stepped = after_phases(task, start_of(task), STEPS * PER_STEP)
    ran = Trainer(task, start_of(task))
    assert ran.run(STEPS) == STEPS
    assert contents(stepped.checkpoint()) == contents(ran.checkpoint())


@pytest.mark.parametrize("schedule", SCHEDULES.keys())
def test_stepping_equals_running_under_every_schedule(schedule):
    task = task_of(schedule=schedule)
    stepped = after_phases(task, start_of(task), STEPS * PER_STEP)
    ran = Trainer(task, start_of(task))
    ran.run(STEPS)
    assert contents(stepped.checkpoint()) == contents(ran.checkpoint())


@pytest.mark.parametrize("loss", LOSSES.keys())
@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_stepping_equals_running_for_every_loss(loss, output):
    task = task_of(loss=loss, output=output)
    stepped = after_phases(task, start_of(task), STEPS * PER_STEP)
    ran = Trainer(task, start_of(task))
    ran.run(STEPS)
    assert contents(stepped.checkpoint()) == contents(ran.checkpoint())


@pytest.mark.parametrize("hidden", [a.key for a in ACTIVATIONS if not a.vector])
def test_stepping_equals_running_for_every_activation(hidden):
    task = task_of(hidden=hidden)
    stepped = after_phases(task, start_of(task), STEPS * PER_STEP)
    ran = Trainer(task, start_of(task))
    ran.run(STEPS)
    assert contents(stepped.checkpoint()) == contents(ran.checkpoint())


# What somebody can do with a trainer, each with the number of phases it goes on by.
WALKS = st.lists(
    st.one_of(
        st.tuples(st.just("advance"), st.integers(1, 11)),
        st.tuples(st.just("run"), st.integers(0, 6)),
        st.tuples(st.sampled_from(["reload", "restore", "look"]), st.just(0)),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60)
@given(WALKS, st.sampled_from(OPTIMIZERS.keys()), st.sampled_from([0, 1, 5, 8]), st.booleans())
def test_any_interleaving_of_steps_runs_and_restarts_gives_the_same_bytes(
    walk, optimizer, batch_size, shuffle
):
    task = task_of(optimizer=optimizer, batch_size=batch_size, shuffle=shuffle)
    trainer, phases = Trainer(task, start_of(task)), 0
    for what, count in walk:
        if what == "advance":
            for _ in range(count):
                trainer.advance()
            phases += count
        elif what == "run":
            done = trainer.phase
            trainer.run(count)
            phases += count * PER_STEP - (done if count else 0)
        elif what == "reload":
            trainer = Trainer(task, trainer.checkpoint())
        elif what == "restore":
            saved = trainer.checkpoint()
            trainer.run(2)
            trainer.restore(saved)
        else:  # what views do between steps must leave no trace
            trainer.evaluator.full_pass(task.x_test, task.y_test)
            trainer.evaluator.full_pass(task.x_train[:5], task.y_train[:5])
            trainer.train_loss(), trainer.penalty(), trainer.curves(), trainer.batch_samples()
    expected = after_phases(task, start_of(task), phases)
    assert contents(trainer.checkpoint()) == contents(expected.checkpoint())
    for layer in range(1, min(trainer.phase, 3) + 1):
        assert trainer.space.a[layer].tobytes() == expected.space.a[layer].tobytes()


@pytest.mark.parametrize("phase", range(PER_STEP))
def test_a_state_in_the_middle_of_a_step_is_restored_with_all_its_numbers(phase):
    task = task_of()
    trainer = after_phases(task, start_of(task), 6 * PER_STEP + phase)
    again = Trainer(task, trainer.checkpoint())
    assert again.phase == phase and again.batch == 1 and again.epoch == 1
    np.testing.assert_array_equal(again.batch_samples(), trainer.batch_samples())
    np.testing.assert_equal(again.batch_loss, trainer.batch_loss)
    for layer in range(1, 4):
        if phase >= layer:
            assert again.space.z[layer].tobytes() == trainer.space.z[layer].tobytes()
            assert again.space.a[layer].tobytes() == trainer.space.a[layer].tobytes()
        if phase > 3 + (4 - layer):
            assert again.space.delta[layer].tobytes() == trainer.space.delta[layer].tobytes()
    trainer.run(9), again.run(9)
    assert contents(trainer.checkpoint()) == contents(again.checkpoint())


@pytest.mark.parametrize("optimizer", OPTIMIZERS.keys())
def test_a_thousand_steps_equal_five_hundred_restored_and_five_hundred(optimizer):
    task = task_of(optimizer=optimizer)
    whole = Trainer(task, start_of(task))
    whole.run(1000)
    half = Trainer(task, start_of(task))
    half.run(500)
    rest = Trainer(task_of(optimizer=optimizer), half.checkpoint())
    rest.run(500)
    assert rest.step == 1000 and rest.epoch == 200
    assert contents(whole.checkpoint()) == contents(rest.checkpoint())


def test_a_checkpoint_is_a_value_that_later_steps_do_not_change():
    task = task_of(optimizer="adam")
    trainer = Trainer(task, start_of(task))
    trainer.run(6)
    saved = trainer.checkpoint()
    before = contents(saved)
    trainer.run(30)
    assert contents(saved) == before
    for array in (saved.theta, *saved.slots, saved.curves.train):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_the_same_task_and_state_repeat_to_the_byte():
    results = []
    for _ in range(3):
        task = task_of(optimizer="adamw")
        trainer = Trainer(task, start_of(task))
        trainer.run(200)
        results.append(contents(trainer.checkpoint()))
    assert results[0] == results[1] == results[2]


def test_another_seed_visits_the_samples_in_another_order():
    task = task_of()
    first, second = Trainer(task, start_of(task)), Trainer(replace(task, seed=8), start_of(task))
    assert not np.array_equal(first.batch_samples(), second.batch_samples())


def test_the_batches_of_an_epoch_are_all_samples_once():
    task = task_of()
    trainer = Trainer(task, start_of(task))
    seen = []
    while trainer.epoch == 0:
        seen.extend(trainer.batch_samples())
        np.testing.assert_array_equal(
            trainer._batches.batch[trainer.batch][0][:-1].T, task.x_train[trainer.batch_samples()]
        )
        trainer.run(1)
    assert sorted(seen) == list(range(23)) and seen != sorted(seen)


def test_in_file_order_batches_follow_the_file():
    task = task_of(shuffle=False)
    trainer = Trainer(task, start_of(task))
    assert list(trainer.batch_samples()) == [0, 1, 2, 3, 4]
    trainer.run(4)
    assert list(trainer.batch_samples()) == [20, 21, 22]


def test_the_batch_loss_is_known_from_the_loss_phase_to_the_end_of_the_step():
    task = task_of()
    trainer = Trainer(task, start_of(task))
    known = []
    for _ in range(PER_STEP):
        known.append(not np.isnan(trainer.batch_loss))
        trainer.advance()
    assert known == [False] * 4 + [True] * 4 and np.isnan(trainer.batch_loss)


def test_weights_stay_the_old_ones_until_the_update():
    task = task_of()
    trainer = Trainer(task, start_of(task))
    before = trainer.theta.flat.copy()
    for _ in range(PER_STEP - 1):
        trainer.advance()
        np.testing.assert_array_equal(trainer.theta.flat, before)
    trainer.advance()
    assert not np.array_equal(trainer.theta.flat, before)


def test_the_learning_rate_of_an_epoch_follows_the_schedule():
    task = replace(task_of(), schedule="step", schedule_options={"gamma": 0.5, "every": 2})
    trainer = Trainer(task, start_of(task))
    rates = []
    for _ in range(6):
        rates.append(trainer.learning_rate)
        trainer.run(trainer.batches_per_epoch)
    assert rates == [0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125]


def test_without_training_samples_there_is_nothing_to_walk():
    task = task_of(n=0)
    trainer = Trainer(task, start_of(task))
    assert trainer.batches_per_epoch == 0 and np.isnan(trainer.train_loss())
    for walk in (trainer.advance, lambda: trainer.run(3)):
        with pytest.raises(ValueError, match="no training samples"):
            walk()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x_train": np.zeros((23, 3))}, "does not fit"),
        ({"y_test": np.zeros((6, 1))}, "does not fit"),
        ({"y_train": np.zeros((22, 2))}, "does not fit"),
        ({"frozen": np.zeros(3, dtype=bool)}, "frozen marks"),
    ],
)
def test_what_does_not_fit_the_network_is_refused(change, message):
    task = task_of()
    with pytest.raises(ValueError, match=message):
        Trainer(replace(task, **change), start_of(task))


def test_a_state_of_another_network_or_optimizer_is_refused():
    task = task_of(optimizer="adam")
    with pytest.raises(ValueError, match="parameters"):
        Trainer(task, TrainState(np.zeros(3)))
    trainer = Trainer(task, start_of(task))
    trainer.run(3)
    with pytest.raises(ValueError, match="does not belong"):
        Trainer(task_of(optimizer="momentum"), trainer.checkpoint())
    saved = trainer.checkpoint()
    short = replace(saved, slots=(saved.slots[0][:5], saved.slots[1]))
    with pytest.raises(ValueError, match="does not belong"):
        trainer.restore(short)
    assert contents(trainer.checkpoint()) == contents(saved)
