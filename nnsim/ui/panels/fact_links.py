"""Rows of numbers tied to what is pointed at: a quantity lights up in them, and they light it up."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject

from nnsim.core.explain.quantity import Quantity
from nnsim.ui.controller import Controller
from nnsim.ui.panels.facts import FactList, FactRow


class FactLinks(QObject):
    """Ties the rows of a list, by their keys, to quantities. A click asks how a number comes about."""

    def __init__(self, controller: Controller, facts: FactList) -> None:
        super().__init__(facts)
        self._controller, self._facts = controller, facts
        self._quantities: dict[str, Quantity] = {}
        controller.quantity_changed.connect(self._light)

    def tie(self, quantities: Mapping[str, Quantity]) -> None:
        """These rows show these quantities from now on."""
        for key in quantities:
            if key not in self._quantities:
                self._connect(key, self._facts[key])
        self._quantities = dict(quantities)
        self._light(self._controller.quantity)

    def _connect(self, key: str, row: FactRow) -> None:
        row.pointed.connect(lambda inside: self._point(key, inside))
        row.clicked.connect(lambda: self._ask(key))

    def _point(self, key: str, inside: bool) -> None:
        quantity = self._quantities.get(key)
        if inside:
            self._controller.set_quantity(quantity)
        elif self._controller.quantity == quantity:
            self._controller.set_quantity(None)

    def _ask(self, key: str) -> None:
        quantity = self._quantities.get(key)
        if quantity is not None:
            self._controller.ask(quantity)

    def _light(self, quantity: Quantity | None) -> None:
        for key, own in self._quantities.items():
            self._facts[key].set_lit(quantity is not None and own == quantity)
