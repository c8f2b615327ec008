"""A weight: its exact value, frozen or not, and its gradient as a product.

Object names: ``edge_weight``, ``edge_weight_lock``, ``edge_a`` and
the other facts, ``edge_check``.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from nnsim.model.edits import set_weight, set_weight_frozen
from nnsim.model.project import neuron_name
from nnsim.ui.controller import Controller
from nnsim.ui.panels.facts import FactList
from nnsim.ui.panels.form import FormRow
from nnsim.ui.panels.lock_button import LockButton
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.numeric_check import CheckResult, check_weight
from nnsim.ui.panels.page import CheckRow, Page
from nnsim.ui.panels.reading import at
from nnsim.ui.selection import Selection
from nnsim.ui.theme import Theme

_FACTS = (
    ("start", "at the start", "The weight this network began with"),
    ("a", "a", "The activation of the source, for the sample in view"),
    ("term", "w · a", "What this weight adds to the target's z"),
    ("delta", "δ", "∂C/∂z of the target"),
    ("gradient", "∂C/∂w = δ · a", "How the sample's loss changes with the weight"),
    ("product", "", "The gradient with its factors"),
    ("batch", "∂C/∂w, batch", "The same for the batch that is being trained on"),
)


class EdgePage(Page):
    """One weight of a connection."""

    up_word = "neuron"

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(controller, theme, parent)
        self._weight = NumberField(label="Weight", digits=6, columns=10)
        self._weight.setObjectName("edge_weight")
        self._weight.committed.connect(self._give)
        self._lock = LockButton(theme, "the weight")
        self._lock.setObjectName("edge_weight_lock")
        self._lock.clicked.connect(self._freeze)
        self._row = FormRow("Weight w", self._lock, self._weight)
        self.content.addWidget(self._row)
        self._facts = FactList(theme, "edge", _FACTS)
        self._check = CheckRow(theme, "edge_check", self._run_check)
        self._facts.add(self._check)
        self.content.addWidget(self._facts)
        self.content.addStretch(1)

    def _names(self) -> tuple[str, str]:
        """(target, source)."""
        project, chosen = self.project, self.selection
        c = project.connection(chosen.connection)
        return neuron_name(project, c.target, chosen.target), neuron_name(project, c.source, chosen.source)

    def title(self) -> str:
        target, source = self._names()
        return f"Weight {target} ← {source}"

    def up(self) -> Selection:
        c = self.project.connection(self.selection.connection)
        return Selection.of_neuron(c.target, self.selection.target)

    def show_selection(self, selection: Selection) -> None:
        # Shown from the first backward pass on, then kept, so that lines do not jump in every step.
        self._facts["batch"].hide()
        super().show_selection(selection)

    def show_project(self) -> None:
        chosen = self.selection
        target, source = self._names()
        self._weight.set_label(f"Weight {target} ← {source}")
        self._lock.set_what(f"the weight {target} ← {source}")
        place = (chosen.target, chosen.source)
        self._lock.setChecked(bool(self.project.frozen.weights[chosen.connection][place]))
        self._facts["start"].set_number(float(self.project.start.weights[chosen.connection][place]))
        self._facts["a"].rename(f"a of {source}", _FACTS[1][2])
        self._facts["delta"].rename(f"δ of {target}", _FACTS[3][2])
        self.show_numbers()

    def show_numbers(self) -> None:
        reading, chosen = self.reading(), self.selection
        c = reading.project.connection(chosen.connection)
        place = (chosen.target, chosen.source)
        weight = float(reading.weights(c.id)[place])
        self._weight.set_value(weight)
        a = at(reading.a(reading.project.layer_index(c.source)), chosen.source)
        delta = at(reading.delta(reading.project.layer_index(c.target)), chosen.target)
        gradient = at(reading.weight_gradient(c.id), *place)
        facts = self._facts
        facts["a"].set_number(a)
        facts["term"].set_number(None if a is None else weight * a)
        facts["delta"].set_number(delta, "focus_text")
        facts["gradient"].set_number(gradient, "negative_text")
        facts["product"].set_product(delta, a, gradient)
        batch = at(reading.batch_weight_gradient(c.id), *place)
        facts["batch"].set_number(batch, "negative_text")
        if batch is not None:
            facts["batch"].show()
        sample = -1 if reading.probe is None else reading.probe.sample
        self._check.set_subject(reading.parameters, sample, chosen)

    def _give(self, value: float) -> None:
        chosen, (target, source) = self.selection, self._names()
        merge = self._weight.merge_key(f"weight.{chosen.connection}.{chosen.target}.{chosen.source}")
        self.edit(
            self._weight, f"Weight {target} ← {source}", set_weight,
            chosen.connection, chosen.target, chosen.source, value, merge=merge,
        )  # fmt: skip

    def _freeze(self, frozen: bool) -> None:
        chosen, (target, source) = self.selection, self._names()
        label = f"{'Freeze' if frozen else 'Unfreeze'} weight {target} ← {source}"
        place = (chosen.connection, chosen.target, chosen.source)
        if not self.controller.edit(label, set_weight_frozen, *place, frozen):
            self._lock.setChecked(not frozen)

    def _run_check(self) -> CheckResult | None:
        reading, prepared, chosen = self.reading(), self.controller.session.prepared, self.selection
        if reading.probe is None or prepared is None:
            return None
        return check_weight(
            reading.project, reading.parameters, prepared, reading.probe.sample,
            chosen.connection, chosen.target, chosen.source,
        )  # fmt: skip
