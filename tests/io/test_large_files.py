"""Large files are read and written in pieces: the same bytes, a share that rises, and a way to stop."""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnsim.core.datasets.base import Samples
from nnsim.io import disk, json_text, project_file
from nnsim.io.errors import ProjectFileError
from nnsim.io.packed import LongText, Packed, unpack
from nnsim.io.progress import PIECE, Cancelled, no_step
from nnsim.io.tables import encode, read_table, write_table
from nnsim.model.build import default_project
from nnsim.model.diff import same
from nnsim.model.project import Data, Project

_BYTES = PIECE // 4 * 3


@pytest.fixture(scope="module")
def samples() -> Samples:
    rng = np.random.default_rng(1)
    inputs = rng.standard_normal((1500, 200))
    inputs[0, :4] = (-0.0, 5e-324, 1e100, -1e100)
    return Samples(
        inputs, labels=rng.integers(0, 3, 1500), classes=("a", "b", "c"), task="classification", name="Large"
    )


@pytest.fixture(scope="module")
def project(samples: Samples) -> Project:
    return replace(default_project(), data=Data("table", samples=samples))


class Stop:
    """A step that ends the work at call number ``after``."""

    def __init__(self, after: float = float("inf")) -> None:
        self.after, self.shares = after, list[float]()

    def __call__(self, share: float) -> None:
        self.shares.append(share)
        if len(self.shares) > self.after:
            raise Cancelled


# -- base64 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 2, 3, _BYTES - 1, _BYTES, _BYTES + 1, 2 * _BYTES, 2 * _BYTES + 5])
def test_base64_in_pieces_is_base64_of_the_whole(size: int) -> None:
    data = np.random.default_rng(size).integers(0, 256, size).astype(np.uint8)
    packed = Packed(data.data)
    text = b"".join(packed.pieces())
    assert text == base64.b64encode(data.tobytes()) and len(packed) == len(text)
    around = b'{"x": "' + text + b'"}'
    for found in (text.decode("ascii"), LongText(around, 7, 7 + len(text), no_step)):
        out = np.empty(size, np.uint8)
        assert unpack(found, out) and (out == data).all()
        for other in (size - 1, size + 1, size + 3):
            assert other < 0 or not unpack(found, np.empty(other, np.uint8))


def test_padding_in_the_middle_of_a_long_text_is_not_base64() -> None:
    data = bytes(2 * _BYTES)
    text = base64.b64encode(data).decode("ascii")
    out = np.empty(len(data), np.uint8)
    for damaged in (f"{text[: PIECE - 4]}AAA={text[PIECE:]}", f"{text[:PIECE]}AA=A{text[PIECE + 4 :]}"):
        try:
            assert not unpack(damaged, out)
        except binascii.Error:
            continue


# -- projects --------------------------------------------------------------------------------------


