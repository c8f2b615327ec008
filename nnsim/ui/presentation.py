"""Presentation mode: larger text, the full screen, and only what an audience needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject

if TYPE_CHECKING:
    from nnsim.ui.main_window import MainWindow

TEXT_SCALE = 1.3


class Presentation(QObject):
    """Turns the mode on and off; layout and window are afterwards as they were before."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._state: QByteArray | None = None
        self._full_screen = False

    @property
    def active(self) -> bool:
        return self._state is not None

    def toggle(self) -> None:
        if self.active:
            self.leave()
        else:
            self.enter()

    def enter(self) -> None:
        if self.active:
            return
        window = self._window
        self._state = window.layout_memory.state()
        self._full_screen = window.isFullScreen()
        for dock in window.docks.values():
            if not dock.spec.presented:
                dock.hide()
        window.menuBar().hide()
        window.toolbar.set_presented(True)
        window.theme.set_text_scale(TEXT_SCALE)
        window.showFullScreen()
        window.actions_["presentation"].setChecked(True)
        window.banner.tell("Presentation mode. Esc or F11 leaves it.")

    def leave(self) -> None:
        if self._state is None:
            return
        window, state = self._window, self._state
        self._state = None
        window.theme.set_text_scale(1.0)
        window.toolbar.set_presented(False)
        window.menuBar().show()
        if not self._full_screen:
            window.showNormal()
        window.layout_memory.set_state(state)
        window.actions_["presentation"].setChecked(False)
