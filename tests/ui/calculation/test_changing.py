"""Weights and biases are changed where the calculation shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from nnsim.core.explain.expression import Number
from nnsim.core.explain.quantity import Quantity
from nnsim.engine.messages import Granularity
from nnsim.model.edits.parameters import set_bias_frozen
from nnsim.ui.calculation.box import Spot
from nnsim.ui.selection import Selection

W1, B1 = Quantity("weight", 1, 0, 0, 0), Quantity("bias", 1, 0)
H1 = Selection.of_neuron("L1", 0)


def spot_of(hands: Any, quantity: Quantity) -> Spot:
    """The first number of this quantity that can be changed."""
    return next(
        s
        for s in hands.spots()
        if isinstance(s.node, Number) and s.node.quantity == quantity and hands.view.can_change(s.node)
    )


def mouse(hands: Any, kind: QEvent.Type, at: QPoint) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    everywhere = QPointF(hands.view.mapToGlobal(at))
    event = QMouseEvent(kind, QPointF(at), everywhere, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(hands.view, event)
    hands.bench.settle()


def drag(hands: Any, quantity: Quantity, pixels: int, let_go: bool = True) -> None:
    at = hands.at(spot_of(hands, quantity))
    mouse(hands, QEvent.Type.MouseButtonPress, at)
    for share in (0.5, 1.0):
        mouse(hands, QEvent.Type.MouseMove, at + QPoint(round(share * pixels), 0))
    if let_go:
        mouse(hands, QEvent.Type.MouseButtonRelease, at + QPoint(pixels, 0))


def weight(hands: Any) -> float:
    return float(hands.bench.project.parameters.weights["C1"][0, 0])


def bias(hands: Any) -> float:
    return float(hands.bench.project.parameters.biases["L1"][0])


def test_dragging_a_number_of_the_calculation_changes_the_weight_and_the_result(hands: Any) -> None:
    hands.select(H1)
    assert 0.3775 in [s.node.value for s in hands.spots() if isinstance(s.node, Number)]
    drag(hands, W1, 20)
    assert weight(hands) == 0.25
    shown = [s.node.value for s in hands.spots() if isinstance(s.node, Number)]
    assert pytest.approx(0.25 * 0.05 + 0.2 * 0.1 + 0.35, rel=1e-12) in shown
    assert hands.bench.session.undo_label == "Weight h₁ ← x₁"
    hands.bench.session.undo()
    assert weight(hands) == 0.15 and not hands.bench.session.can_undo


def test_within_a_step_the_operation_under_way_goes_on_with_the_new_weight(hands: Any) -> None:
    hands.step()
    drag(hands, B1, -20)
    assert bias(hands) == 0.25
    hands.bench.session.undo()
    assert bias(hands) == 0.35


def test_escape_takes_it_back(hands: Any) -> None:
    hands.select(H1)
    before = hands.bench.project
    drag(hands, B1, 30, let_go=False)
    assert bias(hands) == 0.5
    hands.press(Qt.Key.Key_Escape)
    assert hands.bench.project is before and not hands.bench.session.can_undo
    mouse(hands, QEvent.Type.MouseButtonRelease, QPoint(5, 5))
    assert hands.bench.project is before


def test_a_click_only_chooses_the_number(hands: Any) -> None:
    hands.select(H1)
    before = hands.bench.project
    drag(hands, W1, 3)
    assert hands.bench.project is before
    assert hands.view.chosen is not None and hands.view.chosen.value == 0.15


@pytest.mark.parametrize("by_keyboard", [False, True])
def test_a_number_can_be_typed_over(hands: Any, by_keyboard: bool) -> None:
    hands.select(H1)
    spot = spot_of(hands, W1)
    hands.click(spot)
    if by_keyboard:
        hands.press(Qt.Key.Key_Return)
    else:
        hands.bench.qtbot.mouseDClick(hands.view, Qt.MouseButton.LeftButton, pos=hands.at(spot))
    field = hands.panel.hand.field
    assert field is not None and field.isVisible() and field.text() == "0.15"
    assert field.geometry().contains(hands.at(spot))
    hands.bench.type_into(field, "1/3")
    assert weight(hands) == 1 / 3 and hands.panel.hand.field is None
    assert QApplication.focusWidget() is hands.view


def test_leaving_the_field_by_escape_changes_nothing(hands: Any) -> None:
    hands.select(H1)
    hands.click(spot_of(hands, B1))
    hands.press(Qt.Key.Key_Return)
    before = hands.bench.project
    hands.bench.type_into(hands.panel.hand.field, "9", Qt.Key.Key_Escape)
    assert hands.bench.project is before and hands.panel.hand.field is None


def test_the_field_closes_when_another_calculation_is_shown(hands: Any) -> None:
    hands.select(H1)
    hands.click(spot_of(hands, B1))
    hands.press(Qt.Key.Key_Return)
    hands.select(Selection.of_neuron("L2", 1))
    assert hands.panel.hand.field is None


def test_only_present_weights_and_biases_can_be_changed(hands: Any) -> None:
    for _ in range(40):
        hands.controller.step(Granularity.NEURON)
        hands.bench.settle()
        values = hands.bench.project.parameters
        for spot in hands.spots():
            q = spot.node.quantity
            if isinstance(spot.node, Number) and q is not None and hands.view.can_change(spot.node):
                layer = hands.bench.project.layers[q.layer].id
                now = (
                    values.biases[layer][q.neuron]
                    if q.kind == "bias"
                    else values.weights[hands.bench.project.connections[q.connection].id][q.neuron, q.source]
                )
                assert spot.node.value == now
            assert q is None or q.kind in ("weight", "bias") or not hands.view.can_change(spot.node)


def test_a_frozen_bias_stays_and_says_so(hands: Any) -> None:
    hands.controller.edit("Freeze", set_bias_frozen, "L1", 0, True)
    hands.select(H1)
    before = hands.bench.project
    drag(hands, B1, 30)
    assert hands.bench.project is before
    assert hands.bench.notices[-1][0].startswith("Bias of h₁ is frozen.")


def test_the_pointer_says_what_can_be_dragged(open_panel: Callable[..., Any]) -> None:
    hands = open_panel()
    hands.select(H1)
    hands.point(hands.at(spot_of(hands, W1)))
    assert hands.view.cursor().shape() == Qt.CursorShape.SizeHorCursor
    hands.point(hands.at(hands.number(0.3775)))
    assert hands.view.cursor().shape() == Qt.CursorShape.IBeamCursor
