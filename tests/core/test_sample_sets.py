"""Samples laid out once for every trainer of the same samples; the batch that comes next."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nnsim.core.batches import next_batch
from nnsim.core.network import NetworkSpec
from nnsim.core.task import Task, TrainState
from nnsim.core.trainer import Trainer


def task_of(count: int = 23, batch: int = 5, shuffle: bool = True, precision: str = "float64") -> Task:
    rng = np.random.default_rng(0)
    spec = NetworkSpec.chain((3, 4, 2), ("tanh", "linear"), "mse_half")
    x, y = rng.normal(size=(count, 3)), rng.normal(size=(count, 2))
    return Task(spec, x, y, x[:4], y[:4], 0.1, batch_size=batch, shuffle=shuffle, seed=7, precision=precision)


def start(task: Task) -> TrainState:
    return TrainState(np.random.default_rng(1).normal(size=3 * 4 + 4 + 4 * 2 + 2))


def test_a_trainer_of_the_same_samples_shares_them_and_computes_the_same_bytes() -> None:
    task = task_of()
    first = Trainer(task, start(task))
    other = replace(task, learning_rate=0.3)
    shared, alone = Trainer(other, start(task), first.sets), Trainer(other, start(task))
    assert shared.sets is first.sets and alone.sets is not first.sets
    first.run(11)  # what one does to its batches changes nothing for the others
    shared.run(31)
    alone.run(31)
    assert shared.theta.flat.tobytes() == alone.theta.flat.tobytes()
    assert shared.train_loss() == alone.train_loss() and shared.test_loss() == alone.test_loss()


def test_other_samples_or_another_precision_are_laid_out_anew() -> None:
    task = task_of()
    sets = Trainer(task, start(task)).sets
    assert Trainer(replace(task, x_train=task.x_train.copy()), start(task), sets).sets is not sets
    single = Trainer(replace(task, precision="float32"), start(task), sets).sets
    assert single is not sets and single.x.dtype == np.float32


@pytest.mark.parametrize(("batch", "shuffle"), [(5, True), (5, False), (0, True), (23, True), (100, False)])
def test_the_next_batch_is_the_one_a_trainer_stands_before(batch: int, shuffle: bool) -> None:
    task = task_of(batch=batch, shuffle=shuffle)
    trainer = Trainer(task, start(task))
    for _ in range(140):  # beyond a block of epochs
        state = trainer.keyframe()
        assert next_batch(task, state).tolist() == trainer.batch_samples().tolist()
        trainer.run(1)


def test_without_samples_there_is_no_next_batch() -> None:
    task = task_of(count=0)
    with pytest.raises(ValueError, match="no training samples"):
        next_batch(task, start(task))
