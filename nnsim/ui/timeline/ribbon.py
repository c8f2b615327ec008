"""The whole run as a ribbon of its loss, to go anywhere by click, drag or keys.

Object name: ``timeline_ribbon``.
"""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from nnsim.core.curves import Curves
from nnsim.engine.snapshot import Snapshot
from nnsim.ui.controller import Controller
from nnsim.ui.numbers import shown
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.position import grouped
from nnsim.ui.theme import Theme

_HEIGHT = 24
_MARGIN = 5.0  # at both ends, so that the handle is whole
_HANDLE = 4.5
_POINT_WIDTH = 3  # pixels for each point of the curve: more could not be told apart, and take long


class Ribbon(QWidget):
    """Follows the controller. What lies ahead of the present moment is paler."""

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, self._theme = controller, theme
        self._reach = (0, 0)
        self._now = 0.0
        self._curves = Curves.empty()
        self._path = QPainterPath()
        self._path_for: object = None
        self.setObjectName("timeline_ribbon")
        self.setAccessibleName("The run, to go to any moment of it")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        controller.snapshot_changed.connect(self._on_snapshot)
        controller.project_changed.connect(self._follow)
        controller.turns.join(self)
        theme.changed.connect(self.update)
        self._follow()

    # -- what there is ----------------------------------------------------------------------------

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if self._controller.turns.has(self):
            self._follow()

    def _follow(self, *_: object) -> None:
        session, snapshot = self._controller.session, self._controller.snapshot
        self._reach = session.reach
        self._curves = session.reach_curves
        if snapshot is not None:
            position = min(snapshot.phase / max(len(snapshot.phases), 1), 1.0)
            self._now = snapshot.step + position
        words = self._words(int(self._now))
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._length else Qt.CursorShape.ArrowCursor)
        self.update()

    @property
    def _length(self) -> int:
        """Steps shown; the one under way counts."""
        return max(self._reach[1], ceil(self._now)) - self._reach[0]

    def x_of(self, step: Any) -> Any:
        """Where a step stands, in pixels; of many at once, if it is an array."""
        wide = self.width() - 2 * _MARGIN
        return _MARGIN + (step - self._reach[0]) / max(self._length, 1) * wide

    def step_at(self, x: float) -> int:
        """The step at a pixel."""
        wide = max(self.width() - 2 * _MARGIN, 1.0)
        share = min(max((x - _MARGIN) / wide, 0.0), 1.0)
        return self._reach[0] + round(share * self._length)

    def _words(self, step: int) -> str:
        epoch = self._controller.session.epoch_of_step(step)
        return f"Epoch {grouped(epoch)} · step {grouped(step)} of {grouped(self._reach[1])}"

    def sizeHint(self) -> QSize:
        return QSize(400, max(_HEIGHT, round(QFontMetricsF(self._theme.ui_font(8.0)).height()) + 12))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    # -- painting ---------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, rect = self._theme, QRectF(self.rect()).adjusted(_MARGIN, 3.0, -_MARGIN, -3.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("panel"))
        painter.drawRoundedRect(rect, 4.0, 4.0)
        if self._length:
            self._paint_run(painter, rect)
        else:
            painter.setPen(theme.color("muted_text"))
            painter.setFont(theme.ui_font(8.5))
            painter.drawText(
                rect, Qt.AlignmentFlag.AlignCenter, "The run will stand here. Drag along it to go back."
            )
        painter.setPen(QPen(theme.color("line"), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5), 4.0, 4.0)
        if self._length:
            self._paint_handle(painter, rect)

    def _paint_run(self, painter: QPainter, rect: QRectF) -> None:
        theme, here = self._theme, self.x_of(self._now)
        path = self._loss_path(rect)
        for left, right, share in ((rect.left(), here, 1.0), (here, rect.right(), 0.35)):
            if right <= left:
                continue
            painter.save()
            painter.setClipRect(QRectF(left, rect.top(), max(right - left, 0.0), rect.height()))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.mix("positive", 0.16 * share))
            if path.isEmpty():
                painter.drawRoundedRect(rect, 4.0, 4.0)
            else:
                area = QPainterPath(path)
                area.lineTo(path.currentPosition().x(), rect.bottom())
                area.lineTo(path.elementAt(0).x, rect.bottom())
                painter.drawPath(area)
                painter.setPen(QPen(theme.mix("positive", share), 1.4))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPath(path)
            painter.restore()

    def _loss_path(self, rect: QRectF) -> QPainterPath:
        key = (self._curves, self._reach[0], self._length, self.size().toTuple())
        if self._path_for == key:
            return self._path
        self._path, self._path_for = QPainterPath(), key
        epochs, losses = self._curves.epoch, self._curves.train
        keep = np.isfinite(losses)
        epochs, losses = epochs[keep], losses[keep]
        if len(losses) < 2:
            return self._path
        every = max(len(losses) * _POINT_WIDTH // max(int(rect.width()), 1), 1)
        chosen = np.unique(np.append(np.arange(0, len(losses), every), len(losses) - 1))
        low, high = float(losses.min()), float(losses.max())
        height = (rect.height() - 6.0) / ((high - low) or 1.0)
        x = self.x_of(self._controller.session.steps_of_epochs(epochs[chosen])).tolist()
        y = (rect.bottom() - 3.0 - (losses[chosen] - low) * height).tolist()
        self._path.moveTo(x[0], y[0])
        for i in range(1, len(x)):
            self._path.lineTo(x[i], y[i])
        self._path.lineTo(max(self.x_of(self._reach[1]), x[-1]), y[-1])
        return self._path

    def _paint_handle(self, painter: QPainter, rect: QRectF) -> None:
        x, theme = self.x_of(self._now), self._theme
        painter.setPen(QPen(theme.color("focus"), 2.0))
        painter.drawLine(QPointF(x, rect.top() - 1.0), QPointF(x, rect.bottom() + 1.0))
        painter.setPen(QPen(theme.color("ink" if self.hasFocus() else "panel"), 1.5))
        painter.setBrush(theme.color("focus"))
        painter.drawEllipse(QPointF(x, rect.center().y()), _HANDLE, _HANDLE)

    # -- gestures ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._length:
            self._controller.session.seal()
            self._go(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._length:
            self._go(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._controller.session.seal()

    def _go(self, x: float) -> None:
        step = self.step_at(x)
        self._now = float(step)  # the handle stays under the pointer, whatever the numbers take
        self.update()
        self._controller.seek(step)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        first, last = self._reach
        page = max(self._length // 20, 1)
        targets = {
            Qt.Key.Key_Left: ceil(self._now) - 1, Qt.Key.Key_Right: int(self._now) + 1,
            Qt.Key.Key_PageDown: int(self._now) - page, Qt.Key.Key_PageUp: int(self._now) + page,
            Qt.Key.Key_Home: first, Qt.Key.Key_End: last,
        }  # fmt: skip
        target = targets.get(Qt.Key(event.key()))
        if target is None:
            super().keyPressEvent(event)
        else:
            self._controller.seek(min(max(target, first), last))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            assert isinstance(event, QHelpEvent)
            text = self._tip(float(event.pos().x())) if self._length else ""
            QToolTip.showText(event.globalPos(), tool_tip(text), self)
            return True
        return super().event(event)

    def _tip(self, x: float) -> str:
        step = self.step_at(x)
        epoch = self._controller.session.epoch_of_step(step)
        place = int(np.searchsorted(self._curves.epoch, epoch, side="right")) - 1
        loss = f" · train loss {shown(float(self._curves.train[place]))}" if place >= 0 else ""
        return self._words(step) + loss

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._path_for = None
