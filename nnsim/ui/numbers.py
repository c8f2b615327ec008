"""Numbers as text: rounded for showing, complete for copying and editing, forgiving when read."""

from __future__ import annotations

import re
from fractions import Fraction
from math import isfinite, isinf, isnan

MINUS = "−"
UNKNOWN = "—"  # shown where there is no number (yet)

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
_SIGNS = str.maketrans({MINUS: "-", "–": "-", "‐": "-", "﹣": "-", "－": "-", "⁄": "/", "∕": "/"})


def exact(value: float) -> str:
    """The shortest decimal that reads back as the same float64 (``0.1``, ``2``, ``1e-07``)."""
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") and text != "-0.0" else text


def shown(value: float | None, digits: int = 4) -> str:
    """``value`` rounded to ``digits`` decimals, in scientific notation where that shows nothing."""
    if value is None or isnan(value):
        return UNKNOWN
    if isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value == 0.0:
        return f"{0.0:.{digits}f}"
    if abs(value) < 0.5 * 10.0**-digits or abs(value) >= 1e6:
        return _scientific(value, max(digits - 2, 1))
    return f"{value:.{digits}f}".replace("-", MINUS)


def short(value: float | None, digits: int = 4) -> str:
    """Like :func:`shown` without the zeros at the end: ``0.6``, ``−2``, ``1.5e−7``."""
    text = shown(value, digits)
    mantissa, e, power = text.partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}{e}{power}"


def signed(value: float | None, digits: int = 4) -> str:
    """Like :func:`shown`, with a plus where it is above zero: for changes."""
    text = shown(value, digits)
    return f"+{text}" if value is not None and value > 0.0 else text


def scientific(value: float | None, digits: int = 1) -> str:
    """Mantissa and power of ten: ``1.1e−11``, for errors and very different sizes."""
    if value is None or isnan(value) or isinf(value):
        return shown(value)
    return _scientific(value, digits)


def _scientific(value: float, digits: int) -> str:
    mantissa, power = f"{value:.{digits}e}".split("e")
    return f"{mantissa}e{int(power)}".replace("-", MINUS)


def read(text: str) -> float:
    """A number as people type it: ``0.5``, ``0,5``, ``1/3``, ``−2``, ``1e-3``, ``0.5/3``.

    Raises ``ValueError`` with a sentence for the user.
    """
    typed = text.strip()
    if not typed:
        raise ValueError("Type a number, such as 0.5 or 1/3.")
    cleaned = "".join(typed.translate(_SIGNS).split()).replace(",", ".")
    parts = cleaned.split("/")
    if len(parts) > 2 or not all(_NUMBER.fullmatch(part) for part in parts):
        raise ValueError(f"“{_abridged(typed)}” is not a number. Type one such as 0.5 or 1/3.")
    try:
        value = _quotient(parts[0], parts[1]) if len(parts) == 2 else float(parts[0])
    except ZeroDivisionError:
        raise ValueError(f"“{_abridged(typed)}” divides by zero.") from None
    if not isfinite(value):
        raise ValueError(f"“{_abridged(typed)}” is too large. Type a finite number.")
    return value


def _quotient(top: str, bottom: str) -> float:
    """The quotient, rounded once where both parts are plain decimals."""
    if len(top) + len(bottom) <= 60 and "e" not in f"{top}{bottom}".lower():
        return float(Fraction(top) / Fraction(bottom))
    return float(top) / float(bottom)


def _abridged(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
