"""Who draws in this frame: during a run, the views beside the canvas take turns.

A plot or a table costs as much to draw as the whole canvas, and together they would take the
interpreter away from the training that they show. So in every frame of a run one of them draws the
newest numbers, in rotation; when nothing runs, all do.
"""

from __future__ import annotations

import weakref

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid


class Turns:
    """Views :meth:`join` once and ask :meth:`has` whenever there are new numbers."""

    def __init__(self) -> None:
        self._views: list[weakref.ref[QWidget]] = []
        self._holder: QWidget | None = None
        self._next = 0

    def join(self, view: QWidget) -> None:
        """Take part in the rotation for as long as ``view`` lives."""
        self._views.append(weakref.ref(view))

    def go_on(self, running: bool) -> None:
        """A frame begins: the turn goes to the next view that can be seen, or is everybody's."""
        self._holder = None
        if not running:
            return
        for _ in range(len(self._views)):
            self._next %= len(self._views)
            view = self._views[self._next]()
            if view is None or not isValid(view):
                del self._views[self._next]
                continue
            self._next += 1
            if view.isVisible():
                self._holder = view
                return

    def has(self, view: QWidget) -> bool:
        """Whether ``view`` is to draw in this frame."""
        return self._holder is None or self._holder is view
