"""A choice of one entry from a registry: compact, explained, and safe under the mouse wheel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QWidget

from nnsim.core.registry import Entry
from nnsim.ui.panels.plain import tool_tip

_NARROWEST = 9
_WIDEST = 26
_ARROW = 38
_LIST_FRAME = 44  # padding, border and a scroll bar
_MOST_ROWS = 16


class Choice(QComboBox):
    """Keys with labels. ``chosen(key)`` is emitted when the user picks another one.

    A key no item has (from a newer file) is shown as it is and stays until another is picked. The
    wheel turns it only when it is focused. As wide as its text, and narrower where there is no room.
    """

    chosen = Signal(str)

    def __init__(
        self, items: Iterable[tuple[str, str, str]] = (), parent: QWidget | None = None, *, label: str = ""
    ) -> None:
        super().__init__(parent)
        self._items: tuple[tuple[str, str, str], ...] = ()
        self._key = ""
        self._unknown = False
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(_MOST_ROWS)
        self.set_items(tuple(items))
        self.activated.connect(self._on_activated)

    @staticmethod
    def of(entries: Iterable[Entry], parent: QWidget | None = None, *, label: str = "") -> Choice:
        """A choice of registry entries; their help and formula are the items' tool tips."""
        return Choice(entry_items(entries), parent, label=label)

    def set_items(self, items: Sequence[tuple[str, str, str]]) -> None:
        """(key, label, help) of everything there is to choose."""
        items = tuple(items)
        if items == self._items:
            return
        self._items = items
        self._fill()

    def key(self) -> str:
        """The chosen key."""
        return self._key

    def label_of(self, key: str) -> str:
        """The label of a key (the key itself where no item has it)."""
        return next((item[1] for item in self._items if item[0] == key), key)

    def set_key(self, key: str) -> None:
        """Choose without telling."""
        if key == self._key and self.currentIndex() >= 0:
            return
        self._key = key
        self._fill()

    def _fill(self) -> None:
        keys = [item[0] for item in self._items]
        unknown = bool(self._key) and self._key not in keys
        shown = self._items
        if unknown:
            shown = (*self._items, (self._key, f"{self._key} (unknown)", "This version does not know it."))
        if [self.itemData(i) for i in range(self.count())] != [item[0] for item in shown]:
            self.clear()
            for row, (key, label, help_text) in enumerate(shown):
                self.addItem(label, key)
                self.setItemData(row, tool_tip(help_text), Qt.ItemDataRole.ToolTipRole)
        index = self.findData(self._key)
        if index != self.currentIndex():
            self.setCurrentIndex(index)
        help_text = next((item[2] for item in shown if item[0] == self._key), "")
        self.setToolTip(tool_tip(help_text))
        self.updateGeometry()

    def _on_activated(self, index: int) -> None:
        key = self.itemData(index)
        if key != self._key:
            before = self._key
            self.chosen.emit(key)
            if self._key == before:  # refused: nobody has set another key
                self.setCurrentIndex(self.findData(before))

    def closed_text(self) -> str:
        """What is shown while the list is closed; cut off with … where there is no room for it."""
        return self.currentText()

    def showPopup(self) -> None:
        """The list is as wide as its longest label."""
        metrics = self.view().fontMetrics()
        widest = max((metrics.horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=0)
        self.view().setMinimumWidth(widest + _LIST_FRAME)
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        control, style = QStyle.ComplexControl.CC_ComboBox, self.style()
        with QPainter(self) as painter:
            style.drawComplexControl(control, option, painter, self)
            room = style.subControlRect(control, option, QStyle.SubControl.SC_ComboBoxEditField, self)
            option.currentText = self.fontMetrics().elidedText(
                self.closed_text(), Qt.TextElideMode.ElideRight, room.width()
            )
            style.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option, painter, self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance(self.currentText())
        widest = self.fontMetrics().averageCharWidth() * _WIDEST
        return QSize(min(text, widest) + _ARROW, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        width = self.fontMetrics().averageCharWidth() * _NARROWEST + _ARROW
        return QSize(min(width, self.sizeHint().width()), super().minimumSizeHint().height())


def entry_items(entries: Iterable[Entry]) -> tuple[tuple[str, str, str], ...]:
    """Registry entries as (key, label, help with formula)."""
    return tuple((e.key, e.label, "\n".join(part for part in (e.help, e.formula) if part)) for e in entries)
