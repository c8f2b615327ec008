"""All gradients at once: by backpropagation and by trying, side by side, the largest error first.

Object names: ``gradient_check`` (the window), ``gradient_subject_sample`` and ``_training`` (what C is
over), ``gradient_summary``, ``gradient_note``, ``gradient_progress``, ``gradient_table``,
``gradient_copy``, ``gradient_again`` (also cancels), ``gradient_close``.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from nnsim.core.explain.quantity import Quantity
from nnsim.model.project import Project
from nnsim.ui.controller import Controller
from nnsim.ui.dialogs.gradient_table import GradientModel, GradientTable
from nnsim.ui.dialogs.gradient_work import LIMIT, Found, GradientWork
from nnsim.ui.numbers import scientific
from nnsim.ui.panels.plain import PlainLabel
from nnsim.ui.panels.reading import Reading
from nnsim.ui.segmented import Segmented
from nnsim.ui.selection import Selection
from nnsim.ui.theme import Theme

_SUBJECTS = (
    ("sample", "Sample in view", "C is the loss of the sample in view alone"),
    ("training", "Training samples", "C is the loss over the training samples"),
)
_NO_SAMPLE = "There is no sample to check with. Add some, or choose a data set."
_REFRESH_ROWS = 2000  # beyond this many rows the table is filled once, at the end


class GradientCheckDialog(QDialog):
    """Stays open beside the window; a click on a row selects the parameter there."""

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._controller = controller
        self._work: GradientWork | None = None
        self._checked: tuple[Project, object] | None = None
        self.setObjectName("gradient_check")
        self.setWindowTitle("Check all gradients — nnsim")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(720, 520)
        self._subject = Segmented(_SUBJECTS)
        self._subject.set_name("gradient_subject", "What the loss is of")
        self._subject.chosen.connect(lambda _: self.start())
        self._summary = PlainLabel(role="heading", name="gradient_summary", wrap=True)
        self._note = PlainLabel(role="muted", name="gradient_note", wrap=True)
        self._progress = QProgressBar()
        self._progress.setObjectName("gradient_progress")
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(4)
        self._model = GradientModel(self._name)
        self._table = GradientTable(theme, self._model)
        self._table.clicked.connect(self._select)
        self._table.activated.connect(self._select)
        self._copy = _button("Copy table", "gradient_copy", self._copy_table)
        self._again = _button("Check again", "gradient_again", self._on_again)
        close = _button("Close", "gradient_close", self.close)
        buttons = QHBoxLayout()
        for button in (self._copy, self._again):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.addWidget(self._subject)
        top.addStretch(1)
        column.addLayout(top)
        for widget in (self._summary, self._note, self._progress):
            column.addWidget(widget)
        column.addWidget(self._table, 1)
        column.addLayout(buttons)
        controller.view.notation_changed.connect(self._model.rename)
        controller.project_changed.connect(self._on_project)
        self.start()

    # -- checking ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Check at the present parameters."""
        self._stop()
        self._model.show_found([])
        session = self._controller.session
        reading = Reading(session.project, session.snapshot, session.busy)
        prepared = session.prepared
        sample = None if self._subject.value == "training" else self._controller.view.sample
        self._checked = (session.project, reading.parameters)
        try:
            if prepared is None:
                raise ValueError(_NO_SAMPLE)
            work = GradientWork(reading.project, reading.parameters, prepared, sample, self)
        except ValueError:
            self._summary.say("Nothing could be checked.")
            self._note.say(_NO_SAMPLE)
            self._progress.hide()
            return
        self._work = work
        work.advanced.connect(self._on_advanced)
        work.finished.connect(self._on_finished)
        self._progress.setRange(0, work.count)
        self._progress.setValue(0)
        self._progress.show()
        self._again.setText("Cancel")
        self._note.say(_what(work, sample))
        self._on_advanced()

    def _stop(self) -> None:
        work, self._work = self._work, None
        if work is not None:
            work.advanced.disconnect(self._on_advanced)
            work.finished.disconnect(self._on_finished)
            work.cancel()
            work.deleteLater()

    def _on_again(self) -> None:
        if self._work is not None and self._work.running:
            self._work.cancel()
        else:
            self.start()

    def _on_advanced(self) -> None:
        work = self._work
        if work is None:
            return
        self._progress.setValue(len(work.found))
        if work.running:
            self._summary.say(f"Checked {len(work.found):,} of {work.count:,} …")
            if work.count <= _REFRESH_ROWS and work.found:
                self._model.show_found(work.found)

    def _on_finished(self) -> None:
        work = self._work
        if work is None:
            return
        self._progress.hide()
        self._again.setText("Check again")
        self._model.show_found(work.found)
        done = len(work.found) == work.count
        self._summary.say(("" if done else "Cancelled. ") + outcome(work.found))

    def _on_project(self, before: Project, after: Project) -> None:
        """What has been found is of another network, or of other weights."""
        if self._work is not None and (
            before.layers is not after.layers or before.connections is not after.connections
        ):
            self.start()
        elif before.parameters is not after.parameters and self._work is not None and not self._work.running:
            self._summary.say(f"{outcome(self._work.found)} The weights have changed since.")

    # -- rows -------------------------------------------------------------------------------------

    def _name(self, place: Quantity) -> str:
        return self._controller.view.names.text(place)

    def _select(self, index: QModelIndex) -> None:
        if not 0 <= index.row() < len(self._model.rows):
            return
        place, project = self._model.rows[index.row()].place, self._controller.project
        layer = project.layers[place.layer or 0].id
        if place.connection is None:
            self._controller.select(Selection.of_neuron(layer, place.neuron or 0))
        else:
            connection = project.connections[place.connection].id
            self._controller.select(Selection.of_edge(connection, place.neuron or 0, place.source or 0))

    def _copy_table(self) -> None:
        QGuiApplication.clipboard().setText(self._model.as_text())

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    def reject(self) -> None:
        """Esc ends the work too."""
        self._stop()
        super().reject()


