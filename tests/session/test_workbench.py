"""Editing, undoing and running a document, without a window."""

from __future__ import annotations

import time

import numpy as np
import pytest

from nnsim.core.trainer import Trainer
from nnsim.engine.inline import InlineEngine
from nnsim.engine.messages import Granularity
from nnsim.engine.snapshot import ViewRequest
from nnsim.engine.worker import ThreadEngine
from nnsim.model import edits
from nnsim.model.build import default_project
from nnsim.model.compile import compile_project
from nnsim.model.diff import same
from nnsim.model.errors import EditError
from nnsim.session.workbench import Workbench


@pytest.fixture(params=[InlineEngine, ThreadEngine], ids=["inline", "thread"])
def bench(request):
    made = Workbench(request.param(), default_project())
    made.log = []
    made.listen(lambda name, *payload: made.log.append((name, *payload)))
    made.wait()
    yield made
    assert made.close()


def names(bench):
    return [entry[0] for entry in bench.log]


def run_for(bench, epochs):
    """Let a run get ahead by some epochs, as the window does."""
    goal = bench.snapshot.epoch + epochs
    end = time.monotonic() + 20
    while bench.snapshot.epoch < goal:
        assert time.monotonic() < end, "the run does not get ahead"
        bench.pull()


def test_an_edit_shows_its_effect_and_the_change_of_the_loss(bench):
    before = bench.snapshot.train_loss
    bench.dispatch("Set weight", edits.set_weight, "C1", 0, 0, 2.0)
    assert bench.project.parameters.weights["C1"][0, 0] == 2.0
    bench.wait()
    assert bench.snapshot.parameters.weights["C1"][0, 0] == 2.0
    assert bench.loss_change == bench.snapshot.train_loss - before != 0.0


def test_a_refused_edit_changes_nothing(bench):
    before, snapshot = bench.project, bench.snapshot
    with pytest.raises(EditError):
        bench.dispatch("Set weight", edits.set_weight, "C1", 0, 0, float("nan"))
    assert bench.project is before and bench.snapshot is snapshot and not bench.can_undo


def test_undo_and_redo_give_back_the_very_documents(bench):
    documents = [bench.project]
    for value in (0.1, 0.2, 0.3):
        bench.dispatch("Set weight", edits.set_weight, "C1", 0, 0, value)
        documents.append(bench.project)
    for expected in reversed(documents[:-1]):
        bench.undo()
        assert bench.project is expected
    for expected in documents[1:]:
        bench.redo()
        assert bench.project is expected
    bench.wait()
    assert bench.snapshot.parameters.weights["C1"][0, 0] == 0.3


def test_edits_with_one_merge_key_are_one_entry_until_it_is_sealed(bench):
    first = bench.project
    for value in (0.1, 0.2):
        bench.dispatch("Set weight", edits.set_weight, "C1", 0, 0, value, merge="w")
    between = bench.project
    bench.seal()
    bench.dispatch("Set weight", edits.set_weight, "C1", 0, 0, 0.3, merge="w")
    bench.undo()
    assert bench.project is between
    bench.undo()
    assert bench.project is first


def test_a_run_is_one_entry_and_equals_training_by_hand(bench):
    start = bench.project
    bench.run(epochs=12)
    assert bench.running
    bench.wait()
    assert not bench.running and bench.undo_label == "Train 12 epochs"
    compiled = compile_project(start)
    trainer = Trainer(compiled.task, compiled.state)
    trainer.run(12 * 25)
    found = compile_project(bench.project).state
    assert found.theta.tobytes() == trainer.checkpoint().theta.tobytes()
    assert found.curves.train.tobytes() == trainer.curves().train.tobytes()
    bench.undo()
    assert bench.project is start
    bench.redo()
    bench.run(epochs=3)
    bench.wait()
    trainer.run(3 * 25)
    assert compile_project(bench.project).state.theta.tobytes() == trainer.checkpoint().theta.tobytes()


def test_every_step_is_an_entry_named_after_its_size(bench):
    for granularity in Granularity:
        bench.step(granularity)
        bench.wait()
        assert bench.undo_label == f"Step: {granularity.value}"
    assert bench.project.progress.epoch == 1


