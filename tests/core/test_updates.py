"""What an update changes: optimizers by hand, frozen parameters, penalties, shared biases."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.core import regularizers
from nnsim.core.arrays import read_only
from nnsim.core.network import ConnectionSpec, LayerSpec, Network, NetworkSpec, Views
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.trainer import Task, Trainer, TrainState


def task_of(optimizer="sgd", l1=0.0, l2=0.0, frozen=None, bias="each", batch_size=4, **options):
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(12, 2)), rng.uniform(size=(12, 1)).round()
    layers = (LayerSpec(2), LayerSpec(3, "tanh", bias=bias), LayerSpec(1, "sigmoid"))
    joins = (ConnectionSpec(0, 1), ConnectionSpec(1, 2))
    spec = NetworkSpec(layers, joins, "bce_mean", l1, l2)
    return Task(spec, x, y, x[:0], y[:0], 0.1, optimizer, options, batch_size=batch_size, shuffle=True,
                frozen=frozen)  # fmt: skip


def start(size=13):
    return TrainState(read_only(np.random.default_rng(2).normal(size=size)))


@pytest.mark.parametrize("optimizer", OPTIMIZERS.keys())
@pytest.mark.parametrize("penalty", [0.0, 0.01])
def test_frozen_parameters_never_change_and_the_others_do(optimizer, penalty):
    frozen = np.zeros(13, dtype=bool)
    frozen[[0, 4, 7, 9, 12]] = True
    trainer = Trainer(task_of(optimizer, l1=penalty, l2=penalty, frozen=frozen), start())
    trainer.run(60)
    now, then = trainer.theta.flat, start().theta
    assert now[frozen].tobytes() == then[frozen].tobytes()
    assert (now[~frozen] != then[~frozen]).all()


@pytest.mark.parametrize("optimizer", OPTIMIZERS.keys())
def test_freezing_in_the_middle_of_a_run_stops_momentum_too(optimizer):
    trainer = Trainer(task_of(optimizer), start())
    trainer.run(10)
    saved = trainer.checkpoint()
    frozen = np.ones(13, dtype=bool)
    held = Trainer(task_of(optimizer, frozen=frozen), saved)
    held.run(20)
    assert held.theta.flat.tobytes() == saved.theta.tobytes()


@pytest.mark.parametrize("optimizer", OPTIMIZERS.keys())
def test_freezing_nothing_is_no_freezing(optimizer):
    free = Trainer(task_of(optimizer), start())
    marked = Trainer(task_of(optimizer, frozen=np.zeros(13, dtype=bool)), start())
    free.run(20), marked.run(20)
    assert free.theta.flat.tobytes() == marked.theta.flat.tobytes()


@pytest.mark.parametrize("optimizer", OPTIMIZERS.keys())
def test_a_shared_bias_stays_one_number(optimizer):
    task, theta = task_of(optimizer, bias="shared"), start().theta.copy()
    Views(Network(task.network).layout, theta).biases[1][...] = 0.3
    trainer = Trainer(task, TrainState(read_only(theta)))
    trainer.run(40)
    bias = trainer.theta.biases[1]
    assert len(set(bias)) == 1 and bias[0] != 0.3


def test_a_layer_without_biases_has_no_parameters_for_them():
    trainer = Trainer(task_of(bias="none"), start(10))
    assert trainer.theta.biases[1] is None and trainer.theta.flat.size == 10
    trainer.run(5)


def scalar(optimizer, gradients, theta=1.0, lr=0.1, **options):
    """The optimizer on one number, the gradients given."""
    entry = OPTIMIZERS[optimizer]
    values, tmp1, tmp2 = np.array([theta]), np.zeros(1), np.zeros(1)
    slots = tuple(np.zeros(1) for _ in entry.slot_names)
    path = []
    for t, g in enumerate(gradients, start=1):
        entry.update(values, np.array([g]), slots, lr, t, entry.numbers(options), tmp1, tmp2)
        path.append(float(values[0]))
    return path


def test_optimizers_by_hand():
    assert scalar("sgd", [1.0, -2.0]) == pytest.approx([0.9, 1.1])
    # v = 1, then 0.5 + 2 = 2.5
    assert scalar("momentum", [1.0, 2.0], momentum=0.5) == pytest.approx([0.9, 0.65])
    # g + μv: 1 + 0.5, then 2 + 1.25
    assert scalar("nesterov", [1.0, 2.0], momentum=0.5) == pytest.approx([0.85, 0.525])
    assert scalar("adagrad", [3.0, 4.0], epsilon=1e-10) == pytest.approx([0.9, 0.9 - 0.1 * 4 / 5])
    assert scalar("rmsprop", [2.0], alpha=0.75, epsilon=1e-16) == pytest.approx([1.0 - 0.1 / 0.5])
    # The first update of Adam is the learning rate in the gradient's direction, whatever its size.
    assert scalar("adam", [1e-3]) == pytest.approx([0.9], rel=1e-5)
    assert scalar("adam", [-50.0]) == pytest.approx([1.1])
    assert scalar("adamw", [1e-3], weight_decay=0.5) == pytest.approx([0.95 - 0.1], rel=1e-5)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: o.key)
def test_an_optimizer_leaves_the_gradient_alone_and_goes_downhill(optimizer):
    theta, g = np.array([1.0, -1.0]), np.array([0.5, -0.25])
    slots = tuple(np.zeros(2) for _ in optimizer.slot_names)
    optimizer.update(theta, g, slots, 0.01, 1, optimizer.numbers({}), np.zeros(2), np.zeros(2))
    assert g.tolist() == [0.5, -0.25]
    assert theta[0] < 1.0 and theta[1] > -1.0


@pytest.mark.parametrize("optimizer", OPTIMIZERS.keys())
def test_every_optimizer_brings_the_loss_down(optimizer):
    trainer = Trainer(task_of(optimizer), start())
    before = trainer.train_loss()
    trainer.run(200)
    assert trainer.train_loss() < 0.9 * before


def test_the_penalty_counts_weights_and_no_biases():
    trainer = Trainer(task_of(l1=0.5, l2=0.25), start())
    weights = np.concatenate([w.ravel() for w in trainer.theta.weights])
    assert trainer.penalty() == pytest.approx(0.5 * np.abs(weights).sum() + 0.125 * (weights**2).sum())
    assert Trainer(task_of(), start()).penalty() == 0.0


def test_the_penaltys_gradient_is_the_limit_of_differences_and_zero_at_zero():
    theta, mask = np.array([0.5, -2.0, 0.0, 3.0]), np.array([1.0, 1.0, 1.0, 0.0])
    g, h = np.zeros(4), 1e-6
    regularizers.add_gradient(theta, mask, 0.3, 0.7, g, np.zeros(4))
    assert g[2] == 0.0 and g[3] == 0.0

    def price(values):
        return regularizers.penalty(values[mask == 1.0], 0.3, 0.7)

    for i in (0, 1):
        high, low = theta.copy(), theta.copy()
        high[i] += h
        low[i] -= h
        assert g[i] == pytest.approx((price(high) - price(low)) / (2 * h))


def test_penalties_make_weights_smaller():
    def size(**penalty):
        trainer = Trainer(task_of(**penalty), start())
        trainer.run(500)
        return sum(np.abs(w).sum() for w in trainer.theta.weights)

    assert size(l2=0.1) < 0.7 * size() and size(l1=0.05) < 0.7 * size()


def test_with_a_learning_rate_of_zero_nothing_moves():
    trainer = Trainer(replace(task_of("momentum"), learning_rate=0.0), start())
    trainer.run(30)
    assert trainer.theta.flat.tobytes() == start().theta.tobytes()
