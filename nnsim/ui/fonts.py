"""The program's own fonts, so that layouts and screenshots are the same everywhere."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFontDatabase

from nnsim.resources import resource_path

_KINDS = {".ttf", ".otf"}


def font_files(folder: Path | None = None) -> list[Path]:
    """The font files that come with the program, in order of their names."""
    folder = resource_path("fonts") if folder is None else folder
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in _KINDS)


def load_fonts(folder: Path | None = None) -> tuple[str, ...]:
    """Make the fonts known to Qt; returns the families loaded. Needs a ``QGuiApplication``.

    A file that Qt cannot read is left out: the system's fonts then take its place.
    """
    families: dict[str, None] = {}
    for file in font_files(folder):
        number = QFontDatabase.addApplicationFont(str(file))
        if number >= 0:
            families.update(dict.fromkeys(QFontDatabase.applicationFontFamilies(number)))
    return tuple(families)
