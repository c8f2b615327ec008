"""A row of small buttons: which of the numbers of a neuron or weight to explain.

Object names: ``calculation_picker``; its buttons ``calculation_pick_<key>``.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from nnsim.ui.calculation.choices import Choice


class QuantityPicker(QWidget):
    """``picked(key)``: another number is wanted."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("calculation_picker")
        self.setAccessibleName("Number to explain")
        self._choices: tuple[Choice, ...] = ()
        self._buttons: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 4, 12, 2)
        self._row.setSpacing(3)
        self._row.addStretch(1)

    def offer(self, choices: Sequence[Choice], chosen: str) -> None:
        """Offer these numbers, one of which is ``chosen``; hidden where there is no choice."""
        if tuple(choices) != self._choices:
            self._choices = tuple(choices)
            while len(self._buttons) < len(choices):
                self._add_button()
            for i, button in enumerate(self._buttons):
                button.setVisible(i < len(choices))
                if i < len(choices):
                    self._describe(button, choices[i])
        for choice, button in zip(choices, self._buttons, strict=False):
            button.setChecked(choice.key == chosen)
        self.setVisible(bool(choices))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _add_button(self) -> None:
        button = QPushButton()
        button.setCheckable(True)
        button.setProperty("chip", True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        index = len(self._buttons)
        button.clicked.connect(lambda: self.picked.emit(self._choices[index].key))
        self._buttons.append(button)
        self._row.insertWidget(index, button)

    def _describe(self, button: QPushButton, choice: Choice) -> None:
        button.setObjectName(f"calculation_pick_{choice.key}")
        button.setText(choice.label)
        button.setToolTip(choice.tip)
        button.setAccessibleName(choice.tip)
        button.setEnabled(choice.enabled)
