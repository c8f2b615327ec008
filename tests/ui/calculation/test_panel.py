"""The calculation panel by real events: asking, choosing, walking, copying."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton

from nnsim.core.explain.expression import Number
from nnsim.core.explain.latex import to_latex
from nnsim.core.explain.quantity import Quantity
from nnsim.core.explain.text import to_text
from nnsim.engine.messages import Granularity
from nnsim.model.edits import set_weight
from nnsim.model.project import Project
from nnsim.ui.calculation.reader import GIVEN, HOW_TO_BEGIN, NOT_YET, TRAINING
from nnsim.ui.selection import NOTHING, Selection

H1, O1 = Selection.of_neuron("L1", 0), Selection.of_neuron("L2", 0)


# -- what is explained ----------------------------------------------------------------------------


def test_before_the_first_operation_it_says_what_to_do(hands: Any) -> None:
    assert hands.panel.text() == HOW_TO_BEGIN
    assert hands.panel.windowTitle() == "Calculation"
    assert hands.offered() == {}
    assert hands.spots() == []


def test_it_explains_the_operation_under_way(open_panel: Callable[..., Any]) -> None:
    hands = open_panel(width=640)
    hands.step()
    assert hands.panel.windowTitle() == "Calculation · operation 1 of 45 · forward"
    explanation = hands.panel.reading.explanation
    assert explanation is not None
    assert hands.panel.text() == to_text(explanation)
    assert hands.view.accessibleDescription() == hands.panel.text()
    assert hands.number(0.3775).node.quantity == Quantity("z", 1, 0)
    hands.step(2)
    assert hands.number(0.3925).node.quantity == Quantity("z", 1, 1)


def test_the_last_operation_of_a_step_stays_until_the_next(hands: Any) -> None:
    hands.step(45)
    assert hands.controller.snapshot.step == 1
    assert "45 of 45" in hands.panel.windowTitle()
    hands.step()
    assert "1 of 45" in hands.panel.windowTitle()
    hands.controller.step(Granularity.BATCH)
    hands.bench.settle()
    hands.controller.step(Granularity.BATCH)
    hands.bench.settle()
    assert hands.panel.text() == HOW_TO_BEGIN, "of a whole batch no operation was under way"


def test_between_steps_the_numbers_of_what_is_selected_can_be_picked(hands: Any) -> None:
    hands.select(H1)
    assert list(hands.offered()) == ["z", "a", "blame", "slope", "delta", "bias_gradient", "bias"]
    assert hands.number(0.3775).node.quantity == Quantity("z", 1, 0)
    hands.pick("delta")
    probe = hands.controller.snapshot.probe
    assert hands.number(float(probe.delta[1][0])).node.quantity == Quantity("delta", 1, 0)
    hands.select(O1)
    assert hands.number(float(probe.delta[2][0])).node.quantity == Quantity("delta", 2, 0), "δ as before"
    hands.select(Selection.of_edge("C1", 1, 0))
    assert list(hands.offered()) == ["weight_gradient", "weight"]
    gradient = float(probe.gradient.weights["C1"][1, 0])
    assert hands.number(gradient).node.quantity == Quantity("weight_gradient", 1, 1, 0, 0)
    hands.select(NOTHING)
    assert hands.panel.text() == HOW_TO_BEGIN
    assert hands.offered() == {}


def test_within_a_step_only_what_has_been_shown_can_be_picked(hands: Any) -> None:
    hands.step(3)
    hands.select(H1)
    offered = hands.offered()
    assert [key for key, enabled in offered.items() if enabled] == ["now", "z", "a"]
    hands.pick("a")
    assert hands.number(0.593269992107).node.quantity == Quantity("a", 1, 0)
    hands.pick("now")
    assert hands.number(0.3925).node.quantity == Quantity("z", 1, 1)
    hands.pick("a")
    hands.step()
    assert hands.number(0.596884378259).node.quantity == Quantity("a", 1, 1), "a step shows its operation"


def test_what_is_under_the_pointer_is_explained_where_nothing_is_selected(hands: Any) -> None:
    hands.controller.set_hover(H1)
    hands.bench.settle()
    assert hands.number(0.3775).node.quantity == Quantity("z", 1, 0)
    hands.controller.set_hover(NOTHING)
    hands.bench.settle()
    assert hands.panel.text() == HOW_TO_BEGIN


def test_given_numbers_say_that_they_are_given(hands: Any) -> None:
    hands.select(Selection.of_neuron("L0", 0))
    assert hands.panel.text() == GIVEN


def test_the_state_of_an_optimizer_can_be_picked(open_panel: Callable[..., Any]) -> None:
    hands = open_panel(optimizer="adam")
    hands.select(Selection.of_edge("C2", 0, 1))
    assert list(hands.offered()) == ["weight_gradient", "state_m", "state_v", "weight"]
    hands.pick("state_v")
    quantities = [s.node.quantity for s in hands.spots() if isinstance(s.node, Number)]
    assert Quantity("state", 2, 0, 1, 1, "v") in quantities


def test_with_a_batch_it_says_whose_numbers_they_are(open_panel: Callable[..., Any]) -> None:
    hands = open_panel(batch_size=0)
    hands.controller.view.set_sample(1)
    hands.step()
    assert hands.panel.reading.heading.endswith("sample 2")
    assert hands.number(0.2).node.quantity == Quantity("x", 0, 0)


def test_an_edit_is_followed_at_once(hands: Any) -> None:
    hands.select(H1)
    assert hands.controller.edit("Weight", set_weight, "C1", 0, 0, 1.15)
    hands.bench.settle()
    assert hands.number(0.4275).node.quantity == Quantity("z", 1, 0)


def test_a_document_that_cannot_be_computed_says_why(hands: Any) -> None:
    def of_a_newer_version(project: Project) -> Project:
        hidden = replace(project.layers[1], activation="from the future")
        return replace(project, layers=(project.layers[0], hidden, *project.layers[2:]))

    hands.step()
    assert hands.controller.edit("Activation", of_a_newer_version)
    hands.bench.settle()
    assert "from the future" in hands.panel.text()
    hands.controller.session.undo()
    hands.bench.settle()
    assert hands.number(0.3775)


def test_training_flat_out_shows_no_calculation(hands: Any) -> None:
    hands.controller.session.set_speed(None)
    hands.controller.toggle_run()
    hands.bench.qtbot.waitUntil(lambda: hands.panel.text() == TRAINING)
    hands.controller.toggle_run()
    hands.bench.qtbot.waitUntil(lambda: hands.controller.session.settled)
    hands.bench.settle()
    assert hands.panel.text() == HOW_TO_BEGIN


# -- choosing, copying, walking -------------------------------------------------------------------


def test_a_click_chooses_a_number_and_ctrl_c_copies_all_its_digits(hands: Any) -> None:
    hands.step(2)
    a = hands.number(0.593269992107)
    hands.click(a)
    assert hands.view.chosen == a.node
    hands.press(Qt.Key.Key_C, control=True)
    assert hands.clipboard() == "0.5932699921071872"
    assert hands.bench.notices[-1] == ("0.5932699921071872 is on the clipboard.", "info")
    hands.bench.click(hands.view, pos=QPoint(2, 2))
    assert hands.view.chosen is None


def test_the_keyboard_walks_from_number_to_number(hands: Any) -> None:
    hands.step()
    hands.view.setFocus(Qt.FocusReason.TabFocusReason)
    for key, value in (
        (Qt.Key.Key_Right, 0.15), (Qt.Key.Key_Right, 0.05), (Qt.Key.Key_Down, 0.02),
        (Qt.Key.Key_End, 0.3775), (Qt.Key.Key_Home, 0.15),
    ):  # fmt: skip
        hands.press(key)
        assert hands.view.chosen is not None
        assert hands.view.chosen.value == pytest.approx(value)
        assert hands.controller.quantity == hands.view.chosen.quantity
    hands.press(Qt.Key.Key_Escape)
    assert hands.view.chosen is None


def test_tab_comes_to_the_calculation(hands: Any) -> None:
    hands.step()
    chain = hands.panel.nextInFocusChain()
    while chain is not hands.view and chain is not hands.panel:
        chain = chain.nextInFocusChain()
    assert chain is hands.view
    assert hands.view.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_enter_asks_where_a_number_comes_from(hands: Any) -> None:
    hands.step(2)
    z = next(
        s for s in hands.spots() if isinstance(s.node, Number) and s.node.quantity == Quantity("z", 1, 0)
    )
    hands.click(z)
    hands.press(Qt.Key.Key_Return)
    assert hands.panel.reading.heading.startswith("z of")
    assert "1 of 45" in hands.panel.windowTitle()
    hands.step()
    assert "3 of 45" in hands.panel.windowTitle()


def test_what_has_not_been_computed_is_explained_in_symbols_only(hands: Any) -> None:
    hands.step()
    assert hands.panel.ask(Quantity("delta", 1, 0))
    assert NOT_YET in hands.panel.reading.words
    assert not [s for s in hands.spots() if isinstance(s.node, Number) and s.node.quantity is not None]
    assert not hands.panel.ask(Quantity("x", 0, 0)), "no operation finds an input"


def test_the_menu_copies_text_latex_and_picture(hands: Any) -> None:
    hands.step(2)
    reading = hands.panel.reading
    assert reading.explanation is not None

    def choose(name: str) -> None:
        hands.bench.find(QAction, f"calculation_{name}").trigger()

    choose("copy_text")
    assert hands.clipboard() == to_text(reading.explanation)
    choose("copy_latex")
    assert hands.clipboard() == to_latex([line for block in reading.blocks for line in block])
    choose("copy_picture")
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (
        3 * hands.view.sizeHint().width(),
        3 * hands.view.sizeHint().height(),
    )
    colors = {
        image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)
    }
    tokens = hands.bench.theme.tokens
    assert {tokens.panel, tokens.focus_text} <= colors


def test_the_menu_offers_only_what_there_is(hands: Any) -> None:
    def enabled() -> dict[str, bool]:
        hands.bench.click(hands.bench.find(QToolButton, "calculation_menu_button"))
        assert hands.panel.menu.isVisible()
        found = {a.objectName()[12:]: a.isEnabled() for a in hands.panel.menu.actions() if a.text()}
        hands.panel.menu.close()
        return found

    tools = hands.panel.title_widgets()[0]
    tools.setParent(hands.panel.window())
    tools.show()
    assert not any(enabled().values())
    hands.step()
    assert enabled()["copy_text"] and not enabled()["copy_number"]
    hands.click(hands.number(0.3775))
    assert enabled()["copy_number"]


def test_the_picture_can_be_saved(hands: Any, tmp_path: Path) -> None:
    hands.step()
    hands.bench.find(QAction, "calculation_save_picture").trigger()
    dialog = next(w for w in QApplication.topLevelWidgets() if w.objectName() == "save_picture_dialog")
    dialog.fileSelected.emit(str(tmp_path / "z.svg"))  # type: ignore[attr-defined]
    dialog.close()
    assert (tmp_path / "z.svg").read_bytes().startswith(b"<?xml")


# -- room -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [200, 240, 900])
def test_no_number_that_can_be_picked_is_cut_in_a_narrow_panel(
    open_panel: Callable[..., Any], width: int
) -> None:
    hands = open_panel(width=width)
    hands.select(O1)
    hands.step()
    picker = hands.panel.picker
    buttons = [b for b in picker.findChildren(QPushButton) if b.isVisible()]
    assert len(buttons) >= 8
    for button in buttons:
        assert button.width() >= button.sizeHint().width()
        assert picker.rect().contains(button.geometry())
    for i, button in enumerate(buttons):
        assert not any(button.geometry().intersects(other.geometry()) for other in buttons[:i])
    assert len({button.y() for button in buttons}) == (1 if width > 300 else 2)


def test_the_numbers_to_pick_are_called_as_the_notation_calls_them(hands: Any) -> None:
    hands.select(O1)
    expected = {
        "numbered": ["net", "out", "∂C/∂out", "f′", "δ", "∂C/∂b", "new b"],
        "code": ["z", "a", "∂C/∂a", "f′", "d", "∂C/∂b", "new b"],
        "nnsim": ["z", "a", "∂C/∂a", "f′", "δ", "∂C/∂b", "new b"],
    }
    for key, labels in expected.items():
        hands.controller.view.set_notation(key)
        hands.bench.settle()
        buttons = hands.panel.picker.findChildren(QPushButton)
        assert [b.text() for b in buttons if b.isVisible()] == labels
    hands.select(Selection.of_edge("C2", 0, 1))
    hands.controller.view.set_notation("code")
    hands.bench.settle()
    assert hands.bench.find(QPushButton, "calculation_pick_weight").text() == "new W"
