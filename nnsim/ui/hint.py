"""A word beside a button for those who are here for the first time. Object name: ``hint``."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from nnsim.ui.icons import icon
from nnsim.ui.theme import RADIUS, Theme

_ARROW = 7


class Hint(QWidget):
    """Floats under ``target`` and points at it. ``dismissed`` when the user puts it away."""

    dismissed = Signal()

    def __init__(self, text: str, target: QWidget, theme: Theme) -> None:
        super().__init__(target.window())
        self._target, self._theme = target, theme
        self.setObjectName("hint")
        self.setAccessibleName(text)
        self._label = QLabel(text)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._close = QToolButton()
        self._close.setObjectName("hint_close")
        self._close.setAccessibleName("Dismiss this hint")
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._close.setIconSize(QSize(12, 12))
        self._close.clicked.connect(self._put_away)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7 + _ARROW, 7, 7)
        row.setSpacing(8)
        row.addWidget(self._label)
        row.addWidget(self._close)
        theme.changed.connect(self._on_theme)
        self._on_theme()

    def place(self) -> None:
        """Move under the target."""
        self.adjustSize()
        window = self.parentWidget()
        assert window is not None
        below = self._target.mapTo(window, QPoint(self._target.width() // 2, self._target.height()))
        x = min(max(below.x() - 28, 8), max(window.width() - self.width() - 8, 8))
        self._tip = below.x() - x
        self.move(x, below.y() + 3)
        self.raise_()

    def _on_theme(self) -> None:
        self._close.setIcon(icon(self._theme, "close", "panel"))
        self.update()

    def _put_away(self) -> None:
        self.hide()
        self.dismissed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._put_away()

    def paintEvent(self, event: QPaintEvent) -> None:
        tip = float(getattr(self, "_tip", 28))
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("ink"))
            painter.drawRoundedRect(0, _ARROW, self.width(), self.height() - _ARROW, RADIUS, RADIUS)
            arrow = [QPointF(tip - _ARROW, _ARROW), QPointF(tip, 0.0), QPointF(tip + _ARROW, _ARROW)]
            painter.drawPolygon(QPolygonF(arrow))
