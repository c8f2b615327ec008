"""The numbers of a step: the bytes that training computes, and nothing before it is computed."""

from dataclasses import fields

import numpy as np
import pytest

from nnsim.core.arrays import read_only
from nnsim.core.explain.numbers import position, step_numbers, whole_step
from nnsim.core.explain.quantity import Quantity
from nnsim.core.network import ConnectionSpec, LayerSpec, Network, NetworkSpec
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.phases import PhaseKind
from nnsim.core.trainer import Task, Trainer, TrainState

SKIPPING = NetworkSpec(
    (LayerSpec(2), LayerSpec(3, "tanh", bias="shared"), LayerSpec(2, "sigmoid"), LayerSpec(2, "sigmoid")),
    (ConnectionSpec(0, 1), ConnectionSpec(1, 2), ConnectionSpec(0, 2), ConnectionSpec(2, 3)),
    "bce_mean",
    l1=0.01,
    l2=0.02,
)


def trainer(spec=SKIPPING, optimizer="adam", frozen=False, **settings):
    random = np.random.default_rng(5)
    x, y = random.normal(size=(9, spec.layers[0].size)), random.random((9, spec.layers[-1].size))
    size = Network(spec).layout.size
    marks = random.random(size) < 0.3 if frozen else None
    task = Task(
        spec, x, y, x[:0], y[:0], optimizer=optimizer, batch_size=3, shuffle=True, frozen=marks, **settings
    )
    return Trainer(task, TrainState(read_only(random.normal(size=size))))


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("optimizer", [o.key for o in OPTIMIZERS])
def test_the_update_foreseen_is_the_update_made(optimizer, frozen):
    run = trainer(optimizer=optimizer, frozen=frozen, schedule="exponential")
    run.run(4)
    while run.plan[run.phase].kind is not PhaseKind.UPDATE:
        run.advance()
    found = step_numbers(run, 0)
    assert found.learning_rate == run.learning_rate != run.task.learning_rate
    run.advance()
    after = run.checkpoint()
    assert found.theta_after.tobytes() == after.theta.tobytes()
    assert found.gradient_after.tobytes() == run.grad.flat.tobytes()
    if after.slots:
        assert found.age == after.age == 5
        assert [s.tobytes() for s in found.slots_after] == [s.tobytes() for s in after.slots]


def test_each_phase_adds_its_own_numbers_and_no_others():
    run = trainer()
    known = []
    for _ in run.plan:
        found = step_numbers(run, 1)
        known.append(
            (
                [layer for layer in range(1, 4) if np.isfinite(found.z[layer]).all()],
                np.isfinite(found.loss),
                [layer for layer in range(1, 4) if np.isfinite(found.delta[layer]).all()],
                int(np.isfinite(found.gradient).sum()),
                found.theta_after is not None,
            )
        )
        assert [np.isnan(values).all() for values in found.a[1:]] == [
            np.isnan(values).all() for values in found.z[1:]
        ]
        run.advance()
    assert known == [
        ([], False, [], 0, False),
        ([1], False, [], 0, False),
        ([1, 2], False, [], 0, False),
        ([1, 2, 3], False, [], 0, False),
        ([1, 2, 3], True, [], 0, False),
        ([1, 2, 3], True, [3], 6, False),
        ([1, 2, 3], True, [2, 3], 18, False),
        ([1, 2, 3], True, [1, 2, 3], 27, True),
    ]


def test_the_numbers_are_those_of_the_step_to_the_byte():
    run = trainer()
    run.run(2)
    for _ in run.plan[:-1]:
        run.advance()
    found = step_numbers(run, 2)
    for layer in range(1, run.network.depth):
        for mine, theirs in ((found.z, run.space.z), (found.a, run.space.a), (found.delta, run.space.delta)):
            assert mine[layer].tobytes() == np.ascontiguousarray(theirs[layer]).tobytes()
    assert found.gradient.tobytes() == run.grad.flat.tobytes()
    assert found.loss == run.batch_loss
    assert found.penalty == run.penalty()
    np.testing.assert_array_equal(found.x, run.task.x_train[run.batch_samples()])
    np.testing.assert_array_equal(found.samples, run.batch_samples())


def test_a_phase_has_its_numbers_as_soon_as_one_of_its_operations_is_shown():
    run = trainer()
    shown = [
        lambda found: np.isfinite(found.a[1]).all(),
        lambda found: np.isfinite(found.a[2]).all(),
        lambda found: np.isfinite(found.a[3]).all(),
        lambda found: np.isfinite(found.loss) and np.isfinite(found.penalty),
        lambda found: np.isfinite(found.delta[3]).all(),
        lambda found: np.isfinite(found.delta[2]).all(),
        lambda found: np.isfinite(found.gradient).all() and found.theta_after is not None,
    ]
    for visible in shown:
        assert not visible(step_numbers(run, 0))
        run.advance_operation()
        found = step_numbers(run, 0)
        assert visible(found)
        assert (found.phase, found.operation) == (run.phase, 1)
        assert np.isnan(run.batch_loss) or run.phase > 3
        run.advance()


