"""The operation under way, over the network: thick edges, a ring, and the numbers that go along.

Two items, since edges lie under the numbers written on them and rings over everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from nnsim.ui.canvas.inks import Inks
from nnsim.ui.canvas.layout import CanvasLayout
from nnsim.ui.canvas.operation_marks import NO_MARKS, EdgeMark, Flow, Marks
from nnsim.ui.selection import Selection

_CENTRE = Qt.AlignmentFlag.AlignCenter
_WIDTH = 3.4  # of an edge of the operation
_LABEL = 13.0  # height of a number on an edge
_MOST_LABELS = 32  # where more edges lead to a neuron, numbers on all of them would not be read
_LEAST_ZOOM = 0.5
_ALONG = (0.0, 0.12, 0.24, -0.1, 0.36, 0.48)  # where on the edge, from its own number, to try


@dataclass(frozen=True, slots=True)
class Wire:
    """An edge as it lies: its line, whether its weight is negative, and its number's box."""

    line: tuple[float, float, float, float]
    negative: bool
    box: QRectF


@dataclass(frozen=True, slots=True)
class Label:
    """A text and where it stands."""

    text: str
    rect: QRectF


class _Item(QGraphicsItem):
    """Paints what it is told to within a rectangle."""

    def __init__(self, z: float, draw: Callable[[QPainter, float], None]) -> None:
        super().__init__()
        self._draw, self._rect = draw, QRectF()
        self.setZValue(z)

    def cover(self, rect: QRectF) -> None:
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw(painter, option.levelOfDetailFromTransform(painter.worldTransform()))


