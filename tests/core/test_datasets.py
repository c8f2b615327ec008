"""The data sets follow their stated rules, repeat from a seed, and know what they are."""

from dataclasses import FrozenInstanceError
from itertools import pairwise

import numpy as np
import pytest

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.datasets import DATASETS, FEATURES, SCALINGS, Samples
from nnsim.core.initializers import INITIALIZERS
from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS

MADE = [entry for entry in DATASETS if not entry.shipped]
GENERATED = [entry for entry in MADE if not entry.fixed]


def make(key, seed=0, **options):
    return DATASETS[key].make(np.random.default_rng(seed), options)


def values(samples):
    return samples.targets if samples.labels is None else samples.labels


def test_the_catalogue_is_complete():
    assert set(DATASETS.keys()) >= {
        "circle", "xor", "gauss", "spiral", "plane", "multi_gauss", "iris", "digits",
        "gate_and", "gate_or", "gate_nand", "gate_xor", "chain_025", "chain_045", "sine",
    }  # fmt: skip
    assert {entry.key for entry in DATASETS if entry.shipped} == {"iris", "digits"}


@pytest.mark.parametrize("entry", MADE, ids=lambda e: e.key)
def test_a_set_is_what_its_entry_says(entry):
    samples = entry.make(np.random.default_rng(1), {})
    assert (samples.task, samples.input_names, samples.classes) == (
        entry.task,
        entry.input_names,
        entry.classes,
    )
    assert samples.width == entry.width and samples.name == entry.label
    assert np.isfinite(samples.inputs).all()
    for array in (samples.inputs, values(samples)):
        assert not array.flags.writeable
    with pytest.raises(FrozenInstanceError):
        samples.task = "regression"


@pytest.mark.parametrize("entry", MADE, ids=lambda e: e.key)
@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_the_same_seed_gives_the_same_samples(entry, noise):
    first, again = (entry.make(np.random.default_rng(9), {"noise": noise}) for _ in range(2))
    assert first.inputs.tobytes() == again.inputs.tobytes()
    assert values(first).tobytes() == values(again).tobytes()
    other = entry.make(np.random.default_rng(10), {"noise": noise})
    differs = not np.array_equal(first.inputs, other.inputs)
    # Without noise a spiral is a curve: chance plays no part yet.
    assert differs == (not entry.fixed and not (entry.key == "spiral" and noise == 0.0))


@pytest.mark.parametrize("entry", GENERATED, ids=lambda e: e.key)
@pytest.mark.parametrize("count", [2, 3, 77])
def test_any_number_of_samples_can_be_asked_for(entry, count):
    samples = entry.make(np.random.default_rng(0), {"count": count, "noise": 0.5})
    assert samples.count == len(values(samples)) == count
    if entry.key in ("gauss", "spiral", "moons"):
        assert np.bincount(samples.labels, minlength=2).tolist() == [count // 2, count - count // 2]


@pytest.mark.parametrize("entry", GENERATED, ids=lambda e: e.key)
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"noise": 0.6}, "at most 0.5"),
        ({"count": 1}, "at least 2"),
        ({"count": 2.5}, "whole"),
        ({"noise": "x"}, "number"),
    ],
)
def test_an_option_out_of_its_limits_is_refused_in_words(entry, options, message):
    with pytest.raises(ValueError, match=message):
        entry.make(np.random.default_rng(0), options)


@pytest.mark.parametrize("key", ["circle", "xor", "plane", "multi_gauss"])
def test_noise_jitters_the_label_only(key):
    calm, noisy = make(key, noise=0.0), make(key, noise=0.4)
    np.testing.assert_array_equal(calm.inputs, noisy.inputs)
    assert np.any(values(calm) != values(noisy))


@pytest.mark.parametrize("key", ["gauss", "spiral", "moons"])
def test_noise_moves_the_points_only(key):
    calm, noisy = make(key, noise=0.0), make(key, noise=0.4)
    np.testing.assert_array_equal(calm.labels, noisy.labels)
    assert np.any(calm.inputs != noisy.inputs)


