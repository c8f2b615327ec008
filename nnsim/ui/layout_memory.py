"""Where the docks and the window were, remembered across starts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from nnsim.session.settings import SettingsStore
from nnsim.ui.docks import BOTTOM, RIGHT, WIDTHS, Dock, docks_in
from nnsim.ui.laying_out import laid_out_once, lay_out

# Changes when docks of an older version cannot be placed any more; old layouts are then left out.
_VERSION = 2

_FIRST_SIZE = (1440, 900)
_FRAME = (4, 40)  # room for borders and title bar


class LayoutMemory:
    """Default, kept and restored layouts of ``window`` with ``docks``."""

    def __init__(self, window: QMainWindow, docks: dict[str, Dock], store: SettingsStore) -> None:
        self._window, self._docks, self._store = window, docks, store

    def restore(self) -> None:
        """The layout kept last, or the default one where it cannot be used."""
        settings = self._store.settings
        if not self._window.restoreGeometry(_bytes(settings.geometry)):
            self.place_first()
        if not settings.layout or not self._window.restoreState(_bytes(settings.layout), _VERSION):
            self.reset()

    def keep(self) -> None:
        """Remember the present layout."""
        self._store.update(
            layout=_text(self._window.saveState(_VERSION)), geometry=_text(self._window.saveGeometry())
        )

    def state(self) -> QByteArray:
        return self._window.saveState(_VERSION)

    def set_state(self, state: QByteArray) -> None:
        self._window.restoreState(state, _VERSION)

    def place_first(self) -> None:
        """Window size and place on this screen at the first start."""
        screen = QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        # How much the frame takes is known only once the window has been shown.
        width = min(_FIRST_SIZE[0], room.width() - _FRAME[0])
        height = min(_FIRST_SIZE[1], room.height() - _FRAME[1])
        self._window.resize(width, height)
        self._window.move(
            room.x() + (room.width() - width - _FRAME[0]) // 2,
            room.y() + (room.height() - height - _FRAME[1]) // 2,
        )

    def reset(self) -> None:
        """All docks where they start, in the sizes that suit this window."""
        with laid_out_once(self._window):
            self._put_back()
        self.resize()
        lay_out()

    def _put_back(self) -> None:
        window = self._window
        for dock in self._docks.values():
            if dock.isFloating():  # asking for what is so already lays the window out all the same
                dock.setFloating(False)
            window.removeDockWidget(dock)
        previous: dict[Qt.DockWidgetArea, Dock] = {}
        for dock in self._docks.values():
            area = dock.spec.area
            window.addDockWidget(area, dock)
            if dock.spec.tab_of:
                window.tabifyDockWidget(self._docks[dock.spec.tab_of], dock)
                dock.hide()
                continue
            if area in previous:
                side = Qt.Orientation.Horizontal if area == BOTTOM else Qt.Orientation.Vertical
                window.splitDockWidget(previous[area], dock, side)
            previous[area] = dock
            dock.show()

    def resize(self) -> None:
        """Give every dock its share of the window as large as it is now."""
        wide = self._window.width() >= 1600
        for area, width in WIDTHS.items():
            side = docks_in(self._window, area)
            if side:
                width += 32 if wide else 0
                self._window.resizeDocks(side[:1], [width], Qt.Orientation.Horizontal)
        height = self._window.height()
        bottom = docks_in(self._window, BOTTOM)
        if bottom:
            share = min(max(int(height * 0.29), 200), 320)
            self._window.resizeDocks(bottom, [share] * len(bottom), Qt.Orientation.Vertical)
            self._window.resizeDocks(bottom, [1000] * len(bottom), Qt.Orientation.Horizontal)
        right = docks_in(self._window, RIGHT)
        if len(right) == 2:
            self._window.resizeDocks(right, [int(height * 0.55), int(height * 0.45)], Qt.Orientation.Vertical)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Docks at the sides are as wide afterwards as before, whatever panels would like best."""
        sides = [(dock, dock.width()) for area in WIDTHS for dock in docks_in(self._window, area)[:1]]
        yield
        for dock, width in sides:
            self._window.resizeDocks([dock], [width], Qt.Orientation.Horizontal)


def _text(state: QByteArray) -> str:
    return base64.b64encode(state.data()).decode("ascii")


def _bytes(text: str) -> QByteArray:
    """What :func:`_text` made; empty for anything else."""
    try:
        return QByteArray(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return QByteArray()
