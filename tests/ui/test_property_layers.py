"""The property panel's layers, its way through the network, and how it behaves as a widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QTableView,
    QWidget,
)

from nnsim.core.datasets.base import Samples
from nnsim.engine.messages import Granularity
from nnsim.model.build import build
from nnsim.model.edits import (
    add_layer,
    add_neuron,
    choose_data,
    remove_layer,
    remove_neuron,
)
from nnsim.model.project import Data, Project
from nnsim.ui.panels.choice import Choice
from nnsim.ui.panels.data_panel import DataPanel
from nnsim.ui.panels.facts import FactRow
from nnsim.ui.panels.lock_button import LockButton
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.page import Page
from nnsim.ui.panels.property_panel import PropertyPanel
from nnsim.ui.selection import NOTHING, Selection

O1, H1, X1 = Selection.of_neuron("L2", 0), Selection.of_neuron("L1", 0), Selection.of_neuron("L0", 0)
W_O1_H2 = Selection.of_edge("C2", 0, 1)


@pytest.fixture
def panel(open_bench: Callable[..., Any], worked_example: Callable[..., Project]) -> Any:
    """A bench that shows the panel with the worked example."""
    bench = open_bench(worked_example())
    bench.show(PropertyPanel)
    return bench


def fact(bench: Any, name: str) -> FactRow:
    return bench.find(FactRow, name)


# -- layers ----------------------------------------------------------------------------------------


def test_a_layer_can_be_renamed_resized_and_given_another_activation(panel: Any) -> None:
    panel.controller.select(Selection.of_layer("L1"))
    panel.settle()
    panel.type_into(panel.find(QLineEdit, "layer_name"), "<b>Eyes</b>")
    panel.type_into(panel.find(NumberField, "layer_size"), "5")
    choice = panel.find(Choice, "layer_activation")
    choice.setCurrentIndex(choice.findData("leaky_relu"))
    choice.activated.emit(choice.currentIndex())
    panel.settle()
    panel.type_into(panel.find(NumberField, "layer_activation_alpha"), "0.2")
    layer = panel.project.layer("L1")
    assert (layer.name, layer.size, layer.activation, layer.activation_options["alpha"]) == (
        "<b>Eyes</b>", 5, "leaky_relu", 0.2
    )  # fmt: skip
    assert panel.widget.windowTitle() == "<b>Eyes</b>"
    assert choice.findData("softmax") < 0  # couples neurons: output layer only


def test_a_refused_size_keeps_what_was_typed_and_says_why(panel: Any) -> None:
    panel.controller.select(Selection.of_layer("L1"))
    panel.settle()
    field = panel.find(NumberField, "layer_size")
    panel.type_into(field, "99999999")
    assert field.text() == "99999999" and field.is_invalid() and field.problem()
    assert panel.project.layer("L1").size == 2


def test_biases_can_be_each_shared_or_none(panel: Any) -> None:
    panel.controller.select(Selection.of_layer("L2"))
    panel.settle()
    choice = panel.find(Choice, "layer_bias_kind")
    for kind in ("shared", "none", "each"):
        choice.setCurrentIndex(choice.findData(kind))
        choice.activated.emit(choice.currentIndex())
        panel.settle()
        assert panel.project.layer("L2").bias == kind


def test_the_input_layer_offers_features_and_scaling(bench: Any) -> None:
    bench.show(PropertyPanel)
    bench.controller.select(Selection.of_layer("L0"))
    bench.settle()
    bench.click(bench.find(QPushButton, "layer_feature_sin_x1"))
    assert bench.project.data.features == ("x1", "x2", "sin_x1")
    assert bench.project.layers[0].size == 3
    for key in ("x1", "x2", "sin_x1"):
        bench.click(bench.find(QPushButton, f"layer_feature_{key}"))
    assert bench.project.data.features == ("sin_x1",)  # the last one cannot be taken away
    assert bench.find(QPushButton, "layer_feature_sin_x1").isChecked()
    assert bench.notices


def test_layers_are_added_and_removed_from_the_panel(panel: Any) -> None:
    panel.controller.select(Selection.of_layer("L1"))
    panel.settle()
    panel.click(panel.find(QPushButton, "layer_add"))
    assert len(panel.project.layers) == 4
    assert panel.controller.selection.layer == panel.project.layers[2].id
    panel.click(panel.find(QPushButton, "layer_remove"))
    assert len(panel.project.layers) == 3
    assert panel.controller.selection == NOTHING


def test_the_way_up_leads_from_weight_to_network(panel: Any) -> None:
    panel.controller.select(W_O1_H2)
    panel.settle()
    (up,) = panel.widget.title_widgets()
    steps = []
    for _ in range(3):
        up.click()
        panel.settle()
        steps.append(panel.controller.selection)
    assert steps == [O1, Selection.of_layer("L2"), NOTHING]
    assert not up.isVisibleTo(panel.widget)


# -- as a widget -----------------------------------------------------------------------------------


def test_hundreds_of_sources_cost_a_table_not_hundreds_of_widgets(open_bench: Any) -> None:
    samples = Samples(np.zeros((2, 300)), np.zeros((2, 1)))
    bench = open_bench(build((300, 2, 1), "tanh", Data("table", train_share=1.0, samples=samples)))
    bench.show(PropertyPanel)
    bench.controller.select(Selection.of_neuron("L1", 0))
    bench.settle()
    assert bench.find(QTableView, "incoming_weights").model().rowCount() == 300
    assert len(bench.widget.findChildren(QWidget)) < 400
    assert bench.find(QTableView, "incoming_weights").height() < 320


def test_everything_has_a_name_for_screen_readers_and_tests(panel: Any) -> None:
    for selection in (NOTHING, O1, X1, W_O1_H2, Selection.of_layer("L1"), Selection.of_layer("L0")):
        panel.controller.select(selection)
        panel.settle()
        for kind in (NumberField, QLineEdit, Choice, QPushButton, LockButton, QCheckBox, QTableView):
            for widget in panel.widget.findChildren(kind):
                if widget.isVisible():
                    assert widget.objectName(), widget
                    assert widget.accessibleName() or widget.text(), widget.objectName()


@pytest.mark.parametrize("width", [240, 300])
def test_nothing_is_wider_than_a_narrow_dock(panel: Any, width: int) -> None:
    panel.widget.resize(width, 500)
    for selection in (NOTHING, O1, X1, W_O1_H2, Selection.of_layer("L1"), Selection.of_layer("L0")):
        panel.controller.select(selection)
        panel.settle()
        (page,) = [p for p in panel.widget.findChildren(Page) if p.isVisible()]
        assert page.minimumSizeHint().width() <= width - 24, selection
        right = page.mapTo(panel.widget, QPoint(page.width(), 0)).x()
        assert right <= width, selection


def test_a_hidden_panel_does_nothing_and_is_right_when_shown_again(panel: Any) -> None:
    panel.controller.select(O1)
    panel.settle()
    panel.widget.hide()
    panel.controller.select(W_O1_H2)
    panel.controller.step(Granularity.EPOCH)
    panel.settle()
    panel.widget.show()
    panel.settle()
    assert panel.widget.windowTitle() == "Weight o₁ ← h₂"
    weight = float(panel.project.parameters.weights["C2"][0, 1])
    assert panel.find(NumberField, "edge_weight").value() == weight != 0.45


def test_what_is_selected_may_vanish(panel: Any) -> None:
    panel.controller.select(Selection.of_neuron("L1", 1))
    panel.settle()
    panel.controller.edit("remove", remove_neuron, "L1", 1)
    panel.settle()
    assert panel.widget.windowTitle() == "Network"
    panel.session.undo()
    panel.settle()
    assert panel.project.layer("L1").size == 2


def test_switching_light_and_dark_repaints_without_a_new_start(panel: Any) -> None:
    panel.controller.select(O1)
    panel.settle()
    light = panel.widget.grab().toImage()
    panel.theme.set_mode("dark")
    panel.settle()
    dark = panel.widget.grab().toImage()
    assert light != dark
    panel.theme.set_mode("light")
    panel.settle()
    assert fact(panel, "neuron_z").text() == "1.105906"


def test_typed_text_for_something_that_vanishes_goes_with_it(panel: Any) -> None:
    panel.controller.select(Selection.of_neuron("L1", 1))
    panel.settle()
    panel.type_into(panel.find(NumberField, "neuron_bias"), "0.9", None)
    panel.controller.edit("remove", remove_neuron, "L1", 1)
    panel.settle()
    assert panel.session.undo_label == "remove"
    assert panel.project.parameters.biases["L1"].tolist() == [0.35]


def test_any_sequence_of_edits_is_followed_without_an_error(bench: Any) -> None:
    rng = np.random.default_rng(3)

    def both(controller: Any, theme: Any) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.addWidget(PropertyPanel(controller, theme))
        row.addWidget(DataPanel(controller, theme))
        return holder

    bench.show(both, 560, 600)
    for _ in range(150):
        project = bench.project
        layer = project.layers[rng.integers(len(project.layers))]
        hidden = project.layers[1:-1]
        neuron = int(rng.integers(layer.size))
        c = project.connections[rng.integers(len(project.connections))]
        target = int(rng.integers(project.layer(c.target).size))
        source = int(rng.integers(project.layer(c.source).size))
        what = rng.integers(12)
        if what <= 2:
            choices = (Selection.of_layer(layer.id), Selection.of_neuron(layer.id, neuron), NOTHING)
            bench.controller.select((*choices, Selection.of_edge(c.id, target, source))[rng.integers(4)])
        elif what == 3:
            bench.controller.step(list(Granularity)[rng.integers(3)])
        elif what == 4:
            bench.controller.edit("add", add_neuron, layer.id)
        elif what == 5:
            bench.controller.edit("remove", remove_neuron, layer.id, neuron)
        elif what == 6 and len(project.layers) < 6:
            bench.controller.edit("layer", add_layer, project.layers[0].id, 3)
        elif what == 7 and hidden:
            bench.controller.edit("less", remove_layer, hidden[0].id)
        elif what == 8:
            key = ("circle", "iris", "sine", "gate_xor")[rng.integers(4)]
            bench.controller.edit("data", choose_data, bench.session.data_of(key), fit=bool(rng.integers(2)))
        elif what == 9:
            bench.session.undo()
        elif what == 10:
            bench.session.redo()
        else:
            bench.controller.view.set_sample(int(rng.integers(100)))
        if rng.integers(2):
            bench.settle()
        else:
            QApplication.processEvents()
    bench.settle()
    assert bench.widget.findChildren(PropertyPanel)[0].windowTitle()