def test_circle():
    samples = make("circle", count=4000)
    radius = np.hypot(*samples.inputs.T)
    np.testing.assert_array_equal(samples.labels, radius < 2.5)
    assert samples.labels.sum() == 2000
    inner, outer = radius[samples.labels == 1], radius[samples.labels == 0]
    assert inner.max() < 2.5 and outer.min() >= 3.5 and outer.max() <= 5.0
    # Radii, not areas, are uniform.
    assert inner.mean() == pytest.approx(1.25, abs=0.05) and outer.mean() == pytest.approx(4.25, abs=0.05)
    angle = np.arctan2(*samples.inputs.T) % (2 * np.pi)
    assert np.histogram(angle, 8, (0, 2 * np.pi))[0].min() > 400
    noisy = make("circle", count=4000, noise=0.5)
    moved = noisy.labels != samples.labels
    # A jitter of up to 2.5 on each axis cannot reach the middle from beyond 2.5·(1 + √2).
    assert 0.05 < moved.mean() < 0.5 and not moved[radius > 2.5 * (1 + np.sqrt(2))].any()


def test_xor():
    samples = make("xor", count=4000)
    x, y = samples.inputs.T
    assert np.abs(samples.inputs).min() >= 0.3 and np.abs(samples.inputs).max() <= 5.3
    np.testing.assert_array_equal(samples.labels, x * y >= 0)
    assert 0.45 < samples.labels.mean() < 0.55


@pytest.mark.parametrize("noise", [0.0, 0.25, 0.5])
def test_gauss(noise):
    samples = make("gauss", count=8000, noise=noise)
    for label, centre in ((1, 2.0), (0, -2.0)):
        blob = samples.inputs[samples.labels == label]
        np.testing.assert_allclose(blob.mean(axis=0), centre, atol=0.15)
        np.testing.assert_allclose(blob.var(axis=0), 0.5 + 7 * noise, rtol=0.08)


def test_spiral():
    n = 50
    samples = make("spiral", count=2 * n)
    for arm, label, turn in ((0, 1, 0.0), (1, 0, np.pi)):
        for i in range(n):
            r, t = 5 * i / n, 1.75 * 2 * np.pi * i / n + turn
            np.testing.assert_allclose(
                samples.inputs[arm * n + i], [r * np.sin(t), r * np.cos(t)], atol=1e-12
            )
            assert samples.labels[arm * n + i] == label
    jitter = make("spiral", count=4000, noise=0.3).inputs - make("spiral", count=4000).inputs
    assert np.abs(jitter).max() <= 0.3 and jitter.std() == pytest.approx(0.3 / np.sqrt(3), rel=0.05)


def test_plane():
    samples = make("plane")
    assert samples.count == 1200 and np.abs(samples.inputs).max() <= 6.0
    np.testing.assert_allclose(samples.targets[:, 0], samples.inputs.sum(axis=1) / 10, rtol=1e-15)


def test_multi_gauss():
    samples = make("multi_gauss")
    cones = [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)]
    for point, target in zip(samples.inputs, samples.targets[:, 0], strict=True):
        heights = [s * max(0.0, 1 - np.hypot(point[0] - x, point[1] - y) / 2) for x, y, s in cones]
        assert target == pytest.approx(max(heights, key=abs), abs=1e-12)
    assert samples.targets.max() > 0.8 and samples.targets.min() < -0.8


def test_sine():
    samples = make("sine", noise=0.0)
    np.testing.assert_array_equal(samples.targets, np.sin(samples.inputs))
    noisy = make("sine", noise=0.2)
    assert 0.15 < np.abs(noisy.targets - np.sin(noisy.inputs)).max() <= 0.2


def test_moons_reach_into_each_other_and_do_not_touch():
    samples = make("moons")
    up, down = samples.inputs[samples.labels == 1], samples.inputs[samples.labels == 0]
    distance = np.hypot(*(up[:, np.newaxis] - down).T)
    assert distance.min() > 1.0
    assert up[:, 1].min() < down[:, 1].max() and up[:, 0].max() > down[:, 0].min()


@pytest.mark.parametrize(
    ("key", "outputs"),
    [
        ("gate_and", [0, 0, 0, 1]),
        ("gate_or", [0, 1, 1, 1]),
        ("gate_nand", [1, 1, 1, 0]),
        ("gate_xor", [0, 1, 1, 0]),
    ],
)
def test_gates_are_their_truth_tables(key, outputs):
    samples = make(key)
    assert samples.inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert samples.targets[:, 0].tolist() == outputs and samples.classes == ("0", "1")


