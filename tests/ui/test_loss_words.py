"""The loss's formula with its ½ and 1/n stands beside its value, for every convention."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from nnsim.core.losses import LOSSES
from nnsim.model.build import build
from nnsim.model.edits import set_training
from nnsim.model.notation import names_for
from nnsim.ui.loss_words import convention_of, counts_of, formula_of, tip_of
from nnsim.ui.numbers import exact

NAMES = names_for(build((2, 2, 1), "sigmoid"), "nnsim")


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.key)
def test_formula_factor_and_sentence_say_what_is_computed(loss: Any) -> None:
    """The loss put together from what the words say is the loss that is computed."""
    formula, words, counts = formula_of(loss, NAMES), convention_of(loss), counts_of(loss, 5, 2)
    assert formula == loss.formula
    a, y = np.array([[0.2, 0.7]] * 5), np.array([[1.0, 0.0]] * 5)
    factor = 1.0
    if "1/n · " in formula or "1/(n·m) · " in formula:
        assert "mean over" in words and " = " in counts.split(":")[1]
        factor = float(counts.rsplit("= ", 1)[1])
    else:
        assert "no 1/n" in words and "summed up" in counts
    if loss.family == "squared":
        assert ("½" in formula) == ("The ½ cancels" in words) != ("no ½" in words)
        e = (a - y) ** 2 * (0.5 if "½" in formula else 1.0)
    elif loss.family == "bce":
        e = -(y * np.log(a) + (1 - y) * np.log(1 - a))
    else:
        e = np.where(y == 0, 0.0, -y * np.log(a))
    assert loss.value(a, a, y, "") == pytest.approx(factor * e.sum(), rel=1e-12)


def test_one_sample_and_one_output_are_said_so() -> None:
    assert counts_of(LOSSES["mse_half"], 1, 1) == "n = 1 sample: 1/n = 1"
    assert counts_of(LOSSES["mse_mean"], 4, 1) == "n = 4 samples, m = 1 output: 1/(n·m) = 0.25"
    assert counts_of(LOSSES["sse"], 3, 1) == "n = 3 samples, summed up"


def test_the_formula_has_the_notations_letters() -> None:
    numbered = names_for(NAMES.project, "numbered")
    assert formula_of(LOSSES["sse_half"], numbered) == "C = Σₓ Σⱼ ½(outⱼ − targetⱼ)²"
    assert "outⱼ ln" not in formula_of(LOSSES["bce_mean"], NAMES)


def test_a_loss_this_version_does_not_know_is_said_without_formula() -> None:
    from dataclasses import replace

    project = replace(NAMES.project, training=replace(NAMES.project.training, loss="future"))
    assert tip_of(names_for(project, "nnsim"), "Loss", "0.5", 3) == "Loss"


def test_the_formula_stands_in_the_panel_the_plot_and_the_status_bar(open_page: Any) -> None:
    page = open_page(size=(1440, 900))
    page.controller.edit("Loss", set_training, loss="mse_mean")
    page.wait_until_idle()
    formula = LOSSES["mse_mean"].formula
    count = len(page.session.prepared.train)
    assert page.find("training_loss_formula", QLabel).text() == formula
    assert page.find("loss_convention", QLabel).text() == counts_of(LOSSES["mse_mean"], count, 1)
    assert page.window.docks["loss"].panel.view().frame_item.caption == formula
    tip = page.find("status_train_loss").toolTip()
    assert formula in tip and exact(page.snapshot.train_loss) in tip and f"n = {count} samples" in tip
    assert f"n = {len(page.session.prepared.test)} samples" in page.find("status_test_loss").toolTip()
    page.menu("View", "Notation", "Numbered: w₁ … w₈, net, out")
    page.wait_until_idle()
    other = formula_of(LOSSES["mse_mean"], page.controller.view.names)
    assert "outⱼ" in other
    assert page.find("training_loss_formula", QLabel).text() == other
    assert page.window.docks["loss"].panel.view().frame_item.caption == other
    assert other in page.find("status_train_loss").toolTip()
