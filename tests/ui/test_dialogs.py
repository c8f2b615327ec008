"""Files and the questions around them; help."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QTextBrowser

from nnsim.io import disk
from nnsim.model.diff import same


@pytest.fixture
def changed(page: Any) -> Any:
    """A page with something unsaved."""
    page.click("new_weights_button")
    page.wait_until_idle()
    return page


@pytest.fixture
def saved(page: Any, tmp_path: Path) -> Any:
    """A page whose document is in ``tmp_path / "mine.nnsim"``."""
    page.menu("File", "Save as…")
    page.choose_file("save_dialog", tmp_path / "mine.nnsim")
    page.wait_until(lambda: not page.session.modified)
    return page


# -- saving and opening ----------------------------------------------------------------------------


def test_what_is_saved_is_what_is_opened(changed: Any, tmp_path: Path) -> None:
    page = changed
    page.click_step("layer")
    page.press("Ctrl+S", page.window)
    page.choose_file("save_dialog", tmp_path / "mine")
    assert page.session.path == tmp_path / "mine.nnsim"
    assert not page.session.modified
    assert "saved" in page.text("status_document")
    document = page.project
    page.menu("File", "New")
    assert not same(page.project, document)
    page.menu("File", "Open…")
    page.choose_file("open_dialog", tmp_path / "mine.nnsim")
    page.wait_until_idle()
    assert same(page.project, document)
    assert page.snapshot.phase == 1


def test_saving_during_a_run_saves_and_the_run_goes_on(saved: Any) -> None:
    page = saved
    page.run_flat_out()
    page.wait_until(lambda: page.epoch > 3)
    page.press("Ctrl+S", page.window)
    assert page.session.running
    epoch = page.epoch
    page.wait_until(lambda: page.epoch > epoch)
    page.click_run()
    page.wait_until_idle()


def test_a_malformed_file_is_refused_and_the_open_document_stays(changed: Any, tmp_path: Path) -> None:
    page, before = changed, changed.project
    bad = tmp_path / "bad.nnsim"
    bad.write_text('{"format_version": 1, "layers": ')
    page.window.files.open(bad)
    page.answer("unsaved_changes", "discard")
    box = page.wait_for("open_failed")
    assert "bad.nnsim" in box.text()
    assert "still here, unchanged" in box.informativeText()
    page.answer("open_failed", "close")
    assert page.project is before
    assert page.session.modified


def test_text_of_files_is_shown_as_text_never_as_markup(page: Any, tmp_path: Path) -> None:
    page.window.files.open(tmp_path / "<img src=x><b>bold.nnsim")
    box = page.wait_for("open_failed")
    assert box.textFormat() == Qt.TextFormat.PlainText
    assert "<b>bold" in box.text()
    page.answer("open_failed", "close")


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_lost(
    saved: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = saved
    file = tmp_path / "mine.nnsim"
    before = file.read_bytes()
    page.click("new_weights_button")
    page.wait_until_idle()

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(disk, "write", full)
        page.press("Ctrl+S", page.window)
        assert "disk is full" in page.wait_for("save_failed").text()
    page.answer("save_failed", "close")
    assert file.read_bytes() == before
    assert page.session.modified
    page.press("Ctrl+S", page.window)
    page.wait_until(lambda: not page.session.modified)


@pytest.mark.parametrize("key", ["cancel", "save_as", "overwrite"])
def test_a_file_changed_by_another_program_is_not_overwritten_unasked(
    saved: Any, tmp_path: Path, key: str
) -> None:
    page, file = saved, tmp_path / "mine.nnsim"
    foreign = file.read_bytes() + b" "
    page.click("new_weights_button")
    page.wait_until_idle()
    file.write_bytes(foreign)
    page.press("Ctrl+S", page.window)
    page.answer("changed_on_disk", key)
    if key == "save_as":
        page.choose_file("save_dialog", tmp_path / "other.nnsim")
        assert page.session.path == tmp_path / "other.nnsim"
    page.wait_until_idle()
    kept = key != "overwrite"
    assert (file.read_bytes() == foreign) == kept
    assert page.session.modified == (key == "cancel")


# -- unsaved work ----------------------------------------------------------------------------------


def test_new_asks_before_unsaved_work_is_lost(changed: Any, tmp_path: Path) -> None:
    page, work = changed, changed.project
    page.menu("File", "New")
    page.answer("unsaved_changes", "cancel")
    assert page.project is work
    page.menu("File", "New")
    page.wait_for("unsaved_changes")
    page.press("Esc", "unsaved_changes")
    page.wait_until(lambda: not page.is_open("unsaved_changes"))
    assert page.project is work
    page.menu("File", "New")
    page.answer("unsaved_changes", "save")
    page.choose_file("save_dialog", tmp_path / "work.nnsim")
    page.wait_until(lambda: page.project is not work)
    assert (tmp_path / "work.nnsim").exists()
    assert page.session.path is None and not page.session.modified


def test_giving_up_the_file_dialog_keeps_everything(changed: Any) -> None:
    page, work = changed, changed.project
    page.menu("File", "New")
    page.answer("unsaved_changes", "save")
    page.wait_for("save_dialog")
    page.press("Esc", "save_dialog")
    page.wait_until(lambda: not page.is_open("save_dialog"))
    assert page.project is work and page.session.modified


def test_quitting_asks_once_and_leaves_only_when_told(changed: Any) -> None:
    page = changed
    page.press("Ctrl+Q", page.window)
    page.press("Ctrl+Q", page.window)
    assert (
        sum(w.objectName() == "unsaved_changes" and w.isVisible() for w in QApplication.topLevelWidgets())
        == 1
    )
    page.answer("unsaved_changes", "cancel")
    assert page.window.isVisible()
    page.press("Ctrl+Q", page.window)
    page.answer("unsaved_changes", "discard")
    page.wait_until(lambda: not page.window.isVisible())


def test_quitting_with_save_saves_and_leaves(saved: Any, tmp_path: Path) -> None:
    page = saved
    page.click("new_weights_button")
    page.wait_until_idle()
    before = (tmp_path / "mine.nnsim").read_bytes()
    page.window.close()
    page.answer("unsaved_changes", "save")
    page.wait_until(lambda: not page.window.isVisible())
    assert (tmp_path / "mine.nnsim").read_bytes() != before


def test_quitting_without_changes_asks_nothing(page: Any) -> None:
    page.press("Ctrl+Q", page.window)
    page.wait_until(lambda: not page.window.isVisible())


def test_quitting_during_a_run_asks_and_does_not_hang(page: Any) -> None:
    page.run_flat_out()
    page.wait_until(lambda: page.epoch > 3)
    page.window.close()
    page.answer("unsaved_changes", "discard")
    page.wait_until(lambda: not page.window.isVisible())
    assert page.program.close()


# -- examples and recent files ---------------------------------------------------------------------


def test_an_example_is_opened_from_its_group(page: Any) -> None:
    page.menu("File", "Open example", "Start here", "XOR gate")
    page.wait_until_idle()
    assert page.project.data.source == "xor_gate" or "xor" in page.project.data.source
    assert page.session.path is None


def test_every_example_opens_from_the_menu_without_a_problem_and_steps(page: Any) -> None:
    for example in page.session.examples():
        assert page.window.files.open_example_now(example.key), example.key
        page.wait_until_idle()
        assert not [p for p in page.session.problems if p.blocking], example.key
        page.session.step(page.window.pace.step_size)
        page.wait_until_idle()
        assert page.banner() == ("" if example.key != "nielsen-nand" else page.session.problems[0].message)


def test_an_example_or_a_file_is_opened_by_its_name_at_the_start(
    open_page: Callable[..., Any], tmp_path: Path
) -> None:
    first = open_page("mazur")
    assert "Mazur" in first.project.title
    first.session.save_as(tmp_path / "kept.nnsim")
    first.window.leave()
    second = open_page(str(tmp_path / "kept.nnsim"))
    assert same(second.project, first.project)
    second.window.leave()
    third = open_page("no such thing")
    assert "no such thing" in third.wait_for("open_failed").text()
    third.answer("open_failed", "close")
    assert third.session.problems == ()


def test_recent_files_are_offered_and_those_that_vanished_are_taken_off(saved: Any, tmp_path: Path) -> None:
    page = saved
    page.menu("File", "New")
    page.menu("File", "Recent", "mine.nnsim")
    page.wait_until(lambda: page.session.path == tmp_path / "mine.nnsim")
    page.menu("File", "New")
    os.remove(tmp_path / "mine.nnsim")
    page.menu("File", "Recent", "mine.nnsim")
    assert "no longer there" in page.wait_for("file_gone").text()
    page.answer("file_gone", "close")
    assert page.session.recent() == ()


def test_two_recent_files_of_one_name_show_their_folders(page: Any, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        page.session.save_as(tmp_path / folder / "same.nnsim")
    menu = page.window.menus["recent"]
    menu.aboutToShow.emit()
    assert [a.text() for a in menu.actions()] == [f"same.nnsim — {tmp_path / f}" for f in ("b", "a")]


# -- a table ---------------------------------------------------------------------------------------


def test_a_table_is_imported_from_the_menu(page: Any, tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text("x1,x2,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n")
    page.menu("File", "Import CSV…")
    page.choose_file("import_dialog", table)
    page.wait_until(lambda: page.project.data.source == "table")
    assert page.project.data.samples.count == 4
    assert page.session.can_undo


@pytest.mark.parametrize(("answer", "outputs"), [("classes", 3), ("numbers", 1), ("cancel", None)])
def test_a_table_of_whole_numbers_is_asked_what_they_stand_for(
    page: Any, tmp_path: Path, answer: str, outputs: int | None
) -> None:
    table, before = tmp_path / "digits.csv", page.project
    table.write_text("x1,x2,digit\n" + "".join(f"{i},{i % 5},{i % 3 + 4}\n" for i in range(30)))
    page.menu("File", "Import CSV…")
    page.choose_file("import_dialog", table)
    box = page.wait_for("target_question")
    assert "“digit”, holds 3 different whole numbers, from 4 to 6" in box.text()
    page.answer("target_question", answer)
    if outputs is None:
        page.wait_until(lambda: not page.is_open("target_question"))
        assert page.project is before
        return
    if answer == "classes":  # the network has one output
        page.answer("fit_question", "fit")
    page.wait_until(lambda: page.project.data.source == "table")
    assert page.project.layers[-1].size == outputs
    page.wait_until_idle()
    assert page.project.data.samples.classes == (("4", "5", "6") if outputs == 3 else ())


def test_what_the_targets_stand_for_can_be_changed_later(page: Any, tmp_path: Path) -> None:
    table = tmp_path / "digits.csv"
    table.write_text("x1,x2,digit\n" + "".join(f"{i},{i % 5},{i % 3}\n" for i in range(30)))
    page.menu("File", "Import CSV…")
    page.choose_file("import_dialog", table)
    page.answer("target_question", "numbers")
    page.wait_until(lambda: page.project.data.source == "table")
    page.choose("data_targets", "classes")
    page.wait_until(lambda: page.project.layers[-1].size == 3)
    page.press("Ctrl+Z")
    page.wait_until(lambda: page.project.layers[-1].size == 1)
    assert page.find("data_targets").key() == "numbers"


# -- help ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "name", "words"),
    [
        ("First steps", "help_first_steps", "Press Run"),
        ("Project file format", "help_project_file", "format_version"),
        ("About nnsim", "help_about", "MIT licence"),
    ],
)
def test_help_opens_beside_the_window_and_only_once(page: Any, entry: str, name: str, words: str) -> None:
    page.menu("Help", entry)
    dialog = page.wait_for(name)
    browser = dialog.findChild(QTextBrowser, "help_text")
    assert words in browser.toPlainText()
    page.window.help._window.activateWindow()
    page.action("about").parent()
    page.click(dialog.findChild(type(dialog).__mro__[0], name) or dialog)
    page.press("Esc", dialog)
    page.wait_until(lambda: not page.is_open(name))


def test_the_shortcuts_shown_are_those_that_work(page: Any) -> None:
    page.menu("Help", "Keyboard shortcuts")
    dialog = page.wait_for("help_shortcuts")
    from PySide6.QtWidgets import QLabel

    shown = {label.text() for label in dialog.findChildren(QLabel)}
    for key in ("step", "run", "undo", "fit", "save"):
        keys = " or ".join(s.toString() for s in page.action(key).shortcuts() or []) or "Space"
        assert any(text.startswith(keys.split(" or ")[0]) for text in shown), (key, keys)
    assert {"Data", "Loss", "Output"} <= shown
    page.click("help_close")
    page.wait_until(lambda: not page.is_open("help_shortcuts"))


def test_no_question_blocks_the_program(changed: Any) -> None:
    page = changed
    page.menu("File", "New")
    box = page.wait_for("unsaved_changes")
    assert isinstance(box, QMessageBox)
    page.session.run()
    page.wait_until(lambda: page.epoch >= 1)  # numbers go on coming while it is open
    page.answer("unsaved_changes", "cancel")
    page.click_run()
    page.wait_until_idle()
