"""While a file is read or written the window goes on, and nothing gets in the way of anything else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from nnsim.io import disk, project_file
from nnsim.model.diff import same
from nnsim.model.project import Project
from nnsim.ui import background

TABLE = "x1,x2,y\n0,0,0.5\n0,1,1.5\n1,0,1.25\n1,1,0\n"


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


def on_disk(path: Path) -> Project:
    return project_file.load(path)[0]


def begin_saving(page: Any, disk: SlowDisk) -> None:
    page.press("Ctrl+S", page.window)
    page.wait_until(disk.reached.is_set)


def let_go(page: Any, disk: SlowDisk) -> None:
    disk.go_on()
    page.wait_until_idle()


def change(page: Any) -> Project:
    """Edit the document by a click; returns it."""
    before = page.project
    page.click("new_weights_button")
    page.wait_until(lambda: page.project is not before)
    found: Project = page.project
    return found


# -- saving ----------------------------------------------------------------------------------------


def test_one_goes_on_while_it_is_saved_and_what_is_changed_meanwhile_stays_unsaved(
    saved: Any, tmp_path: Path, slow: Any
) -> None:
    page, written = saved, saved.project
    flush = slow("flush")
    begin_saving(page, flush)
    newer = change(page)
    assert page.session.modified
    let_go(page, flush)
    assert same(on_disk(tmp_path / "mine.nnsim"), written)
    assert page.project is newer and page.session.modified
    page.press("Ctrl+S", page.window)
    page.wait_until(lambda: not page.session.modified)
    assert same(on_disk(tmp_path / "mine.nnsim"), newer)


def test_a_run_goes_on_while_it_is_saved(saved: Any, slow: Any) -> None:
    page, flush = saved, slow("flush")
    page.run_flat_out()
    page.wait_until(lambda: page.epoch > 3)
    begin_saving(page, flush)
    epoch = page.epoch
    page.wait_until(lambda: page.epoch > epoch + 3)
    let_go_without_idle(page, flush)
    assert page.session.running and page.session.modified
    page.click_run()
    page.wait_until_idle()


def let_go_without_idle(page: Any, disk: SlowDisk) -> None:
    disk.go_on()
    page.wait_until(lambda: not page.reads_or_writes)


def test_saving_that_takes_long_says_what_is_saved_and_can_be_cancelled(
    saved: Any, tmp_path: Path, slow: Any
) -> None:
    page, file = saved, tmp_path / "mine.nnsim"
    before, document, names = file.read_bytes(), page.project, sorted(tmp_path.iterdir())
    flush = slow("flush")
    begin_saving(page, flush)
    window = page.wait_for("progress_window")
    assert window.findChild(QLabel, "progress_words").text() == "Saving “mine.nnsim” …"
    assert 0 < window.findChild(QProgressBar, "progress_bar").value() < 1000
    assert page.window.isActiveWindow(), "it takes the keyboard"
    page.click(window.findChild(QWidget, "progress_cancel"))
    assert page.is_open("progress_window")  # until it is known what came of it
    let_go(page, flush)
    assert not page.is_open("progress_window")
    assert file.read_bytes() == before and sorted(tmp_path.iterdir()) == names
    assert page.project is document and page.session.modified


def test_saving_twice_writes_the_newest_in_the_end(saved: Any, tmp_path: Path, slow: Any) -> None:
    page, flush = saved, slow("flush")
    begin_saving(page, flush)
    newer = change(page)
    page.press("Ctrl+S", page.window)
    page.press("Ctrl+S", page.window)
    let_go(page, flush)
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
    saved: Any, tmp_path: Path, slow: Any
) -> None:
    page, file = saved, tmp_path / "mine.nnsim"
    flush = slow("flush")
    begin_saving(page, flush)
    file.write_bytes(b"somebody else's")
    flush.go_on()
    page.answer("changed_on_disk", "cancel")
    assert file.read_bytes() == b"somebody else's" and page.session.modified


def test_a_recovery_copy_is_kept_while_a_file_is_saved(saved: Any, tmp_path: Path, slow: Any) -> None:
    page, flush = saved, slow("flush")
    begin_saving(page, flush)
    newer = change(page)
    page.program._keep_soon()
    folder = page.program.store.folder / "recovery"
    page.wait_until(lambda: bool(list(folder.glob("*.nnsim"))))
    (copy,) = folder.glob("*.nnsim")
    assert same(on_disk(copy), newer)
    let_go(page, flush)
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


def test_quitting_waits_for_what_is_being_saved_and_says_so(saved: Any, tmp_path: Path, slow: Any) -> None:
    page, document, flush = saved, saved.project, slow("flush")
    begin_saving(page, flush)
    page.press("Ctrl+Q", page.window)
    window = page.wait_for("progress_window")
    assert "closes as soon as" in window.findChild(QLabel, "progress_note").text()
    assert page.window.isVisible()
    flush.go_on()
    page.wait_until(lambda: not page.window.isVisible())
    assert same(on_disk(tmp_path / "mine.nnsim"), document)


def test_quitting_asks_about_what_was_changed_while_it_was_saved(saved: Any, slow: Any) -> None:
    page, flush = saved, slow("flush")
    begin_saving(page, flush)
    change(page)
    page.press("Ctrl+Q", page.window)
    flush.go_on()
    page.answer("unsaved_changes", "cancel")
    assert page.window.isVisible() and page.session.modified


def test_cancelling_what_is_saved_also_takes_quitting_back(saved: Any, slow: Any) -> None:
    page, flush = saved, slow("flush")
    begin_saving(page, flush)
    page.press("Ctrl+Q", page.window)
    page.click(page.wait_for("progress_window").findChild(QWidget, "progress_cancel"))
    let_go(page, flush)
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


def test_what_was_changed_while_saving_in_order_to_quit_is_asked_about(saved: Any, slow: Any) -> None:
    page, flush = saved, slow("flush")
    page.press("Ctrl+Q", page.window)
    page.answer("unsaved_changes", "save")
    page.wait_until(flush.reached.is_set)
    newer = change(page)
    flush.go_on()
    page.answer("unsaved_changes", "cancel")
    assert page.window.isVisible() and page.project is newer


def test_quitting_does_not_wait_for_what_is_being_read(page: Any, tmp_path: Path, slow: Any) -> None:
    read = import_slowly(page, tmp_path, slow)
    page.press("Ctrl+Q", page.window)
    page.wait_until(lambda: not page.reads_or_writes)
    read.go_on()
    page.wait_until(lambda: not page.window.isVisible())


def test_being_ended_while_a_file_is_saved_writes_it_to_its_end(
    saved: Any, tmp_path: Path, slow: Any
) -> None:
    page, document, flush = saved, saved.project, slow("flush")
    begin_saving(page, flush)
    flush.go_on()
    page.window.leave()
    page.wait_until(lambda: not page.window.isVisible())
    assert same(on_disk(tmp_path / "mine.nnsim"), document)


# -- reading ---------------------------------------------------------------------------------------


def import_slowly(page: Any, folder: Path, slow: Any) -> SlowDisk:
    """A table that is being read, and the disk that waits."""
    table = folder / "points.csv"
    table.write_text(TABLE)
    read: SlowDisk = slow("read")
    page.window.take_file(table)
    page.wait_until(read.reached.is_set)
    return read


def open_slowly(page: Any, path: Path, slow: Any) -> SlowDisk:
    read: SlowDisk = slow("read")
    page.window.take_file(path)
    page.wait_until(read.reached.is_set)
    return read


def test_one_goes_on_while_a_table_is_read(page: Any, tmp_path: Path, slow: Any) -> None:
    read = import_slowly(page, tmp_path, slow)
    newer = change(page)
    assert page.project.data.source != "table"
    let_go(page, read)
    assert page.project.data.source == "table" and page.project.data.samples.count == 4
    assert page.project.parameters is newer.parameters
    page.press("Ctrl+Z", page.window)
    page.wait_until(lambda: page.project is newer)


def test_reading_a_table_can_be_cancelled_and_changes_nothing(page: Any, tmp_path: Path, slow: Any) -> None:
    read, document = import_slowly(page, tmp_path, slow), page.project
    window = page.wait_for("progress_window")
    assert window.findChild(QLabel, "progress_words").text() == "Reading “points.csv” …"
    page.click(window.findChild(QWidget, "progress_cancel"))
    page.wait_until(lambda: not page.is_open("progress_window"))
    let_go(page, read)
    assert page.project is document and not page.session.modified


def test_escape_and_closing_the_progress_window_are_to_cancel(page: Any, tmp_path: Path, slow: Any) -> None:
    for end in (lambda w: page.press("Esc", w), lambda w: w.close()):
        read = import_slowly(page, tmp_path, slow)
        end(page.wait_for("progress_window"))
        page.wait_until(lambda: not page.is_open("progress_window"))
        let_go(page, read)
        assert not page.session.modified


def test_of_two_tables_the_later_one_is_used(page: Any, tmp_path: Path, slow: Any) -> None:
    read = import_slowly(page, tmp_path, slow)
    later = tmp_path / "later.csv"
    later.write_text(TABLE + "2,2,0.125\n")
    page.window.take_file(later)
    let_go(page, read)
    assert page.project.data.samples.count == 5
    page.press("Ctrl+Z", page.window)
    page.wait_until(lambda: not page.session.can_undo)


@pytest.mark.parametrize("way", ["new", "example", "open"])
def test_another_document_ends_the_reading_of_a_table(page: Any, tmp_path: Path, slow: Any, way: str) -> None:
    page.session.save_as(tmp_path / "mine.nnsim")
    document = page.project
    read = import_slowly(page, tmp_path, slow)
    if way == "new":
        page.menu("File", "New")
    elif way == "example":
        page.menu("File", "Open example", "Start here", "XOR gate")
    else:
        page.window.take_file(tmp_path / "mine.nnsim")
    let_go(page, read)
    assert page.project is not document and page.project.data.source != "table"
    assert not page.session.modified


def test_a_table_that_has_been_read_waits_while_a_question_is_open(
    saved: Any, tmp_path: Path, slow: Any
) -> None:
    page, document = saved, saved.project
    read = import_slowly(page, tmp_path, slow)
    page.menu("File", "New")
    page.wait_for("unsaved_changes")
    done = page.controller.reading._job.done
    read.go_on()
    page.wait_until(done.is_set)
    page.qtbot.wait(50)
    assert page.project is document
    page.answer("unsaved_changes", "cancel")
    page.wait_until(lambda: page.project.data.source == "table")


def test_what_is_changed_while_another_document_is_opened_is_asked_about(
    page: Any, tmp_path: Path, slow: Any
) -> None:
    page.session.save_as(tmp_path / "mine.nnsim")
    for answer in ("cancel", "discard"):
        read = open_slowly(page, tmp_path / "mine.nnsim", slow)
        newer = change(page)
        read.go_on()
        page.answer("unsaved_changes", answer)
        page.wait_until_idle()
        if answer == "cancel":
            assert page.project is newer
            page.press("Ctrl+Z", page.window)
            page.wait_until(lambda: not page.session.modified)
        else:
            assert page.project is not newer and not page.session.modified


def test_what_is_typed_while_another_document_is_opened_is_asked_about(
    page: Any, tmp_path: Path, slow: Any
) -> None:
    page.session.save_as(tmp_path / "mine.nnsim")
    read = open_slowly(page, tmp_path / "mine.nnsim", slow)
    page.type_into("learning_rate", "0.125", end="")
    read.go_on()
    page.answer("unsaved_changes", "cancel")
    assert page.project.training.learning_rate == 0.125


def test_a_run_begun_while_another_document_is_opened_is_asked_about(
    page: Any, tmp_path: Path, slow: Any
) -> None:
    page.session.save_as(tmp_path / "mine.nnsim")
    read = open_slowly(page, tmp_path / "mine.nnsim", slow)
    page.run_flat_out()
    page.wait_until(lambda: page.epoch > 3)
    read.go_on()
    page.answer("unsaved_changes", "cancel")
    assert page.session.running
    page.click_run()
    page.wait_until_idle()


def test_the_document_can_be_saved_while_another_one_is_opened(saved: Any, tmp_path: Path, slow: Any) -> None:
    page, document = saved, saved.project
    page.press("Ctrl+S", page.window)
    page.wait_until(lambda: not page.session.modified)
    (tmp_path / "other.nnsim").write_bytes((tmp_path / "mine.nnsim").read_bytes())
    read, flush = open_slowly(page, tmp_path / "other.nnsim", slow), slow("flush")
    newer = change(page)
    begin_saving(page, flush)
    read.go_on()
    page.wait_until(lambda: page.controller.reading._job is None)
    assert page.project is newer  # not replaced before it is safe
    let_go(page, flush)  # now it is, so that nothing is asked
    assert page.session.path == tmp_path / "other.nnsim" and same(page.project, document)
    assert same(on_disk(tmp_path / "mine.nnsim"), newer)


def test_samples_are_written_as_they_were_and_one_after_the_other(
    saved: Any, tmp_path: Path, slow: Any
) -> None:
    page, flush = saved, slow("flush")
    document = page.project
    begin_saving(page, flush)
    rows = page.session.prepared.samples.count
    page.click("samples_export")
    page.choose_file("export_dialog", tmp_path / "points.csv", wait=False)
    page.click("samples_add")
    page.wait_until(lambda: page.session.prepared.samples.count == rows + 1)
    let_go(page, flush)
    assert same(on_disk(tmp_path / "mine.nnsim"), document)
    page.wait_until(lambda: (tmp_path / "points.csv").exists())
    assert (tmp_path / "points.csv").read_text().count("\n") == rows + 1
    assert f"{rows:,} samples written" in page.banner()
