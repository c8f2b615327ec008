"""Notes on a network's health where the thing is: what is wrong, what it means, buttons for what helps.

Object names: ``<name>`` (the list), ``<name>_note_<i>``, in it ``note_title``, ``note_text`` and the
buttons ``remedy_<key>``.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from nnsim.ui.controller import Controller
from nnsim.ui.health_words import Note
from nnsim.ui.panels.form import column
from nnsim.ui.panels.plain import PlainLabel, tool_tip
from nnsim.ui.remedies import LABELS, apply
from nnsim.ui.theme import Theme

_MOST = 4  # notes at once; more would be nagging
_BAR, _INSET = 3, 10


class HealthNotes(QWidget):
    """As many notes as given, the first few; no room at all without any."""

    def __init__(self, controller: Controller, theme: Theme, name: str) -> None:
        super().__init__()
        self._controller, self._theme, self._name = controller, theme, name
        self.setObjectName(name)
        self.setAccessibleName("Health")
        self._notes: tuple[Note, ...] = ()
        self._frames: list[_NoteFrame] = []
        self._layout = column(self, gap=6)
        self.hide()

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is shown."""
        return self._notes

    def show_notes(self, notes: list[Note]) -> None:
        """Show these; what has not changed costs nothing."""
        wanted = tuple(notes[:_MOST])
        if wanted == self._notes:
            return
        self._notes = wanted
        while len(self._frames) < len(wanted):
            frame = _NoteFrame(self._controller, self._theme)
            frame.setObjectName(f"{self._name}_note_{len(self._frames)}")
            self._frames.append(frame)
            self._layout.addWidget(frame)
        for i, frame in enumerate(self._frames):
            frame.setVisible(i < len(wanted))
            if i < len(wanted):
                frame.show_note(wanted[i])
        self.setVisible(bool(wanted))


class _NoteFrame(QWidget):
    """One note, with a bar of the warning colour at its left."""

    def __init__(self, controller: Controller, theme: Theme) -> None:
        super().__init__()
        self._controller, self._theme = controller, theme
        self._note: Note | None = None
        self._title = PlainLabel(name="note_title", wrap=True)
        self._title.setProperty("strong", True)
        self._text = PlainLabel(role="muted", name="note_text", wrap=True)
        self._buttons: list[QPushButton] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(_INSET, 2, 0, 4)
        self._layout.setSpacing(3)
        for label in (self._title, self._text):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            self._layout.addWidget(label)
        theme.changed.connect(self.update)

    def show_note(self, note: Note) -> None:
        before, self._note = self._note, note
        self._title.say(note.title)
        self._text.say(note.text)
        self.setToolTip(tool_tip(note.rule))
        self.setAccessibleName(f"{note.title} {note.text}")
        if before is None or before.remedies != note.remedies:
            self._make_buttons(note.remedies)

    def _make_buttons(self, remedies: tuple[str, ...]) -> None:
        for button in self._buttons:
            self._layout.removeWidget(button)
            button.setParent(None)
            button.deleteLater()
        self._buttons = []
        for key in remedies:
            button = QPushButton(LABELS[key])
            button.setObjectName(f"remedy_{key}")
            button.setProperty("chip", True)
            button.clicked.connect(lambda _=False, k=key: self._apply(k))
            self._layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self._buttons.append(button)

    def _apply(self, key: str) -> None:
        if self._note is not None:
            # What was pressed is about to go; the next field would take the keys meant for the window.
            for button in self._buttons:
                button.clearFocus()
            apply(self._controller, key, self._note.layer)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("negative"))
            painter.drawRoundedRect(QRectF(0, 2, _BAR, self.height() - 4), 1.5, 1.5)
