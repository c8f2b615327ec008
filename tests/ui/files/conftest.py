"""A disk that waits, and a document to save."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nnsim.io import disk
from nnsim.ui import background


class SlowDisk:
    """Every call of one kind from the thread of files waits until told to :meth:`go_on`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
        self._real: Callable[..., Any] = getattr(disk, call)
        self.reached, self._open = threading.Event(), threading.Event()
        monkeypatch.setattr(disk, call, self._call)

    def _call(self, *args: Any) -> Any:
        if threading.current_thread().name == "nnsim-files":
            self.reached.set()
            assert self._open.wait(20)
        return self._real(*args)

    def go_on(self) -> None:
        self._open.set()

    def let_go(self, page: Any) -> None:
        """Go on, until everything has been read and written."""
        self.go_on()
        page.wait_until_idle()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], SlowDisk]]:
    """``slow("flush")`` makes a call of the disk slow from now on."""
    made: list[SlowDisk] = []

    def make(call: str) -> SlowDisk:
        made.append(SlowDisk(monkeypatch, call))
        return made[-1]

    yield make
    for one in made:
        one.go_on()


@pytest.fixture(autouse=True)
def shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The progress window comes without the wait that keeps it from flashing up."""
    monkeypatch.setattr(background, "_SHOWN_AFTER", 0.0)
    monkeypatch.setattr(background, "_SHOWN_AT_LAST", 0.0)


@pytest.fixture
def saved(page: Any, tmp_path: Path) -> Any:
    """A page whose document is in ``tmp_path / "mine.nnsim"``, changed since."""
    page.session.save_as(tmp_path / "mine.nnsim")
    page.click("new_weights_button")
    page.wait_until_idle()
    return page


def _change(page: Any) -> Any:
    before = page.project
    page.click("new_weights_button")
    page.wait_until(lambda: page.project is not before)
    return page.project


@pytest.fixture
def change() -> Callable[[Any], Any]:
    """``change(page)`` edits the document by a click and returns it."""
    return _change


def _save_slowly(page: Any, flush: SlowDisk) -> None:
    page.press("Ctrl+S", page.window)
    page.wait_until(flush.reached.is_set)


@pytest.fixture
def save_slowly() -> Callable[[Any, SlowDisk], None]:
    """``save_slowly(page, slow("flush"))`` saves until the disk waits."""
    return _save_slowly
