"""Whether whole numbers among the targets are amounts or stand for classes."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from nnsim.core.datasets.base import Samples
from nnsim.model.edits import set_target_kind
from nnsim.model.edits.target_kind import may_name_classes, named_by_numbers
from nnsim.model.project import Data
from nnsim.ui.controller import Controller
from nnsim.ui.panels.choice import Choice
from nnsim.ui.panels.form import FormRow

_KINDS = (
    ("numbers", "Numbers", "Amounts: outputs are trained towards them (a regression)"),
    ("classes", "Classes", "Names of classes: each has an output of its own (a classification)"),
)


class TargetKindRow(QWidget):
    """Only there for a table of the user's own that can be read both ways. Object name of the choice:
    ``data_targets``."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._shown: Samples | None = None
        self.choice = Choice(_KINDS, label="Targets")
        self.choice.setObjectName("data_targets")
        self.choice.chosen.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(FormRow("Targets", self.choice, help_text="What the targets stand for"))
        self.hide()

    def show_samples(self, data: Data, samples: Samples | None) -> None:
        """Show what the targets of ``samples`` are read as."""
        if samples is self._shown:
            return
        self._shown = samples
        if samples is None or data.source != "table":
            self.hide()
            return
        self.setVisible(named_by_numbers(samples) or may_name_classes(samples) is not None)
        self.choice.set_key("numbers" if samples.labels is None else "classes")

    def _choose(self, key: str) -> None:
        self._controller.edit(f"Targets as {key}", set_target_kind, key == "classes")
