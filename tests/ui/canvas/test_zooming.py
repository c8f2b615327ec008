"""What is seen while the zoom changes from frame to frame, and when it has come to rest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from nnsim.model.edits.structure import add_layer

NOTCH = 120


@pytest.fixture
def deep(open_canvas: Any, wide: Any) -> Any:
    return open_canvas(wide(10, 10, 10, 10, 10, 10), 800, 460)


def turn(hands: Any, notches: int, at: QPoint | None = None) -> None:
    """Turn the wheel notch by notch, a frame each."""
    where = at or hands.viewport.rect().center()
    for _ in range(abs(notches)):
        hands.wheel(where, NOTCH if notches > 0 else -NOTCH)


def come_to_rest(hands: Any) -> None:
    hands.bench.qtbot.waitUntil(lambda: not hands.canvas.scene.zooming.active)
    QApplication.processEvents()


def seen(hands: Any) -> Any:
    """The picture as (height, width, 3) of 0 … 255."""
    image = hands.viewport.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    memory = np.frombuffer(image.constBits(), dtype=np.uint8)
    return memory.reshape(image.height(), image.width(), 4)[..., :3].astype(np.int16)


def in_blocks(picture: Any, side: int = 20) -> Any:
    """The mean colour of every block."""
    high, wide = (n // side * side for n in picture.shape[:2])
    return picture[:high, :wide].reshape(high // side, side, wide // side, side, 3).mean(axis=(1, 3))


def scaled(hands: Any) -> list[float]:
    """By how much each picture of edges in view is scaled now."""
    zoom, view = hands.canvas.zoom(), QRectF(hands.viewport.rect())
    placed = hands.surface.viewportTransform()
    hands.viewport.repaint()
    items = hands.canvas.scene.edges.connections.values()
    return [zoom / i.kept.zoom for i in items if placed.mapRect(i.sceneBoundingRect()).intersects(view)]


@pytest.mark.parametrize("notches", [(2, 3), (7, -4), (-2, 2)], ids=["closer", "back", "from afar"])
def test_while_zooming_everything_is_where_it_will_be(deep: Any, notches: tuple[int, int]) -> None:
    for part in notches:
        turn(deep, part)
    assert deep.canvas.scene.zooming.active
    moving = seen(deep)
    come_to_rest(deep)
    resting = seen(deep)
    assert np.abs(in_blocks(moving) - in_blocks(resting)).max() < 12.0  # of 255: a little softer, no more
    empty = np.abs(in_blocks(resting) - np.array(resting[-1, 0])).max() < 1.0
    assert not empty


def test_no_picture_is_scaled_much(deep: Any) -> None:
    for notches in (6, -8, 3):
        for _ in range(abs(notches)):
            turn(deep, 1 if notches > 0 else -1)
            factors = scaled(deep)
            assert factors and all(1 / 1.3 <= factor <= 1.3 for factor in factors)


def test_the_numbers_in_neurons_are_sharp_also_while_zooming(deep: Any) -> None:
    turn(deep, 7)
    moving = seen(deep)
    come_to_rest(deep)
    resting = seen(deep)
    at = next(p for i in range(10) if deep.viewport.rect().contains(p := deep.neuron_at("L2", i)))
    block = np.s_[at.y() - 20 : at.y() + 20, at.x() - 20 : at.x() + 20]
    assert np.abs(moving[block] - resting[block]).mean() < 6.0 < resting[block].std()


def test_at_rest_the_picture_is_that_of_a_canvas_that_was_never_zoomed(deep: Any) -> None:
    before = seen(deep)
    turn(deep, 4)
    come_to_rest(deep)
    assert np.abs(seen(deep) - before).max() > 50
    deep.canvas.fit()
    come_to_rest(deep)
    assert np.array_equal(seen(deep), before)


def test_an_edit_while_zooming_is_seen_at_once(deep: Any) -> None:
    turn(deep, 2)
    deep.controller.edit("Add layer", add_layer, "L1")
    deep.settle()
    assert not deep.canvas.scene.zooming.active
    moving = seen(deep)
    come_to_rest(deep)
    assert np.array_equal(moving, seen(deep))


def test_training_is_followed_while_zooming(deep: Any) -> None:
    deep.controller.session.set_speed(None)
    deep.controller.session.run()
    items = deep.canvas.scene.edges.connections.values()
    changes = {item.last_change for item in items}
    for _ in range(12):
        turn(deep, 1)
        turn(deep, -1)
    assert {item.last_change for item in items} != changes
    deep.controller.session.pause()
    deep.controller.session.wait()
    deep.settle()
    come_to_rest(deep)
    resting = seen(deep)
    for item in deep.canvas.scene.items():
        item.update()
    assert np.array_equal(resting, seen(deep))


def test_the_headers_stand_over_their_columns_in_every_frame(deep: Any) -> None:
    turn(deep, 2)
    for _ in range(3):
        turn(deep, -1)
        for layer in ("L1", "L3"):
            header = deep.header(layer).geometry()
            assert abs(header.center().x() - deep.neuron_at(layer, 0).x()) <= 2
