"""The output over the plane of two inputs, with the samples on it.

Object name: ``output_plot_plane``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from nnsim.core.arrays import Array
from nnsim.engine.snapshot import Plane
from nnsim.ui.numbers import shown
from nnsim.ui.plots.colors import class_tables, heat_table, two_color_table
from nnsim.ui.plots.frame import Axis
from nnsim.ui.plots.heat import HeatPicture
from nnsim.ui.plots.markers import Marker, draw_marker, test_marker, train_marker
from nnsim.ui.plots.output_data import ALL, Scene, brief, is_test
from nnsim.ui.plots.sample_view import SampleView, target_words
from nnsim.ui.plots.words import SMALL, WordBlock, Words, elided
from nnsim.ui.theme import Theme

Row = tuple[Marker | None, str]  # of a key

_SHAPE = (0.74, 1.35)  # of the picture: a circle should not become much of an ellipse
_BAR = 8.0
_BAR_GAP = 10.0
_KEY_GAP = 18.0
_LEAST_KEY = 104.0  # pixels beside the colours in which the key of the marks is shown


class SurfaceView(SampleView):
    """A heat picture in the data's own units, a bar of its colours, and a key where there is room."""

    def __init__(self, theme: Theme) -> None:
        self._picture = HeatPicture()
        self._plane: Plane | None = None
        self._tables: dict[str, NDArray[np.uint32]] = {}
        self._class_tables: NDArray[np.uint32] | None = None
        super().__init__(theme, zoomable=False)
        self.setObjectName("output_plot_plane")
        self.frame_item.grid = False
        self.frame_item.outlined = True

    def restyle(self) -> None:
        self._tables = {"heat": heat_table(self.theme), "two": two_color_table(self.theme)}
        self._class_tables = None
        super().restyle()

    @property
    def picture(self) -> HeatPicture:
        return self._picture

    def places(self, scene: Scene) -> tuple[Array, Array]:
        raw = scene.prepared.samples.inputs
        return raw[:, 0], raw[:, 1]

    def show_scene(self, scene: Scene, plane: Plane) -> None:
        """Show the outputs ``plane`` has, at display rate if need be."""
        self._plane, self.scene_ = plane, scene
        self.set_axes(Axis(scene.input_name(0)), Axis(scene.input_name(1)))
        self.set_shape(_SHAPE, self._legend_width(scene))
        self.show_range(*plane.extent)
        self._paint_picture(scene, plane)
        self.show_samples(scene)

    def _paint_picture(self, scene: Scene, plane: Plane) -> None:
        rect, ratio = self.area.rect, self.devicePixelRatioF()
        outputs = plane.neurons[-1]
        self._picture.set_size(round(rect.width() * ratio), round(rect.height() * ratio), outputs.shape[-1])
        if scene.output == ALL:
            if self._class_tables is None or len(self._class_tables) != len(outputs):
                self._class_tables = class_tables(self.theme, len(outputs))
            self._picture.show_classes(outputs, scene.low, self._class_tables, scene.discrete)
        else:
            values = outputs[min(scene.output, len(outputs) - 1)]
            table = self._tables["two" if scene.discrete else "heat"]
            self._picture.show_values(values, scene.low, scene.high, table)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        if self.scene_ is not None and self._plane is not None:
            self._paint_picture(self.scene_, self._plane)

    # -- painting ---------------------------------------------------------------------------------

    def draw_under(self, painter: QPainter) -> None:
        if self._plane is not None:
            rect = self.area.rect
            width, height = round(rect.width()), round(rect.height())
            self._picture.draw(painter, QRectF(round(rect.left()), round(rect.top()), width, height))

    def draw_over(self, painter: QPainter) -> None:
        super().draw_over(painter)
        scene, rect = self.scene_, self.area.rect
        if scene is None or self._plane is None:
            return
        left = rect.right() + _BAR_GAP
        if scene.output == ALL:
            self._draw_rows(painter, self._class_rows(scene), left, rect.top())
        else:
            self._draw_bar(painter, scene, QRectF(left, rect.top(), _BAR, min(rect.height(), 160.0)))
        left = rect.right() + self._legend_width(scene) + _KEY_GAP - _BAR_GAP
        if self.width() - left >= _LEAST_KEY:
            self._draw_key(painter, scene, left)

    def _draw_bar(self, painter: QPainter, scene: Scene, bar: QRectF) -> None:
        """The colours from high to low with three numbers."""
        table = self._tables["two" if scene.discrete else "heat"]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        steps = int(bar.height())
        place = np.minimum((1.0 - np.arange(steps) / steps) * len(table), len(table) - 1).astype(np.intp)
        strip = np.ascontiguousarray(table[place])
        image = QImage(strip.data, 1, steps, 4, QImage.Format.Format_RGB32)
        painter.drawImage(QRectF(round(bar.left()), round(bar.top()), _BAR, steps), image)
        painter.setPen(self.theme.color("muted_text"))
        painter.setFont(self.theme.ui_font(SMALL))
        metrics = QFontMetricsF(painter.font())
        for share in (1.0, 0.5, 0.0):
            value = scene.low + share * (scene.high - scene.low)
            y = bar.bottom() - share * bar.height()
            y = min(max(y + metrics.ascent() / 2 - 1.0, bar.top() + metrics.ascent() - 1.0), bar.bottom())
            painter.drawText(QPointF(bar.right() + 5.0, y), brief(value))
        painter.restore()

    def _legend_width(self, scene: Scene) -> float:
        """Pixels beside the picture for the colours' meaning."""
        metrics = QFontMetricsF(self.theme.ui_font(SMALL))
        if scene.output == ALL:
            texts = ["+ 10 more", *scene.classes]
            names = max(metrics.horizontalAdvance(text) for text in texts)
            return min(_BAR_GAP + 16.0 + names + 4.0, 0.4 * self.width())
        ends = (brief(v) for v in (scene.low, scene.middle, scene.high))
        return _BAR_GAP + _BAR + 5.0 + max(metrics.horizontalAdvance(v) for v in ends) + 2.0

    # -- key --------------------------------------------------------------------------------------

    def _class_rows(self, scene: Scene) -> list[Row]:
        ground = self.theme.color("panel")
        return [
            (train_marker(*self.group_look(scene, k), ground), name) for k, name in enumerate(scene.classes)
        ]

    def _key_rows(self, scene: Scene) -> list[Row]:
        """What the marks mean, as far as the colours do not say it already."""
        ground, ink = self.theme.color("panel"), self.theme.color("muted")
        rows: list[Row] = []
        if scene.output != ALL and scene.groups() is not None:
            one = scene.prepared.y.shape[1] == 1
            names = scene.classes if one else ("other classes", scene.classes[scene.output])
            rows = [(train_marker(*self.group_look(scene, k), ground), names[k]) for k in (1, 0)]
        rows.append((train_marker("circle", ink, ground), "training"))
        if len(scene.prepared.test):
            rows.append((test_marker("circle", ink, ground), "test"))
        return rows

    def _draw_key(self, painter: QPainter, scene: Scene, left: float) -> None:
        rect = self.area.rect
        bottom = self._draw_rows(painter, self._key_rows(scene), left, rect.top())
        block = WordBlock(self.theme, self._sample_words(scene), SMALL)
        fits_below = bottom + 10.0 + block.size.height() <= rect.bottom() + 8.0
        if fits_below and left + block.size.width() <= self.width():
            block.draw(painter, QPointF(left - 2.0, bottom + 10.0))

    def _draw_rows(self, painter: QPainter, rows: list[Row], left: float, top: float) -> float:
        """Marks with words beside them, as many as there is room for; returns the lower end."""
        font = self.theme.ui_font(SMALL)
        metrics = QFontMetricsF(font)
        line = metrics.height() + 3.0
        fitting = max(int((self.area.rect.bottom() + 2.0 - top) / line), 1)
        if len(rows) > fitting:
            rest = len(rows) - fitting + 1
            rows = [*rows[: fitting - 1], (None, f"+ {rest} more")]
        for marker, text in rows:
            if marker is not None:
                draw_marker(painter, marker, QPointF(left + 2.0, top + line / 2.0))
            painter.setFont(font)
            painter.setPen(QPen(self.theme.color("muted_text")))
            at = QPointF(left + 12.0, top + line / 2.0 + metrics.capHeight() / 2.0)
            painter.drawText(at, elided(text, font, self.width() - left - 14.0))
            top += line
        return top

    def _sample_words(self, scene: Scene) -> list[Words]:
        """The sample in view: its inputs, what it should give and what it gives."""
        probe, i = scene.snapshot.probe, scene.sample
        if not 0 <= i < len(scene.prepared.x):
            return []
        raw = scene.prepared.samples.inputs[i]
        part = "test" if is_test(scene.prepared)[i] else "training"
        words = [Words(f"sample {i + 1} · {part}", "focus_text")]
        words += [Words(scene.input_name(k), "muted_text", value=shown(float(raw[k]), 2)) for k in (0, 1)]
        words.append(Words("target", "muted_text", value=target_words(scene, i)))
        if probe is not None and probe.sample == i and len(probe.a[-1]) > max(scene.output, 0):
            a = probe.a[-1]
            if scene.output == ALL:
                given = scene.classes[int(np.argmax(a))]
                words.append(Words("output", "muted_text", value=f"{given} {shown(float(a.max()), 2)}"))
            else:
                words.append(Words("output", "muted_text", value=shown(float(a[scene.output]))))
        return words