class OperationOverlay:
    """Shows :class:`Marks`. Knows the scene only by what is asked of it: where an edge or neuron is."""

    def __init__(self, scene: QGraphicsScene, inks: Inks) -> None:
        self._inks = inks
        self._marks = NO_MARKS
        self._wires: list[tuple[EdgeMark, Wire]] = []
        self._labels: tuple[Label, ...] = ()
        self._updated: list[QRectF] = []
        self._note: Label | None = None
        self._body: QRectF | None = None
        self._square = False
        self._lines = _Item(1.5, self._paint_lines)
        self._over = _Item(4.0, self._paint_over)
        for item in (self._lines, self._over):
            scene.addItem(item)

    @property
    def marks(self) -> Marks:
        """What is shown."""
        return self._marks

    @property
    def labels(self) -> tuple[Label, ...]:
        """The numbers written on edges."""
        return self._labels

    @property
    def updated(self) -> list[QRectF]:
        """Where new weights are marked as such."""
        return self._updated

    @property
    def note(self) -> str:
        """What is written at the neuron worked on."""
        return "" if self._note is None else self._note.text

    @property
    def note_rect(self) -> QRectF | None:
        """Where that is written."""
        return None if self._note is None else self._note.rect

    def display(
        self,
        marks: Marks,
        layout: CanvasLayout | None,
        wire_of: Callable[[Selection], Wire | None],
        body_of: Callable[[Selection], QRectF | None],
        written: Callable[[], list[QRectF]],
        updated: list[QRectF],
    ) -> None:
        """Show these marks, with everything at its place. ``written()`` is where there are numbers,
        ``updated`` where there are new weights while others are still the old ones."""
        if marks == NO_MARKS and self._marks == NO_MARKS:
            return
        self._updated = updated
        self._marks = marks
        found = [(mark, wire_of(mark.edge)) for mark in marks.edges]
        self._wires = [(mark, wire) for mark, wire in found if wire is not None]
        self._body = body_of(marks.ring) if marks.ring.kind == "neuron" else None
        self._square = layout is not None and layout.pictures
        writes = layout is not None and layout.detail in ("full", "brief")
        there = written() if writes else []
        self._note = self._place_note(layout, there) if writes and layout is not None else None
        taken = [] if self._note is None else [self._note.rect]
        few = 0 < len(self._wires) <= _MOST_LABELS
        self._labels = tuple(self._place_labels([*taken, *there])) if writes and few else ()
        self._lines.cover(_bounds(QRectF(*_corners(wire.line)) for _, wire in self._wires))
        parts = (
            [*updated] + [label.rect for label in self._labels] + taken + ([self._body] if self._body else [])
        )
        self._over.cover(_bounds(iter(parts)))

    # -- places -----------------------------------------------------------------------------------

    def _place_note(self, layout: CanvasLayout, written: list[QRectF]) -> Label | None:
        marks, body = self._marks, self._body
        if body is None or not marks.note:
            return None
        width = QFontMetricsF(self._inks.delta).horizontalAdvance(marks.note) + 8.0
        middle = body.center().x()
        if not marks.under and layout.detail == "full" and not layout.pictures:
            # Where the neuron writes its δ, so that it stays when the operation is over.
            return Label(marks.note, QRectF(middle + 11.0 - width, body.top() - 24.0, width, 16.0))
        # Over the neuron (under it where its bias is), else beside it, where no edge of the operation is.
        left, right = body.left() - 8.0 - width, body.right() + 8.0
        outwards = any(mark.flow == "back" for mark in marks.edges) and marks.note[0] != "←"
        beside = (left, right) if outwards else (right, left)
        first = body.bottom() + layout.below - 2.0 if marks.under else body.top() - 21.0
        second = body.bottom() - 12.0 if marks.under else body.top() - 6.0
        rects = [QRectF(middle - width / 2, first, width, 16.0)]
        rects += [QRectF(x, y, width, 16.0) for y in (second, body.center().y() - 8.0) for x in beside]
        scene = QRectF(0.0, 2.0, layout.width, layout.height - 4.0)
        inside = [r for r in rects if scene.contains(r)]
        free = [r for r in inside if not any(r.intersects(other) for other in written)]
        if self._square and not free:
            # In the neuron's own picture: no number is there.
            free = [QRectF(middle - width / 2, body.center().y() - 8.0, width, 16.0)]
        return Label(marks.note, (free or inside or rects)[0])

    def _place_labels(self, taken: list[QRectF]) -> Iterator[Label]:
        """The longest text of each edge that finds a place beside its number without covering another."""
        metrics = QFontMetricsF(self._inks.number[10])
        kept = taken + [wire.box for _, wire in self._wires]
        for texts in range(max((len(mark.texts) for mark, _ in self._wires), default=0)):
            taken = list(kept)
            placed = [
                self._place(mark.texts[min(texts, len(mark.texts) - 1)], mark.above, wire, metrics, taken)
                for mark, wire in self._wires
                if mark.texts
            ]
            if all(label is not None for label in placed):
                yield from (label for label in placed if label is not None)
                return

    def _place(
        self, text: str, above: bool, wire: Wire, metrics: QFontMetricsF, taken: list[QRectF]
    ) -> Label | None:
        """The first place along the wire, on its side, that covers nothing; best not even the wire."""
        rects = list(_beside(wire, metrics.horizontalAdvance(text) + 6.0, above))
        free = [rect for rect in rects if not any(rect.intersects(other) for other in taken)]
        if not free:
            return None
        clear = next((rect for rect in free if not _crosses(wire.line, rect)), free[0])
        taken.append(clear)
        return Label(text, clear)

    # -- painting ---------------------------------------------------------------------------------

    def _color(self) -> QColor:
        return self._inks.theme.color("ok" if self._marks.done else "focus")

    def _paint_lines(self, painter: QPainter, zoom: float) -> None:
        for mark, wire in self._wires:
            pen = QPen(self._color(), _WIDTH)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if wire.negative:
                pen.setDashPattern([9.0 / _WIDTH, 5.0 / _WIDTH])
            painter.setPen(pen)
            painter.drawLine(QLineF(*wire.line))
            self._paint_flow(painter, wire, mark.flow)

    def _paint_flow(self, painter: QPainter, wire: Wire, flow: Flow) -> None:
        """Arrow heads along an edge, the way the numbers go."""
        if not flow:
            return
        x1, y1, x2, y2 = wire.line
        angle = atan2(y2 - y1, x2 - x1) + (0.0 if flow == "forward" else pi)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color())
        count = 2 if hypot(x2 - x1, y2 - y1) > 110.0 else 1
        for t in (0.62, 0.84)[:count]:
            at = QPointF(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t)
            painter.drawPolygon(
                QPolygonF([at + _turned(p, angle) for p in ((8.0, 0.0), (-4.0, 6.0), (-4.0, -6.0))])
            )

    def _paint_over(self, painter: QPainter, zoom: float) -> None:
        inks, body = self._inks, self._body
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if body is not None:
            small = body.width() < 32
            painter.setPen(QPen(self._color(), 1.8 if small else 2.8))
            grow = 3.0 if small or self._square else 6.5
            ring = body.adjusted(-grow, -grow, grow, grow)
            if self._square:
                painter.drawRoundedRect(ring, 8.0, 8.0)
            else:
                painter.drawEllipse(ring)
        if zoom < _LEAST_ZOOM:
            return
        painter.setPen(QPen(inks.theme.color("ok"), 1.6))
        for box in self._updated:
            painter.drawRoundedRect(box, 4.0, 4.0)
        ink = inks.theme.color("ok_text" if self._marks.done else "focus_text")
        for font, labels in ((inks.number[10], self._labels), (inks.delta, (self._note,))):
            painter.setFont(font)
            for label in labels:
                if label is not None:
                    painter.fillRect(label.rect, inks.background)
                    painter.setPen(ink)
                    painter.drawText(label.rect, _CENTRE, label.text)


