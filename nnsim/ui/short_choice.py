"""A choice that shows less when closed than in its list, for where there is little room."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox, QWidget

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

    def short_text(self) -> str:
        """What the closed choice shows."""
        return self._shorten(self.currentText())

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self.font()).averageCharWidth() * self._columns + _FRAME
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def showPopup(self) -> None:
        """The list is as wide as its longest label."""
        metrics = QFontMetrics(self.view().font())
        widest = max((metrics.horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=0)
        self.view().setMinimumWidth(widest + _FRAME)
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        style = self.style()
        with QPainter(self) as painter:
            style.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option, painter, self)
            room = style.subControlRect(
                QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
            )
            option.currentText = self.fontMetrics().elidedText(
                self.short_text(), Qt.TextElideMode.ElideRight, room.width()
            )
            style.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option, painter, self)