def outcome(found: list[Found]) -> str:
    """What was found, in a sentence or two."""
    smooth = [f for f in found if f.verdict != "kink"]
    kinks = len(found) - len(smooth)
    tail = "" if not kinks else f" {kinks:,} at a kink could not be compared."
    if not smooth:
        return f"Nothing could be compared.{tail}"
    wrong = sum(f.verdict == "wrong" for f in smooth)
    worst = scientific(max(f.error for f in smooth))
    if wrong:
        return f"{wrong:,} of {len(smooth):,} gradients differ; the largest relative error is {worst}.{tail}"
    all_of = "The gradient agrees" if len(smooth) == 1 else f"All {len(smooth):,} gradients agree"
    return f"{all_of}; the largest relative error is {worst}.{tail}"


def _what(work: GradientWork, sample: int | None) -> str:
    """What is checked, and where it is a choice, why."""
    of = "the sample in view" if sample is not None else f"{work.samples:,} training samples"
    parts = [f"C is the data loss of {of}; errors up to {scientific(LIMIT, 0)} count as equal."]
    if work.count < work.all_parameters:
        parts.append(
            f"{work.count:,} of {work.all_parameters:,} parameters are checked, evenly spread over all "
            "layers: each takes several passes."
        )
    if work.samples < work.all_samples:
        parts.append(f"{work.samples:,} of {work.all_samples:,} samples are used, evenly spread.")
    return " ".join(parts)


def _button(text: str, name: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: act())
    return button


def open_gradient_check(controller: Controller, theme: Theme, parent: QWidget) -> None:
    """Open the window, or bring the open one to the front."""
    there = parent.findChild(GradientCheckDialog, "gradient_check")
    if there is not None and there.isVisible():
        there.raise_()
        there.activateWindow()
        return
    GradientCheckDialog(controller, theme, parent).show()
