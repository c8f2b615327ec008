"""Axes: hairlines, numbers and names around a plot, painted in the picture's own pixels."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from nnsim.ui.plots.ticks import Tick, linear_ticks, log_ticks
from nnsim.ui.plots.words import SMALL, elided
from nnsim.ui.theme import Theme

_GAP = 6.0
_STEP = 8.0  # the left margin grows and shrinks by this, so that the plot does not tremble


@dataclass(frozen=True, slots=True)
class Axis:
    """``kind`` is "linear", "log" (positions are powers of ten) or "blank" (no numbers).

    ``whole``: only whole numbers.
    """

    title: str = ""
    kind: str = "linear"
    whole: bool = False

    def ticks(self, low: float, high: float, most: int) -> tuple[Tick, ...]:
        if self.kind == "blank":
            return ()
        if self.kind == "log":
            return log_ticks(low, high, most)
        return linear_ticks(low, high, most, self.whole)


@dataclass(slots=True)
class Layout:
    """Where things are, in pixels: the plot's rectangle and the range it shows."""

    rect: QRectF = field(default_factory=QRectF)
    range: tuple[float, float, float, float] = (0.0, 1.0, 0.0, 1.0)
    x_ticks: tuple[Tick, ...] = ()
    y_ticks: tuple[Tick, ...] = ()

    def x(self, value):
        """Pixel of a position on the x axis (number or array)."""
        low, high = self.range[0], self.range[1]
        return self.rect.left() + (value - low) * (self.rect.width() / (high - low))

    def y(self, value):
        """Pixel of a position on the y axis (number or array)."""
        low, high = self.range[2], self.range[3]
        return self.rect.bottom() - (value - low) * (self.rect.height() / (high - low))

    def x_at(self, pixel: float) -> float:
        low, high = self.range[0], self.range[1]
        return low + (pixel - self.rect.left()) * (high - low) / max(self.rect.width(), 1.0)


