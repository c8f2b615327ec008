"""Numbers as they are set: rounded to significant digits, very small and large ones with a power of ten."""

from __future__ import annotations

from math import floor, isinf, isnan, log10

from nnsim.ui.numbers import MINUS, UNKNOWN

_PLAIN = (1e-4, 1e7)  # sizes written without a power of ten


def mantissa_and_power(value: float, digits: int) -> tuple[str, int | None]:
    """``value`` to ``digits`` significant digits: ("0.1385", None), ("4.386", −5). Digits before the
    point are never rounded away; zeros at the end are left out."""
    if isnan(value):
        return UNKNOWN, None
    if isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞", None
    if value == 0.0:
        return "0", None
    size = abs(value)
    if _PLAIN[0] <= size < _PLAIN[1]:
        exponent = floor(log10(size))
        # As many decimals from 0.1 to 10, so that factors and sums look alike; more below.
        text = f"{value:.{max(digits - exponent - (exponent < 0), 0)}f}"
        return _trimmed(text), None
    mantissa, power = f"{value:.{digits - 1}e}".split("e")
    return _trimmed(mantissa), int(power)


def _trimmed(text: str) -> str:
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)
