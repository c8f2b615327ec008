"""The edges that are looked at, drawn once more over the others. So lighting one up repaints no
connection."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from nnsim.ui.canvas.connection_item import bounds_of
from nnsim.ui.canvas.inks import Inks


@dataclass(frozen=True, slots=True)
class LitEdge:
    """A line with the look of its edge; ``focused``: this very edge is selected or hovered, rather
    than its neuron."""

    line: tuple[float, float, float, float]
    look: int
    focused: bool


class HighlightItem(QGraphicsItem):
    """Paints lit edges."""

    def __init__(self, inks: Inks) -> None:
        super().__init__()
        self._inks = inks
        self._lit: tuple[LitEdge, ...] = ()
        self._grade = 0
        self._rect = QRectF()
        self.setZValue(1)

    @property
    def lit(self) -> tuple[LitEdge, ...]:
        return self._lit

    def display(self, lit: tuple[LitEdge, ...], grade: int) -> None:
        """Light up these edges and no others."""
        if lit == self._lit and grade == self._grade:
            return
        if [e.line for e in lit] != [e.line for e in self._lit]:
            self.prepareGeometryChange()
            self._rect = bounds_of(np.array([e.line for e in lit]).reshape(-1, 4)).adjusted(-8, -8, 8, 8)
        self._lit, self._grade = lit, grade
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        for edge in sorted(self._lit, key=lambda e: e.focused):
            painter.setPen(self._inks.lit_pen(edge.look, edge.focused, self._grade))
            painter.drawLine(QLineF(*edge.line))
