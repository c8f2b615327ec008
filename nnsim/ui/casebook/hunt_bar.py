"""Find the mistake: what can be said and asked, and what is answered.

Object names: ``hunt_bar``, ``hunt_mark``, ``hunt_none``, ``hunt_hint``, ``hunt_reveal``, ``hunt_again``,
``hunt_count``, ``hunt_reply``.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from nnsim.session.casebook.hunt import Hunt, Reply
from nnsim.ui.panels.form import column
from nnsim.ui.panels.plain import PlainLabel, tool_tip
from nnsim.ui.style import restyle

_SIGNS = {"good": "✓ ", "bad": "✗ ", "info": ""}
_ROLES = {"good": "good", "bad": "error", "info": ""}
_TASK = (
    "Which of these printed numbers are wrong? Compute them yourself, or step through the network and "
    "compare. Click “wrong?” beside a number, or press Enter on it."
)


class HuntBar(QWidget):
    """Buttons under the table while hunting. Signals name what is wanted."""

    mark = Signal()
    none = Signal()
    hint = Signal()
    reveal = Signal()
    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hunt_bar")
        layout = column(self, gap=6)
        self._reply = PlainLabel(_TASK, name="hunt_reply", wrap=True)
        self._count = PlainLabel(role="muted", name="hunt_count", wrap=True)
        layout.addWidget(self._reply)
        layout.addWidget(self._count)
        buttons = QGridLayout()
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(6)
        self._mark = self._button("mark", "This one is wrong", "Say that the selected number is wrong")
        self._none = self._button("none", "Nothing is wrong", "Say that no mistake is (any longer) in here")
        self._hint = self._button("hint", "Hint", "Where to look, without saying which")
        self._reveal = self._button("reveal", "Show the answer", "Show what is true and what is wrong")
        self._again = self._button("again", "Hunt again", "Hide everything and begin anew")
        for place, button in enumerate((self._mark, self._none, self._hint, self._reveal)):
            buttons.addWidget(button, place // 2, place % 2)
        buttons.addWidget(self._again, 2, 0, 1, 2)
        layout.addLayout(buttons)

    def _button(self, key: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"hunt_{key}")
        button.setToolTip(tool_tip(tip))
        button.clicked.connect(getattr(self, key))
        return button

    def begin(self, hunt: Hunt, totals: tuple[int, int], selected: bool) -> None:
        """Another hunt: say what is to be done. ``selected``: a number is selected already."""
        self._say(Reply("info", _TASK))
        self.show_state(hunt, totals, selected)

    def answer(self, reply: Reply) -> None:
        """Show what was said to a mark or an answer."""
        self._say(reply)

    def show_state(self, hunt: Hunt, totals: tuple[int, int], selected: bool) -> None:
        """Which buttons can be used, and the count. ``selected``: a number is selected."""
        over = hunt.done
        for button in (self._mark, self._none, self._hint, self._reveal):
            button.setVisible(not over)
        self._again.setVisible(over)
        self._mark.setEnabled(selected)
        self._count.say(_count(hunt, totals))

    def _say(self, reply: Reply) -> None:
        self._reply.say(f"{_SIGNS[reply.kind]}{reply.text}")
        self._reply.setProperty("role", _ROLES[reply.kind])
        restyle(self._reply)


def _count(hunt: Hunt, totals: tuple[int, int]) -> str:
    found, cases = totals
    here = f"{hunt.found} found here" if hunt.found else "None found yet"
    if hunt.misses:
        here += f", {hunt.misses} {'miss' if hunt.misses == 1 else 'misses'}"
    if found > hunt.found:
        here += f" · {found} in {cases} {'example' if cases == 1 else 'examples'}"
    return here
