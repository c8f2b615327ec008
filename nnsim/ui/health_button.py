"""How much there is to say of the network's health, in one quiet button that leads to it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from nnsim.core.health import Health
from nnsim.engine.snapshot import Snapshot
from nnsim.ui.controller import Controller
from nnsim.ui.health_words import notes_of_network
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.selection import NOTHING, Selection


class HealthButton(QPushButton):
    """Hidden while there is nothing to say. A click selects the layer if all notes are of one, else the
    network; their pages have the words."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._seen: tuple[Health | None, str] | None = None
        self._goal = NOTHING
        self.setProperty("flat", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda: controller.select(self._goal))
        controller.snapshot_changed.connect(self._on_snapshot)
        controller.view.notation_changed.connect(lambda _: self._on_snapshot(controller.snapshot))
        self._on_snapshot(controller.snapshot)

    def _on_snapshot(self, snapshot: Snapshot | None) -> None:
        health = None if snapshot is None else snapshot.health
        seen = (health, self._controller.view.notation)
        if self._seen is not None and health is self._seen[0] and seen[1] == self._seen[1]:
            return
        self._seen = seen
        notes = notes_of_network(self._controller.view.names, health)
        self.setVisible(bool(notes))
        if not notes:
            return
        layers = {note.layer for note in notes}
        self._goal = Selection.of_layer(layers.pop()) if len(layers) == 1 else NOTHING
        text = "1 note on health" if len(notes) == 1 else f"{len(notes)} notes on health"
        if text != self.text():
            self.setText(text)
        words = "\n".join(note.title for note in notes)
        self.setToolTip(tool_tip(words))
        self.setAccessibleName(f"{text}: {words}")
