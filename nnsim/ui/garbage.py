"""Python's garbage collection, in the window's thread only.

A collection that starts by itself in the engine's thread would free Qt objects there, which ends
the program. So automatic collection is off, and a timer of the window collects instead.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 1000


class GarbageCollection(QObject):
    """While it lives, collects what automatic collection would have collected."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def freeze(self) -> None:
        """What exists now stays for good and need not be looked at again (start-up is over)."""
        gc.freeze()

    def collect(self) -> int:
        """Collect the oldest generation that is due; returns its number, −1 for none."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return generation
        return -1

    def stop(self) -> None:
        """Back to automatic collection (when the engine's thread has ended)."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
