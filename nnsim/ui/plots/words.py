"""Words painted into a picture: lines of coloured pieces, measured before they are placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from nnsim.ui.theme import Theme

Stroke = Literal["solid", "dashed", "thin"]

SMALL = 8.0  # points: numbers on axes
NORMAL = 8.5  # points: words in the picture
_SAMPLE = 18.0  # pixels of line before a word that names a curve
_GAP = 6.0


@dataclass(frozen=True, slots=True)
class Words:
    """One line. ``color`` is a token for text, ``stroke`` a piece of the curve it names, before it.

    The ``value`` of every line begins where the widest named line's text ends.
    """

    text: str
    color: str = "ink"
    value: str = ""
    stroke: Stroke | None = None
    stroke_color: str = ""
    bold: bool = False


class WordBlock:
    """Lines of words, ready to be drawn with their top left corner anywhere."""

    def __init__(self, theme: Theme, lines: Sequence[Words], points: float = NORMAL) -> None:
        self.lines = tuple(lines)
        self._theme = theme
        self._font = theme.ui_font(points)
        self._bold = theme.ui_font(points, QFont.Weight.DemiBold)
        self._metrics, bold = QFontMetricsF(self._font), QFontMetricsF(self._bold)
        self._line = max(self._metrics.height(), 1.0)
        self._indent = _SAMPLE + _GAP if any(w.stroke for w in self.lines) else 0.0
        widths = [(bold if w.bold else self._metrics).horizontalAdvance(w.text) for w in self.lines]
        named = [width for w, width in zip(self.lines, widths, strict=True) if w.value]
        self._value_at = self._indent + max(named, default=0.0) + _GAP
        ends = [
            self._value_at + self._metrics.horizontalAdvance(w.value) if w.value else self._indent + width
            for w, width in zip(self.lines, widths, strict=True)
        ]
        self.size = QSizeF(max(ends, default=0.0), self._line * len(self.lines))

    def draw(self, painter: QPainter, at: QPointF) -> None:
        """Draw with the top left corner at ``at``."""
        for i, words in enumerate(self.lines):
            top = at.y() + i * self._line
            base = top + self._metrics.ascent()
            if words.stroke is not None:
                painter.setPen(stroke_pen(self._theme, words.stroke_color or words.color, words.stroke))
                y = top + self._line / 2.0
                painter.drawLine(QPointF(at.x(), y), QPointF(at.x() + _SAMPLE, y))
            painter.setPen(self._theme.color(words.color))
            painter.setFont(self._bold if words.bold else self._font)
            painter.drawText(QPointF(at.x() + self._indent, base), words.text)
            if words.value:
                painter.setFont(self._font)
                painter.drawText(QPointF(at.x() + self._value_at, base), words.value)

    def draw_in(self, painter: QPainter, rect: QRectF) -> None:
        """Draw in the middle of ``rect``."""
        center = rect.center()
        self.draw(painter, QPointF(center.x() - self.size.width() / 2, center.y() - self.size.height() / 2))


def stroke_pen(theme: Theme, color: str, stroke: Stroke) -> QPen:
    """For the piece of a curve before its name."""
    pen = QPen(theme.color(color), 1.0 if stroke == "thin" else 2.0)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if stroke == "dashed":
        pen.setDashPattern([3.0, 2.0])
    return pen


def elided(text: str, font: QFont, width: float) -> str:
    """``text`` shortened with an ellipsis so that it fits ``width`` pixels."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
