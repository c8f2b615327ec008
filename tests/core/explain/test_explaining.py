"""Explaining every kind of network: all activations, losses, optimizers, schedules; at extremes too."""

from dataclasses import replace

import numpy as np
import pytest

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.arrays import read_only
from nnsim.core.explain import PlainNames, explain, operation_of, phase_of, step_numbers, whole_step
from nnsim.core.explain.expression import Fraction, Number, Rest, Symbol, walk
from nnsim.core.explain.quantity import KINDS, Quantity
from nnsim.core.losses import LOSSES
from nnsim.core.network import ConnectionSpec, LayerSpec, Network, NetworkSpec, Views
from nnsim.core.operations import Operation, OperationKind, operations_of
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.phases import plan
from nnsim.core.schedules import SCHEDULES
from nnsim.core.trainer import Task, Trainer, TrainState

K = OperationKind
ACTIVATION_KEYS = [a.key for a in ACTIVATIONS if not a.vector]


def spec_of(hidden="tanh", output="sigmoid", loss="mse_half", bias="each", options=None, **penalty):
    """x → h → g → o, with a connection past g."""
    layers = (
        LayerSpec(2), LayerSpec(3, hidden, options or {}, bias), LayerSpec(2, hidden, bias=bias),
        LayerSpec(2, output, bias=bias),
    )  # fmt: skip
    joins = (ConnectionSpec(0, 1), ConnectionSpec(1, 2), ConnectionSpec(2, 3), ConnectionSpec(1, 3))
    return NetworkSpec(layers, joins, loss, **penalty)


def step_of(spec, n=1, row=0, weights=1.0, targets=None, epoch=0, **settings):
    """(task, the numbers of a whole step of random data and weights)."""
    random = np.random.default_rng(3)
    x = random.normal(size=(n, spec.layers[0].size))
    y = random.random((n, spec.layers[-1].size)) if targets is None else np.array([targets] * n)
    task = Task(spec, x, y, x[:0], y[:0], **settings)
    theta = weights * random.normal(size=Network(spec).layout.size)
    return task, whole_step(task, TrainState(shared(spec, theta), epoch=epoch), x, y, row, range(n))


def shared(spec, values):
    """The same, with equal entries where a layer shares its bias."""
    views = Views(Network(spec).layout, values.copy())
    for layer, bias in zip(spec.layers, views.biases, strict=True):
        if bias is not None and layer.bias == "shared":
            bias.fill(bias[0])
    return read_only(views.flat)


def explained(task, numbers, *place, **changes):
    network = Network(task.network)
    return explain(
        network,
        task.optimizer,
        task.optimizer_options,
        numbers,
        Operation(*place),
        PlainNames(network),
        **changes,
    )


@pytest.mark.parametrize("key", ACTIVATION_KEYS)
def test_every_activation(key, check_step):
    for n in (1, 3):
        task, numbers = step_of(spec_of(key, key), n, n - 1)
        check_step(task, Network(task.network), numbers)


@pytest.mark.parametrize("output", ["sigmoid", "softmax", "tanh"])
@pytest.mark.parametrize("loss", [entry.key for entry in LOSSES])
def test_every_loss_with_outputs_that_suit_it_and_that_do_not(loss, output, check_step):
    for n, bias in ((1, "each"), (1, "shared"), (3, "none"), (3, "shared")):
        task, numbers = step_of(spec_of(output=output, loss=loss, bias=bias), n)
        check_step(task, Network(task.network), numbers)


@pytest.mark.parametrize("penalty", [{}, {"l1": 0.01}, {"l2": 0.1}, {"l1": 0.01, "l2": 0.1}])
@pytest.mark.parametrize("optimizer", [entry.key for entry in OPTIMIZERS])
def test_every_optimizer_with_a_state_of_its_own_and_frozen_parameters(optimizer, penalty, check_step):
    spec = spec_of(bias="shared", **penalty)
    task, numbers = step_of(spec, 2, optimizer=optimizer)
    size = numbers.theta.size
    frozen = np.arange(size) % 3 == 0
    task = replace(task, frozen=frozen)
    random = np.random.default_rng(9)
    slots = tuple(shared(spec, random.random(size)) for _ in OPTIMIZERS[optimizer].slot_names)
    state = TrainState(numbers.theta, slots, age=4)
    numbers = whole_step(task, state, task.x_train, task.y_train)
    assert numbers.age == 5
    check_step(task, Network(spec), numbers)
    names, settings = PlainNames(Network(spec)), task.optimizer_options
    marked = [
        explain(Network(spec), optimizer, settings, numbers, operation, names).title
        for operation in operations_of(Network(spec), optimizer, plan(Network(spec))[-1])
        if operation.kind is K.UPDATE
    ]
    assert 0 < sum("frozen" in title for title in marked) < len(marked)


