"""Rows of a form for narrow docks: a word on the left, what can be set on the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from nnsim.ui.panels.plain import PlainLabel, tool_tip

MARGIN = 12
GAP = 4
_WORD = 40


def column(parent: QWidget, margin: int = 0, gap: int = GAP) -> QVBoxLayout:
    """A vertical layout for ``parent``."""
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(gap)
    return layout


def line(*widgets: QWidget, gap: int = GAP, stretch: int | None = None) -> QWidget:
    """Widgets side by side; the one at index ``stretch`` takes the room that is left."""
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    for index, widget in enumerate(widgets):
        layout.addWidget(widget, 1 if index == stretch else 0)
    if stretch is None:
        layout.addStretch(1)
    return holder


def caption(text: str, name: str = "") -> PlainLabel:
    """The small capitals over a section."""
    return PlainLabel(text, role="caption", name=name, wrap=True)


def section(text: str, name: str = "") -> PlainLabel:
    """A caption with the air above it that a section after another needs."""
    label = caption(text, name)
    label.setContentsMargins(0, 8, 0, 0)
    return label


def rule() -> QFrame:
    """A hairline."""
    frame = QFrame()
    frame.setProperty("role", "rule")
    return frame


class FormRow(QWidget):
    """``text`` on the left, ``widgets`` on the right; the text gives way where there is no room.

    The first widget is what the text stands for: a click on the text goes there.
    """

    def __init__(self, text: str, *widgets: QWidget, help_text: str = "") -> None:
        super().__init__()
        self.label = PlainLabel(text)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.label, 1)
        for widget in widgets:
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        if widgets:
            self.label.setBuddy(widgets[0])
        self.set_text(text, help_text)

    def set_text(self, text: str, help_text: str = "") -> None:
        """Another text, and what hovering it explains."""
        self.label.say(text)
        # A short word stays whole; a long one gives way to what it stands for.
        self.label.setMinimumWidth(min(self.label.fontMetrics().horizontalAdvance(text) + 2, _WORD))
        self.label.setToolTip(tool_tip(help_text))
