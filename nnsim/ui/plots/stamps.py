"""Thousands of marks at once: each kind is painted a few times and then copied from place to place."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPixmap

from nnsim.core.arrays import Array, IntArray
from nnsim.ui.plots.markers import Marker, draw_marker

# A mark is painted at so many places within a device pixel, in each direction: a copy lies at most an
# eighth of a pixel beside where the shape would be.
_PLACES = 4
_WIDEST = 1.3  # how far a shape reaches, in radii


def stamp(
    painter: QPainter, markers: Sequence[Marker], x: Array, y: Array, style: IntArray, ratio: float
) -> None:
    """Draw ``markers[style]`` at (x, y), in this order; ``ratio`` is that of device pixels to pixels."""
    reach = [ceil((0.5 * _WIDEST * m.size + m.edge_width + 1.0) * ratio) for m in markers]
    column, across = np.divmod(np.rint(x * ratio * _PLACES).astype(int), _PLACES)
    row, down = np.divmod(np.rint(y * ratio * _PLACES).astype(int), _PLACES)
    half = np.array(reach)[style]
    # Whole device pixels, so that pictures are copied as they are.
    left, top = (column - half) / ratio, (row - half) / ratio
    made: dict[tuple[int, int, int], QPixmap] = {}
    marks = zip(style.tolist(), across.tolist(), down.tolist(), left.tolist(), top.tolist(), strict=True)
    for kind, dx, dy, px, py in marks:
        picture = made.get((kind, dx, dy))
        if picture is None:
            picture = made[kind, dx, dy] = _picture(markers[kind], reach[kind], dx, dy, ratio)
        painter.drawPixmap(QPointF(px, py), picture)


def _picture(marker: Marker, reach: int, across: int, down: int, ratio: float) -> QPixmap:
    """The mark, its middle at ``reach`` device pixels and ``across``, ``down`` parts of one."""
    picture = QPixmap(2 * reach + 1, 2 * reach + 1)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    middle = QPointF(reach + across / _PLACES, reach + down / _PLACES) / ratio
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        draw_marker(painter, marker, middle)
    return picture
