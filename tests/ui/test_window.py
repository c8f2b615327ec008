"""The window as a whole: start, training, docks, title, leaving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from nnsim.session.settings import SettingsStore
from nnsim.ui.docks import DOCKS
from nnsim.ui.layout_memory import LayoutMemory
from nnsim.ui.panels.data_gallery import DataTile

KEYS = [spec.key for spec in DOCKS if not spec.tab_of]  # those that are open at first


def test_it_starts_with_a_ready_network_and_one_hint_and_nothing_moves(page: Any) -> None:
    assert page.session.problems == ()
    assert page.epoch == 0
    assert not page.session.running
    assert page.find("hint").isVisible()
    assert page.text("status_position") == "Epoch 0 · before the first step"
    assert page.banner() == ""


def test_one_click_on_run_trains_and_the_hint_is_gone_for_good(
    page: Any, open_page: Callable[..., Any]
) -> None:
    before = page.snapshot.train_loss
    page.click_run()
    page.wait_until(lambda: page.epoch >= 3)
    assert page.text("run_button") == "Pause"
    page.click_run()
    page.wait_until_idle()
    assert page.text("run_button") == "Run"
    assert page.snapshot.train_loss < before
    assert page.window.findChild(QWidget, "hint") is None or not page.find("hint").isVisible()
    page.window.leave()
    second = open_page()
    assert second.window.findChild(QWidget, "hint") is None


def test_a_worked_example_is_not_covered_by_the_hint_at_run(page: Any) -> None:
    assert page.find("hint").isVisible()
    page.session.open_example("mazur")
    page.wait_until_idle()
    assert not page.find("hint").isVisible()
    page.press("Ctrl+N", page.window)
    page.wait_until_idle()
    assert page.find("hint").isVisible()


def test_whoever_steps_needs_no_hint_either(page: Any) -> None:
    assert page.find("hint").isVisible()
    page.click_step("operation")
    page.wait_until(lambda: page.window.findChild(QWidget, "hint") is None)


def test_the_circle_is_learned_by_pressing_run(page: Any) -> None:
    page.train_until(lambda: page.snapshot.test_loss < 0.1)
    assert page.project.progress.epoch == page.epoch > 0
    assert page.session.undo_label.startswith("Train")


def test_a_weight_is_typed_and_everything_follows_and_can_be_undone(page: Any) -> None:
    before = page.snapshot.train_loss
    page.type_weight("C3", 0, 0, "0.15")
    assert page.project.parameters.weights["C3"][0, 0] == 0.15
    after = page.snapshot.train_loss
    assert after != before
    assert page.session.loss_change == after - before
    assert page.text("status_change").removeprefix("Δ after last edit ")[:2] in ("+0", "−0")
    page.press("Ctrl+Z", page.window)
    page.wait_until_idle()
    assert page.snapshot.train_loss == before


def test_the_title_names_the_document_and_marks_changes(page: Any, tmp_path: Path) -> None:
    assert page.window.windowTitle() == "Untitled[*] — nnsim"
    assert not page.window.isWindowModified()
    page.menu("Train", "New weights")
    page.wait_until_idle()
    assert page.window.isWindowModified()
    page.session.save_as(tmp_path / "a [*] b.nnsim")
    assert page.window.windowTitle() == "a [*][*] b[*] — nnsim"
    assert not page.window.isWindowModified()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_nothing_of_the_frame_is_clipped(open_page: Callable[..., Any], size: tuple[int, int]) -> None:
    page = open_page(size=size)
    assert (page.window.width(), page.window.height()) == size
    row = page.find("run_toolbar")
    for name in ("step_button", "run_button", "speed_words", "start_weights_button", "new_weights_button",
                 "learning_rate", "optimizer", "loss", "step_size_layer", "step_size_epoch"):  # fmt: skip
        widget = page.find(name)
        assert widget.isVisible(), name
        assert widget.width() >= widget.minimumSizeHint().width(), name
        corner = widget.mapTo(row, QPoint(widget.width(), widget.height()))
        assert corner.x() <= row.width() and corner.y() <= row.height(), name
    for key in KEYS:
        dock = page.window.docks[key]
        assert dock.isVisible(), key
        assert dock.width() >= dock.minimumSizeHint().width(), key
        assert dock.height() >= dock.minimumSizeHint().height(), key
    canvas = page.window.canvas
    middle = canvas.height() + page.find("timeline").height()
    assert canvas.width() >= 0.5 * size[0] and canvas.height() >= 0.4 * size[1] and middle >= 0.5 * size[1]


def test_docks_are_closed_and_brought_back_from_the_view_menu(page: Any) -> None:
    for key in KEYS:
        page.click(page.window.docks[key].findChild(QWidget, "dock_close"))
        assert not page.window.docks[key].isVisible()
    for spec in DOCKS:
        page.menu("View", "Docks", spec.label)
        assert page.window.docks[spec.key].isVisible()


def test_the_layout_is_remembered_and_can_be_reset(open_page: Callable[..., Any]) -> None:
    first = open_page()
    first.press("Ctrl+4", first.window)
    assert not first.window.docks["loss"].isVisible()
    first.window.resize(1300, 760)
    first.window.leave()
    second = open_page(size=(1300, 760))
    assert not second.window.docks["loss"].isVisible()
    second.menu("View", "Reset layout")
    assert all(second.window.docks[key].isVisible() for key in KEYS)


def test_a_layout_that_cannot_be_read_is_the_default_one(open_page: Callable[..., Any]) -> None:
    first = open_page()
    first.program.store.update(layout="bm90IGEgbGF5b3V0", geometry="%%%")
    second = open_page()
    assert all(second.window.docks[key].isVisible() for key in KEYS)


def test_what_is_not_shown_is_not_computed(page: Any) -> None:
    page.press("Ctrl+5", page.window)
    assert not page.controller.view.request.confusion
    page.press("Ctrl+5", page.window)
    assert page.controller.view.request.confusion


def test_space_steps_but_not_while_typing_or_on_a_button(page: Any) -> None:
    page.window.canvas.surface.setFocus()
    page.press("Space")
    page.wait_until_idle()
    assert page.epoch == 1
    page.click("learning_rate")
    page.press("Space")
    page.press("Esc")
    page.wait_until_idle()
    assert page.epoch == 1
    page.find("new_weights_button").setFocus(Qt.FocusReason.TabFocusReason)
    page.press("Space")
    page.wait_until_idle()
    assert page.epoch == 0
    assert page.session.undo_label == "New weights"


def test_a_click_on_step_leaves_space_to_step_again(page: Any) -> None:
    page.window.canvas.surface.setFocus()
    page.click_step("epoch")
    page.press("Space")
    page.wait_until_idle()
    assert page.epoch == 2


def test_what_is_being_typed_counts_when_a_step_is_clicked(page: Any) -> None:
    page.type_into("learning_rate", "1/4", end="")
    page.click_step("epoch")
    assert page.project.training.learning_rate == 0.25
    assert page.epoch == 1
    page.type_into("learning_rate", "much", end="")
    page.click_step()
    assert page.epoch == 1
    assert page.field("learning_rate").problem()
    page.press("Esc", "learning_rate")


def test_layer_steps_say_in_words_where_training_stands(page: Any) -> None:
    said = []
    for _ in range(8):
        page.click_step("layer")
        said.append(page.text("status_position").removeprefix("Epoch 0 · batch 1/25 · "))
    assert said == [
        "after the forward pass of Hidden 1", "after the forward pass of Hidden 2",
        "after the forward pass of Output", "after the loss", "after the backward pass of Output",
        "after the backward pass of Hidden 2", "after the backward pass of Hidden 1",
        "Epoch 0 · 1 of 25 batches done",
    ]  # fmt: skip


def test_presentation_mode_enlarges_text_and_gives_everything_back(page: Any) -> None:
    window = page.window
    size = window.canvas.font().pointSizeF()
    docks = [window.docks[key] for key in KEYS]
    page.wait_until(lambda: all(t.has_picture or t.isHidden() for t in window.findChildren(DataTile)))
    looks = [dock.grab().toImage() for dock in docks]
    page.press("F11", window)
    page.wait_until(window.isFullScreen)
    assert window.presentation.active
    assert "Esc or F11 leaves it" in page.banner()
    assert not window.docks["data"].isVisible() and window.docks["loss"].isVisible()
    assert QApplication.font().pointSizeF() > size
    assert not page.find("optimizer").isVisible()
    page.press("Esc", window)
    page.wait_until(lambda: not window.isFullScreen() and all(dock.isVisible() for dock in docks))
    assert not window.presentation.active
    assert page.banner() == ""
    QApplication.processEvents()
    assert [dock.grab().toImage() for dock in docks] == looks
    assert QApplication.font().pointSizeF() == size
    assert page.find("optimizer").isVisible()


def test_leaving_presentation_mode_and_the_program_at_once_keeps_the_layout(
    open_page: Callable[..., Any],
) -> None:
    first = open_page()
    first.press("F11", first.window)
    first.window.leave()
    second = open_page()
    assert all(second.window.docks[key].isVisible() for key in KEYS)
    assert QApplication.font().pointSizeF() == second.window.theme.points(10.0)


def drop(window: QWidget, path: Path) -> bool:
    """Drop a file on the window; whether it was welcome."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    actions, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(200, 200), actions, data, left, none)
    enter.setAccepted(False)
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(200, 200), actions, data, left, none))
    return enter.isAccepted()


