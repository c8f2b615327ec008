"""Files that are no good projects: each is refused with what is wrong and where, in words."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from nnsim.io import project_file
from nnsim.io.errors import ProjectFileError
from nnsim.io.limits import MAX_JSON_VALUES, MAX_PROJECT_BYTES
from nnsim.io.project_file import decode


def document(**fields: Any) -> bytes:
    """A hand-written file with these fields."""
    return json.dumps({"format_version": 1, "layers": [2, 3, 1], **fields}).encode()


def weights(value: Any) -> bytes:
    """A file with these weights into its second layer, of two inputs and one neuron."""
    return document(layers=[2, {"size": 1, "weights": value}])


def table(**fields: Any) -> bytes:
    """A file with these fields in its table."""
    return document(data={"table": fields})


def biases(value: Any) -> bytes:
    """A file with these biases of its three hidden neurons."""
    return document(parameters={"biases": {"L1": value}})


WRONG = [
    (b"", "The file is empty."),
    (b"  \n", "The file is empty."),
    (b"[1]", "It is not a project: a list stands where an object is expected."),
    (b"{}", "the field “format_version” is missing"),
    (b'{"format_version": "1"}', "format_version: “1” is not a version"),
    (b'{"format_version": true}', "format_version: true is not a version"),
    (b'{"format_version": 0}', "format_version: 0 is not a version"),
    (b'{"format_version": 1}', "The field “layers” is missing."),
    (
        b'{\n "format_version": 1,\n "layers": [1, 2,]\n}',
        "Line 3, column 18: this is not JSON: trailing comma",
    ),
    (b'{"title": "\xc3\xa4\xc3\xa4", x}', "Line 1, column 17: this is not JSON"),
    (b'{"format_version": 1, "layers": [1, 2', "the file ends in the middle"),
    (b'{"a": {"b": 1, "b": 2}}', "The field “b” is given twice in one object."),
    (b'{"title": "x\xff"}', "Line 1, column 13: this is not UTF-8 text."),
    ('{"format_version": 1}'.encode("utf-16"), "UTF-16"),
    (b'{"format_version": 1,\n "seed": 1e999}', "Line 2, column 10: a number is too large"),
    (b'{"seed": ' + b"1" * 5000 + b"}", "a number is too large"),
    (document(sead=3), "There is no field “sead” here. Is “seed” meant?"),
    (document(layers=[2, {"size": 3, "wait": 1}]), "layers[1]: there is no field “wait” here."),
    (document(layers=[2, {"activation": "tanh"}]), "layers[1]: the field “size” is missing."),
    (
        document(layers=[2, 3.5]),
        "layers[1]: a whole number or an object is expected, not a number with a fraction.",
    ),
    (document(layers=[2]), "layers: a network needs at least an input and an output layer."),
    (document(layers=[2, 0]), "layers[1]: 0 is not from 1 to 1,024."),
    (document(layers=[2] * 100), "layers: there are more entries than the limit of 64."),
    (document(layers=[2, {"size": 1, "id": "L0"}]), "The id “L0” is given to two"),
    (
        document(layers=[2, {"size": 3, "weights": [[1, 2], [3, 4]]}, 1]),
        "layers[1].weights: the weights of connection C1 (from L0 to L1) are 2×2, the layers need 3×2.",
    ),
    (
        document(layers=[2, {"size": 3, "weights": [[1, 2], [3]]}, 1]),
        "layers[1].weights: row 2 has the length 1, but row 1 has 2.",
    ),
    (document(layers=[2, {"size": 3, "weights": [1, [3]]}]), "layers[1].weights[0]: 1 stands where a row"),
    (weights([["a", 2]]), "layers[1].weights[0][0]: “a” is not a number."),
    (weights([[True, 2]]), "layers[1].weights[0][0]: true is not a number."),
    (weights(3), "layers[1].weights: 3 is not a list of numbers."),
    (document(layers=[2, {"size": 1, "bias": "none", "biases": [1]}]), "this layer has no biases"),
    (document(layers=[2, {"size": 2, "bias": "shared", "biases": [1, 2]}]), "one shared bias"),
    (
        document(layers=[2, {"size": 1, "biases": [1]}], parameters={"biases": {"L1": [1]}}),
        "also given under",
    ),
    (
        document(parameters={"weights": {"C9": [[1]]}}),
        "parameters.weights: there is no connection with the id “C9”",
    ),
    (document(parameters={"biases": {"L0": [1]}}), "parameters.biases: there is no layer with biases"),
    (biases({"shape": [10**12], "float64": "AAAA"}), "are more than the limit of 10,000,000"),
    (biases({"shape": [3], "float64": "*" * 32}), "this is not base64"),
    (biases({"shape": [-3], "float64": ""}), "shape: one to 4 whole numbers"),
    (biases({"float64": ""}), "an array is lists of numbers, or"),
    (biases([10**400, 1, 1]), "out of range|too large"),
    (document(start={"weights": {}}), "start.weights: those of connection C1 (from L0 to L1) are missing."),
    (document(frozen={"weights": {"C1": [[2]]}}), "frozen.weights.C1[0][0]: 2 is neither true nor false."),
    (document(frozen={"weights": {"C1": [[True]]}}), "frozen.weights.C1: the weights of connection C1"),
    (document(connections=[{"source": "L0", "target": "X"}]), "connections[0].target: there is no layer"),
    (document(training={"learning_rate": "fast"}), "training.learning_rate: “fast” is not a number."),
    (document(training={"shuffle": 1}), "training.shuffle: true or false is expected, not a whole number."),
    (document(training={"batch_size": -1}), "training.batch_size: -1 is not from 0"),
    (document(training={"initializer": "unheard of"}), "cannot be drawn. There is no initialiser"),
    (document(seed=-1), "seed: -1 is not from 0"),
    (document(data={"source": "table"}), "data.table: the table is missing."),
    (document(data={"source": "iris", "table": {"inputs": [1], "targets": [1]}}), "not both"),
    (table(inputs=[1]), "either targets (numbers) or labels (classes)"),
    (table(inputs=[1, 2], targets=[1]), "data.table: 2 rows of inputs but 1 of targets."),
    (table(inputs=["NaN"], targets=[1]), "must be finite"),
    (table(inputs=[1], labels=["a"]), "at least two classes"),
    (table(inputs=[1, 2], labels=["a", "b"], classes=["a", "c"]), "“b” is not among"),
    (table(inputs=[1], labels=[1.5]), "labels are class names, or whole numbers"),
    (table(inputs=[[1] * 1001], targets=[1]), "at most 1,000 columns"),
    (document(title="x" * 201), "title: 201 characters are more than the limit of 200."),
    (document(progress={"epoch": -1}), "progress.epoch: -1 is not from 0"),
    (document(progress={"curves": {"epoch": [1, 1], "train": [1, 1]}}), "each larger than the one before"),
    (document(progress={"curves": {"epoch": [1], "train": []}}), "lists of the same length"),
    (document(progress={"curves": {"epoch": list(range(4097)), "train": [0] * 4097}}), "limit of 4,096"),
    (document(progress={"slots": [{"weights": {}}]}), "progress.slots[0].weights: those of connection C1"),
]


@pytest.mark.parametrize(("data", "words"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_file_is_refused_with_the_place_in_words(data: bytes, words: str) -> None:
    with pytest.raises(ProjectFileError) as refusal:
        decode(data)
    message = str(refusal.value)
    assert any(part in message for part in words.split("|")), message
    assert message.endswith((".", "?"))
    assert len(message) < 400


def test_just_above_each_limit_a_file_is_refused_and_the_limit_named(tmp_path: Path) -> None:
    zeros = {"shape": [100_001, 1], "float64": base64.b64encode(bytes(800_008)).decode()}
    beyond = {
        "nested": (b"[" * 100_000, "64 deep"),
        "nested in fields": (b'{"format_version": 1, "layers": ' + b"[" * 65 + b"]" * 65 + b"}", "64 deep"),
        "values": (b"[" + b"0," * MAX_JSON_VALUES + b"0]", "1,000,000 values"),
        "parameters": (document(layers=[1024, 1024, 1000, 2]), "at most 2,000,000 weights"),
        "samples": (document(data={"table": {"inputs": zeros, "targets": zeros}}), "at most 100,000 samples"),
    }  # fmt: skip
    for name, (data, words) in beyond.items():
        with pytest.raises(ProjectFileError) as refusal:
            decode(data)
        assert words in str(refusal.value), name
    path = tmp_path / "huge.nnsim"
    with path.open("wb") as file:
        file.truncate(MAX_PROJECT_BYTES + 1)
    with pytest.raises(ProjectFileError, match="larger than the limit of 256 MiB"):
        project_file.load(path)


def test_just_below_the_limit_on_depth_the_fault_is_another_one() -> None:
    with pytest.raises(ProjectFileError, match="layers"):
        decode(b'{"format_version": 1, "layers": ' + b"[" * 62 + b"]" * 62 + b"}")
