"""What is under a point of the scene. From arrays, not from items: no item handles events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnsim.ui.canvas.layout import CanvasLayout, Column, ImagePlace
from nnsim.ui.selection import NOTHING, Selection

Part = Literal["background", "neuron", "bias", "edge", "number", "mark"]

_AROUND = 3.0  # a neuron reaches so far beyond its outline


@dataclass(frozen=True, slots=True)
class Hit:
    """``part`` of ``selection``. A mark belongs to a layer; ``row`` is its place in the column."""

    selection: Selection = NOTHING
    part: Part = "background"
    row: int = -1


BACKGROUND = Hit()


def hit_column(layout: CanvasLayout, x: float, y: float, side: int = 0) -> Hit | None:
    """The neuron, bias or mark at a point, if there is one; ``side`` is that of the layer's image."""
    if layout.image is not None and side:
        pixel = pixel_at(layout.image, side, x, y)
        if pixel is not None:
            return Hit(Selection.of_neuron(layout.image.layer, pixel), "neuron")
    for column in layout.columns:
        if abs(x - column.x) <= max(layout.node + _AROUND, 36.0):
            found = _in_column(layout, column, x, y)
            if found is not None:
                return found
    return None


def pixel_at(image: ImagePlace, side: int, x: float, y: float) -> int | None:
    """The pixel (row by row) of an image of ``side`` × ``side`` at a point; ``None`` beside it."""
    column = (x - image.x + image.half) * side / (2 * image.half)
    row = (y - image.y + image.half) * side / (2 * image.half)
    inside = 0.0 <= column < side and 0.0 <= row < side
    return int(row) * side + int(column) if inside else None


def _in_column(layout: CanvasLayout, column: Column, x: float, y: float) -> Hit | None:
    row = int(np.argmin(np.abs(column.y - y)))
    dx, dy = abs(x - column.x), y - float(column.y[row])
    here = column.rows[row]
    if here.is_mark:
        return Hit(Selection.of_layer(column.layer), "mark", row) if dx <= 36.0 and abs(dy) <= 9.0 else None
    if here.room:
        return None
    reach = layout.node + _AROUND
    inside = max(dx, abs(dy)) <= reach if layout.pictures else np.hypot(dx, dy) <= reach
    if inside:
        return Hit(Selection.of_neuron(column.layer, here.neuron), "neuron")
    above = int(np.searchsorted(column.y, y)) - 1  # what is written under a neuron may be nearer the next
    if 0 <= above < len(column.rows) and column.rows[above].neuron >= 0:
        drop = y - float(column.y[above]) - layout.node
        if dx <= 34.0 and 0.0 < drop <= layout.below:
            return Hit(Selection.of_neuron(column.layer, column.rows[above].neuron), "bias")
    return None
