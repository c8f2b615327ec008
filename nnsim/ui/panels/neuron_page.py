"""A neuron: its bias and incoming weights to set, and everything computed for the sample in view.

Object names: ``neuron_activation``, ``neuron_bias``,
``neuron_bias_lock``, ``incoming_weights``, ``neuron_z`` and the other facts, ``neuron_check``,
``neuron_nudge``, ``neuron_health``.
"""

from __future__ import annotations

import re

from PySide6.QtWidgets import QWidget

from nnsim.core.explain.quantity import Quantity
from nnsim.model.edits import set_bias, set_bias_frozen, set_weight, set_weight_frozen
from nnsim.model.project import Layer
from nnsim.ui.controller import Controller
from nnsim.ui.health_words import notes_of_neuron
from nnsim.ui.panels.activation_rows import ActivationRows, applied
from nnsim.ui.panels.fact_links import FactLinks
from nnsim.ui.panels.facts import FactList
from nnsim.ui.panels.form import FormRow
from nnsim.ui.panels.health_notes import HealthNotes
from nnsim.ui.panels.incoming_model import IncomingModel
from nnsim.ui.panels.incoming_table import IncomingTable
from nnsim.ui.panels.label_grip import LabelGrip
from nnsim.ui.panels.lock_button import LockButton
from nnsim.ui.panels.nudge_section import Choice, NudgeSection
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.numeric_check import CheckResult, check_bias
from nnsim.ui.panels.page import CheckRow, Page, edit_or_problem
from nnsim.ui.panels.reading import at
from nnsim.ui.parameter_drag import how_to_drag
from nnsim.ui.selection import Selection
from nnsim.ui.theme import Theme

_QUANTITIES = {
    "z": "z", "a": "a", "slope": "slope", "y": "y", "da": "blame", "delta": "delta",
    "gradient": "bias_gradient", "batch": "bias_gradient",
}  # fmt: skip


