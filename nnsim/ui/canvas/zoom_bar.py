"""How far the picture is zoomed, and the way back. There while the user has zoomed or panned."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from nnsim.ui.canvas.canvas_button import CanvasButton
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.theme import Theme


class ZoomBar(QWidget):
    """``objectName`` is ``zoom_bar``; its buttons are ``zoom_out``, ``zoom_actual`` (shows the zoom),
    ``zoom_in`` and ``zoom_fit``. Signals ``out()``, ``actual()``, ``closer()``, ``fit()``."""

    out = Signal()
    actual = Signal()
    closer = Signal()
    fit = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("zoom_bar")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._buttons: dict[str, CanvasButton] = {}
        for name, text, tip, signal in (
            ("zoom_out", "−", "Zoom out", self.out),
            ("zoom_actual", "100 %", "Actual size", self.actual),
            ("zoom_in", "+", "Zoom in", self.closer),
            ("zoom_fit", "Fit", "Show the whole network", self.fit),
        ):
            button = CanvasButton(theme, "box", name, self)
            button.setText(text)
            button.setAccessibleName(tip)
            button.setToolTip(tool_tip(tip))
            button.clicked.connect(signal)
            self._buttons[name] = button
            row.addWidget(button)
        self.show_zoom(1.0)

    def show_zoom(self, zoom: float) -> None:
        """Show the zoom, 1.0 being 100 %."""
        self._buttons["zoom_actual"].setText(f"{zoom * 100:.0f} %")
        for name in ("zoom_actual", "zoom_fit"):
            button = self._buttons[name]
            button.setMinimumWidth(button.full_width() + 8)
        self.adjustSize()
