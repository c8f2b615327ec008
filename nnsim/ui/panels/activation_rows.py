"""The activation function of a layer: which one, and its options."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from nnsim.core.activations import ACTIVATIONS
from nnsim.model.edits import set_activation
from nnsim.ui.controller import Controller
from nnsim.ui.panels.choice import Choice, entry_items
from nnsim.ui.panels.form import FormRow, column
from nnsim.ui.panels.option_form import OptionForm
from nnsim.ui.panels.page import edit_or_problem


class ActivationRows(QWidget):
    """Object names: ``<prefix>_activation`` and ``<prefix>_activation_<option>``."""

    def __init__(self, controller: Controller, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._layer = ""
        self.choice = Choice(label="Activation")
        self.choice.setObjectName(f"{prefix}_activation")
        self.choice.chosen.connect(self._on_chosen)
        self.options = OptionForm(f"{prefix}_activation")
        self.options.changed.connect(self._on_option)
        layout = column(self)
        layout.addWidget(
            FormRow("Activation", self.choice, help_text="f of every neuron of the layer: a = f(z)")
        )
        layout.addWidget(self.options)

    def show_layer(self, layer_id: str) -> None:
        """Show the activation of a layer after the input."""
        project = self._controller.project
        layer = project.layer(layer_id)
        self._layer = layer_id
        is_output = project.layers[-1].id == layer_id
        self.choice.set_items(entry_items(a for a in ACTIVATIONS if is_output or not a.vector))
        self.choice.set_key(layer.activation)
        known = layer.activation in ACTIVATIONS
        options = ACTIVATIONS[layer.activation].options if known else ()
        self.options.show_options(options, layer.activation_options)

    def _on_chosen(self, key: str) -> None:
        name = self._controller.project.layer_name(self._layer)
        self._controller.edit(f"{name}: {ACTIVATIONS[key].label}", set_activation, self._layer, key)

    def _on_option(self, key: str, value: Any, merge: str | None) -> None:
        project = self._controller.project
        layer = project.layer(self._layer)
        options = {**layer.activation_options, key: value}
        label = f"{project.layer_name(self._layer)}: {ACTIVATIONS[layer.activation].label}"
        problem = edit_or_problem(
            self._controller, label, set_activation, self._layer, layer.activation, options, merge=merge
        )
        if problem:
            self.options.refuse(key, problem)


def applied(key: str) -> str:
    """The activation applied to z, as short as it can be written: "σ(z)", "max(0, z)", "f(z)"."""
    formula = ACTIVATIONS[key].formula if key in ACTIVATIONS else ""
    head = formula.partition(" = ")[0] if " = " in formula else formula
    return head if head and len(head) <= 10 else "f(z)"
