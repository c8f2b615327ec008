"""How large the gradients of each layer are: the mean |∂C/∂w|, as bars on a logarithmic scale."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnsim.core.health import Health
from nnsim.model.project import Project
from nnsim.ui.numbers import UNKNOWN, exact, scientific
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.theme import Theme

_LEAST_DECADES = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One layer: its id and name, and its mean |∂C/∂w| (NaN where it is not a finite number)."""

    layer: str
    name: str
    value: float


class GradientBars(QWidget):
    """One line for each layer after the input. ``chosen(layer)`` when one is clicked.

    The scale covers what has been seen of this network and only grows, so that bars can be compared
    while it learns. Paints itself: new numbers cost one repaint.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName(name)
        self._bars: tuple[Bar, ...] = ()
        self._scale = (0.0, 0.0)  # powers of ten
        self._marked = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._on_theme)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is shown."""
        return self._bars

    @property
    def scale(self) -> tuple[float, float]:
        """The powers of ten at the left and the right end."""
        return self._scale

    def show_health(self, project: Project, health: Health | None, marked: str = "") -> None:
        """Show the gradients of this moment; ``marked`` is the layer to stand out."""
        sizes = [float("nan")] * len(project.layers)
        if health is not None and len(health.gradient_size) == len(sizes):
            sizes = health.gradient_size.tolist()
        bars = tuple(
            Bar(layer.id, project.layer_name(layer.id), size)
            for layer, size in zip(project.layers[1:], sizes[1:], strict=True)
        )
        if (bars, marked) == (self._bars, self._marked):
            return
        same_layers = [b.layer for b in bars] == [b.layer for b in self._bars]
        self._bars, self._marked = bars, marked
        self._follow(keep=same_layers)
        words = ", ".join(f"{b.name} {scientific(b.value)}" for b in bars)
        self.setAccessibleName(f"Mean size of the gradients: {words}")
        if not same_layers:
            self.updateGeometry()
        self.update()

    def _follow(self, keep: bool) -> None:
        known = [log10(b.value) for b in self._bars if isfinite(b.value) and b.value > 0.0]
        if not known:
            return
        low, high = float(floor(min(known))), float(ceil(max(known)))
        if keep and self._scale != (0.0, 0.0):
            low, high = min(low, self._scale[0]), max(high, self._scale[1])
        self._scale = (min(low, high - _LEAST_DECADES), high)

    def _on_theme(self) -> None:
        self.updateGeometry()
        self.update()

    # -- measures ---------------------------------------------------------------------------------

    def _row(self) -> float:
        return round(20 * self._theme.text_scale)

    def sizeHint(self) -> QSize:
        return QSize(180, round(self._row() * (len(self._bars) + 1)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def bar_at(self, y: float) -> Bar | None:
        """The bar at a height in pixels."""
        row = int(y // self._row())
        return self._bars[row] if 0 <= row < len(self._bars) else None

    def length_of(self, bar: Bar) -> float:
        """The share of the scale that a bar fills, 0…1; 0 for a gradient of 0."""
        low, high = self._scale
        if not isfinite(bar.value) or bar.value <= 0.0 or high <= low:
            return 0.0
        return min(max((log10(bar.value) - low) / (high - low), 0.02), 1.0)

    # -- events -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        bar = self.bar_at(event.position().y())
        if bar is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(bar.layer)
        else:
            super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            bar = self.bar_at(event.pos().y())
            text = "Mean |∂C/∂w| over the weights into each layer, for the training samples; a log scale."
            if bar is not None and isfinite(bar.value):
                text = f"{text}\n{bar.name}: {exact(bar.value)}"
            QToolTip.showText(event.globalPos(), tool_tip(text), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, row = self._theme, self._row()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.ui_font(8.5))
            names = max((painter.fontMetrics().horizontalAdvance(b.name) for b in self._bars), default=0)
            names = min(names + 8, int(self.width() * 0.36))
            painter.setFont(theme.mono_font(8.5))
            numbers = painter.fontMetrics().horizontalAdvance("8.8e−88") + 6
            area = QRectF(names, 0, max(self.width() - names - numbers, 10), row)
            for i, bar in enumerate(self._bars):
                self._paint_row(painter, bar, area.translated(0, i * row))
            self._paint_scale(painter, area.translated(0, len(self._bars) * row))

    def _paint_row(self, painter: QPainter, bar: Bar, area: QRectF) -> None:
        theme = self._theme
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.ui_font(8.5))
        painter.setPen(theme.color("focus_text" if bar.layer == self._marked else "ink"))
        name = painter.fontMetrics().elidedText(bar.name, Qt.TextElideMode.ElideRight, int(area.left()) - 6)
        painter.drawText(QRectF(0, area.top(), area.left(), area.height()), vertical, name)
        track = QRectF(area.left(), area.center().y() - 3.5, area.width(), 7.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("line"))
        painter.drawRoundedRect(track, 2, 2)
        track.setWidth(track.width() * self.length_of(bar))
        if track.width() > 0.0:
            painter.setBrush(theme.color("negative"))
            painter.drawRoundedRect(track, 2, 2)
        painter.setFont(theme.mono_font(8.5))
        painter.setPen(theme.color("negative_text"))
        text = "0" if bar.value == 0.0 else scientific(bar.value) if isfinite(bar.value) else UNKNOWN
        rest = QRectF(area.right(), area.top(), self.width() - area.right(), area.height())
        painter.drawText(rest, vertical | Qt.AlignmentFlag.AlignRight, text)

    def _paint_scale(self, painter: QPainter, area: QRectF) -> None:
        low, high = self._scale
        if high <= low:
            return
        painter.setFont(self._theme.mono_font(7.5))
        painter.setPen(self._theme.color("muted_text"))
        top = Qt.AlignmentFlag.AlignTop
        painter.drawText(area, top | Qt.AlignmentFlag.AlignLeft, _power(low))
        painter.drawText(area, top | Qt.AlignmentFlag.AlignRight, _power(high))
        left = QRectF(0, area.top(), area.left(), area.height())
        painter.drawText(left, top | Qt.AlignmentFlag.AlignLeft, "|∂C/∂w|")


def _power(exponent: float) -> str:
    return f"1e{int(exponent)}".replace("-", "−")
