"""Inputs that are the pixels of an image: the sample as a picture, and the weights of every neuron."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from nnsim.model.edits.parameters import set_weight
from nnsim.model.prepared import prepare, samples_of
from nnsim.ui.canvas.picture_choice import image_side
from nnsim.ui.canvas.pictures import value_picture
from nnsim.ui.canvas.rows import rows_of
from nnsim.ui.selection import Selection

NEURON = Selection.of_neuron


@pytest.mark.parametrize(
    ("inputs", "side"), [(784, 28), (64, 8), (36, 6), (25, 0), (63, 0), (2, 0)], ids=lambda v: str(v)
)
def test_a_square_number_of_columns_can_be_an_image(wide: Any, inputs: int, side: int) -> None:
    project = wide(inputs, 3, 1)
    assert image_side(project, prepare(project, samples_of(project.data))) == side
    assert image_side(project, None) == 0


def test_a_picture_of_values_keeps_every_value_apart_and_measures_by_the_largest() -> None:
    made = value_picture(np.array([[[0.0, 2.0], [-2.0, np.nan]]]), np.arange(256, dtype=np.uint32))
    assert made.pixels.tolist() == [[128, 255], [0, 128]] and not made.smooth


def test_a_pictured_layer_leaves_room_for_its_picture_until_it_is_opened() -> None:
    closed, opened = rows_of(64, pictured=True), rows_of(64, opened=True, pictured=True)
    assert [r.neuron for r in closed if r.neuron >= 0] == [0, 1, 62, 63]
    assert sum(r.hidden for r in closed) == 60 and any(r.room for r in closed)
    assert not any(r.room for r in opened)


@pytest.fixture
def digits(open_canvas: Any, wide: Any) -> Any:
    return open_canvas(wide(64, 20, 3), 900, 560)


def pixel(hands: Any, index: int) -> QPointF:
    place = hands.canvas.arrangement.image
    row, column = divmod(index, 8)
    cell = 2 * place.half / 8
    at = QPointF(place.x - place.half + (column + 0.5) * cell, place.y - place.half + (row + 0.5) * cell)
    return hands.surface.on_screen(at)


def test_the_input_layer_shows_the_sample_in_view(digits: Any) -> None:
    image = digits.canvas.scene.images["L0"]
    before = image.picture.pixels.copy()
    assert before.shape == (8, 8)
    digits.controller.view.set_sample(3)
    digits.settle()
    assert not np.array_equal(image.picture.pixels, before)


def test_every_neuron_over_the_inputs_shows_its_own_incoming_weights(digits: Any) -> None:
    neurons = digits.canvas.scene.neurons
    last = neurons["L1", 19].look
    assert last.picture.side == 8 and last.row == last.picture.count - 1
    w = digits.controller.snapshot.parameters.weights["C1"][19]
    shown = last.picture.pixels[last.row * 8 : last.row * 8 + 8].ravel()
    strongest = int(np.argmax(np.abs(w)))
    table = digits.canvas.scene.inks.picture_table
    assert shown[strongest] == table[255 if w[strongest] > 0 else 0]
    assert neurons["L2", 0].look.picture is None


def test_the_picture_follows_an_edit_of_a_weight(digits: Any) -> None:
    digits.controller.edit("Edit", set_weight, "C1", 0, 5, 99.0)
    digits.settle()
    look = digits.canvas.scene.neurons["L1", 0].look
    table = digits.canvas.scene.inks.picture_table
    assert look.picture.pixels[0, 5] == table[255] and look.picture.pixels[0, 6] in table[127:129]


def test_pointing_at_a_pixel_points_at_its_input_and_a_click_shows_it_among_the_neurons(digits: Any) -> None:
    digits.point(pixel(digits, 37).toPoint())
    assert digits.controller.hover == NEURON("L0", 37)
    assert digits.canvas.scene.images["L0"].lit == {37}
    assert ("L0", 37) not in digits.canvas.scene.neurons
    digits.click(pixel(digits, 37).toPoint())
    assert digits.controller.selection == NEURON("L0", 37)
    assert ("L0", 37) in digits.canvas.scene.neurons


def test_opening_the_layer_shows_its_neurons_instead_of_the_picture(digits: Any) -> None:
    digits.canvas.toggle_layer("L0")
    assert not digits.canvas.scene.images and ("L0", 37) in digits.canvas.scene.neurons
    digits.canvas.toggle_layer("L0")
    assert digits.canvas.scene.images


def test_pictures_can_be_switched_off(digits: Any) -> None:
    on, switch = digits.canvas.picture_switch()
    assert on
    switch(False)
    QApplication.processEvents()
    assert not digits.canvas.scene.images
    assert digits.canvas.scene.neurons["L1", 0].look.picture is None
    assert digits.canvas.picture_switch()[0] is False


def test_other_data_take_the_pictures_away(digits: Any, wide: Any) -> None:
    digits.controller.session.replace_document(wide(5, 4, 1))
    digits.settle()
    assert not digits.canvas.scene.images and not digits.canvas.arrangement.pictures


def test_the_pointer_over_a_neuron_shows_its_weights_larger(digits: Any) -> None:
    lens, look = digits.canvas.scene.lens, digits.canvas.scene.neurons["L1", 2].look
    assert lens.picture is None
    digits.point(digits.neuron_at("L1", 2))
    assert np.array_equal(lens.picture.pixels, look.picture.pixels[look.row * 8 : look.row * 8 + 8])
    digits.point(digits.neuron_at("L2", 0))
    assert lens.picture is None


def test_the_lens_stays_in_the_picture(digits: Any) -> None:
    view = digits.viewport.rect()
    for neuron in (0, 19):
        digits.point(digits.neuron_at("L1", neuron))
        lens = digits.canvas.scene.lens
        shown = lens.deviceTransform(digits.surface.viewportTransform()).mapRect(lens.boundingRect())
        assert view.contains(shown.toAlignedRect())


def test_pictures_over_the_plane_need_no_lens(open_canvas: Any) -> None:
    hands = open_canvas(None, 900, 560)
    hands.point(hands.neuron_at("L1", 0))
    assert hands.canvas.scene.neurons["L1", 0].look.picture is not None
    assert hands.canvas.scene.lens.picture is None
