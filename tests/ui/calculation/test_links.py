"""One number is lit up wherever it stands, in the whole window, by real mouse and keys."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from nnsim.core.explain.expression import Number
from nnsim.core.explain.quantity import Quantity
from nnsim.ui.panels.facts import FactRow
from nnsim.ui.selection import NOTHING, Selection

H1 = Selection.of_neuron("L1", 0)


@pytest.fixture
def mazur(open_page: Any) -> Any:
    """The worked example, two operations into its step."""
    page = open_page(size=(1440, 900))
    page.window.files.open_example_now("mazur")
    page.wait_until_idle()
    page.click("step_size_operation")
    page.click_step()
    page.click_step()
    return page


def enter(row: QWidget) -> None:
    at = QPointF(row.rect().center())
    QApplication.sendEvent(row, QEnterEvent(at, at, QPointF(row.mapToGlobal(at.toPoint()))))


def leave(row: QWidget) -> None:
    QApplication.sendEvent(row, QEvent(QEvent.Type.Leave))


def point(view: Any, at: QPoint) -> None:
    none = Qt.MouseButton.NoButton
    move = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), QPointF(view.mapToGlobal(at)), none, none,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(view, move)


def spot_of(view: Any, quantity: Quantity) -> QPoint:
    found = next(s for s in view.page.spots if isinstance(s.node, Number) and s.node.quantity == quantity)
    return view.rect_of(found).center().toPoint()


def test_a_number_of_the_calculation_lights_up_table_and_canvas(mazur: Any) -> None:
    view = mazur.find("calculation_view")
    mazur.select_neuron("L1", 0)
    mazur.click("calculation_pick_now")
    point(view, spot_of(view, Quantity("z", 1, 0)))
    assert mazur.find("neuron_z", FactRow).lit
    assert not mazur.find("neuron_a", FactRow).lit
    assert mazur.window.canvas.scene.neurons["L1", 0].look.hovered
    point(view, QPoint(1, 1))
    assert not mazur.find("neuron_z", FactRow).lit
    assert not mazur.window.canvas.scene.neurons["L1", 0].look.hovered


def test_a_number_of_the_table_lights_up_the_calculation_and_a_click_explains_it(mazur: Any) -> None:
    view, panel = mazur.find("calculation_view"), mazur.find("calculation_panel")
    mazur.select_neuron("L1", 0)
    mazur.click("calculation_pick_now")
    row = mazur.find("neuron_z", FactRow)
    enter(row)
    assert {node.quantity for node in view.lit()} == {Quantity("z", 1, 0)}
    assert row.lit
    mazur.click(row)
    assert panel.reading.heading.startswith("z of")
    leave(row)
    assert mazur.controller.quantity is None
    assert view.lit() == []
    delta = mazur.find("neuron_delta", FactRow)
    mazur.click(delta)
    assert panel.reading.heading.startswith("z of"), "δ is not known yet"


def test_a_weight_lights_up_in_the_table_of_incoming_weights(mazur: Any) -> None:
    view = mazur.find("calculation_view")
    mazur.select_neuron("L1", 0)
    mazur.click("calculation_pick_z")
    point(view, spot_of(view, Quantity("weight", 1, 0, 0, 1)))
    edge = Selection.of_edge("C1", 0, 1)
    assert mazur.controller.hover == edge
    chip = next(c for c in mazur.window.canvas.scene.edges.chips["C1"].chips if c.lit)
    edges = mazur.window.canvas.scene.edges.edges_of("C1")
    assert (int(edges.target[chip.edge]), int(edges.source[chip.edge])) == (0, 1)


def test_the_point_on_the_activation_curve_is_one_of_the_occurrences(mazur: Any) -> None:
    view, plot = mazur.find("calculation_view"), mazur.window.docks["activation"].panel.view()
    mazur.select_neuron("L1", 0)
    mazur.click("calculation_pick_now")
    point(view, spot_of(view, Quantity("z", 1, 0)))
    assert plot.lit
    point(view, QPoint(1, 1))
    assert not plot.lit
    plot.hovered.emit(plot.point())
    assert mazur.controller.quantity == Quantity("a", 1, 0)
    assert mazur.find("neuron_a", FactRow).lit
    assert {node.quantity for node in view.lit()} == {Quantity("a", 1, 0)}
    mazur.select_neuron("L1", 1)
    assert plot.point() is None, "the step has yet to compute it"


def test_keys_do_all_of_it_too(mazur: Any) -> None:
    view = mazur.find("calculation_view")
    view.setFocus(Qt.FocusReason.TabFocusReason)
    mazur.press("End", view)
    assert mazur.controller.quantity == Quantity("a", 1, 0)
    mazur.press("Ctrl+C", view)
    assert QApplication.clipboard().text() == "0.5932699921071872"
    mazur.press("Space", view)
    mazur.wait_until_idle()
    assert mazur.snapshot.phase == 0
    assert mazur.snapshot.operation == 3, "Space steps from here as well"
    mazur.press("Tab", view)
    assert not view.hasFocus()
    assert mazur.controller.quantity is None
    assert mazur.controller.hover == NOTHING
