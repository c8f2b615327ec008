"""A sentence under a field: why what was typed cannot be used."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget

_MARGIN = 4
_WIDEST = 260


class FieldMessage(QLabel):
    """Floats over the window, below ``field`` (above it where there is no room), and follows it.

    ``objectName`` is ``field_message``, ``role`` is ``field-message``. It is part of the window, not
    a window: it takes no focus and needs no placing by the window manager. A click puts it away.
    """

    def __init__(self, field: QWidget) -> None:
        super().__init__(field.window())
        self._field = field
        self._watched: list[QWidget] = []
        self.setObjectName("field_message")
        self.setProperty("role", "field-message")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def tell(self, sentence: str) -> None:
        """Show ``sentence``."""
        if self.parentWidget() is not self._field.window():
            self.setParent(self._field.window())
        self.ensurePolished()  # the style's padding counts
        self.setText(sentence)
        self.setAccessibleName(sentence)
        self._watch()
        self._place()
        self.setVisible(self._can_show())
        self.raise_()

    def dismiss(self) -> None:
        """Hide, and stop following."""
        for widget in self._watched:
            widget.removeEventFilter(self)
        self._watched.clear()
        self.hide()

    def mousePressEvent(self, event: object) -> None:
        self.dismiss()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the field, whatever moves it: a scroll area, a splitter, the window."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            self._place()
            self.setVisible(self._can_show())
        return False

    def _watch(self) -> None:
        widget: QWidget | None = self._field
        while widget is not None and widget is not self.parentWidget():
            if widget not in self._watched:
                widget.installEventFilter(self)
                self._watched.append(widget)
            widget = widget.parentWidget()

    def _can_show(self) -> bool:
        """Whether the field itself can be seen (it may be scrolled away or in a hidden tab)."""
        return self._field.isVisible() and not self._field.visibleRegion().isEmpty()

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        self.setFixedWidth(min(_WIDEST, max(window.width() - 2 * _MARGIN, 40)))
        self.setFixedHeight(max(self.heightForWidth(self.width()), self.fontMetrics().height()))
        field = self._field
        below = field.mapTo(window, QPoint(0, field.height() + 2))
        x, y = below.x() + field.width() - self.width(), below.y()
        if y + self.height() > window.height():
            y -= field.height() + 4 + self.height()
        x = min(max(x, _MARGIN), window.width() - self.width() - _MARGIN)
        self.move(x, max(y, 0))
