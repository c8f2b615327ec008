"""What can be taken out of the calculation panel, as a menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from nnsim.core.explain.expression import Number


class Copying(Protocol):
    """The panel, as far as the menu knows it."""

    def copy_number(self) -> None: ...
    def copy_text(self) -> None: ...
    def copy_latex(self) -> None: ...
    def copy_picture(self) -> None: ...
    def save_picture(self) -> None: ...
    def can_copy(self) -> tuple[Number | None, bool]: ...


class CalculationMenu(QMenu):
    """Copy and save. ``objectName`` is ``calculation_menu``; the entries' are in the panel's file."""

    def __init__(self, panel: QWidget, copying: Copying) -> None:
        super().__init__(panel)
        self.setObjectName("calculation_menu")
        self._copying = copying
        self._number = self._entry("copy_number", "Copy number", copying.copy_number)
        self.addSeparator()
        self._whole = [
            self._entry("copy_text", "Copy as text", copying.copy_text),
            self._entry("copy_latex", "Copy as LaTeX", copying.copy_latex),
            self._entry("copy_picture", "Copy picture", copying.copy_picture),
            self._entry("save_picture", "Save picture…", copying.save_picture),
        ]
        self.aboutToShow.connect(self._prepare)

    def _entry(self, name: str, text: str, act: Callable[[], None]) -> QAction:
        action = self.addAction(text)
        action.setObjectName(f"calculation_{name}")
        action.triggered.connect(lambda: act())
        return action

    def _prepare(self) -> None:
        number, anything = self._copying.can_copy()
        self._number.setEnabled(number is not None)
        for action in self._whole:
            action.setEnabled(anything)
