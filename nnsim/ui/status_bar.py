"""The line at the bottom of the window: where we are, the losses, and what the document is.

Object names: ``status_position``, ``status_train_loss``, ``status_test_loss``, ``status_change``,
``status_health``, ``status_document``.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QWidget

from nnsim.engine.snapshot import Snapshot
from nnsim.ui.controller import Controller
from nnsim.ui.health_button import HealthButton
from nnsim.ui.loss_words import tip_of as loss_tip
from nnsim.ui.numbers import exact, shown, signed
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.position import grouped, position_words
from nnsim.ui.theme import Theme

_LOSS_DIGITS = 6
_UNLIMITED = 16_777_215  # Qt's own


class StatusBar(QStatusBar):
    """Follows the controller; asks nothing of the user."""

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.setObjectName("status_bar")
        self.setSizeGripEnabled(False)
        self._position = _label("status_position", "Where training stands")
        self._train = _label("status_train_loss", "Loss over the training data")
        self._test = _label("status_test_loss", "Loss over the test data")
        self._change = _label("status_change", "What the last edit did to the training loss")
        self._document = _label("status_document", "Parameters, precision, seed, and whether all is saved")
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(20)
        layout.addWidget(self._position)
        for label in (self._train, self._test, self._change):
            layout.addWidget(label)
        layout.addStretch(1)
        health = HealthButton(controller)
        health.setObjectName("status_health")
        layout.addWidget(health)
        layout.addWidget(self._document)
        self.addWidget(row, 1)
        controller.turns.join(self)
        controller.snapshot_changed.connect(self._on_snapshot)
        controller.project_changed.connect(self._show_all)
        controller.problems_changed.connect(self._show_all)
        controller.run_state_changed.connect(self._show_all)
        controller.file_changed.connect(self._show_document)
        controller.view.notation_changed.connect(lambda _: self._show_all())
        theme.changed.connect(self._forget_room)
        self._show_all()

    def _show_all(self) -> None:
        self._show_numbers(self._controller.snapshot)
        self._show_document()

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if self._controller.turns.has(self):
            self._show_numbers(snapshot)

    def _show_numbers(self, snapshot: Snapshot | None) -> None:
        train = snapshot.train_loss if snapshot is not None else None
        test = snapshot.test_loss if snapshot is not None else None
        _say(self._position, position_words(self._controller.project, snapshot))
        self._reserve()
        self._explain(train, test)
        _say(self._train, f"Train loss {shown(train, _LOSS_DIGITS)}")
        _say(self._test, f"Test loss {shown(test, _LOSS_DIGITS)}")
        _say(self._change, f"Δ after last edit {signed(self._controller.session.loss_change, _LOSS_DIGITS)}")

    def _explain(self, train: float | None, test: float | None) -> None:
        """The loss's formula with its factors, for whoever hovers a loss."""
        prepared, names = self._controller.session.prepared, self._controller.view.names
        for label, what, value, part in (
            (self._train, "Loss over the training data", train, "train"),
            (self._test, "Loss over the test data", test, "test"),
        ):
            rows = 0 if prepared is None else len(getattr(prepared, part))
            digits = exact(value) if value is not None and value == value else ""
            tip = tool_tip(loss_tip(names, what, digits, rows))
            if tip != label.toolTip():
                label.setToolTip(tip)

    def _reserve(self) -> None:
        """Room for the longest position so far, so that stepping does not move what follows."""
        self._position.ensurePolished()
        wanted = min(self._position.sizeHint().width(), self.width() * 2 // 5)
        if wanted > self._position.minimumWidth():
            self._position.setFixedWidth(wanted)

    def _forget_room(self) -> None:
        """Text has become larger or smaller."""
        self._position.setMinimumWidth(0)
        self._position.setMaximumWidth(_UNLIMITED)
        self._reserve()

    def _show_document(self) -> None:
        session = self._controller.session
        project = session.project
        count = project.parameter_count()
        saved = "modified" if session.modified else "saved" if session.path is not None else "not saved yet"
        noun = "parameter" if count == 1 else "parameters"
        precision = project.training.precision
        _say(self._document, f"{grouped(count)} {noun} · {precision} · seed {project.seed} · {saved}")


def _label(name: str, tip: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setToolTip(tip)
    return label


def _say(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
