"""Where the samples come from: a gallery, how they are made and divided, and the samples themselves.

Object names: ``data_panel``, ``data_scroll``, ``data_<key>`` (tiles),
``data_noise``, ``data_train_share``, ``data_batch_size`` (fields; sliders end in ``_slider``),
``data_option_<key>``, ``data_regenerate``, ``data_suggested``, ``data_feature_<key>``,
``data_scaling``, ``data_targets``, and those of the samples panel.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from nnsim.core.datasets import DATASETS
from nnsim.core.datasets.base import Samples
from nnsim.model.edits import regenerate, set_data_options, set_train_share, set_training
from nnsim.model.prepared import samples_of
from nnsim.model.project import Data, Project
from nnsim.ui.controller import Controller
from nnsim.ui.panels.data_commands import DataCommands, suggestion_words
from nnsim.ui.panels.data_gallery import DataGallery
from nnsim.ui.panels.form import line, section
from nnsim.ui.panels.input_rows import InputRows
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.option_form import OptionForm
from nnsim.ui.panels.page import edit_at, edit_or_problem
from nnsim.ui.panels.panel_scroll import PanelScroll
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.panels.samples_panel import SamplesPanel
from nnsim.ui.panels.slider_row import SliderRow
from nnsim.ui.panels.table_files import TableFiles
from nnsim.ui.panels.target_kind_row import TargetKindRow
from nnsim.ui.theme import Theme

_NOISE = "noise"
_NOISE_STEPS = 50
_BATCH_STOPS = 40


class DataPanel(QWidget):
    """Shows and sets ``project.data`` and the batch size. Idle while it is hidden."""

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_panel")
        self.setAccessibleName("Data")
        self.setWindowTitle("Data")
        self._controller = controller
        self._commands = DataCommands(controller, self)
        self._shown: Data | None = None
        self._gallery = DataGallery(controller, theme)
        self._gallery.chosen.connect(self._commands.choose)
        self._noise = self._noise_row()
        self._share = self._share_row()
        self._batch = self._batch_row()
        self._options = OptionForm("data_option")
        self._options.changed.connect(self._set_option)
        self._regenerate = QPushButton("Redraw")
        self._regenerate.setObjectName("data_regenerate")
        self._regenerate.clicked.connect(lambda: controller.edit("Redraw", regenerate))
        self._suggested = QPushButton("Suggested network")
        self._suggested.setObjectName("data_suggested")
        self._suggested.clicked.connect(self._commands.use_suggested)
        self._inputs = InputRows(controller, "data")
        self._targets = TargetKindRow(controller)
        self._files = TableFiles(controller, self._commands, self)
        self._samples = SamplesPanel(controller, theme, self._files)
        for button in (self._regenerate, self._suggested):
            button.setProperty("chip", True)
        self._lay_out()
        controller.project_changed.connect(self._on_project_changed)

    def _lay_out(self) -> None:
        self._scroll = PanelScroll("data_scroll")
        content = self._scroll.content
        for widget in (
            self._gallery, self._noise, self._share, self._batch,
            self._options, line(self._regenerate, self._suggested),
        ):  # fmt: skip
            content.addWidget(widget)
        content.addWidget(self._samples, 1)
        content.addWidget(section("Fed to the network"))
        content.addWidget(self._inputs)
        content.addWidget(self._targets)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)

    def import_csv(self, path: Path | None = None) -> None:
        """Use the samples of a file; without one, ask for it."""
        if path is None:
            self._files.choose_import()
        else:
            self._files.read(path)

    # -- rows -------------------------------------------------------------------------------------

    def _noise_row(self) -> SliderRow:
        field = NumberField(
            label="Noise", digits=2, fixed=True, minimum=0.0, maximum=0.5, step=0.01, columns=5
        )
        stops = [round(i / _NOISE_STEPS * 0.5, 4) for i in range(_NOISE_STEPS + 1)]
        row = SliderRow("data_noise", "Noise", field, stops, "How much chance is mixed into the samples")
        row.changed.connect(self._set_noise)
        return row

    def _share_row(self) -> SliderRow:
        field = NumberField(
            label="Train share", digits=1, minimum=1.0, maximum=100.0, step=5.0, suffix=" %", columns=5
        )
        help_text = "How many of the samples are trained on; the others only test"
        row = SliderRow("data_train_share", "Train share", field, [5.0 * i for i in range(1, 21)], help_text)
        row.changed.connect(self._set_share)
        return row

    def _batch_row(self) -> SliderRow:
        field = NumberField(
            label="Batch size", integer=True, minimum=0.0, zero_text="all", columns=5,
            help_text="Samples in one update; 0 means all training samples",
        )  # fmt: skip
        row = SliderRow("data_batch_size", "Batch size", field, [1.0], "Samples in one update")
        row.changed.connect(self._set_batch)
        return row

    # -- showing ----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _on_project_changed(self, before: Project, after: Project) -> None:
        parts = ("data", "training", "layers")  # other weights alone change nothing here
        if self.isVisible() and any(getattr(before, p) is not getattr(after, p) for p in parts):
            self.refresh()

    def refresh(self) -> None:
        """Show the document's data as they are now."""
        project = self._controller.project
        data = project.data
        prepared = self._controller.session.prepared
        samples = prepared.samples if prepared is not None else _samples_or_none(data)
        self._gallery.show_source(data.source, samples if data.source == "table" else None)
        self._show_options(data)
        self._share.show_value(_percent(data.train_share))
        count = 0 if prepared is None else len(prepared.train)
        self._batch.set_stops(batch_stops(count))
        # 0 stands for all samples, which is the slider's right end.
        size = project.training.batch_size
        self._batch.show_value(float(count if size == 0 or size >= count > 0 else size))
        self._batch.field.set_value(float(size))
        self._inputs.show_data(0 if samples is None else samples.width)
        self._targets.show_samples(data, samples)
        self._samples.show_samples(samples, None if prepared is None else prepared.train)
        self._shown = data

    def _show_options(self, data: Data) -> None:
        known = data.source in DATASETS
        entry = DATASETS[data.source] if known else None
        options = () if entry is None else entry.options
        noise = next((o for o in options if o.key == _NOISE), None)
        self._noise.setVisible(noise is not None)
        if noise is not None:
            self._noise.show_value(float(data.options.get(_NOISE, noise.default)))
        self._options.show_options(tuple(o for o in options if o.key != _NOISE), data.options)
        drawn = entry is not None and not entry.fixed and not entry.shipped
        self._regenerate.setToolTip(
            "Draw the samples anew" if drawn else "Draw anew which samples are trained on"
        )
        self._regenerate.setEnabled(drawn or data.train_share < 1.0)
        self._suggested.setVisible(entry is not None)
        if entry is not None:
            words = suggestion_words(entry.width, entry.suggestion)
            self._suggested.setToolTip(tool_tip(f"A network that learns {entry.label}: {words}"))

    # -- gestures ---------------------------------------------------------------------------------

    def _set_noise(self, value: float, merge: str | None) -> None:
        edit_at(self._controller, self._noise.field, "Noise", set_data_options, merge=merge, noise=value)

    def _set_share(self, percent: float, merge: str | None) -> None:
        edit_at(
            self._controller, self._share.field, "Train share", set_train_share, _share(percent), merge=merge
        )

    def _set_batch(self, size: float, merge: str | None) -> None:
        prepared = self._controller.session.prepared
        everything = prepared is not None and size >= len(prepared.train) and merge is not None
        given = 0 if everything else int(size)
        edit_at(
            self._controller, self._batch.field, "Batch size", set_training, merge=merge, batch_size=given
        )

    def _set_option(self, key: str, value: Any, merge: str | None) -> None:
        problem = edit_or_problem(
            self._controller, f"Data: {key}", set_data_options, merge=merge, **{key: value}
        )
        if problem:
            self._options.refuse(key, problem)


def _share(percent: float) -> float:
    """66.6 → 0.666, where a division of floats would give 0.6659999999999999."""
    return float(Decimal(repr(percent)) / 100)


def _percent(share: float) -> float:
    return float(Decimal(repr(share)) * 100)


def batch_stops(count: int) -> list[float]:
    """Batch sizes a slider offers for ``count`` training samples: close together where small."""
    if count <= _BATCH_STOPS:
        return [float(i) for i in range(1, max(count, 1) + 1)]
    spaced = np.unique(np.round(np.geomspace(1, count, _BATCH_STOPS * 2)))
    return [float(v) for v in spaced]


def _samples_or_none(data: Data) -> Samples | None:
    """The raw samples, also where the network does not fit them."""
    try:
        return samples_of(data)
    except (KeyError, ValueError):
        return None