class NeuronPage(Page):
    """A neuron after the input layer."""

    up_word = "layer"

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(controller, theme, parent)
        self._activation = ActivationRows(controller, "neuron")
        self._bias = NumberField(label="Bias b", digits=6, columns=9)
        self._bias.setObjectName("neuron_bias")
        self._bias.committed.connect(self._give_bias)
        self._lock = LockButton(theme, "the bias")
        self._lock.setObjectName("neuron_bias_lock")
        self._lock.clicked.connect(self._freeze_bias)
        self._bias_row = FormRow("Bias b", self._lock, self._bias)
        self._grip = LabelGrip(controller, self._bias_row.label, lambda: self.selection)
        self._model = IncomingModel(self._give_weight)
        self._table = IncomingTable(theme, self._model)
        self._table.hovered.connect(controller.set_hover)
        self._table.chosen.connect(controller.select)
        self._table.freeze_wanted.connect(self._freeze_weight)
        self._facts = FactList(theme, "neuron", _FACTS)
        self._links = FactLinks(controller, self._facts)
        self._check = CheckRow(theme, "neuron_check", self._run_check)
        self._check.add_to(self._facts)
        self._nudge = NudgeSection(controller, theme, "neuron_nudge")
        self._health = HealthNotes(controller, theme, "neuron_health")
        for widget in (self._health, self._activation, self._bias_row, self._table, self._facts, self._nudge):
            self.content.addWidget(widget)
        self.content.addStretch(1)
        controller.hover_changed.connect(self._on_hover)

    def title(self) -> str:
        layer = self.selection.layer
        return f"Neuron {self._name()} · {layer_words(self.project.layer_name(layer))}"

    def up(self) -> Selection:
        return Selection.of_layer(self.selection.layer)

    # -- showing ----------------------------------------------------------------------------------

    def show_project(self) -> None:
        project, chosen = self.project, self.selection
        layer, name = project.layer(chosen.layer), self._name()
        is_output = project.layers[-1].id == layer.id
        self._activation.show_layer(layer.id)
        self._show_bias_row(name)
        self._model.show_neuron(project, layer.id, chosen.neuron, self.names)
        self._on_hover(self.controller.hover)
        self._rename_facts(layer)
        at_neuron = (project.layer_index(layer.id), chosen.neuron)
        self._links.tie({key: Quantity(kind, *at_neuron) for key, kind in _QUANTITIES.items()})
        self._nudge.show_choices(self._choices(layer))
        self._facts["y"].setVisible(is_output)
        for key in ("gradient", "batch"):
            self._facts[key].setVisible(layer.bias != "none")
        self._check.set_possible(layer.bias != "none")
        self.show_numbers()

    def _choices(self, layer: Layer) -> list[Choice]:
        """What can be nudged: b, z and a."""
        index, neuron, n = self.project.layer_index(layer.id), self.selection.neuron, self.names
        letters = {"bias": n.bias_letter, "z": n.sum_letter, "a": n.activation_letter}
        if layer.bias == "none":
            del letters["bias"]
        return [Choice(kind, letter, Quantity(kind, index, neuron)) for kind, letter in letters.items()]

    def _rename_facts(self, layer: Layer) -> None:
        n = self.names
        z, a, b = n.sum_letter, n.activation_letter, n.bias_letter
        applied_to_z = re.sub(r"\bz\b", z, applied(layer.activation))
        texts = {
            "z": f"{z} = Σ {n.weight_letter}·{a}" + (f" + {b}" if layer.bias != "none" else ""),
            "a": f"{a} = {applied_to_z}",
            "slope": f"f′({z})",
            "da": f"∂C/∂{a}",
            "delta": f"{n.delta_letter} = ∂C/∂{z}",
            "gradient": f"∂C/∂{b}",
            "batch": f"∂C/∂{b}, batch",
        }
        for key, _, help_text in _FACTS:
            if key in texts:
                self._facts[key].rename(texts[key], help_text)

    def _show_bias_row(self, name: str) -> None:
        layer = self.project.layer(self.selection.layer)
        has = layer.bias != "none"
        shared = layer.bias == "shared"
        what = (
            f"the bias all neurons of {self.project.layer_name(layer.id)} share"
            if shared
            else f"the bias of {name}"
        )
        self._bias_row.set_text(
            "Bias b, shared" if shared else "Bias b" if has else "No bias",
            how_to_drag(self.controller, self.selection)
            if has
            else "The layer has no biases; its page can give it some.",
        )
        self._grip.show_pointer()
        self._bias.setVisible(has)
        self._lock.setVisible(has)
        self._lock.set_what(what)
        self._bias.set_label(f"Bias of {name}")
        if has:
            self._lock.setChecked(bool(self.project.frozen.biases[layer.id][self.selection.neuron]))

    def show_numbers(self) -> None:
        reading, chosen = self.reading(), self.selection
        index, neuron = reading.project.layer_index(chosen.layer), chosen.neuron
        bias = reading.biases(chosen.layer)
        self._bias.set_value(at(bias, neuron))
        self._model.show_numbers(reading)
        facts = self._facts
        facts["z"].set_number(at(reading.z(index), neuron))
        facts["a"].set_number(at(reading.a(index), neuron))
        facts["slope"].set_number(at(reading.slope(index), neuron))
        facts["y"].set_number(
            at(reading.targets(), neuron) if index == len(reading.project.layers) - 1 else None
        )
        facts["da"].set_number(at(reading.da(index), neuron))
        facts["delta"].set_number(at(reading.delta(index), neuron), "focus_text")
        facts["gradient"].set_number(at(reading.bias_gradient(chosen.layer), neuron), "negative_text")
        facts["batch"].set_number(at(reading.batch_bias_gradient(chosen.layer), neuron), "negative_text")
        sample = -1 if reading.probe is None else reading.probe.sample
        self._check.set_subject(reading.parameters, sample, chosen)
        self._nudge.show_numbers(reading)
        self._health.show_notes(notes_of_neuron(self.names, reading.health, chosen.layer, chosen.neuron))

    def _on_hover(self, hover: Selection) -> None:
        self._model.set_lit(hover if hover.kind == "edge" else None)

    # -- gestures ---------------------------------------------------------------------------------

    def _name(self) -> str:
        return self.names.neuron_of(self.selection.layer, self.selection.neuron)

    def _give_bias(self, value: float) -> None:
        layer, neuron = self.selection.layer, self.selection.neuron
        merge = self._bias.merge_key(f"bias.{layer}.{neuron}")
        self.edit(self._bias, f"Bias of {self._name()}", set_bias, layer, neuron, value, merge=merge)

    def _freeze_bias(self, frozen: bool) -> None:
        label = f"{'Freeze' if frozen else 'Unfreeze'} bias of {self._name()}"
        layer, neuron = self.selection.layer, self.selection.neuron
        if not self.controller.edit(label, set_bias_frozen, layer, neuron, frozen):
            self._lock.setChecked(not frozen)

    def _give_weight(self, edge: Selection, value: float, merge: str | None) -> str | None:
        return edit_or_problem(
            self.controller, f"Weight {self._weight_name(edge)}", set_weight,
            edge.connection, edge.target, edge.source, value, merge=merge,
        )  # fmt: skip

    def _freeze_weight(self, edge: Selection, frozen: bool) -> None:
        label = f"{'Freeze' if frozen else 'Unfreeze'} weight {self._weight_name(edge)}"
        self.controller.edit(label, set_weight_frozen, edge.connection, edge.target, edge.source, frozen)

    def _weight_name(self, edge: Selection) -> str:
        return self.names.weight(edge.connection, edge.target, edge.source)

    def _run_check(self) -> CheckResult | None:
        reading, prepared = self.reading(), self.controller.session.prepared
        if reading.probe is None or prepared is None:
            return None
        chosen = self.selection
        return check_bias(
            reading.project, reading.parameters, prepared, reading.probe.sample, chosen.layer, chosen.neuron
        )


_FACTS = (
    ("z", "z = Σ w·a + b", "The weighted sum of what comes in, plus the bias"),
    ("a", "a = f(z)", "The activation: what the neuron passes on"),
    ("y", "target y", "What the output should be for this sample"),
    ("slope", "f′(z)", "How steep the activation function is here"),
    ("da", "∂C/∂a", "How the sample's loss changes with the activation"),
    ("delta", "δ = ∂C/∂z", "How the sample's loss changes with the weighted sum: ∂C/∂a · f′(z)"),
    ("gradient", "∂C/∂b", "How the sample's loss changes with the bias"),
    ("batch", "∂C/∂b, batch", "The same for the batch that is being trained on"),
)


def layer_words(name: str) -> str:
    """“Output” → “Output layer”; a name of the user's own stands by itself."""
    return f"{name} layer" if name in ("Input", "Output") else name
