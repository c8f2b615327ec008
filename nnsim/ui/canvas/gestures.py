"""Gestures as objects, and what a turn of the wheel means. No widget is known here."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF

WHEEL_STEP = 1.2  # zoom by one notch
_NOTCH = 120.0
_THRESHOLD = 4.0  # pixels a hand trembles within a click


@dataclass(slots=True)
class Pan:
    """A press that may become a drag of the picture. ``at_once``: it is one from the start."""

    start: QPointF
    last: QPointF
    moving: bool

    @staticmethod
    def begin(at: QPointF, at_once: bool = False) -> Pan:
        return Pan(at, at, at_once)

    def move(self, to: QPointF) -> QPointF:
        """How far to move the picture now; nothing until the hand has left the place of the press."""
        if not self.moving:
            if (to - self.start).manhattanLength() < _THRESHOLD:
                return QPointF()
            self.moving = True
        step, self.last = to - self.last, to
        return step


def wheel_factor(angle: float) -> float:
    """The zoom factor of a turn of the wheel by ``angle`` eighths of a degree."""
    return float(WHEEL_STEP ** (max(min(angle, 4 * _NOTCH), -4 * _NOTCH) / _NOTCH))
