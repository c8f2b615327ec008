"""Old project files keep opening: one example of every version, never written again."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import Any

import pytest

from nnsim.core.trainer import Trainer
from nnsim.io import project_file
from nnsim.io.errors import ProjectFileError
from nnsim.io.migrations import MIGRATIONS, migrate
from nnsim.io.schema import FORMAT_VERSION
from nnsim.model.compile import compile_project
from nnsim.model.validate import validate

ARCHIVE = Path(__file__).parent / "archive"


def test_there_is_a_step_from_and_an_example_of_every_version() -> None:
    assert sorted(MIGRATIONS) == list(range(1, FORMAT_VERSION))
    for version in range(1, FORMAT_VERSION + 1):
        assert (ARCHIVE / f"v{version}.nnsim").is_file()


def test_the_archive_is_what_it_was_when_it_was_written() -> None:
    digests = {
        "v1.nnsim": "ad4d66eda099b30d5c3a8e81b3cdc8082248597d6a60da381fa38886b3bb379b",
        "v1-by-hand.nnsim": "6fea07cecfa6f9b9b420fc754ef4be8c21375908e1e069cf8c4b4d2a48dc6543",
    }
    for name, digest in digests.items():
        assert hashlib.sha256((ARCHIVE / name).read_bytes()).hexdigest() == digest, name


def test_a_file_of_version_1_opens_with_everything_in_it_and_trains_on_as_it_did_then() -> None:
    project, _ = project_file.load(ARCHIVE / "v1.nnsim")
    assert validate(project) == ()
    assert project.layers[1].name == "Müller & <Söhne>" and project.layers[2].bias == "shared"
    assert project.data.samples is not None and project.data.samples.classes == ("red", "green", "blue")
    assert project.frozen.weights["C1"][0, 1] and project.frozen.biases["L1"][2]
    assert (project.progress.epoch, project.progress.step, project.progress.phase) == (5, 17, 3)
    assert len(project.progress.slots) == 2 and len(project.progress.curves) == 6
    assert project.start.weights["C1"][0, 0] == 0.818823538714294
    compiled = compile_project(project)
    trainer = Trainer(compiled.task, compiled.state)
    trainer.run(20)
    assert trainer.theta.flat[1] == 1.0786795865572683  # frozen
    assert trainer.theta.flat[[0, 2]].tolist() == pytest.approx([0.7994471001922938, -0.12938399447151763])
    assert trainer.train_loss() == pytest.approx(1.1306008000739183, rel=1e-9)
    assert trainer.test_loss() == pytest.approx(1.1448024072095735, rel=1e-9)


def test_a_hand_written_file_of_version_1_opens_with_all_short_forms() -> None:
    project, _ = project_file.load(ARCHIVE / "v1-by-hand.nnsim")
    weights = project.parameters.weights["C1"]
    assert weights.tolist() == [[0.5, -0.25], [1e-300, -0.0], [3.0, 5e-324]]
    assert math.copysign(1.0, weights[1, 1]) == -1.0
    assert str(project.parameters.biases["out"].tolist()) == "[-inf, nan]"
    assert project.frozen.weights["C1"].tolist() == [[False, False], [False, True], [False, True]]
    assert project.frozen.biases["out"].all() and not project.frozen.weights["C2"].any()
    assert project.data.samples is not None and project.data.samples.classes == ("no", "yes")
    assert project.data.features == ("x1", "x2") and project.training.l1 == math.inf


def test_steps_are_taken_one_after_the_other_and_change_nothing_they_are_given() -> None:
    def first(document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "colour": document["color"]}

    def second(document: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in document.items() if k != "color"}

    given = {"format_version": 1, "color": "blue"}
    found = migrate(given, {1: first, 2: second}, current=3)
    assert found == {"format_version": 3, "colour": "blue"}
    assert given == {"format_version": 1, "color": "blue"}
    assert migrate({"format_version": 2, "color": "x"}, {1: first, 2: second}, 3) == {"format_version": 3}


def test_a_newer_version_is_refused_with_both_versions_named() -> None:
    with pytest.raises(ProjectFileError, match=r"version 4.*up to 3"):
        migrate({"format_version": 4}, {}, current=3)
