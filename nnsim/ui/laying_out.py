"""Large changes of the window laid out once, and before anything of it is painted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QMainWindow


@contextmanager
def laid_out_once(window: QMainWindow) -> Iterator[None]:
    """Lay out at the end: else every widget that comes or goes has the whole window laid out at once."""
    layout = window.layout()
    assert layout is not None
    layout.setEnabled(False)
    try:
        yield
    finally:
        layout.setEnabled(True)
        layout.invalidate()
        lay_out()


def lay_out() -> None:
    """Lay everything out now. Else a scene with something new to show may have the window painted before."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.ApplicationFontChange)
    for _ in range(2):  # what has found its size in the first pass asks those around it for room
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
