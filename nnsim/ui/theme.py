"""Colours, fonts and measures: the one table everything visible is made from."""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont

Mode = Literal["light", "dark"]

UI_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"
SYMBOL_FAMILY = "nnsim Symbols"  # mathematical letters and signs that the two above lack

GRID = 8  # distances are multiples or halves of it, in device-independent pixels
RADIUS = 6  # corners of controls

# A point is 1/72 inch on macOS and 1/96 of one elsewhere, while pixels are meant the same.
_POINT = 96 / 72 if sys.platform == "darwin" else 1.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """One look. Colours as ``#rrggbb``; what each means is in its name.

    ``positive``, ``negative``, ``focus``, ``ok``, ``danger`` are for lines and areas. For words and
    numbers in these colours take the ``…_text`` variants: they stand out enough (4.5 : 1) from
    ``background``, ``panel``, ``field``, ``field_hover`` and ``focus_soft``.
    """

    background: str
    panel: str
    line: str
    ink: str
    muted: str
    positive: str
    negative: str
    focus: str
    ok: str
    danger: str
    field: str  # background of input fields and buttons
    field_hover: str
    focus_soft: str  # background of a selected row
    on_accent: str  # text on a filled accent
    line_strong: str  # border of a control under the pointer, axes, scroll bars
    muted_text: str  # muted, also on a selected row
    positive_text: str
    negative_text: str
    focus_text: str
    ok_text: str
    danger_text: str
    disabled: str  # text of what cannot be used now
    accent_hover: str  # the filled primary button under the pointer
    accent_pressed: str


LIGHT = Tokens(
    background="#f6f7f9", panel="#ffffff", line="#dfe3ea", ink="#1d2433", muted="#667085",
    positive="#1f6feb", negative="#e8710a", focus="#7a3ff2", ok="#13866b", danger="#c4320a",
    field="#f6f7f9", field_hover="#eceff4", focus_soft="#ebe3fc", on_accent="#ffffff",
    line_strong="#b9c1ce", muted_text="#5c6579", positive_text="#1a5fd0", negative_text="#9f4508",
    focus_text="#7034e8", ok_text="#0f7058", danger_text="#b62d08", disabled="#a3abba",
    accent_hover="#1a62d3", accent_pressed="#1656bb",
)  # fmt: skip
DARK = Tokens(
    background="#15181e", panel="#1c2028", line="#2e3440", ink="#e8ebf1", muted="#9aa4b5",
    positive="#58a6ff", negative="#ff9d4d", focus="#b18cff", ok="#3fc9a3", danger="#ff7a5c",
    field="#15181e", field_hover="#262c37", focus_soft="#35304a", on_accent="#10131a",
    line_strong="#4a5365", muted_text="#9aa4b5", positive_text="#58a6ff", negative_text="#ff9d4d",
    focus_text="#b18cff", ok_text="#3fc9a3", danger_text="#ff7a5c", disabled="#5d6676",
    accent_hover="#79b8ff", accent_pressed="#3f8fee",
)  # fmt: skip


@lru_cache(maxsize=4096)  # whole tables of them are asked for at every switch
def _mixed(top: str, under: str, share: float) -> QColor:
    """``share`` (0 … 1) of one colour over another, both as ``#rrggbb``."""
    a, b, k = QColor(top), QColor(under), min(max(share, 0.0), 1.0)
    return QColor(
        round(b.red() + (a.red() - b.red()) * k),
        round(b.green() + (a.green() - b.green()) * k),
        round(b.blue() + (a.blue() - b.blue()) * k),
    )


class Theme(QObject):
    """The look in force: colours by token, and fonts at the text size in force.

    ``changed`` is emitted after every switch of colours or text size; views repaint on it.
    """

    changed = Signal()

    def __init__(self, mode: Mode = "light") -> None:
        super().__init__()
        self._mode: Mode = mode
        self._text_scale = 1.0
        self._colors: dict[str, QColor] = {}
        self._read()

    def _read(self) -> None:
        self._colors = {f.name: QColor(getattr(self.tokens, f.name)) for f in fields(Tokens)}

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def tokens(self) -> Tokens:
        return LIGHT if self._mode == "light" else DARK

    def set_mode(self, mode: Mode) -> None:
        if mode != self._mode:
            self._mode = mode
            self._read()
            self.changed.emit()

    @property
    def text_scale(self) -> float:
        """1.0, or more where text is enlarged for an audience."""
        return self._text_scale

    def set_text_scale(self, scale: float) -> None:
        if scale != self._text_scale:
            self._text_scale = scale
            self.changed.emit()

    def color(self, token: str) -> QColor:
        """The colour of a token (a shared object: do not change it)."""
        return self._colors[token]

    def mix(self, token: str, share: float, base: str = "panel") -> QColor:
        """``share`` of one token over another: colours are mixed beforehand, never painted with alpha.

        A shared object: do not change it.
        """
        return _mixed(getattr(self.tokens, token), getattr(self.tokens, base), share)

    def points(self, points: float) -> float:
        """A font size as drawn: at the text size in force, alike on every platform."""
        return points * _POINT * self._text_scale

    def ui_font(self, points: float = 10.0, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The font for words; its digits all have the same width."""
        font = QFont([UI_FAMILY, SYMBOL_FAMILY])
        font.setPointSizeF(self.points(points))
        font.setWeight(weight)
        # Not in Qt before 6.7; there digits keep the widths of the font's design.
        if hasattr(font, "setFeature"):
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def mono_font(self, points: float = 10.0, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The font for numbers and formulas."""
        font = QFont([MONO_FAMILY, SYMBOL_FAMILY])
        font.setPointSizeF(self.points(points))
        font.setWeight(weight)
        return font
