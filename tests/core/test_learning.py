"""The suggested network of every data set learns it, and small networks do what they are known for."""

import numpy as np
import pytest

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.arrays import read_only
from nnsim.core.datasets import DATASETS, class_low, encode, feature_matrix, fit_scaling, split
from nnsim.core.gradcheck import check_gradient
from nnsim.core.initializers import INITIALIZERS
from nnsim.core.metrics import METRICS
from nnsim.core.network import Network, NetworkSpec, Views
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.streams import Purpose, stream
from nnsim.core.trainer import Diverged, Task, Trainer, TrainState
from nnsim.io.shipped_data import load_shipped

# Scores on training and test samples that a run from the first seeds has to reach.
GOALS = {
    "circle": (0.99, 0.98), "xor": (0.99, 0.95), "gauss": (0.99, 0.99), "spiral": (0.99, 0.97),
    "moons": (0.97, 0.96), "plane": (0.999, 0.999), "multi_gauss": (0.96, 0.95), "sine": (0.96, 0.95),
    "iris": (0.96, 0.9), "digits": (0.99, 0.95),
    "gate_and": (1.0, None), "gate_or": (1.0, None), "gate_nand": (1.0, None), "gate_xor": (1.0, None),
}  # fmt: skip


def suggested(entry, seed, **changes):
    """(trainer, low) of the entry's suggested network with weights of this seed."""
    s = entry.suggestion
    samples = load_shipped(entry.key) if entry.shipped else entry.make(stream(seed, Purpose.DATA), {})
    train, test = split(samples.count, s.train_share, stream(seed, Purpose.SPLIT))
    raw = feature_matrix(samples.inputs, s.features)
    x = fit_scaling(s.scaling, raw[train]).apply(raw)
    low = -1.0 if ACTIVATIONS[s.output_activation].low < 0 else 0.0
    y = encode(samples, s.outputs, low)
    sizes = (x.shape[1], *s.hidden, s.outputs)
    activations = (s.activation,) * len(s.hidden) + (s.output_activation,)
    network = Network(NetworkSpec.chain(sizes, activations, s.loss))
    theta = np.zeros(network.layout.size)
    views, rng, initializer = (
        Views(network.layout, theta),
        stream(seed, Purpose.WEIGHTS),
        INITIALIZERS[s.initializer],
    )
    for i, weights in enumerate(views.weights):
        if s.parameters:
            weights[...], views.biases[i + 1][...] = s.parameters[i]
        else:
            weights[...] = initializer.draw(rng, weights.shape, sizes[i], sizes[i + 1], {})
            views.biases[i + 1][...] = initializer.draw_bias(sizes[i + 1], {})
    settings = {
        "learning_rate": s.learning_rate,
        "optimizer": s.optimizer,
        "batch_size": s.batch_size,
    } | changes
    task = Task(network.spec, x[train], y[train], x[test], y[test], shuffle=True, seed=seed, **settings)
    return Trainer(task, TrainState(read_only(theta))), class_low(samples, low)


def scores(entry, trainer, low):
    metric = next(m for m in METRICS if m.task == entry.task)
    task, outputs = trainer.task, trainer.evaluator.outputs
    return (
        metric.value(outputs(task.x_train), task.y_train, low),
        metric.value(outputs(task.x_test), task.y_test, low),
    )


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("entry", [e for e in DATASETS if e.key in GOALS], ids=lambda e: e.key)
def test_a_suggested_network_learns_its_data(entry, seed):
    trainer, low = suggested(entry, seed)
    before = trainer.train_loss()
    trainer.run(entry.suggestion.epochs * trainer.batches_per_epoch)
    train, test = scores(entry, trainer, low)
    goal, test_goal = GOALS[entry.key]
    assert train >= goal and trainer.train_loss() < 0.5 * before
    assert np.isnan(test) if test_goal is None else test >= test_goal


