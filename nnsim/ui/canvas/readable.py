"""Which ink can be read on a colour. Formulas: WCAG 2.2, relative luminance and contrast ratio."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QColor

LEAST_CONTRAST = 4.5
_EXTREMES = (QColor(0, 0, 0), QColor(255, 255, 255))  # one of them is always readable


def luminance(color: QColor) -> float:
    """Relative luminance, 0 … 1."""
    parts = (color.redF(), color.greenF(), color.blueF())
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: QColor, b: QColor) -> float:
    """Contrast ratio of two colours, 1 … 21."""
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def readable_on(ground: QColor, inks: Iterable[QColor]) -> QColor:
    """The first of ``inks`` that can be read on ``ground``; if none can, black or white."""
    for ink in inks:
        if contrast(ink, ground) >= LEAST_CONTRAST:
            return ink
    return max(_EXTREMES, key=lambda ink: contrast(ink, ground))
