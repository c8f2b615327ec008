"""Small buttons in rows: which of the numbers of a neuron or weight to explain.

No label is ever cut: what has no room in a row begins the next one. Object names:
``calculation_picker``; its buttons ``calculation_pick_<key>``.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from nnsim.ui.calculation.choices import Choice

_SIDE, _TOP, _BOTTOM, _GAP = 12, 4, 2, 3


class QuantityPicker(QWidget):
    """``picked(key)``: another number is wanted."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("calculation_picker")
        self.setAccessibleName("Number to explain")
        self._choices: tuple[Choice, ...] = ()
        self._buttons: list[QPushButton] = []
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

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
            self._arrange()
            self.updateGeometry()
        for choice, button in zip(choices, self._buttons, strict=False):
            button.setChecked(choice.key == chosen)
        self.setVisible(bool(choices))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        bottom = max((place.bottom() + 1 for place in self._places(width)), default=_TOP)
        return bottom + _BOTTOM

    def sizeHint(self) -> QSize:
        width = 2 * _SIDE + sum(b.sizeHint().width() + _GAP for b in self._offered())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _offered(self) -> list[QPushButton]:
        return self._buttons[: len(self._choices)]

    def _places(self, width: int) -> list[QRect]:
        """Where the buttons stand in this width."""
        places: list[QRect] = []
        x, y = _SIDE, _TOP
        for button in self._offered():
            size = button.sizeHint()
            if x > _SIDE and x + size.width() > width - _SIDE:
                x, y = _SIDE, places[-1].bottom() + 1 + _GAP
            places.append(QRect(QPoint(x, y), size))
            x += size.width() + _GAP
        return places

    def _arrange(self) -> None:
        for button, place in zip(self._offered(), self._places(self.width()), strict=True):
            button.setGeometry(place)

    def _add_button(self) -> None:
        button = QPushButton(self)
        button.setCheckable(True)
        button.setProperty("chip", True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        index = len(self._buttons)
        button.clicked.connect(lambda: self.picked.emit(self._choices[index].key))
        self._buttons.append(button)

    def _describe(self, button: QPushButton, choice: Choice) -> None:
        button.setObjectName(f"calculation_pick_{choice.key}")
        button.setText(choice.label)
        button.setToolTip(choice.tip)
        button.setAccessibleName(choice.tip)
        button.setEnabled(choice.enabled)
