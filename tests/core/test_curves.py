"""Learning curves stay bounded, and what they keep depends on the epoch alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.core import curves as module
from nnsim.core.arrays import read_only
from nnsim.core.curves import CurveRecorder, Curves
from nnsim.core.network import NetworkSpec
from nnsim.core.trainer import Task, Trainer, TrainState


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(module, "CAPACITY", 16)


def record(recorder, epochs):
    for epoch in epochs:
        if recorder.wants(epoch):
            recorder.add(epoch, 100.0 - epoch, epoch + 0.5)
    return recorder.curves()


def test_a_full_curve_drops_every_second_point_and_then_records_half_as_often(small):
    assert list(record(CurveRecorder(Curves.empty()), range(16)).epoch) == list(range(16))
    assert list(record(CurveRecorder(Curves.empty()), range(17)).epoch) == list(range(0, 17, 2))
    assert list(record(CurveRecorder(Curves.empty()), range(1000)).epoch) == list(range(0, 1000, 64))


def test_it_never_holds_more_than_its_capacity():
    recorder = CurveRecorder(Curves.empty())
    for epoch in range(3 * module.CAPACITY):
        if recorder.wants(epoch):
            recorder.add(epoch, 1.0, 2.0)
    found = recorder.curves()
    assert module.CAPACITY // 2 <= len(found) <= module.CAPACITY
    assert len(set(np.diff(found.epoch))) == 1 and found.epoch[0] == 0


def test_rows_keep_their_losses():
    found = record(CurveRecorder(Curves.empty()), range(40))
    np.testing.assert_array_equal(found.train, 100.0 - found.epoch)
    np.testing.assert_array_equal(found.test, found.epoch + 0.5)


@settings(max_examples=40)
@given(st.lists(st.integers(1, 60), max_size=6), st.integers(0, 7))
def test_a_curve_that_was_saved_and_loaded_goes_on_as_if_it_had_not_been(cuts, first):
    kept = module.CAPACITY
    module.CAPACITY = 16
    try:
        whole = record(CurveRecorder(Curves.empty()), range(first, first + sum(cuts) + 5))
        recorder, epoch = CurveRecorder(Curves.empty()), first
        for cut in cuts:
            recorder = CurveRecorder(record(recorder, range(epoch, epoch + cut)))
            epoch += cut
        parts = record(recorder, range(epoch, epoch + 5))
    finally:
        module.CAPACITY = kept
    np.testing.assert_array_equal(parts.epoch, whole.epoch)
    np.testing.assert_array_equal(parts.train, whole.train)


def test_an_epoch_is_recorded_once():
    recorder = CurveRecorder(Curves.empty())
    recorder.add(0, 1.0, 1.0)
    assert not recorder.wants(0) and recorder.wants(1)


def test_the_frozen_curve_is_the_same_object_until_something_is_added():
    recorder = CurveRecorder(Curves.empty())
    recorder.add(0, 1.0, 1.0)
    first = recorder.curves()
    assert recorder.curves() is first and len(first) == 1
    recorder.add(1, 0.5, 0.5)
    assert recorder.curves() is not first and len(first) == 1
    with pytest.raises(ValueError, match="read-only"):
        first.train[0] = 0.0


def test_a_longer_curve_than_is_kept_here_is_thinned_out():
    n = 3 * module.CAPACITY
    long = Curves(read_only(np.arange(n), np.intp), read_only(np.ones(n)), read_only(np.ones(n)))
    recorder = CurveRecorder(long)
    assert len(recorder.curves()) <= module.CAPACITY
    assert record(recorder, range(n, n + 100)).epoch[-1] >= n


def trainer_of(n_test=4, batch_size=3):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(10, 2)), rng.normal(size=(10, 1))
    test = slice(10 - n_test, 10)
    task = Task(
        NetworkSpec.chain((2, 1), ("linear",)), x[:6], y[:6], x[test], y[test], 0.01, batch_size=batch_size
    )
    return Trainer(task, TrainState(read_only(np.zeros(3))))


def test_a_run_records_the_losses_of_every_epoch_with_epoch_0_before_the_first_update():
    trainer = trainer_of()
    expected = []
    for _ in range(5):
        expected.append((trainer.train_loss(), trainer.test_loss()))
        trainer.run(trainer.batches_per_epoch)
    found = trainer.curves()
    assert list(found.epoch) == [0, 1, 2, 3, 4, 5]
    np.testing.assert_array_equal(np.column_stack((found.train, found.test))[:5], expected)


def test_stepping_records_the_same_rows_as_running():
    stepped, ran = trainer_of(), trainer_of()
    ran.run(200)
    while stepped.step < 200:
        stepped.advance()
    for name in ("epoch", "train", "test"):
        assert getattr(stepped.curves(), name).tobytes() == getattr(ran.curves(), name).tobytes()
    assert len(ran.curves()) == 101


def test_without_test_samples_the_test_loss_is_not_a_number():
    trainer = trainer_of(n_test=0)
    trainer.run(4)
    assert np.isnan(trainer.curves().test).all() and np.isfinite(trainer.curves().train).all()
