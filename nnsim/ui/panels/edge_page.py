"""A weight: its exact value, frozen or not, and its gradient as a product.

Object names: ``edge_weight``, ``edge_weight_lock``, ``edge_a`` and
the other facts, ``edge_check``, ``edge_nudge``.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from nnsim.core.explain.quantity import Quantity
from nnsim.model.edits import set_weight, set_weight_frozen
from nnsim.ui.controller import Controller
from nnsim.ui.panels.fact_links import FactLinks
from nnsim.ui.panels.facts import FactList
from nnsim.ui.panels.form import FormRow
from nnsim.ui.panels.label_grip import LabelGrip
from nnsim.ui.panels.lock_button import LockButton
from nnsim.ui.panels.nudge_section import Choice, NudgeSection
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.numeric_check import CheckResult, check_weight
from nnsim.ui.panels.page import CheckRow, Page
from nnsim.ui.panels.reading import at
from nnsim.ui.parameter_drag import how_to_drag
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
        self._grip = LabelGrip(controller, self._row.label, lambda: self.selection)
        self.content.addWidget(self._row)
        self._facts = FactList(theme, "edge", _FACTS)
        self._links = FactLinks(controller, self._facts)
        self._check = CheckRow(theme, "edge_check", self._run_check)
        self._check.add_to(self._facts)
        self._nudge = NudgeSection(controller, theme, "edge_nudge")
        self.content.addWidget(self._facts)
        self.content.addWidget(self._nudge)
        self.content.addStretch(1)

    def _name(self) -> str:
        """The weight beside the word: "h₁ ← x₂", "w₅"."""
        chosen = self.selection
        return self.names.weight(chosen.connection, chosen.target, chosen.source)

    def title(self) -> str:
        chosen, name = self.selection, self._name()
        c, names = self.project.connection(chosen.connection), self.names
        ends = f"{names.neuron_of(c.target, chosen.target)} ← {names.neuron_of(c.source, chosen.source)}"
        return f"Weight {name}" if name == ends else f"Weight {name} · {ends}"

    def up(self) -> Selection:
        c = self.project.connection(self.selection.connection)
        return Selection.of_neuron(c.target, self.selection.target)

    def show_project(self) -> None:
        chosen = self.selection
        name, names = self._name(), self.names
        self._weight.set_label(f"Weight {name}")
        self._lock.set_what(f"the weight {name}")
        self._row.set_text(f"Weight {names.weight_letter}", how_to_drag(self.controller, chosen))
        self._grip.show_pointer()
        place = (chosen.target, chosen.source)
        self._lock.setChecked(bool(self.project.frozen.weights[chosen.connection][place]))
        self._facts["start"].set_number(float(self.project.start.weights[chosen.connection][place]))
        self._rename_facts()
        self._links.tie(self._quantities())
        self._nudge.show_choices([Choice("weight", names.weight_letter, self._place())])
        self.show_numbers()

    def _quantities(self) -> dict[str, Quantity]:
        """What the rows show."""
        weight = self._place()
        source = self.project.layer_index(self.project.connection(self.selection.connection).source)
        gradient = weight.of("weight_gradient")
        return {
            "a": Quantity("a" if source else "x", source, self.selection.source),
            "delta": Quantity("delta", weight.layer, weight.neuron),
            "gradient": gradient, "product": gradient, "batch": gradient,
        }  # fmt: skip

    def _place(self) -> Quantity:
        """The weight by index."""
        project, chosen = self.project, self.selection
        index = next(i for i, c in enumerate(project.connections) if c.id == chosen.connection)
        layer = project.layer_index(project.connections[index].target)
        return Quantity("weight", layer, chosen.target, index, chosen.source)

    def _rename_facts(self) -> None:
        names, chosen, facts = self.names, self.selection, self._facts
        c = self.project.connection(chosen.connection)
        w, a, delta = names.weight_letter, names.activation_letter, names.delta_letter
        texts = {
            "a": names.activation(c.source, chosen.source),
            "term": f"{w} · {a}",
            "delta": names.delta(c.target, chosen.target),
            "gradient": f"∂C/∂{w} = {delta} · {a}",
            "batch": f"∂C/∂{w}, batch",
        }
        for key, _, help_text in _FACTS:
            if key in texts:
                facts[key].rename(texts[key], help_text)

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
        facts["batch"].set_number(at(reading.batch_weight_gradient(c.id), *place), "negative_text")
        sample = -1 if reading.probe is None else reading.probe.sample
        self._check.set_subject(reading.parameters, sample, chosen)
        self._nudge.show_numbers(reading)

    def _give(self, value: float) -> None:
        chosen = self.selection
        merge = self._weight.merge_key(f"weight.{chosen.connection}.{chosen.target}.{chosen.source}")
        self.edit(
            self._weight, f"Weight {self._name()}", set_weight,
            chosen.connection, chosen.target, chosen.source, value, merge=merge,
        )  # fmt: skip

    def _freeze(self, frozen: bool) -> None:
        chosen = self.selection
        label = f"{'Freeze' if frozen else 'Unfreeze'} weight {self._name()}"
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
