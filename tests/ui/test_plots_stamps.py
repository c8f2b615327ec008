"""Many marks at once, against the same marks painted one by one."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from nnsim.ui.plots.colors import class_color
from nnsim.ui.plots.markers import SHAPES, draw_marker
from nnsim.ui.plots.markers import test_marker as open_marker
from nnsim.ui.plots.stamps import stamp
from nnsim.ui.theme import Theme


def test_thousands_of_marks_lie_where_single_ones_would(qapp: QApplication) -> None:
    theme = Theme()
    rng = np.random.default_rng(0)
    x, y, style = rng.uniform(5, 95, 200), rng.uniform(5, 95, 200), np.sort(rng.integers(0, len(SHAPES), 200))
    ground = theme.color("panel")
    markers = [open_marker(shape, class_color(theme, i), ground) for i, shape in enumerate(SHAPES)]
    for ratio in (1.0, 1.5, 2.0):
        pictures = []
        for stamped in (False, True):
            picture = QImage(QSize(100, 100) * ratio, QImage.Format.Format_RGB32)
            picture.setDevicePixelRatio(ratio)
            picture.fill(ground)
            with QPainter(picture) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                if stamped:
                    stamp(painter, markers, x, y, style, ratio)
                else:
                    for px, py, kind in zip(x, y, style, strict=True):
                        draw_marker(painter, markers[kind], QPointF(px, py))
            rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), -1, 4)
            pictures.append(rows[..., :3].astype(float))
        # A shift by a whole pixel would give 20 and more.
        assert np.abs(pictures[0] - pictures[1]).mean() < 6.0
