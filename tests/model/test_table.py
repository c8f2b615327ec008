"""Samples edited one by one."""

from __future__ import annotations

import numpy as np
import pytest

from nnsim.core.datasets.base import Samples
from nnsim.model import edits, limits
from nnsim.model.build import build
from nnsim.model.compile import compile_project
from nnsim.model.diff import same
from nnsim.model.errors import EditError
from nnsim.model.prepared import samples_of
from nnsim.model.project import Data, Progress, Project, Training
from nnsim.model.validate import validate


@pytest.fixture
def gate() -> Project:
    """AND, with the targets 0 and 1 as numbers."""
    return build(
        (2, 1), "sigmoid", Data("gate_and", train_share=1.0), Training(loss="bce_mean", batch_size=0)
    )


def table_of(project: Project) -> Samples:
    assert project.data.source == "table" and project.data.samples is not None
    return project.data.samples


def test_the_first_edited_cell_makes_generated_samples_a_table(trained: Project) -> None:
    before = samples_of(trained.data)
    after = edits.set_cell(trained, 3, 1, 1.5)
    table = table_of(after)
    assert table.inputs[3, 1] == 1.5
    assert np.argwhere(table.inputs != before.inputs).tolist() == [[3, 1]]
    assert dict(after.data.options) == {} and after.data.features == trained.data.features
    assert after.data.train_share == trained.data.train_share
    assert after.parameters is trained.parameters and same(after.progress, Progress())
    compile_project(after)


def test_later_edits_share_what_they_leave_alone(trained: Project) -> None:
    first = edits.set_cell(trained, 3, 1, 1.5)
    second = edits.set_cell(first, 3, 2, 1 - int(table_of(first).labels[3]))  # type: ignore[index]
    assert table_of(second).inputs is table_of(first).inputs
    assert not table_of(second).labels.flags.writeable  # type: ignore[union-attr]


def test_a_class_is_given_by_index_or_by_name(trained: Project) -> None:
    label = int(samples_of(trained.data).labels[0])  # type: ignore[index]
    other = edits.set_cell(trained, 0, 2, 1 - label)
    assert table_of(other).labels[0] == 1 - label  # type: ignore[index]
    back = edits.set_cell(other, 0, 2, ("−1", "+1")[label])
    assert table_of(back).labels[0] == label  # type: ignore[index]


def test_a_numeric_target_is_a_number_and_stays_one(gate: Project) -> None:
    after = edits.set_cell(gate, 1, 2, 0.25)
    assert table_of(after).targets[1, 0] == 0.25  # type: ignore[index]
    assert table_of(after).task == "classification"


def test_setting_a_cell_to_what_it_is_changes_nothing(gate: Project, trained: Project) -> None:
    assert edits.set_cell(gate, 1, 1, 1.0) is gate
    assert edits.set_cell(gate, 3, 2, 1) is gate
    label = int(samples_of(trained.data).labels[0])  # type: ignore[index]
    assert edits.set_cell(trained, 0, 2, label) is trained
    assert edits.remove_samples(gate, []) is gate


def test_a_sample_is_added_at_the_end(gate: Project, trained: Project) -> None:
    table = table_of(edits.add_sample(gate, (0.5, 0.25), 1.0))
    assert table.inputs[-1].tolist() == [0.5, 0.25] and table.targets[-1].tolist() == [1.0]  # type: ignore[index]
    assert table.inputs[:-1].tobytes() == samples_of(gate.data).inputs.tobytes()
    assert table_of(edits.add_sample(gate, (0, 0), [0.5])).targets[-1].tolist() == [0.5]  # type: ignore[index]
    assert table_of(edits.add_sample(trained, (0, 0), "+1")).labels[-1] == 1  # type: ignore[index]


def test_samples_are_removed_by_row_in_any_order(gate: Project) -> None:
    table = table_of(edits.remove_samples(gate, (3, 0, 3)))
    assert table.inputs.tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_without_samples_there_is_nothing_to_train_and_adding_one_mends_it(
    gate: Project, trained: Project
) -> None:
    for project, target in ((gate, 1.0), (trained, "+1")):
        empty = edits.remove_samples(project, range(samples_of(project.data).count))
        assert [p.code for p in validate(empty) if p.blocking] == ["no_samples"]
        assert [p for p in validate(edits.add_sample(empty, (1.0, 2.0), target)) if p.blocking] == []


def test_an_imported_table_keeps_seed_share_and_scaling(trained: Project) -> None:
    project = edits.set_scaling(edits.set_train_share(edits.regenerate(trained), 0.75), "minmax")
    rng = np.random.default_rng(0)
    samples = Samples(rng.normal(size=(12, 3)), rng.normal(size=(12, 2)))
    with pytest.raises(EditError, match="has 3 inputs, so the network needs 3 inputs; it has 2"):
        edits.import_table(project, samples)
    after = edits.import_table(project, samples, fit=True)
    assert table_of(after) is samples
    assert (after.data.seed, after.data.train_share, after.data.scaling) == (
        project.data.seed,
        0.75,
        "minmax",
    )
    assert [la.size for la in after.layers] == [3, 4, 3, 2]
    compile_project(after)


def test_samples_beyond_the_limits_are_refused_with_the_limit(trained: Project) -> None:
    zeros = np.zeros
    for samples, sentence in (
        (Samples(zeros((100_001, 1)), zeros((100_001, 1))), "at most 100,000 samples; this one has 100,001"),
        (Samples(zeros((1, 1000)), zeros((1, 1))), "at most 1,000 columns; this one has 1,001"),
        (Samples(zeros((20_000, 500)), zeros((20_000, 1))), "at most 10,000,000 numbers"),
    ):
        with pytest.raises(EditError, match=sentence):
            edits.import_table(trained, samples, fit=True)


@pytest.mark.parametrize(
    ("verb", "args", "sentence"),
    [
        (edits.set_cell, (4, 0, 1.0), "has 4 rows; there is no number 5"),
        (edits.set_cell, (-1, 0, 1.0), "there is no number 0"),
        (edits.set_cell, (0, 3, 1.0), "has 3 columns; there is no number 4"),
        (edits.set_cell, (0, 0, float("nan")), "An input must be a finite number"),
        (edits.set_cell, (0, 0, 1e101), "at most 1e\\+100"),
        (edits.set_cell, (0, 2, "yes"), "A target must be a number"),
        (edits.add_sample, ((1.0,), 1.0), "has 2 inputs; 1 were given"),
        (edits.add_sample, ((1.0, 2.0), (1.0, 2.0)), "has 1 target; 2 were given"),
        (edits.add_sample, ((1.0, "x"), 1.0), "An input must be a number"),
        (edits.remove_samples, ((7,),), "there is no number 8"),
    ],
)
def test_edits_of_the_table_that_cannot_be_are_refused(
    gate: Project, verb: object, args: tuple[object, ...], sentence: str
) -> None:
    with pytest.raises(EditError, match=sentence):
        verb(gate, *args)  # type: ignore[operator]


def test_classes_that_do_not_exist_are_refused(trained: Project) -> None:
    for value, sentence in (
        (2, "numbered from 0; 2 is none"),
        ("red", "no class “red”"),
        (0.5, "whole number"),
    ):
        with pytest.raises(EditError, match=sentence):
            edits.set_cell(trained, 0, 2, value)


def test_a_table_is_looked_through_for_its_limits_once(
    gate: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = edits.set_cell(gate, 1, 2, 0.25)
    assert validate(first) == ()
    monkeypatch.setattr(limits, "_problem_of", lambda samples: pytest.fail("looked through again"))
    assert validate(edits.set_training(first, learning_rate=0.5)) == ()
