"""The row under the menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nnsim.engine.messages import Granularity
from nnsim.model.diff import same
from nnsim.ui.pace import SPEEDS, speed_words


def test_the_speed_says_itself_in_words_and_is_remembered(open_page: Callable[..., Any]) -> None:
    first = open_page(size=(1920, 900))
    said = []
    for place in range(len(SPEEDS)):
        first.slide("speed_slider", place)
        said.append(first.text("speed_words"))
    assert said[0] == "1 epoch a second"
    assert said[3] == "10 epochs a second"
    assert said[-1] == "flat out"
    first.click("step_size_pass")
    first.slide("speed_slider", 1)
    assert first.text("speed_words") == "2 passes a second"
    assert first.session.speed == (2.0, Granularity.PASS)
    first.window.leave()
    second = open_page(size=(1920, 900))
    assert second.text("speed_words") == "2 passes a second"
    assert second.session.speed == (2.0, Granularity.PASS)
    assert second.find("step_size_pass").isChecked()


@pytest.mark.parametrize("size", Granularity)
def test_words_for_every_size(size: Granularity) -> None:
    assert speed_words(None, size) == "flat out"
    assert speed_words(1.0, size) == f"1 {size.value} a second"
    assert speed_words(5.0, size).endswith("s a second")


def test_the_words_always_fit(page: Any) -> None:
    label, pace = page.find("speed_words"), page.window.pace
    for width, short in ((1280, True), (1920, False)):
        page.window.resize(width, 720)
        page.wait_until(lambda: label.text() == pace.words(short))  # noqa: B023
        assert label.fontMetrics().horizontalAdvance(pace.longest_words(short)) <= label.width()


@pytest.mark.parametrize("width", [1024, 1280, 1440, 1920])
def test_nothing_in_the_row_is_cut_off(open_page: Callable[..., Any], width: int) -> None:
    page = open_page(size=(width, 720))
    row = page.find("run_toolbar")
    parts = [page.find(f"step_size_{size.value}") for size in Granularity]
    for part in (*parts, *(page.find(f"{n}_button") for n in ("back", "step", "run", "start_weights"))):
        assert part.width() >= part.sizeHint().width(), part.objectName()
    assert row.layout().sizeHint().width() <= width


def test_speed_can_be_changed_during_a_run(page: Any) -> None:
    page.slide("speed_slider", 0)
    page.click_run()
    page.slide("speed_slider", len(SPEEDS) - 1)
    page.wait_until(lambda: page.epoch > 50)
    assert page.session.running
    page.click_run()
    page.wait_until_idle()


def test_slower_and_faster_move_the_slider_and_stop_at_its_ends(page: Any) -> None:
    page.slide("speed_slider", 1)
    page.menu("Train", "Slower")
    assert page.find("speed_slider").value() == 0
    assert not page.action("slower").isEnabled()
    page.press("Ctrl+]", page.window)
    assert page.find("speed_slider").value() == 1


@pytest.mark.parametrize(
    ("size", "steps", "place"),
    [
        ("neuron", 2, (0, 0, 0)),
        ("operation", 9, (0, 0, 1)),
        ("epoch", 1, (1, 0, 0)),
        ("batch", 2, (0, 2, 0)),
        ("pass", 1, (0, 0, 4)),
        ("layer", 2, (0, 0, 2)),
    ],
)
def test_step_goes_as_far_as_its_size_says(
    page: Any, size: str, steps: int, place: tuple[int, int, int]
) -> None:
    for _ in range(steps):
        page.click_step(size)
    assert (page.snapshot.epoch, page.snapshot.batch, page.snapshot.phase) == place
    progress = page.project.progress
    assert (progress.epoch, progress.batch, progress.phase) == place


def test_the_menu_and_the_toolbar_agree_on_the_step_size(page: Any) -> None:
    page.menu("Train", "Step size", "Batch")
    assert page.find("step_size_batch").isChecked()
    page.click("step_size_layer")
    assert page.action("step_layer").isChecked() and not page.action("step_batch").isChecked()
    page.press("Alt+6", page.window)
    assert page.find("step_size_epoch").isChecked()


def test_start_weights_goes_back_and_new_weights_are_others_and_repeatable(page: Any) -> None:
    start = page.project.parameters.weights["C1"].copy()
    page.click_step("epoch")
    assert (page.project.parameters.weights["C1"] != start).any()
    page.click("start_weights_button")
    page.wait_until_idle()
    assert (page.project.parameters.weights["C1"] == start).all()
    assert page.epoch == 0 and len(page.snapshot.curves) <= 1
    page.click("new_weights_button")
    page.wait_until_idle()
    drawn = page.project.parameters.weights["C1"].copy()
    assert (drawn != start).all()
    page.press("Ctrl+Z", page.window)
    page.wait_until_idle()
    page.click("new_weights_button")
    page.wait_until_idle()
    assert (page.project.parameters.weights["C1"] == drawn).all()


def test_learning_rate_optimizer_and_loss_are_chosen_here(page: Any) -> None:
    page.type_into("learning_rate", "1/8")
    page.choose("optimizer", "adam")
    page.choose("loss", "sse_half")
    page.wait_until_idle()
    training = page.project.training
    assert (training.learning_rate, training.optimizer, training.loss) == (0.125, "adam", "sse_half")
    assert page.find("loss").closed_text() == "½ squared"
    for expected in ("Choose loss", "Choose optimizer", "Set learning rate"):
        assert page.session.undo_label == expected
        page.menu("Edit", f"Undo {expected}")
        page.wait_until_idle()
    assert page.find("optimizer").currentData() == "sgd"
    assert page.field("learning_rate").text() == "0.03"


def test_a_wrong_learning_rate_is_explained_and_changes_nothing(page: Any) -> None:
    page.type_into("learning_rate", "fast")
    assert "not a number" in page.field("learning_rate").problem()
    page.type_into("learning_rate", "-1")
    assert page.field("learning_rate").problem()
    page.press("Esc", "learning_rate")
    assert page.project.training.learning_rate == 0.03
    assert not page.session.can_undo


def test_run_and_step_are_off_with_the_reason_while_the_network_does_not_fit(page: Any) -> None:
    from dataclasses import replace

    from nnsim.model.project import Project

    def break_it(project: Project) -> Project:
        layers = (*project.layers[:-1], replace(project.layers[-1], activation="from the future"))
        return replace(project, layers=layers)

    page.controller.edit("Break", break_it)
    page.wait_until_idle()
    blocking = next(p for p in page.session.problems if p.blocking)
    assert not page.find("run_button").isEnabled() and not page.find("step_button").isEnabled()
    assert blocking.message in page.find("run_button").toolTip()
    assert page.banner() == blocking.message
    assert not page.find("banner_dismiss").isVisible()
    page.press("Ctrl+Z", page.window)
    page.wait_until_idle()
    assert page.banner() == ""
    assert page.find("run_button").isEnabled()


def test_divergence_is_said_and_stays_until_dismissed(page: Any) -> None:
    page.type_into("learning_rate", "1e6")
    page.choose("optimizer", "sgd")
    for layer in ("L1", "L2", "L3"):
        from nnsim.model.edits import set_activation

        page.controller.edit("Linear", set_activation, layer, "linear")
    page.run_flat_out()
    page.wait_until(lambda: not page.session.running)
    assert "no longer a finite number" in page.banner()
    page.click_step("layer")
    assert "no longer a finite number" in page.banner()
    page.click("banner_dismiss")
    assert page.banner() == ""


def test_back_leads_to_where_everything_was(page: Any) -> None:
    assert not page.find("back_button").isEnabled()
    documents = [page.project]
    for size in ("epoch", "batch", "layer", "neuron", "operation"):
        page.click_step(size)
        documents.append(page.project)
    documents.pop()
    for size in ("operation", "neuron", "layer", "batch", "epoch"):
        page.click_back(size)
        assert same(page.project, documents.pop())
    assert not page.find("back_button").isEnabled()
    page.press("Ctrl+Z", page.window)
    page.wait_until_idle()
    assert page.epoch == 1 and page.snapshot.operation == 3


def test_space_steps_and_shift_space_steps_back(page: Any) -> None:
    page.click("step_size_operation")
    canvas = page.window.canvas
    canvas.setFocus()
    for _ in range(3):
        page.press("Space")
        page.wait_until_idle()
    assert page.snapshot.operation == 3
    assert "forward of Hidden 1 · operation 3" in page.text("status_position")
    page.press("Shift+Space")
    page.wait_until_idle()
    assert page.snapshot.operation == 2


def test_slow_motion_shows_every_operation(page: Any) -> None:
    seen: list[int] = []
    page.controller.snapshot_changed.connect(lambda s: seen.append(s.phase * 100 + s.operation))
    page.click("step_size_operation")
    page.slide("speed_slider", 4)  # twenty a second
    page.click_run()
    page.wait_until(lambda: page.snapshot.phase >= 2)
    page.click_run()
    page.wait_until_idle()
    shown = sorted(set(seen))
    assert [k for k in shown if k < 104] == [*range(1, 8), 100, 101, 102, 103]


def test_within_a_step_the_sample_in_view_is_one_of_its_batch(page: Any) -> None:
    page.click_step("layer")
    batch = list(page.snapshot.batch_samples)
    page.wait_until(lambda: page.controller.view.sample == batch[0])
    page.controller.view.set_sample(int(batch[3]))
    page.wait_until_idle()
    page.wait_until(lambda: page.snapshot.probe.sample == batch[3])
    other = next(i for i in range(500) if i not in batch)
    page.controller.view.set_sample(other)
    page.wait_until(lambda: page.controller.view.sample == batch[0])
    assert "is not in the batch" in page.banner()
    page.click_step("batch")
    page.controller.view.set_sample(other)
    page.wait_until_idle()
    assert page.controller.view.sample == other
