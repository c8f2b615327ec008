"""Help: first steps, shortcuts, the project file, about. Each is a window beside the main one.

Object names: ``help_first_steps``, ``help_shortcuts``, ``help_project_file``, ``help_about``; in each
``help_close`` and, where there is text, ``help_text``.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping

import numpy
import PySide6
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from nnsim import __version__
from nnsim.resources import resource_path
from nnsim.ui.actions import Actions, shortcut_rows
from nnsim.ui.dialogs.page_look import dress
from nnsim.ui.theme import Theme


class HelpDialogs:
    """Opens help windows of ``window``; one that is open already comes to the front."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        self._window, self._theme = window, theme

    def first_steps(self) -> None:
        self._page("first_steps", "First steps", "first-steps.md", QSize(620, 640))

    def file_format(self) -> None:
        self._page("project_file", "The project file", "project-file.md", QSize(820, 720))

    def about(self) -> None:
        self._page("about", "About nnsim", "about.md", QSize(620, 620), versions())

    def shortcuts(self, actions: Actions, docks: Mapping[str, QAction]) -> None:
        dialog = self._open("shortcuts", "Keyboard shortcuts", QSize(720, 560))
        if dialog is None:
            return
        table = QWidget()
        table.setObjectName("dock_body")
        grid = QGridLayout(table)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        row = 0
        for menu, entries in shortcut_rows(actions, docks):
            grid.addWidget(_label(menu, "caption"), row, 0, 1, 2)
            for keys, text in entries:
                row += 1
                grid.addWidget(_label(text, ""), row, 0)
                grid.addWidget(_label(keys, "value"), row, 1)
            row += 1
            grid.setRowMinimumHeight(row, 8)
            row += 1
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(row, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(table)
        _finish(dialog, area)

    def _page(self, key: str, title: str, file: str, size: QSize, extra: str = "") -> None:
        dialog = self._open(key, title, size)
        if dialog is None:
            return
        browser = QTextBrowser()
        browser.setObjectName("help_text")
        browser.setOpenExternalLinks(True)
        browser.setFrameShape(QTextBrowser.Shape.NoFrame)
        browser.document().setDocumentMargin(16)
        text = resource_path("help", file).read_text(encoding="utf-8")

        def show() -> None:
            browser.document().setDefaultFont(self._theme.ui_font())
            browser.setMarkdown(f"{text}\n\n{extra}")
            dress(browser.document(), self._theme)

        show()
        # Markdown takes the colours of links when it is read.
        self._theme.changed.connect(show)
        dialog.finished.connect(lambda: self._theme.changed.disconnect(show))
        _finish(dialog, browser)

    def _open(self, key: str, title: str, size: QSize) -> QDialog | None:
        """A new window, or ``None`` if it is open already."""
        name = f"help_{key}"
        there = self._window.findChild(QDialog, name)
        if there is not None and there.isVisible():
            there.raise_()
            there.activateWindow()
            return None
        dialog = QDialog(self._window)
        dialog.setObjectName(name)
        dialog.setWindowTitle(f"{title} — nnsim")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.resize(size)
        return dialog


def versions() -> str:
    """What is running here, for a report."""
    return (
        f"nnsim {__version__} · Python {platform.python_version()} · Qt for Python {PySide6.__version__} · "
        f"NumPy {numpy.__version__} · {platform.system()} {platform.machine()}"
    )


def _finish(dialog: QDialog, content: QWidget) -> None:
    close = QPushButton("Close")
    close.setObjectName("help_close")
    close.setDefault(True)
    close.clicked.connect(dialog.accept)
    buttons = QHBoxLayout()
    buttons.setContentsMargins(12, 8, 12, 12)
    buttons.addStretch(1)
    buttons.addWidget(close)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(content, 1)
    column.addLayout(buttons)
    dialog.open()


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    return label
