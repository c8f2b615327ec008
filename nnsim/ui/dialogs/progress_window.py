"""What is being read or written, how far it has come, and Cancel. One does not have to wait for it.

Object names: ``progress_window``, ``progress_words``, ``progress_note``, ``progress_bar``,
``progress_cancel``.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from nnsim.ui.panels.plain import PlainLabel

_WIDTH = 360
_PARTS = 1000


class ProgressWindow(QDialog):
    """``cancelled``: by the button, by Esc, or by closing it. It never takes the keyboard by itself, so
    that nothing typed goes astray."""

    cancelled = Signal()

    def __init__(self, words: str, note: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("progress_window")
        self.setWindowTitle("nnsim")
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._note = PlainLabel(note, role="muted", name="progress_note", wrap=True)
        self._bar = QProgressBar()
        self._bar.setObjectName("progress_bar")
        self._bar.setAccessibleName(words)
        self._bar.setTextVisible(False)
        self._bar.setRange(0, _PARTS)
        self._cancel = QPushButton("Cancel")
        self._cancel.setObjectName("progress_cancel")
        self._cancel.setAutoDefault(False)
        self._cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(10)
        title = PlainLabel(words, name="progress_words", wrap=True)
        title.setProperty("strong", True)
        for widget in (title, self._note, self._bar):
            column.addWidget(widget)
        column.addLayout(buttons)
        title.setFixedWidth(_WIDTH)
        self._note.setFixedWidth(_WIDTH)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)  # as large as its words

    def show_beside(self) -> None:
        """Show it and leave the keyboard where it is."""
        active = QApplication.activeWindow()
        self.show()
        if active is not None:
            active.activateWindow()  # not every system heeds what was asked of it above

    def show_share(self, share: float) -> None:
        """How much is done, 0 to 1."""
        self._bar.setValue(round(share * _PARTS))

    def say(self, note: str) -> None:
        """Another note below the words."""
        self._note.say(note)

    def show_cancelling(self) -> None:
        """Cancel has been asked for and takes a moment."""
        self._cancel.setEnabled(False)
        self._cancel.setText("Cancelling …")

    def reject(self) -> None:
        """Cancel, Esc, or the button of the frame: it stays open until the work has ended."""
        if self._cancel.isEnabled():
            self.cancelled.emit()
