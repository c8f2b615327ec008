"""The numbers on the edges: a weight on its edge, its gradient beneath."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from nnsim.ui.canvas.chip_places import ChipSize
from nnsim.ui.canvas.inks import Inks
from nnsim.ui.canvas.kept_item import KeptItem

_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEAST_ZOOM = 0.5  # smaller, numbers are specks
_RADIUS = 4.0
_LOCK = 5.0


@dataclass(frozen=True, slots=True)
class Chip:
    """One number: ``edge`` is the place of its edge, ``lit`` that the edge is selected or hovered."""

    edge: int
    x: float
    y: float
    text: str
    gradient: str = ""
    frozen: bool = False
    lit: bool = False


class ChipsItem(KeptItem):
    """Paints the chips of one connection, or those of the edges that are looked at."""

    SCALABLE = True

    def __init__(self, inks: Inks, z: float = 2.0) -> None:
        super().__init__()
        self._inks = inks
        self._chips: tuple[Chip, ...] = ()
        self._size = ChipSize(0.0, 0.0)
        self._rect = QRectF()
        self.setZValue(z)

    @property
    def chips(self) -> tuple[Chip, ...]:
        return self._chips

    def display(self, chips: tuple[Chip, ...], size: ChipSize) -> None:
        """Write these numbers."""
        if chips == self._chips and size == self._size:
            return
        places = _places(chips)
        if size != self._size or places != _places(self._chips):
            self.prepareGeometryChange()
            self._size = size
            rect = QRectF()
            for chip in chips:
                rect = rect.united(_box(chip, size).adjusted(-3, -3, 3, 3))
                if chip.gradient:
                    rect = rect.united(self.gradient_rect(chip).adjusted(-1, 0, 1, 1))
            self._rect = rect
        self._chips, self._size = chips, size
        self.renew()

    def at(self, x: float, y: float, reach: float = 0.0) -> int | None:
        """The edge whose number is at a point."""
        point = QPointF(x, y)
        for chip in self._chips:
            if _box(chip, self._size).adjusted(-reach, -reach, reach, reach).contains(point):
                return chip.edge
        return None

    def box_of(self, edge: int) -> QRectF | None:
        """The box of an edge's number, if it has one."""
        for chip in self._chips:
            if chip.edge == edge:
                return _box(chip, self._size)
        return None

    def boundingRect(self) -> QRectF:
        return self._rect

    def draw(self, painter: QPainter) -> None:
        if painter.worldTransform().m11() < _LEAST_ZOOM:
            return
        inks, font = self._inks, self._inks.number[self._size.text]
        plain, lit = QPen(inks.line, 1.0), QPen(inks.focus, 1.4)
        painter.setFont(font)
        for chip in sorted(self._chips, key=lambda c: c.lit):
            box = _box(chip, self._size)
            painter.setPen(lit if chip.lit else plain)
            painter.setBrush(inks.panel)
            painter.drawRoundedRect(box, _RADIUS, _RADIUS)
            painter.setPen(inks.ink)
            if chip.frozen:
                self._paint_lock(painter, box)
                box = box.adjusted(_LOCK + 3, 0, 0, 0)
            painter.drawText(box, _CENTRE, chip.text)
        self._paint_gradients(painter)

    def _paint_gradients(self, painter: QPainter) -> None:
        shown = [c for c in self._chips if c.gradient]
        if not shown:
            return
        painter.setFont(self._inks.number[10])
        painter.setPen(self._inks.focus_text)
        for chip in shown:
            rect = self.gradient_rect(chip)
            painter.fillRect(rect, self._inks.background)
            painter.drawText(rect, _CENTRE, chip.gradient)

    def gradient_rect(self, chip: Chip) -> QRectF:
        """Where the gradient of a number is written: it may be wider than the number's box."""
        width = QFontMetricsF(self._inks.number[10]).horizontalAdvance(chip.gradient) + 6.0
        return QRectF(chip.x - width / 2, chip.y + self._size.height / 2 + 1.0, width, 13.0)

    def _paint_lock(self, painter: QPainter, box: QRectF) -> None:
        """A padlock, for a number that training leaves alone."""
        x, y = box.left() + 4.0, box.center().y() - 0.5
        painter.setPen(QPen(self._inks.muted_text, 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawArc(QRectF(x + 1.0, y - 4.0, _LOCK - 2.0, 6.0), 0, 180 * 16)
        for edge in (x + 1.0, x + _LOCK - 1.0):
            painter.drawLine(QLineF(edge, y - 1.0, edge, y + 0.5))
        painter.fillRect(QRectF(x, y, _LOCK, 4.0), self._inks.muted_text)
        painter.setPen(self._inks.ink)
        painter.setBrush(self._inks.panel)


def _places(chips: tuple[Chip, ...]) -> list[tuple[int, float, float, int]]:
    """What the room for the numbers depends on; their letters are all of one width."""
    return [(c.edge, c.x, c.y, len(c.gradient)) for c in chips]


def _box(chip: Chip, size: ChipSize) -> QRectF:
    return QRectF(chip.x - size.width / 2, chip.y - size.height / 2, size.width, size.height)
