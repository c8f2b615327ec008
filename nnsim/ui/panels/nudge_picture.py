"""How far ΔC/h is from ∂C, by the step h: from where the loss bends to where rounding takes over."""

from __future__ import annotations

from math import isfinite, log10

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnsim.core.nudge import Nudge
from nnsim.ui.theme import Theme

_HEIGHT = 120
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 8, 24, 16
_SMALLEST = 1e-17  # errors below are drawn here: on a log scale 0 has no place


class NudgePicture(QWidget):
    """Two lines over h, both axes logarithmic; ``h_chosen(h)`` when one is clicked. Paints itself."""

    h_chosen = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sweep: tuple[Nudge, ...] = ()
        self._h = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("The error of ΔC/h for steps from 0.1 down to 1e−15. Click a step to take it.")
        self.setAccessibleName("Error of ΔC/h by the step h")
        theme.changed.connect(self._on_theme)

    def show_sweep(self, sweep: tuple[Nudge, ...], h: float) -> None:
        """Show these errors, and where ``h`` is."""
        self._sweep, self._h = sweep, h
        self.update()

    def _on_theme(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(180, round(_HEIGHT * self._theme.text_scale))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    # -- places -----------------------------------------------------------------------------------

    def _area(self) -> QRectF:
        scale = self._theme.text_scale
        return QRectF(self.rect()).adjusted(_LEFT * scale, _TOP * scale, -_RIGHT, -_BOTTOM * scale)

    def _reach(self) -> tuple[float, float]:
        """log₁₀ of the smallest and the largest error shown, whole numbers."""
        errors = [e for n in self._sweep for e in (n.one_sided_error, n.central_error) if isfinite(e)]
        largest = max(errors, default=1.0)
        smallest = min((e for e in errors if e > 0.0), default=_SMALLEST)
        low = int(log10(max(smallest, _SMALLEST)) // 1)
        return float(low), float(max(int(-(-log10(max(largest, _SMALLEST)) // 1)), low + 2))

    def _x(self, h: float) -> float:
        area = self._area()
        widest, narrowest = log10(self._sweep[0].h), log10(self._sweep[-1].h)
        share = (widest - log10(abs(h))) / (widest - narrowest)
        return area.left() + min(max(share, 0.0), 1.0) * area.width()

    def h_at(self, x: float) -> float:
        """The step of the sweep nearest to a place."""
        return min((n.h for n in self._sweep), key=lambda h: abs(self._x(h) - x), default=self._h)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._sweep and event.button() == Qt.MouseButton.LeftButton:
            self.h_chosen.emit(self.h_at(event.position().x()))
        else:
            super().mousePressEvent(event)

    # -- painting ---------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._sweep:
            return
        area, theme = self._area(), self._theme
        low, high = self._reach()
        with QPainter(self) as painter:
            painter.setFont(theme.mono_font(7.5))
            self._paint_axes(painter, area, low, high)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._h != 0.0:
                painter.setPen(QPen(theme.color("focus"), 1.0, Qt.PenStyle.DashLine))
                x = self._x(self._h)
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            self._paint_line(painter, [n.one_sided_error for n in self._sweep], "muted", low, high, True)
            self._paint_line(painter, [n.central_error for n in self._sweep], "positive", low, high, False)

    def _paint_axes(self, painter: QPainter, area: QRectF, low: float, high: float) -> None:
        theme, metrics = self._theme, painter.fontMetrics()
        painter.setPen(theme.color("line"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.topLeft(), area.bottomLeft())
        painter.setPen(theme.color("muted_text"))
        for value, y in ((high, area.top()), (low, area.bottom())):
            box = QRectF(0, y - metrics.height() / 2, area.left() - 4, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, _power(value))
        below = QRectF(area.left(), area.bottom() + 2, area.width(), metrics.height())
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "h 0.1")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, "1e−15")
        above = QRectF(0, 0, self.width(), metrics.height())
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft, "error,")
        at = metrics.horizontalAdvance("error, ")
        painter.setPen(theme.color("positive_text"))
        painter.drawText(above.adjusted(at, 0, 0, 0), Qt.AlignmentFlag.AlignLeft, "both sides")
        at += metrics.horizontalAdvance("both sides  ")
        painter.setPen(theme.color("muted_text"))
        painter.drawText(above.adjusted(at, 0, 0, 0), Qt.AlignmentFlag.AlignLeft, "– – one side")

    def _paint_line(
        self, painter: QPainter, errors: list[float], token: str, low: float, high: float, dashed: bool
    ) -> None:
        area = self._area()
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(self._theme.color(token), 1.6, style))
        points = []
        for nudge, error in zip(self._sweep, errors, strict=True):
            if isfinite(error):
                share = (log10(max(error, _SMALLEST)) - low) / (high - low)
                y = area.bottom() - min(max(share, 0.0), 1.0) * area.height()
                points.append(QPointF(self._x(nudge.h), y))
        painter.drawPolyline(points)


def _power(exponent: float) -> str:
    return f"1e{int(exponent)}".replace("-", "−")
