"""Colours for numbers and classes, mixed from the theme. Opaque, as everything painted."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
from PySide6.QtGui import QColor

from nnsim.ui.theme import Theme

LEVELS = 256
# A full output is not as strong as the sign's own colour, so that samples stand out from it.
_STRONGEST = 0.78

# Order of classes: the first two are told apart by everybody, the rest as well as can be.
_CLASSES_LIGHT = (
    "#1f6feb", "#e8710a", "#13866b", "#7a3ff2", "#b8860b", "#c2327a", "#0b8ea8",
    "#6b7d1f", "#8a5a3c", "#596579",
)  # fmt: skip
_CLASSES_DARK = (
    "#58a6ff", "#ff9d4d", "#3fc9a3", "#b18cff", "#e3bf4f", "#f283b6", "#4fc6dd",
    "#b2c65a", "#cf9f7c", "#a9b4c6",
)  # fmt: skip


def heat_table(theme: Theme, base: str = "panel") -> np.ndarray:
    """256 colours (uint32, 0xffrrggbb) from negative over the neutral ``base`` to positive."""
    table = np.empty(LEVELS, dtype=np.uint32)
    for i in range(LEVELS):
        value = 2.0 * i / (LEVELS - 1) - 1.0
        token = "positive" if value >= 0.0 else "negative"
        table[i] = theme.mix(token, abs(value) * _STRONGEST, base).rgb()
    return table


def two_color_table(theme: Theme) -> np.ndarray:
    """The same with two colours only: below the middle, and above it."""
    table = np.empty(LEVELS, dtype=np.uint32)
    table[: LEVELS // 2] = theme.mix("negative", 0.6).rgb()
    table[LEVELS // 2 :] = theme.mix("positive", 0.6).rgb()
    return table


def class_color(theme: Theme, index: int) -> QColor:
    """The colour of a class. More than ten repeat, with other shapes."""
    return _class_color(theme.mode, index)


@lru_cache(maxsize=256)
def _class_color(mode: Literal["light", "dark"], index: int) -> QColor:
    palette = _CLASSES_LIGHT if mode == "light" else _CLASSES_DARK
    return QColor(palette[index % len(palette)])


def class_tables(theme: Theme, count: int) -> np.ndarray:
    """(count, 256) colours: from the neutral base to the class' colour, by confidence."""
    base = theme.color("panel")
    share = np.linspace(0.0, _STRONGEST, LEVELS)[:, np.newaxis]
    under = np.array([base.red(), base.green(), base.blue()], dtype=np.float64)
    tables = np.empty((count, LEVELS), dtype=np.uint32)
    for k in range(count):
        color = class_color(theme, k)
        top = np.array([color.red(), color.green(), color.blue()], dtype=np.float64)
        rgb = np.rint(under + (top - under) * share).astype(np.uint32)
        tables[k] = 0xFF000000 | rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2]
    return tables
