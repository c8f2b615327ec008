"""Who has printed an example and where, and whether the document still is that example.

Object names: ``case_head``, ``case_title``, ``case_source``, ``case_place``, ``case_copy``, ``case_about``,
``case_standing``, ``case_standing_text``, ``case_reopen``.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from nnsim.io.cases import Case
from nnsim.ui.casebook.desk import Standing
from nnsim.ui.panels.form import column, line
from nnsim.ui.panels.plain import PlainLabel, tool_tip

_STANDINGS: dict[Standing, tuple[str, str]] = {
    "none": ("A calculation without a network. The document that is open is not part of it.", ""),
    "trained": ("You have trained since. The table is about the start of the example.", "Open it anew"),
    "edited": ("You have changed the example. The table is about it as it was.", "Open it anew"),
    "other": ("Another document is open. The table is about this example.", "Open the example"),
}


class Head(QWidget):
    """``reopen``: the example is wanted as it was. ``standing`` is how the document stands to it: a part
    of its own, placed by whoever shows the head where its coming moves nothing."""

    reopen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("case_head")
        layout = column(self, gap=4)
        self._title = PlainLabel(role="heading", name="case_title", wrap=True)
        self._source = PlainLabel(name="case_source", wrap=True)
        self._place = PlainLabel(role="muted", name="case_place", wrap=True)
        for label in (self._source, self._place):
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self._copy = QPushButton("Copy")
        self._copy.setObjectName("case_copy")
        self._copy.setProperty("flat", True)
        self._copy.setToolTip(tool_tip("Copy the address. Nothing is fetched."))
        self._copy.clicked.connect(self._copy_place)
        self._about = PlainLabel(name="case_about", wrap=True)
        self._about.setContentsMargins(0, 2, 0, 0)
        place = line(self._place, self._copy, stretch=0)
        for widget in (self._title, self._source, place, self._about):
            layout.addWidget(widget)
        self.standing = self._make_standing()
        self._address = ""

    def _make_standing(self) -> QFrame:
        standing = QFrame()
        standing.setObjectName("case_standing")
        standing.hide()
        self._standing_text = PlainLabel(name="case_standing_text", wrap=True)
        self._reopen = QPushButton()
        self._reopen.setObjectName("case_reopen")
        self._reopen.clicked.connect(self.reopen)
        row = QHBoxLayout(standing)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self._standing_text, 1)
        row.addWidget(self._reopen)
        return standing

    def show_case(self, case: Case) -> None:
        """Another example."""
        self._title.say(case.title)
        self._source.say(case.source)
        self._address = case.place if "://" in case.place else ""
        # A long address may be broken after its slashes.
        self._place.say(case.place.replace("/", "/\u200b") if self._address else case.place)
        self._copy.setVisible(bool(self._address))
        self._about.say(case.about)
        self._title.setToolTip(tool_tip(case.about))

    def show_about(self, room: bool, secret: bool) -> None:
        """With the text about the example where there is ``room``; its place is left empty while it is
        ``secret`` (it may give a mistake away), so that what stands below stays where it is."""
        policy = self._about.sizePolicy()
        policy.setRetainSizeWhenHidden(room)
        self._about.setSizePolicy(policy)
        self._about.setVisible(room and not secret)

    def show_standing(self, standing: Standing) -> None:
        """How the document stands to the example."""
        text, button = _STANDINGS.get(standing, ("", ""))
        self.standing.setVisible(bool(text))
        self._standing_text.say(text)
        self._reopen.setText(button)
        self._reopen.setVisible(bool(button))

    def _copy_place(self) -> None:
        QGuiApplication.clipboard().setText(self._address)
