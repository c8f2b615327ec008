"""Predicted over true values, for regressions whose inputs no picture can hold.

Object name: ``output_plot_truth``.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen

from nnsim.core.arrays import Array
from nnsim.ui.numbers import shown
from nnsim.ui.plots.frame import Axis
from nnsim.ui.plots.markers import Marker, test_marker, train_marker
from nnsim.ui.plots.output_data import Scene
from nnsim.ui.plots.placing import Room
from nnsim.ui.plots.sample_view import SampleView
from nnsim.ui.plots.ticks import nice_ceiling
from nnsim.ui.plots.words import WordBlock, Words
from nnsim.ui.theme import Theme


class TruthView(SampleView):
    """One point for each sample; on the diagonal the network is right."""

    def __init__(self, theme: Theme) -> None:
        self._predicted: Array = np.empty(0)
        self._words: WordBlock | None = None
        super().__init__(theme, zoomable=True)
        self.setObjectName("output_plot_truth")

    def places(self, scene: Scene) -> tuple[Array, Array]:
        return scene.targets(), self._predicted

    def shade_marker(self, share: float, test: bool) -> Marker:
        make, color = test_marker if test else train_marker, self.theme.color("positive")
        return make("circle", color, self.theme.color("panel"))

    def show_scene(self, scene: Scene, predicted: Array) -> None:
        """``predicted`` (n,): the chosen output for every sample."""
        self._predicted = predicted
        self.set_axes(Axis("true"), Axis("predicted"))
        low, high = _range(scene.targets())
        self.show_range(low, high, low, high)
        lines = [
            Words(f"{m.label} {part}", "muted_text", value=shown(value))
            for m in scene.snapshot.metrics
            for part, value in (("train", m.train), ("test", m.test))
            if np.isfinite(value)
        ]
        self._words = WordBlock(self.theme, lines) if lines else None
        self.show_samples(scene, (predicted,))

    def draw_under(self, painter: QPainter) -> None:
        """The diagonal."""
        x0, x1, y0, y1 = self.area.range
        low, high = max(x0, y0), min(x1, y1)
        if high > low:
            painter.setPen(QPen(self.theme.color("muted"), 1.0))
            painter.drawLine(
                QPointF(self.area.x(low), self.area.y(low)), QPointF(self.area.x(high), self.area.y(high))
            )

    def draw_over(self, painter: QPainter) -> None:
        super().draw_over(painter)
        rect = self.area.rect
        if self._words is None or self.scene_ is None:
            return
        x, y = self.places(self.scene_)
        room = Room(rect.width(), rect.height())
        for px, py in zip(self.area.x(x[:500]), self.area.y(y[:500]), strict=True):
            if np.isfinite(px) and np.isfinite(py):
                room.draw_box(px - rect.left() - 4.0, py - rect.top() - 4.0, 8.0, 8.0)
        size = self._words.size
        at = room.find(size.width(), size.height(), (8.0, 4.0))
        if at is not None:
            self._words.draw(painter, rect.topLeft() + QPointF(*at))


def _range(values: Array) -> tuple[float, float]:
    """Round numbers around the targets, with a little room."""
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    margin = 0.08 * (high - low) or max(abs(high), 1.0)
    step = nice_ceiling((high - low + 2 * margin) / 8.0)
    return float(np.floor((low - margin) / step) * step), float(np.ceil((high + margin) / step) * step)
