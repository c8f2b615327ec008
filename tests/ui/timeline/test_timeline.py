"""The band under the canvas, driven by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nnsim.core.explain.quantity import Quantity
from nnsim.core.operations import OperationKind
from nnsim.model.diff import same
from nnsim.ui.selection import Selection


@pytest.fixture
def trained(page: Any) -> Any:
    """The program after four epochs of 25 batches."""
    for _ in range(4):
        page.click_step("epoch")
    return page


def click_cell(page: Any, phase: int, index: int) -> None:
    strip = page.find("timeline_operations")
    page.click(strip, strip.cell_rect(phase, index).center().toPoint())
    page.wait_until_idle()


def at(page: Any, step: int) -> QPoint:
    ribbon = page.find("timeline_ribbon")
    return QPoint(round(ribbon.x_of(step)), ribbon.height() // 2)


def place(page: Any) -> tuple[int, int, int]:
    s = page.snapshot
    return s.step, s.phase, s.operation


def test_a_click_on_an_operation_goes_to_where_it_has_just_been_done(page: Any) -> None:
    strip = page.find("timeline_operations")
    assert strip.place is None
    click_cell(page, 0, 2)
    assert place(page) == (0, 0, 3)
    assert strip.place.operation.kind is OperationKind.SUM and strip.place.operation.neuron == 1
    click_cell(page, 5, 0)  # on the way back through the second hidden layer
    assert place(page) == (0, 5, 1) and strip.place.operation.kind is OperationKind.BLAME
    click_cell(page, 1, 3)  # back again
    assert place(page) == (0, 2, 0)
    assert page.session.undo_label.startswith("Go to step")


def test_the_last_operation_of_a_step_ends_it(page: Any) -> None:
    strip = page.find("timeline_operations")
    page.click_step("batch")
    expected = page.project
    page.click_back()
    last = len(page.snapshot.phases) - 1
    click_cell(page, last, 24)
    assert place(page) == (1, 0, 0) and strip.place is None
    assert same(page.project, expected)


def test_arrow_keys_walk_along_the_operations(page: Any) -> None:
    strip = page.find("timeline_operations")
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(9):
        page.press("Right", strip)
    page.wait_until_idle()
    assert place(page) == (0, 1, 1) and "z h2₁" in strip.accessibleDescription()
    page.press("Left", strip)
    page.press("Left", strip)
    page.wait_until_idle()
    assert place(page) == (0, 0, 7)
    page.press("Home", strip)
    page.wait_until_idle()
    assert place(page) == (0, 0, 0)


def test_the_operation_under_way_can_always_be_seen(page: Any) -> None:
    strip = page.find("timeline_operations")
    page.click("step_size_neuron")
    while page.snapshot.step == 0:
        page.click("step_button")
        page.wait_until_idle()
        if strip.place is not None:
            row, offset = strip._row, strip._offset
            cell = row.cell(strip.place.phase, strip.place.index)
            assert cell.left - offset >= 0.0 and cell.left + cell.width - offset <= strip.width()


def test_a_drag_along_the_ribbon_goes_through_the_run_as_one_move(trained: Any) -> None:
    page, end = trained, trained.project
    ribbon = page.find("timeline_ribbon")
    entries = len(page.session.history)
    QTest.mousePress(ribbon, Qt.MouseButton.LeftButton, pos=at(page, 90))
    for step in (70, 50, 30):
        QTest.mouseMove(ribbon, at(page, step))
        QApplication.processEvents()
    QTest.mouseRelease(ribbon, Qt.MouseButton.LeftButton, pos=at(page, 30))
    page.wait_until_idle()
    assert place(page) == (30, 0, 0) and page.session.reach == (0, 100)
    assert len(page.session.history) == entries + 1
    page.press("Ctrl+Z", page.window)
    page.wait_until_idle()
    assert page.project is end


def test_keys_move_along_the_ribbon(trained: Any) -> None:
    page, ribbon = trained, trained.find("timeline_ribbon")
    ribbon.setFocus(Qt.FocusReason.TabFocusReason)
    for key, step in (("Left", 99), ("PgDown", 94), ("Home", 0), ("Right", 1), ("End", 100)):
        page.press(key, ribbon)
        page.wait_until_idle()
        assert place(page) == (step, 0, 0), key
    assert "Epoch 4 · step 100 of 100" in ribbon.accessibleDescription()


def test_going_on_from_an_earlier_moment_gives_the_same_future(trained: Any) -> None:
    page, end = trained, trained.project
    page.click("timeline_ribbon", at(page, 50))
    page.wait_until_idle()
    assert page.epoch == 2
    page.click_step("epoch")
    page.click_step("epoch")
    assert same(page.project, end)


def test_an_edit_ends_the_future_that_was_known(trained: Any) -> None:
    page = trained
    page.click("timeline_ribbon", at(page, 50))
    page.wait_until_idle()
    page.type_into("learning_rate", "0.1")
    page.wait_until_idle()
    assert page.session.reach == (0, 50)
    page.click("timeline_ribbon", at(page, 20))
    page.wait_until_idle()
    assert page.project.training.learning_rate == 0.03
    assert page.field("learning_rate").text() == "0.03"
    page.press("Ctrl+Z", page.window)
    page.wait_until_idle()
    assert page.field("learning_rate").text() == "0.1" and place(page) == (50, 0, 0)


def test_a_click_on_the_loss_goes_there_and_shows_what_lies_ahead(trained: Any) -> None:
    page = trained
    view = page.window.docks["loss"].findChild(object, "loss_plot_view")
    area = view.area
    point = QPoint(round(area.x(1.0)), round(area.rect.center().y()))
    QTest.mouseMove(view.viewport(), point)
    page.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    page.wait_until(lambda: page.epoch == 1)
    page.wait_until_idle()
    assert place(page) == (25, 0, 0)
    assert list(view.train.x) == [0.0, 1.0] and list(view.ahead.x) == [0.0, 1.0, 2.0, 3.0, 4.0]
    page.find("timeline_ribbon").setFocus()
    page.press("End", "timeline_ribbon")
    page.wait_until(lambda: page.epoch == 4)
    page.wait_until_idle()
    assert not len(view.ahead.x) and not len(view.earlier[0].x)


def test_a_future_that_an_edit_cut_off_is_kept_for_comparison(trained: Any) -> None:
    page = trained
    page.click("timeline_ribbon", at(page, 50))
    page.wait_until_idle()
    page.type_into("learning_rate", "0.1")
    page.wait_until_idle()
    view = page.window.docks["loss"].findChild(object, "loss_plot_view")
    assert list(view.earlier[0].x) == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_nothing_can_be_gone_to_before_there_is_a_run(page: Any) -> None:
    before = page.project
    page.click("timeline_ribbon")
    page.wait_until_idle()
    assert page.project is before


@pytest.mark.parametrize("size", [(1024, 600), (1920, 1080)])
def test_the_band_has_room_at_every_size(open_page: Callable[..., Any], size: tuple[int, int]) -> None:
    page = open_page(size=size)
    band, canvas = page.find("timeline"), page.window.canvas
    assert band.height() == band.sizeHint().height() and canvas.height() >= 100
    assert band.geometry().bottom() <= band.parentWidget().height()


def test_pointing_at_an_operation_lights_what_it_finds_and_the_other_way_round(page: Any) -> None:
    strip = page.find("timeline_operations")
    QTest.mouseMove(strip, strip.cell_rect(0, 0).center().toPoint())
    page.wait_until(lambda: page.controller.quantity == Quantity("z", 1, 0))
    assert page.controller.hover == Selection.of_neuron("L1", 0)
    QTest.mouseMove(strip, QPoint(1, 1))
    page.wait_until(lambda: page.controller.quantity is None)
    before = strip.grab().toImage()
    page.controller.set_quantity(Quantity("a", 1, 1))
    assert strip.grab().toImage() != before
    page.controller.set_quantity(None)
    assert strip.grab().toImage() == before