def test_a_project_is_opened_by_dropping_it_and_other_files_are_not_taken(page: Any, tmp_path: Path) -> None:
    page.click_step("epoch")
    file = tmp_path / "kept.nnsim"
    page.session.save_as(file)
    page.menu("File", "New")
    assert page.session.path is None
    assert drop(page.window, file)
    page.wait_until(lambda: page.session.path == file)
    assert page.project.progress.epoch == 1
    assert not drop(page.window, tmp_path / "picture.png")


def test_every_action_has_a_handler_and_a_place_in_a_menu(page: Any) -> None:
    from nnsim.ui.actions import ACTIONS, MENUS, Submenu

    placed: set[str] = set()
    for _, _, items in MENUS:
        for item in items:
            placed |= set(item.items) if isinstance(item, Submenu) else {item}
    assert {spec.key for spec in ACTIONS} == placed - {"-"}


def test_no_two_actions_share_a_shortcut(page: Any) -> None:
    from PySide6.QtGui import QAction

    seen: dict[str, str] = {}
    for action in page.window.findChildren(QAction):
        for keys in action.shortcuts():
            text = keys.toString()
            assert seen.setdefault(text, action.objectName()) == action.objectName(), text


def test_everything_that_can_be_clicked_has_a_name_for_a_screen_reader(page: Any) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QScrollBar

    for kind in (QAbstractButton, QComboBox, QLineEdit, QAbstractSlider):
        for widget in page.window.findChildren(kind):
            if widget.isVisible() and not isinstance(widget, QScrollBar):
                name = widget.accessibleName() or getattr(widget, "text", str)()
                assert name, f"{type(widget).__name__} {widget.objectName()}"


