"""A quantity to drag or to type: its name, a slider, and a number field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QStyle, QStyleOptionSlider, QWidget

from nnsim.ui.panels.form import GAP
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.plain import PlainLabel, tool_tip

_LABEL_WIDTH = 66


class Slider(QSlider):
    """A horizontal slider that goes to where it is clicked, and turns with the wheel only when focused.

    ``gesture`` counts drags and visits by keyboard: what happens within one is one thing.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.gesture = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(40)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.gesture += 1
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.gesture += 1
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control = QStyle.ComplexControl.CC_Slider
        handle = self.style().subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
        x = event.position().toPoint().x()
        if event.button() == Qt.MouseButton.LeftButton and not handle.left() <= x <= handle.right():
            travel = self.width() - handle.width()
            value = QStyle.sliderValueFromPosition(
                self.minimum(), self.maximum(), x - handle.width() // 2, max(travel, 1)
            )
            self.setValue(value)
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class SliderRow(QWidget):
    """``stops`` are the values the slider offers, in ascending order; the field takes any.

    ``changed(value, merge)`` is emitted for every value the user gives; ``merge`` is one key for all
    of one drag (or one series of nudges), ``None`` for a typed number. Object names: ``<name>`` (the
    field) and ``<name>_slider``.
    """

    changed = Signal(float, object)

    def __init__(
        self, name: str, label: str, field: NumberField, stops: Sequence[float], help_text: str = ""
    ) -> None:
        super().__init__()
        self._name = name
        self._stops: tuple[float, ...] = ()
        self.field = field
        self.field.setObjectName(name)
        self.field.committed.connect(lambda value: self.changed.emit(value, self.field.merge_key(self._name)))
        self.slider = Slider()
        self.slider.setObjectName(f"{name}_slider")
        self.slider.setAccessibleName(label)
        self.slider.setToolTip(tool_tip(help_text))
        self.slider.valueChanged.connect(self._on_slid)
        text = PlainLabel(label)
        text.setMinimumWidth(_LABEL_WIDTH)
        text.setToolTip(tool_tip(help_text))
        text.setBuddy(field)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(text)
        layout.addWidget(self.slider, 1)
        layout.addWidget(field)
        self.set_stops(stops)

    def set_stops(self, stops: Sequence[float]) -> None:
        """The values the slider offers from now on."""
        stops = tuple(stops)
        if stops != self._stops:
            self._stops = stops
            with QSignalBlocker(self.slider):
                self.slider.setRange(0, max(len(stops) - 1, 0))
                self.slider.setPageStep(max(1, len(stops) // 10))
            self.show_value(self.field.value())

    def show_value(self, value: float) -> None:
        """Show ``value``: exactly in the field, at the nearest stop on the slider."""
        self.field.set_value(value)
        if not self._stops or value != value or self.slider.isSliderDown():
            return
        nearest = min(range(len(self._stops)), key=lambda i: abs(self._stops[i] - value))
        with QSignalBlocker(self.slider):
            self.slider.setValue(nearest)

    def _on_slid(self, index: int) -> None:
        value = self._stops[index]
        self.field.take_back()
        self.field.set_value(value)
        self.changed.emit(value, f"{self._name}#drag{self.slider.gesture}")
