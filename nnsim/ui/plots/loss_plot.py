"""The loss of the run: train and test over the epochs, earlier runs behind them.

Object names: ``loss_plot``, ``loss_plot_view``, ``loss_plot_log`` (tool and menu entry),
``loss_plot_clear`` and those of :mod:`nnsim.ui.plots.base`.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from nnsim.core.arrays import Array
from nnsim.core.curves import Curves
from nnsim.engine.snapshot import Snapshot
from nnsim.model.project import Project
from nnsim.ui.controller import Controller
from nnsim.ui.numbers import exact, shown
from nnsim.ui.plots.base import PlotPanel
from nnsim.ui.plots.curve import Curve
from nnsim.ui.plots.frame import Axis
from nnsim.ui.plots.loss_range import LossRange, loss_range, positions
from nnsim.ui.plots.loss_runs import KEPT, LossRuns
from nnsim.ui.plots.placing import Room
from nnsim.ui.plots.thinning import thin
from nnsim.ui.plots.ticks import nice_ceiling
from nnsim.ui.plots.view import PlotView
from nnsim.ui.plots.words import WordBlock, Words
from nnsim.ui.theme import Theme

EMPTY_TEXT = "No epochs yet. Press Run."
_NO_LOG_TEXT = "No loss above 0: nothing to show on a log scale."
_FLOOR_TEXT = "Losses of 0 are drawn at the bottom edge."
_DOT = 3.5


class LossView(PlotView):
    """Curves over epochs with their names beside them, and a crosshair."""

    def __init__(self, theme: Theme) -> None:
        self._words: WordBlock | None = None
        self._words_at: tuple[float, float] | None = None
        self._message: WordBlock | None = None
        self._note: WordBlock | None = None
        self._head = 0.0
        self._lines: list[Words] = []
        self._cross: tuple[float, tuple[float, float]] | None = None
        self._curves = Curves.empty()
        self._earlier: tuple[Curves, ...] = ()
        self._log = False
        self._scale = LossRange(0.0, 1.0, False)
        super().__init__(theme, zoomable=True)
        self.setObjectName("loss_plot_view")
        self.train = self.add_curve("positive", "solid", 2.0, depth=3.0)
        self.test = self.add_curve("negative", "dashed", 2.0, depth=2.0)
        self.earlier: list[Curve] = [
            self.add_curve("line_strong", "thin", 1.0, depth=1.0) for _ in range(KEPT)
        ]
        self.arranged.connect(self._on_arranged)

    # -- curves -----------------------------------------------------------------------------------

    def show_curves(self, curves: Curves, earlier: tuple[Curves, ...], log: bool) -> None:
        """Draw these; nothing to do where they are the ones drawn already."""
        if curves is self._curves and earlier == self._earlier and log == self._log:
            return
        self._curves, self._earlier, self._log = curves, earlier, log
        self._scale = loss_range((curves, *earlier[::-1]), log)
        most = max((int(c.epoch[-1]) for c in (curves, *earlier) if len(c)), default=0)
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
        columns = max(int(self.area.rect.width()), 50)
        low = self._scale.low
        for part, values in ((self.train, self._curves.train), (self.test, self._curves.test)):
            _draw(part, self._curves, values, self._log, low, columns)
        for i, curve in enumerate(self.earlier):
            if i < len(self._earlier):
                _draw(curve, self._earlier[i], self._earlier[i].train, self._log, low, columns)
            else:
                curve.clear()
        self._place()

    # -- words ------------------------------------------------------------------------------------

    def show_words(self, lines: list[Words], message: str = "", note: str = "") -> None:
        """The names of the curves with their values; a sentence where there are none; a small note."""
        self._lines = lines
        before = self._words.size if self._words is not None else None
        self._words = WordBlock(self.theme, lines) if lines else None
        self._message = WordBlock(self.theme, [Words(message, "muted_text")]) if message else None
        self._note = WordBlock(self.theme, [Words(note, "muted_text")]) if note else None
        if self._words is not None and self._words.size != before:
            self._place()
        self.overlay.update()

    def show_cross(self, epoch: float | None, values: tuple[float, float] = (0.0, 0.0)) -> None:
        """A vertical line at ``epoch`` with dots at the (train, test) losses; ``None``: no line."""
        self._cross = None if epoch is None else (epoch, values)
        self.overlay.update()

    def _on_arranged(self) -> None:
        self._place()

    def _place(self) -> None:
        """Put the words where no curve is, at the top right if possible."""
        rect = self.area.rect
        if self._words is None or rect.width() < 40:
            return
        size = self._words.size
        full = Room(rect.width(), rect.height())
        for curve in self.earlier:
            self._mark(full, curve)
        bare = Room(rect.width(), rect.height())
        for curve in (self.train, self.test):
            self._mark(full, curve)
            self._mark(bare, curve)
        near = (rect.width() - size.width() - 8.0, 4.0)
        found = full.find(size.width(), size.height(), near, self._words_at)
        found = found or bare.find(size.width(), size.height(), near, self._words_at)
        self._words_at = found
        if found is None and not self._head and not self.zoomed:
            self._head = size.height() + 16.0
            self._show_range()

    def _mark(self, room: Room, curve: Curve) -> None:
        if len(curve.x):
            area, rect = self.area, self.area.rect
            room.draw_line(area.x(curve.x) - rect.left(), area.y(curve.y) - rect.top())

    def words_rect(self) -> QRectF | None:
        """Where the names of the curves stand, in pixels; ``None`` if there are none."""
        if self._words is None or self._words_at is None:
            return None
        return QRectF(self.area.rect.topLeft() + QPointF(*self._words_at), self._words.size)

    def forget_places(self) -> None:
        """Place the words anew: another curve has begun."""
        self._head, self._words_at = 0.0, None

    # -- painting ---------------------------------------------------------------------------------

    def draw_over(self, painter: QPainter) -> None:
        area, rect = self.area, self.area.rect
        if self._message is not None:
            box = QRectF(rect.center(), self._message.size)
            box.moveCenter(rect.center())
            painter.fillRect(box.adjusted(-6, -3, 6, 3), self.theme.color("panel"))
            self._message.draw_in(painter, rect)
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


def _draw(curve: Curve, curves: Curves, values: Array, log: bool, low: float, columns: int) -> None:
    """Points of a curve, one pair for each of the picture's columns at most."""
    y = positions(values, log, low)
    if not np.isfinite(y).any():
        curve.clear()
        return
    index = thin(np.where(np.isfinite(y), y, 0.0), columns) if np.isfinite(y).all() else np.arange(len(y))
    curve.set(curves.epoch[index].astype(np.float64), y[index])


