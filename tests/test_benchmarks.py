"""What the benchmarks compare is the same work, and their page says what they found."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parent / "benchmarks"
PARTS = ("engine", "sweeps", "memory", "startup", "scripts")
NAMES = ("measure", "page", "works", "rivals", "rivals.textbook", "rivals.javascript", *PARTS)


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The modules of the benchmark, which lie beside each other in a folder of their own."""
    monkeypatch.syspath_prepend(str(FOLDER))
    yield {name: importlib.import_module(name) for name in NAMES}
    for name in NAMES:
        del sys.modules[name]


def test_nnsim_and_the_textbook_do_the_same_work(parts: dict[str, ModuleType]) -> None:
    works = [*parts["works"].WORKS, *(w for w in parts["sweeps"].works() if w.weights < 10_000)]
    assert len(works) > 20
    for work in works:
        trainer, textbook = parts["engine"].trainer_of(work), parts["rivals.textbook"].Textbook(work)
        start = trainer.theta.flat.copy()
        trainer.run(23), textbook.run(23)
        assert (trainer.theta.flat != start).any()
        exact = {"rtol": 1e-9, "atol": 1e-12} if work.precision == "float64" else {"rtol": 1e-3, "atol": 1e-5}
        for layer, (w, b) in enumerate(zip(textbook.weights, textbook.biases, strict=True)):
            np.testing.assert_allclose(trainer.theta.weights[layer], w, err_msg=work.name, **exact)
            np.testing.assert_allclose(trainer.theta.biases[layer + 1], b, err_msg=work.name, **exact)


def test_contestants_run_equally_often_in_turns(parts: dict[str, ModuleType]) -> None:
    calls: list[str] = []
    one, other = (
        parts["measure"].Timed(name, lambda n, name=name: calls.append(name) or sum(range(40_000 * n)))
        for name in ("one", "other")
    )
    times = parts["measure"].take_turns([one, other], rounds=4)
    assert [len(t) for t in times] == [4, 4] and min(min(t) for t in times) > 0
    assert calls[-8:] == ["one", "other", "other", "one"] * 2


class _Rows(HTMLParser):
    """The text of every cell, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data


def test_the_page_shows_every_row_and_says_what_missed_its_target(parts: dict[str, ModuleType]) -> None:
    page = parts["page"]
    rows = [
        page.compared("a & b", "x", [1.0, 2.0, 3.0], [4.0, 4.0, 4.0], target=0.6),
        page.compared("slow", "x", [9.0, 9.0], [9.0, 9.0], target=0.6, note="why"),
        page.Row("alone", "<y>", note="not installed here"),
    ]
    part = page.Part("Title", "About", rows, parts["measure"].Spread(10.0, 9.0, 11.0))
    reader = _Rows()
    reader.feed(page.as_html([part], "machine"))
    head, first, slow, alone = reader.rows
    assert tuple(head) == page.HEADS
    assert first[:5] == ["a & b", "x", "2 µs", "4 µs", "0.500"] and first[-1] == ""
    assert slow[-1] == "missed; why"
    assert alone[1] == "<y>" and alone[-1] == "not installed here"
    text = page.as_text(part)
    assert all(row.work in text for row in rows)


def test_growth_is_drawn_with_a_point_for_every_work(parts: dict[str, ModuleType]) -> None:
    page, sweeps = parts["page"], parts["sweeps"]
    rows = [
        page.compared(w.name, "x", [10.0, 12.0], [20.0, 20.0], x=float(w.weights * w.batch))
        for w in sweeps.works()
    ]
    picture = sweeps.picture(rows)
    assert picture.count('r="3.5"') == len(rows)
    assert picture.count("<polyline") == 3


def test_memory_does_not_grow_with_a_run(
    parts: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = parts["memory"]
    monkeypatch.setattr(memory, "SIZES", ((2, 3, 1),))
    monkeypatch.setattr(memory, "UPDATES", (1000, 3000))
    network, first, second = memory.rows(lambda text: None)
    assert network.ours.median > 0.0
    assert max(first.ours.median, second.ours.median) < first.target


def test_what_a_script_says_is_put_on_the_page(
    parts: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts, page = parts["scripts"], parts["page"]
    (tmp_path / "window.py").write_text("print('ticks <60>')", encoding="utf-8")
    (tmp_path / "operations.py").write_text("raise ImportError('no Qt here')", encoding="utf-8")
    monkeypatch.setattr(scripts, "FOLDER", tmp_path)
    good, bad = scripts.run("window"), scripts.run("operations")
    assert "ticks <60>" in page.as_text(good) and "ticks &lt;60&gt;" in page.as_html([good], "")
    assert bad.words == "could not run: ImportError: no Qt here"


def test_every_script_of_the_page_is_there(parts: dict[str, ModuleType]) -> None:
    assert all((FOLDER / f"{name}.py").is_file() for name in parts["scripts"].SCRIPTS)


def test_the_start_is_timed_to_a_moment_inside_the_new_process(parts: dict[str, ModuleType]) -> None:
    assert 0.0 < parts["startup"]._start("import json") < 60.0
