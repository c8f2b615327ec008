"""The canvas by real events: keyboard, zoom, pan, and layers too large to show whole."""

from __future__ import annotations

import re
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt

from nnsim.model.edits.structure import add_layer, set_layer_size
from nnsim.ui.canvas.layout import LEAST_ZOOM, MOST_ZOOM
from nnsim.ui.selection import NOTHING, Selection

NEURON, EDGE, LAYER = Selection.of_neuron, Selection.of_edge, Selection.of_layer
W1 = EDGE("C1", 0, 0)


# -- keyboard -------------------------------------------------------------------------------------


def test_tab_reaches_the_headers_once_and_then_the_network(hands: Any) -> None:
    hands.header("L0").name.setFocus()
    hands.bench.qtbot.keyClick(hands.focus(), Qt.Key.Key_Tab)
    assert hands.focus() is hands.surface
    hands.bench.qtbot.keyClick(hands.surface, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert hands.focus() is hands.header("L0").name


def test_arrows_walk_the_buttons_of_the_band(hands: Any) -> None:
    first = hands.header("L0").name
    first.setFocus()
    names = []
    for _ in range(5):
        names.append(hands.focus().objectName())
        hands.bench.qtbot.keyClick(hands.focus(), Qt.Key.Key_Right)
    assert names == ["layer_name", "layer_minus", "layer_count", "layer_plus", "layer_insert"]
    hands.bench.qtbot.keyClick(hands.focus(), Qt.Key.Key_Home)
    assert hands.focus() is first


def test_arrows_walk_the_network_and_enter_edits(hands: Any) -> None:
    hands.press(Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down)
    assert hands.controller.selection == NEURON("L1", 1)
    hands.press(Qt.Key.Key_Return)
    hands.type("0.125")
    assert hands.project.parameters.biases["L1"][1] == 0.125
    hands.press(Qt.Key.Key_E, Qt.Key.Key_E)
    assert hands.controller.selection == EDGE("C1", 1, 1)
    hands.press(Qt.Key.Key_Return)
    hands.type("-2")
    assert hands.project.parameters.weights["C1"][1, 1] == -2.0
    hands.press(Qt.Key.Key_Escape)
    assert hands.controller.selection == NOTHING


def test_delete_removes_the_selected_neuron_and_selects_its_neighbour(hands: Any) -> None:
    hands.controller.select(NEURON("L1", 1))
    hands.press(Qt.Key.Key_Delete)
    assert hands.project.layer("L1").size == 1 and hands.controller.selection == NEURON("L1", 0)
    hands.press(Qt.Key.Key_Delete)
    assert hands.project.layer("L1").size == 1
    assert hands.bench.notices and hands.bench.notices[-1][1] == "error"


def test_plus_and_minus_resize_the_selected_layer(hands: Any) -> None:
    hands.controller.select(LAYER("L1"))
    hands.press(Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Minus)
    assert hands.project.layer("L1").size == 3


def test_space_is_left_to_the_window(hands: Any) -> None:
    heard: list[int] = []
    hands.canvas.keyPressEvent = lambda event: heard.append(event.key())
    hands.press(Qt.Key.Key_Space)
    assert heard == [Qt.Key.Key_Space]


def test_the_keyboards_place_is_visible_and_a_mouse_needs_no_ring(hands: Any) -> None:
    def ring() -> bool:
        image = hands.viewport.grab().toImage()
        return image.pixelColor(image.width() // 2, 2).name() == hands.theme.tokens.focus

    hands.header("L0").name.setFocus()
    assert not ring()
    hands.surface.setFocus(Qt.FocusReason.TabFocusReason)
    assert ring()
    hands.click(hands.neuron_at("L1", 0))
    assert not ring()


def test_a_screen_reader_is_told_what_is_selected(hands: Any) -> None:
    assert hands.surface.accessibleName() == "Network"
    hands.controller.select(NEURON("L2", 0))
    said = hands.surface.accessibleDescription()
    assert "Neuron o₁" in said and "a 0.7514" in said and "b 0.6" in said
    hands.controller.select(W1)
    assert "h₁ ← x₁" in hands.surface.accessibleDescription()
    buttons = [b for layer in ("L0", "L1", "L2") for b in hands.header(layer).buttons()]
    assert all(button.accessibleName() for button in buttons)


# -- zoom and pan ---------------------------------------------------------------------------------


def test_the_wheel_zooms_around_the_pointer_within_limits(hands: Any) -> None:
    at = hands.neuron_at("L1", 0)
    hands.wheel(at, 120)
    assert hands.canvas.zoom() == pytest.approx(1.2)
    moved = hands.neuron_at("L1", 0) - at
    assert abs(moved.x()) <= 2 and abs(moved.y()) <= 2
    for _ in range(40):
        hands.surface.zoom_by(1.5, QPointF(at))
    assert hands.canvas.zoom() == pytest.approx(MOST_ZOOM)
    for _ in range(60):
        hands.surface.zoom_by(0.7, QPointF(at))
    assert hands.canvas.zoom() == pytest.approx(LEAST_ZOOM)


def test_dragging_the_background_or_the_middle_button_moves_the_picture(hands: Any) -> None:
    before = hands.neuron_at("L0", 0)
    hands.drag(QPoint(200, 330), QPoint(240, 310))
    assert hands.neuron_at("L0", 0) - before == QPoint(40, -20)
    start = hands.neuron_at("L1", 0)
    hands.drag(start, start + QPoint(-40, 20), Qt.MouseButton.MiddleButton)
    assert hands.neuron_at("L0", 0) == before
    assert hands.controller.selection == NOTHING


def test_headers_stand_over_their_columns_however_the_picture_is_moved(hands: Any) -> None:
    def off(layer: str) -> int:
        header = hands.header(layer)
        middle = header.mapTo(hands.canvas, QPoint(header.width() // 2, 0)).x()
        return abs(middle - hands.neuron_at(layer, 0).x())

    hands.drag(QPoint(200, 330), QPoint(290, 310))
    hands.wheel(QPoint(300, 100), -120)
    assert all(off(layer) <= 2 for layer in ("L0", "L1", "L2"))


def test_the_picture_cannot_be_lost_out_of_view(hands: Any) -> None:
    for _ in range(20):
        hands.surface.pan_by(QPointF(900, 900))
    layout = hands.canvas.arrangement
    corner = hands.surface.on_screen(QPointF(0, 0))
    assert corner.x() < hands.viewport.width() and corner.y() < hands.viewport.height()
    assert layout is not None


def test_a_new_structure_is_fitted_unless_the_user_has_zoomed(hands: Any) -> None:
    hands.controller.edit("Add", set_layer_size, "L1", 9)
    hands.settle()
    assert hands.viewport.rect().contains(hands.neuron_at("L1", 8))
    hands.wheel(QPoint(10, 10), 360)
    zoom = hands.canvas.zoom()
    hands.controller.edit("Add", add_layer, "L1")
    hands.settle()
    assert hands.canvas.zoom() == zoom and hands.canvas.zoom_bar.isVisible()
    hands.canvas.fit()
    assert not hands.canvas.zoom_bar.isVisible()
    assert all(hands.viewport.rect().contains(hands.neuron_at(*key)) for key in hands.canvas.scene.neurons)


def test_resizing_the_window_fits_the_network_again(hands: Any) -> None:
    hands.canvas.resize(QSize(1200, 800))
    hands.settle()
    zoom = hands.canvas.zoom()
    assert zoom > 1.0
    hands.canvas.resize(QSize(520, 300))
    hands.settle()
    assert hands.canvas.zoom() < zoom
    assert all(hands.viewport.rect().contains(hands.neuron_at(*key)) for key in hands.canvas.scene.neurons)


def test_actual_size_is_one_pixel_a_unit(hands: Any) -> None:
    hands.canvas.zoom_in()
    hands.canvas.zoom_out()
    hands.canvas.zoom_in()
    hands.canvas.actual_size()
    assert hands.canvas.zoom() == pytest.approx(1.0)


# -- large layers ---------------------------------------------------------------------------------


def test_a_long_layer_is_shortened_and_a_click_on_its_mark_opens_it(open_canvas: Any, wide: Any) -> None:
    hands = open_canvas(wide(60, 32, 10))
    marks = {layer: mark for (layer, _), mark in hands.canvas.scene.marks.items()}
    assert marks["L0"].text == "⋯ 50 more" and marks["L1"].text == "⋯ 22 more"
    assert ("L0", 30) not in hands.canvas.scene.neurons
    hands.click(hands.on_screen(marks["L0"].pos()))
    assert ("L0", 30) in hands.canvas.scene.neurons
    closing = next(mark for (layer, _), mark in hands.canvas.scene.marks.items() if layer == "L0")
    assert closing.text == "show fewer"
    hands.click(hands.on_screen(closing.pos()))
    assert ("L0", 30) not in hands.canvas.scene.neurons


def test_a_hidden_neuron_that_is_selected_is_shown(open_canvas: Any, wide: Any) -> None:
    hands = open_canvas(wide(64, 32, 10))
    hands.controller.select(EDGE("C1", 17, 40))
    assert ("L0", 40) in hands.canvas.scene.neurons and ("L1", 17) in hands.canvas.scene.neurons
    assert [edge.focused for edge in hands.canvas.scene.edges.highlight.lit] == [True]


def test_walking_down_a_long_layer_never_ends_at_its_mark(open_canvas: Any, wide: Any) -> None:
    hands = open_canvas(wide(40, 2, 1))
    hands.controller.select(NEURON("L0", 0))
    hands.press(*[Qt.Key.Key_Down] * 20)
    assert hands.controller.selection == NEURON("L0", 20)
    assert ("L0", 20) in hands.canvas.scene.neurons


def test_of_very_many_edges_only_the_strongest_are_drawn_but_all_of_the_selected_neuron(
    open_canvas: Any,
    wide: Any,
) -> None:
    hands = open_canvas(wide(30, 30, 30))
    for layer in ("L0", "L1", "L2"):
        hands.canvas.toggle_layer(layer)
    hands.settle()
    items = hands.canvas.scene.edges.connections.values()
    assert sum(len(item.drawn) for item in items) == 1500 < 2 * 30 * 30
    hands.controller.select(NEURON("L1", 5))
    assert len(hands.canvas.scene.edges.highlight.lit) == 30


@pytest.mark.parametrize("size", [(700, 420), (1500, 900)])
@pytest.mark.parametrize("sizes", [(1, 1, 1), (2, 2, 2), (2, 8, 8, 8, 1), (64, 32, 10)])
def test_no_text_in_the_headers_is_cut_or_covered(
    open_canvas: Any, wide: Any, sizes: tuple[int, ...], size: tuple[int, int]
) -> None:
    hands = open_canvas(wide(*sizes), *size)
    right = 0
    for layer in hands.project.layers:
        header = hands.header(layer.id)
        for button in (header.name, header.activation):
            if not button.isHidden():
                assert button.width() >= button.full_width()
        spread = header.childrenRect()
        assert spread.width() <= header.width()
        assert header.x() >= right - 1
        right = header.x() + header.width()
    assert re.fullmatch(r"\d+", hands.header("L0").count.text())