class LossPlot(PlotPanel):
    """Loss over epochs. Keeps the curves of earlier runs as long as the window is open."""

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        self._view = LossView(theme)
        super().__init__(controller, theme, "loss_plot", parent)
        self.setAccessibleName("Loss over epochs")
        self.set_title("Loss")
        self._view.setAccessibleName("Loss over epochs")
        self.body.addWidget(self._view)
        self.setFocusProxy(self._view)
        self._runs = LossRuns()
        self._earlier: tuple[Curves, ...] = ()
        self._hover: int | None = None  # index of the point under the crosshair
        self._pinned: float | None = None  # epoch under the pointer
        self.log_action = self.add_choice("loss_plot_log", "Log scale", self._on_log)
        self.clear_action = self.add_choice("loss_plot_clear", "Clear earlier runs")
        self.clear_action.triggered.connect(self.clear_earlier)
        self._log_tool = self.add_tool("loss_plot_log_tool", "log", "Logarithmic loss axis", self.log_action)
        self._clear_tool = self.add_tool(
            "loss_plot_clear_tool", "clear", "Clear the curves of earlier runs", self.clear_action
        )
        self._view.hovered.connect(self._on_hover)
        self._view.stepped.connect(self._on_step)
        self._view.zoom_changed.connect(self.show_zoom)
        controller.snapshot_changed.connect(self._on_snapshot)
        controller.project_changed.connect(self._on_project)
        self._observe(controller.snapshot)
        self.data_changed()

    def view(self) -> LossView:
        return self._view

    @property
    def log(self) -> bool:
        """Whether the loss axis is logarithmic."""
        return self.log_action.isChecked()

    @property
    def earlier(self) -> tuple[Curves, ...]:
        """The curves of earlier runs on show, the oldest first."""
        return self._earlier

    # -- what comes in ----------------------------------------------------------------------------

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._observe(snapshot)
        self.data_changed()

    def _on_project(self, before: Project, after: Project) -> None:
        session = self.controller.session
        if before.progress is not after.progress and not session.can_undo and not session.can_redo:
            self._runs.forget()  # a history without entries: another document
            self._take_earlier()

    def _observe(self, snapshot: Snapshot | None) -> None:
        """Follow the curve, also while hidden: what a reset takes away comes only once."""
        loss = self.controller.project.training.loss
        if snapshot is not None and self._runs.observe(snapshot.curves, loss):
            if not len(snapshot.curves) or snapshot.epoch == 0:
                self._view.forget_places()
            self._take_earlier()

    def _take_earlier(self) -> None:
        earlier = self._runs.earlier()
        if earlier != self._earlier:
            self._earlier = earlier
        self.clear_action.setEnabled(bool(earlier))
        self.show_tool(self._clear_tool, bool(earlier))

    def clear_earlier(self) -> None:
        """Forget the curves of earlier runs."""
        self._runs.clear()
        self._take_earlier()
        self.data_changed()

    def _on_log(self, on: bool) -> None:
        self._view.forget_places()
        if self._view.zoomed:
            self._view.reset_view()
        self.data_changed()

    # -- drawing ----------------------------------------------------------------------------------

    def restyle(self) -> None:
        self._view.restyle()

    def refresh(self) -> None:
        snapshot, curves = self.controller.snapshot, self._runs.current
        self._view.show_curves(curves, self._earlier, self.log)
        empty = len(curves) < 2 and (not len(curves) or int(curves.epoch[-1]) == 0)
        message, note = "", ""
        if empty:
            message = EMPTY_TEXT
        elif self.log:
            train = curves.train[np.isfinite(curves.train)]
            if not (train > 0.0).any():
                message = _NO_LOG_TEXT
            elif (train <= 0.0).any():
                note = _FLOOR_TEXT
        self._follow_pointer()
        self._view.show_words([] if empty or message else self._lines(snapshot, curves), message, note)

    def _lines(self, snapshot: Snapshot | None, curves: Curves) -> list[Words]:
        """Names and values: of the point under the crosshair, else of now."""
        if self._hover is not None:
            i = self._hover
            epoch, train, test = int(curves.epoch[i]), float(curves.train[i]), float(curves.test[i])
            self._view.show_cross(float(epoch), (train, test))
        else:
            self._view.show_cross(None)
            epoch, train, test = int(curves.epoch[-1]), float(curves.train[-1]), float(curves.test[-1])
            if snapshot is not None:
                epoch, train, test = snapshot.epoch, snapshot.train_loss, snapshot.test_loss
        lines = [
            Words("epoch", "muted_text", value=f"{epoch:,}".replace(",", " ")),
            Words("train", "positive_text", value=shown(train), stroke="solid", stroke_color="positive"),
        ]
        if np.isfinite(curves.test).any():
            lines.append(
                Words("test", "negative_text", value=shown(test), stroke="dashed", stroke_color="negative")
            )
        return lines

    # -- crosshair --------------------------------------------------------------------------------

    def _on_hover(self, point: QPointF | None) -> None:
        rect = self._view.area.rect
        inside = point is not None and rect.contains(point)
        pinned = self._view.area.x_at(point.x()) if inside and point is not None else None
        if pinned != self._pinned:
            self._pinned = pinned
            if pinned is None:
                self._hover = None
            self.data_changed()

    def _follow_pointer(self) -> None:
        curves = self._runs.current
        if self._hover is not None and self._hover >= len(curves):
            self._hover = None
        if self._pinned is not None:
            self._hover = nearest(curves, self._pinned)

    def _on_step(self, count: int) -> None:
        """Arrow keys walk along the curve."""
        curves = self._runs.current
        if len(curves) >= 2:
            start = len(curves) - 1 if self._hover is None else self._hover
            self._pinned = None
            self._hover = min(max(start + count, 0), len(curves) - 1)
            self.data_changed()
            self.describe()

    # -- words and numbers --------------------------------------------------------------------------

    def prepare_menu(self) -> None:
        super().prepare_menu()
        self.clear_action.setEnabled(bool(self._earlier))

    def summary(self) -> str:
        curves, snapshot = self._runs.current, self.controller.snapshot
        if len(curves) < 2 or snapshot is None:
            return EMPTY_TEXT
        if self._hover is not None:
            i = self._hover
            return _sentence(int(curves.epoch[i]), float(curves.train[i]), float(curves.test[i]), "at epoch")
        return _sentence(snapshot.epoch, snapshot.train_loss, snapshot.test_loss, "after")

    def numbers(self) -> str:
        curves = self._runs.current
        rows = [
            f"{epoch}\t{exact(train)}\t{exact(test)}"
            for epoch, train, test in zip(curves.epoch, curves.train, curves.test, strict=True)
        ]
        return "\n".join(["epoch\ttrain loss\ttest loss", *rows]) if rows else ""


def _sentence(epoch: int, train: float, test: float, word: str) -> str:
    losses = f"train loss {shown(train)}"
    if np.isfinite(test):
        losses += f", test loss {shown(test)}"
    return f"{losses} after {epoch} epochs" if word == "after" else f"{losses} at epoch {epoch}"


def nearest(curves: Curves, epoch: float) -> int | None:
    """Index of the curve's point nearest to ``epoch``; ``None`` without points to tell apart."""
    if len(curves) < 2:
        return None
    after = int(np.clip(np.searchsorted(curves.epoch, epoch), 1, len(curves) - 1))
    return after - 1 if epoch - curves.epoch[after - 1] <= curves.epoch[after] - epoch else after
