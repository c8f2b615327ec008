"""The picture of an activation function: curve, derivative, points, tangent, words.

Object name: ``activation_plot_view``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from nnsim.core.arrays import Array
from nnsim.ui.plots.activation_curve import ActivationCurve
from nnsim.ui.plots.frame import Axis
from nnsim.ui.plots.placing import Room
from nnsim.ui.plots.point_view import POINT, PointView
from nnsim.ui.plots.words import SMALL, WordBlock, Words
from nnsim.ui.theme import Theme

_TANGENT = 0.34  # half its length, as a share of the plot's shorter side
_HEAD = 16.0  # pixels around the words where they have a strip of their own above the curve


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Points on the curve; the only one of a selected neuron has guides, tangent and a readout."""

    z: Array
    a: Array
    slope: Array
    single: bool


_NO_MARKS = Marks(np.empty(0), np.empty(0), np.empty(0), False)


class ActivationView(PointView):
    """The curve, its derivative and the marks. Knows nothing of networks."""

    def __init__(self, theme: Theme) -> None:
        self._words: WordBlock | None = None
        self._name: WordBlock | None = None
        self._message: WordBlock | None = None
        self._words_at: tuple[float, float] | None = None
        self._name_at: tuple[float, float] | None = None
        self._marks = _NO_MARKS
        self._head = False
        self._curve: ActivationCurve | None = None
        self._y_range = (0.0, 1.0)
        self._room: tuple[tuple, Room] | None = None
        super().__init__(theme)
        self.setObjectName("activation_plot_view")
        self.frame_item.zero_lines = True
        self.slope_curve = self.add_curve("muted", "dashed", 1.5, still=True)
        self.curve = self.add_curve("positive", "solid", 2.0, depth=1.0, still=True)
        self.set_axes(Axis("z"), Axis())
        self._lit = False
        self.arranged.connect(self._place)

    def name_axis(self, letter: str) -> None:
        """How the weighted sum is called."""
        self.set_axes(Axis(letter), Axis())

    # -- what is shown ----------------------------------------------------------------------------

    def show_message(self, text: str) -> None:
        """A sentence instead of a curve."""
        self._message = WordBlock(self.theme, [Words(text, "muted_text")])
        self._curve, self._marks = None, _NO_MARKS
        self.curve.clear()
        self.slope_curve.clear()
        self.frame_item.setVisible(False)
        self.overlay.update()

    def show_curve(self, curve: ActivationCurve, slope_name: str, y_range: tuple[float, float]) -> None:
        """Another curve: everything is placed anew."""
        self._message = None
        self.frame_item.setVisible(True)
        self._curve, self._y_range = curve, y_range
        self._head, self._words_at, self._name_at = False, None, None
        self._name = WordBlock(self.theme, [Words(slope_name, "muted_text")], SMALL)
        self.move_curve(curve)
        self._show_range()

    def move_curve(self, curve: ActivationCurve) -> None:
        """The same curve with other numbers (softmax, when the other neurons have moved)."""
        self._curve = curve
        self.curve.set(curve.z, curve.a)
        self.slope_curve.set(curve.z, curve.slope, curve.jump)

    def _show_range(self) -> None:
        """The curve's range; with a strip above it where words find no room beside the curve."""
        if self._curve is None:
            return
        low, high = self._y_range
        height = self.area.rect.height()
        if self._head and self._words is not None and height > 0:
            strip = self._words.size.height() + _HEAD
            if strip < 0.6 * height:
                high = low + (high - low) * height / (height - strip)
        self.show_range(float(self._curve.z[0]), float(self._curve.z[-1]), low, high)

    def show_marks(self, marks: Marks, words: list[Words], still: bool = False) -> None:
        """Where the neurons are now, and what is said of the selected one. ``still``: a strip for the
        words stays, where one is; else there is one only if these words need it."""
        self._marks = marks
        self._words = WordBlock(self.theme, words) if words else None
        if self._head and not still:
            self._head = False
            self._show_range()
        self._place()
        self.overlay.update()

    def set_lit(self, lit: bool) -> None:
        """Whether one of the point's numbers is pointed at somewhere in the window."""
        if lit != self._lit:
            self._lit = lit
            self.overlay.update()

    @property
    def lit(self) -> bool:
        return self._lit

    def is_at_point(self, at: QPointF | None) -> bool:
        """Whether a place in pixels is on the selected neuron's point or its readout."""
        words = self.words_rect()
        beside = at is not None and words is not None and self.point() is not None and words.contains(at)
        return beside or self.is_on_point(at)

    # -- where it goes ----------------------------------------------------------------------------

    def point(self) -> QPointF | None:
        """The selected neuron's point in pixels."""
        if not self._marks.single or not len(self._marks.z):
            return None
        area = self.area
        return QPointF(area.x(float(self._marks.z[0])), area.y(float(self._marks.a[0])))

    def words_rect(self) -> QRectF | None:
        """Where the readout stands, in pixels; ``None`` if there is none."""
        if self._words is None or self._words_at is None:
            return None
        return QRectF(self.area.rect.topLeft() + QPointF(*self._words_at), self._words.size)

    def tangent(self) -> QLineF | None:
        """The tangent in pixels: as long on the screen whatever its slope, and inside the plot; none while
        the slope is not known."""
        point = self.point()
        if point is None or not np.isfinite(self._marks.slope[0]):
            return None
        area, rect = self.area, self.area.rect
        x0, x1, y0, y1 = area.range
        dx = rect.width() / (x1 - x0)
        dy = -float(self._marks.slope[0]) * rect.height() / (y1 - y0)
        length = _TANGENT * min(rect.width(), rect.height()) / float(np.hypot(dx, dy))
        half = QPointF(dx * length, dy * length)
        return clipped(QLineF(point - half, point + half), rect)

    def _place(self) -> None:
        """Find room for the words."""
        if self._curve is None or self.area.rect.width() < 20:
            return
        room = self._beside_curves()
        if self._name is not None:
            self._name_at = self._place_name(room, self._name.size)
        if self._words is not None:
            self._place_words(room, self._words.size)

    def _beside_curves(self) -> Room:
        """The room that the two curves leave."""
        area, rect = self.area, self.area.rect
        key = (self._curve, QRectF(rect), area.range)
        if self._room is None or self._room[0] != key:
            room = Room(rect.width(), rect.height())
            for curve in (self.curve, self.slope_curve):
                room.draw_line(area.x(curve.x) - rect.left(), area.y(curve.y) - rect.top())
            self._room = key, room
        return self._room[1].copy()

    def _place_name(self, room: Room, size: QSizeF) -> tuple[float, float] | None:
        """Beside the derivative's left part."""
        rect, curve = self.area.rect, self.slope_curve
        i = len(curve.x) // 6
        near = (
            self.area.x(float(curve.x[i])) - rect.left() - size.width() / 2,
            self.area.y(float(curve.y[i])) - rect.top() - size.height() - 6.0,
        )
        found = room.find(size.width(), size.height(), near, self._name_at, margin=2.0)
        if found is not None:
            room.draw_box(*found, size.width(), size.height())
        return found

    def _place_words(self, room: Room, size: QSizeF) -> None:
        rect, point, tangent = self.area.rect, self.point(), self.tangent()
        if point is None:
            self._words_at = None
            return
        x, y = point.x() - rect.left(), point.y() - rect.top()
        room.draw_box(x - POINT, y - POINT, 2 * POINT, 2 * POINT)
        bare = room.copy()
        if tangent is not None:
            ends = np.array([[tangent.x1(), tangent.x2()], [tangent.y1(), tangent.y2()]])
            room.draw_line(ends[0] - rect.left(), ends[1] - rect.top())
        near = (x + 12.0, y + 8.0)
        # Words may cross the axes' zero lines if they must, and after that the dashed guides.
        guided = room.copy()
        guided.draw_line(np.array([0.0, x, x]), np.array([y, y, rect.height()]))
        clear = guided.copy()
        self._mark_zero_lines(clear)
        found = None
        for candidate, margin in ((clear, 4.0), (guided, 4.0), (room, 2.0)):
            found = found or candidate.find(size.width(), size.height(), near, self._words_at, margin)
        if found is None and self._head:  # rather under the tangent's end than gone while the point moves
            found = bare.find(size.width(), size.height(), near, self._words_at, 2.0)
        self._words_at = found
        if found is None and not self._head:
            self._head = True
            self._show_range()

    def _mark_zero_lines(self, room: Room) -> None:
        area, rect = self.area, self.area.rect
        zero_x, zero_y = area.x(0.0) - rect.left(), area.y(0.0) - rect.top()
        room.draw_line(np.array([zero_x, zero_x]), np.array([0.0, rect.height()]))
        room.draw_line(np.array([0.0, rect.width()]), np.array([zero_y, zero_y]))

    # -- painting ---------------------------------------------------------------------------------

    def draw_over(self, painter: QPainter) -> None:
        if self._message is not None:
            self._message.draw_in(painter, QRectF(0.0, 0.0, self.width(), self.height()))
            return
        point, tangent = self.point(), self.tangent()
        if point is not None:
            self._draw_guides(painter, point)
        self._draw_words(painter, self._name, self._name_at)
        if point is None:
            self._draw_points(painter)
            return
        self._draw_words(painter, self._words, self._words_at)
        if tangent is not None:
            pen = QPen(self.theme.color("negative"), 2.0)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(tangent)
        if self._lit:
            painter.setPen(QPen(self.theme.color("focus"), 2.0))
            painter.setBrush(self.theme.color("focus_soft"))
            painter.drawEllipse(point, 2.2 * POINT, 2.2 * POINT)
        self._dot(painter, point, POINT, "focus")

    def _draw_words(self, painter: QPainter, words: WordBlock | None, at: tuple[float, float] | None) -> None:
        """On a ground of their own, so that grid and guides pass behind them."""
        if words is None or at is None:
            return
        corner = self.area.rect.topLeft() + QPointF(*at)
        painter.fillRect(QRectF(corner, words.size).adjusted(-2.0, 1.0, 2.0, -1.0), self.theme.color("panel"))
        words.draw(painter, corner)

    def _draw_guides(self, painter: QPainter, point: QPointF) -> None:
        rect = self.area.rect
        pen = QPen(self.theme.color("focus"), 1.0)
        pen.setDashPattern([3.0, 3.0])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        corner = QPointF(point.x(), rect.bottom())
        painter.drawPolyline(QPolygonF([QPointF(rect.left(), point.y()), point, corner]))

    def _draw_points(self, painter: QPainter) -> None:
        xs, ys = self.area.x(self._marks.z), self.area.y(self._marks.a)
        for x, y in zip(xs, ys, strict=True):
            self._dot(painter, QPointF(float(x), float(y)), 3.5, "focus")

    def _dot(self, painter: QPainter, at: QPointF, radius: float, token: str) -> None:
        painter.setPen(QPen(self.theme.color("panel"), 1.5))
        painter.setBrush(self.theme.color(token))
        painter.drawEllipse(at, radius, radius)


def clipped(line: QLineF, rect: QRectF) -> QLineF:
    """The part of ``line`` (whose middle lies in ``rect``) inside ``rect``."""
    middle = line.center()
    share = 1.0
    for at, reach, low, high in (
        (middle.x(), line.dx() / 2, rect.left(), rect.right()),
        (middle.y(), line.dy() / 2, rect.top(), rect.bottom()),
    ):
        for end in (reach, -reach):
            if end > 0:
                share = min(share, max(high - at, 0.0) / end)
            elif end < 0:
                share = min(share, max(at - low, 0.0) / -end)
    half = QPointF(line.dx() / 2 * share, line.dy() / 2 * share)
    return QLineF(middle - half, middle + half)
