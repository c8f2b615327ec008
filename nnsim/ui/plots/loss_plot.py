"""The loss of the run: train and test over the epochs, earlier runs behind them. A click goes there.

Object names: ``loss_plot``, ``loss_plot_log`` (tool and menu entry),
``loss_plot_clear`` and those of :mod:`nnsim.ui.plots.base`.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from nnsim.core.curves import Curves
from nnsim.engine.snapshot import Snapshot
from nnsim.model.project import Project
from nnsim.ui.controller import Controller
from nnsim.ui.loss_words import formula_of, loss_of
from nnsim.ui.numbers import exact, shown
from nnsim.ui.plots.base import PlotPanel
from nnsim.ui.plots.loss_detail import CloseLook, piece_to_ask_for
from nnsim.ui.plots.loss_runs import LossRuns
from nnsim.ui.plots.loss_view import LossView
from nnsim.ui.plots.words import Words
from nnsim.ui.theme import Theme

EMPTY_TEXT = "No epochs yet. Press Run."
_NO_LOG_TEXT = "No loss above 0: nothing to show on a log scale."
_FLOOR_TEXT = "Losses of 0 are drawn at the bottom edge."


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
        self._whole = Curves.empty()  # as far as it is known, with what was looked at closely
        self._close_look = CloseLook()
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
        self._view.clicked.connect(self._on_click)
        self._view.entered.connect(self._on_enter)
        self._view.zoom_changed.connect(self.show_zoom)
        self._view.zoom_changed.connect(self._look_closely)
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
        self.numbers_changed()

    def _on_project(self, before: Project, after: Project) -> None:
        if before.training.loss != after.training.loss:
            self.data_changed()
        session = self.controller.session
        if before.progress is not after.progress and not session.can_undo and not session.can_redo:
            self._runs.forget()  # a history without entries: another document
            self._take_earlier()

    def _observe(self, snapshot: Snapshot | None) -> None:
        """Follow the curve, also while hidden: what a reset takes away comes only once."""
        loss, furthest = self.controller.project.training.loss, self.controller.session.reach_curves
        if snapshot is not None and self._runs.observe(snapshot.curves, loss, furthest):
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
        snapshot = self.controller.snapshot
        piece = snapshot.curve_detail if snapshot is not None else None
        curves = self._close_look.into(self._runs.current, piece)
        furthest = self._whole = self._close_look.into(self._runs.furthest, piece)
        self._view.show_curves(curves, self._earlier, self.log, furthest)
        loss = loss_of(self.controller.project)
        self._view.set_caption("" if loss is None else formula_of(loss, self.controller.view.names))
        empty = len(furthest) < 2 and (not len(furthest) or int(furthest.epoch[-1]) == 0)
        message, note = "", ""
        if empty:
            message = EMPTY_TEXT
        elif self.log:
            train = furthest.train[np.isfinite(furthest.train)]
            if not (train > 0.0).any():
                message = _NO_LOG_TEXT
            elif (train <= 0.0).any():
                note = _FLOOR_TEXT
        self._follow_pointer()
        if empty or message:
            self._view.show_cross(None)
        self._view.show_words([] if empty or message else self._lines(snapshot, curves), message, note)

    def _lines(self, snapshot: Snapshot | None, curves: Curves) -> list[Words]:
        """Names and values: of the point under the crosshair, else of now."""
        if self._hover is not None:
            i, curves = self._hover, self._whole
            epoch, train, test = int(curves.epoch[i]), float(curves.train[i]), float(curves.test[i])
            self._view.show_cross(float(epoch), (train, test))
        else:
            self._view.show_cross(None)
            if snapshot is not None:
                epoch, train, test = snapshot.epoch, snapshot.train_loss, snapshot.test_loss
            else:
                epoch, train, test = int(curves.epoch[-1]), float(curves.train[-1]), float(curves.test[-1])
            if snapshot is not None and curves is not self._whole:
                self._view.show_cross(snapshot.epoch, (train, test))
        lines = [
            Words("epoch", "muted_text", value=f"{epoch:,}"),
            Words("train", "positive_text", value=shown(train), stroke="solid", stroke_color="positive"),
        ]
        if np.isfinite(curves.test).any():
            lines.append(
                Words("test", "negative_text", value=shown(test), stroke="dashed", stroke_color="negative")
            )
        return lines

    def _look_closely(self) -> None:
        """Have the epochs computed that a long curve has left out, where the user has zoomed in."""
        seen = self.isVisible() and self._view.zoomed
        low, high = self._view.area.range[:2]
        piece = piece_to_ask_for(self._runs.furthest, low, high) if seen else None
        self.controller.view.set_wanted(curve=piece)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._look_closely()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look_closely()

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
        curves = self._whole
        if self._hover is not None and self._hover >= len(curves):
            self._hover = None
        if self._pinned is not None:
            self._hover = nearest(curves, self._pinned)

    def _on_step(self, count: int) -> None:
        """Arrow keys walk along the curve."""
        curves = self._whole
        if len(curves) >= 2:
            start = len(curves) - 1 if self._hover is None else self._hover
            self._pinned = None
            self._hover = min(max(start + count, 0), len(curves) - 1)
            self.data_changed()
            self.describe()

    # -- going there ------------------------------------------------------------------------------

    def _on_click(self, point: QPointF) -> None:
        if self._view.area.rect.contains(point) and len(self._runs.furthest):
            self._go_to(round(self._view.area.x_at(point.x())))

    def _on_enter(self) -> None:
        if self._hover is not None:
            self._go_to(int(self._whole.epoch[self._hover]))

    def _go_to(self, epoch: int) -> None:
        """Go to the beginning of an epoch, or to the nearest one known."""
        session = self.controller.session
        first = session.epoch_of_step(session.reach[0])
        if epoch < first:
            self.controller.notice.emit(
                f"What came before epoch {first:,} is not known any more: the run is known from there on.",
                "info",
            )
        self.controller.seek(session.step_of_epoch(epoch))

    # -- words and numbers --------------------------------------------------------------------------

    def prepare_menu(self) -> None:
        super().prepare_menu()
        self.clear_action.setEnabled(bool(self._earlier))

    def summary(self) -> str:
        curves, snapshot = self._runs.current, self.controller.snapshot
        if len(curves) < 2 or snapshot is None:
            return EMPTY_TEXT
        if self._hover is not None:
            i, curves = self._hover, self._whole
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
