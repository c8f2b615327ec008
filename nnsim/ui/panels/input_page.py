"""A neuron of the input layer: what it carries, and what of the sample that comes from.

Object names: ``input_words``, ``input_a``, ``input_raw_1`` …, ``input_scaling``,
``input_nudge``.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from nnsim.core.datasets.features import FEATURES, feature_matrix
from nnsim.core.datasets.scaling import SCALINGS
from nnsim.core.explain.quantity import Quantity
from nnsim.model.prepared import Prepared
from nnsim.ui.controller import Controller
from nnsim.ui.numbers import exact, short
from nnsim.ui.panels.facts import FactList
from nnsim.ui.panels.neuron_page import layer_words
from nnsim.ui.panels.nudge_section import Choice, NudgeSection
from nnsim.ui.panels.page import Page
from nnsim.ui.panels.plain import PlainLabel
from nnsim.ui.panels.reading import at
from nnsim.ui.panels.samples_model import shown_name
from nnsim.ui.selection import Selection
from nnsim.ui.theme import Theme


class InputPage(Page):
    """An input: its value is the feature, scaled; the feature is made of the raw inputs."""

    up_word = "layer"

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(controller, theme, parent)
        self._words = PlainLabel(role="muted", name="input_words", wrap=True)
        self._facts = FactList(theme, "input", _FACTS)
        self._nudge = NudgeSection(controller, theme, "input_nudge")
        for widget in (self._words, self._facts, self._nudge):
            self.content.addWidget(widget)
        self.content.addStretch(1)

    def title(self) -> str:
        layer = self.selection.layer
        name = self.names.neuron_of(layer, self.selection.neuron)
        return f"Neuron {name} · {layer_words(self.project.layer_name(layer))}"

    def up(self) -> Selection:
        return Selection.of_layer(self.selection.layer)

    def show_project(self) -> None:
        self._words.say(self._describe())
        scaling = self.project.data.scaling
        self._facts["scaling"].setVisible(scaling != "none")
        letter = self.names.neuron_of(self.selection.layer, self.selection.neuron)
        place = Quantity("x", 0, self.selection.neuron)
        self._nudge.show_choices([Choice("x", letter, place)])
        self.show_numbers()

    def _describe(self) -> str:
        features, neuron = self.project.data.features, self.selection.neuron
        prepared = self.controller.session.prepared
        if prepared is not None and prepared.samples.width != 2:
            names = prepared.samples.input_names
            column = names[neuron] if neuron < len(names) else "?"
            return f"Column “{column}” of the data."
        if neuron < len(features) and features[neuron] in FEATURES:
            entry = FEATURES[features[neuron]]
            return f"{entry.help} {entry.formula}" if entry.formula != entry.label else entry.help
        return "An input of the data."

    def show_numbers(self) -> None:
        reading, neuron = self.reading(), self.selection.neuron
        prepared = self.controller.session.prepared
        sample = -1 if reading.probe is None else reading.probe.sample
        self._show_raw(prepared, sample, neuron)
        self._facts["a"].set_number(at(reading.a(0), neuron))
        self._facts["da"].set_number(at(reading.da(0), neuron), "negative_text")
        self._nudge.show_numbers(reading)

    def _show_raw(self, prepared: Prepared | None, sample: int, neuron: int) -> None:
        facts, data = self._facts, self.project.data
        if prepared is None or not 0 <= sample < prepared.samples.count or neuron >= prepared.x.shape[1]:
            for key in ("raw_1", "raw_2", "feature", "scaling"):
                facts[key].set_number(None)
            return
        samples = prepared.samples
        two = samples.width == 2
        for key, column in zip(("raw_1", "raw_2"), (0, 1) if two else (neuron,), strict=False):
            facts[key].rename(f"raw {shown_name(samples.input_names[column])}", "As it is in the data")
            facts[key].set_number(float(samples.inputs[sample, column]))
        facts["raw_2"].setVisible(two)
        made = two and neuron < len(data.features) and data.features[neuron] not in ("x1", "x2")
        facts["feature"].setVisible(made)
        if made:
            entry = FEATURES[data.features[neuron]]
            facts["feature"].rename(entry.formula, entry.help)
            value = feature_matrix(samples.inputs[sample : sample + 1], data.features)[0, neuron]
            facts["feature"].set_number(float(value))
        if data.scaling != "none":
            offset, factor = float(prepared.scaling.offset[neuron]), float(prepared.scaling.factor[neuron])
            label = SCALINGS[data.scaling].label if data.scaling in SCALINGS else data.scaling
            full = f"{label}: (x − {exact(offset)}) · {exact(factor)}"
            facts["scaling"].set_text(f"(x − {short(offset, 3)}) · {short(factor, 3)}", full=full)


_FACTS = (
    ("raw_1", "raw", "As it is in the data"),
    ("raw_2", "raw", "As it is in the data"),
    ("feature", "feature", "What is made of the raw inputs"),
    ("scaling", "scaling", "How inputs are brought to comparable sizes"),
    ("a", "a", "What the network is fed"),
    ("da", "∂C/∂x", "How the sample's loss changes with this input"),
)