@pytest.mark.parametrize("epoch", [0, 7])
@pytest.mark.parametrize("schedule", [entry.key for entry in SCHEDULES])
def test_every_schedule_gives_the_rate_of_the_step(schedule, epoch, check_step):
    task, numbers = step_of(spec_of(), epoch=epoch, schedule=schedule, learning_rate=0.3)
    check_step(task, Network(task.network), numbers)
    found = explained(task, numbers, K.UPDATE, 1, 0, 0, 0)
    assert bool(found.parts) == (schedule != "constant")
    if found.parts:
        assert found.parts[-1].right == Number(
            SCHEDULES[schedule].rate(0.3, epoch, {}), Quantity("rate"), found.parts[-1].right.role
        )


@pytest.mark.parametrize("weights", [30.0, 1e4, 1e-9, 0.0])
@pytest.mark.parametrize(
    ("hidden", "output", "loss", "targets"),
    [
        ("sigmoid", "sigmoid", "bce_mean", [1.0, 0.0]), ("tanh", "sigmoid", "bce_sum", [0.0, 1.0]),
        ("softplus", "softmax", "cce", [1.0, 0.0]), ("elu", "softmax", "cce_sum", [0.3, 0.6]),
        ("relu", "softmax", "mse_half", [0.0, 1.0]), ("relu", "sigmoid", "cce", [1.0, 0.0]),
        ("sine", "softmax", "bce_samples", [0.0, 1.0]), ("leaky_relu", "linear", "sse", [1.0, 2.0]),
    ],
)  # fmt: skip
def test_saturated_and_vanishing_numbers(hidden, output, loss, targets, weights, check_step):
    task, numbers = step_of(spec_of(hidden, output, loss), 2, 1, weights, targets)
    check_step(task, Network(task.network), numbers)


@pytest.mark.parametrize("terms", [2, 3, 8])
def test_long_sums_stay_short_and_right(terms, check_explanation):
    spec = NetworkSpec.chain((784, 12, 11), ("relu", "softmax"), "cce", l1=0.001, l2=0.01)
    task, numbers = step_of(spec, 20, 4, 0.05)
    network = Network(spec)
    for place in (
        (K.SUM, 1, 3), (K.SUM, 2, 0), (K.ACTIVATION, 2, 10), (K.LOSS,), (K.PENALTY,), (K.DELTA, 2, 4),
        (K.BLAME, 1, 5), (K.WEIGHT_GRADIENT, 1, 2, 0, 700), (K.BIAS_GRADIENT, 2, 1),
    ):  # fmt: skip
        found = explained(task, numbers, *place, terms=terms)
        check_explanation(found, network, numbers, task, terms)
    z = explained(task, numbers, K.SUM, 1, 3, terms=terms).numbers[0].right
    rests = [node for node in walk(z) if isinstance(node, Rest)]
    assert [rest.count for rest in rests] == [784 - (terms - 1)]


def test_mazurs_delta_by_hand():
    """δ of o₁ = (a − y)·a(1 − a), in the two steps that the chain rule has."""
    spec = NetworkSpec.chain((2, 2, 2), ("sigmoid", "sigmoid"))
    theta = [0.15, 0.2, 0.35, 0.25, 0.3, 0.35, 0.4, 0.45, 0.6, 0.5, 0.55, 0.6]
    x, y = np.array([[0.05, 0.1]]), np.array([[0.01, 0.99]])
    task = Task(spec, x, y, x[:0], y[:0], learning_rate=0.5)
    numbers = whole_step(task, TrainState(read_only(theta)), x, y)
    blame = explained(task, numbers, K.BLAME, 2, 0)
    a, target = (node.value for node in walk(blame.numbers[0].right) if isinstance(node, Number))
    assert (a, target) == (pytest.approx(0.7513650695523157), 0.01)
    delta = explained(task, numbers, K.DELTA, 2, 0)
    assert delta.title == "δ of o₁, output neuron"
    assert delta.result[0].right.value == pytest.approx(0.13849856162855698, rel=1e-14)
    weight = explained(task, numbers, K.UPDATE, 2, 0, 1, 0)
    assert weight.result[0].relation == "←"
    assert weight.result[0].right.value == pytest.approx(0.35891647971788465, rel=1e-14)


def test_sigmoid_with_cross_entropy_says_why_the_slope_is_missing():
    task, numbers = step_of(spec_of(loss="bce_mean"))
    found = explained(task, numbers, K.DELTA, 3, 0)
    assert "cancels" in found.words
    assert len(found.symbols) == 3
    assert isinstance(found.symbols[0].right.factors[0], Fraction)


