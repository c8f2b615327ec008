"""The canvas by real events: dragging the number of a weight or a bias."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from nnsim.model.edits.parameters import set_bias_frozen, set_weight_frozen
from nnsim.model.edits.structure import set_bias_kind
from nnsim.ui.selection import Selection

NEURON, EDGE = Selection.of_neuron, Selection.of_edge
W1 = EDGE("C1", 0, 0)
LEFT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


def send(hands: Any, kind: QEvent.Type, at: QPoint, keys: Any = Qt.KeyboardModifier.NoModifier) -> None:
    button = NO_BUTTON if kind == QEvent.Type.MouseMove else LEFT
    buttons = NO_BUTTON if kind == QEvent.Type.MouseButtonRelease else LEFT
    everywhere = QPointF(hands.viewport.mapToGlobal(at))
    event = QMouseEvent(kind, QPointF(at), everywhere, button, buttons, keys)
    QApplication.sendEvent(hands.viewport, event)
    hands.settle()


def by(pixels: int) -> QPoint:
    return QPoint(pixels, 0)


def weight(hands: Any) -> float:
    return float(hands.project.parameters.weights["C1"][0, 0])


def test_a_weight_is_dragged_by_its_number_and_everything_follows_as_one_undo_entry(hands: Any) -> None:
    at = hands.number_at(W1)
    before, corner = hands.canvas.scene.neurons["L2", 0].look.value, hands.neuron_at("L2", 0)
    send(hands, QEvent.Type.MouseButtonPress, at)
    send(hands, QEvent.Type.MouseMove, at + by(10))
    assert weight(hands) == 0.2, "it follows while the button is down"
    send(hands, QEvent.Type.MouseMove, at + by(40))
    send(hands, QEvent.Type.MouseButtonRelease, at + by(40))
    assert weight(hands) == 0.35
    assert hands.controller.selection == W1
    assert hands.canvas.scene.neurons["L2", 0].look.value != before
    assert hands.neuron_at("L2", 0) == corner, "the picture has not been dragged along"
    assert hands.controller.session.undo_label == "Weight h₁ ← x₁"
    hands.controller.session.undo()
    hands.settle()
    assert weight(hands) == 0.15 and not hands.controller.session.can_undo


def test_two_drags_are_two_undo_entries(hands: Any) -> None:
    hands.drag(hands.number_at(W1), hands.number_at(W1) + by(20))
    hands.drag(hands.number_at(W1), hands.number_at(W1) + by(20))
    assert weight(hands) == 0.35
    hands.controller.session.undo()
    assert weight(hands) == 0.25 and hands.controller.session.can_undo


def test_shift_is_coarser_and_control_finer_as_in_fields(hands: Any) -> None:
    at = hands.number_at(W1)
    send(hands, QEvent.Type.MouseButtonPress, at)
    send(hands, QEvent.Type.MouseMove, at + by(20), Qt.KeyboardModifier.ControlModifier)
    assert weight(hands) == 0.16
    send(hands, QEvent.Type.MouseMove, at + by(30), Qt.KeyboardModifier.ShiftModifier)
    assert weight(hands) == 0.7
    send(hands, QEvent.Type.MouseButtonRelease, at + by(30))


def test_escape_takes_the_drag_back_and_leaves_nothing_to_undo(hands: Any) -> None:
    at, before = hands.number_at(W1), hands.project
    send(hands, QEvent.Type.MouseButtonPress, at)
    send(hands, QEvent.Type.MouseMove, at + by(30))
    send(hands, QEvent.Type.MouseMove, at + by(60))
    hands.press(Qt.Key.Key_Escape)
    assert hands.project is before and weight(hands) == 0.15
    assert not hands.controller.session.can_undo and not hands.controller.session.can_redo
    assert hands.controller.selection == W1, "Esc was meant for the drag"
    send(hands, QEvent.Type.MouseMove, at + by(90))
    send(hands, QEvent.Type.MouseButtonRelease, at + by(90))
    assert hands.project is before
    hands.press(Qt.Key.Key_Escape)
    assert hands.controller.selection != W1, "and is the canvas's again afterwards"


def test_a_trembling_click_selects_and_changes_nothing(hands: Any) -> None:
    at, before = hands.number_at(W1), hands.project
    hands.drag(at, at + by(3))
    assert hands.project is before and hands.controller.selection == W1
    hands.double_click(at)
    assert hands.field() is not None


def test_a_bias_is_dragged_by_its_number(hands: Any) -> None:
    at = hands.number_at(NEURON("L1", 1))
    hands.drag(at, at + by(-20))
    assert hands.project.parameters.biases["L1"].tolist() == [0.35, 0.25]
    assert hands.controller.session.undo_label == "Bias of h₂"


def test_numbers_say_by_the_pointer_that_they_can_be_dragged(hands: Any) -> None:
    hands.point(hands.number_at(W1))
    assert hands.viewport.cursor().shape() == Qt.CursorShape.SizeHorCursor
    hands.point(hands.neuron_at("L1", 0))
    assert hands.viewport.cursor().shape() == Qt.CursorShape.PointingHandCursor


def test_what_is_frozen_stays_and_says_so(hands: Any) -> None:
    hands.controller.edit("Freeze", set_weight_frozen, "C1", 0, 0, True)
    hands.controller.edit("Freeze", set_bias_frozen, "L1", 0, True)
    hands.settle()
    before = hands.project
    hands.drag(hands.number_at(W1), hands.number_at(W1) + by(30))
    at = hands.number_at(NEURON("L1", 0))
    hands.drag(at, at + by(30))
    assert hands.project is before
    told = [text for text, _ in hands.bench.notices]
    how = "is frozen. Open its lock in the property panel, or type a number."
    assert told == [f"Weight h₁ ← x₁ {how}", f"Bias of h₁ {how}"]


def test_a_shared_bias_moves_for_all_and_says_so(hands: Any) -> None:
    hands.controller.edit("Bias", set_bias_kind, "L1", "shared")
    hands.settle()
    at = hands.number_at(NEURON("L1", 0))
    hands.drag(at, at + by(10))
    assert hands.project.parameters.biases["L1"].tolist() == [0.4, 0.4]
    assert hands.bench.notices == [
        ("All neurons of Hidden 1 share this bias: it changes for all of them.", "info")
    ]


def test_the_background_still_drags_the_picture(hands: Any) -> None:
    corner, before = hands.neuron_at("L2", 0), hands.project
    hands.drag(QPoint(4, 4), QPoint(44, 24))
    assert hands.neuron_at("L2", 0) == corner + QPoint(40, 20) and hands.project is before


def test_a_run_stands_still_under_the_hand_and_goes_on_after_it(hands: Any) -> None:
    session = hands.controller.session
    session.set_speed(None)
    hands.controller.toggle_run()
    for _ in range(3):
        hands.settle()
    at = hands.number_at(W1)
    send(hands, QEvent.Type.MouseButtonPress, at)
    send(hands, QEvent.Type.MouseMove, at + by(20))
    send(hands, QEvent.Type.MouseMove, at + by(400))
    assert not hands.controller.running and session.undo_label == "Weight h₁ ← x₁"
    given, epoch = weight(hands), hands.project.progress.epoch
    assert given > 1.5 and epoch > 0, "from where training had brought it"
    send(hands, QEvent.Type.MouseButtonRelease, at + by(400))
    assert hands.controller.running
    hands.settle()
    hands.controller.toggle_run()
    hands.settle()
    assert hands.project.progress.epoch > epoch and weight(hands) != given
    session.undo()  # what was trained after it
    assert weight(hands) == given
    session.undo()
    assert weight(hands) < 1.0 and session.undo_label.startswith("Train"), "the drag is one entry"
