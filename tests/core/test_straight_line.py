"""The straight run through an epoch gives the bytes of its phases, for any network, batch and optimizer."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.core import batches, optimizers, products
from nnsim.core.activations import ACTIVATIONS
from nnsim.core.arrays import read_only
from nnsim.core.batches import Batches, EpochOrder
from nnsim.core.losses import LOSSES
from nnsim.core.network import ConnectionSpec, LayerSpec, Network, NetworkSpec
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.precisions import PRECISIONS
from nnsim.core.sample_sets import with_ones
from nnsim.core.schedules import SCHEDULES
from nnsim.core.straight_line import BLOCK, StraightLine
from nnsim.core.trainer import Task, Trainer, TrainState

HIDDEN = [a.key for a in ACTIVATIONS if not a.vector]


def contents(trainer: Trainer) -> dict[str, object]:
    """Where a trainer stands, to be compared as a whole."""
    state = trainer.checkpoint()
    found = {f.name: getattr(state, f.name) for f in fields(state)}
    curves = found.pop("curves")
    found["theta"], found["slots"] = state.theta.tobytes(), [s.tobytes() for s in state.slots]
    return found | {f.name: getattr(curves, f.name).tobytes() for f in fields(curves)}


def stepped(task: Task, state: TrainState, updates: int) -> Trainer:
    trainer = Trainer(task, state)
    for _ in range(updates * len(trainer.plan)):
        trainer.advance()
    return trainer


def ran(task: Task, state: TrainState, *bursts: int) -> Trainer:
    trainer = Trainer(task, state)
    for updates in bursts:
        trainer.run(updates)
    return trainer


@st.composite
def tasks(draw: st.DrawFn) -> tuple[Task, TrainState]:
    """A random network with random connections and biases, and a random way to train it."""
    depth = draw(st.integers(2, 5))
    sizes = draw(st.lists(st.integers(1, 6), min_size=depth, max_size=depth))
    output = draw(st.sampled_from([*HIDDEN, "softmax"]))
    acts = [*draw(st.lists(st.sampled_from(HIDDEN), min_size=depth - 2, max_size=depth - 2)), output]
    biases = draw(st.lists(st.sampled_from(["each", "shared", "none"]), min_size=depth, max_size=depth))
    layers = [LayerSpec(sizes[0])]
    layers += [LayerSpec(n, a, bias=b) for n, a, b in zip(sizes[1:], acts, biases[1:], strict=True)]
    joins = [ConnectionSpec(i, j) for i, j in pairwise(range(depth))]
    skips = [ConnectionSpec(i, j) for j in range(2, depth) for i in range(j - 1)]
    joins += [c for c in skips if draw(st.integers(0, 3)) == 0]
    price = draw(st.sampled_from([0.0, 0.01]))
    spec = NetworkSpec(tuple(layers), tuple(joins), draw(st.sampled_from(LOSSES.keys())), price, 2 * price)
    rng, n = np.random.default_rng(draw(st.integers(0, 999))), draw(st.integers(1, 24))
    y = rng.uniform(0.05, 0.95, (n, sizes[-1]))
    if draw(st.booleans()):
        y = np.eye(sizes[-1])[rng.integers(0, sizes[-1], n)]
    theta = rng.normal(size=Network(spec).layout.size)
    frozen = rng.uniform(size=theta.size) < 0.2 if draw(st.booleans()) else None
    x = rng.normal(size=(n, sizes[0]))
    task = Task(
        spec, x, y, x[: n // 3], y[: n // 3], 0.01, draw(st.sampled_from(OPTIMIZERS.keys())), {},
        draw(st.sampled_from(SCHEDULES.keys())), {}, draw(st.integers(0, n + 1)), draw(st.booleans()), 5,
        frozen, draw(st.sampled_from(PRECISIONS.keys())),
    )  # fmt: skip
    return task, TrainState(read_only(theta))


@settings(max_examples=150)
@given(tasks(), st.integers(1, 40), st.integers(0, 40))
def test_any_network_runs_to_the_bytes_it_steps_to(
    made: tuple[Task, TrainState], first: int, more: int
) -> None:
    task, state = made
    try:
        expected = contents(stepped(task, state, first + more))
    except ArithmeticError:  # it diverges: tested elsewhere
        return
    assert contents(ran(task, state, first, more)) == expected


def plain_task(
    n: int, batch: int, *, shuffle: bool = True, sizes: tuple[int, ...] = (3, 4, 2), optimizer: str = "sgd"
) -> tuple[Task, TrainState]:
    rng = np.random.default_rng(4)
    spec = NetworkSpec.chain(sizes, ("tanh",) * (len(sizes) - 1))
    x, y = rng.normal(size=(n, sizes[0])), rng.uniform(-0.5, 0.5, (n, sizes[-1]))
    task = Task(spec, x, y, x[:0], y[:0], 0.02, optimizer, batch_size=batch, shuffle=shuffle, seed=1)
    return task, TrainState(read_only(rng.normal(size=Network(spec).layout.size) * 0.3))


@pytest.mark.parametrize("bursts", [(1, 74), (31, 33, 11), (64, 11), (75,), (40, 1, 34)])
def test_epochs_of_more_batches_than_a_block_holds(bursts: tuple[int, ...]) -> None:
    task, state = plain_task(2 * BLOCK + 5, 1)
    assert contents(ran(task, state, *bursts)) == contents(stepped(task, state, sum(bursts)))


@pytest.mark.parametrize("optimizer", OPTIMIZERS.keys())
def test_parameters_that_fill_several_pieces(optimizer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    task, state = plain_task(12, 4, optimizer=optimizer)
    whole = contents(ran(task, state, 7))
    monkeypatch.setattr(optimizers, "_PIECE", 4)
    assert contents(ran(task, state, 7)) == contents(stepped(task, state, 7)) == whole


@pytest.mark.parametrize("batch", [4, 5, 20])
def test_a_large_set_is_gathered_batch_by_batch_to_the_same_bytes(
    batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, state = plain_task(20, batch)
    laid_out = contents(ran(task, state, 3, 20))
    monkeypatch.setattr(batches, "_LARGE_BYTES", 0)
    assert contents(ran(task, state, 3, 20)) == laid_out
    assert contents(stepped(task, state, 23)) == laid_out


@pytest.mark.parametrize("batch", [0, 3])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_epochs_that_are_all_alike_are_repeated_to_the_same_bytes(batch: int, optimizer: str) -> None:
    task, state = plain_task(7, batch, shuffle=False, optimizer=optimizer)
    in_one, one_by_one = Trainer(task, state), Trainer(task, state)
    for trainer in (in_one, one_by_one):
        trainer.restore(state, silent=True)
    in_one.run(301)
    for _ in range(301):
        one_by_one.run(1)
    assert contents(in_one) == contents(one_by_one)
    assert in_one.step == 301


@pytest.mark.parametrize("updates", [5000, 9000])
def test_repeated_epochs_leave_the_curve_its_points(updates: int) -> None:
    task, state = plain_task(3, 0, shuffle=False, sizes=(1, 1))
    whole = ran(task, state, updates)
    parts = ran(task, state, *[100] * (updates // 100))
    assert contents(whole) == contents(parts)
    assert len(set(np.diff(whole.curves().epoch))) == 1


@pytest.mark.parametrize("many", ["nnsim.core.network._MOST_JOINED", "nnsim.core.connections.dense._MANY"])
def test_large_layers_are_computed_another_way_to_the_same_numbers(
    many: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, state = plain_task(20, 6, sizes=(3, 5, 4, 2), optimizer="adam")
    usual = Trainer(task, state)
    monkeypatch.setattr(many, 0)
    other = Trainer(task, TrainState(read_only(np.zeros_like(state.theta))))
    for index in range(3):
        other.theta.weights[index][...] = usual.theta.weights[index]
        other.theta.biases[index + 1][...] = usual.theta.biases[index + 1]
    start = other.checkpoint()
    usual.run(30), other.run(30)
    for index in range(3):
        np.testing.assert_allclose(other.theta.weights[index], usual.theta.weights[index], rtol=1e-10)
        np.testing.assert_allclose(other.theta.biases[index + 1], usual.theta.biases[index + 1], rtol=1e-10)
    assert contents(other) == contents(stepped(task, start, 30))


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("gathered", [True, False])
def test_products_in_pieces_give_the_same_numbers_and_the_same_bytes_however_one_walks(
    shuffle: bool, gathered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, state = plain_task(20, 6, sizes=(3, 5, 4, 2), optimizer="adam", shuffle=shuffle)
    whole = ran(task, state, 3, 27)
    for name, value in {"_MOST": 60, "_ROWS": 2, "_FEWEST_ROWS": 1, "reads_in_place": lambda: True}.items():
        monkeypatch.setattr(products, name, value)
    if gathered:
        monkeypatch.setattr(batches, "_LARGE_BYTES", 0)
    pieces = ran(task, state, 3, 27)
    first = [trainer.space.straight(*trainer._batches.batch[0]) for trainer in (pieces, whole)]
    assert len(first[0]) > len(first[1])
    np.testing.assert_allclose(pieces.theta.flat, whole.theta.flat, rtol=1e-12)
    assert contents(pieces) == contents(stepped(task, state, 30))


def test_every_epoch_visits_every_sample_with_its_own_target() -> None:
    x = np.arange(11.0)[:, None] * [1.0, 10.0]
    y = x @ [[1.0, 0.0, 2.0], [0.0, 3.0, 0.0]]
    for limit in (0, 10**6):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(batches, "_LARGE_BYTES", limit)
            cut = Batches(with_ones(x, x.dtype), y, 4, EpochOrder(11, 3, True))
        for epoch in (0, 1, 70):
            cut.lay_out(epoch)
            seen: list[int] = []
            for index, (inputs, targets) in enumerate(cut.batch):
                for function, *arguments in cut.fetch[index]:
                    function(*arguments)
                rows = cut.samples(epoch, index)
                np.testing.assert_array_equal(inputs[:-1].T, x[rows])
                np.testing.assert_array_equal(inputs[-1], 1.0)
                np.testing.assert_array_equal(targets.T, y[rows])
                seen.extend(rows)
            assert sorted(seen) == list(range(11))


def test_blocks_are_made_once_and_again_when_too_many_have_been_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnsim.core.straight_line._MOST_BLOCKS", 2)
    made: list[int] = []
    done: list[int] = []

    def make(index: int) -> list[tuple[object, ...]]:
        made.append(index)
        return [(done.append, index)] * (1 + index % 2)  # not all batches are alike

    count = 3 * BLOCK - 7
    line = StraightLine(make, count)
    expected = [i for i in range(count) for _ in range(1 + i % 2)]
    line.run(0, count)
    assert done == expected and made == list(range(count))
    done.clear()
    line.run(5, 2 * BLOCK + 1)
    assert done == [i for i in expected if 5 <= i <= 2 * BLOCK]