@pytest.mark.parametrize("entry", DATASETS, ids=lambda e: e.key)
def test_a_suggestion_can_be_built(entry):
    s = entry.suggestion
    for registry, names in (
        (ACTIVATIONS, (s.activation, s.output_activation)), (LOSSES, (s.loss,)), (OPTIMIZERS, (s.optimizer,)),
        (INITIALIZERS, (s.initializer,)), (FEATURES, s.features), (SCALINGS, (s.scaling,)),
    ):  # fmt: skip
        assert all(name in registry for name in names)
    assert LOSSES[s.loss].accepts(ACTIVATIONS[s.output_activation].low, ACTIVATIONS[s.output_activation].high)
    assert s.outputs in ({1, 2} if len(entry.classes) == 2 else {max(len(entry.classes), 1)})
    assert s.learning_rate > 0 and s.epochs > 0 and s.batch_size >= 0 and 0 < s.train_share <= 1
    assert not s.features or entry.width == 2
    sizes = (entry.width, *s.hidden, s.outputs)
    if s.parameters:
        shapes = [(np.shape(w), np.shape(b)) for w, b in s.parameters]
        assert shapes == [((m, n), (m,)) for n, m in pairwise(sizes)]


def test_shipped_sets_are_not_made_but_read():
    assert DATASETS["iris"].make is None and DATASETS["iris"].from_rows is not None
    assert "CC BY 4.0" in DATASETS["iris"].source and "CC BY 4.0" in DATASETS["digits"].source


def test_rows_of_text_become_samples():
    iris = DATASETS["iris"].from_rows(
        [["5.1", "3.5", "1.4", "0.2", "setosa"], ["6", "3", "5", "2", "virginica"]]
    )
    assert iris.inputs.tolist() == [[5.1, 3.5, 1.4, 0.2], [6.0, 3.0, 5.0, 2.0]] and iris.labels.tolist() == [
        0,
        2,
    ]
    digits = DATASETS["digits"].from_rows([["16"] * 32 + ["0"] * 31 + ["4"] + ["7"]])
    assert digits.inputs[0].tolist() == [1.0] * 32 + [0.0] * 31 + [0.25] and digits.labels.tolist() == [7]


class TestSamples:
    def test_names_are_filled_in(self):
        samples = Samples(np.zeros((2, 3)), np.zeros((2, 2)))
        assert samples.input_names == ("x1", "x2", "x3") and samples.target_names == ("y1", "y2")
        assert Samples([[1.0]], [[2.0]]).target_names == ("y",)

    def test_arrays_are_copied_unless_nobody_can_write_to_them(self):
        inputs = np.zeros((2, 1))
        samples = Samples(inputs, np.ones((2, 1)))
        inputs[0] = 5.0
        assert samples.inputs[0, 0] == 0.0
        assert Samples(samples.inputs, samples.targets).inputs is samples.inputs

    def test_no_rows_are_samples_too(self):
        assert Samples(np.zeros((0, 2)), np.zeros((0, 1))).count == 0

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"inputs": [[1.0]]}, "either numeric targets or class labels"),
            ({"inputs": [[1.0]], "targets": [[1.0]], "labels": [0]}, "either"),
            ({"inputs": [1.0], "targets": [[1.0]]}, "inputs must be a table"),
            ({"inputs": np.zeros((2, 0)), "targets": [[1.0], [1.0]]}, "at least one column"),
            ({"inputs": [[1.0], [float("nan")]], "targets": [[1.0], [1.0]]}, "row 2, column 1"),
            ({"inputs": [[1.0]], "targets": [[float("inf")]]}, "targets must be finite"),
            ({"inputs": [[1.0]], "targets": [[1.0], [2.0]]}, "1 rows of inputs but 2"),
            ({"inputs": [[1.0]], "targets": [[1.0]], "classes": ("a", "b")}, "no classes"),
            ({"inputs": [[1.0]], "labels": [0]}, "no classes"),
            ({"inputs": [[1.0]], "labels": [0], "task": "classification", "classes": ("a",)}, "at least two"),
            ({"inputs": [[1.0]], "labels": [2], "task": "classification", "classes": ("a", "b")}, "no class"),
            (
                {"inputs": [[1.0]], "labels": [-1], "task": "classification", "classes": ("a", "b")},
                "no class",
            ),
            (
                {"inputs": [[1.0]], "labels": [[0]], "task": "classification", "classes": ("a", "b")},
                "one for each",
            ),
            ({"inputs": [[1.0]], "targets": [[1.0]], "input_names": ("a", "b")}, "2 input names given for 1"),
            (
                {"inputs": [[1.0]], "targets": [[1.0]], "target_names": ("a", "b")},
                "2 target names given for 1",
            ),
        ],
    )
    def test_what_does_not_belong_together_is_refused(self, arguments, message):
        with pytest.raises(ValueError, match=message):
            Samples(**arguments)
