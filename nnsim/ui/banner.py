"""Messages under the toolbar: they say what is wrong and what to do, and take no focus.

Problems that keep the network from being computed stay until they are solved; errors and warnings
until they are dismissed; information goes by itself. Object names: ``banner``, ``banner_text``,
``banner_dismiss``, ``banner_action``, ``banner_other_action``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from nnsim.model.errors import Problem
from nnsim.ui.controller import Controller
from nnsim.ui.icons import icon
from nnsim.ui.style import restyle
from nnsim.ui.theme import Theme

_INFO_MS = 8000
_TOKENS = {"info": "positive_text", "warning": "negative_text", "error": "danger_text"}
_RANKS = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Message:
    """One message. ``action`` is the label of a button and what it does, ``others`` are further ones (at
    most one); ``key`` replaces an
    earlier message of the same key. ``standing`` messages cannot be dismissed."""

    text: str
    kind: str = "info"
    action: tuple[str, Callable[[], None]] | None = None
    others: tuple[tuple[str, Callable[[], None]], ...] = ()
    key: str = ""
    standing: bool = False


class Banner(QFrame):
    """Shows the most urgent message, and how many more there are. ``shown(bool)`` when it comes or goes."""

    shown = Signal(bool)

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._controller = controller
        self._messages: list[Message] = []
        self.setObjectName("banner")
        self._icon, self._text, self._more = QLabel(), QLabel(), QLabel()
        self._text.setObjectName("banner_text")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._more.setTextFormat(Qt.TextFormat.PlainText)
        self._action = QPushButton()
        self._action.setObjectName("banner_action")
        self._action.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._action.clicked.connect(lambda: self._on_action(0))
        self._other = QPushButton()
        self._other.setObjectName("banner_other_action")
        self._other.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._other.clicked.connect(lambda: self._on_action(1))
        self._dismiss = QToolButton()
        self._dismiss.setObjectName("banner_dismiss")
        self._dismiss.setAccessibleName("Dismiss this message")
        self._dismiss.setToolTip("Dismiss")
        self._dismiss.setProperty("flat", True)
        self._dismiss.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._dismiss.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._more)
        row.addWidget(self._action)
        row.addWidget(self._other)
        row.addWidget(self._dismiss)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_INFO_MS)
        self._timer.timeout.connect(self._fade)
        controller.notice.connect(self.tell)
        controller.problems_changed.connect(self._on_problems)
        controller.project_changed.connect(self._drop_refusals)
        theme.changed.connect(self._show)
        self._on_problems(controller.problems)

    @property
    def messages(self) -> tuple[Message, ...]:
        """All messages, the one shown first."""
        return tuple(self._messages)

    def tell(self, text: str, kind: str = "info") -> None:
        """Show a message from the program."""
        self.add(Message(text, kind, key=f"notice {text}"))

    def add(self, message: Message) -> None:
        """Show ``message``, in the place of an earlier one of the same key."""
        self._messages = [m for m in self._messages if not message.key or m.key != message.key]
        self._messages.insert(0, message)
        self._messages.sort(key=lambda m: _RANKS.get(m.kind, 2))  # stable: newest first in each kind
        self._show()

    def remove(self, key: str) -> None:
        """Take the message with this key away."""
        self._messages = [m for m in self._messages if m.key != key]
        self._show()

    def dismiss(self) -> None:
        """Put the message shown away."""
        if self._messages and not self._messages[0].standing:
            del self._messages[0]
            self._show()

    def _on_problems(self, problems: tuple[Problem, ...]) -> None:
        blocking = [p for p in problems if p.blocking]
        others = [p for p in problems if not p.blocking]
        self._messages = [m for m in self._messages if not m.key.startswith("problem ")]
        for problem in reversed(others):
            self._messages.insert(0, Message(problem.message, "warning", key=f"problem {problem.code}"))
        for problem in reversed(blocking):
            self._messages.insert(
                0,
                Message(
                    problem.message, "error", key=f"problem {problem.code} {problem.where}", standing=True
                ),
            )
        self._messages.sort(key=lambda m: (not m.standing, _RANKS.get(m.kind, 2)))
        self._show()

    def _drop_refusals(self) -> None:
        """Information about the state before is out of date after a change."""
        kept = [m for m in self._messages if m.kind != "info" or m.standing or m.action]
        if len(kept) != len(self._messages):
            self._messages = kept
            self._show()

    def _fade(self) -> None:
        if self._messages and self._messages[0].kind == "info" and self._messages[0].action is None:
            self.dismiss()

    def _on_action(self, index: int) -> None:
        if not self._messages:
            return
        actions = _actions_of(self._messages[0])
        if index < len(actions):
            del self._messages[0]
            self._show()
            actions[index][1]()

    def _show(self) -> None:
        self._timer.stop()
        if not self._messages:
            self.hide()
            self.shown.emit(False)
            return
        message = self._messages[0]
        kind = message.kind if message.kind in _TOKENS else "info"
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            restyle(self)
        self._icon.setPixmap(icon(self._theme, kind, _TOKENS[kind]).pixmap(16, 16))
        self._text.setText(message.text)
        self.setAccessibleName(f"{kind.capitalize()}: {message.text}")
        more = len(self._messages) - 1
        self._more.setText(f"{more} more" if more else "")
        self._more.setVisible(bool(more))
        actions = _actions_of(message)
        for index, button in enumerate((self._action, self._other)):
            button.setVisible(index < len(actions))
            if index < len(actions):
                button.setText(actions[index][0])
        self._dismiss.setVisible(not message.standing)
        self._dismiss.setIcon(icon(self._theme, "close", "ink"))
        self.show()
        self.shown.emit(True)
        if kind == "info" and message.action is None and not message.standing:
            self._timer.start()


def _actions_of(message: Message) -> tuple[tuple[str, Callable[[], None]], ...]:
    """The buttons of a message."""
    return (() if message.action is None else (message.action,)) + message.others