class Frame(pg.GraphicsObject):
    """Grid, axes, numbers and names of the axes, behind the data."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setZValue(-200)
        self._theme = theme
        self._bounds = QRectF()
        self.layout_ = Layout()
        self.x_axis, self.y_axis = Axis(), Axis()
        self.grid = True
        self.outlined = False  # a hairline all around instead of the two axes
        self.zero_lines = False
        self.caption = ""  # a line of its own above the plot
        self.restyle()

    def restyle(self) -> None:
        self._font = self._theme.ui_font(SMALL)
        self._metrics = QFontMetricsF(self._font)
        self._pens = {
            token: QPen(self._theme.color(token), 1.0) for token in ("line", "line_strong", "muted")
        }
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    # -- layout -----------------------------------------------------------------------------------

    def arrange(
        self, width: float, height: float, shown: tuple[float, float, float, float],
        aspect: tuple[float, float] | None = None, right: float = 0.0,
    ) -> Layout:  # fmt: skip
        """Lay out a picture of ``width`` × ``height`` pixels showing the range (x0, x1, y0, y1).

        ``aspect`` limits the plot's width over its height; ``right`` pixels are left free beside it.
        """
        self.prepareGeometryChange()
        self._bounds = QRectF(0.0, 0.0, width, height)
        line = self._metrics.height()
        x0, x1, y0, y1 = shown
        bottom = line + _GAP if height > 5 * line else 2.0
        y_ticks = self.y_axis.ticks(y0, y1, max(int((height - bottom) / max(2.6 * line, 36.0)), 1))
        if len(y_ticks) < 2 and self.y_axis.kind != "blank":
            y_ticks = self.y_axis.ticks(y0, y1, 3)
        left = self._left_margin(y_ticks)
        # A short name of the y axis has a line of its own above the numbers.
        top = line + 3.0 if self.y_axis.title and not self._upright_title() else line / 2.0 + 1.0
        if self.caption:
            top += line + 1.0
        rect = QRectF(left, top, width - left - max(right, 6.0), 0.0)
        rect.setBottom(height - bottom)
        if aspect is not None:
            rect = _fitted(rect, *aspect)
        rect.setWidth(max(rect.width(), 8.0))
        rect.setHeight(max(rect.height(), 8.0))
        x_ticks = self._x_ticks(x0, x1, rect.width())
        self.layout_ = Layout(rect, shown, x_ticks, y_ticks)
        self.update()
        return self.layout_

    def _left_margin(self, ticks: tuple[Tick, ...]) -> float:
        need = max((self._metrics.horizontalAdvance(t.label) for t in ticks), default=0.0) + _GAP + 2.0
        if self._upright_title() == "":
            need = max(need, self._metrics.horizontalAdvance(self.y_axis.title) + _GAP)
        else:
            need += self._metrics.height()
        return ceil(need / _STEP) * _STEP

    def _upright_title(self) -> str:
        """The y axis' name if it is too long to stand beside the axis."""
        return self.y_axis.title if self._metrics.horizontalAdvance(self.y_axis.title) > 30.0 else ""

    def _x_ticks(self, low: float, high: float, width: float) -> tuple[Tick, ...]:
        """As many as fit with room between them."""
        for most in range(max(int(width / 44.0), 1), 0, -1):
            ticks = self.x_axis.ticks(low, high, most)
            widest = max((self._metrics.horizontalAdvance(t.label) for t in ticks), default=0.0)
            if len(ticks) < 2 or (widest + 12.0) * (len(ticks) - 1) <= width:
                return ticks
        return self.x_axis.ticks(low, high, 1)

    # -- painting ---------------------------------------------------------------------------------

    def paint(self, painter: QPainter, option, widget=None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        layout, rect = self.layout_, self.layout_.rect
        if self.grid:
            painter.setPen(self._pens["line"])
            for tick in layout.y_ticks:
                y = round(layout.y(tick.position))
                painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
        if self.zero_lines:
            self._paint_zero_lines(painter)
        painter.setPen(self._pens["line_strong"])
        left, bottom = round(rect.left()), round(rect.bottom())
        if self.outlined:
            width, height = round(rect.width()) + 1, round(rect.height()) + 1
            painter.drawRect(QRectF(left - 1, round(rect.top()) - 1, width, height))
        else:
            painter.drawLine(QPointF(left, rect.top()), QPointF(left, bottom))
            painter.drawLine(QPointF(left, bottom), QPointF(rect.right(), bottom))
        painter.setPen(self._theme.color("muted_text"))
        painter.setFont(self._font)
        self._paint_x_numbers(painter)
        self._paint_y_numbers(painter)
        if self.caption:
            text = elided(self.caption, self._font, self._bounds.width() - _GAP)
            painter.drawText(QPointF(_GAP, self._metrics.ascent()), text)

    def _paint_zero_lines(self, painter: QPainter) -> None:
        layout, rect = self.layout_, self.layout_.rect
        x0, x1, y0, y1 = layout.range
        painter.setPen(self._pens["line_strong"])
        if x0 < 0.0 < x1:
            x = round(layout.x(0.0))
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))
        if y0 < 0.0 < y1:
            y = round(layout.y(0.0))
            painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))

    def _paint_x_numbers(self, painter: QPainter) -> None:
        layout, rect, metrics = self.layout_, self.layout_.rect, self._metrics
        base = rect.bottom() + _GAP / 2 + metrics.ascent() + 1.0
        if base > self._bounds.bottom() + 1.0:
            return
        title = elided(self.x_axis.title, self._font, rect.width() * 0.6)
        width = metrics.horizontalAdvance(title)
        free_until = self._bounds.right()
        if title:
            beside = rect.right() + 10.0
            at = beside if beside + width <= self._bounds.right() else rect.right() - width
            painter.drawText(QPointF(at, base), title)
            free_until = at - 8.0
        for tick in layout.x_ticks:
            wide = metrics.horizontalAdvance(tick.label)
            at = layout.x(tick.position) - wide / 2.0
            if not title:
                at = min(at, self._bounds.right() - wide)
            if at + wide <= free_until:
                painter.drawText(QPointF(at, base), tick.label)

    def _paint_y_numbers(self, painter: QPainter) -> None:
        layout, rect, metrics = self.layout_, self.layout_.rect, self._metrics
        upright, title = self._upright_title(), self.y_axis.title
        if upright:
            self._paint_upright(painter, upright)
        elif title:
            wide = metrics.horizontalAdvance(title)
            base = rect.top() - metrics.height() / 2.0 - 1.0 - metrics.descent()
            painter.drawText(QPointF(rect.left() - _GAP - wide, base), title)
        for tick in layout.y_ticks:
            wide = metrics.horizontalAdvance(tick.label)
            top = layout.y(tick.position) - metrics.height() / 2.0
            painter.drawText(QPointF(rect.left() - _GAP - wide, top + metrics.ascent()), tick.label)

    def _paint_upright(self, painter: QPainter, title: str) -> None:
        rect, metrics = self.layout_.rect, self._metrics
        text = elided(title, self._font, rect.height())
        painter.save()
        painter.translate(metrics.ascent(), rect.center().y())
        painter.rotate(-90.0)
        painter.drawText(QPointF(-metrics.horizontalAdvance(text) / 2.0, 0.0), text)
        painter.restore()


def _fitted(rect: QRectF, narrowest: float, widest: float) -> QRectF:
    """``rect`` made smaller so that width / height lies between the two, at its top left corner."""
    width, height = rect.width(), rect.height()
    if height <= 0.0 or width <= 0.0:
        return rect
    if width / height > widest:
        width = height * widest
    elif width / height < narrowest:
        height = width / narrowest
    return QRectF(rect.left(), rect.top(), width, height)
