"""The library in the window, by real clicks and keys: from the menu to a found mistake."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from nnsim.engine.messages import Granularity
from nnsim.io.cases import cases, find_case
from nnsim.model.edits import set_weight
from nnsim.session.casebook.catalogue import MISTAKES
from nnsim.ui.casebook.case_model import Column
from nnsim.ui.casebook.case_table import CaseTable
from nnsim.ui.controller import exists
from nnsim.ui.selection import NOTHING, Selection


def browse(page):
    """Open the list from the menu."""
    page.menu("File", "Library…")
    return page.wait_for("library_window")


def choose(page, words, button="library_open"):
    """Search for an example and open it."""
    browse(page)
    page.type_into("library_search", words, end="")
    page.click(button)
    page.wait_until(lambda: not page.is_open("library_window"))
    page.window.activateWindow()
    page.wait_until_idle()


def table(page):
    return page.find("case_table", CaseTable)


def place(page, name, column=Column.WHAT):
    """The middle of a cell of the table: the row is found by its name, the column by its kind."""
    found, model = table(page), table(page).model()
    line = next(i for i, entry in enumerate(model.entries) if entry.name == name and entry.row)
    index = model.index(line, model.columns().index(column))
    found.scrollTo(index)
    return found.visualRect(index).center()


def click(page, name, column=Column.WHAT):
    page.click(table(page).viewport(), place(page, name, column))


def cells(page, column):
    model = table(page).model()
    at = model.columns().index(column)
    return [model.cell(i, at).text for i, entry in enumerate(model.entries) if entry.row]


def known(page):
    """Wait until every true number is there."""
    page.wait_until(lambda: page.window.casebook.desk.reckoning.done)


def test_the_mistake_of_the_course_note_is_found_from_the_menu_on(page):
    choose(page, "course note", "library_hunt")
    assert page.project.title == find_case("course-chain").title
    assert page.find("dock_library").isVisible() and page.text("case_source") == "Introductory course note"
    assert Column.TRUE not in table(page).model().columns()
    assert set(cells(page, Column.VERDICT)) == {"wrong?"}
    click(page, "a h₁", Column.VERDICT)
    assert "This one is right" in page.text("hunt_reply") and "1 miss" in page.text("hunt_count")
    page.click("hunt_hint")
    assert "activations" in page.text("hunt_reply")
    click(page, "a o₁", Column.VERDICT)
    assert "Found" in page.text("hunt_reply") and "σ(0.9210)" in page.text("hunt_reply")
    assert cells(page, Column.VERDICT) == ["✓", "✓", "✓", "✗ wrong"]
    assert cells(page, Column.TRUE)[-1] == "0.657139"
    assert page.find("hunt_again").isVisible() and not page.find("hunt_reveal").isVisible()
    page.click("hunt_again")
    assert set(cells(page, Column.VERDICT)) == {"wrong?"} and "None found yet" in page.text("hunt_count")


def test_the_same_by_keyboard(page):
    page.press("Ctrl+B")
    page.wait_for("library_window")
    page.wait_until(page.find("library_search").hasFocus)
    page.type("course note")
    page.press("Return")
    page.wait_until(lambda: page.project.title == find_case("course-chain").title)
    page.wait_until_idle()
    page.window.activateWindow()
    mode = page.find("case_mode_hunt")
    mode.setFocus()
    page.press("Space", mode)
    table(page).setFocus()
    for key in ("Home", "Down", "Down", "Down"):
        page.press(key, table(page))
    assert table(page).current_row().what == "a o₁"
    page.press("Space", table(page))
    assert "Found" in page.text("hunt_reply") and page.snapshot.phase == 0


def test_a_number_selected_before_the_hunt_can_be_marked_at_once(page):
    choose(page, "course note")
    known(page)
    click(page, "a o₁")
    page.click("case_mode_hunt")
    assert table(page).current_row().what == "a o₁" and page.find("hunt_mark").isEnabled()
    page.click("hunt_mark")
    assert "Found" in page.text("hunt_reply")


def test_the_table_stands_still_when_the_hunt_begins(page):
    choose(page, "course note")
    known(page)
    page.window.resize(1500, 1000)
    page.wait_until(page.find("case_about").isVisible)
    before = table(page).mapTo(page.window, QPoint(0, 0))
    page.click("case_mode_hunt")
    page.wait_until(page.find("hunt_bar").isVisible)
    assert not page.find("case_about").isVisible()
    assert table(page).mapTo(page.window, QPoint(0, 0)) == before


def test_an_answer_can_be_asked_for_and_saying_that_nothing_is_wrong_is_one(page):
    choose(page, "course note", "library_hunt")
    page.click("hunt_none")
    assert "still a mistake" in page.text("hunt_reply")
    page.click("hunt_reveal")
    assert "One number is wrong" in page.text("hunt_reply")
    assert cells(page, Column.VERDICT)[-1] == "✗ wrong"
    choose(page, "goodfellow", "library_hunt")
    assert page.text("hunt_count").startswith("None found yet")
    page.click("hunt_none")
    assert "every number here is right" in page.text("hunt_reply")


def test_mazurs_numbers_stand_beside_the_true_ones_with_their_verdicts(page):
    choose(page, "mazur")
    known(page)
    verdicts = [text.partition(" ")[0] for text in cells(page, Column.VERDICT)]
    assert (verdicts.count("✓"), verdicts.count("≈"), verdicts.count("✗")) == (29, 1, 4)
    assert "…" not in cells(page, Column.TRUE)
    assert page.text("case_place").replace("\u200b", "").startswith("https://mattmazur.com/")
    page.click("case_copy")
    assert QGuiApplication.clipboard().text() == find_case("mazur").place
    click(page, "a o₁")
    assert page.controller.selection == Selection.of_neuron("L2", 0)
    click(page, "∂w o₁←h₁")
    assert page.controller.selection == Selection.of_edge("C2", 0, 0)
    assert "confirmed" in page.text("case_verdict") and "0.082167040564230" in page.text("case_exact")
    click(page, "δ o₁")
    assert "δ of o₁" in page.window.docks["calculation"].panel.text()
    click(page, "∂w o₁←h₁")
    page.press("Ctrl+C", table(page))
    assert QGuiApplication.clipboard().text() == "∂w o₁←h₁"
    page.qtbot.mouseMove(table(page).viewport(), place(page, "δ o₁"))
    page.wait_until(lambda: page.controller.hover == Selection.of_neuron("L2", 0))
    page.qtbot.mouseMove(table(page).viewport(), QPoint(-5, -5))
    page.wait_until(lambda: page.controller.hover == NOTHING)


def test_the_table_stays_that_of_the_start_and_says_when_the_document_has_moved_on(page):
    choose(page, "mazur")
    known(page)
    before = cells(page, Column.TRUE)
    assert not page.find("case_standing").isVisible()
    page.click_step("layer")
    assert not page.find("case_standing").isVisible()  # looking at a pass changes nothing
    page.click_step("epoch")
    assert "trained" in page.text("case_standing_text") and cells(page, Column.TRUE) == before
    page.press("Ctrl+Z")
    page.press("Ctrl+Z")
    page.wait_until(lambda: not page.find("case_standing").isVisible())
    page.controller.edit("Weight", set_weight, "C1", 0, 0, 0.7)
    page.wait_until_idle()
    assert "changed" in page.text("case_standing_text") and cells(page, Column.TRUE) == before
    page.click("case_reopen")
    page.answer("unsaved_changes", "discard")
    page.wait_until_idle()
    assert not page.find("case_standing").isVisible()
    assert page.project.parameters.weights["C1"][0, 0] == 0.15


def test_another_document_leaves_the_table_but_nothing_to_light_up(page):
    choose(page, "course note")
    page.menu("File", "New")
    page.wait_until_idle()
    assert "Another document" in page.text("case_standing_text")
    click(page, "a o₁")
    assert page.controller.selection == NOTHING
    page.click("case_reopen")
    page.wait_until_idle()
    click(page, "z h₁")
    assert page.controller.selection == Selection.of_neuron("L1", 0)


def test_an_example_from_the_menu_is_the_library_s_too(page):
    assert not page.find("dock_library").isVisible()
    page.menu("File", "Open example", "The course", find_case("ibm-chain").title)
    page.wait_until_idle()
    assert page.find("dock_library").isVisible() and page.text("case_title") == find_case("ibm-chain").title


def test_an_open_library_comes_back_with_an_example_and_not_without_one(open_page):
    first = open_page("mazur")
    first.menu("File", "Open example", "The course", find_case("ibm-chain").title)
    first.wait_until_idle()
    assert first.find("dock_library").isVisible()
    first.window.leave()
    first.program.close()
    second = open_page()
    assert not second.find("dock_library").isVisible()
    second.window.leave()
    second.program.close()
    second = open_page("mazur")
    second.menu("View", "Docks", "Library")
    second.window.leave()
    second.program.close()
    third = open_page("mazur")
    assert third.find("dock_library").isVisible() and third.text("case_title") == find_case("mazur").title


def test_a_calculation_without_a_network_opens_beside_the_document(page):
    before = page.project
    choose(page, "cs231n patterns maximum")
    assert page.project is before and "without a network" in page.text("case_standing_text")
    assert cells(page, Column.PRINTED)[:2] == ["−12.00", "2.00"]
    click(page, "m")
    assert page.find("case_formula").isVisible() and "confirmed" in page.text("case_verdict")
    choose(page, "stages")
    assert set(cells(page, Column.PRINTED)) == {"—"} and not page.find("case_mode").isVisible()


def test_the_list_is_searched_by_words_and_by_tags(page):
    browse(page)
    model = page.find("library_table").model()
    assert [entry.case.key for entry in model.entries] == [case.key for case in cases()]
    page.choose("library_tag", MISTAKES)
    assert {e.case.key for e in model.entries} == {
        "course-chain", "ibm-chain", "ibm-softmax", "mazur", "nielsen-entropy", "nielsen-entropy-bad-start",
        "cs231n-scores", "cs231n-lecture-softmax", "brownlee-pass", "statquest-training", "sklearn-fit",
        "rgu",
    }  # fmt: skip
    page.type_into("library_search", "softmax cs231n", end="")
    assert [e.case.key for e in model.entries] == ["cs231n-lecture-softmax"]
    assert "Three scores" in page.text("library_about")
    page.type_into("library_search", "kukiela", end="")
    assert page.find("library_none").isVisible() and not page.find("library_open").isEnabled()
    page.choose("library_tag", "")
    assert {e.case.key for e in model.entries} == {"nnfs-neuron", "nnfs-layers", "nnfs-softmax"}
    page.press("Escape", "library_window")
    page.wait_until(lambda: not page.is_open("library_window"))


def test_unsaved_work_is_asked_about_before_an_example_takes_its_place(page):
    page.controller.step(Granularity.EPOCH)
    page.wait_until_idle()
    before = page.project
    browse(page)
    page.click("library_open")
    page.answer("unsaved_changes", "cancel")
    assert page.project is before and page.window.casebook.desk.case is None


def test_the_dock_takes_the_room_it_needs_and_gives_it_back(page):
    data = page.window.docks["data"]
    before = data.width()
    choose(page, "mazur")
    page.wait_until(lambda: page.window.docks["library"].width() > before + 100)
    page.click(page.window.docks["library"].findChild(QWidget, "dock_close"))
    page.wait_until(lambda: data.isVisible() and abs(data.width() - before) <= 2)


def test_a_notation_changes_the_names_in_the_table_only(page):
    choose(page, "course note")
    known(page)
    numbers = cells(page, Column.TRUE)
    click(page, "a o₁")
    page.controller.view.set_notation("numbered")
    assert "out o₁" in cells(page, Column.WHAT) and "a o₁" not in cells(page, Column.WHAT)
    assert cells(page, Column.TRUE) == numbers and table(page).current_row().printed == "0.7153"


def test_a_smaller_network_follows_a_selected_number_of_a_later_sample(page):
    choose(page, "goodfellow")
    known(page)
    page.click(table(page).viewport(), table(page).visualRect(table(page).model().index(4, 0)).center())
    assert page.controller.view.sample == 3 and page.controller.selection.layer == "L2"
    choose(page, "one neuron quadratic")
    assert len(page.project.layers) == 2 and exists(page.project, page.controller.selection)
    choose(page, "mazur")
    click(page, "∂w o₁←h₁")
    assert page.controller.selection.connection == "C2"
    choose(page, "nand")  # a document with something to know about it, which is told first
    assert exists(page.project, page.controller.selection)


def test_what_is_said_about_the_document_moves_no_line_of_the_table(page):
    choose(page, "course note")
    known(page)
    before = table(page).mapTo(page.window, QPoint(0, 0))
    heights = [table(page).rowViewportPosition(i) for i in range(4)]
    page.controller.step(Granularity.EPOCH)
    page.wait_until_idle()
    assert page.find("case_standing").isVisible()
    assert table(page).mapTo(page.window, QPoint(0, 0)) == before
    assert [table(page).rowViewportPosition(i) for i in range(4)] == heights
