"""Painting a page: what is pointed at lit up, the chosen number ringed, text in each role's colour."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from nnsim.core.explain.expression import Number, Symbol
from nnsim.ui.calculation.box import Spot
from nnsim.ui.calculation.faces import Faces
from nnsim.ui.calculation.page import Page
from nnsim.ui.theme import Theme

_RADIUS = 3.0


def paint_page(
    painter: QPainter,
    page: Page,
    faces: Faces,
    theme: Theme,
    is_lit: Callable[[Number | Symbol], bool] = lambda node: False,
    chosen: Spot | None = None,
    focused: bool = False,
) -> None:
    """Paint the page with its top left corner at the painter's origin."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("focus_soft"))
    for spot in page.spots:
        if spot == chosen or is_lit(spot.node):
            painter.drawRoundedRect(spot_rect(spot), _RADIUS, _RADIUS)
    font = None
    for run in page.runs:
        if font != (run.face, run.level):
            font = run.face, run.level
            painter.setFont(faces.font(run.face, run.level))
        painter.setPen(theme.color(run.token))
        painter.drawText(QPointF(run.x, run.y), run.text)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for stroke in page.strokes:
        pen = QPen(theme.color(stroke.token), stroke.width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in stroke.points]))
    if chosen is not None and focused:
        painter.setPen(QPen(theme.color("focus"), 1.5))
        painter.drawRoundedRect(spot_rect(chosen), _RADIUS, _RADIUS)


def spot_rect(spot: Spot) -> QRectF:
    """The rectangle that is lit up around a number."""
    return QRectF(spot.x - 2.0, spot.y - 1.0, spot.width + 4.0, spot.height + 2.0)
