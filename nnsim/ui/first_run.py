"""The one obvious first thing to do: a hint at Run, until the first run or step. Remembered.

A worked example is to be looked at, not run first: there the hint is not shown.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QMainWindow, QWidget

from nnsim.model.project import Project
from nnsim.session.settings import SettingsStore
from nnsim.ui.controller import Controller
from nnsim.ui.hint import Hint
from nnsim.ui.theme import Theme

_KEY = "run"
_TEXT = "Press Run and watch it learn"


class FirstRun(QObject):
    """Shows the hint under the widget named ``target`` of ``window``."""

    def __init__(
        self, window: QMainWindow, target: str, controller: Controller, theme: Theme, store: SettingsStore
    ) -> None:
        super().__init__(window)
        self._window, self._store, self._controller = window, store, controller
        self._hint: Hint | None = None
        self._covered = False
        found = window.findChild(QWidget, target)
        if found is None or _KEY in store.settings.hints_done:
            return
        self._hint = Hint(_TEXT, found, theme)
        self._hint.dismissed.connect(self._done)
        self._hint.destroyed.connect(self._forget)
        controller.run_state_changed.connect(self._done)
        controller.project_changed.connect(self._on_project)
        theme.changed.connect(lambda: QTimer.singleShot(0, self, self.place))
        QTimer.singleShot(0, self, self.place)
        middle = window.centralWidget()
        if middle is not None:
            middle.installEventFilter(self)

    def place(self) -> None:
        """Put the hint where the button is now."""
        if self._hint is not None:
            self._hint.place()
            self._hint.setVisible(not self._covered and not self._controller.project.source_note)
            self._hint.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What lies under the hint has moved: the picture of it was moved along."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize) and self._hint is not None:
            QTimer.singleShot(0, self, self.place)
        return False

    def give_way(self, covered: bool) -> None:
        """Leave the place under the toolbar to a message."""
        self._covered = covered
        self.place()

    def _on_project(self, before: Project, after: Project) -> None:
        """Whoever steps has found the way as well."""
        progress = after.progress
        if progress is not before.progress and (progress.step, progress.phase, progress.operation) > (
            0,
            0,
            0,
        ):
            self._done()
        elif before.source_note != after.source_note:
            self.place()

    def _forget(self) -> None:
        """The window is being taken down, and the hint with it."""
        self._hint = None

    def _done(self) -> None:
        if self._hint is not None:
            hint, self._hint = self._hint, None
            hint.hide()
            hint.deleteLater()
            self._store.update(hints_done=(*self._store.settings.hints_done, _KEY))
