"""How the network learns: settings, and what of the progress stays true."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nnsim.model import edits
from nnsim.model.diff import differences
from nnsim.model.errors import EditError
from nnsim.model.project import Project


@pytest.fixture
def midway(trained: Project) -> Project:
    """In the middle of an epoch and of a step."""
    assert trained.progress.slots and len(trained.progress.curves)
    return replace(trained, progress=replace(trained.progress, batch=1, phase=2))


def kept(before: Project, after: Project) -> set[str]:
    names = ("epoch", "step", "batch", "phase", "age", "slots", "curves")
    return {name for name in names if getattr(after.progress, name) is getattr(before.progress, name)}


ALL = {"epoch", "step", "batch", "phase", "age", "slots", "curves"}


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"learning_rate": 0.5}, set()),
        ({"schedule": "step", "schedule_options": {"every": 3}}, set()),
        ({"initializer": "zeros"}, set()),
        ({"optimizer": "rmsprop"}, {"slots", "age"}),
        ({"optimizer_options": {"beta1": 0.5}}, {"slots", "age"}),
        ({"loss": "mse_mean"}, {"curves"}),
        ({"l1": 0.1}, {"curves"}),
        ({"l2": 0.1}, {"curves"}),
        ({"batch_size": 3}, {"batch", "phase"}),
        ({"shuffle": False}, {"batch", "phase"}),
        ({"precision": "float32"}, set()),
    ],
)
def test_a_setting_costs_only_the_progress_that_is_no_longer_true(
    midway: Project, changes: dict[str, Any], lost: set[str]
) -> None:
    after = edits.set_training(midway, **changes)
    assert kept(midway, after) == ALL - lost
    if "slots" in lost:
        assert (after.progress.slots, after.progress.age) == ((), 0)
    if "curves" in lost:
        assert len(after.progress.curves) == 0
    if "batch" in lost:
        assert (after.progress.batch, after.progress.phase) == (0, 0)
    assert after.parameters is midway.parameters and after.data is midway.data


def test_settings_that_are_there_already_change_nothing(trained: Project) -> None:
    assert edits.set_training(trained) is trained
    assert (
        edits.set_training(trained, learning_rate=trained.training.learning_rate, optimizer="adam") is trained
    )
    assert edits.set_seed(trained, trained.seed) is trained
    assert edits.set_title(trained, "") is trained


def test_options_go_over_those_there_are_and_another_entry_begins_with_its_own(trained: Project) -> None:
    first = edits.set_training(trained, optimizer_options={"beta1": 0.5})
    second = edits.set_training(first, optimizer_options={"beta2": 0.9})
    assert dict(second.training.optimizer_options) == {"beta1": 0.5, "beta2": 0.9}
    assert dict(edits.set_training(second, optimizer="momentum").training.optimizer_options) == {}
    assert dict(edits.set_training(second, optimizer="adam").training.optimizer_options) == {
        "beta1": 0.5,
        "beta2": 0.9,
    }


def test_values_are_stored_as_plain_numbers_of_their_kind(trained: Project) -> None:
    t = edits.set_training(
        trained, learning_rate=1, batch_size=8.0, schedule="step", schedule_options={"every": 5.0, "gamma": 1}
    ).training
    assert (type(t.learning_rate), type(t.batch_size)) == (float, int)
    assert {key: type(value) for key, value in t.schedule_options.items()} == {"every": int, "gamma": float}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"learning_rate": -0.1}, "learning rate must be at least 0"),
        ({"learning_rate": float("nan")}, "finite"),
        ({"learning_rate": "fast"}, "must be a number"),
        ({"l1": -1.0}, "L1 regularisation must be at least 0"),
        ({"batch_size": -1}, "batch size must be at least 0"),
        ({"batch_size": 2.5}, "2.5 is not"),
        ({"batch_size": 10**6}, "at most 100,000"),
        ({"shuffle": 1}, "either on or off"),
        ({"precision": "float16"}, "no precision called “float16”"),
        ({"loss": "hinge"}, "no loss called “hinge”"),
        ({"optimizer": "lion"}, "no optimizer called “lion”"),
        (
            {"optimizer_options": {"beta3": 0.5}},
            "Adam has no setting called “beta3”. It has: beta1, beta2, epsilon",
        ),
        ({"optimizer_options": {"beta1": 2.0}}, "at most 0.9999"),
        ({"optimizer": "sgd", "optimizer_options": {"momentum": 0.5}}, "It has none"),
        ({"optimizer_options": 3}, "names with values"),
        ({"schedule": "step", "schedule_options": {"every": 1.5}}, "whole number"),
        ({"momentum": 0.5}, "no setting called “momentum”"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    trained: Project, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(EditError, match=sentence):
        edits.set_training(trained, **changes)


def test_a_setting_can_be_changed_beside_one_this_version_does_not_know(trained: Project) -> None:
    foreign = replace(
        trained, training=replace(trained.training, optimizer="lion", optimizer_options={"x": 1})
    )
    after = edits.set_training(foreign, learning_rate=0.5)
    assert (after.training.optimizer, after.training.optimizer_options) == ("lion", {"x": 1})
    with pytest.raises(EditError, match="“lion”"):
        edits.set_training(foreign, optimizer_options={"x": 2})


def test_the_seed_decides_the_next_draw_for_everybody_alike(trained: Project) -> None:
    drawn = edits.new_weights(edits.new_weights(trained))
    assert edits.set_seed(drawn, 7).parameters is drawn.parameters
    first = edits.new_weights(edits.set_seed(drawn, 7))
    second = edits.new_weights(edits.set_seed(trained, 7))
    assert (first.weight_draw, second.weight_draw) == (1, 1)
    marks = first.frozen.weights["C1"]
    assert (first.parameters.weights["C1"] == second.parameters.weights["C1"])[~marks].all()


def test_another_seed_goes_back_to_the_beginning_of_the_epoch(midway: Project) -> None:
    after = edits.set_seed(midway, 7)
    assert kept(midway, after) == ALL - {"batch", "phase"}
    for seed, sentence in ((-1, "at least 0"), (1.5, "whole"), (2**63, "at most")):
        with pytest.raises(EditError, match=sentence):
            edits.set_seed(midway, seed)  # type: ignore[arg-type]


def test_title_and_notes_are_plain_text(trained: Project) -> None:
    titled = edits.set_title(trained, "  <b>My\nnetwork</b> ")
    assert titled.title == "<b>My network</b>"
    assert list(differences(trained, titled)) == ["project.title"]
    noted = edits.set_notes(trained, "one\n  two")
    assert noted.notes == "one\n  two"
    with pytest.raises(EditError, match="at most 200 characters; this one has 201"):
        edits.set_title(trained, "x" * 201)
    with pytest.raises(EditError, match="must be text"):
        edits.set_notes(trained, 3)  # type: ignore[arg-type]
