"""The program's own fonts, so that text looks and measures the same on every machine."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

from nnsim.resources import resource_path

SYMBOLS_FAMILY = "nnsim Symbols"
_TEXT_FAMILIES = ("Inter", "JetBrains Mono")


def load_fonts() -> list[str]:
    """Make the shipped fonts known to Qt; returns the names of files that it could not read.

    Needs a ``QGuiApplication``. Letters that a text font lacks, mostly mathematical ones, then come
    from ``nnsim Symbols`` rather than from whatever the system has.
    """
    files = sorted(resource_path("fonts").glob("*.[ot]tf"))
    unread = [file.name for file in files if QFontDatabase.addApplicationFont(str(file)) < 0]
    for family in _TEXT_FAMILIES:
        if SYMBOLS_FAMILY not in QFont.substitutes(family):
            QFont.insertSubstitution(family, SYMBOLS_FAMILY)
    return unread
