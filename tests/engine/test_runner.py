"""The engine's machine, with and without its thread."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from nnsim.core.health import examine
from nnsim.core.phases import PhaseKind
from nnsim.core.trainer import Position, Trainer
from nnsim.engine.inline import InlineEngine
from nnsim.engine.messages import (
    Back,
    Failed,
    Granularity,
    Load,
    Pause,
    Run,
    Seek,
    SetSpeed,
    Step,
    Stopped,
    Watch,
)  # fmt: skip
from nnsim.engine.snapshot import ViewRequest
from nnsim.engine.worker import ThreadEngine
from nnsim.model import edits
from nnsim.model.build import default_project
from nnsim.model.compile import compile_project


@pytest.fixture(params=[InlineEngine, ThreadEngine], ids=["inline", "thread"])
def engine(request):
    made = request.param()
    yield made
    assert made.close()


def load(engine, project=None, generation=1):
    compiled = compile_project(project if project is not None else default_project())
    engine.send(Load(generation, compiled))
    return compiled


def event(engine, timeout=20.0):
    """The next event; fails if none comes."""
    found = events(engine, 1, timeout)
    return found[0]


def events(engine, count, timeout=20.0):
    found, end = [], time.monotonic() + timeout
    while len(found) < count:
        assert engine.wait_event(max(0.0, end - time.monotonic())), "the engine reported nothing"
        found += engine.take_events()
    return found


def shown(engine, timeout=20.0):
    """The newest snapshot, waiting for one."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        snapshot = engine.take_snapshot()
        if snapshot is not None:
            return snapshot
        time.sleep(0.001)
    raise AssertionError("no snapshot came")


def test_a_loaded_project_is_shown_at_once(engine):
    compiled = load(engine)
    snapshot = shown(engine)
    assert (snapshot.generation, snapshot.running, snapshot.step, snapshot.phase) == (1, False, 0, 0)
    trainer = Trainer(compiled.task, compiled.state)
    assert snapshot.train_loss == trainer.train_loss()
    assert snapshot.test_loss == trainer.test_loss()
    expected = trainer.evaluator.full_pass(compiled.prepared.x[:1], compiled.prepared.y[:1])
    for layer in range(4):
        np.testing.assert_array_equal(snapshot.probe.a[layer], expected.a[layer][0])
        np.testing.assert_array_equal(snapshot.probe.delta[layer], expected.delta[layer][0])
    assert snapshot.probe.gradient.weights.keys() == compiled.project.parameters.weights.keys()


def test_a_snapshot_can_not_be_written_to(engine):
    load(engine)
    snapshot = shown(engine)
    for array in (*snapshot.parameters.weights.values(), *snapshot.probe.a, *snapshot.plane.neurons):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@pytest.mark.parametrize(
    ("granularity", "phases"),
    [
        (Granularity.LAYER, [1, 2, 3, 4, 5, 6, 7, 0]),
        (Granularity.PASS, [4, 7, 0]),
        (Granularity.BATCH, [0]),
    ],
)
def test_a_step_goes_as_far_as_its_size_says(engine, granularity, phases):
    load(engine)
    for expected in phases:
        engine.send(Step(1, granularity))
        stopped = event(engine)
        assert isinstance(stopped, Stopped) and stopped.reason == "step"
        assert stopped.checkpoint.phase == expected
    assert stopped.checkpoint.step == 1


def test_a_step_of_an_epoch_ends_with_the_epoch_also_from_the_middle_of_one(engine):
    load(engine)
    engine.send(Step(1, Granularity.BATCH))
    engine.send(Step(1, Granularity.LAYER))
    events(engine, 2)
    engine.send(Step(1, Granularity.EPOCH))
    state = event(engine).checkpoint
    assert (state.epoch, state.batch, state.phase, state.step) == (1, 0, 0, 25)


def test_no_gradient_is_shown_before_its_layer_has_been_reached(engine):
    compiled = load(engine)
    plan = Trainer(compiled.task, compiled.state).plan
    first, second, last = (f"C{i}" for i in (1, 2, 3))
    known = {PhaseKind.FORWARD: set(), PhaseKind.LOSS: set()}
    for done in plan[:-1]:
        engine.send(Step(1, Granularity.LAYER))
        event(engine)
        gradient = shown(engine).batch_gradient
        present = {c for c in (first, second, last) if not np.isnan(gradient.weights[c]).any()}
        if done.kind is PhaseKind.BACKWARD:
            assert present == {first, second, last} - {f"C{i}" for i in range(1, done.layer)}
        else:
            assert present == known[done.kind]


