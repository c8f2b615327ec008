"""Presentation mode: larger text, the full screen, and only what an audience needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QMainWindow

if TYPE_CHECKING:
    from nnsim.ui.main_window import MainWindow

TEXT_SCALE = 1.3
_RESIZED_MS = 300  # a system that gives the window another size has done so by then


class Presentation(QObject):
    """Turns the mode on and off; layout and window are afterwards as they were before.

    The docks come back when the window has its size back, which the system gives it a little later: in
    another size they would not find their places again.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._state: QByteArray | None = None  # while active
        self._left: QByteArray | None = None  # what is to come back
        self._size, self._window_state = QSize(), Qt.WindowState.WindowNoState
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._give_back)

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
        self._give_back()
        window = self._window
        self._state = window.layout_memory.state()
        self._size, self._window_state = window.size(), window.windowState()
        with _laid_out_once(window):
            for dock in window.docks.values():
                if not dock.spec.presented:
                    dock.hide()
            window.menuBar().hide()
            window.toolbar.set_presented(True)
            window.theme.set_text_scale(TEXT_SCALE)
            window.showFullScreen()
        window.actions_["presentation"].setChecked(True)
        window.banner.tell("Presentation mode. Esc or F11 leaves it.")

    def leave(self, at_once: bool = False) -> None:
        """``at_once``: the docks are back when this returns."""
        if self._state is None:
            if at_once:
                self._give_back()
            return
        window = self._window
        self._state, self._left = None, self._state
        with _laid_out_once(window):
            window.theme.set_text_scale(1.0)
            window.toolbar.set_presented(False)
            window.menuBar().show()
            window.setWindowState(self._window_state)
        window.actions_["presentation"].setChecked(False)
        if at_once:
            self._give_back()
        else:
            self._patience.start(_RESIZED_MS)
            self.follow_size()

    def follow_size(self) -> None:
        """To be called when the window has another size."""
        if self._left is not None and self._window.size() == self._size:
            self._patience.start(0)  # what is due meanwhile does not wait for this as well

    def _give_back(self) -> None:
        self._patience.stop()
        state, self._left = self._left, None
        if state is not None:
            self._window.appearance.style_unseen()
            self._window.layout_memory.set_state(state)
            _lay_out()


@contextmanager
def _laid_out_once(window: QMainWindow) -> Iterator[None]:
    """Lay out at the end: else every widget that comes or goes has the whole window laid out at once."""
    layout = window.layout()
    assert layout is not None
    layout.setEnabled(False)
    try:
        yield
    finally:
        layout.setEnabled(True)
        layout.invalidate()
        _lay_out()


def _lay_out() -> None:
    """Lay everything out now. Else a scene with something new to show may have the window painted before."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
