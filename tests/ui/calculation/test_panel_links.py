"""What the calculation lights up and is lit up by, and how it looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint

from nnsim.core.explain.expression import Number
from nnsim.core.explain.quantity import Quantity
from nnsim.engine.messages import Granularity
from nnsim.model.edits import set_training
from nnsim.ui.numbers import exact
from nnsim.ui.selection import NOTHING, Selection

H1, O1 = Selection.of_neuron("L1", 0), Selection.of_neuron("L2", 0)


# -- links ----------------------------------------------------------------------------------------


def test_pointing_at_a_number_lights_it_up_wherever_it_stands(hands: Any) -> None:
    hands.step(2)
    z = hands.number(0.3775)
    hands.point(hands.at(z))
    assert hands.controller.quantity == Quantity("z", 1, 0)
    assert hands.controller.hover == H1
    assert {node.quantity for node in hands.view.lit()} == {Quantity("z", 1, 0)}
    assert len(hands.view.lit()) > 1, "the symbol and the number"
    hands.point(QPoint(1, 1))
    assert hands.controller.quantity is None
    assert hands.controller.hover == NOTHING
    assert hands.view.lit() == []


def test_what_is_pointed_at_elsewhere_is_lit_up_in_the_calculation(hands: Any) -> None:
    hands.step()
    hands.controller.set_hover(Selection.of_edge("C1", 0, 1))
    assert {node.quantity for node in hands.view.lit()} == {Quantity("weight", 1, 0, 0, 1)}
    hands.controller.set_quantity(Quantity("bias", 1, 0))
    assert {node.quantity for node in hands.view.lit()} == {Quantity("bias", 1, 0)}
    assert hands.controller.hover == H1
    hands.controller.set_hover(NOTHING)
    assert hands.controller.quantity is None
    assert hands.view.lit() == []


def test_tool_tips_name_numbers_and_give_all_their_digits(hands: Any) -> None:
    hands.step(2)
    result = hands.number(0.593269992107)
    assert hands.panel.tell(result.node) == "a h₁ = 0.5932699921071872"
    symbol = next(
        s.node
        for s in hands.spots()
        if not isinstance(s.node, Number) and s.node.quantity == Quantity("z", 1, 0)
    )
    assert hands.panel.tell(symbol) == f"z h₁ = {exact(0.3775)}"
    one = next(s.node for s in hands.spots() if isinstance(s.node, Number) and s.node.quantity is None)
    assert hands.panel.tell(one) == "1"


# -- looks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [220, 300, 420, 900])
def test_no_operation_needs_scrolling_sideways(open_panel: Callable[..., Any], width: int) -> None:
    hands = open_panel(width=width, optimizer="adam", batch_size=0)
    for _ in range(20):
        hands.controller.step(Granularity.NEURON)
        hands.bench.settle()
        assert not hands.panel._scroll.horizontalScrollBar().isVisible(), hands.panel.text()


def test_it_follows_notation_theme_and_text_size(hands: Any) -> None:
    hands.step()
    before, page = hands.panel.text(), hands.view.page
    hands.controller.view.set_notation("numbered")
    assert hands.panel.text() != before
    assert "net" in hands.panel.text()
    hands.controller.view.set_notation("nnsim")
    hands.bench.theme.set_text_scale(1.5)
    assert page is not None
    assert hands.view.page is not None
    assert hands.view.page.height > 1.3 * page.height
    hands.bench.theme.set_mode("dark")
    assert hands.view.grab().toImage().pixelColor(1, 1).name() == hands.bench.theme.tokens.panel


def test_a_hidden_panel_explains_nothing_until_it_is_shown(hands: Any) -> None:
    hands.panel.hide()
    hands.step()
    assert hands.view.page is not None
    assert hands.spots() == []
    hands.panel.show()
    hands.bench.settle()
    assert hands.number(0.3775)


def test_changing_the_rate_between_steps_changes_the_next_update(hands: Any) -> None:
    hands.select(Selection.of_edge("C2", 0, 0))
    hands.pick("weight")
    assert hands.number(0.358916479718)
    assert hands.controller.edit("Rate", set_training, learning_rate=1.0)
    hands.bench.settle()
    assert hands.number(0.317832959436)