def test_the_weights_shown_stay_the_old_ones_until_the_update(engine):
    compiled = load(engine)
    before = compiled.project.parameters.weights["C1"]
    for _ in range(7):
        engine.send(Step(1, Granularity.LAYER))
        event(engine)
        np.testing.assert_array_equal(shown(engine).parameters.weights["C1"], before)
    engine.send(Step(1, Granularity.LAYER))
    event(engine)
    assert (shown(engine).parameters.weights["C1"] != before).any()


def test_a_run_of_so_many_epochs_ends_there_and_equals_stepping(engine):
    compiled = load(engine)
    engine.send(Run(1, epochs=7))
    stopped = event(engine)
    assert stopped.reason == "done" and stopped.checkpoint.epoch == 7
    trainer = Trainer(compiled.task, compiled.state)
    while trainer.epoch < 7:
        trainer.advance()
    assert stopped.checkpoint.theta.tobytes() == trainer.checkpoint().theta.tobytes()
    assert stopped.checkpoint.curves.train.tobytes() == trainer.curves().train.tobytes()


@pytest.mark.parametrize("per_second", [None, 5_000.0, 1e6])
@pytest.mark.parametrize("granularity", list(Granularity))
def test_the_same_run_gives_the_same_bytes_at_every_speed(per_second, granularity):
    engine = InlineEngine()
    compiled = load(engine)
    engine.send(Run(1, epochs=3, per_second=per_second, granularity=granularity))
    state = event(engine).checkpoint
    trainer = Trainer(compiled.task, compiled.state)
    trainer.run(3 * 25)
    assert state.theta.tobytes() == trainer.checkpoint().theta.tobytes()


def test_a_run_can_be_paused_and_reports_where_it_stands():
    engine = ThreadEngine()
    try:
        load(engine)
        engine.send(Run(1))
        while not (snapshot := shown(engine)).running or snapshot.epoch < 3:
            pass
        engine.send(SetSpeed(2000.0))
        engine.send(Pause())
        stopped = event(engine)
        assert stopped.reason == "paused" and stopped.checkpoint.epoch >= 3
        assert stopped.checkpoint.phase == 0
    finally:
        assert engine.close()


def test_a_run_slower_than_the_display_pauses_between_two_phases():
    engine = ThreadEngine()
    try:
        load(engine)
        engine.send(Run(1, per_second=200.0, granularity=Granularity.LAYER))
        while shown(engine).phase != 3:
            pass
        engine.send(Pause())
        assert isinstance(event(engine), Stopped)
    finally:
        assert engine.close()


def test_commands_of_an_earlier_generation_are_dropped(engine):
    load(engine, generation=1)
    load(engine, generation=2)
    engine.send(Step(1, Granularity.BATCH))
    engine.send(Run(1))
    engine.send(Step(2, Granularity.BATCH))
    stopped = event(engine)
    assert stopped.generation == 2 and stopped.checkpoint.step == 1
    assert not engine.wait_event(0.0)


def test_divergence_stops_the_run_at_the_last_good_state(engine):
    load(
        engine, edits.set_training(edits.set_activation(default_project(), "L3", "linear"), learning_rate=1e6)
    )
    engine.send(Run(1))
    stopped = event(engine)
    assert stopped.reason == "diverged"
    assert np.isfinite(stopped.checkpoint.theta).all()
    assert np.isfinite(shown(engine).train_loss)


def test_an_error_while_working_is_reported_once_and_the_engine_lives_on(engine, monkeypatch):
    compiled = load(engine)
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "run", lambda self, steps: 1 / 0)
        engine.send(Run(1))
        failed = event(engine)
    assert isinstance(failed, Failed) and "ZeroDivisionError" in failed.message
    assert "Traceback" in failed.details
    assert failed.checkpoint.theta.tobytes() == compiled.state.theta.tobytes()
    engine.send(Run(1, epochs=1))
    assert event(engine).checkpoint.epoch == 1


