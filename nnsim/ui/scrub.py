"""From a dragging hand to a number: how far one pixel goes, and which values it stops at. No widget."""

from __future__ import annotations

from decimal import Decimal
from math import floor, log10

from PySide6.QtCore import QPointF, Qt

THRESHOLD = 4.0  # pixels a hand trembles within a click
_PIXELS = 2.0  # for a step
_LEAST = 1.0  # numbers below this size are dragged by the steps of this size
_DIGITS = 2  # a step is so many decimals below the number's first digit

# As in number fields.
FINER, COARSER = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def step_exponent(value: float) -> int:
    """The power of ten by which a number of this size is dragged: −2 up to 10, −1 up to 100, …"""
    return floor(log10(max(abs(value), _LEAST))) - _DIGITS


class Scrub:
    """A number that follows the hand sideways: a step every two pixels, to the right for more.

    It stops at multiples of the step only, so that it stays readable, and at the value it began with.
    With Shift steps and speed are ten times as large, with Ctrl a tenth; the keys may change on the way.
    """

    def __init__(
        self, value: float, at: QPointF, per_pixel: float | None = None, exponent: int | None = None
    ) -> None:
        """``value`` is finite. ``per_pixel`` and ``exponent`` (steps are 10 to that power) are for
        numbers that have a place on an axis."""
        self.exponent = step_exponent(value) if exponent is None else exponent
        self._per_pixel = 10.0**self.exponent / _PIXELS if per_pixel is None else per_pixel
        self._start, self._pressed, self._last = value, at, at.x()
        self._way = 0.0
        self._moving = False

    @property
    def moving(self) -> bool:
        """Whether the hand has left the place of the press, so that this is no click."""
        return self._moving

    def move(self, to: QPointF, modifiers: Qt.KeyboardModifier) -> float:
        """The number with the hand at ``to``."""
        if not self._moving and (to - self._pressed).manhattanLength() < THRESHOLD:
            return self._start
        self._moving = True
        shift = _shift(modifiers)
        self._way += (to.x() - self._last) * self._per_pixel * 10.0**shift
        self._last = to.x()
        return on_grid(self._start, self._way, self.exponent + shift)


def nudged(value: float, steps: int, modifiers: Qt.KeyboardModifier) -> float:
    """``value`` moved by ``steps`` steps, by keyboard."""
    exponent = step_exponent(value) + _shift(modifiers)
    return on_grid(value, steps * 10.0**exponent, exponent)


def on_grid(start: float, way: float, exponent: int) -> float:
    """The multiple of 10^``exponent`` nearest to ``start`` + ``way``; ``start`` itself where the way is
    less than half of that."""
    grid = Decimal(1).scaleb(exponent)
    if abs(way) < 0.5 * float(grid):
        return start
    steps = (Decimal(start + way) / grid).to_integral_value()
    return float(steps * grid) + 0.0


def _shift(modifiers: Qt.KeyboardModifier) -> int:
    return bool(modifiers & COARSER) - bool(modifiers & FINER)
