"""One choice of a few, all visible side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget


class Segmented(QWidget):
    """A row of joined buttons, exactly one of them down.

    ``items`` are (key, label, tooltip). ``chosen(key)`` is emitted when the user picks another.
    Left and right arrow keys move the choice. Parts are named ``<objectName>_<key>`` once the
    widget has been given its name with :meth:`set_name`.
    """

    chosen = Signal(str)

    def __init__(self, items: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for index, (key, label, tip) in enumerate(items):
            button = QPushButton(label)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolTip(tip)
            button.setProperty("segment", _place(index, len(items)))
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
            button.clicked.connect(self._on_clicked)
        next(iter(self._buttons.values())).setChecked(True)

    def set_name(self, name: str, accessible: str) -> None:
        """Name the widget and its parts, for tests and screen readers."""
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        for key, button in self._buttons.items():
            button.setObjectName(f"{name}_{key}")
            button.setAccessibleName(f"{accessible}: {button.text()}")

    @property
    def value(self) -> str:
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def set_value(self, key: str) -> None:
        """Choose without telling. Raises ``KeyError``."""
        self._buttons[key].setChecked(True)

    def keys(self) -> tuple[str, ...]:
        return tuple(self._buttons)

    def _on_clicked(self) -> None:
        self.chosen.emit(self.value)


def _place(index: int, count: int) -> str:
    if count == 1:
        return "only"
    return "first" if index == 0 else "last" if index == count - 1 else "middle"
