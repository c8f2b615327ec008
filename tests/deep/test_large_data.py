"""Files at the limit of a document keep nobody waiting, however many numbers they hold.

The promises are those about the window, for a table of the user's own of 10,000,000 numbers: no gap of
more than 100 ms in what the window's thread does, nor in what the interpreter's lock leaves it.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from test_window import Heart, Visitor, heart, visitor

from nnsim.app import SWITCH_INTERVAL
from nnsim.core.datasets.base import Samples
from nnsim.io import project_file
from nnsim.io.tables import read_table, write_table
from nnsim.model.build import default_project
from nnsim.model.diff import same
from nnsim.model.limits import MAX_CELLS
from nnsim.model.project import Data

__all__ = ["heart", "visitor"]

T = TypeVar("T")

_WIDTH = 784
_GAP = 0.1  # seconds
_LONG_MS = 120_000


def large_samples(count: int) -> Samples:
    """So many pictures of random pixels in ten classes."""
    rng = np.random.default_rng(1)
    names = tuple("abcdefghij")
    return Samples(
        rng.standard_normal((count, _WIDTH)).round(4), labels=rng.integers(0, 10, count), classes=names,
        task="classification",
    )  # fmt: skip


# -- the interpreter's lock --------------------------------------------------------------------------


@pytest.fixture
def brisk() -> Iterator[None]:
    """The interpreter changes threads as often as in the program."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    yield
    sys.setswitchinterval(interval)


def beside(work: Callable[[], T]) -> T:
    """Do it in a thread, and see that this thread gets its turn all the while."""
    found: list[T] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    last, gaps = time.perf_counter(), [0.0]
    while thread.is_alive():
        time.sleep(0.002)
        now = time.perf_counter()
        gaps.append(now - last)
        last = now
    assert max(gaps) < _GAP, f"{max(gaps) * 1000:.0f} ms"
    return found[0]


@pytest.mark.usefixtures("brisk")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("round_", range(3))
def test_files_at_the_limit_leave_other_threads_their_turn(tmp_path: Path, round_: int) -> None:
    samples = large_samples(MAX_CELLS // (_WIDTH + 1))
    beside(lambda: write_table(tmp_path / "a.csv", samples))
    found = beside(lambda: read_table(tmp_path / "a.csv"))
    assert found.inputs.tobytes() == samples.inputs.tobytes()
    project = replace(default_project(), data=Data("table", samples=samples))
    stamp = beside(lambda: project_file.save(tmp_path / "a.nnsim", project))
    beside(lambda: project_file.save(tmp_path / "a.nnsim", project, stamp))
    opened, _ = beside(lambda: project_file.load(tmp_path / "a.nnsim"))
    assert same(opened, project)


# -- the window ------------------------------------------------------------------------------------


def _until_done(page: Any) -> None:
    """Until nothing is read or written any more, however long it takes."""
    page.qtbot.waitUntil(lambda: page.session.settled and not page.reads_or_writes, timeout=_LONG_MS)
    page.window.activateWindow()
    page.wait_until(page.window.isActiveWindow)


def _import(page: Any, table: Path) -> None:
    page.window.take_file(table)
    page.qtbot.waitUntil(lambda: page.is_open("fit_question"), timeout=_LONG_MS)


def _use(page: Any) -> None:
    page.answer("fit_question", "fit")
    _until_done(page)


def _save(page: Any, path: Path) -> None:
    if page.session.path is None:
        page.menu("File", "Save")
        page.choose_file("save_dialog", path, wait=False)
    else:
        page.menu("File", "Save")
    _until_done(page)
    assert page.session.path == path and not page.session.modified


def _export(page: Any, path: Path) -> None:
    page.window.data_panel.findChild(object, "data_scroll").ensureWidgetVisible(page.find("samples_export"))
    page.click("samples_export")
    page.choose_file("export_dialog", path, wait=False)
    _until_done(page)


def _keep_a_copy(page: Any) -> None:
    page.menu("Train", "New weights")
    page.wait_until_idle()
    folder = page.program.store.folder / "recovery"
    page.wait_until(lambda: folder.is_dir() and any(folder.glob("*.nnsim")))


def _open(page: Any, path: Path) -> None:
    page.menu("File", "New")
    page.wait_until_idle()
    page.menu("File", "Open…")
    page.choose_file("open_dialog", path, wait=False)
    _until_done(page)
    assert page.session.path == path


@pytest.mark.timeout(600)
@pytest.mark.parametrize("count", [5_000, MAX_CELLS // (_WIDTH + 1)])
def test_no_file_of_a_large_table_freezes_the_window(
    visitor: Visitor, heart: Heart, tmp_path: Path, count: int
) -> None:
    page, table, file = visitor, tmp_path / "large.csv", tmp_path / "large.nnsim"
    write_table(table, large_samples(count))
    page.qtbot.wait(500)
    heart.stalls.clear()

    def visit(name: str, work: Callable[..., None], *args: Any) -> None:
        heart.visits = name
        work(page, *args)

    visit("import", _import, table)
    # Fitting the network to its samples is the document's work, not that of files.
    before = len(heart.stalls)
    visit("use", _use)
    del heart.stalls[before:]
    visit("save as", _save, file)
    visit("export", _export, tmp_path / "again.csv")
    visit("copy", _keep_a_copy)
    visit("save", _save, file)
    document = page.project
    visit("open", _open, file)
    heart.stop()
    assert (tmp_path / "again.csv").read_bytes() == table.read_bytes()
    assert same(page.project, document)
    assert not heart.stalls, "\n".join(f"{took * 1000:.0f} ms\n{where}" for took, where in heart.stalls)
