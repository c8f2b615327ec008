"""Hands to use the calculation panel with: real events at the places of its numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QPushButton

from nnsim.core.explain.expression import Number
from nnsim.engine.messages import Granularity
from nnsim.ui.calculation.box import Spot
from nnsim.ui.calculation.panel import CalculationPanel
from nnsim.ui.selection import Selection

OPERATION = Granularity.OPERATION


class Hands:
    """A panel on a bench, and gestures on its numbers."""

    def __init__(self, bench: Any, width: int = 320, height: int = 260) -> None:
        self.bench, self.controller = bench, bench.controller
        self.panel: CalculationPanel = bench.show(CalculationPanel, width, height)
        self.view = self.panel.view

    def step(self, times: int = 1) -> None:
        for _ in range(times):
            self.controller.step(OPERATION)
            self.bench.settle()

    def select(self, selection: Selection) -> None:
        self.controller.select(selection)
        self.bench.settle()

    def pick(self, key: str) -> None:
        self.bench.click(self.bench.find(QPushButton, f"calculation_pick_{key}"))

    def offered(self) -> dict[str, bool]:
        """The numbers that can be picked, and whether they can be now."""
        buttons = self.panel.picker.findChildren(QPushButton)
        return {b.objectName()[17:]: b.isEnabled() for b in buttons if b.isVisible()}

    def spots(self) -> list[Spot]:
        assert self.view.page is not None
        return list(self.view.page.spots)

    def number(self, value: float) -> Spot:
        return next(
            s
            for s in self.spots()
            if isinstance(s.node, Number) and s.node.value == pytest.approx(value, rel=1e-6)
        )

    def at(self, spot: Spot) -> QPoint:
        return self.view.rect_of(spot).center().toPoint()

    def click(self, spot: Spot) -> None:
        self.bench.click(self.view, pos=self.at(spot))

    def point(self, at: QPoint) -> None:
        """Move the pointer, no button held."""
        none = Qt.MouseButton.NoButton
        where = QPointF(at)
        move = QMouseEvent(
            QEvent.Type.MouseMove, where, QPointF(self.view.mapToGlobal(at)), none, none,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(self.view, move)

    def press(self, key: Qt.Key, control: bool = False) -> None:
        held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        self.bench.qtbot.keyClick(self.view, key, held)
        self.bench.settle()

    def clipboard(self) -> str:
        return QGuiApplication.clipboard().text()


@pytest.fixture
def open_panel(open_bench: Callable[..., Any], worked_example: Callable[..., Any]) -> Callable[..., Hands]:
    """``open_panel(width=320, **training)``: a panel over the worked example."""

    def open_one(width: int = 320, height: int = 260, **training: Any) -> Hands:
        return Hands(open_bench(worked_example(**training)), width, height)

    return open_one


@pytest.fixture
def hands(open_panel: Callable[..., Hands]) -> Hands:
    return open_panel()