def test_looking_changes_nothing():
    looked, other = trainer(), trainer()
    for _ in range(3 * len(looked.plan)):
        step_numbers(looked, 0)
        looked.compute_ahead()
        looked.advance()
        other.advance()
        assert looked.theta.flat.tobytes() == other.theta.flat.tobytes()
        assert looked.batch_loss == other.batch_loss or np.isnan(looked.batch_loss)
    assert looked.checkpoint().slots[0].tobytes() == other.checkpoint().slots[0].tobytes()


def test_nothing_can_be_written_to():
    run = trainer()
    for _ in run.plan[:-1]:
        run.advance()
    found = step_numbers(run, 0)
    for field in fields(found):
        value = getattr(found, field.name)
        for array in value if isinstance(value, tuple) else (value,):
            if isinstance(array, np.ndarray):
                assert not array.flags.writeable, field.name


def test_a_row_that_is_not_in_the_batch_is_refused():
    run = trainer()
    for row in (-1, 3):
        with pytest.raises(IndexError):
            step_numbers(run, row)
        with pytest.raises(IndexError):
            whole_step(run.task, run.checkpoint(), run.task.x_train[:3], run.task.y_train[:3], row)


def test_a_whole_step_has_the_numbers_of_the_step():
    run = trainer()
    run.run(2)
    state, samples = run.checkpoint(), run.batch_samples()
    whole = whole_step(run.task, state, run.task.x_train[samples], run.task.y_train[samples], 1, samples)
    for _ in run.plan[:-1]:
        run.advance()
    found = step_numbers(run, 1)
    close = {"rtol": 1e-13, "atol": 1e-15}
    for name in ("z", "a", "da", "delta", "slope"):
        for mine, theirs in zip(getattr(whole, name)[1:], getattr(found, name)[1:], strict=True):
            np.testing.assert_allclose(mine, theirs, **close)
    for name in ("gradient", "gradient_after", "theta_after", "loss", "penalty", "learning_rate", "age"):
        np.testing.assert_allclose(getattr(whole, name), getattr(found, name), **close)
    assert whole.phase == len(run.plan)


def test_blame_of_a_fused_output_is_given_too():
    run = trainer()
    for _ in run.plan[:-1]:
        run.advance()
    found = step_numbers(run, 0)
    np.testing.assert_allclose(found.da[-1] * found.slope[-1], found.delta[-1], rtol=1e-12)


@pytest.mark.parametrize("bias", ["each", "none"])
def test_a_parameters_place_is_its_place(bias):
    layers = (LayerSpec(2), LayerSpec(1, "tanh", bias=bias), LayerSpec(3, "linear", bias=bias))
    spec = NetworkSpec(layers, (ConnectionSpec(0, 1), ConnectionSpec(1, 2), ConnectionSpec(0, 2)))
    for network in (Network(spec), Network(SKIPPING)):
        for kind, index, layer, block in network.parameters():
            places = block.positions()
            for where in np.ndindex(*block.shape):
                if kind == "weight":
                    q = Quantity("weight", layer, where[0], index, where[1])
                else:
                    q = Quantity("bias", layer, where[0])
                assert position(network, q) == places[where]


def test_a_quantity_is_looked_up_by_what_and_where():
    run = trainer()
    run.run(2)
    for _ in run.plan[:-1]:
        run.advance()
    found, net = step_numbers(run, 1), run.network
    weight = Quantity("weight", 2, 1, 2, 0)
    place = position(net, weight)
    assert found.value(net, weight) == run.theta.weights[2][1, 0] == found.theta[place]
    assert found.value(net, weight, after=True) == found.theta_after[place] != found.theta[place]
    assert found.value(net, weight.of("state", "v"), ("m", "v")) == run.checkpoint().slots[1][place]
    assert found.value(net, weight.of("total_gradient")) == found.gradient_after[place]
    assert found.value(net, Quantity("y", 3, 1)) == found.y[1, 1]
    assert found.value(net, Quantity("delta", 1, 2)) == run.space.delta[1][1, 2]
    assert found.value(net, Quantity("rate")) == run.learning_rate
    for wrong in (Quantity("colour", 1, 1), Quantity("z"), weight.of("state", "s")):
        with pytest.raises(ValueError):
            found.value(net, wrong, ("m", "v"))
