"""The canvas by real events: what is seen, selected and pointed at."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from nnsim.core.datasets.base import Samples
from nnsim.engine.messages import Granularity
from nnsim.model.build import build
from nnsim.model.edits.parameters import set_weight_frozen
from nnsim.model.edits.structure import set_layer_size
from nnsim.model.project import Data
from nnsim.ui.selection import NOTHING, Selection

NEURON, EDGE, LAYER = Selection.of_neuron, Selection.of_edge, Selection.of_layer
W1 = EDGE("C1", 0, 0)


# -- what is seen ---------------------------------------------------------------------------------


def test_every_neuron_shows_its_name_and_its_activation(hands: Any) -> None:
    snapshot = hands.controller.snapshot
    looks = {key: item.look for key, item in hands.canvas.scene.neurons.items()}
    assert looks["L1", 0].name == "h₁" and looks["L1", 0].value == "0.5933"
    assert looks["L2", 1].name == "o₂" and looks["L2", 1].value == f"{snapshot.probe.a[2][1]:.4f}"
    assert looks["L0", 0].value == "0.05" and looks["L0", 0].under == ""
    assert looks["L2", 0].under == "b 0.60"


def test_every_edge_shows_its_weight_where_there_is_room(hands: Any) -> None:
    texts = [chip.text for item in hands.canvas.scene.edges.chips.values() for chip in item.chips]
    assert sorted(texts) == ["0.15", "0.20", "0.25", "0.30", "0.40", "0.45", "0.50", "0.55"]


def test_targets_stand_beside_the_outputs_and_follow_the_sample_in_view(open_canvas: Any) -> None:
    samples = Samples(np.array([[0.1, 0.2], [0.3, 0.4]]), np.array([[0.25], [0.75]]))
    hands = open_canvas(build((2, 2, 1), "sigmoid", Data("table", train_share=1.0, samples=samples)))
    assert [t.text for t in hands.canvas.scene.targets.values()] == ["y 0.25"]
    hands.controller.view.set_sample(1)
    hands.settle()
    assert [t.text for t in hands.canvas.scene.targets.values()] == ["y 0.75"]
    assert hands.canvas.scene.neurons["L0", 1].look.value == "0.4"


def test_two_inputs_and_a_pattern_give_pictures_and_few_samples_give_numbers(open_canvas: Any) -> None:
    assert open_canvas(None).canvas.shows_pictures
    hands = open_canvas(build((2, 2, 1), "tanh"))
    look = hands.canvas.scene.neurons["L1", 0].look
    assert look.picture is not None and look.dot is not None
    hands.canvas.set_picture_mode("off")
    assert hands.canvas.scene.neurons["L1", 0].look.picture is None


def test_the_worked_example_shows_numbers_until_pictures_are_asked_for(hands: Any) -> None:
    assert not hands.canvas.shows_pictures
    hands.canvas.set_picture_mode("on")
    assert hands.canvas.scene.neurons["L1", 0].look.picture is not None


def test_negative_weights_are_dashed_as_well_as_of_another_hue(hands: Any) -> None:
    inks = hands.canvas.scene.inks
    before = hands.canvas.scene.edges.connections["C1"]
    hands.double_click(hands.number_at(W1))
    hands.type("-0.7")
    looks = {look for look, _, _ in before._runs}
    negative = [look for look in looks if inks.edge_pen(look).dashPattern()]
    positive = [look for look in looks if not inks.edge_pen(look).dashPattern()]
    assert len(negative) == 1 and positive
    assert inks.edge_pen(negative[0]).color() != inks.edge_pen(positive[0]).color()


def test_frozen_weights_are_marked(hands: Any) -> None:
    hands.controller.edit("Freeze", set_weight_frozen, "C1", 0, 0, True)
    hands.settle()
    frozen = [chip.frozen for chip in hands.canvas.scene.edges.chips["C1"].chips]
    assert frozen.count(True) == 1


def test_during_a_step_the_layer_just_done_is_ringed_and_gradients_come_with_their_pass(hands: Any) -> None:
    def ringed() -> set[str]:
        return {layer for (layer, _), item in hands.canvas.scene.neurons.items() if item.look.ringed}

    def gradients() -> set[str]:
        items = hands.canvas.scene.edges.chips.items()
        return {c for c, item in items if all(chip.gradient for chip in item.chips)}

    seen = []
    for _ in range(5):
        hands.controller.step(Granularity.LAYER)
        hands.settle()
        over = hands.canvas.scene.neurons["L2", 0].look.over
        seen.append((ringed(), gradients(), over))
    assert [r for r, _, _ in seen] == [{"L1"}, {"L2"}, set(), {"L2"}, {"L1"}]
    assert [g for _, g, _ in seen] == [set(), set(), set(), {"C2"}, {"C1", "C2"}]
    assert [o for _, _, o in seen] == ["", "", "", "← δ = 0.1385", "← δ = 0.1385"]


def test_a_layer_the_forward_pass_has_not_reached_is_dimmed(hands: Any) -> None:
    hands.controller.step(Granularity.LAYER)
    hands.settle()
    reached = {key: item.look.reached for key, item in hands.canvas.scene.neurons.items()}
    assert reached["L1", 0] and not reached["L2", 0]


def test_numbers_follow_while_training_runs(hands: Any) -> None:
    hands.controller.session.run()
    for _ in range(5):
        hands.controller.session.pull()
    value = hands.canvas.scene.neurons["L2", 0].look.value
    chips = [chip.text for chip in hands.canvas.scene.edges.chips["C2"].chips]
    hands.controller.session.pause()
    hands.settle()
    assert value != "0.7514" and chips != ["0.40", "0.45", "0.50", "0.55"]


def test_edges_are_not_painted_again_while_they_look_the_same(hands: Any) -> None:
    item = hands.canvas.scene.edges.connections["C1"]
    hands.viewport.repaint()
    painted = item.paints
    hands.point(hands.neuron_at("L2", 0))
    hands.viewport.repaint()
    assert item.paints == painted
    hands.double_click(hands.number_at(W1))
    hands.type("3")
    hands.viewport.repaint()
    assert item.paints > painted


def test_a_hidden_canvas_shows_the_present_when_it_comes_back(hands: Any) -> None:
    hands.canvas.hide()
    hands.controller.edit("Add", set_layer_size, "L1", 3)
    hands.settle()
    hands.canvas.show()
    hands.settle()
    assert ("L1", 2) in hands.canvas.scene.neurons
    assert hands.canvas.scene.neurons["L1", 2].look.value not in ("", "—")


def test_switching_the_theme_repaints_everything_in_its_colours(hands: Any) -> None:
    def corner() -> str:
        image: QImage = hands.canvas.grab().toImage()
        return image.pixelColor(image.width() - 12, image.height() - 12).name()

    assert corner() == hands.theme.tokens.background
    hands.theme.set_mode("dark")
    QApplication.processEvents()
    assert corner() == hands.theme.tokens.background == "#15181e"


def listen_to_tips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    monkeypatch.setattr(
        "nnsim.ui.canvas.interaction.QToolTip.showText", lambda _at, text, _widget: told.append(text)
    )
    return told


# -- selecting and pointing -----------------------------------------------------------------------


def test_a_click_selects_a_neuron_an_edge_or_nothing(hands: Any) -> None:
    hands.click(hands.neuron_at("L1", 1))
    assert hands.controller.selection == NEURON("L1", 1)
    hands.click(hands.edge_at("C2", 1, 0, 0.7))
    assert hands.controller.selection == EDGE("C2", 1, 0)
    hands.click(hands.number_at(W1))
    assert hands.controller.selection == W1
    hands.click(QPoint(4, 4))
    assert hands.controller.selection == NOTHING


@pytest.mark.parametrize("off", [-6, 6])
def test_an_edge_is_hit_also_six_pixels_beside_it(hands: Any, off: int) -> None:
    hands.click(hands.edge_at("C1", 0, 0, 0.6) + QPoint(0, off))
    assert hands.controller.selection == W1


def test_pointing_at_an_edge_lights_it_and_its_two_neurons(hands: Any) -> None:
    hands.point(hands.edge_at("C2", 1, 0, 0.7))
    assert hands.controller.hover == EDGE("C2", 1, 0)
    hovered = {key for key, item in hands.canvas.scene.neurons.items() if item.look.hovered}
    assert hovered == {("L1", 0), ("L2", 1)}
    assert [edge.focused for edge in hands.canvas.scene.edges.highlight.lit] == [True]
    hands.point(QPoint(3, 3))
    assert hands.controller.hover == NOTHING
    assert not hands.canvas.scene.edges.highlight.lit


def test_what_is_hovered_elsewhere_lights_up_on_the_canvas(hands: Any) -> None:
    hands.controller.set_hover(EDGE("C1", 1, 1))
    assert len(hands.canvas.scene.edges.highlight.lit) == 1
    lit = [chip.text for chip in hands.canvas.scene.edges.chips["C1"].chips if chip.lit]
    assert lit == ["0.30"]


def test_the_tip_of_an_edge_tells_every_digit_of_its_weight_and_gradient(
    hands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = listen_to_tips(monkeypatch)
    for _ in range(5):
        hands.controller.step(Granularity.LAYER)
        hands.settle()
    gradient = float(hands.controller.snapshot.probe.gradient.weights["C2"][0, 1])
    at = hands.edge_at("C2", 0, 1, 0.6)
    hands.surface.tip_wanted.emit(hands.surface.hit(QPointF(at)), QPoint())
    assert "w = 0.45" in told[0] and f"∂C/∂w = {gradient!r}" in told[0]
    assert "Weight o₁ ← h₂" in told[0]


def test_names_given_by_the_user_are_never_markup(hands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told = listen_to_tips(monkeypatch)
    hands.canvas.commands.rename("L1", "<b>bold</b>")
    hands.settle()
    at = hands.neuron_at("L1", 0)
    hands.surface.tip_wanted.emit(hands.surface.hit(QPointF(at)), QPoint())
    assert "&lt;b&gt;bold" in told[0] and "<b>" not in told[0]


def test_a_selected_neuron_in_a_dense_network_has_the_weights_into_it_written(
    open_canvas: Any, wide: Any
) -> None:
    hands = open_canvas(wide(8, 8, 8))
    assert not hands.canvas.scene.edges.chips["C2"].chips
    hands.controller.select(NEURON("L2", 3))
    assert len(hands.canvas.scene.edges.chips["C2"].chips) == 8
    assert not hands.canvas.scene.edges.chips["C1"].chips


def test_gradients_wider_than_their_weights_boxes_are_not_cut(hands: Any) -> None:
    for _ in range(5):  # as far as all gradients
        hands.controller.step(Granularity.LAYER)
        hands.settle()
    shown = 0
    for item in hands.canvas.scene.edges.chips.values():
        for chip in item.chips:
            shown += 1
            assert chip.gradient and item.boundingRect().contains(item.gradient_rect(chip))
    assert shown == 8


def test_headers_show_all_their_words_when_letters_become_larger(hands: Any) -> None:
    hands.theme.set_text_scale(1.4)
    hands.settle()
    for layer in hands.controller.project.layers:
        header = hands.canvas.band.header(layer.id)
        for button in (header.name, header.activation):
            assert button.isHidden() or button.width() >= button.full_width()
