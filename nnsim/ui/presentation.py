"""Presentation mode: larger text, the full screen, and only what an audience needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, QTimer

from nnsim.ui.banner import Message
from nnsim.ui.laying_out import laid_out_once, lay_out

if TYPE_CHECKING:
    from nnsim.ui.main_window import MainWindow

TEXT_SCALE = 1.3
_MESSAGE = "presentation"
_RESIZED_MS = 300  # a system that gives the window another size has done so by then


class Presentation(QObject):
    """Turns the mode on and off; layout and window are afterwards as they were before.

    One thing a turn of the event loop, so that none is long: first what the window shows, then its size.
    The system gives that a little later, and the docks come back with it: in another size they would
    not find their places again.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._state: QByteArray | None = None  # while active
        self._left: QByteArray | None = None  # what is to come back
        self._size, self._window_state = QSize(), Qt.WindowState.WindowNoState
        self._turns = 0
        self._next = _single_shot(self, 0, self._take_turn)
        self._patience = _single_shot(self, _RESIZED_MS, self._give_back)

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
        if self._left is not None:
            self._give_back()
        window = self._window
        self._state = window.layout_memory.state()
        self._size, self._window_state = window.size(), window.windowState()
        with laid_out_once(window):
            for dock in window.docks.values():
                if not dock.spec.presented:
                    dock.hide()
            window.menuBar().hide()
            window.toolbar.set_presented(True)
            window.theme.set_text_scale(TEXT_SCALE)
            window.banner.add(Message("Presentation mode. Esc or F11 leaves it.", key=_MESSAGE))
        self._begin()
        window.actions_["presentation"].setChecked(True)

    def leave(self, at_once: bool = False) -> None:
        """``at_once``: the docks are back when this returns."""
        if self._state is None:
            if at_once and self._left is not None:
                self._give_back()
            return
        window = self._window
        self._state, self._left = None, self._state
        with laid_out_once(window):
            window.theme.set_text_scale(1.0)
            window.toolbar.set_presented(False)
            window.menuBar().show()
        window.actions_["presentation"].setChecked(False)
        window.banner.remove(_MESSAGE)
        self._begin()
        if at_once:
            self._give_back()

    def _begin(self) -> None:
        self._turns = 2  # in the first, what has just been closed is styled
        self._next.start()

    def _take_turn(self) -> None:
        self._turns -= 1
        if self._turns:
            self._next.start()
        elif self.active:
            self._window.showFullScreen()
        else:
            self._window.setWindowState(self._window_state)
            self._patience.start()
            self.follow_size()

    def follow_size(self) -> None:
        """To be called when the window has another size."""
        if self._patience.isActive() and self._window.size() == self._size:
            self._give_back()

    def _give_back(self) -> None:
        self._patience.stop()
        if self._next.isActive():
            self._next.stop()
            self._window.setWindowState(self._window_state)
        state, self._left = self._left, None
        if state is not None:
            self._window.appearance.style_unseen()
            self._window.layout_memory.set_state(state)
            lay_out()


def _single_shot(parent: QObject, interval: int, act: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(interval)
    timer.timeout.connect(act)
    return timer
