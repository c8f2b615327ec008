"""Looked at closely, the cells of a matrix and of a picture say their numbers."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from nnsim.model.edits.parameters import set_weight
from nnsim.ui.canvas.inks import Inks
from nnsim.ui.canvas.readable import contrast
from nnsim.ui.selection import Selection
from nnsim.ui.theme import Theme

EDGE = Selection.of_edge
NOTCH = 120


@pytest.fixture
def dense(open_canvas: Any, wide: Any) -> Any:
    """40-30-2 with both long layers opened, so that the first connection is a matrix."""
    hands = open_canvas(wide(40, 30, 2), 900, 560)
    for layer in ("L0", "L1"):
        hands.canvas.toggle_layer(layer)
    hands.settle()
    return hands


def numbers(hands: Any) -> Any:
    return hands.canvas.scene.edges.matrices["C1"].numbers


def weights(hands: Any) -> Any:
    return hands.controller.snapshot.parameters.weights["C1"]


def look_at(hands: Any, target: Any, zoom: float) -> None:
    """Have the middle of an item or rectangle in the middle of the view, at a zoom, and wait for rest."""
    hands.surface.zoom_by(zoom / hands.canvas.zoom())
    hands.surface.centerOn(target.center() if isinstance(target, QRectF) else target)
    hands.bench.qtbot.waitUntil(lambda: not hands.canvas.scene.zooming.active)
    hands.settle()
    hands.viewport.grab()


def cell_rect(hands: Any, target: int, source: int) -> QRectF:
    rect = hands.canvas.scene.edges._matrix_places["C1"].rect_of(target, source)
    assert rect is not None
    return rect


def on_screen(hands: Any, rect: QRectF) -> QRectF:
    return hands.surface.viewportTransform().mapRect(rect)


def test_from_afar_a_matrix_has_no_numbers(dense: Any) -> None:
    dense.viewport.grab()
    assert not numbers(dense).isVisible() and numbers(dense).written == {}


@pytest.mark.parametrize("zoom", [4.0, 8.0], ids=["turned", "upright"])
def test_from_near_every_cell_in_view_says_its_weight_and_no_other_is_asked(dense: Any, zoom: float) -> None:
    look_at(dense, cell_rect(dense, 15, 20), zoom)
    view = QRectF(dense.viewport.rect())
    seen = {
        (t, s)
        for t in range(30)
        for s in range(40)
        if on_screen(dense, cell_rect(dense, t, s)).intersected(view).isValid()
    }
    written = numbers(dense).written
    assert 20 < len(seen) < 1000 and written.keys() == seen
    for (target, source), text in written.items():
        w = weights(dense)[target, source]
        assert abs(float(text.replace("−", "-")) - w) <= 0.005 and len(text) <= 6


def test_a_cell_is_painted_in_its_colour_with_an_ink_on_it(dense: Any) -> None:
    look_at(dense, cell_rect(dense, 15, 20), 8.0)
    image = dense.viewport.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    box = on_screen(dense, cell_rect(dense, 15, 20)).toAlignedRect().adjusted(2, 2, -2, -2)
    ground = dense.canvas.scene.edges.matrices["C1"].pixels[15, 20]
    found = {
        image.pixel(x, y) for x in range(box.left(), box.right()) for y in range(box.top(), box.bottom())
    }
    assert int(ground) in found
    assert max(contrast(QColor(pixel), QColor(int(ground))) for pixel in found) > 3.5  # strokes are thin


def test_a_number_follows_an_edit(dense: Any) -> None:
    look_at(dense, cell_rect(dense, 15, 20), 8.0)
    dense.controller.edit("Edit", set_weight, "C1", 15, 20, -1.25)
    dense.settle()
    dense.viewport.grab()
    assert numbers(dense).written[15, 20] == "−1.25"


def test_numbers_follow_training(dense: Any) -> None:
    look_at(dense, cell_rect(dense, 15, 20), 8.0)
    before = dict(numbers(dense).written)
    session = dense.controller.session
    session.set_speed(None)
    session.run()

    def changed() -> bool:
        session.pull()
        QApplication.processEvents()
        return numbers(dense).written != before

    dense.bench.qtbot.waitUntil(changed, timeout=20_000)
    session.pause()
    dense.settle()
    dense.viewport.grab()
    text = numbers(dense).written[15, 20]
    assert abs(float(text.replace("−", "-")) - weights(dense)[15, 20]) <= 0.005


def test_clicking_a_number_selects_its_weight_and_a_double_click_edits_it(dense: Any) -> None:
    look_at(dense, cell_rect(dense, 15, 20), 8.0)
    at = on_screen(dense, cell_rect(dense, 15, 20)).center().toPoint()
    dense.click(at)
    assert dense.controller.selection == EDGE("C1", 15, 20)
    dense.double_click(at)
    dense.type("0.75")
    assert dense.project.parameters.weights["C1"][15, 20] == 0.75


def test_numbers_stay_while_the_wheel_turns(dense: Any) -> None:
    look_at(dense, cell_rect(dense, 15, 20), 6.0)
    middle = dense.viewport.rect().center()
    for angle in (NOTCH, -NOTCH, -NOTCH):
        dense.wheel(middle, angle)
        dense.viewport.grab()
        assert dense.canvas.scene.zooming.active and len(numbers(dense).written) > 20


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_ink_reads_on_its_cell(qapp: Any, mode: Any) -> None:
    inks = Inks(Theme(mode))
    ratios = [contrast(inks.on(int(c)), QColor(int(c))) for c in inks.picture_table]
    assert min(ratios) >= 4.5


def test_a_picture_says_its_values(open_canvas: Any, wide: Any) -> None:
    hands = open_canvas(wide(64, 20, 3), 900, 560)
    image = hands.canvas.scene.images["L0"]
    hands.viewport.grab()
    assert image.written == {}
    look_at(hands, image, 4.0)
    a = hands.controller.snapshot.probe.a[0].reshape(8, 8)
    assert len(image.written) >= 20
    for at, text in image.written.items():
        assert abs(float(text.replace("−", "-")) - a[at]) <= 0.005


def test_the_weights_into_a_neuron_are_said_where_its_picture_is_large(open_canvas: Any, wide: Any) -> None:
    hands = open_canvas(wide(36, 4, 2), 1500, 900)
    neuron = hands.canvas.scene.neurons["L1", 1]
    look_at(hands, neuron, 8.0)
    w = weights(hands)[1].reshape(6, 6)
    assert {(r, c) for r in range(1, 5) for c in range(1, 5)} <= neuron.written.keys()
    assert (0, 0) not in neuron.written  # the round corner would cut it
    for at, text in neuron.written.items():
        assert abs(float(text.replace("−", "-")) - w[at]) <= 0.005


def test_on_a_fine_screen_too_only_what_is_in_view_is_written(dense: Any) -> None:
    look_at(dense, cell_rect(dense, 15, 20), 8.0)
    plain = set(numbers(dense).written)
    image = QImage(dense.viewport.size() * 2, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2.0)
    dense.viewport.render(image)
    assert numbers(dense).written.keys() == plain


def test_a_cell_longer_than_the_view_has_its_number_in_view(open_canvas: Any, wide: Any) -> None:
    hands = open_canvas(wide(2, 128, 10), 900, 420)
    hands.canvas.toggle_layer("L1")
    hands.settle()
    place = hands.canvas.scene.edges._matrix_places["C2"]
    cell = place.rect_of(5, 64)
    look_at(hands, QRectF(cell.left(), cell.top() + 2, cell.width(), 1.0), 8.0)
    view = QRectF(hands.viewport.rect())
    hands.surface.pan_by(QPointF(0.0, view.top() - hands.surface.on_screen(cell.topLeft()).y()))
    assert on_screen(hands, cell).height() > view.height()
    image = hands.viewport.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    box = on_screen(hands, cell).intersected(view).toAlignedRect().adjusted(3, 3, -3, -3)
    columns, rows = range(box.left(), box.right()), range(box.top(), box.bottom())
    colours = {image.pixel(x, y) for x in columns for y in rows}
    assert len(colours) > 5
