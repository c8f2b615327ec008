"""Changing the weights and biases on the page: by dragging their numbers, or by typing others.

Object names: ``inline_field`` (see its file) in the view.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRect, Qt

from nnsim.core.explain.expression import Number, Symbol
from nnsim.core.explain.quantity import Quantity
from nnsim.ui.calculation.box import Spot
from nnsim.ui.calculation.view import CalculationView
from nnsim.ui.canvas.inline_field import InlineField
from nnsim.ui.controller import Controller
from nnsim.ui.links import selection_of
from nnsim.ui.parameter_drag import (
    ParameterDrag,
    give_parameter,
    how_to_drag,
    parameter_name,
    parameter_value,
)
from nnsim.ui.selection import NOTHING, Selection

_LEAST, _MOST, _HEIGHT = 88, 184, 28  # the most shows all digits of a float64


class Hand(QObject):
    """What pointer and keys do to the parameters among the numbers of a view."""

    def __init__(self, controller: Controller, view: CalculationView) -> None:
        super().__init__(view)
        self._controller, self._view = controller, view
        self._drag = ParameterDrag(controller, self)
        self._field: InlineField | None = None
        self._place, self._quantity = -1, Quantity("weight")
        self._giving = False
        view.can_change = lambda node: self.parameter(node) != NOTHING
        view.seized.connect(self._on_seized)
        view.dragged.connect(self._drag.move)
        view.let_go.connect(self._drag.release)
        view.change_wanted.connect(self._open)
        view.replaced.connect(self._follow)

    @property
    def field(self) -> InlineField | None:
        """The field that is open over a number."""
        return self._field

    def parameter(self, node: Number | Symbol) -> Selection:
        """The edge of a weight or the neuron of a bias, where the number is its present value:
        a value that an update has replaced, or has yet to give it, cannot be changed."""
        q = node.quantity
        if not isinstance(node, Number) or q is None or q.kind not in ("weight", "bias"):
            return NOTHING
        found = selection_of(self._controller.project, q)
        same = found != NOTHING and parameter_value(self._controller, found) == node.value
        return found if same else NOTHING

    def tell(self, node: Number | Symbol) -> str:
        """A line for the number's tool tip; empty where it cannot be changed."""
        found = self.parameter(node)
        return "" if found == NOTHING else f"{how_to_drag(self._controller, found)} Double-click to type."

    def _on_seized(self, node: Number, at: QPointF) -> None:
        self._drag.press(self.parameter(node), at)

    # -- typing -----------------------------------------------------------------------------------

    def _open(self, spot: Spot) -> None:
        page, found = self._view.page, self.parameter(spot.node)
        if page is None or found == NOTHING or not isinstance(spot.node, Number):
            return
        self.close()
        field = InlineField(self._view, parameter_name(self._controller.view.names, found), spot.node.value)
        self._field, self._quantity = field, spot.node.quantity or self._quantity
        self._place = page.numbers().index(spot)
        field.committed.connect(lambda number: self._give(field, found, number))
        field.textChanged.connect(lambda _text: self._put(field))
        field.closed.connect(lambda by_keyboard: self._on_closed(field, by_keyboard))
        self._put(field)
        field.show()
        field.setFocus(Qt.FocusReason.OtherFocusReason)  # selects everything

    def _give(self, field: InlineField, selection: Selection, number: float) -> None:
        self._giving = True
        try:
            if not give_parameter(self._controller, selection, number, field.merge_key(f"{selection}")):
                field.refuse("This number cannot be used here.")
        finally:
            self._giving = False

    def _on_closed(self, field: InlineField, by_keyboard: bool) -> None:
        if self._field is field:
            self._field = None
        if by_keyboard or self._giving:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def close(self) -> None:
        """Close without taking over what is being typed."""
        if self._field is not None:
            self._field.finish()

    def _follow(self) -> None:
        """Stay over the number on a page set anew; close where another stands there."""
        if self._field is not None and self._spot() is None:
            self.close()
        elif self._field is not None:
            self._put(self._field)

    def _spot(self) -> Spot | None:
        numbers = self._view.page.numbers() if self._view.page is not None else ()
        found = numbers[self._place] if self._place < len(numbers) else None
        return found if found is not None and found.node.quantity == self._quantity else None

    def _put(self, field: InlineField) -> None:
        spot, area = self._spot(), self._view.rect()
        if spot is None:
            return
        needed = field.fontMetrics().horizontalAdvance(field.text()) + 34
        box = QRect(0, 0, min(max(needed, _LEAST), _MOST), _HEIGHT)
        box.moveCenter(self._view.rect_of(spot).center().toPoint())
        box.moveLeft(min(max(box.left(), 2), max(area.width() - box.width() - 2, 2)))
        box.moveTop(min(max(box.top(), 2), max(area.height() - _HEIGHT - 2, 2)))
        field.setGeometry(box)
