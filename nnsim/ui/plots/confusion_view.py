"""The confusion matrix: which class the network takes for which.

Object name: ``output_plot_confusion``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnsim.core.arrays import IntArray
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.plots.words import NORMAL, SMALL, elided
from nnsim.ui.theme import Theme

_GAP = 6.0
_LARGEST = 64.0  # pixels of a cell
_LEAST_NUMBER = 6.0  # points: smaller numbers are left out


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """``counts[t, p]``: samples of class t taken for class p. ``part``: "training" or "test"."""

    counts: IntArray
    classes: tuple[str, ...]
    part: str

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    @property
    def right(self) -> int:
        return int(np.trace(self.counts))

    def headline(self) -> str:
        """Such as "Test: 95.3 % right, 856 of 898"."""
        if not self.total:
            return f"No {self.part} samples."
        share = f"{100.0 * self.right / self.total:.1f} %"
        return f"{self.part.capitalize()}: {share} right, {self.right:,} of {self.total:,}"

    def cell_words(self, true: int, predicted: int) -> str:
        """A cell in words."""
        count, row = int(self.counts[true, predicted]), int(self.counts[true].sum())
        share = f" ({100.0 * count / row:.1f} % of {row:,})" if row else ""
        return f"true {self.classes[true]}, predicted {self.classes[predicted]}: {count:,}{share}"


class ConfusionView(QWidget):
    """Rows are the true classes, columns the predicted ones; right ones blue, wrong ones orange."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("output_plot_confusion")
        self.setAccessibleName("Confusion matrix")
        self.theme = theme
        self._shown: Confusion | None = None
        self._grid = QRectF()
        self._upright = False
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(80, 60))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def shown(self) -> Confusion | None:
        return self._shown

    def show_confusion(self, confusion: Confusion) -> None:
        before = self._shown
        if (
            before is None
            or before.counts is not confusion.counts
            or (before.classes, before.part) != (confusion.classes, confusion.part)
        ):
            self._shown = confusion
            self.update()

    # -- painting ---------------------------------------------------------------------------------

    def paintEvent(self, event) -> None:
        with QPainter(self) as painter:
            self.paint_picture(painter, QRectF(self.rect()))

    def paint_picture(self, painter: QPainter, target: QRectF) -> None:
        """Paint all of it into ``target``."""
        painter.save()
        painter.translate(target.topLeft())
        painter.scale(target.width() / self.width(), target.height() / self.height())
        painter.fillRect(self.rect(), self.theme.color("panel"))
        if self._shown is not None:
            self._paint(painter, self._shown)
        painter.restore()

    def _paint(self, painter: QPainter, shown: Confusion) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        small = self.theme.ui_font(SMALL)
        metrics = QFontMetricsF(small)
        line = metrics.height()
        self._paint_headline(painter, shown)
        names = [metrics.horizontalAdvance(name) for name in shown.classes]
        left = line + min(max(names), 0.3 * self.width()) + _GAP  # "true" stands upright before the names
        n = len(shown.classes)
        # Names stand upright where they are wider than their columns.
        self._upright = max(names) + 3.0 > (self.width() - left) / n
        head = min(max(names) + 4.0, 0.22 * self.height()) if self._upright else line
        top = 2.5 * line + head  # the headline, "predicted", the names
        room = QRectF(left, top, self.width() - left - 2.0, self.height() - top - 2.0)
        cell_w = min(room.width() / n, 1.8 * _LARGEST)
        cell_h = min(room.height() / n, _LARGEST)
        cell_w = min(cell_w, 2.2 * cell_h) if cell_h > 12.0 else cell_w
        self._grid = QRectF(room.left(), room.top(), n * cell_w, n * cell_h)
        self._paint_cells(painter, shown, cell_w, cell_h)
        painter.setFont(small)
        painter.setPen(self.theme.color("muted_text"))
        self._paint_names(painter, shown, metrics, cell_w, cell_h)

    def _paint_headline(self, painter: QPainter, shown: Confusion) -> None:
        font = self.theme.ui_font(NORMAL, QFont.Weight.Medium)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(self.theme.color("ink"))
        painter.drawText(QPointF(2.0, metrics.ascent()), elided(shown.headline(), font, self.width() - 4.0))

    def _paint_cells(self, painter: QPainter, shown: Confusion, width: float, height: float) -> None:
        n = len(shown.classes)
        rows = np.maximum(shown.counts.sum(axis=1, keepdims=True), 1)
        share = shown.counts / rows
        font = self._number_font(shown, width, height)
        metrics = QFontMetricsF(font) if font is not None else None
        gap = 1.0 if min(width, height) > 8.0 else 0.0
        for t in range(n):
            for p in range(n):
                cell = QRectF(
                    self._grid.left() + p * width, self._grid.top() + t * height, width - gap, height - gap
                )
                color = self._cell_color(float(share[t, p]), t == p)
                painter.fillRect(cell, color)
                count = int(shown.counts[t, p])
                if font is None or metrics is None or (count == 0 and n > 4):
                    continue
                painter.setFont(font)
                painter.setPen(self._ink_on(color) if count else self.theme.color("muted_text"))
                text = f"{count}"
                at = QPointF(
                    cell.center().x() - metrics.horizontalAdvance(text) / 2.0,
                    cell.center().y() + metrics.capHeight() / 2.0,
                )
                painter.drawText(at, text)

    def _cell_color(self, share: float, right: bool) -> QColor:
        """Stronger with the share of its row; a single mistake is already seen."""
        if share == 0.0:
            return self.theme.mix("line", 0.45)
        return self.theme.mix("positive" if right else "negative", 0.15 + 0.7 * share)

    def _ink_on(self, color: QColor) -> QColor:
        """The text colour with the better contrast."""
        light = 0.299 * color.red() + 0.587 * color.green() + 0.114 * color.blue()
        dark_ink = QColor("#10131a")
        return dark_ink if light > 128.0 else QColor("#ffffff")

    def _number_font(self, shown: Confusion, width: float, height: float) -> QFont | None:
        """The largest font in which every number fits its cell; ``None`` if it would be too small."""
        widest = f"{int(shown.counts.max()) if shown.counts.size else 0}"
        for points in (11.0, 10.0, 9.0, 8.0, 7.0, 6.5, _LEAST_NUMBER):
            font = self.theme.mono_font(points)
            metrics = QFontMetricsF(font)
            if metrics.horizontalAdvance(widest) + 4.0 <= width and metrics.capHeight() + 5.0 <= height:
                return font
        return None

    def _paint_names(
        self, painter: QPainter, shown: Confusion, metrics: QFontMetricsF, width: float, height: float
    ) -> None:
        grid, line = self._grid, metrics.height()
        font = painter.font()
        room = grid.left() - line - _GAP
        every_row, every_column = ceil(0.75 * line / height), ceil(0.75 * line / width)
        for i, name in enumerate(shown.classes):
            if i % every_row == 0:
                text = elided(name, font, room)
                y = grid.top() + (i + 0.5) * height + metrics.capHeight() / 2.0
                painter.drawText(
                    QPointF(grid.left() - _GAP / 2 - metrics.horizontalAdvance(text) - 2.0, y), text
                )
            if i % every_column == 0 or not self._upright:
                self._paint_column_name(painter, name, metrics, grid.left() + (i + 0.5) * width, width)
        middle = grid.center().x() - metrics.horizontalAdvance("predicted") / 2.0
        painter.drawText(QPointF(middle, 2.5 * line - metrics.descent() - 2.0), "predicted")
        painter.save()
        painter.translate(metrics.ascent(), grid.center().y())
        painter.rotate(-90.0)
        painter.drawText(QPointF(-metrics.horizontalAdvance("true") / 2.0, 0.0), "true")
        painter.restore()

    def _paint_column_name(
        self, painter: QPainter, name: str, metrics: QFontMetricsF, middle: float, width: float
    ) -> None:
        bottom = self._grid.top() - 2.0
        if not self._upright:
            text = elided(name, painter.font(), width)
            at = QPointF(middle - metrics.horizontalAdvance(text) / 2.0, bottom - metrics.descent())
            painter.drawText(at, text)
        else:
            text = elided(name, painter.font(), bottom - 2.5 * metrics.height() + 2.0)
            painter.save()
            painter.translate(middle + metrics.capHeight() / 2.0, bottom - 2.0)
            painter.rotate(-90.0)
            painter.drawText(QPointF(0.0, 0.0), text)
            painter.restore()

    # -- pointing ---------------------------------------------------------------------------------

    def cell_at(self, point: QPointF) -> tuple[int, int] | None:
        """(true, predicted) of the cell at ``point``."""
        if self._shown is None or not self._grid.contains(point):
            return None
        n = len(self._shown.classes)
        row = int((point.y() - self._grid.top()) / self._grid.height() * n)
        column = int((point.x() - self._grid.left()) / self._grid.width() * n)
        return min(row, n - 1), min(column, n - 1)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self.cell_at(QPointF(event.pos()))
            if cell is None or self._shown is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), tool_tip(self._shown.cell_words(*cell)), self)
            return True
        return super().event(event)
