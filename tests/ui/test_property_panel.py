"""The property panel: numbers of what is selected, to read exactly and to set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QPushButton,
    QTableView,
)

from nnsim.core.datasets.base import Samples
from nnsim.core.explain.quantity import Quantity
from nnsim.core.explain.targets import quantity_of
from nnsim.core.gradcheck import check_gradient
from nnsim.engine.messages import Granularity
from nnsim.model.build import build
from nnsim.model.edits import (
    set_bias_kind,
    set_features,
)
from nnsim.model.project import Data, Project, Training
from nnsim.ui.calculation.subject import StepPlan
from nnsim.ui.numbers import exact
from nnsim.ui.panels import numeric_check
from nnsim.ui.panels.facts import FactRow
from nnsim.ui.panels.incoming_model import Column
from nnsim.ui.panels.lock_button import LockButton
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.property_panel import PropertyPanel
from nnsim.ui.selection import NOTHING, Selection

O1, H1, X1 = Selection.of_neuron("L2", 0), Selection.of_neuron("L1", 0), Selection.of_neuron("L0", 0)
W_O1_H2 = Selection.of_edge("C2", 0, 1)
W_H2_GRADIENT = Quantity("weight_gradient", 2, 0, 1, 1)


@pytest.fixture
def panel(open_bench: Callable[..., Any], worked_example: Callable[..., Project]) -> Any:
    """A bench that shows the panel with the worked example."""
    bench = open_bench(worked_example())
    bench.show(PropertyPanel)
    return bench


def fact(bench: Any, name: str) -> FactRow:
    return bench.find(FactRow, name)


def cell(bench: Any, row: int, column: int) -> QModelIndex:
    return bench.find(QTableView, "incoming_weights").model().index(row, column)


def click_cell(bench: Any, row: int, column: int) -> None:
    table = bench.find(QTableView, "incoming_weights")
    spot = table.visualRect(table.model().index(row, column)).center()
    bench.click(table.viewport(), pos=spot)


# -- what is shown ---------------------------------------------------------------------------------


def test_the_panel_follows_the_selection_and_names_it(panel: Any) -> None:
    titles = []
    for selection in (NOTHING, O1, X1, W_O1_H2, Selection.of_layer("L1")):
        panel.controller.select(selection)
        panel.settle()
        titles.append(panel.widget.windowTitle())
    assert titles == [
        "Network",
        "Neuron o₁ · Output layer",
        "Neuron x₁ · Input layer",
        "Weight o₁ ← h₂",
        "Hidden 1",
    ]


def test_a_neuron_shows_the_published_numbers_of_the_worked_example(panel: Any) -> None:
    panel.controller.select(O1)
    panel.settle()
    shown = {key: fact(panel, f"neuron_{key}").text() for key in ("z", "a", "y", "delta", "da", "slope")}
    assert shown == {
        "z": "1.105906", "a": "0.751365", "y": "0.010000", "delta": "0.138499", "da": "0.741365",
        "slope": "0.186816",
    }  # fmt: skip
    table = [[cell(panel, row, column).data() for column in range(4)] for row in range(2)]
    assert [row[0] for row in table] == ["h₁", "h₂"]
    assert [float(row[1]) for row in table] == [0.4, 0.45]
    assert table[0][3].startswith("0.082")
    assert panel.find(NumberField, "neuron_bias").value() == 0.6
    # There from the beginning, so that no line moves when the first backward pass comes.
    assert fact(panel, "neuron_batch").isVisible() and fact(panel, "neuron_batch").full_text() == ""


def test_copying_a_shown_number_gives_every_digit(panel: Any) -> None:
    panel.controller.select(O1)
    panel.settle()
    probe = panel.session.snapshot.probe
    assert fact(panel, "neuron_delta").full_text() == exact(float(probe.delta[2][0]))
    table = panel.find(QTableView, "incoming_weights")
    table.setCurrentIndex(cell(panel, 0, Column.GRADIENT))
    table.setFocus()
    panel.qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == exact(float(probe.gradient.weights["C2"][0, 0]))


def test_an_edge_shows_its_gradient_as_a_product_whose_factors_multiply(panel: Any) -> None:
    panel.controller.select(W_O1_H2)
    panel.settle()
    left, _, result = fact(panel, "edge_product").full_text().partition(" = ")
    delta, a = (float(part) for part in left.split(" · "))
    assert delta * a == float(result)
    assert fact(panel, "edge_product").text() == "0.138499 · 0.596884 = 0.082668"
    assert panel.find(NumberField, "edge_weight").value() == 0.45


def test_an_input_shows_what_of_the_sample_it_comes_from(panel: Any) -> None:
    panel.controller.view.set_sample(1)
    panel.controller.select(Selection.of_neuron("L0", 1))
    panel.settle()
    assert [fact(panel, f"input_{key}").text() for key in ("raw_1", "raw_2", "a")] == [
        "0.200000", "0.750000", "0.750000"
    ]  # fmt: skip
    assert not fact(panel, "input_scaling").isVisible()


def test_an_input_that_is_a_feature_shows_how_it_is_made(bench: Any) -> None:
    bench.controller.edit("features", set_features, ("x1", "x1_squared"))
    bench.show(PropertyPanel)
    bench.controller.select(Selection.of_neuron("L0", 1))
    bench.settle()
    raw = float(fact(bench, "input_raw_1").full_text())
    assert float(fact(bench, "input_feature").full_text()) == raw * raw
    assert float(fact(bench, "input_a").full_text()) == raw * raw


def test_no_gradient_is_shown_before_what_it_needs(panel: Any) -> None:
    panel.controller.select(H1)
    seen = []
    for _ in range(6):  # forward h, forward o, loss, backward o, backward h, update
        panel.controller.step(Granularity.LAYER)
        panel.settle()
        seen.append(
            tuple(fact(panel, f"neuron_{key}").text() != "—" for key in ("z", "a", "delta", "gradient"))
        )
    before, after = (True, True, False, False), (True, True, True, True)
    assert seen == [before, before, before, before, after, after]


def test_stepping_by_operations_each_number_is_known_once_it_has_been_shown(panel: Any) -> None:
    panel.controller.select(O1)
    keys = {
        "z": "neuron_z", "a": "neuron_a", "blame": "neuron_da", "delta": "neuron_delta",
        "bias_gradient": "neuron_gradient",
    }  # fmt: skip
    plan = StepPlan(panel.session.compiled.network, panel.session.compiled.task.optimizer)
    shown: set[str] = set()
    for number in range(plan.count):
        panel.controller.step(Granularity.OPERATION)
        panel.settle()
        place = next(
            plan.place(p, i)
            for p in range(len(plan.phases))
            for i in range(len(plan.operations(p)))
            if plan.place(p, i).number == number + 1
        )
        about = quantity_of(place.operation)
        if (about.layer, about.neuron) == (2, 0):
            shown.add("second weight" if about == W_H2_GRADIENT else about.kind)
        if number + 1 < plan.count:
            for kind, name in keys.items():
                assert (fact(panel, name).text() != "—") == (kind in shown), (number, kind)
            first, second = (cell(panel, row, Column.GRADIENT).data() for row in (0, 1))
            assert (first != "—") == ("weight_gradient" in shown), number
            assert (second != "—") == ("second weight" in shown), number


def test_a_product_whose_factors_are_not_known_yet_leaves_its_line_empty(panel: Any) -> None:
    panel.controller.select(W_O1_H2)
    panel.controller.step(Granularity.OPERATION)
    panel.settle()
    assert fact(panel, "edge_gradient").text() == "—" and fact(panel, "edge_product").text() == ""


def test_forward_numbers_of_an_output_wait_for_its_phase(panel: Any) -> None:
    panel.controller.select(O1)
    panel.controller.step(Granularity.LAYER)
    panel.settle()
    assert [fact(panel, f"neuron_{key}").text() for key in ("z", "a", "slope", "delta")] == ["—"] * 4
    assert cell(panel, 0, Column.VALUE).data() != "—"  # the hidden layer's phase is done
    assert cell(panel, 0, Column.GRADIENT).data() == "—"


def test_during_the_backward_pass_the_batch_gradient_stands_beside_the_samples(
    open_bench: Any, worked_example: Any
) -> None:
    bench = open_bench(worked_example(batch_size=2))
    bench.show(PropertyPanel)
    bench.controller.select(W_O1_H2)
    for _ in range(4):
        bench.controller.step(Granularity.LAYER)
    bench.settle()
    batch = float(fact(bench, "edge_batch").full_text())
    assert batch == bench.session.snapshot.batch_gradient.weights["C2"][0, 1]
    assert batch != float(fact(bench, "edge_gradient").full_text())


# -- setting ---------------------------------------------------------------------------------------


def test_a_typed_weight_takes_effect_at_once_and_can_be_undone(panel: Any) -> None:
    panel.controller.select(W_O1_H2)
    panel.settle()
    field = panel.find(NumberField, "edge_weight")
    gradient = fact(panel, "edge_gradient").text()
    panel.type_into(field, "1/3")
    assert panel.project.parameters.weights["C2"][0, 1] == 1.0 / 3.0
    assert field.value() == 1.0 / 3.0
    assert fact(panel, "edge_gradient").text() != gradient
    assert panel.session.undo_label == "Weight o₁ ← h₂"
    panel.session.undo()
    panel.settle()
    assert field.value() == 0.45
    assert fact(panel, "edge_gradient").text() == gradient


def test_a_bias_can_be_nudged_as_one_undo_entry(panel: Any) -> None:
    panel.controller.select(O1)
    panel.settle()
    field = panel.find(NumberField, "neuron_bias")
    field.setFocus()
    for _ in range(5):
        panel.qtbot.keyClick(field, Qt.Key.Key_Up)
        panel.settle()
    assert panel.project.parameters.biases["L2"][0] == 0.65
    panel.session.undo()
    assert panel.project.parameters.biases["L2"][0] == 0.6
    assert not panel.session.can_undo


def test_a_shared_bias_moves_all_and_a_layer_without_says_so(panel: Any) -> None:
    panel.controller.edit("share", set_bias_kind, "L2", "shared")
    panel.controller.select(O1)
    panel.settle()
    panel.type_into(panel.find(NumberField, "neuron_bias"), "0.7")
    assert list(panel.project.parameters.biases["L2"]) == [0.7, 0.7]
    panel.controller.edit("none", set_bias_kind, "L2", "none")
    panel.settle()
    assert not panel.find(NumberField, "neuron_bias").isVisible()
    assert not fact(panel, "neuron_check").isVisible()


def test_weights_are_edited_in_the_table_with_every_digit(panel: Any) -> None:
    panel.controller.select(O1)
    panel.settle()
    click_cell(panel, 1, Column.WEIGHT)
    editor = panel.find(NumberField, "cell_editor")
    assert editor.hasFocus() and editor.text() == "0.45"
    panel.type_into(editor, "0,123456789")
    assert panel.project.parameters.weights["C2"][0, 1] == 0.123456789
    assert panel.widget.findChild(NumberField, "cell_editor") is None or not editor.isVisible()


def test_escape_leaves_the_weight_in_the_table_as_it_was(panel: Any) -> None:
    panel.controller.select(O1)
    panel.settle()
    click_cell(panel, 0, Column.WEIGHT)
    panel.type_into(panel.find(NumberField, "cell_editor"), "9", Qt.Key.Key_Escape)
    assert panel.project.parameters.weights["C2"][0, 0] == 0.4
    assert not panel.session.can_undo


def test_a_wrong_number_in_the_table_stays_open_and_is_explained(panel: Any) -> None:
    panel.controller.select(O1)
    panel.settle()
    click_cell(panel, 0, Column.WEIGHT)
    editor = panel.find(NumberField, "cell_editor")
    panel.type_into(editor, "0.4.4")
    assert editor.isVisible() and editor.text() == "0.4.4"
    assert "is not a number" in editor.problem()
    click_cell(panel, 1, Column.VALUE)
    assert editor.isVisible() and editor.text() == "0.4.4"
    panel.qtbot.keyClick(editor, Qt.Key.Key_Escape)
    panel.settle()
    assert panel.project.parameters.weights["C2"][0, 0] == 0.4


def test_freezing_by_lock_and_by_table_is_shown_everywhere(panel: Any) -> None:
    panel.controller.select(O1)
    panel.settle()
    panel.click(panel.find(LockButton, "neuron_bias_lock"))
    click_cell(panel, 1, Column.FROZEN)
    frozen = panel.project.frozen
    assert frozen.biases["L2"].tolist() == [True, False]
    assert frozen.weights["C2"].tolist() == [[False, True], [False, False]]
    panel.controller.select(W_O1_H2)
    panel.settle()
    assert panel.find(LockButton, "edge_weight_lock").isChecked()
    panel.controller.select(Selection.of_layer("L2"))
    panel.settle()
    assert panel.find(QCheckBox, "layer_frozen").checkState() == Qt.CheckState.PartiallyChecked
    panel.click(panel.find(QCheckBox, "layer_frozen"), pos=QPoint(8, 10))
    assert panel.project.frozen.weights["C2"].all() and panel.project.frozen.biases["L2"].all()


def test_the_numeric_check_agrees_and_is_forgotten_when_the_numbers_change(panel: Any) -> None:
    panel.controller.select(O1)
    panel.settle()
    row = fact(panel, "neuron_check")
    panel.click(panel.find(QPushButton, "neuron_check_button"))
    assert row.text().startswith("✓ ")
    assert float(row.text()[2:].replace("−", "-")) < 1e-6
    panel.type_into(panel.find(NumberField, "neuron_bias"), "0.5")
    assert row.text() == "—"


def test_the_numeric_check_says_so_where_backpropagation_is_wrong(panel: Any, monkeypatch: Any) -> None:
    def wrong(*given: Any) -> Any:
        found = check_gradient(*given)
        return replace(found, relative_error=np.full(1, 0.25))

    monkeypatch.setattr(numeric_check, "check_gradient", wrong)
    panel.controller.select(W_O1_H2)
    panel.settle()
    panel.click(panel.find(QPushButton, "edge_check_button"))
    assert fact(panel, "edge_check").text() == "✗ 2.5e−1"


def test_the_numeric_check_knows_a_kink(open_bench: Any) -> None:
    samples = Samples(np.array([[1.0]]), np.array([[1.0]]))
    at_kink = build(
        (1, 1, 1), "relu", Data("table", train_share=1.0, samples=samples), Training(),
        weights=[([[0.0]], [0.0]), ([[1.0]], [0.5])],
    )  # fmt: skip
    bench = open_bench(at_kink)
    bench.show(PropertyPanel)
    bench.controller.select(H1)
    bench.settle()
    bench.click(bench.find(QPushButton, "neuron_check_button"))
    assert fact(bench, "neuron_check").text() == "at a kink"


def test_hovering_a_row_lights_the_edge_and_the_edge_lights_its_row(panel: Any) -> None:
    panel.controller.select(O1)
    panel.settle()
    table = panel.find(QTableView, "incoming_weights")
    spot = table.visualRect(cell(panel, 1, Column.VALUE)).center()
    panel.qtbot.mouseMove(table.viewport(), spot)
    panel.qtbot.waitUntil(lambda: panel.controller.hover == W_O1_H2)
    panel.controller.set_hover(Selection.of_edge("C2", 0, 0))
    assert [table.model().cell(row, 0).lit for row in (0, 1)] == [True, False]


def test_typed_text_goes_to_the_quantity_it_was_typed_for(panel: Any) -> None:
    panel.controller.select(O1)
    panel.settle()
    field = panel.find(NumberField, "neuron_bias")
    panel.type_into(field, "0.9", None)
    panel.controller.select(Selection.of_neuron("L2", 1))
    panel.settle()
    assert panel.project.parameters.biases["L2"].tolist() == [0.9, 0.6]
    assert field.value() == 0.6


def test_text_that_cannot_be_used_is_reported_when_something_else_is_selected(panel: Any) -> None:
    panel.controller.select(O1)
    panel.settle()
    field = panel.find(NumberField, "neuron_bias")
    panel.type_into(field, "zero", None)
    panel.controller.select(Selection.of_neuron("L2", 1))
    panel.settle()
    assert panel.notices[-1][0].startswith("“zero” is not a number")
    assert field.text() == "0.6" and not field.is_invalid()


def test_while_training_numbers_follow_and_typing_is_not_disturbed(panel: Any) -> None:
    panel.controller.select(O1)
    panel.settle()
    field = panel.find(NumberField, "neuron_bias")
    panel.type_into(field, "0.5", None)
    a = fact(panel, "neuron_a").text()
    panel.session.run(epochs=200)
    panel.settle()
    assert field.text() == "0.5"
    assert fact(panel, "neuron_a").text() != a
    panel.qtbot.keyClick(field, Qt.Key.Key_Return)
    panel.settle()
    assert panel.project.parameters.biases["L2"][0] == 0.5
