"""Colours, fonts and measures: the one table everything visible is made from."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont

Mode = Literal["light", "dark"]

UI_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"


@dataclass(frozen=True, slots=True)
class Tokens:
    """One look. Colours as ``#rrggbb``; what each means is in its name."""

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


LIGHT = Tokens(
    background="#f6f7f9", panel="#ffffff", line="#dfe3ea", ink="#1d2433", muted="#667085",
    positive="#1f6feb", negative="#e8710a", focus="#7a3ff2", ok="#13866b", danger="#c4320a",
    field="#f6f7f9", field_hover="#eceff4", focus_soft="#e6dcfb", on_accent="#ffffff",
)  # fmt: skip
DARK = Tokens(
    background="#15181e", panel="#1c2028", line="#2e3440", ink="#e8ebf1", muted="#9aa4b5",
    positive="#58a6ff", negative="#ff9d4d", focus="#b18cff", ok="#3fc9a3", danger="#ff7a5c",
    field="#15181e", field_hover="#262c37", focus_soft="#35304a", on_accent="#10131a",
)  # fmt: skip


class Theme(QObject):
    """The look in force. ``changed`` is emitted after every switch; views repaint on it."""

    changed = Signal()

    def __init__(self, mode: Mode = "light") -> None:
        super().__init__()
        self._mode: Mode = mode
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

    def color(self, token: str) -> QColor:
        """The colour of a token (a shared object: do not change it)."""
        return self._colors[token]

    def mix(self, token: str, share: float, base: str = "panel") -> QColor:
        """``share`` of one token over another: colours are mixed beforehand, never painted with alpha."""
        top, under = self._colors[token], self._colors[base]
        k = min(max(share, 0.0), 1.0)
        return QColor(
            round(under.red() + (top.red() - under.red()) * k),
            round(under.green() + (top.green() - under.green()) * k),
            round(under.blue() + (top.blue() - under.blue()) * k),
        )

    @staticmethod
    def ui_font(points: float = 10.0, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        font = QFont(UI_FAMILY)
        font.setPointSizeF(points)
        font.setWeight(weight)
        return font

    @staticmethod
    def mono_font(points: float = 10.0, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        font = QFont(MONO_FAMILY)
        font.setPointSizeF(points)
        font.setWeight(weight)
        return font
