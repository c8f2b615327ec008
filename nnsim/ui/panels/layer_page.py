"""A layer: name, size, activation, biases, freezing; for the input layer what it is fed.

Object names: ``layer_name``, ``layer_size``, ``layer_activation``,
``layer_bias_kind``, ``layer_frozen``, ``layer_feature_<key>``, ``layer_scaling``, ``layer_add``,
``layer_remove``, and the facts ``layer_parameters``, ``layer_weight_norm``, ``layer_gradient_norm``;
``layer_health``, ``layer_bars``.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget

from nnsim.core.activations import ACTIVATIONS
from nnsim.model.edits import (
    add_layer,
    remove_layer,
    rename_layer,
    set_bias_kind,
    set_layer_frozen,
    set_layer_size,
)
from nnsim.ui.controller import Controller
from nnsim.ui.health_words import notes_of_layer
from nnsim.ui.panels.activation_rows import ActivationRows
from nnsim.ui.panels.choice import Choice
from nnsim.ui.panels.facts import FactList
from nnsim.ui.panels.form import FormRow, line, section
from nnsim.ui.panels.gradient_bars import GradientBars
from nnsim.ui.panels.health_notes import HealthNotes
from nnsim.ui.panels.input_rows import InputRows
from nnsim.ui.panels.neuron_page import layer_words
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.page import Page
from nnsim.ui.panels.plain import PlainLabel
from nnsim.ui.panels.text_field import TextField
from nnsim.ui.selection import Selection
from nnsim.ui.theme import Theme

_BIAS_KINDS = (
    ("each", "One each", "Every neuron has a bias of its own."),
    ("shared", "One shared", "All neurons of the layer share one bias."),
    ("none", "None", "z is the weighted sum alone."),
)
_FACTS = (
    ("parameters", "parameters", "Weights into the layer and its biases"),
    ("weight_norm", "‖w‖", "The size of all weights into the layer: √Σw²"),
    ("gradient_norm", "‖∂C/∂w‖", "The size of their gradient for the sample in view"),
)


class LayerPage(Page):
    """Any layer; what does not apply to it is not shown."""

    up_word = "network"

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(controller, theme, parent)
        self._name = TextField(label="Name of the layer")
        self._name.setObjectName("layer_name")
        self._name.committed.connect(self._rename)
        self._size = NumberField(label="Neurons", integer=True, minimum=1, columns=6)
        self._size.setObjectName("layer_size")
        self._size.committed.connect(self._resize)
        self._size_row = FormRow("Neurons", self._size)
        self._activation = ActivationRows(controller, "layer")
        self._formula = PlainLabel(role="muted", mono=True, name="layer_formula", wrap=True)
        self._bias_kind = Choice(_BIAS_KINDS, label="Biases")
        self._bias_kind.setObjectName("layer_bias_kind")
        self._bias_kind.chosen.connect(self._choose_bias_kind)
        self._bias_row = FormRow("Biases", self._bias_kind)
        self._frozen = QCheckBox("Freeze the layer")
        self._frozen.setObjectName("layer_frozen")
        self._frozen.setToolTip(
            "Training then leaves all weights into the layer, and its biases, as they are"
        )
        self._frozen.clicked.connect(self._freeze)
        self._inputs = InputRows(controller, "layer")
        self._facts = FactList(theme, "layer", _FACTS)
        self._health = HealthNotes(controller, theme, "layer_health")
        self._bars_caption = section("Gradients by layer", "layer_bars_caption")
        self._bars = GradientBars(theme, "layer_bars")
        self._bars.chosen.connect(lambda layer: controller.select(Selection.of_layer(layer)))
        self._add = QPushButton("Add a layer after")
        self._add.setObjectName("layer_add")
        self._add.setToolTip("Insert a hidden layer between this one and the next")
        self._add.clicked.connect(self._add_layer)
        self._remove = QPushButton("Remove")
        self._remove.setObjectName("layer_remove")
        self._remove.setToolTip("Remove this hidden layer")
        self._remove.clicked.connect(self._remove_layer)
        for widget in (
            self._health, FormRow("Name", self._name), self._size_row, self._activation, self._formula,
            self._bias_row, self._frozen, self._inputs, self._facts, self._bars_caption, self._bars,
            line(self._add, self._remove),
        ):  # fmt: skip
            self.content.addWidget(widget)
        self.content.addStretch(1)

    def title(self) -> str:
        return layer_words(self._what())

    # -- showing ----------------------------------------------------------------------------------

    def show_project(self) -> None:
        project, layer_id = self.project, self.selection.layer
        layer, index = project.layer(layer_id), project.layer_index(layer_id)
        automatic = project.layer_name(layer_id)
        is_input, is_output = index == 0, index == len(project.layers) - 1
        self._name.setPlaceholderText(automatic)
        self._name.set_text(layer.name)
        self._size.set_value(layer.size)
        prepared = self.controller.session.prepared
        width = (
            prepared.samples.width if prepared is not None else (2 if project.data.features else layer.size)
        )
        self._size.setEnabled(not is_input or width == 2)
        self._size_row.set_text("Features" if is_input and width == 2 else "Neurons")
        for widget in (self._activation, self._formula, self._bias_row, self._frozen, self._facts,
                       self._bars_caption, self._bars):  # fmt: skip
            widget.setVisible(not is_input)
        self._inputs.setVisible(is_input)
        self._add.setVisible(not is_output)
        self._remove.setVisible(not is_input and not is_output)
        if is_input:
            self._inputs.show_data(width)
        else:
            self._activation.show_layer(layer_id)
            known = layer.activation in ACTIVATIONS
            self._formula.say(ACTIVATIONS[layer.activation].formula if known else "unknown")
            self._bias_kind.set_key(layer.bias)
            self._show_frozen()
        self.show_numbers()

    def _show_frozen(self) -> None:
        marks = self._marks()
        share = sum(int(m.sum()) for m in marks) / max(sum(m.size for m in marks), 1)
        state = Qt.CheckState.Unchecked if share == 0.0 else Qt.CheckState.PartiallyChecked
        self._frozen.setCheckState(Qt.CheckState.Checked if share == 1.0 else state)

    def _marks(self) -> list[np.ndarray]:
        project, layer_id = self.project, self.selection.layer
        marks = [project.frozen.weights[c.id] for c in project.incoming(layer_id)]
        return marks + ([project.frozen.biases[layer_id]] if layer_id in project.frozen.biases else [])

    def show_numbers(self) -> None:
        reading, layer_id = self.reading(), self.selection.layer
        connections = reading.project.incoming(layer_id)
        self._health.show_notes(notes_of_layer(self.names, reading.health, layer_id))
        if not connections:
            return
        self._bars.show_health(reading.project, reading.health, layer_id)
        weights = [reading.weights(c.id) for c in connections]
        gradients = [reading.weight_gradient(c.id) for c in connections]
        biases = reading.biases(layer_id)
        count = sum(w.size for w in weights) + (0 if biases is None else biases.size)
        self._facts["parameters"].set_text(f"{count:,}")
        self._facts["weight_norm"].set_number(_norm(weights))
        known = [g for g in gradients if g is not None]
        norm = _norm(known) if len(known) == len(gradients) else None
        self._facts["gradient_norm"].set_number(norm, "negative_text")

    # -- gestures ---------------------------------------------------------------------------------

    def _what(self) -> str:
        return self.project.layer_name(self.selection.layer)

    def _rename(self, name: str) -> None:
        if not self.controller.edit(f"Rename {self._what()}", rename_layer, self.selection.layer, name):
            self._name.set_text(self.project.layer(self.selection.layer).name)

    def _resize(self, size: float) -> None:
        merge = self._size.merge_key(f"size.{self.selection.layer}")
        label = f"{self._what()}: {int(size)} neuron{'s' if size != 1 else ''}"
        self.edit(self._size, label, set_layer_size, self.selection.layer, int(size), merge=merge)

    def _choose_bias_kind(self, kind: str) -> None:
        self.controller.edit(f"{self._what()}: biases", set_bias_kind, self.selection.layer, kind)

    def _freeze(self) -> None:
        # A partly frozen layer becomes frozen throughout first.
        frozen = not all(bool(m.all()) for m in self._marks())
        label = f"{'Freeze' if frozen else 'Unfreeze'} {self._what()}"
        self.controller.edit(label, set_layer_frozen, self.selection.layer, frozen)
        self._show_frozen()

    def _add_layer(self) -> None:
        before = {layer.id for layer in self.project.layers}
        if self.controller.edit(f"Add a layer after {self._what()}", add_layer, self.selection.layer):
            new = next((layer.id for layer in self.project.layers if layer.id not in before), None)
            if new is not None:
                self.controller.select(Selection.of_layer(new))

    def _remove_layer(self) -> None:
        self.controller.edit(f"Remove {self._what()}", remove_layer, self.selection.layer)


def _norm(arrays: list[np.ndarray]) -> float:
    return sqrt(sum(float(np.dot(a.ravel(), a.ravel())) for a in arrays))
