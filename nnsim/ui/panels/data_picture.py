"""A data set as a small picture: points of a plane, points of a curve, pixels, or a chain."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnsim.core.arrays import Array
from nnsim.core.datasets.base import Samples
from nnsim.ui.plots.colors import class_color
from nnsim.ui.theme import Theme

_MOST_POINTS = 160
_IMAGE_SIDE = 8
_IMAGES = 3


def paint_data(painter: QPainter, box: QRectF, samples: Samples, theme: Theme) -> None:
    """Paint ``samples`` into ``box``: whatever shows best what they are."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if samples.count == 0:
        pass
    elif samples.width == 1 and samples.count <= 2:
        _paint_chain(painter, box, theme)
    elif samples.width == _IMAGE_SIDE * _IMAGE_SIDE:
        _paint_images(painter, box, samples, theme)
    else:
        _paint_points(painter, box, samples, theme)
    painter.restore()


def _paint_points(painter: QPainter, box: QRectF, samples: Samples, theme: Theme) -> None:
    few = samples.count <= 12
    radius = 3.2 if few else 1.25 if samples.width == 1 else 1.1
    across, up = _axes(samples)
    margin = radius + (3.0 if few else 1.5)
    inner = box.adjusted(margin, margin, -margin, -margin)
    # Points of a plane keep their shape; other axes have nothing in common.
    if samples.width == 2:
        side = min(inner.width(), inner.height())
        inner = QRectF(inner.center().x() - side / 2, inner.center().y() - side / 2, side, side)
    x, y = _into(across, inner.left(), inner.right()), _into(up, inner.bottom(), inner.top())
    painter.setPen(Qt.PenStyle.NoPen)
    for row, color in zip(_rows(samples.count), _colors(samples, theme), strict=False):
        point = QPointF(x[row], y[row])
        painter.setBrush(color)
        if few:
            # Filled or a ring, so that it does not take colours to tell them apart.
            _paint_big_point(painter, point, radius, color, _is_high(samples, row), theme)
        else:
            painter.drawEllipse(point, radius, radius)


def _paint_big_point(
    painter: QPainter, point: QPointF, radius: float, color: QColor, filled: bool, theme: Theme
) -> None:
    painter.setPen(QPen(color, 1.6))
    painter.setBrush(color if filled else theme.color("field"))
    painter.drawEllipse(point, radius, radius)
    painter.setPen(Qt.PenStyle.NoPen)


def _axes(samples: Samples) -> tuple[Array, Array]:
    """What goes to the right and what goes up."""
    if samples.width == 1:
        up = samples.targets[:, 0] if samples.targets is not None else np.zeros(samples.count)
        return samples.inputs[:, 0], up
    # The last two columns: the telling ones of the flowers, x and y of a plane.
    return samples.inputs[:, -2], samples.inputs[:, -1]


def _into(values: Array, start: float, end: float) -> Array:
    low, high = float(values.min()), float(values.max())
    span = high - low
    if span <= 0.0:
        return np.full(len(values), (start + end) / 2)
    return start + (values - low) / span * (end - start)


def _rows(count: int) -> range:
    """Evenly spaced rows, as many as can be told apart."""
    return range(0, count, max(1, count // _MOST_POINTS))


def _is_high(samples: Samples, row: int) -> bool:
    if samples.labels is not None:
        return bool(samples.labels[row] > 0)
    assert samples.targets is not None
    middle = 0.5 if samples.task == "classification" else 0.0
    return bool(samples.targets[row, 0] > middle)


def _colors(samples: Samples, theme: Theme) -> Iterator[QColor]:
    """The colour of every painted row: by class, or by sign and size of the target."""
    rows = _rows(samples.count)
    if samples.labels is not None and len(samples.classes) > 2:
        for row in rows:
            yield class_color(theme, int(samples.labels[row]))
        return
    if samples.labels is not None or samples.task == "classification":
        for row in rows:
            yield theme.color("positive" if _is_high(samples, row) else "negative")
        return
    assert samples.targets is not None
    values = samples.targets[:, 0]
    largest = float(np.abs(values).max()) or 1.0
    for row in rows:
        if samples.width == 1:
            yield theme.color("positive")
            continue
        value = float(values[row]) / largest
        yield theme.mix("positive" if value >= 0 else "negative", 0.15 + 0.85 * abs(value), "field")


def _paint_images(painter: QPainter, box: QRectF, samples: Samples, theme: Theme) -> None:
    """The first few samples as grey pictures, ink on paper."""
    side = min((box.width() - 2.0 * (_IMAGES + 1)) / _IMAGES, box.height() - 4.0)
    pixel = side / _IMAGE_SIDE
    left = box.center().x() - (_IMAGES * side + 2.0 * (_IMAGES - 1)) / 2
    brightest = float(samples.inputs.max()) or 1.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for image in range(min(_IMAGES, samples.count)):
        # Not the first three, which look alike: a few apart.
        values = samples.inputs[min(image * 4 + 2, samples.count - 1)] / brightest
        for place, value in enumerate(values):
            if value <= 0.05:
                continue
            x = left + image * (side + 2.0) + place % _IMAGE_SIDE * pixel
            y = box.center().y() - side / 2 + place // _IMAGE_SIDE * pixel
            painter.fillRect(QRectF(x, y, pixel + 0.3, pixel + 0.3), theme.mix("ink", float(value), "field"))


def _paint_chain(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """Input, one neuron, output."""
    y, radius = box.center().y(), 3.6
    xs = [box.center().x() + offset for offset in (-13.0, 0.0, 13.0)]
    painter.setPen(QPen(theme.color("positive"), 1.6))
    painter.drawLine(QPointF(xs[0], y), QPointF(xs[2], y))
    painter.setPen(QPen(theme.color("ink"), 1.2))
    for place, x in enumerate(xs):
        painter.setBrush(theme.mix("positive", 0.35 * place, "field"))
        painter.drawEllipse(QPointF(x, y), radius, radius)
