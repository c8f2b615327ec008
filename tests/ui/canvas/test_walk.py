"""Walking the network by keyboard."""

from __future__ import annotations

from nnsim.model.build import build
from nnsim.ui.canvas.layout import arrange
from nnsim.ui.canvas.rows import rows_of
from nnsim.ui.canvas.walk import Direction, cycle_edges, step
from nnsim.ui.selection import NOTHING, Selection

PROJECT = build((2, 4, 1))
LAYOUT = arrange([(la.id, la.size, rows_of(la.size)) for la in PROJECT.layers], 700, 400)
NEURON, EDGE = Selection.of_neuron, Selection.of_edge


def go(now: Selection, *directions: Direction) -> Selection:
    for direction in directions:
        now = step(PROJECT, LAYOUT, now, direction)
    return now


def test_the_first_arrow_leads_to_the_first_input() -> None:
    assert go(NOTHING, "down") == NEURON("L0", 0)


def test_up_and_down_stay_in_the_layer() -> None:
    assert go(NEURON("L1", 0), "down", "down", "up") == NEURON("L1", 1)
    assert go(NEURON("L1", 0), "up") == NEURON("L1", 0)
    assert go(NEURON("L1", 0), "last", "down") == NEURON("L1", 3)
    assert go(NEURON("L1", 3), "first") == NEURON("L1", 0)


def test_left_and_right_lead_to_the_neuron_at_the_same_height() -> None:
    assert go(NEURON("L0", 0), "right").layer == "L1"
    assert go(NEURON("L1", 3), "left") == NEURON("L0", 1)
    assert go(NEURON("L1", 0), "right", "right") == NEURON("L2", 0)


def test_from_a_layer_arrows_lead_to_its_neighbours_and_into_it() -> None:
    assert go(Selection.of_layer("L1"), "right") == Selection.of_layer("L2")
    assert go(Selection.of_layer("L2"), "right") == Selection.of_layer("L2")
    assert go(Selection.of_layer("L1"), "down") == NEURON("L1", 0)


def test_the_edges_into_a_neuron_are_gone_through_round_and_round() -> None:
    first = cycle_edges(PROJECT, NEURON("L1", 2), 1)
    assert first == EDGE("C1", 2, 0)
    assert cycle_edges(PROJECT, first, 1) == EDGE("C1", 2, 1)
    assert cycle_edges(PROJECT, EDGE("C1", 2, 1), 1) == first
    assert cycle_edges(PROJECT, NEURON("L1", 2), -1) == EDGE("C1", 2, 1)


def test_inputs_have_no_edges_to_go_through() -> None:
    assert cycle_edges(PROJECT, NEURON("L0", 0), 1) == NEURON("L0", 0)
    assert cycle_edges(PROJECT, NOTHING, 1) == NOTHING


def test_from_an_edge_left_and_right_lead_to_its_neurons_and_up_and_down_to_its_neighbours() -> None:
    edge = EDGE("C2", 0, 1)
    assert go(edge, "left") == NEURON("L1", 1)
    assert go(edge, "right") == NEURON("L2", 0)
    assert go(edge, "down", "down", "down") == EDGE("C2", 0, 3)
    assert go(edge, "up", "up") == EDGE("C2", 0, 0)
