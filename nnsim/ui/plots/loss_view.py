"""The picture of the loss: curves over epochs, their names, a crosshair.

Object name: ``loss_plot_view``.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from nnsim.core.arrays import Array
from nnsim.core.curves import Curves
from nnsim.ui.plots.curve import Curve
from nnsim.ui.plots.frame import Axis
from nnsim.ui.plots.loss_range import LossRange, epoch_reach, loss_range, positions
from nnsim.ui.plots.loss_runs import KEPT
from nnsim.ui.plots.placing import Room
from nnsim.ui.plots.thinning import thin
from nnsim.ui.plots.ticks import nice_ceiling
from nnsim.ui.plots.view import PlotView
from nnsim.ui.plots.words import WordBlock, Words
from nnsim.ui.theme import Theme

_DOT = 3.5
_PALE = 0.35


class LossView(PlotView):
    """Curves over epochs with their names beside them, and a crosshair."""

    def __init__(self, theme: Theme) -> None:
        self._words: WordBlock | None = None
        self._words_at: tuple[float, float] | None = None
        self._message: WordBlock | None = None
        self._message_at: tuple[float, float] | None = None
        self._note: WordBlock | None = None
        self._head = 0.0
        self._lines: list[Words] = []
        self._cross: tuple[float, tuple[float, float]] | None = None
        self._curves = Curves.empty()
        self._furthest = Curves.empty()
        self._earlier: tuple[Curves, ...] = ()
        self._log = False
        self._scale = LossRange(0.0, 1.0, False)
        self._drawn_range = (0.0, 1.0)
        super().__init__(theme, zoomable=True)
        self.setObjectName("loss_plot_view")
        self.train = self.add_curve("positive", "solid", 2.0, depth=3.0)
        self.test = self.add_curve("negative", "dashed", 2.0, depth=2.0)
        # The part that lies ahead of the present moment shows from under the curve, paler.
        self.ahead = self.add_curve("positive", "solid", 2.0, depth=1.5)
        self.test_ahead = self.add_curve("negative", "dashed", 2.0, depth=1.4)
        for curve in (self.ahead, self.test_ahead):
            curve.item.setOpacity(_PALE)
        self.earlier: list[Curve] = [
            self.add_curve("line_strong", "thin", 1.0, depth=1.0) for _ in range(KEPT)
        ]
        self.arranged.connect(self._on_arranged)

    # -- curves -----------------------------------------------------------------------------------

    def show_curves(
        self, curves: Curves, earlier: tuple[Curves, ...], log: bool, furthest: Curves | None = None
    ) -> None:
        """Draw these; nothing to do where they are the ones drawn already.

        ``furthest``: the curve that ``curves`` is the beginning of.
        """
        furthest = curves if furthest is None else furthest
        same = curves is self._curves and furthest is self._furthest
        if same and earlier == self._earlier and log == self._log:
            return
        self._curves, self._furthest, self._earlier, self._log = curves, furthest, earlier, log
        self._scale = loss_range((furthest, *earlier[::-1]), log)
        most = epoch_reach((furthest, *earlier))
        kind = "blank" if most == 0 else "log" if log else "linear"
        self.set_axes(Axis("epoch", "blank" if most == 0 else "linear", whole=True), Axis("", kind))
        self._range = (0.0, nice_ceiling(float(max(most, 1))))
        self._show_range()
        self._draw_curves()

    def _show_range(self) -> None:
        """The whole; higher than the curves by a strip, where the words need one."""
        low, high, height = self._scale.low, self._scale.high, self.area.rect.height()
        if self._head and height > 2 * self._head:
            high = low + (high - low) * height / (height - self._head)
        self.show_range(*self._range, low, high)

    def _draw_curves(self) -> None:
        self._drawn_range = self.area.range[:2]
        ahead = self._furthest if self._furthest is not self._curves else Curves.empty()
        for part, curves, values in (
            (self.train, self._curves, self._curves.train),
            (self.test, self._curves, self._curves.test),
            (self.ahead, ahead, ahead.train),
            (self.test_ahead, ahead, ahead.test),
        ):
            self._draw(part, curves, values)
        for i, curve in enumerate(self.earlier):
            if i < len(self._earlier):
                self._draw(curve, self._earlier[i], self._earlier[i].train)
            else:
                curve.clear()
        self._place()

    def _draw(self, curve: Curve, curves: Curves, values: Array) -> None:
        """The points in the shown range and one beyond, a pair for each of the picture's columns at most."""
        low, high = np.searchsorted(curves.epoch, self._drawn_range)
        seen = slice(max(int(low) - 1, 0), int(high) + 2)
        y = positions(values[seen], self._log, self._scale.low)
        good = np.isfinite(y)
        if not good.any():
            curve.clear()
            return
        columns = max(int(self.area.rect.width()), 50)
        index = thin(y, columns) if good.all() else np.arange(len(y))
        curve.set(curves.epoch[seen][index].astype(np.float64), y[index])

    # -- words ------------------------------------------------------------------------------------

    def show_words(self, lines: list[Words], message: str = "", note: str = "") -> None:
        """The names of the curves with their values; a sentence where there are none; a small note."""
        self._lines = lines
        before = self._words.size if self._words is not None else None
        self._words = WordBlock(self.theme, lines) if lines else None
        self._message = WordBlock(self.theme, [Words(message, "muted_text")]) if message else None
        self._note = WordBlock(self.theme, [Words(note, "muted_text")]) if note else None
        self._message_at = self._place_message()
        if self._words is not None and self._words.size != before:
            self._place()
        self.overlay.update()

    def show_cross(self, epoch: float | None, values: tuple[float, float] = (0.0, 0.0)) -> None:
        """A vertical line at ``epoch`` with dots at the (train, test) losses; ``None``: no line."""
        self._cross = None if epoch is None else (epoch, values)
        self.overlay.update()

    def _on_arranged(self) -> None:
        if self.zoomed or self.area.range[:2] != self._drawn_range:
            self._draw_curves()
        else:
            self._place()

    def _place(self) -> None:
        """Put the words where no curve is, at the top right if possible."""
        self._message_at = self._place_message()
        rect = self.area.rect
        if self._words is None or rect.width() < 40:
            return
        size = self._words.size
        full = Room(rect.width(), rect.height())
        for curve in self.earlier:
            self._mark(full, curve)
        bare = Room(rect.width(), rect.height())
        for curve in (self.train, self.test, self.ahead, self.test_ahead):
            self._mark(full, curve)
            self._mark(bare, curve)
        near = (rect.width() - size.width() - 8.0, 4.0)
        found = full.find(size.width(), size.height(), near, self._words_at)
        found = found or bare.find(size.width(), size.height(), near, self._words_at)
        self._words_at = found
        if found is None and not self._head and not self.zoomed:
            self._head = size.height() + 16.0
            self._show_range()

    def _place_message(self) -> tuple[float, float] | None:
        """In the middle, or as near to it as it hides no curve of an earlier run; ``None``: nowhere."""
        rect = self.area.rect
        if self._message is None or rect.isEmpty():
            return None
        room, size = Room(rect.width(), rect.height()), self._message.size
        for curve in self.earlier:
            self._mark(room, curve)
        middle = (rect.width() - size.width()) / 2, (rect.height() - size.height()) / 2
        drawn = any(len(curve.x) for curve in self.earlier)
        return room.find(size.width(), size.height(), middle, margin=8.0) if drawn else middle

    def _mark(self, room: Room, curve: Curve) -> None:
        if len(curve.x):
            area, rect = self.area, self.area.rect
            room.draw_line(area.x(curve.x) - rect.left(), area.y(curve.y) - rect.top())

    def words_rect(self) -> QRectF | None:
        """Where the names of the curves stand, in pixels; ``None`` if there are none."""
        if self._words is None or self._words_at is None:
            return None
        return QRectF(self.area.rect.topLeft() + QPointF(*self._words_at), self._words.size)

    def message_rect(self) -> QRectF | None:
        """Where the sentence stands, in pixels; ``None`` if there is none, or no room for it."""
        if self._message is None or self._message_at is None:
            return None
        return QRectF(self.area.rect.topLeft() + QPointF(*self._message_at), self._message.size)

    def forget_places(self) -> None:
        """Place the words anew: another curve has begun."""
        self._head, self._words_at = 0.0, None

    # -- painting ---------------------------------------------------------------------------------

    def draw_over(self, painter: QPainter) -> None:
        area, rect = self.area, self.area.rect
        box = self.message_rect()
        if self._message is not None and box is not None:
            painter.fillRect(box.adjusted(-6, -3, 6, 3), self.theme.color("panel"))
            self._message.draw(painter, box.topLeft())
        if self._cross is not None:
            self._draw_cross(painter)
        if self._words is not None and self._words_at is not None:
            at = rect.topLeft() + QPointF(*self._words_at)
            painter.fillRect(QRectF(at, self._words.size).adjusted(-3, 0, 3, 0), self.theme.color("panel"))
            self._words.draw(painter, at)
        if self._note is not None:
            at = QPointF(rect.left() + 6.0, rect.bottom() - self._note.size.height() - 4.0)
            self._note.draw(painter, at)
        if len(self._curves) == 1 and self._message is None:
            self._dot(painter, area.x(float(self._curves.epoch[0])), float(self._curves.train[0]), "positive")

    def _draw_cross(self, painter: QPainter) -> None:
        assert self._cross is not None
        epoch, (train, test) = self._cross
        rect = self.area.rect
        x = self.area.x(epoch)
        if not rect.left() - 1.0 <= x <= rect.right() + 1.0:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(self.theme.color("muted"), 1.0))
        painter.drawLine(QPointF(round(x), rect.top()), QPointF(round(x), rect.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self._dot(painter, x, test, "negative")
        self._dot(painter, x, train, "positive")

    def _dot(self, painter: QPainter, x: float, value: float, token: str) -> None:
        position = positions(np.array([value]), self._log, self._scale.low)
        rect = self.area.rect
        y = self.area.y(float(position[0]))
        if np.isfinite(y) and rect.top() - 1.0 <= y <= rect.bottom() + 1.0:
            painter.setPen(QPen(self.theme.color("panel"), 1.5))
            painter.setBrush(self.theme.color(token))
            painter.drawEllipse(QPointF(x, y), _DOT, _DOT)
