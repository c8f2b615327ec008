"""What surrounds a neuron's picture: its outline, its halo and its rounded corners, drawn once for
all neurons that look alike and laid over their pictures."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap

from nnsim.ui.canvas.inks import Inks

RADIUS = 7.0
_MARGIN = 8.0  # what is drawn around the body at most
_MOST = 64  # frames kept; there are a handful of looks for each zoom


@dataclass(frozen=True, slots=True)
class FrameLook:
    """What the outline tells."""

    reached: bool = True
    ringed: bool = False
    selected: bool = False
    hovered: bool = False


def border_of(look: FrameLook, inks: Inks, node: float) -> QPen:
    """The pen of a neuron's outline."""
    if look.selected:
        return QPen(inks.focus, 2.4)
    if look.hovered:
        return QPen(inks.focus, 2.0)
    if not look.reached:
        return QPen(inks.disabled, 1.2)
    return QPen(inks.ink, 1.4 if node > 12 else 1.0)


def halos_of(look: FrameLook, inks: Inks, node: float, square: bool) -> list[tuple[float, QPen | None]]:
    """(how far beyond the body, pen; ``None``: filled softly) of what is drawn around a neuron."""
    small = node < 16
    halos: list[tuple[float, QPen | None]] = []
    if look.selected:
        halos.append((3.5 if small else 5.5, None))
    if look.ringed:
        pen = QPen(inks.focus, 1.6 if small else 2.6)
        halos.append((3.0 if small or square else 6.5, pen))
    return halos


def rounded(node: float, grow: float = 0.0) -> tuple[QRectF, float]:
    """A square body ``grow`` larger on all sides, around the origin, and the radius of its corners."""
    half = node + grow
    return QRectF(-half, -half, 2 * half, 2 * half), min(RADIUS, node * 0.35) + max(grow, 0.0) * 0.8


class NeuronFrames:
    """Frames by look, size and zoom. Makes each once; :meth:`clear` after a switch of colours."""

    def __init__(self, inks: Inks) -> None:
        self._inks = inks
        self._made: dict[tuple[FrameLook, float, float, float], QPixmap] = {}

    def clear(self) -> None:
        self._made.clear()

    def paint(self, painter: QPainter, look: FrameLook, node: float) -> None:
        """Lay a frame over the picture of a neuron whose middle is at the origin."""
        ratio = painter.device().devicePixelRatio()
        placed = painter.worldTransform()
        key = (look, node, placed.m11(), ratio)
        frame = self._made.get(key)
        if frame is None:
            if len(self._made) >= _MOST:
                self._made.clear()
            frame = self._made[key] = self._make(*key)
        size = QSizeF(frame.size()) / ratio
        painter.resetTransform()  # copied pixel by pixel, not scaled
        painter.drawPixmap(QPointF(placed.dx() - size.width() / 2, placed.dy() - size.height() / 2), frame)
        painter.setWorldTransform(placed)

    def _make(self, look: FrameLook, node: float, zoom: float, ratio: float) -> QPixmap:
        inks = self._inks
        # An even number of pixels, so that the middle lies between two of them as the picture's does.
        side = 2 * int((node + _MARGIN) * zoom * ratio + 1)
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(side / 2, side / 2)
            painter.scale(zoom * ratio, zoom * ratio)
            body, radius = rounded(node)
            inside = QPainterPath()
            inside.addRoundedRect(body, radius, radius)
            corners = QPainterPath()
            corners.addRect(body)
            painter.fillPath(corners - inside, inks.background)
            for grow, pen in halos_of(look, inks, node, square=True):
                rect, bend = rounded(node, grow)
                around = QPainterPath()
                around.addRoundedRect(rect, bend, bend)
                if pen is None:
                    painter.fillPath(around - inside, inks.focus_soft)
                else:
                    painter.strokePath(around, pen)
            painter.strokePath(inside, border_of(look, inks, node))
        pixmap.setDevicePixelRatio(ratio)
        return pixmap
