"""What every entry of every registry promises, so that a new entry needs no test of its own."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.connections import CONNECTIONS
from nnsim.core.datasets import DATASETS, FEATURES, SCALINGS
from nnsim.core.initializers import INITIALIZERS
from nnsim.core.losses import LOSSES
from nnsim.core.metrics import METRICS
from nnsim.core.ops import perform
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.registry import Entry, Option, Registry, UnknownNameError
from nnsim.core.schedules import SCHEDULES

REGISTRIES = (
    ACTIVATIONS, CONNECTIONS, DATASETS, FEATURES, INITIALIZERS,
    LOSSES, METRICS, OPTIMIZERS, SCALINGS, SCHEDULES,
)  # fmt: skip
ENTRIES = [(registry, entry) for registry in REGISTRIES for entry in registry]


@pytest.mark.parametrize(
    ("registry", "entry"), ENTRIES, ids=lambda v: v.kind if isinstance(v, Registry) else v.key
)
class TestEveryEntry:
    def test_is_found_by_its_key(self, registry, entry):
        keys = registry.keys()
        assert registry[entry.key] is entry and entry.key in registry and entry.key in keys

    def test_describes_itself(self, registry, entry):
        assert entry.key.isidentifier() and entry.key.islower() and entry.key.isascii()
        assert entry.label.strip() == entry.label != ""
        assert entry.help.endswith(".") and "\n" not in entry.help

    def test_cannot_be_changed(self, registry, entry):
        with pytest.raises(FrozenInstanceError):
            entry.label = "other"

    def test_has_options_whose_defaults_and_limits_are_allowed(self, registry, entry):
        keys = [option.key for option in entry.options]
        assert len(set(keys)) == len(keys)
        for option in entry.options:
            assert option.label
            for value in (option.default, option.minimum, option.maximum):
                assert value is None or option.problem(value) is None
        assert entry.with_defaults({}) == {option.key: option.default for option in entry.options}


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda r: r.kind)
def test_an_unknown_name_is_answered_with_the_known_ones(registry):
    with pytest.raises(UnknownNameError) as caught:
        registry["no_such_thing"]
    assert "no_such_thing" in str(caught.value) and registry.kind in str(caught.value)
    assert all(entry.key in str(caught.value) for entry in registry)
    assert len({entry.label for entry in registry}) == len(registry)


def test_two_entries_cannot_share_a_key():
    with pytest.raises(ValueError, match="share a key"):
        Registry("thing", (Entry(key="a", label="A"), Entry(key="a", label="B")))


@pytest.mark.parametrize(
    ("option", "value", "problem"),
    [
        (Option("x", "X", 0.5, minimum=0.0, maximum=1.0), 0.25, None),
        (Option("x", "X", 0.5, minimum=0.0, maximum=1.0), -0.1, "at least 0"),
        (Option("x", "X", 0.5, minimum=0.0, maximum=1.0), 1.5, "at most 1"),
        (Option("x", "X", 0.5), float("nan"), "finite"),
        (Option("x", "X", 0.5), float("-inf"), "finite"),
        (Option("x", "X", 0.5), 10**400, "finite"),
        (Option("x", "X", 0.5), "0.5", "number"),
        (Option("x", "X", 0.5), True, "number"),
        (Option("x", "X", 0.5), None, "number"),
        (Option("n", "N", 3, kind="int"), 4, None),
        (Option("n", "N", 3, kind="int"), 4.0, None),
        (Option("n", "N", 3, kind="int"), 4.5, "whole"),
        (Option("n", "N", 3, kind="int"), float("nan"), "finite"),
        (Option("n", "N", 3, kind="int"), float("inf"), "finite"),
        (Option("b", "B", True, kind="bool"), False, None),
        (Option("b", "B", True, kind="bool"), 1, "true or false"),
        (Option("c", "C", "p", kind="choice", choices=(("p", "P"), ("q", "Q"))), "q", None),
        (Option("c", "C", "p", kind="choice", choices=(("p", "P"), ("q", "Q"))), "r", "one of p, q"),
        (Option("c", "C", "p", kind="choice", choices=(("p", "P"),)), ["p"], "one of"),
    ],
)
def test_an_option_says_what_is_wrong_with_a_value(option, value, problem):
    found = option.problem(value)
    assert found is None if problem is None else problem in found and option.label in found


SMOOTH_STEP = 1e-3


@settings(max_examples=60)
@given(z=st.floats(-30.0, 30.0), extra=st.floats(0.0, 1.0))
@pytest.mark.parametrize("activation", [a for a in ACTIVATIONS if not a.vector], ids=lambda a: a.key)
def test_a_derivative_is_the_limit_of_differences_and_the_slope_is_the_derivative(activation, z, extra):
    options = activation.numbers(
        {o.key: o.minimum + extra * (o.maximum - o.minimum) for o in activation.options}
    )
    if activation.kinked and abs(z) < 0.01:
        z = 0.5
    h, at = SMOOTH_STEP, np.array([z])

    def f(v):
        return activation.value(v, options)

    near, far = (f(at + h) - f(at - h)) / (2 * h), (f(at + 2 * h) - f(at - 2 * h)) / (4 * h)
    derivative, slope = activation.derivative(at, options), np.empty(1)
    np.testing.assert_allclose(derivative, (4 * near - far) / 3, rtol=1e-9, atol=1e-10)
    a = f(at)
    activation.slope(at, a, slope, options)
    np.testing.assert_allclose(slope, derivative, rtol=1e-12, atol=1e-14)
    assert activation.low <= a[0] <= activation.high


@pytest.mark.parametrize("activation", [a for a in ACTIVATIONS if a.kinked], ids=lambda a: a.key)
def test_at_a_kink_slope_and_derivative_agree_on_the_left_side(activation):
    options = activation.numbers({})
    zero, left, slope = np.array([0.0]), np.array([-1e-12]), np.empty(1)
    activation.slope(zero, activation.value(zero), slope, options)
    assert slope[0] == activation.derivative(zero, options)[0]
    assert slope[0] == pytest.approx(activation.derivative(left, options)[0])


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda a: a.key)
def test_an_activation_leaves_its_arguments_alone_and_takes_any_shape(activation):
    z = np.random.default_rng(0).normal(size=(4, 3))
    before, options = z.copy(), activation.numbers({})
    a, slope = activation.value(z), np.empty_like(z)
    kept = a.copy()
    activation.slope(z, a, slope, options)
    activation.derivative(z, options)
    np.testing.assert_array_equal(z, before)
    np.testing.assert_array_equal(a, kept)
    assert activation.value(z[:0]).shape == (0, 3)
    np.testing.assert_array_equal(activation.value(z[1:2]), a[1:2])


def test_a_step_fires_above_zero_only():
    z = np.array([-1.0, -0.0, 0.0, 5e-324, 1.0])
    assert ACTIVATIONS["step"].value(z).tolist() == [0.0, 0.0, 0.0, 1.0, 1.0]


def test_softmax_rows_add_up_to_one_and_do_not_feel_a_shift():
    softmax, z = ACTIVATIONS["softmax"], np.random.default_rng(0).normal(size=(5, 4))
    np.testing.assert_allclose(softmax.value(z).sum(axis=1), 1.0, rtol=1e-15)
    np.testing.assert_allclose(softmax.value(z + 1000.0), softmax.value(z), rtol=1e-12)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.key)
def test_a_losss_conventions_are_those_in_its_name(loss):
    rng = np.random.default_rng(1)
    a, y = rng.uniform(0.1, 0.9, (5, 3)), rng.uniform(0.1, 0.9, (5, 3))
    plain = {
        "squared": (a - y) ** 2,
        "bce": -(y * np.log(a) + (1 - y) * np.log(1 - a)),
        "cce": -y * np.log(a),
    }[loss.family] * (0.5 if loss.half else 1.0)
    by_reduction = {"sum": plain.sum(), "samples": plain.sum() / 5, "elements": plain.mean()}
    np.testing.assert_allclose(loss.value(a, a, y, "linear"), by_reduction[loss.reduction], rtol=1e-14)
    assert ("½" in loss.label) == ("½" in loss.formula) == loss.half


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.key)
def test_the_gradient_by_a_is_the_limit_of_differences(loss):
    rng = np.random.default_rng(2)
    a, y = rng.uniform(0.2, 0.8, (4, 2)), rng.uniform(0.0, 1.0, (4, 2))
    y[0], y[1] = [0.0, 1.0], [1.0, 0.0]
    found, h = np.empty_like(a), 1e-6
    loss.gradient(a, y, loss.scale(4, 2), found)
    for index in np.ndindex(a.shape):
        high, low = a.copy(), a.copy()
        high[index] += h
        low[index] -= h
        numeric = (loss.value(high, high, y, "linear") - loss.value(low, low, y, "linear")) / (2 * h)
        np.testing.assert_allclose(found[index], numeric, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(("loss", "partner"), [("bce_mean", "sigmoid"), ("cce", "softmax")])
def test_the_form_made_from_z_is_the_same_loss_as_the_one_made_from_a(loss, partner):
    loss, activation = LOSSES[loss], ACTIVATIONS[partner]
    z = np.random.default_rng(3).normal(size=(6, 3), scale=3.0)
    y = np.random.default_rng(4).uniform(size=(6, 3))
    a = activation.value(z)
    np.testing.assert_allclose(loss.value(z, a, y, partner), loss.value(z, a, y, "linear"), rtol=1e-12)
    assert loss.fused_with(partner) and not loss.fused_with("linear")


def test_a_loss_accepts_the_outputs_it_is_defined_for():
    fits = {(loss.family, a.key): loss.accepts(a.low, a.high) for loss in LOSSES for a in ACTIVATIONS}
    assert all(fits["squared", a.key] for a in ACTIVATIONS)
    assert fits["bce", "sigmoid"] and fits["bce", "softmax"] and fits["cce", "sigmoid"]
    assert not fits["bce", "tanh"] and not fits["bce", "relu"] and not fits["cce", "linear"]


SHAPE, IN, OUT = (40, 60), 60, 40


@pytest.mark.parametrize("initializer", INITIALIZERS, ids=lambda i: i.key)
def test_an_initializers_weights_have_the_stated_spread(initializer):
    rng = np.random.default_rng(7)
    drawn = np.concatenate([initializer.draw(rng, SHAPE, IN, OUT, {}).ravel() for _ in range(10)])
    deviation = {
        "glorot_uniform": np.sqrt(2 / (IN + OUT)), "glorot_normal": np.sqrt(2 / (IN + OUT)),
        "he_uniform": np.sqrt(2 / IN), "he_normal": np.sqrt(2 / IN),
        "lecun_uniform": np.sqrt(1 / IN), "lecun_normal": np.sqrt(1 / IN),
        "playground": np.sqrt(1 / 12), "zeros": 0.0, "constant": 0.0,
    }[initializer.key]  # fmt: skip
    mean = 0.5 if initializer.key == "constant" else 0.0
    assert abs(drawn.mean() - mean) <= 4 * deviation / np.sqrt(drawn.size)
    np.testing.assert_allclose(drawn.std(), deviation, rtol=0.03)
    if "uniform" in initializer.key or initializer.key == "playground":
        limit = np.sqrt(3) * deviation
        assert np.abs(drawn).max() <= limit and np.abs(drawn).max() > 0.99 * limit
    again = initializer.draw(np.random.default_rng(7), SHAPE, IN, OUT, {})
    np.testing.assert_array_equal(again.ravel(), drawn[: again.size])


def test_biases_begin_as_the_initializer_says():
    for initializer in INITIALIZERS:
        expected = 0.1 if initializer.key == "playground" else 0.0
        np.testing.assert_array_equal(initializer.draw_bias(3, {}), np.full(3, expected))
        np.testing.assert_array_equal(initializer.draw_bias(3, {"bias": 0.25}), np.full(3, 0.25))
    assert INITIALIZERS["constant"].draw(
        np.random.default_rng(0), (1, 2), 2, 1, {"value": -3.0}
    ).tolist() == [[-3.0, -3.0]]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: s.key)
def test_a_schedule_stays_between_nothing_and_the_full_rate(schedule):
    rates = [schedule.rate(0.4, epoch, {}) for epoch in (*range(300), 10**6, 10**9)]
    assert all(0.0 <= rate <= 0.4 for rate in rates)
    shape = np.diff(rates)
    assert (shape >= 0).all() if schedule.key == "warm_up" else (shape <= 0).all()
    assert rates == [schedule.rate(0.4, epoch, {}) for epoch in (*range(300), 10**6, 10**9)]


def test_schedules_follow_their_formulas():
    def rates(key, epochs, options):
        return [SCHEDULES[key].rate(1.0, epoch, options) for epoch in epochs]

    assert rates("constant", [0, 5], {}) == [1.0, 1.0]
    assert rates("step", [0, 9, 10, 25], {"gamma": 0.1, "every": 10}) == pytest.approx([1.0, 1.0, 0.1, 0.01])
    assert rates("exponential", [0, 1, 3], {"gamma": 0.5}) == [1.0, 0.5, 0.125]
    assert rates("inverse", [0, 1, 4], {"decay": 0.5}) == pytest.approx([1.0, 2 / 3, 1 / 3])
    assert rates("cosine", [0, 5, 10, 99], {"epochs": 10, "floor": 0.2}) == pytest.approx(
        [1.0, 0.6, 0.2, 0.2]
    )
    assert rates("warm_up", [0, 3, 4, 50], {"epochs": 4}) == [0.25, 1.0, 1.0, 1.0]


@pytest.mark.parametrize("kind", CONNECTIONS, ids=lambda k: k.key)
def test_a_connections_edges_say_what_its_forward_pass_does(kind):
    n_in, n_out = 4, 3
    shape = kind.weight_shape(n_in, n_out)
    rng = np.random.default_rng(5)
    w, x = rng.normal(size=shape), rng.normal(size=(n_in, 6))
    z, by_edges = np.empty((n_out, 6)), np.zeros((n_out, 6))
    perform(kind.sums(w, z)(x))
    edges = kind.edges(n_in, n_out)
    for source, target, parameter in zip(edges.source, edges.target, edges.parameter, strict=True):
        by_edges[target] += x[source] * w.ravel()[parameter]
    np.testing.assert_allclose(z, by_edges, rtol=1e-13)
    assert set(edges.parameter) == set(range(w.size))
    fan_in, fan_out = kind.fans(n_in, n_out)
    assert len(edges.source) == fan_in * n_out == fan_out * n_in


@pytest.mark.parametrize("kind", CONNECTIONS, ids=lambda k: k.key)
def test_a_connections_backward_passes_are_the_transposes_of_its_forward_pass(kind):
    shape = kind.weight_shape(4, 3)
    rng = np.random.default_rng(6)
    w, x, delta = rng.normal(size=shape), rng.normal(size=(4, 6)), rng.normal(size=(3, 6))
    dw, dx, z = np.empty(shape), np.empty_like(x), np.empty_like(delta)
    perform(kind.gradients(x, delta, dw))
    perform(kind.blames(w, delta, dx))
    # z is linear in w and in x, so ⟨δ, z(u)⟩ = ⟨gradient, u⟩ for any u in place of either.
    u, v = rng.normal(size=shape), rng.normal(size=x.shape)
    perform(kind.sums(u, z)(x))
    np.testing.assert_allclose(np.vdot(dw, u), np.vdot(delta, z), rtol=1e-12)
    perform(kind.sums(w, z)(v))
    np.testing.assert_allclose(np.vdot(dx, v), np.vdot(delta, z), rtol=1e-12)


PREPARED = [a for a in ACTIVATIONS if a.forward_calls and a.slope_calls]


@pytest.mark.parametrize("entry", PREPARED, ids=lambda a: a.key)
def test_prepared_operations_give_the_same_bytes_as_the_functions(entry):
    z = np.random.default_rng(8).normal(scale=3.0, size=(5, 7))
    a, slope, expected = np.empty_like(z), np.ones_like(z), np.empty_like(z)
    perform(entry.forward_calls(z, a))
    entry.forward(z, expected, {})
    assert a.tobytes() == expected.tobytes()
    perform(entry.slope_calls(a, slope))
    entry.slope(z, a, expected, {})
    assert slope.tobytes() == expected.tobytes()
