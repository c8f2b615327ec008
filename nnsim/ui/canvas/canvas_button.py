"""The buttons over the network: real buttons, painted from the theme so that they sit in the picture."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from nnsim.ui.canvas.inks import pixels
from nnsim.ui.theme import Theme

Kind = Literal["title", "choice", "box", "dot"]
_WALKING = (
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End,
)  # fmt: skip
_CHEVRON = 12.0


class CanvasButton(QAbstractButton):
    """``title``: bold words · ``choice``: words with a chevron, opens a menu · ``box``: a small framed
    field · ``dot``: a round sign that is only there when needed. ``checked`` means selected.

    ``focused(bool)``: the keyboard has come or gone.
    """

    focused = Signal(bool)

    def __init__(self, theme: Theme, kind: Kind, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._kind = theme, kind
        self._picture = QPixmap()
        self._pictured: tuple[object, ...] = ()  # what the picture shows
        self._measured: tuple[str | None, int] = None, 0
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        scale = self._theme.text_scale
        size = round({"title": 12, "choice": 12, "box": 12, "dot": 13}[self._kind] * scale)
        bold = QFont.Weight.DemiBold if self._kind in ("title", "choice") else QFont.Weight.Medium
        self.setFont(pixels(self._theme.ui_font(weight=bold), size))
        self._pictured, self._measured = (), (None, 0)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        scale = self._theme.text_scale
        if self._kind == "box":
            return QSize(round(26 * scale), round(22 * scale))
        if self._kind == "dot":
            return QSize(round(18 * scale), round(18 * scale))
        return QSize(self.full_width(), round(20 * scale))

    def full_width(self) -> int:
        """The width that shows the whole text."""
        if self._measured[0] != self.text():
            extra = _CHEVRON + 2 if self._kind == "choice" else 0.0
            wide = QFontMetricsF(self.font()).horizontalAdvance(self.text()) + extra + 9
            self._measured = self.text(), round(wide)
        return self._measured[1]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _WALKING:
            event.ignore()  # the band moves the focus
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.isEnabled():
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.EnabledChange:
            shape = Qt.CursorShape.PointingHandCursor if self.isEnabled() else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
        super().changeEvent(event)

    # -- painting ---------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        # Zooming moves all buttons at every frame, which repaints them: a copy takes a quarter of the time.
        looks = (
            self.size(), self.devicePixelRatio(), self.text(), self.isEnabled(), self.isChecked(),
            self._hot(), self.hasFocus(),
        )  # fmt: skip
        if looks != self._pictured:
            self._pictured, self._picture = looks, self._drawn()
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._picture)

    def _drawn(self) -> QPixmap:
        """The button as it looks now."""
        ratio = self.devicePixelRatio()
        pixmap = QPixmap((QSizeF(self.size()) * ratio).toSize())
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter)
            painter.setFont(self.font())
            painter.setPen(self._text_color())
            if self._kind in ("title", "choice"):
                self._paint_words(painter)
            else:
                self._paint_sign(painter)
        return pixmap

    def _hot(self) -> bool:
        return self.isEnabled() and (self.underMouse() or self.isDown())

    def _paint_ground(self, painter: QPainter) -> None:
        color, focused = self._theme.color, self.hasFocus()
        framed = self._kind in ("box", "dot")
        border: QColor | None = None
        if focused:
            border = color("focus")
        elif framed:
            border = color("line_strong" if self._hot() else "line")
        elif self._hot():
            border = color("line")
        if border is None and not framed:
            return
        ground = "field_hover" if self._hot() else "panel" if framed and self.isEnabled() else "background"
        painter.setPen(QPen(border or color("line"), 1.6 if focused else 1.0))
        painter.setBrush(color(ground))
        rect = QRectF(self.rect()).adjusted(1.0, 1.0, -1.0, -1.0)
        radius = rect.height() / 2 if self._kind == "dot" else 5.0
        painter.drawRoundedRect(rect, radius, radius)

    def _text_color(self) -> QColor:
        if not self.isEnabled():
            return self._theme.color("disabled")
        if self.isChecked():
            return self._theme.color("focus_text")
        return self._theme.color("ink" if self._kind != "dot" or self._hot() else "muted_text")

    def _paint_words(self, painter: QPainter) -> None:
        chevron = _CHEVRON if self._kind == "choice" else 0.0
        rect = QRectF(self.rect()).adjusted(4.0, 0.0, -4.0 - chevron, 0.0)
        metrics = QFontMetricsF(self.font())
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, rect.width() + 1.0)
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        if chevron and self.isEnabled():
            x = rect.left() + min(metrics.horizontalAdvance(shown), rect.width()) + 8.0
            y = rect.center().y() + 0.5
            painter.setPen(QPen(self._theme.color("ink" if self._hot() else "muted"), 1.3))
            painter.drawPolyline([QPointF(x - 3.0, y - 1.5), QPointF(x, y + 1.5), QPointF(x + 3.0, y - 1.5)])

    def _paint_sign(self, painter: QPainter) -> None:
        """Plus, minus and cross as lines, sharp at every size; anything else as text."""
        c, r = QRectF(self.rect()).center(), 4.0 * self._theme.text_scale
        lines = {
            "+": [QLineF(c.x() - r, c.y(), c.x() + r, c.y()), QLineF(c.x(), c.y() - r, c.x(), c.y() + r)],
            "−": [QLineF(c.x() - r, c.y(), c.x() + r, c.y())],
            "×": [
                QLineF(c.x() - r * 0.75, c.y() - r * 0.75, c.x() + r * 0.75, c.y() + r * 0.75),
                QLineF(c.x() - r * 0.75, c.y() + r * 0.75, c.x() + r * 0.75, c.y() - r * 0.75),
            ],
        }.get(self.text())
        if lines is None:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
            return
        painter.setPen(QPen(self._text_color(), 1.4))
        painter.drawLines(lines)
