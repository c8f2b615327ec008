"""The canvas by real events: editing numbers and structure on it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QLineEdit, QMenu

from nnsim.model.edits.structure import remove_layer
from nnsim.ui.selection import Selection

NEURON, EDGE, LAYER = Selection.of_neuron, Selection.of_edge, Selection.of_layer
W1 = EDGE("C1", 0, 0)


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


def test_the_last_neuron_cannot_be_removed(open_canvas: Any, wide: Any) -> None:
    hands = open_canvas(wide(2, 1, 1))
    assert not hands.header("L1").minus.isEnabled() and hands.header("L1").plus.isEnabled()


def test_the_number_of_neurons_can_be_typed(hands: Any) -> None:
    hands.push(hands.header("L1").count)
    field = hands.header("L1").findChild(QLineEdit, "inline_field")
    hands.bench.type_into(field, "7")
    assert hands.project.layer("L1").size == 7


def test_inputs_of_two_columns_are_features_and_others_are_fixed(open_canvas: Any, wide: Any) -> None:
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
