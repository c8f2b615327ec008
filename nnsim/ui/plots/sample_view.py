"""A picture with the samples in it: one of them is in view, and a click chooses another."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QToolTip

from nnsim.core.arrays import Array, IntArray
from nnsim.ui.numbers import shown
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.plots.colors import class_color
from nnsim.ui.plots.markers import Marker, class_shape, test_marker, train_marker
from nnsim.ui.plots.output_data import ALL, Scene, brief, is_test, rows_note, shown_rows
from nnsim.ui.plots.sample_points import SamplePoints, draw_ring
from nnsim.ui.plots.view import PlotView
from nnsim.ui.plots.words import SMALL, WordBlock, Words
from nnsim.ui.theme import Theme

_SHADES = 17  # colours for targets that are numbers


class SampleView(PlotView):
    """Subclasses say where samples are (:meth:`places`) and call :meth:`show_samples`.

    ``picked(sample)``: the user wants to look at another sample (index in file order).
    """

    picked = Signal(int)

    def __init__(self, theme: Theme, zoomable: bool) -> None:
        self.points = SamplePoints()
        self.scene_: Scene | None = None
        self._note: WordBlock | None = None
        self._key: tuple = ()
        super().__init__(theme, zoomable)
        self.arranged.connect(self.points.forget)
        self.clicked.connect(self._on_pick)
        self.hovered.connect(self._on_point)
        self.stepped.connect(self._on_step)

    def places(self, scene: Scene) -> tuple[Array, Array]:
        """x and y (n,) of all samples, in the axes' units."""
        raise NotImplementedError

    def restyle(self) -> None:
        super().restyle()
        self._key = ()

    def show_samples(self, scene: Scene, key: tuple = ()) -> None:
        """Bring the marks up to date; ``key`` is compared with ``is`` to see whether they have to be."""
        self.scene_ = scene
        count = len(scene.prepared.x)
        full = (scene.prepared, scene.output, self.theme.mode, *key)
        if not _same(full, self._key):
            self._key = full
            rows = shown_rows(count)
            x, y = self.places(scene)
            markers, style = self._styles(scene)
            self.points.set(rows, x[rows], y[rows], markers, style[rows])
            note = rows_note(count)
            self._note = WordBlock(self.theme, [Words(note, "muted_text")], SMALL) if note else None
        self.repaint_all()

    # -- how samples look ---------------------------------------------------------------------------

    def _styles(self, scene: Scene) -> tuple[list[Marker], IntArray]:
        """Markers, and the index of its marker for every sample; test samples come after training."""
        groups, test, ground = scene.groups(), is_test(scene.prepared), self.theme.color("panel")
        if groups is None:
            share = (scene.targets() - scene.low) / (scene.high - scene.low)
            groups = np.rint(np.clip(share, 0.0, 1.0) * (_SHADES - 1)).astype(np.intp)
            markers = [self.shade_marker(i / (_SHADES - 1), False) for i in range(_SHADES)]
            markers += [self.shade_marker(i / (_SHADES - 1), True) for i in range(_SHADES)]
        else:
            looks = [self.group_look(scene, k) for k in range(max(len(scene.classes), 2))]
            markers = [train_marker(shape, color, ground) for shape, color in looks]
            markers += [test_marker(shape, color, ground) for shape, color in looks]
        return markers, groups + np.where(test, len(markers) // 2, 0)

    def group_look(self, scene: Scene, group: int) -> tuple[str, QColor]:
        """Shape and colour of a class; where one output is looked at, of yes (1) and no (0)."""
        if scene.output == ALL:
            return class_shape(group), class_color(self.theme, group)
        return ("circle", self.theme.color("positive")) if group else ("square", self.theme.color("negative"))

    def shade_marker(self, share: float, test: bool) -> Marker:
        """The mark of a target that is a number, ``share`` of the way from low to high."""
        token, shape = ("positive", "circle") if share >= 0.5 else ("negative", "square")
        strength = abs(2.0 * share - 1.0)
        if test:
            return test_marker(
                shape, self.theme.mix(token, 0.45 + 0.55 * strength), self.theme.color("panel")
            )
        return Marker(shape, self.theme.mix(token, 0.1 + 0.9 * strength), self.theme.mix("muted", 0.6))

    # -- painting ---------------------------------------------------------------------------------

    def draw_over(self, painter: QPainter) -> None:
        scene, area = self.scene_, self.area
        if scene is None:
            return
        self.points.draw(painter, area, self.size(), self.for_file)
        place = self.place_of(scene.sample)
        if place is not None:
            draw_ring(painter, self.theme, place, area.rect)
        if self._note is not None:
            at = QPointF(area.rect.left() + 6.0, area.rect.bottom() - self._note.size.height() - 5.0)
            ground = QRectF(at, self._note.size).adjusted(-3.0, -1.0, 3.0, 1.0)
            painter.fillRect(ground, self.theme.color("panel"))
            self._note.draw(painter, at)

    def place_of(self, sample: int) -> QPointF | None:
        """Where a sample is, in pixels; ``None`` if it is nowhere."""
        scene = self.scene_
        if scene is None or not 0 <= sample < len(scene.prepared.x):
            return None
        x, y = self.places(scene)
        if not (np.isfinite(x[sample]) and np.isfinite(y[sample])):
            return None
        return QPointF(self.area.x(float(x[sample])), self.area.y(float(y[sample])))

    # -- gestures ---------------------------------------------------------------------------------

    def _on_pick(self, point: QPointF) -> None:
        found = self.points.nearest(self.area, point)
        if found is not None:
            self.picked.emit(found)

    def _on_step(self, count: int) -> None:
        if self.scene_ is not None and len(self.scene_.prepared.x):
            self.picked.emit(min(max(self.scene_.sample + count, 0), len(self.scene_.prepared.x) - 1))

    def _on_point(self, point: QPointF | None) -> None:
        found = None if point is None else self.points.nearest(self.area, point)
        if found is None or self.scene_ is None or point is None:
            self.viewport().unsetCursor()
            QToolTip.hideText()
            return
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        QToolTip.showText(
            self.mapToGlobal(point.toPoint()), tool_tip(describe_sample(self.scene_, found)), self
        )


def _same(a: tuple, b: tuple) -> bool:
    return len(a) == len(b) and all(x is y for x, y in zip(a, b, strict=True))


def describe_sample(scene: Scene, sample: int) -> str:
    """A sample in a few words: "sample 12, test: x₁ 1.2, x₂ −0.4 → 1"."""
    prepared = scene.prepared
    raw = prepared.samples.inputs[sample]
    part = "test" if is_test(prepared)[sample] else "training"
    inputs = ", ".join(f"{scene.input_name(i)} {shown(float(v), 2)}" for i, v in enumerate(raw[:4]))
    if len(raw) > 4:
        inputs += " …"
    return f"sample {sample + 1}, {part}: {inputs} → {target_words(scene, sample)}"


def target_words(scene: Scene, sample: int) -> str:
    """What a sample should give: its class or its number."""
    samples = scene.prepared.samples
    if samples.labels is not None:
        return samples.classes[int(samples.labels[sample])]
    return brief(float(scene.targets()[sample]))
