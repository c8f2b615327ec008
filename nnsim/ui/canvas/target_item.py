"""The target y beside an output neuron, and the mark "⋯ n more" in a long column."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from nnsim.ui.canvas.inks import Inks
from nnsim.ui.canvas.kept_item import KeptItem
from nnsim.ui.canvas.layout import TARGET_HEIGHT, TARGET_WIDTH

_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEAST_TEXT = 0.45


class TargetItem(KeptItem):
    """A dashed box "y 0.01"; ringed while the step stands at the loss."""

    def __init__(self, inks: Inks) -> None:
        super().__init__()
        self._inks = inks
        self._text, self._ringed = "", False
        self._rect = QRectF()
        self.setZValue(3)

    @property
    def text(self) -> str:
        return self._text

    def box(self) -> QRectF:
        """The box as it lies in the scene."""
        return self._rect.translated(self.pos())

    @property
    def ringed(self) -> bool:
        """Whether the loss is being worked on."""
        return self._ringed

    def arrange(self, x: float, y: float, pitch: float) -> None:
        """Take this place; flatter where the column is dense."""
        height = min(TARGET_HEIGHT, max(pitch - 6.0, 8.0))
        rect = QRectF(-TARGET_WIDTH / 2, -height / 2, TARGET_WIDTH, height)
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        self.setPos(x, y)

    def display(self, text: str, ringed: bool) -> None:
        """Say this. An empty text hides the box."""
        if (text, ringed) != (self._text, self._ringed):
            self._text, self._ringed = text, ringed
            self.renew()

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-4, -4, 4, 4)

    def draw(self, painter: QPainter) -> None:
        if not self._text:
            return
        inks = self._inks
        pen = QPen(inks.focus, 2.0) if self._ringed else QPen(inks.muted, 1.0)
        pen.setDashPattern([3.0, 3.0] if not self._ringed else [2.0, 1.5])
        painter.setPen(pen)
        painter.setBrush(inks.background)
        painter.drawRoundedRect(self._rect, 5.0, 5.0)
        zoom = painter.worldTransform().m11()
        if zoom >= _LEAST_TEXT and self._rect.height() > 10:
            painter.setPen(inks.muted_text)
            painter.setFont(inks.number[12 if self._rect.height() > 20 else 10])
            painter.drawText(self._rect, _CENTRE, self._text)


class MarkItem(KeptItem):
    """Stands for the neurons of a long layer that are not drawn. A click opens or closes the layer."""

    def __init__(self, inks: Inks) -> None:
        super().__init__()
        self._inks = inks
        self._hidden, self._hovered = 0, False
        self._rect = QRectF(-36.0, -9.0, 72.0, 18.0)
        self.setZValue(3)

    @property
    def text(self) -> str:
        return f"⋯ {self._hidden} more" if self._hidden else "show fewer"

    def arrange(self, x: float, y: float, hidden: int) -> None:
        """Take this place and stand for ``hidden`` neurons."""
        self.setPos(x, y)
        if hidden != self._hidden:
            self._hidden = hidden
            self.renew()

    def set_hovered(self, hovered: bool) -> None:
        if hovered != self._hovered:
            self._hovered = hovered
            self.renew()

    def boundingRect(self) -> QRectF:
        return self._rect

    def draw(self, painter: QPainter) -> None:
        inks = self._inks
        if painter.worldTransform().m11() < _LEAST_TEXT:
            return
        painter.setFont(inks.mark)
        width = painter.fontMetrics().horizontalAdvance(self.text) + 12.0
        box = QRectF(-width / 2, -8.5, width, 17.0)
        if self._hovered:
            painter.setPen(QPen(inks.strong_line, 1.0))
            painter.setBrush(inks.panel)
            painter.drawRoundedRect(box, 8.0, 8.0)
        painter.setPen(inks.ink if self._hovered else inks.muted_text)
        painter.drawText(box, _CENTRE, self.text)
