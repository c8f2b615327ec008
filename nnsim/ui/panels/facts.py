"""Numbers with their names, one a line: what is computed and cannot be set."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QGuiApplication,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from nnsim.ui.numbers import UNKNOWN, exact, shown
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.theme import Theme

Written = Callable[[int], str]  # the text with so many decimals

_PAD = 2
_DIGITS = 6


class FactRow(QWidget):
    """``name`` on the left, a number or words on the right, a hairline beneath.

    Paints itself, so that a new number costs one repaint of one line and no layout. Hovering tells
    every digit, the context menu copies them.

    ``pointed(inside)``: the pointer has come or gone. ``clicked()``: on a number that is known.
    """

    pointed = Signal(bool)
    clicked = Signal()

    def __init__(self, theme: Theme, name: str, help_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name, self._help = name, help_text
        self._text, self._exact, self._token = UNKNOWN, "", "ink"
        self._written: Written | None = None
        self._lit = False
        self.setProperty("mono", True)
        self.setFont(theme.mono_font(9.5))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 1)
        self._layout.addStretch(1)
        self._lead: QWidget | None = None
        theme.changed.connect(self._on_theme)
        self._describe()

    def lead(self, widget: QWidget) -> None:
        """Put a control where the name would stand."""
        self._lead = widget
        self._layout.insertWidget(0, widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def rename(self, name: str, help_text: str = "") -> None:
        """Another name, and what hovering explains."""
        if (name, help_text) != (self._name, self._help):
            self._name, self._help = name, help_text
            self._describe()
            self.update()

    def set_number(self, value: float | None, token: str = "ink") -> None:
        """Show ``value`` rounded (``None`` or NaN: not known yet)."""
        known = value is not None and value == value
        full = exact(value) if known and value is not None else ""
        self._set(shown(value, _DIGITS), full, token, lambda digits: shown(value, digits))

    def set_product(
        self, a: float | None, b: float | None, product: float | None, token: str = "ink"
    ) -> None:
        """Show ``a · b = product``, or nothing unless all three are known."""
        if a is None or b is None or product is None:
            self.set_text("")
            return

        def written(digits: int) -> str:
            return f"{shown(a, digits)} · {shown(b, digits)} = {shown(product, digits)}"

        self._set(written(_DIGITS), f"{exact(a)} · {exact(b)} = {exact(product)}", token, written)

    def set_text(self, text: str, token: str = "ink", full: str = "") -> None:
        """Show words; ``full`` is what hovering tells and copying gives (default: the same)."""
        self._set(text, full or text, token, None)

    def set_lit(self, lit: bool) -> None:
        """Whether this number is pointed at somewhere in the window."""
        if lit != self._lit:
            self._lit = lit
            self.update()

    @property
    def lit(self) -> bool:
        return self._lit

    def text(self) -> str:
        """What is shown on the right."""
        return self._text

    def full_text(self) -> str:
        """All digits, as copying gives them."""
        return self._exact

    def _set(self, text: str, full: str, token: str, written: Written | None) -> None:
        self._written = written
        if (text, full, token) != (self._text, self._exact, self._token):
            changed = text != self._text or token != self._token
            self._text, self._exact, self._token = text, full, token
            if changed:
                self._describe()
                self.update()

    def _describe(self) -> None:
        self.setAccessibleName(f"{self._name}: {self._text}")

    def _on_theme(self) -> None:
        self.setFont(self._theme.mono_font(9.5))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        height = self.fontMetrics().height() + 7
        if self._lead is not None:
            height = max(height, self._lead.sizeHint().height() + 3)
        return QSize(120, height)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        metrics = self.fontMetrics()
        with QPainter(self) as painter:
            if self._lit:
                painter.fillRect(self.rect(), self._theme.color("focus_soft"))
            painter.setPen(self._theme.color("line"))
            painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
            box = QRectF(_PAD, 0, self.width() - 2 * _PAD, self.height() - 1)
            name_width = metrics.horizontalAdvance(self._name) if self._lead is None else self._lead.width()
            text = self._fitting(int(box.width() - name_width - 5))
            vertical = Qt.AlignmentFlag.AlignVCenter
            painter.setPen(self._theme.color("ink"))
            if self._lead is None:
                painter.drawText(box, vertical | Qt.AlignmentFlag.AlignLeft, self._name)
            painter.setPen(self._theme.color(self._token))
            painter.drawText(box, vertical | Qt.AlignmentFlag.AlignRight, text)

    def _fitting(self, room: int) -> str:
        """The text, with fewer decimals where there is little room: a number is never cut off."""
        metrics, text = self.fontMetrics(), self._text
        if self._written is not None:
            for digits in range(_DIGITS - 1, 0, -1):
                if metrics.horizontalAdvance(text) <= room:
                    return text
                text = self._written(digits)
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room, 24))

    def help_text(self) -> str:
        """What hovering tells."""
        parts = [self._help, f"{self._name}: {self._exact}" if self._exact else ""]
        return "\n".join(part for part in parts if part)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), tool_tip(self.help_text()), self)
            return True
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._exact:
            self.clicked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self._exact:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        full = self._exact
        menu.addAction(f"Copy {full}").triggered.connect(lambda: QGuiApplication.clipboard().setText(full))
        menu.popup(event.globalPos())


class FactList(QWidget):
    """Rows close together. ``facts`` are (key, name, help); object names are ``<prefix>_<key>``."""

    def __init__(self, theme: Theme, prefix: str, facts: Iterable[tuple[str, str, str]]) -> None:
        super().__init__()
        self._rows: dict[str, FactRow] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        for key, name, help_text in facts:
            row = self._rows[key] = FactRow(theme, name, help_text)
            row.setObjectName(f"{prefix}_{key}")
            self._layout.addWidget(row)

    def __getitem__(self, key: str) -> FactRow:
        return self._rows[key]

    def add(self, row: FactRow) -> None:
        """One more row at the end."""
        self._layout.addWidget(row)