def test_the_window_is_drawn_in_both_modes(page: Any) -> None:
    for key, token in (("dark", "#15181e"), ("light", "#f6f7f9")):
        page.menu("View", "Appearance", key.capitalize())
        QApplication.processEvents()
        picture = page.picture()
        canvas = page.window.canvas
        corner = canvas.mapTo(page.window, QPoint(4, canvas.height() - 4))
        assert picture.pixelColor(corner).name() == token
        colors = {
            picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)
        }
        assert len(colors) > 40


def test_the_first_window_leaves_room_on_the_screen_for_its_frame(qtbot: Any) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    LayoutMemory(window, {}, SettingsStore(None)).place_first()
    room, placed = window.screen().availableGeometry(), window.geometry()
    with_frame = QRect(placed.topLeft(), placed.size() + QSize(2, 32))  # a usual title bar, thin borders
    assert room.contains(with_frame)
    assert placed.height() > 0.9 * min(room.height(), 900)


def test_the_tools_of_a_plot_come_back_after_a_message(open_page: Callable[..., Any]) -> None:
    page = open_page(size=(1440, 900))
    project = page.project
    page.wait_until(lambda: page.find("output_plot_discrete_tool").isVisible())
    layers = (*project.layers[:-1], replace(project.layers[-1], activation="from_the_future"))
    page.session.replace_document(replace(project, layers=layers))
    page.wait_until(lambda: page.find("output_plot").mode == "")
    assert not page.find("output_plot_discrete_tool").isVisible()
    page.session.replace_document(project)
    page.wait_until(lambda: page.find("output_plot").mode == "plane")
    page.wait_until(lambda: page.find("output_plot_discrete_tool").isVisible())
