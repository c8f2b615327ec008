"""A run that leaves the finite numbers says why it stopped, and offers what helps."""

from typing import Any

import numpy as np
import pytest

from nnsim.core.divergence import Divergence
from nnsim.model.build import build
from nnsim.model.edits import set_title, set_weight
from nnsim.ui.divergence_help import words_of
from nnsim.ui.selection import Selection


@pytest.fixture
def diverged(open_page: Any) -> Any:
    page = open_page()
    page.session.replace_document(build((2, 4, 1), "linear"))
    page.wait_until_idle()
    page.type_into("learning_rate", "30")
    page.run_flat_out()
    page.wait_until(lambda: not page.session.running)
    page.wait_until_idle()
    return page


def test_the_banner_says_what_happened_why_and_what_to_try(diverged: Any) -> None:
    text = diverged.banner()
    assert text.startswith(
        "The loss is no longer a finite number, so training has stopped at the last good state."
    )
    assert "The next step would move a weight of" in text or "is no number any more" in text
    assert "Try a smaller learning rate" in text
    assert diverged.text("banner_action") == "Start again at half the rate"
    assert diverged.text("banner_other_action") == "New weights"
    assert all(np.isfinite(w).all() for w in diverged.project.parameters.weights.values())


def test_starting_again_at_half_the_rate_is_one_undoable_click(diverged: Any) -> None:
    page, before = diverged, diverged.project
    page.click("banner_action")
    page.wait_until_idle()
    assert page.project.training.learning_rate == 15.0
    for key, w in page.project.parameters.weights.items():
        np.testing.assert_array_equal(w, page.project.start.weights[key])
    assert page.project.progress.step == 0
    assert page.banner() == ""
    assert page.session.undo_label == "Start again at half the rate"
    page.press("Ctrl+Z", page.window)
    page.wait_until_idle()
    assert page.project is before


def test_new_weights_are_one_click_away(diverged: Any) -> None:
    page = diverged
    page.click("banner_other_action")
    page.wait_until_idle()
    assert page.session.undo_label == "New weights"
    assert page.project.progress.step == 0
    assert page.banner() == ""
    assert not page.find("banner_other_action").isVisible()


@pytest.mark.parametrize("way", ["new", "rate", "weight", "back", "undo"])
def test_it_goes_with_what_it_is_about(diverged: Any, way: str) -> None:
    page = diverged
    assert page.banner()
    if way == "new":
        page.session.replace_document(build((2, 2, 1), "tanh"))
    elif way == "rate":
        page.type_into("learning_rate", "0.01")
    elif way == "weight":
        connection = page.project.connections[0].id
        page.controller.edit("Weight", set_weight, connection, 0, 0, 0.5)
    elif way == "back":
        page.press("Alt+6", page.window)
        page.click("back_button")
    else:
        page.press("Ctrl+Z", page.window)
    page.wait_until_idle()
    assert page.banner() == ""


def test_selecting_and_naming_leave_it(diverged: Any) -> None:
    diverged.controller.select(Selection.of_neuron(diverged.project.layers[1].id, 0))
    diverged.controller.edit("Title", set_title, "Too fast")
    diverged.wait_until_idle()
    assert diverged.banner()


def test_words_for_a_gradient_that_is_no_number_and_for_nothing_known() -> None:
    project = build((2, 4, 1), "linear")
    broken = words_of(project, Divergence(2, 1e150, float("nan"), float("nan"), float("inf")))
    assert "The gradient of Output is no number any more; its weights reach 1e150." in broken
    moved = words_of(project, Divergence(1, 2.5, 1e160, 1e161, 3.0))
    assert (
        "would move a weight of Hidden 1 by up to 1e161 (η times its gradient); its weights reach 2.5."
        in moved
    )
    assert words_of(project, None).endswith("Try a smaller learning rate, or new weights, or scaled inputs.")
