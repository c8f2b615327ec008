"""The band under the canvas: operations of the step above, the whole run below.

Object names: ``timeline``; the parts name their own.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from nnsim.ui.controller import Controller
from nnsim.ui.theme import Theme
from nnsim.ui.timeline.ribbon import Ribbon
from nnsim.ui.timeline.strip import OperationStrip


class Timeline(QWidget):
    """``strip`` and ``ribbon`` one above the other."""

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("timeline")
        self.setAccessibleName("Timeline")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.strip = OperationStrip(controller, theme, self)
        self.ribbon = Ribbon(controller, theme, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 5, 8, 4)
        column.setSpacing(2)
        column.addWidget(self.strip)
        column.addWidget(self.ribbon)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, False)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("background"))
        painter.fillRect(0, 0, self.width(), 1, self._theme.color("line"))