def test_an_error_while_loading_is_reported_and_the_next_load_works(engine, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("nnsim.engine.runner.Showing", lambda *args: 1 / 0)
        load(engine)
        assert isinstance(event(engine), Failed)
    load(engine, generation=2)
    assert shown(engine).generation == 2


def test_only_what_is_watched_is_computed(engine):
    load(engine)
    engine.send(Watch(ViewRequest(sample=5, plane=False, confusion=False)))
    while (snapshot := shown(engine)).probe.sample != 5:
        pass
    assert snapshot.plane is None and snapshot.confusion is None
    engine.send(Watch(ViewRequest(sample=10**9, resolution=16)))
    while (snapshot := shown(engine)).plane is None:
        pass
    assert snapshot.probe is None
    assert snapshot.plane.neurons[1].shape == (4, 16, 16)


def test_pictures_show_the_output_at_the_middle_of_every_pixel(engine):
    compiled = load(engine)
    snapshot = shown(engine)
    left, right, bottom, top = snapshot.plane.extent
    side = snapshot.plane.neurons[3].shape[1]
    for row, column in ((0, 0), (0, side - 1), (side - 1, 3), (17, 22)):
        x1 = left + (column + 0.5) * (right - left) / side
        x2 = top - (row + 0.5) * (top - bottom) / side
        out = Trainer(compiled.task, compiled.state).evaluator.outputs(np.array([[x1, x2]]))
        assert snapshot.plane.neurons[3][0, row, column] == pytest.approx(out[0, 0], abs=1e-6)


def test_predictions_are_what_the_output_says_of_every_sample_in_file_order(engine):
    compiled = load(engine)
    engine.send(Watch(ViewRequest(predictions=0)))
    while (found := shown(engine).predictions) is None:
        pass
    trainer = Trainer(compiled.task, compiled.state)
    expected = trainer.evaluator.outputs(compiled.prepared.x)[:, 0]
    assert found.output == 0 and not found.values.flags.writeable
    np.testing.assert_allclose(found.values, expected, rtol=1e-14)


def test_an_engine_that_is_closed_leaves_no_thread_even_in_the_middle_of_a_run():
    before = threading.active_count()
    for _ in range(5):
        engine = ThreadEngine()
        load(engine)
        engine.send(Run(1))
        shown(engine)
        assert engine.close()
    assert threading.active_count() == before


def test_health_comes_with_the_snapshot_and_is_found_once_in_a_step(engine):
    compiled = load(engine)
    first = shown(engine)
    trainer = Trainer(compiled.task, compiled.state)
    expected = examine(trainer.network, trainer.theta, compiled.task.x_train, compiled.task.y_train, 0.03)
    np.testing.assert_array_equal(first.health.gradient_size, expected.gradient_size)
    engine.send(Step(1, Granularity.LAYER))
    event(engine)
    within = shown(engine)
    assert within.health is first.health
    engine.send(Step(1, Granularity.BATCH))
    event(engine)
    after = shown(engine)
    assert after.health is not first.health
    assert after.health.weight_size[1] == np.abs(after.parameters.weights["C1"]).mean()


def test_the_numbers_of_the_step_are_there_to_explain_but_not_while_running_flat_out(engine):
    load(engine)
    engine.send(Step(1, Granularity.LAYER))
    event(engine)
    numbers = shown(engine).step_numbers
    assert (numbers.phase, numbers.operation) == (1, 0)
    assert np.isfinite(numbers.a[1]).all() and np.isnan(numbers.a[2]).all()
    engine.send(Step(1, Granularity.OPERATION))
    event(engine)
    numbers = shown(engine).step_numbers
    assert (numbers.phase, numbers.operation) == (1, 1)
    engine.send(Run(1, epochs=300))
    seen = []
    while not engine.take_events():
        seen.append(engine.take_snapshot())
    seen = [snapshot for snapshot in (*seen, engine.take_snapshot()) if snapshot is not None]
    assert all((s.step_numbers is None) == s.running for s in seen) and not seen[-1].running


def test_within_a_step_a_sample_of_its_batch_is_looked_at(engine):
    load(engine)
    engine.send(Step(1, Granularity.LAYER))
    event(engine)
    snapshot = shown(engine)
    first, second = snapshot.batch_samples[:2]
    assert snapshot.probe.sample == first and snapshot.step_numbers.row == 0
    engine.send(Watch(ViewRequest(sample=int(second))))
    while (snapshot := shown(engine)).probe.sample != second:
        pass
    assert snapshot.step_numbers.row == 1
    engine.send(Step(1, Granularity.BATCH))
    event(engine)
    engine.send(Watch(ViewRequest(sample=0)))
    while shown(engine).probe.sample != 0:
        pass


def test_going_back_within_a_step_takes_its_gradients_away_again(engine):
    load(engine)
    for _ in range(6):
        engine.send(Step(1, Granularity.LAYER))
    engine.send(Back(1, Granularity.LAYER))
    events(engine, 7)
    gradient = shown(engine).batch_gradient
    assert np.isfinite(gradient.weights["C3"]).all() and np.isnan(gradient.weights["C2"]).all()


def test_a_moment_ahead_stays_known_after_going_back(engine):
    load(engine)
    engine.send(Run(1, epochs=4))
    end = event(engine).checkpoint
    engine.send(Seek(1, Position(30, 2, 1)))
    state = event(engine).checkpoint
    assert (state.step, state.phase, state.operation, state.epoch) == (30, 2, 1, 1)
    snapshot = shown(engine)
    assert snapshot.furthest == (100, 0, 0) and len(snapshot.curves) == 2
    assert snapshot.furthest_curves.train.tobytes() == end.curves.train.tobytes()
