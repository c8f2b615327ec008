"""Weights, biases and frozen marks, one by one and all at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nnsim.model import edits
from nnsim.model.build import build, draw_parameters
from nnsim.model.diff import differences, same
from nnsim.model.errors import EditError
from nnsim.model.project import Parameters, Progress, Project


def test_a_weight_is_set_to_the_last_digit_and_all_others_stay(trained: Project) -> None:
    after = edits.set_weight(trained, "C2", 1, 3, 0.1 + 0.2)
    assert after.parameters.weights["C2"][1, 3] == 0.1 + 0.2
    changed = after.parameters.weights["C2"] != trained.parameters.weights["C2"]
    assert np.argwhere(changed).tolist() == [[1, 3]]
    assert after.parameters.weights["C1"] is trained.parameters.weights["C1"]
    assert after.parameters.biases["L1"] is trained.parameters.biases["L1"]


def test_a_weight_of_a_trained_network_leaves_its_start_alone(trained: Project) -> None:
    after = edits.set_bias(edits.set_weight(trained, "C1", 0, 0, 5.0), "L1", 0, 5.0)
    assert after.start is trained.start


def test_before_the_first_update_the_start_follows_what_is_edited() -> None:
    project = build((2, 2, 1))
    after = edits.set_bias(edits.set_weight(project, "C1", 0, 1, 0.15), "L2", 0, 0.4)
    assert after.start is after.parameters
    assert after.start.weights["C1"][0, 1] == 0.15 and after.start.biases["L2"][0] == 0.4


def test_the_start_of_trained_weights_with_new_data_follows_only_in_the_edited_number(
    trained: Project,
) -> None:
    fresh = edits.regenerate(trained)
    after = edits.set_weight(fresh, "C1", 0, 0, 5.0)
    changed = after.start.weights["C1"] != trained.start.weights["C1"]
    assert np.argwhere(changed).tolist() == [[0, 0]]


def test_the_run_goes_on_after_an_edited_weight(trained: Project) -> None:
    assert edits.set_weight(trained, "C1", 0, 0, 5.0).progress is trained.progress


def test_setting_what_is_already_there_changes_nothing(trained: Project) -> None:
    value = float(trained.parameters.weights["C1"][0, 0])
    assert edits.set_weight(trained, "C1", 0, 0, value) is trained
    frozen = bool(trained.frozen.biases["L1"][0])
    assert edits.set_bias_frozen(trained, "L1", 0, frozen) is trained
    zero = edits.set_weight(trained, "C1", 0, 0, 0.0)
    assert np.signbit(edits.set_weight(zero, "C1", 0, 0, -0.0).parameters.weights["C1"][0, 0])


def test_a_shared_bias_is_set_and_frozen_as_one() -> None:
    project = build((2, 3, 1), bias=["shared", "each"])
    after = edits.set_bias_frozen(edits.set_bias(project, "L1", 1, 0.25), "L1", 2, True)
    assert after.parameters.biases["L1"].tolist() == [0.25] * 3
    assert after.frozen.biases["L1"].tolist() == [True] * 3


def test_a_layer_is_frozen_with_all_that_leads_into_it(trained: Project) -> None:
    after = edits.set_layer_frozen(trained, "L2", True)
    assert after.frozen.weights["C2"].all() and after.frozen.biases["L2"].all()
    assert after.frozen.weights["C1"] is trained.frozen.weights["C1"]
    assert not edits.set_layer_frozen(after, "L2", False).frozen.weights["C2"].any()
    assert edits.set_layer_frozen(after, "L2", True) is after


def test_frozen_parameters_hold_still_in_training(trained: Project, train: object) -> None:
    after = train(trained, 5)  # type: ignore[operator]
    for key, marks in trained.frozen.weights.items():
        moved = after.parameters.weights[key] != trained.parameters.weights[key]
        assert not (moved & marks).any()
        assert marks.all() or moved.any()


def test_start_weights_go_back_to_where_the_network_began(trained: Project) -> None:
    after = edits.start_weights(trained)
    assert after.parameters is trained.start
    assert same(after.progress, Progress())
    assert edits.start_weights(after) is after


def test_new_weights_are_drawn_as_building_would_and_begin_anew(trained: Project) -> None:
    project = replace(trained, frozen=build((2, 4, 3, 1)).frozen)
    after = edits.new_weights(project)
    drawn = draw_parameters(project.layers, project.connections, project.training, project.seed, 1)
    assert same(after.parameters, drawn)
    assert after.start is after.parameters and after.weight_draw == 1
    assert same(after.progress, Progress())
    assert not same(edits.new_weights(after).parameters, after.parameters)
    assert same(edits.new_weights(project), after)


def test_new_weights_leave_frozen_ones_as_they_are(trained: Project) -> None:
    after = edits.new_weights(trained)
    kept = 0
    for old, new, marks in (
        *(
            (trained.parameters.weights[k], after.parameters.weights[k], m)
            for k, m in trained.frozen.weights.items()
        ),
        *(
            (trained.parameters.biases[k], after.parameters.biases[k], m)
            for k, m in trained.frozen.biases.items()
        ),
    ):
        assert np.array_equal(new[marks], old[marks])
        kept += int(marks.sum())
    assert kept > 0
    assert after.frozen is trained.frozen


def test_new_weights_make_a_damaged_document_whole(trained: Project) -> None:
    damaged = replace(trained, parameters=Parameters({}, {}), frozen=Parameters({}, {}))
    with pytest.raises(EditError, match="“New weights” makes them whole"):
        edits.set_weight(damaged, "C1", 0, 0, 1.0)
    whole = edits.new_weights(damaged)
    assert edits.set_weight(whole, "C1", 0, 0, 1.0).parameters.weights["C1"][0, 0] == 1.0


def test_an_edit_of_a_value_touches_the_parameters_only(trained: Project) -> None:
    paths = list(differences(trained, edits.set_weight(trained, "C1", 0, 0, 5.0)))
    assert paths == ["project.parameters.weights[C1]"]


@pytest.mark.parametrize(
    ("verb", "args", "sentence"),
    [
        (edits.set_weight, ("C9", 0, 0, 1.0), "no connection with the id “C9”"),
        (edits.set_weight, ("C1", 4, 0, 1.0), "“Hidden 1” has 4 neurons; there is no number 5"),
        (edits.set_weight, ("C1", 0, 2, 1.0), "“Input” has 2 neurons; there is no number 3"),
        (edits.set_weight, ("C1", 0, -1, 1.0), "there is no number 0"),
        (edits.set_weight, ("C1", 0, 0, float("nan")), "finite"),
        (edits.set_weight, ("C1", 0, 0, float("inf")), "finite"),
        (edits.set_weight, ("C1", 0, 0, 10**400), "finite"),
        (edits.set_weight, ("C1", 0, 0, "1"), "must be a number"),
        (edits.set_weight, ("C1", 0, 0, True), "must be a number"),
        (edits.set_bias, ("L0", 0, 1.0), "input layer has no biases"),
        (edits.set_bias, ("L1", 0, None), "must be a number"),
        (edits.set_layer_frozen, ("L0", True), "input layer has no weights"),
    ],
)
def test_values_and_places_that_cannot_be_are_refused(
    trained: Project, verb: object, args: tuple[object, ...], sentence: str
) -> None:
    with pytest.raises(EditError, match=sentence):
        verb(trained, *args)  # type: ignore[operator]


def test_a_layer_without_biases_has_none_to_set(trained: Project) -> None:
    project = edits.set_bias_kind(trained, "L1", "none")
    with pytest.raises(EditError, match="“Hidden 1” has no biases"):
        edits.set_bias(project, "L1", 0, 1.0)
    assert edits.set_layer_frozen(project, "L1", True).frozen.weights["C1"].all()
