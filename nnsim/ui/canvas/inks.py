"""Colours, pens and fonts of the canvas, made from the theme once a switch. Opaque throughout: colours
are mixed with what lies under them beforehand, which Qt paints ten times as fast as transparency."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen

from nnsim.ui.canvas.readable import readable_on
from nnsim.ui.theme import Theme

LEVELS = 12  # steps of strength told apart by width and colour
ZERO = 2 * LEVELS  # the look of a weight of exactly 0
# (edges of a connection, scale of widths, palest share of colour, whether weak ones are one pixel
# wide): the more, the finer they are drawn.
_GRADES: tuple[tuple[int, float, float, bool], ...] = (
    (20, 1.0, 0.42, False), (80, 0.55, 0.24, False), (100_000_000, 0.35, 0.14, True),
)  # fmt: skip
_FINEST, _CLOSE = 1.7, 1.6

_CELL_SIZES = (12, 11, 10)  # of the numbers in cells, in pixels
_FILL_STEPS = 32
_TABLE = 256


def grade_of(edges: int) -> int:
    """How finely to draw connections of up to so many edges; 0 is the boldest."""
    return next(i for i, (most, *_) in enumerate(_GRADES) if edges <= most)


class Inks:
    """Everything the items paint with. ``generation`` grows with every switch of the theme."""

    def __init__(self, theme: Theme) -> None:
        self.theme, self.generation = theme, 0
        self.refresh()

    def refresh(self) -> None:
        """Take over the theme's present colours."""
        self.generation += 1
        color = self.theme.color
        self.background, self.panel, self.line = color("background"), color("panel"), color("line")
        self.ink, self.muted, self.focus = color("ink"), color("muted"), color("focus")
        self.focus_text, self.focus_soft = color("focus_text"), color("focus_soft")
        self.strong_line, self.disabled = color("line_strong"), color("disabled")
        self.muted_text, self.warning = color("muted_text"), color("negative_text")
        self._pens = tuple(
            tuple(self._edge_pen(look, scale, palest, fine) for look in range(ZERO + 1))
            for _, scale, palest, fine in (*_GRADES, (0, *_GRADES[-1][1:3], False))
        )
        top = 0.62 if self.theme.mode == "light" else 0.5  # the name must stay legible on it
        self._fills = {
            sign: [self.theme.mix(token, top * i / _FILL_STEPS) for i in range(_FILL_STEPS + 1)]
            for sign, token in ((1, "positive"), (-1, "negative"))
        }
        self.picture_table = self._picture_table()
        ui, mono, bold = self.theme.ui_font, self.theme.mono_font, QFont.Weight.DemiBold
        self.name = {size: pixels(ui(weight=bold), size) for size in (13, 12, 11, 10, 9)}
        self.number = {size: pixels(mono(), size) for size in (12, 11, 10)}
        self.mark = pixels(ui(), 11)
        sizes = [round(size * self.theme.text_scale) for size in _CELL_SIZES]
        self.cell = {size: pixels(mono(), size) for size in sizes}
        self.cell_letters = {
            size: QFontMetricsF(font).horizontalAdvance("0") for size, font in self.cell.items()
        }
        self._on: dict[int, QColor] = {}
        self.delta = pixels(ui(weight=bold), 12)

    def _edge_pen(self, look: int, scale: float, palest: float, fine: bool) -> QPen:
        if look == ZERO:
            return QPen(self.strong_line, 1.0)
        level = (look % LEVELS) / (LEVELS - 1)
        token = "positive" if look < LEVELS else "negative"
        color = self.theme.mix(token, palest + (0.92 - palest) * level, "background")
        width = 0.6 + (0.4 + 4.6 * level) * scale
        pen = QPen(color, width)
        if fine and width < _FINEST:
            # Lines of one pixel at any zoom: Qt draws them in a third of the time.
            pen.setWidthF(1.0)
            pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if look >= LEVELS:
            _dash(pen)
        return pen

    def _picture_table(self) -> NDArray[np.uint32]:
        half = _TABLE / 2
        entries = [
            self.theme.mix("positive" if i >= half else "negative", 0.9 * abs(i + 0.5 - half) / half).rgb()
            for i in range(_TABLE)
        ]
        return np.array(entries, dtype=np.uint32)

    def fill(self, share: float) -> QColor:
        """The colour of an activation: ``share`` −1 … 1, its sign by hue and its size by strength."""
        size = min(abs(share), 1.0) if share == share else 0.0
        return self._fills[-1 if share < 0 else 1][round(size * _FILL_STEPS)]

    def on(self, ground: int) -> QColor:
        """The ink that can be read on a colour (0xAARRGGBB)."""
        if ground not in self._on:
            self._on[ground] = readable_on(QColor(ground), (self.ink, self.panel, self.background))
        return self._on[ground]

    def edge_pen(self, look: int, grade: int = 0, zoom: float = 1.0) -> QPen:
        """The pen of an edge. Closely looked at, also very many are as wide as they are strong: then
        few of them are in view."""
        close = zoom >= _CLOSE and grade == len(_GRADES) - 1
        return self._pens[-1 if close else grade][look]

    def lit_pen(self, look: int, focused: bool, grade: int = 0) -> QPen:
        """The pen of a highlighted edge: in the focus colour, or in its own at full strength."""
        plain = self.edge_pen(look, grade)
        if focused:
            color = self.focus
        elif look == ZERO:
            color = self.muted
        else:
            color = self.theme.color("positive" if look < LEVELS else "negative")
        pen = QPen(color, plain.widthF() + 1.2)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if LEVELS <= look < ZERO:
            _dash(pen)
        return pen


def _dash(pen: QPen) -> None:
    """Dashes of a fixed length, whatever the width: Qt counts them in widths of the pen."""
    width = max(pen.widthF(), 1.0)
    pen.setDashPattern([9.0 / width, (4.0 + 0.4 * width) / width])


def pixels(font: QFont, size: int) -> QFont:
    """``font`` at a size in scene units: the same on every screen, whatever its dots per inch."""
    made = QFont(font)
    made.setPixelSize(size)
    return made
