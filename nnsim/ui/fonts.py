"""The program's own fonts, so that layouts and screenshots are the same everywhere."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

from nnsim.resources import resource_path

_KINDS = {".ttf", ".otf"}
_TEXT_FAMILIES = ("Inter", "JetBrains Mono")
_SYMBOLS_FAMILY = "nnsim Symbols"


def font_files(folder: Path | None = None) -> list[Path]:
    """The font files that come with the program, in order of their names."""
    folder = resource_path("fonts") if folder is None else folder
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in _KINDS)


def load_fonts(folder: Path | None = None) -> tuple[str, ...]:
    """Make the fonts known to Qt; returns the families loaded. Needs a ``QGuiApplication``.

    A file that Qt cannot read is left out: the system's fonts then take its place. Letters that the
    text fonts lack, such as ⟲ or ᵀ, come from the symbols font, not from whatever the system has.
    """
    families: dict[str, None] = {}
    for file in font_files(folder):
        number = QFontDatabase.addApplicationFont(str(file))
        if number >= 0:
            families.update(dict.fromkeys(QFontDatabase.applicationFontFamilies(number)))
    for family in _TEXT_FAMILIES:
        if _SYMBOLS_FAMILY not in QFont.substitutes(family):
            QFont.insertSubstitution(family, _SYMBOLS_FAMILY)
    return tuple(families)
