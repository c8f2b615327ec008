"""Mutated project files: opened or refused in words, never anything else, and quickly."""

from __future__ import annotations

import copy
import json
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nnsim.io.errors import ProjectFileError
from nnsim.io.project_file import decode, encode
from nnsim.model.build import default_project
from nnsim.model.compile import compile_project
from nnsim.model.errors import CompileError
from nnsim.model.project import Project
from nnsim.model.validate import validate

ARCHIVE = Path(__file__).parent / "archive"
BYTES = [
    b"\xff",
    b"\x00",
    b"1e999",
    b'"\\ud800"',
    b"[" * 70,
    b",",
    b"}",
    b"]",
    b'"',
    b"nul",
    b"\xef\xbb\xbf",
    b"-",
]
VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2, 7, 64, 10**6, 2**63, 10**30, 0.5, -0.0, 1e308, 5e-324, [], {}, [[]], [1],
    [1, 2], [[1]], [[1, 2]], [["a"]], ["x1", "x2"], {"a": 1}, {"noise": "x"}, {"every": 0}, {"alpha": 1e308},
    {"shape": [2, 2], "float64": ""}, {"shape": [1], "float64": "AAAAAAAA4D8="}, "", "x", "NaN", "Infinity",
    "circle", "iris", "table", "gate_xor", "sine", "softmax", "relu", "none", "shared", "adam", "cce",
    "bce_mean", "constant", "standard", "x1", "L0", "L1", "C1", "step", "elu", "playground", "minmax",
]  # fmt: skip


def mutated_text(data: bytes, rng: random.Random) -> bytes:
    """``data`` with a byte, a stretch, a line or the end changed."""
    at = rng.randrange(len(data) + 1)
    kind = rng.randrange(5)
    if kind == 0:
        return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
    if kind == 1:
        return data[:at] + data[at + rng.randrange(1, 40) :]
    if kind == 2:
        return data[:at] + rng.choice(BYTES) + data[at:]
    if kind == 3:
        return data[:at]
    lines = data.split(b"\n")
    i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[i], lines[j] = lines[j], lines[i]
    return b"\n".join(lines)


def mutated_values(data: bytes, rng: random.Random) -> bytes:
    """Valid JSON still: one to three values replaced, removed, doubled or moved."""
    document = json.loads(data)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        holders = [node for node in nodes(document) if node]
        holder = rng.choice(holders)
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        # The fields of the file and of its sections matter more than single numbers.
        if rng.random() < 0.6:
            holder = rng.choice([node for node in holders if isinstance(node, dict)])
            keys = list(holder)
        key = rng.choice(keys)
        kind = rng.randrange(6)
        if kind == 0:
            del holder[key]
        elif kind == 1 and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif kind == 2:
            holder[key] = copy.deepcopy(rng.choice(holders))
        else:
            alike = [value for value in VALUES if type(value) is type(holder[key])]
            holder[key] = copy.deepcopy(rng.choice(alike if alike and rng.random() < 0.8 else VALUES))
        if not document:
            break
    return json.dumps(document).encode()


def nodes(value: Any) -> Iterator[Any]:
    """All lists and objects, the outermost first."""
    if isinstance(value, (dict, list)):
        yield value
        for child in list(value.values() if isinstance(value, dict) else value):
            yield from nodes(child)


def open_and_look(data: bytes) -> str:
    """What opening such a file comes to; anything but a refusal in words or a document is a fault."""
    try:
        project = decode(data)
    except ProjectFileError as error:
        assert 0 < len(str(error)) < 1000
        return "refused"
    problems = validate(project)
    assert decode(encode(project)) is not None
    try:
        compile_project(project)
    except CompileError:
        assert any(p.blocking for p in problems)
        return "shown with problems"
    return "computed"


def attack(sources: list[bytes], count: int, seed: int) -> dict[str, int]:
    """Open ``count`` mutations; returns how many came to what."""
    rng = random.Random(seed)
    outcomes: dict[str, int] = {}
    for _ in range(count):
        data = rng.choice([mutated_text, mutated_values, mutated_values])(rng.choice(sources), rng)
        started = time.perf_counter()
        outcome = open_and_look(data)
        assert time.perf_counter() - started < 30.0, data  # a hang, however busy the machine
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes


@pytest.fixture(scope="module")
def sources(random_project: Callable[[int], Project]) -> list[bytes]:
    return all_sources(random_project)


def all_sources(random_project: Callable[[int], Project]) -> list[bytes]:
    """Valid files to begin from: short, hand-written, archived and random ones."""
    short = b'{"format_version": 1, "layers": [2, 4, 1], "data": "xor", "training": {"optimizer": "adam"}}'
    hand = {
        "format_version": 1,
        "layers": [2, {"size": 3, "activation": "relu"}, {"size": 1, "activation": "sigmoid"}],
        "data": {"source": "gauss", "options": {"noise": 0.1, "count": 20}, "features": ["x1", "x2"]},
        "training": {
            "loss": "bce_mean",
            "schedule": "step",
            "schedule_options": {"every": 2},
            "batch_size": 4,
        },
        "seed": 5,
    }
    return [
        *[short, json.dumps(hand).encode(), encode(default_project())] * 4,
        *(path.read_bytes() for path in sorted(ARCHIVE.iterdir())),
        *(found for seed in range(40) if len(found := encode(random_project(seed))) < 20_000),
    ]  # fmt: skip


@pytest.mark.parametrize("part", range(4))
def test_mutated_files_are_opened_or_refused_in_words(sources: list[bytes], part: int) -> None:
    outcomes = attack(sources, 1000, seed=part)
    assert min(outcomes[name] for name in ("refused", "shown with problems", "computed")) > 25, outcomes


def test_a_false_shape_or_count_costs_no_memory() -> None:
    huge = '{"shape": [99999, 99999], "float64": ""}'
    claims = [
        '"layers": [1024, 1024, 1024, 1024]',
        f'"layers": [1, 1], "parameters": {{"weights": {{"C1": {huge}}}}}',
        f'"layers": [1, 1], "frozen": {{"weights": {{"C1": {huge.replace("float64", "bool")}}}}}',
        f'"layers": [1, 1], "data": {{"table": {{"inputs": {huge}, "targets": [1]}}}}',
        '"layers": [2, 1], "data": {"source": "circle", "options": {"count": 1e12}}',
        '"layers": [2, 1], "training": {"batch_size": 9007199254740992}',
        '"layers": [2, 1], "progress": {"epoch": 9007199254740992, "batch": 9007199254740992}',
    ]
    tracemalloc.start()
    try:
        for claim in claims:
            open_and_look(f'{{"format_version": 1, {claim}}}'.encode())
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()
