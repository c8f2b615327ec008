"""The canvas by real events: what is seen, selected, edited and zoomed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from nnsim.core.datasets.base import Samples
from nnsim.engine.messages import Granularity
from nnsim.model.build import build
from nnsim.model.edits.parameters import set_weight_frozen
from nnsim.model.edits.structure import add_layer, remove_layer, set_layer_size
from nnsim.model.project import Data
from nnsim.ui.canvas.layout import LEAST_ZOOM, MOST_ZOOM
from nnsim.ui.selection import NOTHING, Selection

NEURON, EDGE, LAYER = Selection.of_neuron, Selection.of_edge, Selection.of_layer
W1 = EDGE("C1", 0, 0)


def wide(*sizes: int) -> Any:
    """A network with as many inputs and outputs as its data."""
    rng = np.random.default_rng(0)
    samples = Samples(rng.normal(size=(12, sizes[0])), rng.normal(size=(12, sizes[-1])))
    return build(sizes, "tanh", Data("table", samples=samples))


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


def test_a_selected_neuron_in_a_dense_network_has_the_weights_into_it_written(open_canvas: Any) -> None:
    hands = open_canvas(wide(8, 8, 8))
    assert not hands.canvas.scene.edges.chips["C2"].chips
    hands.controller.select(NEURON("L2", 3))
    assert len(hands.canvas.scene.edges.chips["C2"].chips) == 8
    assert not hands.canvas.scene.edges.chips["C1"].chips


# -- editing --------------------------------------------------------------------------------------


def test_a_double_click_on_a_number_opens_a_field_there_and_enter_commits(hands: Any) -> None:
    at = hands.number_at(W1)
    before = hands.canvas.scene.neurons["L2", 0].look.value
    hands.double_click(at)
    field = hands.field()
    assert field is not None and field.isVisible() and field.text() == "0.15"
    assert field.geometry().contains(at) and field.hasFocus()
    hands.type("1/3")
    assert hands.project.parameters.weights["C1"][0, 0] == 1 / 3
    assert hands.field() is None and hands.focus() is hands.surface
    assert hands.canvas.scene.neurons["L2", 0].look.value != before


def test_escape_takes_back_what_was_typed(hands: Any) -> None:
    hands.double_click(hands.number_at(W1))
    hands.type("9", end=Qt.Key.Key_Escape)
    assert hands.project.parameters.weights["C1"][0, 0] == 0.15
    assert hands.field() is None and not hands.controller.session.can_undo


def test_what_is_no_number_stays_open_to_be_corrected(hands: Any) -> None:
    hands.double_click(hands.number_at(W1))
    hands.type("0,1,5")
    assert hands.field() is not None and hands.field().is_invalid()
    assert hands.project.parameters.weights["C1"][0, 0] == 0.15


def test_a_double_click_on_a_bias_or_a_neuron_edits_the_bias(hands: Any) -> None:
    hands.double_click(hands.number_at(NEURON("L2", 1)))
    hands.type("-0.25")
    assert hands.project.parameters.biases["L2"][1] == -0.25
    hands.double_click(hands.neuron_at("L1", 0))
    hands.type("2")
    assert hands.project.parameters.biases["L1"][0] == 2.0
    hands.controller.session.undo()
    hands.settle()
    assert hands.canvas.scene.neurons["L1", 0].look.under == "b 0.35"


def test_an_input_has_no_bias_to_edit(hands: Any) -> None:
    hands.double_click(hands.neuron_at("L0", 0))
    assert hands.field() is None


def test_the_field_follows_its_number_when_the_picture_moves(hands: Any) -> None:
    hands.double_click(hands.number_at(W1))
    hands.surface.pan_by(QPointF(40, 25))
    assert hands.field().geometry().contains(hands.number_at(W1))


def test_the_field_closes_when_its_weight_is_gone(hands: Any) -> None:
    hands.double_click(hands.number_at(EDGE("C2", 0, 0)))
    hands.controller.edit("Remove", remove_layer, "L1")
    hands.settle()
    assert hands.field() is None


def test_the_headers_buttons_add_and_remove_neurons(hands: Any) -> None:
    header = hands.header("L1")
    place = header.plus.mapToGlobal(QPoint(0, 0))
    for _ in range(3):
        hands.push(header.plus)
    assert hands.project.layer("L1").size == 5 and ("L1", 4) in hands.canvas.scene.neurons
    assert hands.header("L1").plus.mapToGlobal(QPoint(0, 0)) == place  # it stays under the pointer
    hands.push(header.minus)
    assert hands.project.layer("L1").size == 4 and ("L1", 4) not in hands.canvas.scene.neurons
    assert hands.controller.session.undo_label == "Remove neuron from Hidden 1"


def test_the_last_neuron_cannot_be_removed(open_canvas: Any) -> None:
    hands = open_canvas(wide(2, 1, 1))
    assert not hands.header("L1").minus.isEnabled() and hands.header("L1").plus.isEnabled()


def test_the_number_of_neurons_can_be_typed(hands: Any) -> None:
    hands.push(hands.header("L1").count)
    field = hands.header("L1").findChild(QLineEdit, "inline_field")
    hands.bench.type_into(field, "7")
    assert hands.project.layer("L1").size == 7


def test_inputs_of_two_column_data_are_features_and_those_of_other_data_are_fixed(open_canvas: Any) -> None:
    hands = open_canvas(None)
    hands.push(hands.header("L0").plus)
    assert hands.project.data.features == ("x1", "x2", "x1_squared")
    assert hands.canvas.scene.neurons["L0", 2].look.name == "x₁²"
    hands.push(hands.header("L0").minus)
    assert hands.project.data.features == ("x1", "x2")
    fixed = open_canvas(wide(3, 2, 1)).header("L0")
    assert not fixed.plus.isEnabled() and not fixed.minus.isEnabled()
    assert "column of the data" in fixed.plus.toolTip()


def test_a_layer_is_added_between_two_headers_and_removed_by_its_cross(hands: Any) -> None:
    hands.push(hands.canvas.band.insert_button("L1"))
    assert [layer.size for layer in hands.project.layers] == [2, 2, 4, 2]
    added = hands.project.layers[2].id
    assert hands.controller.selection == LAYER(added)
    hands.push(hands.header(added).remove)
    assert [layer.id for layer in hands.project.layers] == ["L0", "L1", "L2"]
    assert len(hands.canvas.scene.neurons) == 6


def test_a_header_renames_its_layer_on_a_double_click(hands: Any) -> None:
    header = hands.header("L1")
    hands.bench.qtbot.mouseDClick(header.name, Qt.MouseButton.LeftButton)
    editor = header.findChild(QLineEdit, "layer_rename")
    assert editor.text() == "Hidden 1"
    hands.bench.type_into(editor, "Features")
    assert hands.project.layer_name("L1") == "Features"
    assert hands.header("L1").name.text() == "Features"


def test_a_click_on_a_header_selects_the_layer(hands: Any) -> None:
    hands.push(hands.header("L2").name)
    assert hands.controller.selection == LAYER("L2")
    assert hands.header("L2").name.isChecked()
    assert hands.canvas.scene.neurons["L2", 1].look.selected


def test_the_activation_is_chosen_from_a_menu_with_formulas(hands: Any) -> None:
    hands.push(hands.header("L1").activation)
    menu = hands.canvas.findChild(QMenu, "activation_menu")
    texts = [action.text() for action in menu.actions()]
    assert "ReLU\tmax(0, z)" in texts and not any("Softmax" in text for text in texts)
    assert [a.text().split("\t")[0] for a in menu.actions() if a.isChecked()] == ["Sigmoid"]
    next(a for a in menu.actions() if a.text().startswith("ReLU")).trigger()
    menu.close()
    hands.settle()
    assert hands.project.layer("L1").activation == "relu"
    assert hands.header("L1").activation.text() == "ReLU"


def test_the_output_layer_may_choose_softmax(hands: Any) -> None:
    hands.push(hands.header("L2").activation)
    menu = hands.canvas.findChild(QMenu, "activation_menu")
    assert any("Softmax" in action.text() for action in menu.actions())
    menu.close()


def test_the_context_menu_offers_what_can_be_done_here(hands: Any) -> None:
    def menu_at(at: QPoint) -> dict[str, Any]:
        hands.surface.menu_wanted.emit(hands.surface.hit(QPointF(at)), QPoint(10, 10))
        menu = hands.canvas.findChildren(QMenu, "canvas_menu")[-1]
        return {action.text(): action for action in menu.actions()}

    edge = menu_at(hands.number_at(W1))
    assert "Edit weight h₁ ← x₁…" in edge
    edge["Freeze weight"].trigger()
    assert hands.project.frozen.weights["C1"][0, 0]
    neuron = menu_at(hands.neuron_at("L1", 1))
    neuron["Remove neuron h₂"].trigger()
    assert hands.project.layer("L1").size == 1
    background = menu_at(QPoint(3, 3))
    assert "Show the whole network" in background and "Pictures in the neurons" in background
    for menu in hands.canvas.findChildren(QMenu):
        menu.close()


# -- keyboard -------------------------------------------------------------------------------------


def test_tab_reaches_the_headers_once_and_then_the_network(hands: Any) -> None:
    hands.header("L0").name.setFocus()
    hands.bench.qtbot.keyClick(hands.focus(), Qt.Key.Key_Tab)
    assert hands.focus() is hands.surface
    hands.bench.qtbot.keyClick(hands.surface, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert hands.focus() is hands.header("L0").name


def test_arrows_walk_the_buttons_of_the_band(hands: Any) -> None:
    first = hands.header("L0").name
    first.setFocus()
    names = []
    for _ in range(5):
        names.append(hands.focus().objectName())
        hands.bench.qtbot.keyClick(hands.focus(), Qt.Key.Key_Right)
    assert names == ["layer_name", "layer_minus", "layer_count", "layer_plus", "layer_insert"]
    hands.bench.qtbot.keyClick(hands.focus(), Qt.Key.Key_Home)
    assert hands.focus() is first


def test_arrows_walk_the_network_and_enter_edits(hands: Any) -> None:
    hands.press(Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down)
    assert hands.controller.selection == NEURON("L1", 1)
    hands.press(Qt.Key.Key_Return)
    hands.type("0.125")
    assert hands.project.parameters.biases["L1"][1] == 0.125
    hands.press(Qt.Key.Key_E, Qt.Key.Key_E)
    assert hands.controller.selection == EDGE("C1", 1, 1)
    hands.press(Qt.Key.Key_Return)
    hands.type("-2")
    assert hands.project.parameters.weights["C1"][1, 1] == -2.0
    hands.press(Qt.Key.Key_Escape)
    assert hands.controller.selection == NOTHING


def test_delete_removes_the_selected_neuron_and_selects_its_neighbour(hands: Any) -> None:
    hands.controller.select(NEURON("L1", 1))
    hands.press(Qt.Key.Key_Delete)
    assert hands.project.layer("L1").size == 1 and hands.controller.selection == NEURON("L1", 0)
    hands.press(Qt.Key.Key_Delete)
    assert hands.project.layer("L1").size == 1
    assert hands.bench.notices and hands.bench.notices[-1][1] == "error"


def test_plus_and_minus_resize_the_selected_layer(hands: Any) -> None:
    hands.controller.select(LAYER("L1"))
    hands.press(Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Minus)
    assert hands.project.layer("L1").size == 3


def test_space_is_left_to_the_window(hands: Any) -> None:
    heard: list[int] = []
    hands.canvas.keyPressEvent = lambda event: heard.append(event.key())
    hands.press(Qt.Key.Key_Space)
    assert heard == [Qt.Key.Key_Space]


def test_the_keyboards_place_is_visible_and_a_mouse_needs_no_ring(hands: Any) -> None:
    def ring() -> bool:
        image = hands.viewport.grab().toImage()
        return image.pixelColor(image.width() // 2, 2).name() == hands.theme.tokens.focus

    hands.header("L0").name.setFocus()
    assert not ring()
    hands.surface.setFocus(Qt.FocusReason.TabFocusReason)
    assert ring()
    hands.click(hands.neuron_at("L1", 0))
    assert not ring()


def test_a_screen_reader_is_told_what_is_selected(hands: Any) -> None:
    assert hands.surface.accessibleName() == "Network"
    hands.controller.select(NEURON("L2", 0))
    said = hands.surface.accessibleDescription()
    assert "Neuron o₁" in said and "a 0.7514" in said and "b 0.6" in said
    hands.controller.select(W1)
    assert "h₁ ← x₁" in hands.surface.accessibleDescription()
    buttons = [b for layer in ("L0", "L1", "L2") for b in hands.header(layer).buttons()]
    assert all(button.accessibleName() for button in buttons)


# -- zoom and pan ---------------------------------------------------------------------------------


def test_the_wheel_zooms_around_the_pointer_within_limits(hands: Any) -> None:
    at = hands.neuron_at("L1", 0)
    hands.wheel(at, 120)
    assert hands.canvas.zoom() == pytest.approx(1.2)
    moved = hands.neuron_at("L1", 0) - at
    assert abs(moved.x()) <= 2 and abs(moved.y()) <= 2
    for _ in range(40):
        hands.surface.zoom_by(1.5, QPointF(at))
    assert hands.canvas.zoom() == pytest.approx(MOST_ZOOM)
    for _ in range(60):
        hands.surface.zoom_by(0.7, QPointF(at))
    assert hands.canvas.zoom() == pytest.approx(LEAST_ZOOM)


def test_dragging_the_background_or_the_middle_button_moves_the_picture(hands: Any) -> None:
    before = hands.neuron_at("L0", 0)
    hands.drag(QPoint(200, 330), QPoint(240, 310))
    assert hands.neuron_at("L0", 0) - before == QPoint(40, -20)
    start = hands.neuron_at("L1", 0)
    hands.drag(start, start + QPoint(-40, 20), Qt.MouseButton.MiddleButton)
    assert hands.neuron_at("L0", 0) == before
    assert hands.controller.selection == NOTHING


def test_headers_stand_over_their_columns_however_the_picture_is_moved(hands: Any) -> None:
    def off(layer: str) -> int:
        header = hands.header(layer)
        middle = header.mapTo(hands.canvas, QPoint(header.width() // 2, 0)).x()
        return abs(middle - hands.neuron_at(layer, 0).x())

    hands.drag(QPoint(200, 330), QPoint(290, 310))
    hands.wheel(QPoint(300, 100), -120)
    assert all(off(layer) <= 2 for layer in ("L0", "L1", "L2"))


def test_the_picture_cannot_be_lost_out_of_view(hands: Any) -> None:
    for _ in range(20):
        hands.surface.pan_by(QPointF(900, 900))
    layout = hands.canvas.arrangement
    corner = hands.surface.on_screen(QPointF(0, 0))
    assert corner.x() < hands.viewport.width() and corner.y() < hands.viewport.height()
    assert layout is not None


def test_a_new_structure_is_fitted_unless_the_user_has_zoomed(hands: Any) -> None:
    hands.controller.edit("Add", set_layer_size, "L1", 9)
    hands.settle()
    assert hands.viewport.rect().contains(hands.neuron_at("L1", 8))
    hands.wheel(QPoint(10, 10), 360)
    zoom = hands.canvas.zoom()
    hands.controller.edit("Add", add_layer, "L1")
    hands.settle()
    assert hands.canvas.zoom() == zoom and hands.canvas.zoom_bar.isVisible()
    hands.canvas.fit()
    assert not hands.canvas.zoom_bar.isVisible()
    assert all(hands.viewport.rect().contains(hands.neuron_at(*key)) for key in hands.canvas.scene.neurons)


def test_resizing_the_window_fits_the_network_again(hands: Any) -> None:
    hands.canvas.resize(QSize(1200, 800))
    hands.settle()
    zoom = hands.canvas.zoom()
    assert zoom > 1.0
    hands.canvas.resize(QSize(520, 300))
    hands.settle()
    assert hands.canvas.zoom() < zoom
    assert all(hands.viewport.rect().contains(hands.neuron_at(*key)) for key in hands.canvas.scene.neurons)


def test_actual_size_is_one_pixel_a_unit(hands: Any) -> None:
    hands.canvas.zoom_in()
    hands.canvas.zoom_out()
    hands.canvas.zoom_in()
    hands.canvas.actual_size()
    assert hands.canvas.zoom() == pytest.approx(1.0)


# -- large layers ---------------------------------------------------------------------------------


def test_a_long_layer_is_shortened_and_a_click_on_its_mark_opens_it(open_canvas: Any) -> None:
    hands = open_canvas(wide(64, 32, 10))
    marks = {layer: mark for (layer, _), mark in hands.canvas.scene.marks.items()}
    assert marks["L0"].text == "⋯ 54 more" and marks["L1"].text == "⋯ 22 more"
    assert ("L0", 30) not in hands.canvas.scene.neurons
    hands.click(hands.on_screen(marks["L0"].pos()))
    assert ("L0", 30) in hands.canvas.scene.neurons
    closing = next(mark for (layer, _), mark in hands.canvas.scene.marks.items() if layer == "L0")
    assert closing.text == "show fewer"
    hands.click(hands.on_screen(closing.pos()))
    assert ("L0", 30) not in hands.canvas.scene.neurons


def test_a_hidden_neuron_that_is_selected_is_shown(open_canvas: Any) -> None:
    hands = open_canvas(wide(64, 32, 10))
    hands.controller.select(EDGE("C1", 17, 40))
    assert ("L0", 40) in hands.canvas.scene.neurons and ("L1", 17) in hands.canvas.scene.neurons
    assert [edge.focused for edge in hands.canvas.scene.edges.highlight.lit] == [True]


def test_walking_down_a_long_layer_never_ends_at_its_mark(open_canvas: Any) -> None:
    hands = open_canvas(wide(40, 2, 1))
    hands.controller.select(NEURON("L0", 0))
    hands.press(*[Qt.Key.Key_Down] * 20)
    assert hands.controller.selection == NEURON("L0", 20)
    assert ("L0", 20) in hands.canvas.scene.neurons


def test_of_very_many_edges_only_the_strongest_are_drawn_but_all_of_the_selected_neuron(
    open_canvas: Any,
) -> None:
    hands = open_canvas(wide(60, 60))
    for layer in ("L0", "L1"):
        hands.canvas.toggle_layer(layer)
    hands.settle()
    item = hands.canvas.scene.edges.connections["C1"]
    assert len(item.drawn) == 1500 < 60 * 60
    hands.controller.select(NEURON("L1", 5))
    assert len(hands.canvas.scene.edges.highlight.lit) == 60


@pytest.mark.parametrize("size", [(700, 420), (1500, 900)])
@pytest.mark.parametrize("sizes", [(1, 1, 1), (2, 2, 2), (2, 8, 8, 8, 1), (64, 32, 10)])
def test_no_text_in_the_headers_is_cut_or_covered(
    open_canvas: Callable[..., Any], sizes: tuple[int, ...], size: tuple[int, int]
) -> None:
    hands = open_canvas(wide(*sizes), *size)
    right = 0
    for layer in hands.project.layers:
        header = hands.header(layer.id)
        for button in (header.name, header.activation):
            if not button.isHidden():
                assert button.width() >= button.full_width()
        spread = header.childrenRect()
        assert spread.width() <= header.width()
        assert header.x() >= right - 1
        right = header.x() + header.width()
    assert re.fullmatch(r"\d+", hands.header("L0").count.text())
