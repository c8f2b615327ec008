"""From samples to what a network is fed: features, scaling, split, targets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnsim.core.datasets import (
    DATASETS,
    FEATURES,
    SCALINGS,
    Samples,
    class_low,
    encode,
    feature_matrix,
    feature_names,
    fit_scaling,
    mismatch,
    split,
)  # fmt: skip
from nnsim.core.registry import UnknownNameError

RAW = np.array([[1.0, -2.0], [0.5, 3.0], [0.0, 0.0]])


def test_the_seven_features():
    found = feature_matrix(RAW, FEATURES.keys())
    x, y = RAW.T
    np.testing.assert_allclose(
        found, np.column_stack((x, y, x**2, y**2, x * y, np.sin(x), np.sin(y))), rtol=1e-15
    )
    assert feature_names(("x1", "x2"), FEATURES.keys()) == (
        "x₁",
        "x₂",
        "x₁²",
        "x₂²",
        "x₁x₂",
        "sin x₁",
        "sin x₂",
    )


def test_features_come_in_the_order_asked_for():
    np.testing.assert_array_equal(feature_matrix(RAW, ("x2", "x1")), RAW[:, ::-1])
    np.testing.assert_array_equal(feature_matrix(RAW, ("x1_x2",)), RAW[:, :1] * RAW[:, 1:])


def test_without_features_and_for_other_widths_the_raw_inputs_are_fed():
    assert feature_matrix(RAW) is RAW
    wide = np.ones((4, 3))
    assert feature_matrix(wide, ("x1", "sin_x1")) is wide
    assert feature_names(("a", "b", "c"), ("x1",)) == ("a", "b", "c") and feature_names(("a", "b")) == (
        "a",
        "b",
    )


def test_an_unknown_feature_is_refused():
    with pytest.raises(UnknownNameError, match="feature"):
        feature_matrix(RAW, ("x1", "cube"))


def test_features_of_no_rows():
    assert feature_matrix(np.zeros((0, 2)), FEATURES.keys()).shape == (0, 7)


def test_standardising_gives_mean_0_and_deviation_1():
    x = np.random.default_rng(0).normal(3.0, 5.0, (40, 3))
    scaled = fit_scaling("standard", x).apply(x)
    np.testing.assert_allclose(scaled.mean(axis=0), 0.0, atol=1e-14)
    np.testing.assert_allclose(scaled.std(axis=0), 1.0, rtol=1e-14)


def test_minmax_gives_0_to_1():
    x = np.random.default_rng(0).normal(3.0, 5.0, (40, 3))
    scaled = fit_scaling("minmax", x).apply(x)
    np.testing.assert_array_equal(scaled.min(axis=0), 0.0)
    np.testing.assert_allclose(scaled.max(axis=0), 1.0, rtol=1e-15)


def test_without_scaling_inputs_stay_as_they_are():
    assert fit_scaling("none", RAW).apply(RAW).tobytes() == RAW.tobytes()


def test_only_the_training_samples_count():
    x = np.array([[0.0], [2.0], [100.0]])
    np.testing.assert_array_equal(fit_scaling("minmax", x[:2]).apply(x), [[0.0], [1.0], [50.0]])


@pytest.mark.parametrize("value", [0.1, 0.0, -1e6, 1e-310, 1e300])
@pytest.mark.parametrize("key", SCALINGS.keys())
def test_a_constant_column_is_only_shifted(key, value):
    x = np.full((7, 2), value)
    scaling = fit_scaling(key, x)
    assert scaling.factor.tolist() == [1.0, 1.0]
    np.testing.assert_allclose(scaling.apply(x), 0.0 if key != "none" else value, atol=abs(value) * 1e-15)


@pytest.mark.parametrize("key", SCALINGS.keys())
@given(
    x=arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=5), elements=st.floats(-1e300, 1e300))
)
@settings(max_examples=60)
def test_scaling_any_finite_table_gives_finite_numbers_that_can_be_turned_back(key, x):
    with np.errstate(all="raise", under="ignore"):
        scaling = fit_scaling(key, x)
        scaled = scaling.apply(x)
    assert (
        np.isfinite(scaling.offset).all() and np.isfinite(scaling.factor).all() and (scaling.factor > 0).all()
    )
    assert np.isfinite(scaled).all()
    size = np.abs(x).max(axis=0)
    assert (np.abs(scaling.invert(scaled) - x) <= size * 1e-12 + 1e-300).all()


@pytest.mark.parametrize("key", SCALINGS.keys())
def test_scaling_from_no_samples_changes_nothing(key):
    np.testing.assert_array_equal(fit_scaling(key, np.zeros((0, 2))).apply(RAW), RAW)


def test_an_unknown_scaling_is_refused():
    with pytest.raises(UnknownNameError, match="scaling"):
        fit_scaling("log", RAW)


@given(st.integers(0, 200), st.floats(0.001, 1.0), st.integers(0, 2**32))
def test_a_split_is_a_sorted_partition_of_the_stated_size(count, share, seed):
    train, test = split(count, share, np.random.default_rng(seed))
    assert sorted([*train, *test]) == list(range(count))
    assert list(train) == sorted(train) and list(test) == sorted(test)
    assert train.dtype == test.dtype == np.intp
    if count:
        assert len(train) >= 1 and abs(len(train) - share * count) <= max(0.5, 1 - share * count) + 1e-9


def test_a_share_of_1_leaves_no_test_samples():
    train, test = split(10, 1.0, np.random.default_rng(0))
    assert list(train) == list(range(10)) and len(test) == 0


def test_a_larger_share_keeps_the_smaller_ones_training_samples():
    small, _ = split(100, 0.3, np.random.default_rng(4))
    large, _ = split(100, 0.7, np.random.default_rng(4))
    assert set(small) < set(large)


def test_a_split_is_drawn_and_repeats():
    first, again, other = (split(100, 0.5, np.random.default_rng(s))[0].tolist() for s in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("share", [0.0, -0.1, 1.01, float("nan")])
def test_another_share_is_refused(share):
    with pytest.raises(ValueError, match="share of training samples"):
        split(10, share, np.random.default_rng(0))


TWO = Samples([[0.0], [1.0]], labels=[0, 1], classes=("no", "yes"), task="classification", name="Two")
THREE = Samples([[0.0]] * 3, labels=[2, 0, 1], classes=("a", "b", "c"), task="classification", name="Iris")
NUMBERS = Samples([[0.0]] * 2, [[1.5, 2.5], [3.5, 4.5]], name="Pair")


@pytest.mark.parametrize("low", [0.0, -1.0])
def test_two_classes_are_one_number_or_one_for_each(low):
    assert encode(TWO, 1, low).tolist() == [[low], [1.0]]
    assert encode(TWO, 2, low).tolist() == [[1.0, low], [low, 1.0]]


@pytest.mark.parametrize("low", [0.0, -1.0])
def test_several_classes_are_one_output_each(low):
    assert encode(THREE, 3, low).tolist() == [[low, low, 1.0], [1.0, low, low], [low, 1.0, low]]


def test_numeric_targets_are_passed_on_whatever_low_is():
    assert encode(NUMBERS, 2, -1.0) is NUMBERS.targets
    gate = DATASETS["gate_xor"].make(np.random.default_rng(0), {})
    assert encode(gate, 1, -1.0).ravel().tolist() == [0.0, 1.0, 1.0, 0.0]
    assert class_low(gate, -1.0) == 0.0 and class_low(TWO, -1.0) == -1.0 and class_low(TWO, 0.0) == 0.0


@pytest.mark.parametrize(
    ("samples", "outputs", "sentence"),
    [
        (THREE, 1, "Iris has 3 classes, so the network needs 3 outputs; it has 1."),
        (TWO, 3, "Two has 2 classes, so the network needs 1 output or 2; it has 3."),
        (NUMBERS, 1, "Pair has 2 targets, so the network needs 2 outputs; it has 1."),
        (Samples([[0.0]], [[1.0]]), 2, "The data has 1 target, so the network needs 1 output; it has 2."),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(samples, outputs, sentence):
    assert mismatch(samples, outputs) == sentence
    with pytest.raises(ValueError) as caught:
        encode(samples, outputs, 0.0)
    assert str(caught.value) == sentence


def test_what_fits_has_no_mismatch():
    assert mismatch(THREE, 3) is mismatch(TWO, 1) is mismatch(TWO, 2) is mismatch(NUMBERS, 2) is None
