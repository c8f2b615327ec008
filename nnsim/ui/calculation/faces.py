"""The fonts mathematics is set in, with their measures, made once for a theme and text size."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtGui import QFont, QFontMetricsF

from nnsim.ui.theme import Theme

_POINTS = 9.75
# Sizes by level: a line, the parts of a fraction, sub- and superscripts, and those within them.
_SCALES = (1.0, 0.92, 0.76, 0.62)
_AXIS = 0.30  # where fraction bars and minus signs are, in ems above the base line
SCRIPTS = 2  # how many levels a sub- or superscript is smaller


class Face(StrEnum):
    """What a piece of text is: words, numbers (weighty where they are the result), symbols, signs."""

    WORD = "word"
    NUMBER = "number"
    RESULT = "result"
    SYMBOL = "symbol"


class Faces:
    """Fonts by face and level, and the widths of texts in them. All lengths in pixels."""

    def __init__(self, theme: Theme, points: float = _POINTS) -> None:
        self._fonts: dict[tuple[Face, int], QFont] = {}
        self._metrics: dict[tuple[Face, int], QFontMetricsF] = {}
        self._widths: dict[tuple[Face, int, str], float] = {}
        for level, scale in enumerate(_SCALES):
            italic = theme.ui_font(points * scale)
            italic.setStyle(QFont.Style.StyleOblique)
            fonts = {
                Face.WORD: theme.ui_font(points * scale),
                Face.NUMBER: theme.mono_font(points * scale),
                Face.RESULT: theme.mono_font(points * scale, QFont.Weight.Bold),
                Face.SYMBOL: italic,
            }
            for face, font in fonts.items():
                font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
                self._fonts[face, level] = font
                self._metrics[face, level] = QFontMetricsF(font)

    def font(self, face: Face, level: int) -> QFont:
        return self._fonts[face, level]

    def width(self, text: str, face: Face, level: int) -> float:
        """How far the pen goes."""
        key = (face, level, text)
        found = self._widths.get(key)
        if found is None:
            found = self._metrics[face, level].horizontalAdvance(text)
            if face is Face.SYMBOL:
                found += 0.06 * self.em(level)  # slanted letters lean out of their advance
            self._widths[key] = found
        return found

    def ascent(self, level: int) -> float:
        """Height of capitals and digits, with a little air; the same for all faces of a level."""
        return self._metrics[Face.NUMBER, level].capHeight() + 0.12 * self.em(level)

    def descent(self, level: int) -> float:
        return 0.24 * self.em(level)

    def em(self, level: int) -> float:
        """The size of the letters."""
        metrics = self._metrics[Face.WORD, level]
        return metrics.ascent() / 0.97  # of Inter; a font that replaces it differs by little

    def axis(self, level: int) -> float:
        """How far above the base line bars of fractions and the middles of operators are."""
        return _AXIS * self.em(level)

    def smaller(self, level: int, steps: int = 1) -> int:
        return min(level + steps, len(_SCALES) - 1)
