"""Wherever a weight or a bias is dragged in the window, it is the same act with the same result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from nnsim.core.explain.expression import Number
from nnsim.core.explain.quantity import Quantity
from nnsim.io.project_file import save
from nnsim.ui.panels.form import FormRow
from nnsim.ui.selection import Selection

Place = tuple[QWidget, QPoint]
W1, H1 = Selection.of_edge("C1", 0, 0), Selection.of_neuron("L1", 0)


@pytest.fixture
def page(open_page: Callable[..., Any], worked_example: Callable[..., Any], tmp_path: Path) -> Any:
    path = tmp_path / "example.nnsim"
    save(path, worked_example())
    return open_page(str(path), size=(1600, 1000))


def drag(page: Any, place: Place, pixels: int, keys: str = "") -> None:
    """Press, move and release; or press a key before the release."""
    widget, at = place
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, way in (
        (QEvent.Type.MouseButtonPress, 0),
        (QEvent.Type.MouseMove, pixels // 2),
        (QEvent.Type.MouseMove, pixels),
        (QEvent.Type.MouseButtonRelease, pixels),
    ):
        if keys and kind == QEvent.Type.MouseButtonRelease:
            page.press(keys)
        to = at + QPoint(way, 0)
        button = none if kind == QEvent.Type.MouseMove else left
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        event = QMouseEvent(
            kind, QPointF(to), QPointF(widget.mapToGlobal(to)), button, held, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(widget, event)
        page.wait_until_idle()


def in_picture(page: Any, selection: Selection) -> Place:
    surface = page.window.canvas.surface
    rect = page.window.canvas.scene.number_rect(selection)
    return surface.viewport(), surface.on_screen(rect.center()).toPoint()


def in_calculation(page: Any, quantity: Quantity) -> Place:
    page.controller.select(H1)
    page.wait_until_idle()
    page.find("dock_calculation").raise_()
    view = page.find("calculation_view")
    page.wait_until(view.isVisible)
    spot = next(s for s in view.page.spots if isinstance(s.node, Number) and s.node.quantity == quantity)
    return view, view.rect_of(spot).center().toPoint()


def in_panel(page: Any, field: str, selection: Selection) -> Place:
    page.controller.select(selection)
    page.wait_until_idle()
    row = page.find(field).parent()
    assert isinstance(row, FormRow)
    return row.label, QPoint(5, row.label.height() // 2)


WEIGHT_PLACES = {
    "picture": lambda page: in_picture(page, W1),
    "calculation": lambda page: in_calculation(page, Quantity("weight", 1, 0, 0, 0)),
    "panel": lambda page: in_panel(page, "edge_weight", W1),
}
BIAS_PLACES = {
    "picture": lambda page: in_picture(page, H1),
    "calculation": lambda page: in_calculation(page, Quantity("bias", 1, 0)),
    "panel": lambda page: in_panel(page, "neuron_bias", H1),
}


def test_a_weight_is_the_same_by_all_ways(page: Any) -> None:
    first = page.project
    for way, place in WEIGHT_PLACES.items():
        drag(page, place(page), 30)
        assert page.project.parameters.weights["C1"].tolist() == [[0.3, 0.2], [0.25, 0.3]], way
        assert page.session.undo_label == "Weight h₁ ← x₁"
        page.press("Ctrl+Z")
        page.wait_until_idle()
        assert page.project is first and not page.session.can_undo, way


def test_a_bias_is_the_same_by_all_ways(page: Any) -> None:
    first = page.project
    for way, place in BIAS_PLACES.items():
        drag(page, place(page), -20)
        assert page.project.parameters.biases["L1"].tolist() == [0.25, 0.35], way
        assert page.session.undo_label == "Bias of h₁"
        page.press("Ctrl+Z")
        page.wait_until_idle()
        assert page.project is first and not page.session.can_undo, way


@pytest.mark.parametrize("way", list(WEIGHT_PLACES))
def test_escape_takes_it_back_whoever_has_the_keyboard(page: Any, way: str) -> None:
    first = page.project
    drag(page, WEIGHT_PLACES[way](page), 40, keys="Esc")
    assert page.project is first and not page.session.can_undo and not page.session.can_redo


def test_a_drag_of_a_few_pixels_is_a_click_everywhere(page: Any) -> None:
    first = page.project
    for place in (*WEIGHT_PLACES.values(), *BIAS_PLACES.values()):
        drag(page, place(page), 3)
        assert page.project is first
