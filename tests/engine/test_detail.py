"""Every epoch's loss is there again where one looks closely, however long the run was."""

from __future__ import annotations

import time

import numpy as np
import pytest

from nnsim.core.curves import CAPACITY
from nnsim.core.trainer import Trainer
from nnsim.engine.detail import POINTS
from nnsim.engine.inline import InlineEngine
from nnsim.engine.messages import Granularity, Load, Run, Step, Watch
from nnsim.engine.snapshot import ViewRequest
from nnsim.engine.worker import ThreadEngine
from nnsim.model import edits
from nnsim.model.build import build
from nnsim.model.compile import compile_project
from nnsim.model.project import Data, Training

LONG = 2 * CAPACITY + 100


def small_project():
    project = build((2, 2, 1), "tanh", Data("xor", {"count": 8}), Training(batch_size=2, learning_rate=0.01))
    return edits.set_data_options(project, count=8)


@pytest.fixture(scope="module")
def every_loss():
    """The losses at the beginning of every epoch, from a run that looks at each."""
    compiled = compile_project(small_project())
    trainer, found = Trainer(compiled.task, compiled.state), []
    for _ in range(LONG + 1):
        found.append((trainer.train_loss(), trainer.test_loss()))
        trainer.run(trainer.batches_per_epoch)
    return np.array(found)


@pytest.fixture(params=[InlineEngine, ThreadEngine], ids=["inline", "thread"])
def engine(request):
    made = request.param()
    made.send(Load(1, compile_project(small_project())))
    yield made
    assert made.close()


def train(engine, epochs):
    engine.send(Run(1, epochs))
    assert engine.wait_event(60.0)
    engine.take_events()


def look(engine, first, last, is_new=lambda detail: True):
    """Ask for a piece of the curve and wait for it."""
    engine.send(Watch(ViewRequest(curve=(first, last))))
    end = time.monotonic() + 20.0
    while time.monotonic() < end:
        snapshot = engine.take_snapshot()
        engine.take_events()
        if snapshot is not None and snapshot.curve_detail is not None and is_new(snapshot.curve_detail):
            return snapshot
    raise AssertionError("the piece of the curve does not come")


def test_a_piece_of_a_long_curve_has_every_epoch_with_the_bytes_it_had(engine, every_loss) -> None:
    train(engine, LONG)
    snapshot = look(engine, 1001, 1200)
    detail, stride = snapshot.curve_detail, int(snapshot.curves.epoch[1])
    assert stride > 1
    assert detail.epoch.tolist() == list(range(1001, 1201))
    assert detail.train.tobytes() == every_loss[1001:1201, 0].tobytes()
    assert detail.test.tobytes() == every_loss[1001:1201, 1].tobytes()
    assert snapshot.epoch == LONG


def test_a_long_piece_takes_as_many_epochs_as_can_be_told_apart(engine, every_loss) -> None:
    train(engine, LONG)
    detail = look(engine, 0, LONG).curve_detail
    assert len(detail) <= POINTS and detail.epoch[0] == 0
    assert detail.train.tobytes() == np.ascontiguousarray(every_loss[detail.epoch, 0]).tobytes()


def test_a_piece_ends_where_the_run_has_come_to_and_goes_on_with_it(engine, every_loss) -> None:
    train(engine, 20)
    assert look(engine, 15, 40).curve_detail.epoch.tolist() == list(range(15, 21))
    train(engine, 10)
    longer = look(engine, 15, 40, lambda detail: len(detail) > 6).curve_detail
    assert longer.epoch.tolist() == list(range(15, 31))
    assert longer.train.tobytes() == every_loss[15:31, 0].tobytes()


def test_looking_closely_moves_nothing(engine) -> None:
    train(engine, 30)
    engine.send(Step(1, Granularity.LAYER))
    assert engine.wait_event(20.0)
    before = engine.take_events()[0].checkpoint
    look(engine, 3, 9)
    engine.send(Step(1, Granularity.LAYER))
    assert engine.wait_event(20.0)
    after = engine.take_events()[0].checkpoint
    assert (after.step, after.phase) == (before.step, before.phase + 1)
    assert after.theta.tobytes() == before.theta.tobytes()
