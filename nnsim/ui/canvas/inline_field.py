"""A number field that opens in the picture, where the number is, and goes away when done."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from nnsim.ui.panels.number_field import NumberField

_STAYS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class InlineField(NumberField):
    """Enter and leaving commit and close, Esc closes without. ``closed(by_keyboard)`` comes last.

    ``objectName`` is ``inline_field``.
    """

    closed = Signal(bool)

    def __init__(self, parent: QWidget, label: str, value: float, integer: bool = False) -> None:
        super().__init__(
            parent, label=label, integer=integer, minimum=1 if integer else float("-inf"), columns=10
        )
        self.setObjectName("inline_field")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._done = False
        self.set_value(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            if self.commit():
                self.finish(True)
        elif event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.take_back()
            self.finish(True)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _STAYS:
            self.finish(False)

    def event(self, event: QEvent) -> bool:
        # Esc belongs to the field also when nothing has been typed: it closes it.
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def finish(self, by_keyboard: bool = False) -> None:
        """Close. What cannot be used is dropped: its place in the picture may be gone."""
        if self._done:
            return
        self._done = True
        self.take_back()
        self.hide()
        self.closed.emit(by_keyboard)
        self.deleteLater()
