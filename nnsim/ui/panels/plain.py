"""Text of users and files is shown as text, never as markup."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


def tool_tip(text: str) -> str:
    """``text`` for a tool tip. Qt guesses whether a tool tip is markup; escaped, it cannot be wrong."""
    return f"<p style='white-space:pre-wrap; margin:0'>{escape(text)}</p>" if text else ""


class PlainLabel(QLabel):
    """A label that shows its text literally. ``role`` is the property the style sheet looks for."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        role: str = "",
        name: str = "",
        mono: bool = False,
        wrap: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if role:
            self.setProperty("role", role)
        if mono:
            self.setProperty("mono", True)
        if name:
            self.setObjectName(name)
        self.setText(text)

    def say(self, text: str) -> None:
        """Set the text, if it is another one (an unchanged label costs nothing)."""
        if text != self.text():
            self.setText(text)

    def set_role(self, role: str) -> None:
        """Change the look, if it is another one."""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)

    def give_way(self) -> PlainLabel:
        """Never ask for width: the text is cut where the dock is narrow. Returns the label."""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        return self
