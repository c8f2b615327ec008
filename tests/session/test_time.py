"""Going back and forth in the time of a document."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.core.optimizers import OPTIMIZERS
from nnsim.engine.inline import InlineEngine
from nnsim.engine.messages import Granularity
from nnsim.engine.worker import ThreadEngine
from nnsim.model import edits
from nnsim.model.build import build, default_project
from nnsim.model.compile import compile_project
from nnsim.model.diff import differences, same
from nnsim.model.project import Data, Training
from nnsim.session.workbench import Workbench


@pytest.fixture(params=[InlineEngine, ThreadEngine], ids=["inline", "thread"])
def bench(request):
    made = Workbench(request.param(), default_project())
    made.wait()
    yield made
    assert made.close()


def train(bench, epochs):
    bench.run(epochs)
    bench.wait()


def place(bench):
    """Where the document and what is shown stand; they must agree."""
    p, s = bench.project.progress, bench.snapshot
    assert (p.step, p.phase, p.operation) == (s.step, s.phase, s.operation)
    return p.step, p.phase, p.operation


def go(bench, *position):
    bench.seek(*position)
    bench.wait()


def step(bench, size, times=1):
    for _ in range(times):
        bench.step(size)
        bench.wait()


def back(bench, size, times=1):
    for _ in range(times):
        bench.back(size)
        bench.wait()


@settings(max_examples=40)
@given(
    optimizer=st.sampled_from(OPTIMIZERS.keys()),
    batch_size=st.sampled_from([0, 1, 7]),
    shuffle=st.booleans(),
    ahead=st.integers(0, 60),
    sizes=st.lists(st.sampled_from(list(Granularity)), min_size=1, max_size=12),
)
def test_so_many_steps_forward_and_back_restore_the_document(optimizer, batch_size, shuffle, ahead, sizes):
    training = Training(optimizer=optimizer, batch_size=batch_size, shuffle=shuffle, l2=0.001)
    project = build((2, 3, 1), "tanh", Data("xor", {"count": 20}), training)
    bench = Workbench(InlineEngine(), project)
    bench.wait()
    step(bench, Granularity.NEURON, ahead)
    documents = [bench.project]
    for size in sizes:
        step(bench, size)
        documents.append(bench.project)
    end = documents.pop()
    for size in reversed(sizes):
        back(bench, size)
        assert list(differences(bench.project, documents.pop())) == []
    assert bench.reach[1] >= end.progress.step
    go(bench, end.progress.step, end.progress.phase, end.progress.operation)
    assert list(differences(bench.project, end)) == []
    bench.close()


@pytest.mark.parametrize("size", Granularity)
def test_each_size_goes_back_to_where_such_a_step_begins(bench, size):
    train(bench, 2)  # 50 batches of 25 an epoch
    go(bench, 30, 5, 4)  # within the second neuron's δ on the way back through the second hidden layer
    found = []
    for _ in range(2):
        back(bench, size)
        found.append(place(bench))
    expected = {
        "operation": [(30, 5, 3), (30, 5, 2)],
        "neuron": [(30, 5, 3), (30, 5, 0)],
        "layer": [(30, 5, 0), (30, 4, 0)],
        "pass": [(30, 4, 0), (30, 0, 0)],
        "batch": [(30, 0, 0), (29, 0, 0)],
        "epoch": [(25, 0, 0), (0, 0, 0)],
    }
    assert found == expected[size.value]


def test_moving_in_time_is_one_entry_of_the_history_and_can_be_undone(bench):
    train(bench, 4)
    end = bench.project
    for target in (90, 50, 10, 33):
        go(bench, target)
    assert place(bench) == (33, 0, 0) and bench.undo_label == "Go to step 33"
    back(bench, Granularity.BATCH)
    assert bench.undo_label == "Back: batch"
    bench.undo()
    assert bench.project is end
    bench.redo()
    bench.wait()
    assert place(bench) == (32, 0, 0)


def test_the_future_stays_known_until_an_edit(bench):
    train(bench, 4)
    end, curves = bench.project, bench.snapshot.curves
    go(bench, 40)
    assert bench.reach == (0, 100)
    assert bench.reach_curves.train.tobytes() == curves.train.tobytes()
    assert len(bench.snapshot.curves) == 2  # epochs 0 and 1
    train(bench, 1)
    assert bench.reach == (0, 100)
    go(bench, 100)
    assert same(bench.project, end)
    go(bench, 40)
    bench.dispatch("Learning rate", edits.set_training, learning_rate=0.01)
    bench.wait()
    assert bench.reach == (0, 40)


def test_continuing_from_an_earlier_moment_gives_the_same_future(bench):
    train(bench, 4)
    end = bench.project
    go(bench, 7, 3, 1)
    train(bench, 4)
    assert same(bench.project, end)


def test_moments_before_an_edit_come_with_the_document_of_then(bench):
    train(bench, 2)
    before = bench.project
    bench.dispatch("Learning rate", edits.set_training, learning_rate=0.01)
    bench.wait()
    after = bench.project
    train(bench, 2)
    end = bench.project
    assert bench.reach == (0, 100)
    go(bench, 30)
    assert bench.project.training == before.training and place(bench) == (30, 0, 0)
    assert bench.reach == (0, 100)
    go(bench, 75)
    assert bench.project.training == after.training and place(bench) == (75, 0, 0)
    go(bench, 100)
    assert same(bench.project, end)
    bench.undo()  # all of it was one move in time
    bench.wait()
    assert bench.project is end


def test_a_step_back_crosses_an_edit(bench):
    train(bench, 1)
    bench.dispatch("Add neuron", edits.add_neuron, "L1")
    bench.wait()
    sizes = [layer.size for layer in bench.project.layers]
    back(bench, Granularity.LAYER)
    assert place(bench) == (24, 7, 0)
    assert [layer.size for layer in bench.project.layers] == [sizes[0], sizes[1] - 1, *sizes[2:]]
    assert bench.undo_label == "Back: layer"
    bench.undo()
    bench.wait()
    assert place(bench) == (25, 0, 0)
    assert [layer.size for layer in bench.project.layers] == sizes


def test_going_on_before_an_edit_leaves_it_out(bench):
    train(bench, 2)
    bench.dispatch("Learning rate", edits.set_training, learning_rate=0.01)
    train(bench, 2)
    go(bench, 30)
    rate = bench.project.training.learning_rate
    train(bench, 1)  # to the step of the edit and past it
    train(bench, 1)
    assert bench.project.training.learning_rate == rate
    assert bench.reach == (0, 75)


def test_an_edit_within_a_step_stays_when_going_back_within_it(bench):
    step(bench, Granularity.LAYER, 3)
    bench.dispatch("Set weight", edits.set_weight, "C1", 0, 0, 2.0)
    back(bench, Granularity.LAYER, 2)
    assert place(bench) == (0, 1, 0)
    assert bench.project.parameters.weights["C1"][0, 0] == 2.0


def test_undoing_a_run_keeps_what_it_has_found_out(bench):
    train(bench, 3)
    end = bench.project
    bench.undo()
    bench.wait()
    assert bench.reach == (0, 75) and place(bench) == (0, 0, 0)
    go(bench, 75)
    assert same(bench.project, end)


def test_undoing_an_edit_brings_its_past_and_future_back(bench):
    train(bench, 3)
    go(bench, 20)
    bench.dispatch("Learning rate", edits.set_training, learning_rate=0.01)
    bench.wait()
    assert bench.reach == (0, 20)
    bench.undo()
    bench.wait()
    assert bench.reach == (0, 75)


def test_another_title_does_not_end_the_time(bench):
    train(bench, 2)
    go(bench, 10)
    bench.dispatch("Title", edits.set_title, "Mine")
    bench.wait()
    assert bench.reach == (0, 50)
    go(bench, 40)
    assert bench.project.title == "Mine"


def test_training_that_begins_again_has_a_time_of_its_own(bench):
    train(bench, 2)
    bench.dispatch("Start weights", edits.start_weights)
    bench.wait()
    assert bench.reach == (0, 0) and not bench.can_back
    bench.undo()
    bench.wait()
    assert bench.reach == (0, 50) and bench.can_back


def test_there_is_no_way_back_from_the_first_moment(bench):
    assert not bench.can_back
    back(bench, Granularity.BATCH)
    assert place(bench) == (0, 0, 0) and not bench.can_undo
    step(bench, Granularity.OPERATION)
    assert bench.can_back


def test_going_somewhere_during_a_run_ends_it(bench):
    bench.run()
    end = time.monotonic() + 20
    while bench.snapshot.epoch < 3:
        assert time.monotonic() < end
        bench.pull()
    bench.seek(10)
    bench.wait()
    assert not bench.running and place(bench) == (10, 0, 0)
    assert bench.reach[1] >= 75


def test_many_moves_in_a_hurry_end_at_the_last(bench):
    train(bench, 4)
    for target in range(100, 0, -1):
        bench.seek(target)
    bench.wait()
    assert place(bench) == (1, 0, 0)
    for _ in range(5):
        bench.step(Granularity.OPERATION)
    for _ in range(3):
        bench.back(Granularity.OPERATION)
    bench.wait()
    assert place(bench) == (1, 0, 2)


def test_a_drag_of_edits_does_not_pile_up_runs(bench):
    train(bench, 1)
    for i in range(200):
        bench.dispatch("Rate", edits.set_training, learning_rate=0.01 + i / 1000, merge="rate")
    bench.wait()
    assert len(bench._timeline._known) < 80 and bench.reach == (0, 25)
    back(bench, Granularity.EPOCH)
    assert place(bench) == (0, 0, 0)


def test_epochs_are_found_across_edits_of_the_batch_size(bench):
    train(bench, 2)
    bench.dispatch("Batch size", edits.set_training, batch_size=50)  # five batches an epoch
    train(bench, 2)
    assert bench.reach == (0, 60)
    assert [bench.step_of_epoch(epoch) for epoch in (0, 1, 2, 3, 4, 9)] == [0, 25, 50, 55, 60, 60]
    assert [bench.epoch_of_step(n) for n in (0, 25, 49, 50, 55)] == [0, 1, 1, 2, 3]


def test_moves_under_way_when_a_drag_ends_belong_to_that_drag(bench):
    train(bench, 4)
    entries = len(bench.history)
    for drag in ((90, 70, 50), (40, 20)):
        bench.seal()
        for target in drag:
            bench.seek(target)
        bench.seal()
        bench.wait()
    assert place(bench) == (20, 0, 0) and len(bench.history) == entries + 2
    bench.undo()
    bench.wait()
    assert place(bench) == (50, 0, 0)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_done_in_time_document_and_numbers_agree(seed):
    chance = random.Random(seed)
    training = Training(batch_size=chance.choice([0, 5]), optimizer=chance.choice(["sgd", "adam"]))
    bench = Workbench(InlineEngine(), build((2, 3, 2, 1), "tanh", Data("xor", {"count": 30}), training))
    bench.wait()
    moments = {}  # what was found at a moment of a run, by that run

    def look():
        place(bench)
        compiled, shown = compile_project(bench.project), bench.snapshot
        flat = compiled.state.theta
        for key, values in compiled.parameters(flat).weights.items():
            assert values.tobytes() == shown.parameters.weights[key].tobytes()
        first, last = bench.reach
        assert first <= shown.step <= last
        assert bench.can_back == (place(bench) > (first, 0, 0))
        state = compiled.state
        found = flat.tobytes(), tuple(s.tobytes() for s in state.slots), state.curves.train.tobytes()
        run = id(bench._timeline.present.tape)
        assert moments.setdefault((run, *place(bench)), (bench._timeline.present, found))[1] == found

    def edit():
        if chance.random() < 0.5:
            bench.dispatch("Rate", edits.set_training, learning_rate=chance.uniform(0.01, 0.2))
        elif chance.random() < 0.7:
            bench.dispatch("Weight", edits.set_weight, "C1", 0, 0, chance.uniform(-1, 1))
        else:
            bench.dispatch("Neuron", edits.add_neuron, "L1")

    for _ in range(60):
        chance.choice([
            lambda: bench.step(chance.choice(list(Granularity))),
            lambda: bench.back(chance.choice(list(Granularity))),
            lambda: bench.back(Granularity.BATCH),
            lambda: bench.seek(chance.randint(*bench.reach), chance.randrange(8), chance.randrange(9)),
            lambda: bench.run(chance.randint(1, 3)),
            edit, bench.undo, bench.redo,
        ])()  # fmt: skip
        bench.wait()
        look()
    bench.close()


def test_a_run_with_edits_on_the_way_can_be_gone_through_as_a_whole(bench):
    bench.run()
    rates = [bench.project.training.learning_rate]
    for rate in (0.02, 0.01):
        goal, end = bench.snapshot.step + 60, time.monotonic() + 20
        while bench.snapshot.step < goal:
            assert time.monotonic() < end
            bench.pull()
        bench.dispatch("Rate", edits.set_training, learning_rate=rate)
        assert bench.running
        rates.append(rate)
    bench.pause()
    bench.wait()
    starts = [segment.tape.start.step for segment in bench._timeline._line]
    assert len(starts) == 3 and starts[0] == 0
    assert bench.reach == (0, bench.snapshot.step)
    for start, rate in reversed(list(zip(starts, rates, strict=True))):
        go(bench, start + 1)
        assert bench.project.training.learning_rate == rate
