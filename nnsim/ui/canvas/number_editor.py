"""Editing a weight or a bias in the picture: opens the field, keeps it in place, commits the verb."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt

from nnsim.ui.canvas.commands import Commands
from nnsim.ui.canvas.inline_field import InlineField
from nnsim.ui.canvas.scene import NetworkScene
from nnsim.ui.canvas.surface import Surface
from nnsim.ui.selection import NOTHING, Selection

_LEAST, _MOST, _HEIGHT = 88, 184, 28  # the most shows all digits of a float64


class NumberEditor:
    """At most one field is open. It belongs to a selection and follows it while the picture moves."""

    def __init__(self, surface: Surface, scene: NetworkScene, commands: Commands) -> None:
        self._surface, self._scene, self._commands = surface, scene, commands
        self._field: InlineField | None = None
        self._selection = NOTHING
        surface.moved.connect(self.place)

    @property
    def field(self) -> InlineField | None:
        """The open field."""
        return self._field

    @property
    def selection(self) -> Selection:
        """What it edits."""
        return self._selection if self._field is not None else NOTHING

    def open(self, selection: Selection, label: str, value: float) -> None:
        """Open a field for the number of ``selection``, which is ``value`` now."""
        if self._scene.number_rect(selection) is None:
            return
        self.close()
        field = InlineField(self._surface.viewport(), label, value)
        self._field, self._selection = field, selection
        field.committed.connect(lambda number: self._commit(field, selection, number))
        field.textChanged.connect(lambda _text: self.place())
        field.closed.connect(lambda by_keyboard: self._on_closed(field, by_keyboard))
        self.place()
        field.show()
        field.setFocus(Qt.FocusReason.OtherFocusReason)  # selects everything

    def _commit(self, field: InlineField, selection: Selection, number: float) -> None:
        merge = field.merge_key(f"{selection}")
        if not self._commands.set_number(selection, number, merge):
            field.refuse("This number cannot be used here.")

    def _on_closed(self, field: InlineField, by_keyboard: bool) -> None:
        if self._field is field:
            self._field, self._selection = None, NOTHING
        if by_keyboard:
            self._surface.setFocus(Qt.FocusReason.OtherFocusReason)

    def close(self) -> None:
        """Close without taking over what is being typed."""
        if self._field is not None:
            self._field.finish()

    def place(self) -> None:
        """Follow the number; close if it has left the picture."""
        if self._field is None:
            return
        rect = self._scene.number_rect(self._selection)
        if rect is None:
            self.close()
            return
        at: QPointF = self._surface.on_screen(rect.center())
        area = self._surface.viewport().rect()
        needed = self._field.fontMetrics().horizontalAdvance(self._field.text()) + 34
        width = min(max(needed, _LEAST), _MOST)
        box = QRect(0, 0, width, _HEIGHT)
        box.moveCenter(at.toPoint())
        box.moveLeft(min(max(box.left(), 2), max(area.width() - width - 2, 2)))
        box.moveTop(min(max(box.top(), 2), max(area.height() - _HEIGHT - 2, 2)))
        self._field.setGeometry(box)
