"""The network as a whole: what it consists of, and how it learns.

Object names: ``network_title``, ``network_check``, the facts ``network_layers``,
``network_parameters``, ``network_frozen``, ``network_data``, ``network_split``, ``network_source``,
``network_health``, ``network_bars``, and ``training_panel``.
"""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from nnsim.core.datasets import DATASETS
from nnsim.model.edits import set_title
from nnsim.ui.controller import Controller
from nnsim.ui.dialogs.gradient_check import open_gradient_check
from nnsim.ui.health_words import notes_of_network
from nnsim.ui.panels.facts import FactList
from nnsim.ui.panels.form import FormRow, line, section
from nnsim.ui.panels.gradient_bars import GradientBars
from nnsim.ui.panels.health_notes import HealthNotes
from nnsim.ui.panels.page import Page
from nnsim.ui.panels.plain import PlainLabel
from nnsim.ui.panels.text_field import TextField
from nnsim.ui.panels.training_panel import TrainingPanel
from nnsim.ui.selection import Selection
from nnsim.ui.theme import Theme

_FACTS = (
    ("layers", "layers", "Neurons of each layer, the input first"),
    ("parameters", "parameters", "All weights and biases"),
    ("frozen", "frozen", "Parameters that training leaves alone"),
    ("data", "data", "The data set in use"),
    ("split", "train / test", "How many samples are trained on, and how many only tested on"),
)
_LONGEST_TITLE = 120


class NetworkPage(Page):
    """Shown when nothing in particular is selected."""

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(controller, theme, parent)
        self._title = TextField(label="Title of the project", longest=_LONGEST_TITLE)
        self._title.setObjectName("network_title")
        self._title.setPlaceholderText("Untitled")
        self._title.committed.connect(self._rename)
        self._facts = FactList(theme, "network", _FACTS)
        self._health = HealthNotes(controller, theme, "network_health")
        self._bars = GradientBars(theme, "network_bars")
        self._bars.chosen.connect(lambda layer: controller.select(Selection.of_layer(layer)))
        self._source = PlainLabel(role="muted", name="network_source", wrap=True)
        self._training = TrainingPanel(controller, theme)
        self._check = QPushButton("Check all gradients…")
        self._check.setObjectName("network_check")
        self._check.setToolTip("Compare backpropagation with trying both ways, for every weight and bias")
        self._check.clicked.connect(lambda: open_gradient_check(controller, theme, self.window()))
        for widget in (
            FormRow("Title", self._title), self._facts, self._source,
            section("Gradients by layer", "network_bars_caption"), self._bars, self._health,
            line(self._check), section("Training", "training_caption"), self._training,
        ):  # fmt: skip
            self.content.addWidget(widget)
        self.content.addStretch(1)

    def title(self) -> str:
        return "Network"

    def show_project(self) -> None:
        project, prepared = self.project, self.controller.session.prepared
        self._title.set_text(project.title)
        sizes = [str(layer.size) for layer in project.layers]
        self._facts["layers"].set_text(" · ".join(sizes), full="-".join(sizes))
        self._facts["parameters"].set_text(f"{project.parameter_count():,}")
        marks = (*project.frozen.weights.values(), *project.frozen.biases.values())
        frozen = sum(int(m.sum()) for m in marks)
        self._facts["frozen"].set_text(f"{frozen:,}")
        self._facts["frozen"].setVisible(frozen > 0)
        source = project.data.source
        name = DATASETS[source].label if source in DATASETS else "your table" if source == "table" else source
        self._facts["data"].set_text(name)
        split = "—" if prepared is None else f"{len(prepared.train):,} / {len(prepared.test):,}"
        self._facts["split"].set_text(split)
        self._source.say(project.source_note)
        self._source.setVisible(bool(project.source_note))
        self.show_numbers()

    def show_numbers(self) -> None:
        """The training panel follows by itself."""
        reading = self.reading()
        self._health.show_notes(notes_of_network(self.names, reading.health))
        self._bars.show_health(reading.project, reading.health)

    def _rename(self, title: str) -> None:
        if not self.controller.edit("Title", set_title, title):
            self._title.set_text(self.project.title)
