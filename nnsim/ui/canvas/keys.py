"""What the keys do on the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from nnsim.ui.canvas.walk import Direction


class KeyTarget(Protocol):
    """What keys need of the canvas."""

    def walk(self, direction: Direction) -> None: ...
    def cycle_edges(self, by: int) -> None: ...
    def edit_selection(self) -> None: ...
    def remove_selection(self) -> None: ...
    def clear_selection(self) -> None: ...
    def rename_selected_layer(self) -> None: ...
    def resize_selected_layer(self, by: int) -> None: ...


_WALKS: dict[int, Direction] = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Home: "first",
    Qt.Key.Key_End: "last",
}


def obey(target: KeyTarget, event: QKeyEvent) -> None:
    """Arrows, Home, End walk · E and Shift+E go through the weights into a neuron · Enter edits ·
    Delete removes · Escape clears · F2 renames the layer · + and − resize it."""
    key = event.key()
    shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    if key in _WALKS:
        target.walk(_WALKS[key])
        return
    actions: dict[int, Callable[[], None]] = {
        Qt.Key.Key_E: lambda: target.cycle_edges(-1 if shift else 1),
        Qt.Key.Key_Return: target.edit_selection,
        Qt.Key.Key_Enter: target.edit_selection,
        Qt.Key.Key_Delete: target.remove_selection,
        Qt.Key.Key_Backspace: target.remove_selection,
        Qt.Key.Key_Escape: target.clear_selection,
        Qt.Key.Key_F2: target.rename_selected_layer,
        Qt.Key.Key_Plus: lambda: target.resize_selected_layer(1),
        Qt.Key.Key_Minus: lambda: target.resize_selected_layer(-1),
    }
    if key in actions:
        actions[key]()
