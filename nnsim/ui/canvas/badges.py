"""Small marks beside things on the canvas: ill (!), and left alone by training (a lock)."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from nnsim.ui.panels.lock_button import paint_lock

RADIUS = 6.5


def paint_ill(painter: QPainter, at: QPointF, fill: QColor, sign: QColor, font: QFont) -> None:
    """A disc with an exclamation mark, centred at ``at``; ``fill`` and ``sign`` must contrast."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(sign, 1.2))
    painter.setBrush(fill)
    painter.drawEllipse(at, RADIUS, RADIUS)
    painter.setFont(font)
    box = QRectF(at.x() - RADIUS, at.y() - RADIUS, 2 * RADIUS, 2 * RADIUS)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "!")
    painter.restore()


def paint_frozen(painter: QPainter, at: QPointF, color: QColor) -> None:
    """A closed padlock, centred at ``at``."""
    paint_lock(painter, QRectF(at.x() - 6.0, at.y() - 6.0, 12.0, 12.0), color, True)
