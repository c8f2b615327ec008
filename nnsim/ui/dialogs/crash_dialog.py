"""The dialog after an error of the program. Object names: ``crash_dialog``, ``crash_details``,
``crash_copy``, ``crash_close``."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from nnsim.ui.dialogs.help import versions

_INTACT = "Your project is still open and as it was before."
_KEPT = " A copy of it has been kept; should the program end, it is offered at the next start."
_ADVICE = "Save it under another name to be sure. The details below help to find the mistake in the program."


class CrashDialog(QDialog):
    """Says that nothing is lost, and gives the details as text to copy. Errors that follow are added."""

    def __init__(self, kept: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("crash_dialog")
        self.setWindowTitle("An error in nnsim")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(620, 420)
        self.count = 0
        title = QLabel("Something went wrong in nnsim.")
        title.setProperty("role", "heading")
        text = QLabel(f"{_INTACT}{_KEPT if kept else ''} {_ADVICE}")
        text.setWordWrap(True)
        self._details = QPlainTextEdit()
        self._details.setObjectName("crash_details")
        self._details.setAccessibleName("Details of the error")
        self._details.setProperty("mono", True)
        self._details.setReadOnly(True)
        self._details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._details.setPlainText(versions())
        copy = QPushButton("Copy details")
        copy.setObjectName("crash_copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.details()))
        close = QPushButton("Go on")
        close.setObjectName("crash_close")
        close.setProperty("accent", True)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(title)
        column.addWidget(text)
        column.addWidget(self._details, 1)
        column.addLayout(buttons)

    def add(self, message: str, details: str) -> None:
        """Add an error."""
        self.count += 1
        self._details.appendPlainText(f"\n{message}\n\n{details.rstrip()}")

    def details(self) -> str:
        """All that is shown of the errors, for a report."""
        return self._details.toPlainText()