def test_a_large_project_is_saved_as_the_same_json_and_opened_whole(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "a.nnsim"
    stop = Stop()
    stamp = project_file.save(path, project, None, stop)
    assert stop.shares == sorted(stop.shares) and stop.shares[-1] == 1.0
    data = path.read_bytes()
    assert data == project_file.encode(project) and stamp.size == len(data)
    inputs = json.loads(data)["data"]["table"]["inputs"]
    assert project.data.samples is not None
    assert base64.b64decode(inputs["float64"]) == project.data.samples.inputs.tobytes()
    stop = Stop()
    opened, again = project_file.load(path, stop)
    assert same(opened, project) and again == stamp
    assert stop.shares == sorted(stop.shares) and 0.9 < stop.shares[-1] <= 1.0
    assert len(stop.shares) > 10


def test_saving_can_be_stopped_at_every_moment_and_the_old_file_stays(
    project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "a.nnsim"
    project_file.save(path, default_project())
    old = path.read_bytes()
    whole = Stop()
    project_file.save(tmp_path / "b.nnsim", project, None, whole)
    for after in range(len(whole.shares)):
        with pytest.raises(Cancelled):
            project_file.save(path, project, None, Stop(after))
        assert path.read_bytes() == old
        assert sorted(os.listdir(tmp_path)) == ["a.nnsim", "b.nnsim"]
    project_file.save(path, project, None, Stop(len(whole.shares)))
    assert path.read_bytes() == (tmp_path / "b.nnsim").read_bytes()


def test_opening_can_be_stopped(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "a.nnsim"
    project_file.save(path, project)
    whole = Stop()
    project_file.load(path, whole)
    for after in range(len(whole.shares)):
        with pytest.raises(Cancelled):
            project_file.load(path, Stop(after))


def _text(project: Project) -> str:
    return project_file.encode(project).decode()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda t: t.replace('"train_share"', '"train_share": 1,,', 1), "this is not JSON"),
        (lambda t: t.replace('"float64": "', '"float64": "A', 1), "data.table.inputs"),
        (lambda t: t.replace('"float64": "', '"float64": "====', 1), "data.table.inputs.float64"),
        (
            lambda t: t.replace('"shape": [1500, 200]', '"shape": [1500, 201]'),
            "not hold 1500×201 values",
        ),
        (lambda t: t.replace('"shape": [1500, 200]', '"shape": 3'), "one to 4 whole numbers are expected"),
        (lambda t: t[: len(t) // 2], "the file ends in the middle"),
        (lambda t: t[:-2] + ', "title": 5}', "title"),
        (lambda t: t[:-2] + ', "title": }', "column 12: this is not JSON"),
    ],
)
def test_what_is_wrong_around_a_long_text_is_said_with_its_place(
    project: Project, damage: Callable[[str], str], sentence: str
) -> None:
    damaged = damage(_text(project))
    assert damaged != _text(project)
    with pytest.raises(ProjectFileError) as refusal:
        project_file.decode(damaged.encode())
    assert sentence in str(refusal.value)


def test_a_place_behind_a_long_text_is_that_in_the_file() -> None:
    long = base64.b64encode(bytes(3 * 2**20)).decode("ascii")
    text = f'{{"a": {{"shape": [1], "float64": "{long}"}},\n "b": [1,\n  2, x]}}'
    with pytest.raises(ProjectFileError, match=r"^Line 3, column 6: this is not JSON"):
        json_text.decode(text.encode())
    one_line = text.replace("\n", "")
    with pytest.raises(ProjectFileError, match=rf"^Line 1, byte {one_line.index('x]') + 1:,}: "):
        json_text.decode(one_line.encode())


def test_a_long_text_outside_of_an_array_is_a_text() -> None:
    long = "QUJD" * 300_000
    value: Any = {
        "title": long,
        "options": {"float64": long, "bool": long},
        "one": {"shape": 3, "float64": long},
        "three": {"shape": [1], "float64": long, "more": 1},
        "list": [long, {"float64": [long]}],
        "last": {"a": [{"bool": long}, [{"float64": long}]]},
    }
    assert json_text.decode(json.dumps(value).encode()) == value
    found = json_text.decode(json.dumps({"a": [{"shape": [2], "bool": long}]}).encode())["a"][0]["bool"]
    assert isinstance(found, LongText) and str(found) == long


@pytest.mark.parametrize("filling", ["A", "\\u0041", '\\"', " ", "[1]", '",', "é", '"bool": "'])
def test_large_files_of_any_filling_are_refused_in_words(filling: str) -> None:
    many = filling * (3_000_000 // len(filling))
    for text in (many, f'{{"format_version": 1, "float64": "{many}"', f'{{"float64": "{many}"}}'):
        with pytest.raises(ProjectFileError):
            project_file.decode(text.encode())


# -- tables ----------------------------------------------------------------------------------------


def test_a_large_table_is_written_and_read_in_pieces(samples: Samples, tmp_path: Path) -> None:
    path, stop = tmp_path / "a.csv", Stop()
    write_table(path, samples, stop)
    assert path.read_bytes() == encode(samples)
    assert stop.shares == sorted(stop.shares) and stop.shares[-1] == 1.0 and len(stop.shares) > 10
    stop = Stop()
    found = read_table(path, stop)
    assert found.inputs.tobytes() == samples.inputs.tobytes()
    assert [found.classes[i] for i in found.labels] == [samples.classes[i] for i in samples.labels]
    assert stop.shares == sorted(stop.shares) and stop.shares[-1] == 1.0 and len(stop.shares) > 100


def test_reading_and_writing_a_table_can_be_stopped(samples: Samples, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    whole = Stop()
    write_table(tmp_path / "b.csv", samples, whole)
    for after in (0, 1, len(whole.shares) // 2, len(whole.shares) - 1):
        with pytest.raises(Cancelled):
            write_table(path, samples, Stop(after))
        assert path.read_text() == "old" and len(os.listdir(tmp_path)) == 2
    for after in (0, 1, 50, 1000):
        with pytest.raises(Cancelled):
            read_table(tmp_path / "b.csv", Stop(after))


def test_a_file_that_grows_while_it_is_read_is_read_as_far_as_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 10)

    def grow(share: float) -> None:
        with path.open("ab") as file:
            file.write(b"y")

    data, _ = disk.read(path, 12, grow)
    assert data == b"x" * 10 + b"yy"
