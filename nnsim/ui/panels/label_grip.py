"""The word before a weight's or bias's field as a handle: dragged sideways it changes the number."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel

from nnsim.ui.controller import Controller
from nnsim.ui.parameter_drag import ParameterDrag, parameter_value
from nnsim.ui.selection import NOTHING, Selection


class LabelGrip(QObject):
    """Watches the mouse over ``label``; ``chosen()`` is what its number belongs to."""

    def __init__(self, controller: Controller, label: QLabel, chosen: Callable[[], Selection]) -> None:
        super().__init__(label)
        self._controller, self._label, self._chosen = controller, label, chosen
        self._drag = ParameterDrag(controller, self)
        label.installEventFilter(self)

    def show_pointer(self) -> None:
        """Say by the pointer whether there is something to drag. Called when that may have changed."""
        value = parameter_value(self._controller, self._chosen())
        there = value == value
        self._label.setCursor(Qt.CursorShape.SizeHorCursor if there else Qt.CursorShape.ArrowCursor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QMouseEvent):
            return False
        at = event.globalPosition()
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            chosen, value = self._chosen(), parameter_value(self._controller, self._chosen())
            if chosen != NOTHING and value == value:
                self._drag.press(chosen, at)
                return True
        elif event.type() == QEvent.Type.MouseMove:
            return self._drag.move(at, event.modifiers())
        elif event.type() == QEvent.Type.MouseButtonRelease:
            return self._drag.release()
        return False
