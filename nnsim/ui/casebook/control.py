"""Brings the library into the window: the list, the dock, and opening a case's document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QMainWindow

from nnsim.io.cases import Case
from nnsim.ui.casebook.desk import Desk
from nnsim.ui.controller import Controller
from nnsim.ui.docks import LEFT, WIDTHS, Dock, docks_in
from nnsim.ui.files import FileCommands
from nnsim.ui.theme import Theme

if TYPE_CHECKING:
    from nnsim.ui.casebook.panel import LibraryPanel

_HORIZONTAL = Qt.Orientation.Horizontal
_SHARE, _LEAST, _MOST = 0.27, 420, 540  # of the window's width, in pixels


class LibraryControl(QObject):
    """Belongs to ``window``; ``dock`` holds the panel."""

    def __init__(
        self, window: QMainWindow, controller: Controller, theme: Theme, files: FileCommands, dock: Dock
    ) -> None:
        super().__init__(window)
        self._window, self._theme, self._files, self._dock = window, theme, files, dock
        self._controller = controller
        self.desk = Desk(controller, self)
        self._hunting = ""
        self._before = 0  # the width of the docks on the left without the library
        files.opened.connect(self._on_opened)
        dock.visibilityChanged.connect(self._on_visibility)

    def make_panel(self) -> LibraryPanel:
        """The panel for the dock. It is read in after the first picture of the window, as all panels are."""
        from nnsim.ui.casebook.panel import LibraryPanel

        panel = LibraryPanel(self._controller, self._theme, self.desk)
        panel.browse.connect(self.browse)
        panel.reopen.connect(self._reopen)
        return panel

    def close_if_empty(self) -> None:
        """Close the dock while no example lies open: from the last time it may be open for nothing."""
        self.desk.follow()
        if self.desk.case is None:
            self._dock.hide()

    def browse(self) -> None:
        """Open the list of all worked examples."""
        from nnsim.ui.casebook.browser import LibraryWindow

        there = self._window.findChild(LibraryWindow)
        if there is not None and there.isVisible():
            there.raise_()
            there.activateWindow()
            return
        browser = LibraryWindow(self._theme, self._window)
        browser.wanted.connect(self.open_case)
        browser.show()
        browser.activateWindow()

    def open_case(self, case: Case, hunting: bool = False) -> None:
        """Show a case, and open its document if another one is open (after the question about unsaved
        work)."""
        if not case.example or self._controller.session.example == case.example:
            self.desk.lay_open(case, hunting)
            self._show()
            return
        self._hunting = case.key if hunting else ""
        self._files.open_example(case.example)

    def _reopen(self) -> None:
        if self.desk.case is not None:
            self._hunting = self.desk.case.key if self.desk.hunting else ""
            self._files.open_example(self.desk.case.example)

    def _on_opened(self) -> None:
        """A document has been opened: if it is a case, the library is about it from now on."""
        self.close_if_empty()
        case, wanted = self.desk.case, self._hunting
        self._hunting = ""
        if case is None or self.desk.standing == "other":
            return
        if wanted == case.key:
            self.desk.set_hunting(True)
        if self._window.isVisible():
            self._show()

    def _show(self) -> None:
        if self._dock.isHidden():
            self._before = next((dock.width() for dock in docks_in(self._window, LEFT)), 0)
        self._dock.show()
        self._dock.raise_()
        QTimer.singleShot(0, self, self._widen)

    # -- width ------------------------------------------------------------------------------------

    def _widen(self) -> None:
        """A table of numbers needs more room than a gallery."""
        wanted = min(max(round(self._window.width() * _SHARE), _LEAST), _MOST)
        if self._dock in docks_in(self._window, LEFT) and self._dock.width() < wanted:
            self._window.resizeDocks([self._dock], [wanted], _HORIZONTAL)

    def _on_visibility(self) -> None:
        """Give the room back when the dock has been closed."""
        if self._dock.isHidden() and self._window.isVisible():
            QTimer.singleShot(0, self, self._narrow)

    def _narrow(self) -> None:
        left, width, self._before = docks_in(self._window, LEFT), self._before or WIDTHS[LEFT], 0
        if left and self._dock.isHidden() and left[0].width() > width:
            self._window.resizeDocks(left[:1], [width], _HORIZONTAL)
