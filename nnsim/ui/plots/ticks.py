"""Where an axis has its numbers, and how they are written. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

_LADDER = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_EDGE = 1e-9  # share of a step by which rounding may put a tick beyond the end of its axis


@dataclass(frozen=True, slots=True)
class Tick:
    """A number on an axis: its position in the axis' own units, and its text."""

    position: float
    label: str


def nice_ceiling(value: float) -> float:
    """The next larger number of few digits (1, 1.25, 1.5, 2 … times a power of ten); 1 for 0."""
    if not isfinite(value) or value <= 0.0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    for step in _LADDER:
        if value <= step * power * (1.0 + _EDGE):
            return step * power
    return 10.0 * power


def nice_step(span: float, most: int, whole: bool = False) -> float:
    """1, 2 or 5 times a power of ten, so that at most ``most`` steps fit into ``span``."""
    if not isfinite(span) or span <= 0.0:
        return 1.0
    rough = span / max(most, 1)
    power = 10.0 ** floor(log10(rough))
    step = next(f * power for f in (1.0, 2.0, 5.0, 10.0) if f * power >= rough * (1.0 - _EDGE))
    return max(step, 1.0) if whole else step


def linear_ticks(low: float, high: float, most: int, whole: bool = False) -> tuple[Tick, ...]:
    """At most ``most`` + 1 ticks between ``low`` and ``high``; ``whole`` allows whole numbers only."""
    step = nice_step(high - low, most, whole)
    first, last = ceil(low / step - _EDGE), floor(high / step + _EDGE)
    values = [i * step for i in range(first, last + 1)]
    largest = max((abs(v) for v in values), default=0.0)
    return tuple(Tick(v, number(v, step, largest)) for v in values)


def log_ticks(low: float, high: float, most: int) -> tuple[Tick, ...]:
    """Ticks of a logarithmic axis; ``low``, ``high`` and the positions are powers of ten."""
    decades = range(ceil(low - _EDGE), floor(high + _EDGE) + 1)
    if len(decades) > max(most, 1):
        stride = ceil(len(decades) / max(most, 1))
        return tuple(Tick(float(d), power_of_ten(d)) for d in decades if d % stride == 0)
    found = [Tick(float(d), power_of_ten(d)) for d in decades]
    for factors in ((2, 5), (3,), (4, 6, 8)):
        between = [
            Tick(d + log10(f), _plain(f * 10.0**d, d))
            for d in range(floor(low), ceil(high) + 1) for f in factors
            if low - _EDGE <= d + log10(f) <= high + _EDGE
        ]  # fmt: skip
        if len(found) + len(between) > most + 1:
            break
        found += between
        if factors == (2, 5) and len(found) >= 3:
            break  # 3, 4, 6 and 8 only where there would be hardly a number else
    return tuple(sorted(found, key=lambda t: t.position))


def number(value: float, step: float, largest: float) -> str:
    """``value`` with as many decimals as ``step`` needs; thousands and very small ones shortened."""
    if value == 0.0:
        return "0"
    if largest >= 1e7 or largest < 1e-4:
        power = floor(log10(largest))
        digits = max(0, power - floor(log10(step) + _EDGE))
        mantissa = f"{value / 10.0**power:.{digits}f}"
        return f"{mantissa}e{power}".replace("-", "−")
    if largest >= 1e4:
        unit, sign = (1e6, "M") if largest >= 1e6 and step >= 1e5 else (1e3, "k")
        return _trim(value / unit, step / unit) + sign
    return _trim(value, step)


def _trim(value: float, step: float) -> str:
    decimals = max(0, -floor(log10(step) + _EDGE))
    if round(step, decimals) != 0 and abs(step - round(step, decimals)) > step * 1e-6:
        decimals += 1  # 2.5 needs one decimal more than its power of ten
    return f"{value:.{decimals}f}".replace("-", "−")


def power_of_ten(exponent: int) -> str:
    """``0.01`` … ``1000`` in full, others as 10⁻⁵."""
    if -3 <= exponent <= 4:
        return _plain(10.0**exponent, exponent)
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def _plain(value: float, exponent: int) -> str:
    if -4 <= exponent <= 4:
        return f"{value:.{max(0, -exponent)}f}"
    return f"{value / 10.0**exponent:.0f}·10{str(exponent).translate(_SUPERSCRIPTS)}"
