"""Which actions can be used now, and what they are called."""

from __future__ import annotations

from PySide6.QtCore import QObject

from nnsim.engine.messages import Granularity
from nnsim.model.notation import NOTATIONS
from nnsim.ui.actions import Actions
from nnsim.ui.appearance import AppearanceControl
from nnsim.ui.commands import can_remove_layer, selected_layer
from nnsim.ui.controller import Controller
from nnsim.ui.notation_choice import NotationChoice
from nnsim.ui.pace import Pace


class ActionState(QObject):
    """Keeps the actions in step with document, run, selection, pace and appearance."""

    def __init__(
        self, actions: Actions, controller: Controller, pace: Pace, appearance: AppearanceControl,
        notation: NotationChoice,
    ) -> None:  # fmt: skip
        super().__init__(actions)
        self._actions, self._controller = actions, controller
        self._pace, self._appearance, self._notation = pace, appearance, notation
        controller.project_changed.connect(self._document)
        controller.run_state_changed.connect(self._document)
        controller.problems_changed.connect(self._document)
        controller.file_changed.connect(self._document)
        controller.selection_changed.connect(self._selection)
        controller.view.sample_changed.connect(self._samples)
        pace.changed.connect(self._choices)
        appearance.changed.connect(self._choices)
        notation.changed.connect(self._choices)
        self._document()
        self._choices()

    def _document(self) -> None:
        session = self._controller.session
        self._undo("undo", "Undo", session.can_undo, session.undo_label)
        self._undo("redo", "Redo", session.can_redo, session.redo_label)
        blocking = [p for p in session.problems if p.blocking]
        running = session.running
        run, step = self._actions["run"], self._actions["step"]
        run.setText("Pause" if running else "Run")
        run.setEnabled(not blocking)
        step.setEnabled(not blocking)
        tips = ("Stop between two steps (F5)" if running else "Train until paused (F5)",
                "Advance by one step of the chosen size (Space)")  # fmt: skip
        for action, tip in zip((run, step), tips, strict=True):
            action.setToolTip(f"Not possible yet: {blocking[0].message}" if blocking else tip)
        back = self._actions["back"]
        back.setEnabled(session.can_back)
        back.setToolTip(
            "Go back by one step of the chosen size (Shift+Space)"
            if session.can_back or running
            else "Nothing lies before this moment"
        )
        self._actions["save"].setEnabled(session.modified or session.path is None)
        self._selection()
        self._samples()

    def _undo(self, key: str, word: str, possible: bool, label: str) -> None:
        self._actions[key].setEnabled(possible)
        # A label may hold a name the user gave; "&" would make a shortcut of its next letter.
        text = f"{word} {label}" if possible and label else word
        self._actions[key].setText(text.replace("&", "&&"))

    def _selection(self) -> None:
        project, selection = self._controller.project, self._controller.selection
        layer = selected_layer(project, selection)
        self._actions["remove_layer"].setEnabled(can_remove_layer(project, selection))
        self._actions["add_neuron"].setEnabled(bool(layer))
        self._actions["remove_neuron"].setEnabled(bool(layer))
        self._actions["select_network"].setEnabled(selection.kind != "network")

    def _samples(self) -> None:
        view = self._controller.view
        self._actions["previous_sample"].setEnabled(view.sample > 0)
        self._actions["next_sample"].setEnabled(view.sample + 1 < view.sample_count)

    def _choices(self) -> None:
        for size in Granularity:
            self._actions[f"step_{size.value}"].setChecked(self._pace.step_size is size)
        for key in ("system", "light", "dark"):
            self._actions[f"appearance_{key}"].setChecked(self._appearance.choice == key)
        for entry in NOTATIONS:
            self._actions[f"notation_{entry.key}"].setChecked(self._notation.choice == entry.key)
        self._actions["slower"].setEnabled(self._pace.can_go(-1))
        self._actions["faster"].setEnabled(self._pace.can_go(+1))
