"""Checking gradients: one beside its button, all of them in a window of their own."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from nnsim.core.gradcheck import GradientChecker
from nnsim.model.build import build
from nnsim.ui.dialogs import gradient_work
from nnsim.ui.dialogs.gradient_check import outcome
from nnsim.ui.dialogs.gradient_table import GradientTable
from nnsim.ui.dialogs.gradient_work import Found, GradientWork
from nnsim.ui.numbers import exact, shown
from nnsim.ui.panels.facts import FactRow


def check_all(page: Any) -> Any:
    page.menu("Train", "Check all gradients…")
    return page.wait_for("gradient_check")


def wait_done(page: Any) -> None:
    page.wait_until(lambda: page.text("gradient_again") == "Check again")


def rows(page: Any) -> list[tuple[str, ...]]:
    model = page.find("gradient_table", GradientTable).model()
    return [
        tuple(model.index(r, c).data() for c in range(model.columnCount())) for r in range(model.rowCount())
    ]


def test_one_gradient_stands_beside_the_numeric_one(open_page: Any) -> None:
    page = open_page("mazur", size=(1440, 900))
    connection = page.project.connections[0].id
    page.select_weight(connection, 1, 1)  # not the first row: places in memory are not by row alone
    analytic = page.find("edge_check_analytic", FactRow)
    assert not analytic.isVisible()
    page.click(page.find("edge_check_button", QPushButton))
    numeric = page.find("edge_check_numeric", FactRow)
    expected = float(page.snapshot.probe.gradient.weights[connection][1, 1])
    assert analytic.full_text() == exact(expected)
    assert float(numeric.full_text()) == pytest.approx(expected, rel=1e-8)
    assert page.find("edge_check", FactRow).text().startswith("✓")
    page.type_into("edge_weight", "0.31")
    page.wait_until_idle()
    assert (analytic.text(), numeric.text()) == ("—", "—")


def test_all_gradients_are_listed_with_the_largest_error_first(open_page: Any) -> None:
    page = open_page("mazur", size=(1440, 900))
    check_all(page)
    wait_done(page)
    found = rows(page)
    assert len(found) == page.project.parameter_count() == 12
    assert {row[4] for row in found} == {"✓ equal"}
    assert page.text("gradient_summary").startswith("All 12 gradients agree")
    model = page.find("gradient_table", GradientTable).model()
    errors = [f.error for f in model.rows]
    assert errors == sorted(errors, reverse=True)
    gradient = page.snapshot.probe.gradient
    for f in model.rows:
        q = f.place
        if q.kind == "weight":
            assert (
                f.analytic == gradient.weights[page.project.connections[q.connection].id][q.neuron, q.source]
            )
    for row, f in zip(found, model.rows, strict=True):
        assert row[1] == shown(f.analytic, 8)


def test_the_training_samples_can_be_checked_and_the_table_copied(open_page: Any) -> None:
    page = open_page()
    check_all(page)
    wait_done(page)
    assert "the sample in view" in page.text("gradient_note")
    page.click("gradient_subject_training")
    wait_done(page)
    assert f"{len(page.session.prepared.train):,} training samples" in page.text("gradient_note")
    assert page.text("gradient_summary").startswith("All 25 gradients agree")
    page.click("gradient_copy")
    lines = QApplication.clipboard().text().split("\n")
    assert len(lines) == 26
    first = page.find("gradient_table", GradientTable).model().rows[0]
    assert lines[1].split("\t")[1:4] == [exact(v) for v in (first.analytic, first.numeric, first.error)]


def test_a_click_on_a_row_selects_the_parameter_and_names_follow_the_notation(open_page: Any) -> None:
    page = open_page()
    check_all(page)
    wait_done(page)
    table = page.find("gradient_table", GradientTable)
    model = table.model()
    row = next(i for i, f in enumerate(model.rows) if f.place.kind == "weight")
    page.qtbot.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(model.index(row, 1)).center()
    )
    q, chosen = model.rows[row].place, page.controller.selection
    assert (chosen.kind, chosen.target, chosen.source) == ("edge", q.neuron, q.source)
    page.controller.view.set_notation("numbered")
    assert model.index(row, 0).data().startswith("w")
    assert model.index(row, 0).data() == page.controller.view.names.text(q)


def test_a_wrong_gradient_is_named_first(open_page: Any, monkeypatch: Any) -> None:
    right = GradientChecker.check

    def wrong(self: Any, indices: Any) -> Any:
        found = right(self, indices)
        error = np.where(np.asarray(indices) == 3, 0.25, found.relative_error)
        return replace(found, relative_error=error)

    monkeypatch.setattr(GradientChecker, "check", wrong)
    page = open_page()
    check_all(page)
    wait_done(page)
    assert page.text("gradient_summary").startswith("1 of 25 gradients differ")
    assert rows(page)[0][3:] == ("2.5e−1", "✗ differ")
    assert {row[4] for row in rows(page)[1:]} == {"✓ equal"}


def test_a_large_network_is_checked_in_part_and_can_be_cancelled(open_page: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(gradient_work, "_SLICE_SECONDS", 0.0)  # one parameter at a time
    page = open_page()
    page.session.replace_document(build((2, 90, 90, 1), "tanh"))
    page.wait_until_idle()
    check_all(page)
    assert "parameters are checked, evenly spread" in page.text("gradient_note")
    assert "samples are used" not in page.text("gradient_note")
    page.wait_until(
        lambda: "Checked " in page.text("gradient_summary") and page.find("gradient_progress").value() > 2
    )
    assert page.text("gradient_again") == "Cancel"
    page.click("gradient_again")
    wait_done(page)
    assert page.text("gradient_summary").startswith("Cancelled. All ")
    checked = len(rows(page))
    assert 2 < checked < 4000
    page.click("gradient_close")
    page.wait_until(lambda: not page.is_open("gradient_check"))


def test_closing_the_window_ends_the_work_and_the_question_is_not_opened_twice(open_page: Any) -> None:
    page = open_page()
    first = check_all(page)
    page.press("Ctrl+K", page.window)
    assert page.wait_for("gradient_check") is first
    work = first.findChild(GradientWork)
    page.press("Escape", first)
    page.wait_until(lambda: not page.is_open("gradient_check"))
    assert work is None or not work.running


def test_changed_weights_are_said_and_another_shape_is_checked_anew(open_page: Any) -> None:
    page = open_page()
    check_all(page)
    wait_done(page)
    page.menu("Train", "New weights")
    page.wait_until_idle()
    assert page.text("gradient_summary").endswith("The weights have changed since.")
    page.click("gradient_again")
    wait_done(page)
    assert "changed" not in page.text("gradient_summary")


def test_the_outcome_is_said_in_words() -> None:
    ok, wrong, kink = (Found(None, 1.0, 1.0, e, v) for e, v in ((1e-9, "ok"), (0.5, "wrong"), (9.0, "kink")))  # type: ignore[arg-type]
    assert outcome([ok]) == "The gradient agrees; the largest relative error is 1.0e−9."
    assert outcome([ok, kink]).endswith("1 at a kink could not be compared.")
    assert outcome([kink]) == "Nothing could be compared. 1 at a kink could not be compared."
    assert outcome([ok, wrong]) == "1 of 2 gradients differ; the largest relative error is 5.0e−1."
