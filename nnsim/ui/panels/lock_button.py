"""The small lock beside a parameter: frozen parameters are left alone by training."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.theme import Theme

_SIZE = 24


def paint_lock(painter: QPainter, box: QRectF, color: QColor, closed: bool) -> None:
    """A padlock in the middle of ``box``, 9 × 11 pixels; open unless ``closed``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    center = box.center()
    body = QRectF(center.x() - 4.5, center.y() - 1.0, 9.0, 6.5)
    shackle = QPainterPath()
    left, right, top = body.left() + 1.8, body.right() - 1.8, body.top() - 4.8
    shackle.moveTo(QPointF(left, body.top()))
    shackle.lineTo(QPointF(left, top + 2.6))
    shackle.arcTo(QRectF(left, top, right - left, 5.2), 180.0, -180.0)
    shackle.lineTo(QPointF(right, body.top() if closed else body.top() - 1.6))
    painter.setPen(QPen(color, 1.3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(shackle)
    if closed:
        painter.setBrush(color)
    painter.drawRoundedRect(body, 1.6, 1.6)
    painter.restore()


class LockButton(QToolButton):
    """Down while frozen. ``clicked(frozen)`` says what the user wants."""

    def __init__(self, theme: Theme, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._what = ""
        self.setCheckable(True)
        self.setProperty("flat", True)
        self.setFixedSize(_SIZE, _SIZE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.toggled.connect(self._describe)
        self.set_what(what)
        theme.changed.connect(self.update)

    def set_what(self, what: str) -> None:
        """Name the parameter ("the bias of o₁")."""
        if what != self._what:
            self._what = what
            self._describe()

    def _describe(self) -> None:
        if self.isChecked():
            help_text = f"Frozen: training leaves {self._what} as it is. Click to let it learn."
        else:
            help_text = f"Freeze {self._what}: training then leaves it as it is."
        self.setAccessibleName(f"Freeze {self._what}")
        self.setToolTip(tool_tip(help_text))

    def sizeHint(self) -> QSize:
        return QSize(_SIZE, _SIZE)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        closed = self.isChecked()
        token = "focus_text" if closed else "muted"
        with QPainter(self) as painter:
            paint_lock(painter, QRectF(self.rect()), self._theme.color(token), closed)
