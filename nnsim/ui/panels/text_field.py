"""A line of text that is committed on Enter and on leaving; Esc takes back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from nnsim.ui.panels.typing_keys import ENTER, KEEPS_TYPING, is_undo_or_redo


class TextField(QLineEdit):
    """``committed(text)`` when the user has given another text. :meth:`set_text` never overwrites
    what is being typed."""

    committed = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, label: str = "", longest: int = 60) -> None:
        super().__init__(parent)
        self._text = ""
        self._typed = False
        self.setMaxLength(longest)
        self.setAccessibleName(label)
        self.setMinimumWidth(60)
        self.textEdited.connect(self._on_edited)

    def set_text(self, text: str) -> None:
        """Show ``text``."""
        self._text = text
        if not self._typed and text != self.text():
            self.setText(text)
            self.setCursorPosition(0)  # of what is too long the beginning is seen

    def commit(self) -> None:
        """Take over what has been typed, if anything."""
        if self._typed:
            self._typed = False
            given = self.text().strip()
            if given != self._text:
                self.committed.emit(given)
            self.setText(self._text)

    def take_back(self) -> None:
        """Drop what has been typed."""
        self._typed = False
        self.setText(self._text)

    def _on_edited(self, text: str) -> None:
        self._typed = True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in KEEPS_TYPING:
            self.commit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self.commit()
            event.accept()
        elif event.key() == Qt.Key.Key_Escape and self._typed:
            self.take_back()
            event.accept()
        elif not self._typed and is_undo_or_redo(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if not self._typed and is_undo_or_redo(event):
                event.ignore()
                return False
            if event.key() == Qt.Key.Key_Escape and self._typed:
                event.accept()
                return True
        return super().event(event)
