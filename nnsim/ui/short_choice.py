"""A choice that shows less when closed than in its list, for where there is little room."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from nnsim.core.registry import Entry
from nnsim.ui.panels.choice import Choice, entry_items

_FRAME = 34  # padding and arrow


class ShortChoice(Choice):
    """``shorten`` makes the text of the closed choice from a label; the list shows whole labels."""

    def __init__(
        self,
        entries: Iterable[Entry],
        shorten: Callable[[str], str],
        columns: int,
        parent: QWidget | None = None,
        *,
        label: str = "",
    ) -> None:
        self._shorten, self._columns = shorten, columns
        super().__init__(entry_items(entries), parent, label=label)
        # A click opens the list and leaves the focus, and with it the Space key, where it was.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def closed_text(self) -> str:
        return self._shorten(self.currentText())

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self.font()).averageCharWidth() * self._columns + _FRAME
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
