"""The samples under their caption, with what can be done to them.

Object names: ``samples_caption``, ``samples_table``, ``samples_legend``, ``samples_import``,
``samples_export``, ``samples_add``, ``samples_remove``.
"""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from nnsim.core.arrays import IntArray
from nnsim.core.datasets.base import Samples
from nnsim.model.edits import add_sample, remove_samples, set_cell
from nnsim.ui.controller import Controller
from nnsim.ui.panels.form import column, section
from nnsim.ui.panels.page import edit_or_problem
from nnsim.ui.panels.plain import PlainLabel
from nnsim.ui.panels.samples_model import SamplesModel
from nnsim.ui.panels.samples_table import SamplesTable
from nnsim.ui.panels.table_files import TableFiles
from nnsim.ui.theme import Theme


class SamplesPanel(QWidget):
    """Told what to show by the data panel."""

    def __init__(
        self, controller: Controller, theme: Theme, files: TableFiles, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._model = SamplesModel(self._give)
        self.table = SamplesTable(theme, self._model)
        self.table.row_chosen.connect(controller.view.set_sample)
        self.table.remove_wanted.connect(self._remove_rows)
        self.table.rows_selected.connect(self._show_buttons)
        self._legend = PlainLabel(role="muted", name="samples_legend", wrap=True)
        self._import = self._button("samples_import", "Import CSV…", "Use the samples of a table file")
        self._export = self._button("samples_export", "Export CSV…", "Write these samples to a table file")
        self._add = self._button("samples_add", "+ Row", "Add a sample like the one in view, to be edited")
        self._remove = self._button("samples_remove", "− Rows", "Remove the selected samples (Delete)")
        self._import.clicked.connect(files.choose_import)
        self._export.clicked.connect(files.choose_export)
        self._add.clicked.connect(self._add_row)
        self._remove.clicked.connect(lambda: self._remove_rows(self.table.selected_rows()))
        buttons = QWidget()
        grid = QGridLayout(buttons)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        for place, button in enumerate((self._import, self._add, self._export, self._remove)):
            grid.addWidget(button, place // 2, place % 2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        layout = column(self)
        layout.addWidget(section("Samples", "samples_caption"))
        layout.addWidget(self.table, 1)
        layout.addWidget(self._legend)
        layout.addWidget(buttons)
        controller.view.sample_changed.connect(self.table.show_view)

    @staticmethod
    def _button(name: str, text: str, help_text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setToolTip(help_text)
        button.setMinimumWidth(40)
        return button

    # -- showing ----------------------------------------------------------------------------------

    def show_samples(self, samples: Samples | None, train: IntArray | None) -> None:
        """Show these samples; ``train`` are the rows trained on, if that is known."""
        self._model.show_samples(samples, train)
        if samples is None:
            self._legend.say("There are no samples to show.")
        elif train is None:
            self._legend.say(f"{samples.count:,} samples")
        else:
            self._legend.say(f"● {len(train):,} train   ○ {samples.count - len(train):,} test")
        self.table.show_view(self._controller.view.sample)
        self._show_buttons()

    def _show_buttons(self) -> None:
        samples = self._model.samples
        self._export.setEnabled(samples is not None)
        self._add.setEnabled(samples is not None)
        self._remove.setEnabled(samples is not None and bool(self.table.selected_rows()))

    # -- gestures ---------------------------------------------------------------------------------

    def _give(self, row: int, place: int, value: float | str, merge: str | None) -> str | None:
        label = f"{self._model.column_name(place + 1)} of sample {row + 1}"
        return edit_or_problem(self._controller, label, set_cell, row, place, value, merge=merge)

    def _add_row(self) -> None:
        samples = self._model.samples
        if samples is None:
            return
        row = self._controller.view.sample
        inputs, target = [0.0] * samples.width, _blank_target(samples)
        if 0 <= row < samples.count:
            inputs, target = [float(v) for v in samples.inputs[row]], _target(samples, row)
        if self._controller.edit("Add a sample", add_sample, inputs, target):
            last = self._model.rowCount() - 1
            self._controller.view.set_sample(last)
            self.table.edit_row(last)

    def _remove_rows(self, rows: list[int]) -> None:
        if rows:
            what = f"{len(rows):,} samples" if len(rows) > 1 else f"sample {rows[0] + 1}"
            self._controller.edit(f"Remove {what}", remove_samples, rows)


def _target(samples: Samples, row: int) -> float | str | list[float]:
    if samples.targets is not None:
        return [float(v) for v in samples.targets[row]]
    assert samples.labels is not None
    return samples.classes[int(samples.labels[row])]


def _blank_target(samples: Samples) -> float | str | list[float]:
    if samples.targets is not None:
        return [0.0] * int(samples.targets.shape[1])
    return samples.classes[0]
