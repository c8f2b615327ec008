"""While a file is written the window goes on, and nothing gets in the way of anything else."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from nnsim.io import disk, project_file
from nnsim.model.diff import same
from nnsim.model.project import Project


def on_disk(path: Path) -> Project:
    return project_file.load(path)[0]


# -- saving ----------------------------------------------------------------------------------------


def test_one_goes_on_while_it_is_saved_and_what_is_changed_meanwhile_stays_unsaved(
    saved: Any, tmp_path: Path, slow: Any, change: Any, save_slowly: Any
) -> None:
    page, written = saved, saved.project
    flush = slow("flush")
    save_slowly(page, flush)
    newer = change(page)
    assert page.session.modified
    flush.let_go(page)
    assert same(on_disk(tmp_path / "mine.nnsim"), written)
    assert page.project is newer and page.session.modified
    page.press("Ctrl+S", page.window)
    page.wait_until(lambda: not page.session.modified)
    assert same(on_disk(tmp_path / "mine.nnsim"), newer)


def test_a_run_goes_on_while_it_is_saved(saved: Any, slow: Any, save_slowly: Any) -> None:
    page, flush = saved, slow("flush")
    page.run_flat_out()
    page.wait_until(lambda: page.epoch > 3)
    save_slowly(page, flush)
    epoch = page.epoch
    page.wait_until(lambda: page.epoch > epoch + 3)
    flush.go_on()
    page.wait_until(lambda: not page.reads_or_writes)
    assert page.session.running and page.session.modified
    page.click_run()
    page.wait_until_idle()


def test_saving_that_takes_long_says_what_is_saved_and_can_be_cancelled(
    saved: Any, tmp_path: Path, slow: Any, save_slowly: Any
) -> None:
    page, file = saved, tmp_path / "mine.nnsim"
    before, document, names = file.read_bytes(), page.project, sorted(tmp_path.iterdir())
    flush = slow("flush")
    save_slowly(page, flush)
    window = page.wait_for("progress_window")
    assert window.findChild(QLabel, "progress_words").text() == "Saving “mine.nnsim” …"
    assert 0 < window.findChild(QProgressBar, "progress_bar").value() < 1000
    assert page.window.isActiveWindow(), "it takes the keyboard"
    page.click(window.findChild(QWidget, "progress_cancel"))
    assert page.is_open("progress_window")  # until it is known what came of it
    flush.let_go(page)
    assert not page.is_open("progress_window")
    assert file.read_bytes() == before and sorted(tmp_path.iterdir()) == names
    assert page.project is document and page.session.modified


def test_saving_twice_writes_the_newest_in_the_end(
    saved: Any, tmp_path: Path, slow: Any, change: Any, save_slowly: Any
) -> None:
    page, flush = saved, slow("flush")
    save_slowly(page, flush)
    newer = change(page)
    page.press("Ctrl+S", page.window)
    page.press("Ctrl+S", page.window)
    flush.let_go(page)
    page.wait_until(lambda: not page.session.modified)
    assert same(on_disk(tmp_path / "mine.nnsim"), newer)


def test_what_fails_on_a_slow_disk_is_said_as_ever(
    saved: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, file = saved, tmp_path / "mine.nnsim"
    before = file.read_bytes()
    gate = threading.Event()

    def full(*_: object) -> None:
        assert gate.wait(20)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(disk, "flush", full)
        page.press("Ctrl+S", page.window)
        page.wait_for("progress_window")
        gate.set()
        assert "disk is full" in page.wait_for("save_failed").text()
    page.answer("save_failed", "close")
    assert file.read_bytes() == before and page.session.modified
    assert not page.is_open("progress_window")


def test_a_file_changed_while_it_is_saved_is_not_overwritten_unasked(
    saved: Any, tmp_path: Path, slow: Any, save_slowly: Any
) -> None:
    page, file = saved, tmp_path / "mine.nnsim"
    flush = slow("flush")
    save_slowly(page, flush)
    file.write_bytes(b"somebody else's")
    flush.go_on()
    page.answer("changed_on_disk", "cancel")
    assert file.read_bytes() == b"somebody else's" and page.session.modified


def test_a_recovery_copy_is_kept_while_a_file_is_saved(
    saved: Any, tmp_path: Path, slow: Any, change: Any, save_slowly: Any
) -> None:
    page, flush = saved, slow("flush")
    save_slowly(page, flush)
    newer = change(page)
    page.program._keep_soon()
    folder = page.program.store.folder / "recovery"
    page.wait_until(lambda: bool(list(folder.glob("*.nnsim"))))
    (copy,) = folder.glob("*.nnsim")
    assert same(on_disk(copy), newer)
    flush.let_go(page)
    page.press("Ctrl+S", page.window)
    page.wait_until(lambda: not page.session.modified)
    page.wait_until(lambda: not list(folder.glob("*.nnsim")))


def test_an_unforeseen_error_beside_the_window_is_reported_and_the_window_goes_on(
    saved: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LookupError("nobody thought of this")

    page = saved
    page.program.crash.install()
    with monkeypatch.context() as broken:
        broken.setattr(disk, "opened_status", fail)
        page.press("Ctrl+S", page.window)
        page.wait_for("crash_dialog")
    assert "nobody thought of this" in page.find("crash_details").toPlainText()
    page.click("crash_close")
    page.wait_until(lambda: not page.is_open("crash_dialog"))
    page.program.crash.remove()
    page.program.crash.reports = 0
    assert page.session.modified and not page.reads_or_writes
    page.window.activateWindow()
    page.wait_until(page.window.isActiveWindow)
    page.press("Ctrl+S", page.window)
    page.wait_until(lambda: not page.session.modified)


# -- leaving ---------------------------------------------------------------------------------------


def test_quitting_waits_for_what_is_being_saved_and_says_so(
    saved: Any, tmp_path: Path, slow: Any, save_slowly: Any
) -> None:
    page, document, flush = saved, saved.project, slow("flush")
    save_slowly(page, flush)
    page.press("Ctrl+Q", page.window)
    window = page.wait_for("progress_window")
    assert "closes as soon as" in window.findChild(QLabel, "progress_note").text()
    assert page.window.isVisible()
    flush.go_on()
    page.wait_until(lambda: not page.window.isVisible())
    assert same(on_disk(tmp_path / "mine.nnsim"), document)


def test_quitting_asks_about_what_was_changed_while_it_was_saved(
    saved: Any, slow: Any, change: Any, save_slowly: Any
) -> None:
    page, flush = saved, slow("flush")
    save_slowly(page, flush)
    change(page)
    page.press("Ctrl+Q", page.window)
    flush.go_on()
    page.answer("unsaved_changes", "cancel")
    assert page.window.isVisible() and page.session.modified


def test_cancelling_what_is_saved_also_takes_quitting_back(saved: Any, slow: Any, save_slowly: Any) -> None:
    page, flush = saved, slow("flush")
    save_slowly(page, flush)
    page.press("Ctrl+Q", page.window)
    page.click(page.wait_for("progress_window").findChild(QWidget, "progress_cancel"))
    flush.let_go(page)
    assert page.window.isVisible() and page.session.modified and not page.is_open("unsaved_changes")


def test_saving_in_order_to_quit_quits_when_it_is_saved(saved: Any, tmp_path: Path, slow: Any) -> None:
    page, document, flush = saved, saved.project, slow("flush")
    page.press("Ctrl+Q", page.window)
    page.answer("unsaved_changes", "save")
    page.wait_until(flush.reached.is_set)
    assert page.window.isVisible()
    flush.go_on()
    page.wait_until(lambda: not page.window.isVisible())
    assert same(on_disk(tmp_path / "mine.nnsim"), document)


def test_what_was_changed_while_saving_in_order_to_quit_is_asked_about(
    saved: Any, slow: Any, change: Any
) -> None:
    page, flush = saved, slow("flush")
    page.press("Ctrl+Q", page.window)
    page.answer("unsaved_changes", "save")
    page.wait_until(flush.reached.is_set)
    newer = change(page)
    flush.go_on()
    page.answer("unsaved_changes", "cancel")
    assert page.window.isVisible() and page.project is newer


def test_being_ended_while_a_file_is_saved_writes_it_to_its_end(
    saved: Any, tmp_path: Path, slow: Any, save_slowly: Any
) -> None:
    page, document, flush = saved, saved.project, slow("flush")
    save_slowly(page, flush)
    flush.go_on()
    page.window.leave()
    page.wait_until(lambda: not page.window.isVisible())
    assert same(on_disk(tmp_path / "mine.nnsim"), document)