def test_many_steps_in_a_hurry_are_all_done(bench):
    for _ in range(10):
        bench.step(Granularity.LAYER)
    bench.wait()
    progress = bench.project.progress
    assert progress.step * 8 + progress.phase == 10
    for _ in range(10):
        bench.undo()
    assert bench.project.progress.step == bench.project.progress.phase == 0


def test_an_edit_during_a_run_is_made_between_two_steps_and_the_run_goes_on(bench):
    bench.run()
    run_for(bench, 3)
    bench.dispatch("Learning rate", edits.set_training, learning_rate=0.01)
    assert bench.running and bench.project.training.learning_rate == 0.01
    at = bench.project.progress.epoch
    assert at >= 3
    run_for(bench, 2)
    bench.pause()
    bench.wait()
    assert not bench.running and bench.project.progress.epoch > at
    assert [n for n in names(bench) if n == "running"] == ["running"] * 4


def test_an_edit_right_after_pausing_does_not_start_the_run_again(bench):
    bench.run()
    run_for(bench, 1)
    bench.pause()
    bench.dispatch("Learning rate", edits.set_training, learning_rate=0.01)
    assert not bench.running


def test_a_refused_edit_lets_the_run_go_on(bench):
    bench.run()
    run_for(bench, 1)
    with pytest.raises(EditError):
        bench.dispatch("Learning rate", edits.set_training, learning_rate=-1.0)
    assert bench.running
    bench.pause()
    bench.wait()


def test_an_edit_during_a_run_of_so_many_epochs_does_not_make_it_longer(bench):
    bench.run(epochs=200)
    run_for(bench, 2)
    bench.dispatch("Learning rate", edits.set_training, learning_rate=0.01)
    bench.wait()
    assert bench.project.progress.epoch == 200


def test_undo_during_a_run_takes_the_run_back(bench):
    start = bench.project
    bench.run()
    run_for(bench, 2)
    bench.undo()
    assert not bench.running and bench.project is start
    bench.wait()
    assert bench.snapshot.epoch == 0


def test_what_cannot_be_computed_is_said_and_nothing_runs(bench):
    bench.dispatch("Size", edits.set_layer_size, "L3", 3)
    assert bench.snapshot is None and any(p.blocking for p in bench.problems)
    bench.run()
    assert not bench.running and names(bench)[-1] == "notice"
    bench.step(Granularity.BATCH)
    assert not bench.busy
    bench.undo()
    bench.wait()
    assert bench.snapshot is not None and not bench.problems


def test_divergence_is_said_and_leaves_the_last_good_state(bench):
    bench.dispatch("Activation", edits.set_activation, "L3", "linear")
    bench.dispatch("Learning rate", edits.set_training, learning_rate=1e6)
    bench.run()
    bench.wait()
    assert not bench.running
    told = [entry for entry in bench.log if entry[0] == "diverged"]
    assert len(told) == 1 and np.isfinite(told[0][1].theta).all()
    assert all(np.isfinite(w).all() for w in bench.project.parameters.weights.values())


def test_an_error_in_the_engine_costs_nothing_but_the_run(bench, monkeypatch):
    bench.run(epochs=2)
    bench.wait()
    before = bench.project
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "run", lambda self, steps: 1 / 0)
        bench.run()
        bench.wait()
    assert "failed" in names(bench) and not bench.running
    assert same(bench.project, before)
    bench.run(epochs=1)
    bench.wait()
    assert bench.project.progress.epoch == 3


def test_snapshots_of_an_earlier_document_are_not_shown(bench):
    for value in (0.1, 0.2, 0.3):
        bench.dispatch("Set weight", edits.set_weight, "C1", 0, 0, value)
        bench.pull()
        if bench.snapshot.generation == bench._generation:
            assert bench.snapshot.parameters.weights["C1"][0, 0] == value
    bench.watch(ViewRequest(sample=3))
    bench.wait()
    assert bench.snapshot.parameters.weights["C1"][0, 0] == 0.3


def test_start_weights_bring_back_the_weights_of_the_beginning(bench):
    start = bench.project
    bench.run(epochs=5)
    bench.wait()
    bench.dispatch("Start weights", edits.start_weights)
    bench.wait()
    assert bench.project.progress.epoch == 0 and len(bench.project.progress.curves) == 0
    for key, weights in start.parameters.weights.items():
        np.testing.assert_array_equal(bench.project.parameters.weights[key], weights)
    assert bench.snapshot.step == 0
