"""Samples as marks: a shape for the class, filled for training and open for test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

# The first two differ most: round and square are told apart at any size and without colour.
SHAPES = (
    "circle", "square", "triangle", "diamond", "wedge", "pentagon", "hexagon", "star", "plus", "cross",
)  # fmt: skip
SIZE = 8.0  # pixels, of a training sample
TEST_SIZE = 6.5


@dataclass(frozen=True, slots=True)
class Marker:
    """How a sample looks. ``edge`` keeps it apart from what is behind it and beside it."""

    shape: str
    fill: QColor
    edge: QColor
    size: float = SIZE
    edge_width: float = 1.0


def class_shape(index: int) -> str:
    """Class and shape, with ten colours beside them, are unique for a hundred classes."""
    return SHAPES[(index + index // len(SHAPES)) % len(SHAPES)]


def train_marker(shape: str, color: QColor, ground: QColor) -> Marker:
    """Filled, with a thin edge in the ground's colour."""
    return Marker(shape, color, ground, SIZE, 1.0)


def test_marker(shape: str, color: QColor, ground: QColor) -> Marker:
    """Smaller and open: the ground's colour inside, the class' around it."""
    return Marker(shape, ground, color, TEST_SIZE, 1.6)


def resized(marker: Marker, scale: float) -> Marker:
    return replace(marker, size=marker.size * scale, edge_width=marker.edge_width * max(scale, 0.75))


def draw_marker(painter: QPainter, marker: Marker, at: QPointF) -> None:
    painter.setBrush(marker.fill)
    pen = QPen(marker.edge, marker.edge_width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    radius = marker.size / 2.0
    if marker.shape == "circle":
        painter.drawEllipse(at, radius, radius)
        return
    painter.save()
    painter.translate(at)
    painter.drawPath(_path(marker.shape, radius))
    painter.restore()


@lru_cache(maxsize=64)
def _path(shape: str, radius: float) -> QPainterPath:
    path = QPainterPath()
    if shape == "square":
        side = radius * 0.9
        path.addRect(QRectF(-side, -side, 2 * side, 2 * side))
        return path
    path.addPolygon(QPolygonF([QPointF(x * radius, y * radius) for x, y in _corners(shape)]))
    path.closeSubpath()
    return path


def _corners(shape: str) -> list[tuple[float, float]]:
    """The outline of a shape of about radius 1, y downwards."""
    if shape == "triangle":
        return [(0.0, -1.1), (1.05, 0.8), (-1.05, 0.8)]
    if shape == "wedge":
        return [(0.0, 1.1), (-1.05, -0.8), (1.05, -0.8)]
    if shape == "diamond":
        return [(0.0, -1.25), (1.1, 0.0), (0.0, 1.25), (-1.1, 0.0)]
    if shape in ("pentagon", "hexagon"):
        n = 5 if shape == "pentagon" else 6
        return [(1.05 * sin(2 * pi * i / n), -1.05 * cos(2 * pi * i / n)) for i in range(n)]
    if shape == "star":
        return [(r * sin(pi * i / 5), -r * cos(pi * i / 5)) for i in range(10) for r in ((1.3, 0.55)[i % 2],)]
    t = 0.36  # half the thickness of the arms
    plus = [
        (-t, -1.1), (t, -1.1), (t, -t), (1.1, -t), (1.1, t), (t, t), (t, 1.1), (-t, 1.1), (-t, t),
        (-1.1, t), (-1.1, -t), (-t, -t),
    ]  # fmt: skip
    if shape == "plus":
        return plus
    k = 0.5**0.5
    return [((x - y) * k, (x + y) * k) for x, y in plus]