def _beside(wire: Wire, width: float, above: bool) -> Iterator[QRectF]:
    """Places for a label of this width above or below a wire: at its number first, then along it."""
    x1, y1, x2, y2 = wire.line
    run = max(x2 - x1, 1.0)
    share = (wire.box.center().x() - x1) / run
    for along in _ALONG:
        t = share + along
        if not 0.02 < t < 0.98:
            continue
        x, y = x1 + run * t, y1 + (y2 - y1) * t
        at_number = abs(along) * run < (wire.box.width() + width) / 2
        away = (wire.box.height() / 2 if at_number else 0.0) + 1.0
        top = y - away - _LABEL if above else y + away
        for shift in (0.0, -0.5, 0.5):
            left = min(max(x + (shift - 0.5) * width, x1 + 2.0), x2 - width - 2.0)
            yield QRectF(left, top, width, _LABEL)


def _crosses(line: tuple[float, float, float, float], rect: QRectF) -> bool:
    """Whether a wire runs through a rectangle."""
    x1, y1, x2, y2 = line
    slope = (y2 - y1) / max(x2 - x1, 1.0)
    left, right = max(rect.left(), x1), min(rect.right(), x2)
    if left >= right:
        return False
    ends = sorted((y1 + slope * (left - x1), y1 + slope * (right - x1)))
    return bool(ends[0] <= rect.bottom() + 1.0 and ends[1] >= rect.top() - 1.0)


def _turned(point: tuple[float, float], angle: float) -> QPointF:
    x, y = point
    return QPointF(x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle))


def _corners(line: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = line
    return min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1)


def _bounds(rects: Iterator[QRectF]) -> QRectF:
    """What holds all of them, with room for rings and wide lines."""
    whole: QRectF | None = None
    for rect in rects:
        whole = (
            rect
            if whole is None
            else QRectF(
                QPointF(min(whole.left(), rect.left()), min(whole.top(), rect.top())),
                QPointF(max(whole.right(), rect.right()), max(whole.bottom(), rect.bottom())),
            )
        )
    return QRectF() if whole is None else whole.adjusted(-12.0, -12.0, 12.0, 12.0)
