"""Edges as arrays: lines, strengths, and the one under a point."""

from __future__ import annotations

import numpy as np
import pytest

from nnsim.core.connections import CONNECTIONS
from nnsim.ui.canvas.edge_geometry import distances, edges_of, nearest
from nnsim.ui.canvas.layout import arrange
from nnsim.ui.canvas.rows import rows_of


def test_edges_lead_from_the_right_of_a_source_to_the_left_of_a_target() -> None:
    layout = arrange([("a", 3, rows_of(3)), ("b", 2, rows_of(2))], 600, 300)
    edges = edges_of("c", "a", "b", CONNECTIONS["dense"].edges(3, 2), layout)
    place = edges.find(target=1, source=2)
    assert place is not None and len(edges) == 6
    a, b = layout.columns
    expected = (a.x + layout.node, a.y_of(2), b.x - layout.node, b.y_of(1))
    assert edges.lines[place] == pytest.approx(expected)
    assert edges.parameter[place] == 1 * 3 + 2


def test_edges_of_hidden_neurons_are_left_out() -> None:
    layout = arrange([("a", 64, rows_of(64)), ("b", 2, rows_of(2))], 600, 300)
    edges = edges_of("c", "a", "b", CONNECTIONS["dense"].edges(64, 2), layout)
    shown = {row.neuron for row in rows_of(64) if not row.is_mark}
    assert set(edges.source.tolist()) == shown and len(edges) == 2 * len(shown)
    assert edges.find(target=0, source=30) is None


def test_distance_is_to_the_segment_not_to_the_line_through_it() -> None:
    lines = np.array([[0.0, 0.0, 10.0, 0.0], [0.0, 5.0, 10.0, 5.0]])
    assert distances(lines, 5.0, 2.0) == pytest.approx([2.0, 3.0])
    assert distances(lines, 13.0, 4.0) == pytest.approx([5.0, np.hypot(3, 1)])


def test_the_nearest_edge_is_found_within_reach_only() -> None:
    lines = np.array([[0.0, 0.0, 10.0, 0.0], [0.0, 5.0, 10.0, 5.0]])
    assert nearest(lines, 5.0, 3.0, 6.0) == (1, pytest.approx(2.0))
    assert nearest(lines, 5.0, 30.0, 6.0) is None
    assert nearest(np.empty((0, 4)), 0.0, 0.0, 6.0) is None
