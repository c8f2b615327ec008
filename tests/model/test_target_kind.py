"""Whole numbers among the targets: amounts, or names of classes."""

from __future__ import annotations

import numpy as np
import pytest

from nnsim.core.datasets.base import Samples
from nnsim.model import edits
from nnsim.model.build import default_project
from nnsim.model.compile import compile_project
from nnsim.model.diff import same
from nnsim.model.edits.target_kind import may_name_classes, named_by_numbers, with_classes, with_numbers
from nnsim.model.errors import EditError
from nnsim.model.prepared import samples_of
from nnsim.model.project import Project


def digits(column: list[float], repeat: int = 5) -> Samples:
    targets = np.array(column * repeat)[:, np.newaxis]
    return Samples(np.random.default_rng(0).normal(size=(len(targets), 3)), targets, target_names=("digit",))


def imported(samples: Samples) -> Project:
    return edits.import_table(default_project(), samples, fit=True)


@pytest.mark.parametrize(
    ("column", "repeat", "found"),
    [
        ([7, 0, 3], 5, [0, 3, 7]),
        ([-1, 0, 2], 4, [-1, 0, 2]),
        ([0, 1], 50, None),  # one output learns it as well
        ([0.5, 1, 2], 5, None),
        ([1, 2, 3], 3, None),  # too few of each to say
        (list(range(101)), 5, None),
    ],
)
def test_whole_numbers_that_come_back_again_and_again_may_name_classes(
    column: list[float], repeat: int, found: list[float] | None
) -> None:
    values = may_name_classes(digits(column, repeat))
    assert (None if values is None else values.tolist()) == found


def test_several_targets_and_classes_are_what_they_are() -> None:
    two = Samples(np.zeros((40, 1)), np.tile([[1.0, 2.0], [3.0, 4.0], [0.0, 5.0], [7.0, 8.0]], (10, 1)))
    assert may_name_classes(two) is None
    assert may_name_classes(with_classes(digits([1, 2, 3]))) is None
    with pytest.raises(EditError, match="no single column of numbers"):
        with_classes(two)


def test_classes_are_in_the_order_of_their_numbers_and_share_the_inputs() -> None:
    samples = digits([7, 0, 3])
    found = with_classes(samples)
    assert found.classes == ("0", "3", "7") and found.task == "classification"
    assert found.labels is not None and found.labels[:3].tolist() == [2, 0, 1]
    assert found.inputs is samples.inputs and found.target_names == ("digit",)
    assert named_by_numbers(found)


def test_numbers_become_classes_and_numbers_again() -> None:
    samples = digits([-2, 0, 10])
    assert same(with_numbers(with_classes(samples)), samples)


def test_classes_with_other_names_are_no_numbers() -> None:
    samples = Samples(np.zeros((2, 1)), labels=np.array([0, 1]), classes=("1", "cat"), task="classification")
    assert not named_by_numbers(samples)
    with pytest.raises(EditError, match="not called by numbers"):
        with_numbers(samples)


def test_the_network_gets_an_output_for_each_class_and_one_for_amounts_again() -> None:
    project = imported(digits([0, 1, 2, 3]))
    assert project.layers[-1].size == 1
    classes = edits.set_target_kind(project, True)
    assert classes.layers[-1].size == 4 and classes.layers[-1].activation == "softmax"
    assert compile_project(classes).prepared.y.sum(axis=1).tolist() == [1.0] * 20
    numbers = edits.set_target_kind(classes, False)
    assert numbers.layers[-1].size == 1 and same(samples_of(numbers.data), samples_of(project.data))
    compile_project(numbers)


def test_what_is_so_already_stays_the_same_document() -> None:
    project = imported(digits([0, 1, 2]))
    assert edits.set_target_kind(project, False) is project


def test_more_values_than_a_layer_may_have_neurons_are_refused_in_words() -> None:
    with pytest.raises(EditError, match="1,100 different targets"):
        edits.set_target_kind(imported(digits([float(i) for i in range(1100)], 1)), True)