def test_targets_that_do_not_add_up_to_one_are_kept_in_softmaxs_delta():
    for targets, proper in (([0.0, 1.0], True), ([0.5, 0.9], False)):
        task, numbers = step_of(spec_of(output="softmax", loss="cce"), targets=targets)
        found = explained(task, numbers, K.DELTA, 3, 0)
        assert ("which is not 1 here" in found.words) != proper


def test_what_is_not_computed_yet_is_explained_in_symbols_only():
    task, _ = step_of(spec_of("relu", loss="bce_mean", l2=0.1), 4, optimizer="adam")
    trainer = Trainer(task, TrainState(read_only(np.ones(Network(task.network).layout.size))))
    network, names = trainer.network, PlainNames(trainer.network)
    for done in range(len(trainer.plan)):
        numbers = step_numbers(trainer, 1)
        for index, phase in enumerate(trainer.plan):
            for operation in operations_of(network, "adam", phase):
                found = explain(network, "adam", {}, numbers, operation, names)
                there = index < done or (index == done == len(trainer.plan) - 1)
                assert found.ready == bool(found.numbers) == bool(found.result) == there
                assert found.symbols and found.title and found.words
                assert phase_of(network, operation) == index
        trainer.advance()


def test_both_pieces_of_a_function_are_shown_until_it_is_known_which_holds():
    task, _ = step_of(spec_of("leaky_relu"))
    trainer = Trainer(task, TrainState(read_only(np.ones(Network(task.network).layout.size))))
    found = explained(task, step_numbers(trainer, 0), K.ACTIVATION, 1, 0)
    assert [line.note for line in found.symbols] == ["for z > 0", "for z ≤ 0"]


def test_every_given_quantity_comes_from_no_operation_and_every_other_from_one():
    network = Network(spec_of(l1=0.1))
    places = {"weight": (2, 1, 1, 2), "state": (2, 1, 1, 2), "total_gradient": (2, 1, 1, 2)}
    given = set()
    for kind in KINDS:
        place = places.get(kind, places["weight"] if kind == "weight_gradient" else (2, 1))
        if operation_of(network, Quantity(kind, *place)) is None:
            given.add(kind)
    assert given == {"x", "y", "rate"}
    assert operation_of(network, Quantity("a", 0, 1)) is None


def test_a_fused_outputs_blame_and_slope_are_explained_by_its_delta():
    for output, loss in (("sigmoid", "bce_mean"), ("softmax", "cce")):
        network = Network(spec_of(output=output, loss=loss))
        for kind in ("blame", "slope", "delta"):
            assert operation_of(network, Quantity(kind, 3, 1)) == Operation(K.DELTA, 3, 1)


def test_every_bias_of_a_layer_that_shares_one_is_the_first():
    network = Network(spec_of(bias="shared"))
    assert operation_of(network, Quantity("bias_gradient", 1, 2)) == Operation(K.BIAS_GRADIENT, 1, 0)
    assert operation_of(Network(spec_of(bias="none")), Quantity("bias", 1, 2)) is None


def test_infinite_and_missing_numbers_are_explained_too():
    task, _ = step_of(spec_of("relu", "linear"))
    theta = np.full(Network(task.network).layout.size, 1e308)
    for value in (np.inf, np.nan, 1e308):
        theta[0] = value
        numbers = whole_step(task, TrainState(read_only(theta)), task.x_train, task.y_train)
        for phase in plan(Network(task.network)):
            for o in operations_of(Network(task.network), "sgd", phase):
                place = (o.kind, o.layer, o.neuron, o.connection, o.source)
                assert explained(task, numbers, *place).result


def test_symbols_are_those_of_the_notation():
    class Loud(PlainNames):
        def symbol(self, q):
            return Symbol(f"<{q.kind}>", quantity=q)

    task, numbers = step_of(spec_of(), optimizer="adam")
    network = Network(task.network)
    found = explain(network, "adam", {}, numbers, Operation(K.UPDATE, 2, 0, 1, 1), Loud(network))
    used = {node.name for line in found.symbols for node in walk(line.right) if isinstance(node, Symbol)}
    assert {"<weight>", "<rate>", "<state>"} <= used
    assert not {"w", "η", "m"} & used


def test_an_operation_without_its_places_is_refused():
    task, numbers = step_of(spec_of())
    for place in ((K.SUM,), (K.DELTA, 2), (K.WEIGHT_GRADIENT, 2, 1)):
        with pytest.raises(ValueError):
            explained(task, numbers, *place)
