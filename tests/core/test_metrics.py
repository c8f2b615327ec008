"""Scores by hand, and where they are defined by convention."""

import numpy as np
import pytest

from nnsim.core.datasets import Samples, encode
from nnsim.core.metrics import METRICS, accuracy, confusion_matrix, predicted_classes, r_squared


def column(*values):
    return np.array(values, dtype=float)[:, np.newaxis]


def test_one_output_means_class_1_above_the_middle_of_low_and_1():
    assert predicted_classes(column(0.4, 0.5, 0.6, 7.0)).tolist() == [0, 0, 1, 1]
    assert predicted_classes(column(-0.4, 0.0, 0.1), low=-1.0).tolist() == [0, 0, 1]


def test_of_several_outputs_the_largest_wins_and_of_equal_ones_the_first():
    outputs = np.array([[0.1, 0.7, 0.2], [0.5, 0.5, 0.0], [0.0, 0.3, 0.3]])
    assert predicted_classes(outputs).tolist() == [1, 0, 1]


def test_a_row_without_numbers_has_no_class_and_counts_as_wrong():
    outputs, targets = np.array([[np.nan, 0.2], [0.9, 0.1]]), np.array([[1.0, 0.0], [1.0, 0.0]])
    assert predicted_classes(outputs).tolist() == [-1, 0]
    assert accuracy(outputs, targets) == 0.5
    assert confusion_matrix(outputs, targets).tolist() == [[1, 0], [0, 0]]
    assert accuracy(column(np.nan, 1.0), column(0.0, 1.0)) == 0.5


def test_accuracy_is_the_share_of_right_classes():
    assert accuracy(column(0.9, 0.2, 0.6, 0.4), column(1, 0, 0, 0)) == 0.75
    assert accuracy(column(0.3, -0.3), column(1.0, -1.0), low=-1.0) == 1.0


def test_confusion_has_the_true_class_by_row_and_the_predicted_one_by_column():
    found = confusion_matrix(column(0.9, 0.9, 0.1, 0.2), column(0, 1, 1, 0))
    assert found.tolist() == [[1, 1], [1, 1]]
    outputs, targets = np.eye(3)[[0, 1, 1, 2, 0]], np.eye(3)[[0, 1, 2, 2, 2]]
    assert confusion_matrix(outputs, targets).tolist() == [[1, 0, 0], [0, 1, 0], [1, 1, 1]]


@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize("low", [-1.0, 0.0])
def test_encoded_targets_are_predicted_without_a_mistake(outputs, low):
    labels = np.array([0, 1, 1, 0])
    samples = Samples(np.zeros((4, 1)), labels=labels, classes=("a", "b"), task="classification")
    targets = encode(samples, outputs, low)
    assert predicted_classes(targets, low).tolist() == labels.tolist()
    assert accuracy(targets, targets, low) == 1.0
    assert confusion_matrix(targets, targets, low).tolist() == [[2, 0], [0, 2]]


def test_a_confusion_matrix_of_no_rows_is_empty():
    assert confusion_matrix(np.zeros((0, 3)), np.zeros((0, 3))).tolist() == [[0] * 3] * 3


def test_r_squared_is_1_for_the_targets_0_for_their_mean_and_negative_for_worse():
    y = column(1.0, 2.0, 4.0)
    assert r_squared(y, y) == 1.0
    assert r_squared(np.full_like(y, y.mean()), y) == pytest.approx(0.0, abs=1e-15)
    assert r_squared(-y, y) < 0.0
    assert r_squared(column(1.0, 2.0, 3.0), y) == pytest.approx(1 - 1 / (14 / 3))


def test_r_squared_of_several_outputs_takes_all_columns_together():
    y = np.array([[0.0, 10.0], [2.0, 30.0]])
    a = y + [[1.0, 0.0], [0.0, 0.0]]
    assert r_squared(a, y) == pytest.approx(1 - 1 / (2 + 200))


@pytest.mark.parametrize("value", [0.1, 0.0, 1e10])
def test_for_constant_targets_there_is_nothing_to_explain(value):
    y = np.full((3, 2), value)
    with np.errstate(all="raise"):
        assert r_squared(y, y) == 1.0
        assert r_squared(y + 1.0, y) == 0.0
        assert r_squared(column(5.0), column(4.0)) == 0.0


def test_outputs_beyond_all_bounds_give_no_warning():
    assert r_squared(column(1e200, 0.0), column(0.0, 1.0)) == -np.inf


def test_metrics_are_found_by_task():
    assert {m.key: m.task for m in METRICS} == {"accuracy": "classification", "r_squared": "regression"}
    perfect = np.array([[0.0], [1.0]])
    for metric in METRICS:
        assert metric.value(perfect, perfect, 0.0) == metric.best
