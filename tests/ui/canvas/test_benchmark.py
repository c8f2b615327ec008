"""The benchmark of the canvas measures a canvas that trains, moves and is pointed at."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).resolve().parent.parent.parent / "benchmarks"
NAMES = ("measure", "page", "canvas")


@pytest.fixture
def benchmark(qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(FOLDER))
    yield importlib.import_module("canvas")
    for name in NAMES:
        del sys.modules[name]


def test_the_networks_have_as_many_edges_as_they_say(benchmark: ModuleType) -> None:
    for work in benchmark.WORKS:
        edges = sum(w.size for w in benchmark.network(work.sizes).parameters.weights.values())
        assert f"{edges:,} edges" in work.name


def test_every_deed_is_measured(benchmark: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark, "WORKS", (benchmark.Work("small", (64, 20, 3), 16.0, opened=True),))
    monkeypatch.setattr(benchmark, "SECONDS", 0.2)
    said: list[str] = []
    rows = benchmark.rows(said.append)
    assert said == ["canvas: small"]
    assert [row.work.partition(",")[0] for row in rows] == [
        "training", "panning", "zooming", "zooming far", "zooming at rest", "hit test", "pointing", "layout",
    ]  # fmt: skip
    assert all(0.0 < row.ours.low <= row.ours.median <= row.ours.high for row in rows)
    assert all("frames a second" in row.note for row in rows[:5])
