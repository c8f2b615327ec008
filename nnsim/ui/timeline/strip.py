"""The operations of the step under way as a row of cells; a click goes there.

Object name: ``timeline_operations``.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from nnsim.core.explain.quantity import Quantity
from nnsim.core.explain.targets import operation_of, quantity_of
from nnsim.core.operations import Operation
from nnsim.core.phases import PhaseKind
from nnsim.engine.messages import Granularity
from nnsim.engine.snapshot import Snapshot
from nnsim.model.project import Project
from nnsim.ui.calculation.subject import Place, StepPlan
from nnsim.ui.controller import Controller
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.position import grouped
from nnsim.ui.theme import Theme
from nnsim.ui.timeline.cells import Cell, CellRow, after

TOKENS = {
    PhaseKind.FORWARD: "positive", PhaseKind.LOSS: "negative", PhaseKind.BACKWARD: "focus",
    PhaseKind.UPDATE: "ok",
}  # fmt: skip
_DONE = 0.24  # share of its colour in what is done
_CELL = 22.0
_OVERVIEW = 4.0
_RADIUS = 4.0
_LEAD = 0.35  # where the operation under way comes to stand when the row moves


class OperationStrip(QWidget):
    """Follows the controller. Longer rows than fit move with the operation under way, or by the wheel."""

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller, self._theme = controller, theme
        self._plan: StepPlan | None = None
        self._plan_of: object = None
        self._row: CellRow | None = None
        self._row_for: object = None
        self._place: Place | None = None
        self._now = (0, 0)
        self._offset = 0.0
        self._hover: tuple[int, int] | None = None
        self._lit: tuple[int, int] | None = None
        self._shown: object = None
        self.setObjectName("timeline_operations")
        self.setAccessibleName("Operations of this step")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        controller.snapshot_changed.connect(self._on_snapshot)
        controller.project_changed.connect(self._on_project)
        controller.quantity_changed.connect(self._on_quantity)
        controller.turns.join(self)
        controller.view.notation_changed.connect(self._measure_again)
        theme.changed.connect(self._on_theme)
        self._measure_again()
        self._follow(controller.snapshot)

    # -- what there is ----------------------------------------------------------------------------

    @property
    def place(self) -> Place | None:
        """The operation shown last; ``None`` between steps."""
        return self._place

    def cell_rect(self, phase: int, index: int) -> QRectF:
        """Where a cell stands, scrolled into view if need be."""
        row = self._laid_out()
        assert row is not None
        self._bring_into_view(row.cell(phase, index))
        return self._rect(row.cell(phase, index))

    def _on_project(self, old: Project, new: Project) -> None:
        if _named_by(old) != _named_by(new):
            self._shown = self._row_for = (
                None  # a step made changes no label, and measuring them all takes a while
            )
        self._follow(self._controller.snapshot)

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if not snapshot.running or self._controller.turns.has(self):
            self._follow(snapshot)

    def _follow(self, snapshot: Snapshot | None) -> None:
        compiled = self._controller.session.compiled
        if compiled is None or snapshot is None:
            self._plan = self._place = None
        else:
            if self._plan is None or self._plan_of is not compiled.network:
                self._plan = StepPlan(compiled.network, compiled.task.optimizer)
                self._plan_of = compiled.network
            self._now = (snapshot.phase, snapshot.operation)
            self._place = self._plan.under_way(*self._now)
            self._keep_in_view()
        shown = (self._plan, self._now, self._offset)
        if shown != self._shown:
            self._shown = shown
            self._describe()
            self.update()

    def _on_theme(self) -> None:
        if self._scale != self._theme.text_scale:  # other colours take no other room
            self._measure_again()
        self.update()

    def _measure_again(self, *_: object) -> None:
        self._row_for = None
        self._scale = self._theme.text_scale
        self._font = self._theme.mono_font(8.5)
        self._metrics = QFontMetricsF(self._font)
        self._caption_font = self._theme.ui_font(8.0, self._font.Weight.DemiBold)
        self._caption = QFontMetricsF(self._caption_font).height()
        self._cell = max(_CELL, self._metrics.height() + 6.0)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, round(self._caption + 3.0 + self._cell + 4.0 + _OVERVIEW))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    # -- layout -----------------------------------------------------------------------------------

    def _label(self, operation: Operation) -> str:
        return self._controller.view.names.text(quantity_of(operation))

    def _laid_out(self) -> CellRow | None:
        key = (self._plan, self.width())
        if self._plan is not None and self._row_for != key:
            captions = QFontMetricsF(self._caption_font)
            self._row = CellRow(
                self._plan,
                lambda o: self._metrics.horizontalAdvance(self._label(o)),
                float(self.width()),
                lambda kind: captions.horizontalAdvance(_caption(kind)),
            )
            self._row_for = key
            self._scroll_to(self._offset)
        return self._row if self._plan is not None else None

    def _rect(self, cell: Cell) -> QRectF:
        return QRectF(cell.left - self._offset, self._caption + 3.0, cell.width, self._cell)

    def _scroll_to(self, offset: float) -> None:
        most = max(self._row.length - self.width(), 0.0) if self._row is not None else 0.0
        self._offset = min(max(offset, 0.0), most)

    def _keep_in_view(self) -> None:
        """The operation under way can be seen, and some of what follows."""
        row = self._laid_out()
        if row is None:
            return
        if self._place is None:
            self._scroll_to(0.0)
        else:
            self._bring_into_view(row.cell(self._place.phase, self._place.index))

    def _bring_into_view(self, cell: Cell) -> None:
        left = cell.left - self._offset
        if left < 0.0 or left + 2.0 * cell.width > self.width():
            self._scroll_to(cell.left - _LEAD * self.width())

    # -- painting ---------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        row = self._laid_out()
        if row is None or self._plan is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_captions(painter, row)
        painter.setFont(self._font)
        for cell in row.between(self._offset, self._offset + self.width()):
            self._paint_cell(painter, cell)
        if row.length > self.width() + 1.0:
            self._paint_overview(painter, row)
        if self.hasFocus() and self.focusPolicy() & Qt.FocusPolicy.TabFocus:
            painter.setPen(QPen(self._theme.color("focus"), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4.0, 4.0)

    def _paint_captions(self, painter: QPainter, row: CellRow) -> None:
        painter.setFont(self._caption_font)
        painter.setPen(self._theme.color("muted_text"))
        metrics = QFontMetricsF(self._caption_font)
        for group in row.groups():
            text = _caption(group.kind)
            left, right = group.left - self._offset, group.right - self._offset
            wide = metrics.horizontalAdvance(text)
            # A long group keeps its caption in sight while it is.
            at = min(max(left, 0.0), max(right - wide, left))
            if right > 0.0 and left < self.width():
                painter.drawText(QPointF(at, metrics.ascent()), text)

    def _paint_cell(self, painter: QPainter, cell: Cell) -> None:
        theme, plan = self._theme, self._plan
        assert plan is not None
        token = TOKENS[plan.phases[cell.phase].kind]
        done = (cell.phase, cell.index) < self._now
        now = self._place is not None and (cell.phase, cell.index) == (self._place.phase, self._place.index)
        rect = self._rect(cell).adjusted(0.5, 0.5, -0.5, -0.5)
        if now:
            border, fill, ink = theme.color("focus"), theme.color("focus"), theme.color("on_accent")
        elif done:
            border = fill = theme.mix(token, _DONE)
            ink = theme.color("ink")
        else:
            border, fill, ink = theme.color("line"), theme.color("panel"), theme.color("muted_text")
        if (cell.phase, cell.index) in (self._hover, self._lit) and not now:
            border = theme.color(token)
        painter.setPen(QPen(border, 1.0))
        painter.setBrush(fill)
        painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
        painter.setPen(ink)
        text = self._label(plan.operations(cell.phase)[cell.index])
        if self._metrics.horizontalAdvance(text) > rect.width() - 2.0:
            text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() - 2.0)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_overview(self, painter: QPainter, row: CellRow) -> None:
        """The whole step in small, where it is longer than the room."""
        theme, scale = self._theme, self.width() / row.length
        top = self._caption + 3.0 + self._cell + 4.0
        here = 0.0
        if self._place is not None:
            cell = row.cell(self._place.phase, self._place.index)
            here = cell.left + cell.width
        painter.setPen(Qt.PenStyle.NoPen)
        for group in row.groups():
            token = TOKENS[group.kind]
            for left, right, share in (
                (group.left, min(max(here, group.left), group.right), 0.9),
                (min(max(here, group.left), group.right), group.right, 0.25),
            ):
                if right > left:
                    painter.setBrush(theme.mix(token, share, "background"))
                    painter.drawRect(QRectF(left * scale, top + 1.0, (right - left) * scale, _OVERVIEW - 2.0))
        painter.setBrush(theme.color("muted"))
        window = QRectF(self._offset * scale, top, self.width() * scale, _OVERVIEW)
        painter.setOpacity(0.55)
        painter.drawRoundedRect(window, 2.0, 2.0)
        painter.setOpacity(1.0)

    # -- words ------------------------------------------------------------------------------------

    def _describe(self) -> None:
        place = self._place
        text = "Between two steps" if place is None else self._words(place)
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def _words(self, place: Place) -> str:
        name = self._label(place.operation)
        number = f"operation {grouped(place.number)} of {grouped(place.count)}"
        return f"{name} · {place.kind.value} · {number}"

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            assert isinstance(event, QHelpEvent)
            cell = self._cell_at(QPointF(event.pos()))
            text = ""
            if cell is not None and self._plan is not None:
                text = self._words(self._plan.place(cell.phase, cell.index))
            QToolTip.showText(event.globalPos(), tool_tip(text), self)
            return True
        return super().event(event)

    # -- gestures ---------------------------------------------------------------------------------

    def _cell_at(self, at: QPointF) -> Cell | None:
        row = self._laid_out()
        if row is None or not self._caption <= at.y() <= self._caption + 5.0 + self._cell:
            return None
        return row.at(at.x() + self._offset)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        cell = self._cell_at(event.position())
        if cell is not None:
            self.go_to(cell.phase, cell.index)
        else:
            self._drag(event)

    def _drag(self, event: QMouseEvent) -> None:
        row = self._laid_out()
        if row is not None and event.position().y() > self._caption + 5.0 + self._cell:
            self._scroll_to(event.position().x() / max(self.width(), 1) * row.length - self.width() / 2)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event)
        cell = self._cell_at(event.position())
        hover = None if cell is None else (cell.phase, cell.index)
        if hover != self._hover:
            self._hover = hover
            self._point_at(cell)
            self.setCursor(Qt.CursorShape.ArrowCursor if hover is None else Qt.CursorShape.PointingHandCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        if self._hover is not None:
            self._point_at(None)
        self._hover = None
        self.update()

    def _point_at(self, cell: Cell | None) -> None:
        """What the operation under the pointer finds lights up everywhere."""
        found = None
        if cell is not None and self._plan is not None:
            found = quantity_of(self._plan.operations(cell.phase)[cell.index])
        self._controller.set_quantity(found)

    def _on_quantity(self, quantity: Quantity | None) -> None:
        place = None
        if self._plan is not None and quantity is not None:
            operation = operation_of(self._plan.network, quantity)
            place = self._plan.find(operation) if operation is not None else None
        lit = None if place is None else (place.phase, place.index)
        if lit != self._lit:
            self._lit = lit
            self.update()

    def go_to(self, phase: int, index: int) -> None:
        """Go to the moment at which this operation has just been shown."""
        snapshot = self._controller.snapshot
        if snapshot is not None and self._plan is not None:
            later, to_phase, operation = after(self._plan, phase, index)
            self._controller.seek(snapshot.step + later, to_phase, operation)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        turned = delta.x() or delta.y()
        before = self._offset
        self._scroll_to(self._offset - turned)
        event.setAccepted(self._offset != before)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, snapshot = event.key(), self._controller.snapshot
        if key == Qt.Key.Key_Right:
            self._controller.step(Granularity.OPERATION)
        elif key == Qt.Key.Key_Left:
            self._controller.back(Granularity.OPERATION)
        elif key == Qt.Key.Key_Home and snapshot is not None:
            self._controller.seek(snapshot.step)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_in_view()


def _named_by(project: Project) -> tuple[object, ...]:
    """What the names of quantities depend on."""
    return project.layers, project.connections, project.data.features


def _caption(kind: PhaseKind) -> str:
    return kind.value.upper()
