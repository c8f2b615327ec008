"""Connections with too many edges to tell apart are drawn as a matrix of their weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from nnsim.model.edits.parameters import set_weight
from nnsim.ui.selection import Selection

NEURON, EDGE = Selection.of_neuron, Selection.of_edge


@pytest.fixture
def dense(open_canvas: Any, wide: Any) -> Any:
    """40-30-2 with both long layers opened: 1,200 edges, then 60."""
    hands = open_canvas(wide(40, 30, 2), 900, 560)
    for layer in ("L0", "L1"):
        hands.canvas.toggle_layer(layer)
    hands.settle()
    return hands


def matrix_of(hands: Any) -> Any:
    return hands.canvas.scene.edges.matrices["C1"]


def cell(hands: Any, target: int, source: int) -> QPointF:
    rect = hands.canvas.scene.number_rect(EDGE("C1", target, source))
    return hands.surface.on_screen(rect.center())


def test_only_connections_with_very_many_edges_become_matrices(
    dense: Any, open_canvas: Any, wide: Any
) -> None:
    edges = dense.canvas.scene.edges
    assert list(edges.matrices) == ["C1"]
    assert len(edges.connections["C1"].drawn) == 0 and len(edges.connections["C2"].drawn) == 60
    assert not open_canvas(wide(40, 30, 2)).canvas.scene.edges.matrices


def test_the_matrix_shows_the_sign_of_every_weight_at_its_row_and_column(dense: Any) -> None:
    dense.controller.edit("Edit", set_weight, "C1", 7, 3, 50.0)
    dense.controller.edit("Edit", set_weight, "C1", 29, 39, -50.0)
    dense.controller.edit("Edit", set_weight, "C1", 0, 1, 0.0)
    dense.settle()
    pixels, table = matrix_of(dense).pixels, dense.canvas.scene.inks.picture_table
    assert pixels.shape == (30, 40)
    assert pixels[7, 3] in table[250:] and pixels[29, 39] in table[:6] and pixels[0, 1] in table[127:129]
    w = dense.controller.snapshot.parameters.weights["C1"]
    blue = np.isin(pixels, table[129:])
    assert np.array_equal(blue, w > 0.0) or (blue != (w > 0.0)).sum() < 15  # the palest have no hue


def test_a_row_stands_at_the_height_of_its_neuron(dense: Any) -> None:
    at = cell(dense, 12, 0)
    neuron = dense.neuron_at("L1", 12)
    assert abs(at.y() - neuron.y()) <= 1.0


def test_pointing_at_a_cell_is_pointing_at_its_edge(dense: Any) -> None:
    dense.point(cell(dense, 12, 33).toPoint())
    assert dense.controller.hover == EDGE("C1", 12, 33)
    assert [edge.focused for edge in dense.canvas.scene.edges.highlight.lit] == [True]
    assert len(matrix_of(dense).rings) == 1
    dense.click(cell(dense, 12, 33).toPoint())
    assert dense.controller.selection == EDGE("C1", 12, 33)


def test_a_weight_is_edited_in_the_matrix(dense: Any) -> None:
    dense.double_click(cell(dense, 4, 9).toPoint())
    dense.type("1.25")
    assert dense.project.parameters.weights["C1"][4, 9] == 1.25


def test_a_selected_neuron_has_its_row_ringed_and_an_input_its_column(dense: Any) -> None:
    dense.controller.select(NEURON("L1", 5))
    (row,) = matrix_of(dense).rings
    dense.controller.select(NEURON("L0", 5))
    (column,) = matrix_of(dense).rings
    assert row.width() > 20 * row.height() / 2 and column.height() > 20 * column.width() / 2
    dense.controller.select(NEURON("L2", 0))
    assert matrix_of(dense).rings == ()


def test_the_matrix_follows_training_and_is_exact_after_it(dense: Any) -> None:
    before = matrix_of(dense).pixels
    dense.controller.session.set_speed(None)
    dense.controller.session.run()
    for _ in range(5):
        dense.controller.session.pull()
    dense.controller.session.pause()
    dense.settle()
    trained = matrix_of(dense).pixels.copy()
    assert not np.array_equal(trained, before)
    dense.canvas.scene.arrange(dense.project, dense.canvas.arrangement, dense.controller.view.names, 0)
    dense.canvas._refresh()
    assert np.array_equal(matrix_of(dense).pixels, trained)


def test_the_mark_in_an_opened_layer_is_a_gap_in_the_matrix(open_canvas: Any, wide: Any) -> None:
    hands = open_canvas(wide(200, 20, 1), 900, 560)
    for layer in ("L0", "L1"):
        hands.canvas.toggle_layer(layer)
    hands.settle()
    empty = np.flatnonzero((matrix_of(hands).pixels == 0).all(axis=0))
    assert empty.tolist() == [125]  # after the 125 neurons at its head; the mark that closes it is no column