@pytest.mark.parametrize("entry", DATASETS, ids=lambda e: e.key)
def test_gradients_on_real_data_are_right_before_and_after_training(entry):
    trainer, _ = suggested(entry, seed=0)
    some = np.random.default_rng(0).permutation(trainer.theta.flat.size)[:60]
    for epochs in (0, entry.suggestion.epochs):
        trainer.run(epochs * trainer.batches_per_epoch)
        x, y = trainer.task.x_train[:100], trainer.task.y_train[:100]
        check = check_gradient(trainer.network, trainer.theta.flat, x, y, some)
        assert check.largest_error <= 1e-6 and check.at_kink.sum() <= 2


@pytest.mark.parametrize("optimizer", OPTIMIZERS.keys())
@pytest.mark.parametrize("entry", DATASETS, ids=lambda e: e.key)
def test_with_a_learning_rate_of_a_million_a_run_stays_finite_or_says_that_it_diverged(entry, optimizer):
    trainer, _ = suggested(entry, seed=0, learning_rate=1e6, optimizer=optimizer)
    try:
        trainer.run(60)
    except Diverged:
        assert trainer.step < 60
    else:
        assert trainer.step == 60
    state = trainer.checkpoint()
    assert np.isfinite(state.theta).all() and np.isfinite(state.curves.train).all()


def test_every_data_set_but_single_samples_has_a_goal():
    assert set(DATASETS.keys()) - set(GOALS) == {"chain_025", "chain_045"}


@pytest.mark.parametrize("key", ["chain_025", "chain_045"])
def test_a_chain_reaches_its_one_target(key):
    trainer, _ = suggested(DATASETS[key], seed=0)
    trainer.run(DATASETS[key].suggestion.epochs)
    assert trainer.evaluator.outputs(trainer.task.x_train)[0, 0] == pytest.approx(0.25, abs=0.03)


def test_the_courses_printed_output_belongs_to_the_second_chain():
    found = [
        suggested(DATASETS[k], 0)[0].evaluator.outputs(np.array([[0.1]]))[0, 0]
        for k in ("chain_025", "chain_045")
    ]
    assert found == pytest.approx([0.6571, 0.7153], abs=5e-5)


def test_one_neuron_cannot_learn_xor():
    trainer, low = suggested(DATASETS["gate_and"], seed=0)
    xor = np.array([[0.0], [1.0], [1.0], [0.0]])
    task = Task(trainer.task.network, trainer.task.x_train, xor, np.zeros((0, 2)), np.zeros((0, 1)), 1.0)
    alone = Trainer(task, trainer.checkpoint())
    alone.run(2000)
    assert scores(DATASETS["gate_xor"], alone, low)[0] <= 0.75
    assert alone.train_loss() == pytest.approx(np.log(2), rel=1e-3)


def test_two_hidden_neurons_are_enough_for_xor():
    x, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])
    spec = NetworkSpec.chain((2, 2, 1), ("sigmoid", "sigmoid"), "bce_mean")
    task = Task(spec, x, y, x[:0], y[:0], learning_rate=1.0, optimizer="momentum")
    learned = 0
    for seed in range(8):  # some starts end in a local minimum
        trainer = Trainer(task, TrainState(read_only(np.random.default_rng(seed).normal(size=9))))
        trainer.run(1000)
        learned += trainer.train_loss() < 0.01
    assert learned >= 4


def test_without_an_activation_function_any_depth_is_one_line():
    entry = DATASETS["circle"]
    samples = entry.make(stream(0, Purpose.DATA), {})
    y = encode(samples, 1, -1.0)
    spec = NetworkSpec.chain((2, 8, 8, 1), ("linear", "linear", "tanh"), "mse_half")
    theta = np.random.default_rng(0).normal(scale=0.3, size=Network(spec).layout.size)
    task = Task(spec, samples.inputs, y, samples.inputs[:0], y[:0], 0.01, batch_size=10, shuffle=True)
    trainer = Trainer(task, TrainState(read_only(theta)))
    trainer.run(50 * 50)
    assert scores(entry, trainer, -1.0)[0] < 0.75
