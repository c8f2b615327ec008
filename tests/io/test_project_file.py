"""Project files: what is saved is what is opened, and a hand-written file may be short."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnsim.core.arrays import read_only
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.trainer import Trainer
from nnsim.io import project_file
from nnsim.io.errors import ChangedOnDisk, ProjectFileError, SaveError
from nnsim.io.limits import MAX_JSON_VALUES, MAX_PROJECT_BYTES
from nnsim.io.project_file import decode, encode
from nnsim.model.build import build, default_project
from nnsim.model.compile import Compiled, compile_project, with_state
from nnsim.model.diff import differences, same
from nnsim.model.limits import MAX_CELLS, MAX_PARAMETERS
from nnsim.model.project import Data, Layer, Parameters, Project, Training
from nnsim.model.validate import validate

RandomProject = Callable[[int], Project]


def document(**fields: Any) -> bytes:
    """A hand-written file with these fields."""
    return json.dumps({"format_version": 1, "layers": [2, 3, 1], **fields}).encode()


# -- what is saved is what is opened ------------------------------------------------------------------


def assert_same_after_saving(project: Project) -> None:
    data = encode(project)
    again = decode(data)
    assert list(differences(project, again)) == []
    assert encode(again) == data


@pytest.mark.parametrize("batch", range(8))
def test_random_documents_come_back_byte_for_byte(random_project: RandomProject, batch: int) -> None:
    for seed in range(25 * batch, 25 * batch + 25):
        assert_same_after_saving(random_project(seed))


def test_the_start_document_comes_back_and_can_be_read_by_people() -> None:
    project = default_project()
    assert_same_after_saving(project)
    text = encode(project).decode("utf-8")
    assert '{"id": "L1", "size": 4, "activation": "tanh"}' in text
    assert max(map(len, text.splitlines())) <= 120 and text.endswith("}\n")


def test_the_same_document_gives_the_same_bytes_whatever_order_its_settings_are_in() -> None:
    one = build((2, 2, 1), data=Data("circle", {"noise": 0.1, "count": 50}))
    other = replace(one, data=replace(one.data, options={"count": 50, "noise": 0.1}))
    assert encode(one) == encode(other)


def test_parameters_that_are_the_start_weights_are_so_again() -> None:
    again = decode(encode(default_project()))
    assert again.start is again.parameters


def test_large_arrays_are_base64_and_small_ones_lists() -> None:
    file = json.loads(encode(build((64, 64, 65, 2), data=Data("digits"))))
    weights = file["parameters"]["weights"]
    assert isinstance(weights["C1"], list)  # 4,096 numbers
    assert weights["C2"]["shape"] == [65, 64] and isinstance(weights["C2"]["float64"], str)


def test_every_document_within_the_limits_fits_into_a_file() -> None:
    as_text, bytes_each = 4 / 3, 8
    arrays = 2 + max(len(o.slot_names) for o in OPTIMIZERS)  # parameters, start, optimizer state
    assert (arrays * MAX_PARAMETERS + MAX_CELLS) * bytes_each * as_text < 0.8 * MAX_PROJECT_BYTES


def test_a_document_of_many_middling_arrays_stays_within_the_limit_on_values() -> None:
    project = build((1, *(60,) * 60, 1), data=Data("sine"))
    noisy = Parameters(dict(project.parameters.weights), dict(project.parameters.biases))
    slots = (noisy, noisy)
    project = replace(project, progress=replace(project.progress, age=1, slots=slots))
    data = encode(project)
    assert data.count(b",") < MAX_JSON_VALUES
    assert same(decode(data), project)


def test_names_this_version_does_not_know_are_kept_and_shown_as_problems() -> None:
    project = default_project()
    layers = (project.layers[0], replace(project.layers[1], activation="swish"), *project.layers[2:])
    project = replace(project, layers=layers, training=replace(project.training, optimizer="lion"))
    again = decode(encode(project))
    assert again.layers[1].activation == "swish" and again.training.optimizer == "lion"
    assert {p.code for p in validate(again) if p.blocking} >= {"unknown_activation"}
    assert encode(again) == encode(project)


def test_a_connection_of_an_unknown_kind_keeps_its_weights_of_any_shape() -> None:
    project = build((2, 2))
    joins = (replace(project.connections[0], kind="convolution"),)
    weights = {"C1": read_only(np.arange(12.0).reshape(2, 3, 2))}
    values = Parameters(weights, project.parameters.biases)
    frozen = Parameters({"C1": read_only(np.zeros((2, 3, 2)), np.bool_)}, project.frozen.biases)
    project = replace(project, connections=joins, parameters=values, start=values, frozen=frozen)
    assert_same_after_saving(project)


def test_shipped_data_is_saved_by_name_and_filled_in_when_opened() -> None:
    file = document(layers=[4, 3], data={"source": "iris"})
    project = decode(file)
    assert project.data.samples is not None and project.data.samples.count == 150
    assert b"setosa" not in encode(project) and len(encode(project)) < 3000


# -- going on exactly where it stopped ----------------------------------------------------------------


def trained(compiled: Compiled, steps: int) -> Project:
    trainer = Trainer(compiled.task, compiled.state)
    trainer.run(steps)
    return with_state(compiled, trainer.checkpoint())


@pytest.mark.parametrize("optimizer", OPTIMIZERS.keys())
def test_a_thousand_steps_are_five_hundred_saved_and_five_hundred_more(optimizer: str) -> None:
    training = Training(
        optimizer=optimizer, learning_rate=0.01, shuffle=True, batch_size=7, schedule="inverse", l2=0.001
    )
    project = build((2, 3, 1), data=Data("circle", {"count": 40, "noise": 0.2}), training=training)
    whole = trained(compile_project(project), 1000)
    half = decode(encode(trained(compile_project(project), 500)))
    halves = trained(compile_project(half), 500)
    assert halves.progress.step == 1000
    assert list(differences(whole, halves)) == []


def test_a_run_in_float32_goes_on_from_its_file_and_float64_needs_no_word() -> None:
    project = build((2, 3, 1), data=Data("circle", {"count": 40}), training=Training(precision="float32"))
    assert b'"precision":"float32"' in encode(project).replace(b" ", b"")
    assert b"precision" not in encode(build((2, 3, 1), data=Data("circle", {"count": 40})))
    whole = trained(compile_project(project), 60)
    half = decode(encode(trained(compile_project(project), 25)))
    assert half.training.precision == "float32"
    assert list(differences(whole, trained(compile_project(half), 35))) == []


def test_a_step_under_way_is_resumed_in_the_middle() -> None:
    compiled = compile_project(default_project())
    trainer = Trainer(compiled.task, compiled.state)
    for _ in range(19):
        trainer.advance()
    saved = compile_project(decode(encode(with_state(compiled, trainer.checkpoint()))))
    resumed = Trainer(saved.task, saved.state)
    assert resumed.phase == trainer.phase > 0
    for _ in range(30):
        trainer.advance(), resumed.advance()
    assert resumed.checkpoint().theta.tobytes() == trainer.checkpoint().theta.tobytes()


# -- written by hand ----------------------------------------------------------------------------------


def test_two_lines_are_enough() -> None:
    project = decode(b'{"format_version": 1, "layers": [2, {"size": 4}, 1], "data": "xor"}')
    assert [layer.size for layer in project.layers] == [2, 4, 1]
    assert [layer.activation for layer in project.layers] == ["linear", "tanh", "tanh"]
    assert project.data.features == ("x1", "x2") and project.data.train_share == 0.5
    assert validate(project) == ()
    assert same(project.training, Training()) and project.seed == 42


def test_what_is_left_out_is_what_a_new_network_has() -> None:
    short = decode(b'{"format_version": 1, "layers": [2, 4, 2, 1]}')
    assert same(short, build((2, 4, 2, 1)))


def test_the_course_chain_written_by_hand_gives_its_numbers() -> None:
    project = decode(
        document(
            layers=[
                1,
                {"size": 1, "activation": "sigmoid", "weights": [[0.15]], "biases": [0.4]},
                {"size": 1, "activation": "sigmoid", "weights": [[0.25]], "biases": [0.5]},
            ],
            data={"table": {"inputs": [0.1], "targets": [0.25]}},
        )
    )
    compiled = compile_project(project)
    trainer = Trainer(compiled.task, compiled.state)
    out = trainer.evaluator.outputs(compiled.task.x_train)
    assert out[0, 0] == pytest.approx(0.6571392472973264, rel=1e-12)
    assert project.data.train_share == 1.0


def test_some_weights_may_be_given_and_the_rest_is_drawn() -> None:
    drawn = decode(document())
    some = decode(document(parameters={"biases": {"L1": [1, 2, 3]}}))
    assert some.parameters.biases["L1"].tolist() == [1.0, 2.0, 3.0]
    assert some.parameters.weights["C1"].tobytes() == drawn.parameters.weights["C1"].tobytes()


def test_one_shared_bias_may_be_written_once() -> None:
    layer = {"size": 3, "bias": "shared", "biases": [0.35]}
    assert decode(document(layers=[2, layer, 1])).parameters.biases["L1"].tolist() == [0.35] * 3


def test_class_names_may_stand_as_labels() -> None:
    table = {"inputs": [[1, 2], [3, 4], [5, 6]], "labels": ["10", "9", "10"]}
    samples = decode(document(data={"table": table})).data.samples
    assert samples is not None and samples.labels is not None
    assert samples.classes == ("9", "10") and samples.labels.tolist() == [1, 0, 1]


def test_all_of_a_connection_can_be_frozen_with_one_word() -> None:
    project = decode(document(frozen={"weights": {"C1": True}, "biases": {"L1": [False, 1, 0]}}))
    assert project.frozen.weights["C1"].all() and not project.frozen.weights["C2"].any()
    assert project.frozen.biases["L1"].tolist() == [False, True, False]


def test_numbers_that_json_cannot_spell_are_texts() -> None:
    biases = {"L1": ["NaN", "Infinity", "-Infinity"]}
    found = decode(document(parameters={"biases": biases}, training={"learning_rate": "Infinity"}))
    assert str(found.parameters.biases["L1"].tolist()) == "[nan, inf, -inf]"
    assert found.training.learning_rate == float("inf")
    assert json.loads(encode(found))["parameters"]["biases"]["L1"] == biases["L1"]


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert same(decode(b"\xef\xbb\xbf" + document()), decode(document()))


# -- versions ----------------------------------------------------------------------------------------


def test_a_newer_file_is_refused_with_both_versions_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.nnsim"
    path.write_bytes(b'{"format_version": 7, "whatever": {"comes": "then"}}')
    with pytest.raises(ProjectFileError, match=r"“a.nnsim” cannot be opened.*version 7.*versions up to 1"):
        project_file.load(path)
    assert path.read_bytes() == b'{"format_version": 7, "whatever": {"comes": "then"}}'


# -- on disk ------------------------------------------------------------------------------------------


def test_a_file_is_opened_saved_and_not_overwritten_when_another_program_changed_it(tmp_path: Path) -> None:
    path = tmp_path / "a.nnsim"
    first = default_project()
    project_file.save(path, first)
    project, stamp = project_file.load(path)
    assert same(project, first)
    changed = replace(project, title="Mine")
    stamp = project_file.save(path, changed, stamp)
    stamp = project_file.save(path, replace(project, title="Mine too"), stamp)
    path.write_bytes(encode(replace(project, title="Theirs")))
    with pytest.raises(ChangedOnDisk):
        project_file.save(path, changed, stamp)
    assert project_file.load(path)[0].title == "Theirs"


def test_opening_what_is_no_file_says_so_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ProjectFileError, match=r"“none.nnsim” cannot be opened. It does not exist."):
        project_file.load(tmp_path / "none.nnsim")
    (tmp_path / "folder.nnsim").mkdir()
    with pytest.raises(ProjectFileError, match=r"“folder.nnsim” cannot be opened. It is a folder."):
        project_file.load(tmp_path / "folder.nnsim")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.nnsim"
    project_file.save(path, default_project())
    path.chmod(0)
    with pytest.raises(ProjectFileError, match=r"Reading it is not allowed."):
        project_file.load(path)


def test_what_could_not_be_opened_again_is_not_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.nnsim"
    project_file.save(path, default_project())
    before = path.read_bytes()
    monkeypatch.setattr(project_file, "MAX_PROJECT_BYTES", 100)
    with pytest.raises(SaveError, match="more than the limit of 100"):
        project_file.save(path, replace(default_project(), title="longer"))
    assert path.read_bytes() == before


def test_half_a_letter_in_a_title_does_not_keep_a_project_from_being_saved(tmp_path: Path) -> None:
    project = replace(default_project(), title="half \ud83d", layers=default_project().layers)
    project_file.save(tmp_path / "a.nnsim", project)
    assert project_file.load(tmp_path / "a.nnsim")[0].title == "half ?"


def test_a_layer_may_be_of_a_bias_kind_this_version_does_not_know() -> None:
    project = decode(document(layers=[2, {"size": 1, "bias": "low rank"}]))
    assert project.layers[1] == Layer("L1", 1, "tanh", project.layers[1].activation_options, "", "low rank")  # type: ignore[arg-type]
    assert any(p.code == "bias_kind" for p in validate(project))
