"""The small buttons beside the calculation's title."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from nnsim.ui.docks import capitals
from nnsim.ui.plots.words import NORMAL
from nnsim.ui.theme import Theme

_TITLE_FRAME = 84  # pixels of a dock's title that are neither its caption nor our tools
_CAPTION_POINTS = 8.25


class ToolStrip(QWidget):
    """Copy and ⋯. Never keeps a dock from becoming narrower."""

    def __init__(self, theme: Theme, copy: Callable[[], object], more: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("calculation_tools")
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.copy = _tool("calculation_copy", "Copy", "Copy the calculation as text", copy)
        self.more = _tool("calculation_menu_button", "⋯", "Copy as text, LaTeX or picture", more)
        for tool in (self.copy, self.more):
            row.addWidget(tool)
        theme.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        for tool in (self.copy, self.more):
            tool.setFont(self._theme.ui_font(NORMAL))

    def fit(self, titles: Sequence[str], width: int) -> str:
        """The longest of ``titles`` that stands beside the tools in a dock of this width. A whole title
        is worth more than the copy button: the menu copies as well."""
        font = self._theme.ui_font(_CAPTION_POINTS, QFont.Weight.DemiBold)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.5)
        metrics = QFontMetricsF(font)
        room = width - _TITLE_FRAME - self.more.sizeHint().width()
        beside = room - self.copy.sizeHint().width() - 2
        first = metrics.horizontalAdvance(capitals(titles[0]))
        self.copy.setVisible(first <= beside)
        fitting = (t for t in titles if metrics.horizontalAdvance(capitals(t)) <= room)
        return next(fitting, titles[-1])

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


def _tool(name: str, text: str, tip: str, act: Callable[[], object]) -> QToolButton:
    tool = QToolButton()
    tool.setObjectName(name)
    tool.setText(text)
    tool.setToolTip(tip)
    tool.setAccessibleName(tip)
    tool.setProperty("flat", True)
    tool.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    tool.clicked.connect(lambda: act())
    return tool
