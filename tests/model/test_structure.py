"""Layers and neurons come and go; what stays keeps everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.core.arrays import read_only
from nnsim.model import edits
from nnsim.model.build import build
from nnsim.model.compile import compile_project
from nnsim.model.diff import same
from nnsim.model.errors import EditError
from nnsim.model.project import Data, Parameters, Project, Training
from nnsim.model.validate import validate


def groups(project: Project) -> tuple[Parameters, ...]:
    """Everything that is shaped like parameters."""
    return (project.parameters, project.start, project.frozen, *project.progress.slots)


def assert_kept(before: Project, after: Project, layer_id: str, origin: Sequence[int | None]) -> None:
    """Neuron i of the layer is the old ``origin[i]`` in every respect; all else is untouched."""
    new = [i for i, old in enumerate(origin) if old is not None]
    old = [i for i in origin if i is not None]
    for was, now in zip(groups(before), groups(after), strict=False):
        for c in before.connections:
            if c.target == layer_id:
                assert np.array_equal(now.weights[c.id][new], was.weights[c.id][old])
            elif c.source == layer_id:
                assert np.array_equal(now.weights[c.id][:, new], was.weights[c.id][:, old])
            else:
                assert now.weights[c.id] is was.weights[c.id]
        for key in before.parameters.biases:
            if key == layer_id:
                assert np.array_equal(now.biases[key][new], was.biases[key][old])
            else:
                assert now.biases[key] is was.biases[key]


def assert_new(after: Project, layer_id: str, fresh: Sequence[int]) -> None:
    """New neurons start where they stand, are not frozen, and have no optimizer state."""
    for c in after.connections:
        for rows in [np.s_[fresh, :]] * (c.target == layer_id) + [np.s_[:, fresh]] * (c.source == layer_id):
            assert np.array_equal(after.parameters.weights[c.id][rows], after.start.weights[c.id][rows])
            assert np.all(after.parameters.weights[c.id][rows] != 0.0)
            assert not after.frozen.weights[c.id][rows].any()
            for slot in after.progress.slots:
                assert not slot.weights[c.id][rows].any()


def assert_consistent(project: Project) -> None:
    assert not [p for p in validate(project) if p.blocking]
    compile_project(project)
    for group in groups(project):
        for array in (*group.weights.values(), *group.biases.values()):
            assert not array.flags.writeable


@given(layer=st.sampled_from(["L1", "L2", "L3"]), size=st.integers(1, 9))
def test_resizing_a_layer_keeps_its_first_neurons_and_draws_the_rest(
    trained: Project, layer: str, size: int
) -> None:
    had = trained.layer(layer).size
    after = edits.set_layer_size(trained, layer, size)
    assert after.layer(layer).size == size
    assert len(groups(after)) == len(groups(trained)) == 5
    assert_kept(trained, after, layer, [i if i < had else None for i in range(size)])
    assert_new(after, layer, range(had, size))
    if layer != "L3":
        assert_consistent(after)


@given(data=st.data(), layer=st.sampled_from(["L1", "L2"]))
def test_removing_a_neuron_keeps_all_others(trained: Project, data: st.DataObject, layer: str) -> None:
    size = trained.layer(layer).size
    index = data.draw(st.integers(0, size - 1))
    after = edits.remove_neuron(trained, layer, index)
    assert_kept(trained, after, layer, [i for i in range(size) if i != index])
    assert_consistent(after)


def test_adding_a_neuron_and_removing_it_gives_the_same_network_back(trained: Project) -> None:
    assert same(edits.remove_neuron(edits.add_neuron(trained, "L1"), "L1", 4), trained)


def test_adding_neurons_one_by_one_or_at_once_is_the_same_where_fans_do_not_matter(trained: Project) -> None:
    project = edits.set_training(trained, initializer="playground")
    twice = edits.add_neuron(edits.add_neuron(project, "L1"), "L1")
    assert same(twice, edits.set_layer_size(project, "L1", 6))


def test_a_neuron_added_to_a_layer_with_a_shared_bias_shares_it(trained: Project) -> None:
    project = edits.set_bias(edits.set_bias_kind(trained, "L1", "shared"), "L1", 0, 0.7)
    after = edits.set_layer_size(project, "L1", 6)
    assert after.parameters.biases["L1"].tolist() == [0.7] * 6
    assert len(set(after.start.biases["L1"])) == 1
    assert_consistent(after)


def test_the_run_goes_on_after_a_resize_where_it_stood(trained: Project) -> None:
    after = edits.add_neuron(trained, "L1")
    assert (after.progress.epoch, after.progress.step) == (trained.progress.epoch, trained.progress.step)
    assert after.progress.age == trained.progress.age
    assert after.progress.curves is trained.progress.curves
    assert after.data is trained.data and after.training is trained.training


@given(after=st.sampled_from(["L0", "L1", "L2"]), size=st.integers(1, 6))
def test_a_new_layer_stands_between_its_neighbours_and_leaves_the_others_alone(
    trained: Project, after: str, size: int
) -> None:
    changed = edits.add_layer(trained, after, size)
    at = trained.layer_index(after)
    assert [la.id for la in changed.layers] == [
        *(la.id for la in trained.layers[: at + 1]),
        "L4",
        *(la.id for la in trained.layers[at + 1 :]),
    ]
    assert changed.layer("L4").size == size
    assert [(c.source, c.target) for c in changed.connections] == [
        (a.id, b.id) for a, b in zip(changed.layers, changed.layers[1:], strict=False)
    ]
    kept = {c.id for c in trained.connections} & {c.id for c in changed.connections}
    assert len(kept) == 2
    for was, now in zip(groups(trained), groups(changed), strict=True):
        assert all(now.weights[key] is was.weights[key] for key in kept)
        assert all(now.biases[key] is was.biases[key] for key in was.biases)
    assert_new(changed, "L4", range(size))
    assert_consistent(changed)


@pytest.mark.parametrize(("after", "activation"), [("L0", "tanh"), ("L1", "tanh"), ("L2", "relu")])
def test_a_new_layer_takes_the_activation_of_the_nearest_hidden_layer(
    trained: Project, after: str, activation: str
) -> None:
    assert edits.add_layer(trained, after).layer("L4").activation == activation


def test_the_first_hidden_layer_is_tanh_unless_another_is_wanted() -> None:
    project = build((2, 1), "sigmoid")
    assert edits.add_layer(project, "L0").layers[1].activation == "tanh"
    assert edits.add_layer(project, "L0", 3, "relu").layers[1].activation == "relu"


def test_removing_a_layer_joins_its_neighbours_with_new_weights(trained: Project) -> None:
    after = edits.remove_layer(trained, "L1")
    assert [la.id for la in after.layers] == ["L0", "L2", "L3"]
    assert [(c.source, c.target) for c in after.connections] == [("L0", "L2"), ("L2", "L3")]
    assert after.parameters.weights["C3"] is trained.parameters.weights["C3"]
    assert set(after.parameters.biases) == {"L2", "L3"}
    assert_consistent(after)


def test_removing_every_hidden_layer_leaves_a_network_that_computes(trained: Project) -> None:
    after = edits.remove_layer(edits.remove_layer(trained, "L1"), "L2")
    assert [(c.source, c.target) for c in after.connections] == [("L0", "L3")]
    assert_consistent(after)


def test_ids_are_not_given_out_again_after_their_owner_has_gone(trained: Project) -> None:
    project, seen = trained, {la.id for la in trained.layers} | {c.id for c in trained.connections}
    for _ in range(3):
        added = edits.add_layer(project, "L1")
        new = ({la.id for la in added.layers} | {c.id for c in added.connections}) - (
            {la.id for la in project.layers} | {c.id for c in project.connections}
        )
        assert len(new) == 3 and not new & seen
        seen |= new
        (layer,) = {la.id for la in added.layers} - {la.id for la in project.layers}
        project = edits.remove_layer(added, layer)
        seen |= {c.id for c in project.connections}


def test_a_layer_that_is_passed_by_is_removed_without_doubling_the_bypass() -> None:
    project = build((2, 3, 1), "tanh")
    from nnsim.model.project import Connection

    skip = Connection("C9", "L0", "L2")
    values = Parameters(
        {**project.parameters.weights, "C9": read_only(np.ones((1, 2)))}, project.parameters.biases
    )
    marks = Parameters(
        {**project.frozen.weights, "C9": read_only(np.zeros((1, 2), np.bool_), np.bool_)},
        project.frozen.biases,
    )
    project = replace(
        project, connections=(*project.connections, skip), parameters=values, start=values, frozen=marks
    )
    assert_consistent(project)
    after = edits.remove_layer(project, "L1")
    assert [c.id for c in after.connections] == ["C9"]
    assert after.parameters.weights["C9"] is values.weights["C9"]
    grown = edits.add_neuron(project, "L2")
    assert grown.parameters.weights["C9"].shape == (2, 2)


def test_a_step_under_way_begins_again_when_its_phases_change(trained: Project) -> None:
    midway = replace(trained, progress=replace(trained.progress, phase=3))
    assert edits.add_layer(midway, "L1").progress.phase == 0
    assert edits.remove_layer(midway, "L1").progress.phase == 0
    assert edits.add_neuron(midway, "L1").progress.phase == 3


# -- the input layer --------------------------------------------------------------------------------


def test_the_input_layer_grows_and_shrinks_by_features(trained: Project) -> None:
    grown = edits.add_neuron(trained, "L0")
    assert grown.data.features == ("x1", "x2", "x1_squared")
    assert grown.layers[0].size == 3
    assert_kept(trained, grown, "L0", [0, 1, None])
    assert_consistent(grown)
    assert edits.set_layer_size(grown, "L0", 1).data.features == ("x1",)
    assert edits.remove_neuron(grown, "L0", 0).data.features == ("x2", "x1_squared")


def test_there_are_no_more_inputs_than_features(trained: Project) -> None:
    assert edits.set_layer_size(trained, "L0", 7).layers[0].size == 7
    with pytest.raises(EditError, match="There are 7 features"):
        edits.set_layer_size(trained, "L0", 8)


def test_inputs_of_other_data_follow_the_data() -> None:
    project = build((1, 2, 1), data=Data("sine"))
    for verb in (lambda: edits.add_neuron(project, "L0"), lambda: edits.set_layer_size(project, "L0", 3)):
        with pytest.raises(EditError, match="follows from the data: Sine has 1 input"):
            verb()


def test_features_keep_their_weights_wherever_they_move(trained: Project) -> None:
    after = edits.set_features(trained, ("x1_x2", "x2", "x1"))
    assert_kept(trained, after, "L0", [None, 1, 0])
    assert after.data.features == ("x1_x2", "x2", "x1")
    assert (after.progress.epoch, len(after.progress.curves), after.progress.slots) == (0, 0, ())


def test_features_that_cannot_be_are_refused(trained: Project) -> None:
    for keys, sentence in (
        ((), "at least one"),
        (("x1", "x1"), "only once"),
        (("x3",), "no feature called “x3”"),
    ):
        with pytest.raises(EditError, match=sentence):
            edits.set_features(trained, keys)
    with pytest.raises(EditError, match="made from two inputs; this data set has 1"):
        edits.set_features(build((1, 1), data=Data("sine")), ("x1",))


# -- single settings --------------------------------------------------------------------------------


def test_an_activation_is_changed_with_its_options_and_nothing_else(trained: Project) -> None:
    after = edits.set_activation(trained, "L1", "leaky_relu", {"alpha": 0.2})
    assert (after.layer("L1").activation, dict(after.layer("L1").activation_options)) == (
        "leaky_relu",
        {"alpha": 0.2},
    )
    assert after.parameters is trained.parameters and after.progress is trained.progress
    assert after.layers[2] is trained.layers[2]
    assert edits.set_activation(after, "L1", "leaky_relu") is after
    assert dict(edits.set_activation(after, "L1", "elu").layer("L1").activation_options) == {}


def test_activations_that_cannot_be_are_refused(trained: Project) -> None:
    for args, sentence in (
        (("L0", "tanh"), "input layer has no activation"),
        (("L1", "softmax"), "only for the output layer"),
        (("L1", "tanch"), "no activation called “tanch”"),
        (("L1", "elu", {"alpha": -1.0}), "Floor α must be at least 0"),
        (("L1", "elu", {"alpha": float("nan")}), "finite"),
        (("L1", "elu", {"slope": 1.0}), "no setting called “slope”"),
        (("L9", "elu"), "no layer with the id “L9”"),
    ):
        with pytest.raises(EditError, match=sentence):
            edits.set_activation(trained, *args)  # type: ignore[arg-type]


def test_a_layer_is_renamed_in_one_line_and_an_empty_name_is_the_automatic_one(trained: Project) -> None:
    named = edits.rename_layer(trained, "L1", "  the \n first ")
    assert named.layer_name("L1") == "the first"
    assert edits.rename_layer(named, "L1", "").layer_name("L1") == "Hidden 1"
    assert edits.rename_layer(named, "L1", "the first") is named
    with pytest.raises(EditError, match="at most 60 characters"):
        edits.rename_layer(trained, "L1", "x" * 61)


def test_a_shared_bias_is_the_mean_and_frozen_only_if_all_were(trained: Project) -> None:
    trained = edits.set_bias_frozen(edits.set_layer_frozen(trained, "L1", False), "L1", 1, True)
    shared = edits.set_bias_kind(trained, "L1", "shared")
    values = shared.parameters.biases["L1"]
    assert np.all(values == values[0])
    assert values[0] == pytest.approx(trained.parameters.biases["L1"].mean(), rel=1e-14)
    assert not shared.frozen.biases["L1"].any()
    assert not any(slot.biases["L1"].any() for slot in shared.progress.slots)
    assert_consistent(shared)
    frozen = edits.set_bias_kind(edits.set_layer_frozen(trained, "L1", True), "L1", "shared")
    assert frozen.frozen.biases["L1"].all()


def test_equal_biases_are_shared_to_the_last_digit() -> None:
    project = build((2, 3, 1), weights=[(np.ones((3, 2)), [0.1] * 3), (np.ones((1, 3)), [0.0])])
    assert edits.set_bias_kind(project, "L1", "shared").parameters.biases["L1"].tolist() == [0.1] * 3


def test_biases_are_taken_away_and_given_back_by_the_initialiser(trained: Project) -> None:
    without = edits.set_bias_kind(trained, "L1", "none")
    assert all("L1" not in group.biases for group in groups(without))
    assert_consistent(without)
    back = edits.set_bias_kind(edits.set_training(without, initializer="playground"), "L1", "each")
    assert back.parameters.biases["L1"].tolist() == [0.1] * 4
    assert not any(slot.biases["L1"].any() for slot in back.progress.slots)
    assert_consistent(back)


def test_structure_edits_that_cannot_be_are_refused(trained: Project) -> None:
    for verb, args, sentence in (
        (edits.add_layer, ("L3",), "Nothing can follow the output"),
        (edits.add_layer, ("L7",), "no layer with the id"),
        (edits.add_layer, ("L1", 0), "at least 1 neuron"),
        (edits.add_layer, ("L1", 4, "softmax"), "only for the output layer"),
        (edits.remove_layer, ("L0",), "only hidden layers"),
        (edits.remove_layer, ("L3",), "only hidden layers"),
        (edits.set_layer_size, ("L1", 0), "at least 1 neuron"),
        (edits.set_layer_size, ("L1", 1025), "at most 1,024"),
        (edits.set_layer_size, ("L1", 2.5), "whole number"),
        (edits.set_layer_size, ("L1", "3"), "whole number"),
        (edits.remove_neuron, ("L1", 4), "has 4 neurons; there is no number 5"),
        (edits.remove_neuron, ("L1", -1), "there is no number 0"),
        (edits.remove_neuron, ("L3", 0), "at least 1 neuron"),
        (edits.set_bias_kind, ("L0", "each"), "input layer has no biases"),
        (edits.set_bias_kind, ("L1", "some"), "“some” is not one of them"),
    ):
        with pytest.raises(EditError, match=sentence):
            verb(trained, *args)


def test_limits_of_the_whole_network_are_named() -> None:
    deep = build((2,) * 64)
    with pytest.raises(EditError, match="at most 64 layers"):
        edits.add_layer(deep, "L5")
    wide = build((2, 1000, 1000, 1), training=Training(initializer="zeros"))
    with pytest.raises(EditError, match="at most 2,000,000 weights and biases"):
        edits.add_layer(wide, "L1", 1024)


def test_drawing_with_an_unknown_initialiser_is_refused_but_removing_is_not(trained: Project) -> None:
    foreign = replace(trained, training=replace(trained.training, initializer="orthogonal"))
    with pytest.raises(EditError, match="“orthogonal”"):
        edits.add_neuron(foreign, "L1")
    assert edits.remove_neuron(foreign, "L1", 0).layer("L1").size == 3
