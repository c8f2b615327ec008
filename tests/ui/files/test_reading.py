"""While a file is read the window goes on; what is read comes in its turn or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from nnsim.io import project_file
from nnsim.model.diff import same
from nnsim.model.project import Project

TABLE = "x1,x2,y\n0,0,0.5\n0,1,1.5\n1,0,1.25\n1,1,0\n"


def on_disk(path: Path) -> Project:
    return project_file.load(path)[0]


def import_slowly(page: Any, folder: Path, slow: Any) -> Any:
    """A table that is being read, and the disk that waits."""
    table = folder / "points.csv"
    table.write_text(TABLE)
    read = slow("read")
    page.window.take_file(table)
    page.wait_until(read.reached.is_set)
    return read


def open_slowly(page: Any, path: Path, slow: Any) -> Any:
    read = slow("read")
    page.window.take_file(path)
    page.wait_until(read.reached.is_set)
    return read


def test_one_goes_on_while_a_table_is_read(page: Any, tmp_path: Path, slow: Any, change: Any) -> None:
    read = import_slowly(page, tmp_path, slow)
    newer = change(page)
    assert page.project.data.source != "table"
    read.let_go(page)
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
    read.let_go(page)
    assert page.project is document and not page.session.modified


def test_escape_and_closing_the_progress_window_are_to_cancel(page: Any, tmp_path: Path, slow: Any) -> None:
    for end in (lambda w: page.press("Esc", w), lambda w: w.close()):
        read = import_slowly(page, tmp_path, slow)
        end(page.wait_for("progress_window"))
        page.wait_until(lambda: not page.is_open("progress_window"))
        read.let_go(page)
        assert not page.session.modified


def test_of_two_tables_the_later_one_is_used(page: Any, tmp_path: Path, slow: Any) -> None:
    read = import_slowly(page, tmp_path, slow)
    later = tmp_path / "later.csv"
    later.write_text(TABLE + "2,2,0.125\n")
    page.window.take_file(later)
    read.let_go(page)
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
    read.let_go(page)
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
    page: Any, tmp_path: Path, slow: Any, change: Any
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


def test_the_document_can_be_saved_while_another_one_is_opened(
    saved: Any, tmp_path: Path, slow: Any, change: Any, save_slowly: Any
) -> None:
    page, document = saved, saved.project
    page.press("Ctrl+S", page.window)
    page.wait_until(lambda: not page.session.modified)
    (tmp_path / "other.nnsim").write_bytes((tmp_path / "mine.nnsim").read_bytes())
    read, flush = open_slowly(page, tmp_path / "other.nnsim", slow), slow("flush")
    newer = change(page)
    save_slowly(page, flush)
    read.go_on()
    page.wait_until(lambda: page.controller.reading._job is None)
    assert page.project is newer  # not replaced before it is safe
    flush.let_go(page)  # now it is, so that nothing is asked
    assert page.session.path == tmp_path / "other.nnsim" and same(page.project, document)
    assert same(on_disk(tmp_path / "mine.nnsim"), newer)


def test_samples_are_written_as_they_were_and_one_after_the_other(
    saved: Any, tmp_path: Path, slow: Any, save_slowly: Any
) -> None:
    page, flush = saved, slow("flush")
    document = page.project
    save_slowly(page, flush)
    rows = page.session.prepared.samples.count
    page.click("samples_export")
    page.choose_file("export_dialog", tmp_path / "points.csv", wait=False)
    page.click("samples_add")
    page.wait_until(lambda: page.session.prepared.samples.count == rows + 1)
    flush.let_go(page)
    assert same(on_disk(tmp_path / "mine.nnsim"), document)
    page.wait_until(lambda: (tmp_path / "points.csv").exists())
    assert (tmp_path / "points.csv").read_text().count("\n") == rows + 1
    assert f"{rows:,} samples written" in page.banner()


def test_quitting_does_not_wait_for_what_is_being_read(page: Any, tmp_path: Path, slow: Any) -> None:
    read = import_slowly(page, tmp_path, slow)
    page.press("Ctrl+Q", page.window)
    page.wait_until(lambda: not page.reads_or_writes)
    read.go_on()
    page.wait_until(lambda: not page.window.isVisible())
