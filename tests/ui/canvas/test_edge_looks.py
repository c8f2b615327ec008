"""How edges look: by their own weight, and which of very many are drawn."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from nnsim.core.connections import CONNECTIONS
from nnsim.ui.canvas.edge_geometry import Edges, edges_of
from nnsim.ui.canvas.edge_looks import EdgeLooks
from nnsim.ui.canvas.inks import LEVELS, ZERO
from nnsim.ui.canvas.layout import arrange
from nnsim.ui.canvas.rows import Row


def shown(*sizes: int) -> dict[str, Edges]:
    """Dense connections c0, c1, … between layers that are shown whole."""
    rows = [(f"l{i}", n, tuple(Row(k) for k in range(n))) for i, n in enumerate(sizes)]
    layout = arrange(rows, 900, 500)
    return {
        f"c{i}": edges_of(f"c{i}", f"l{i}", f"l{i + 1}", CONNECTIONS["dense"].edges(a, b), layout)
        for i, (a, b) in enumerate(pairwise(sizes))
    }


def looks_of(edges: dict[str, Edges], weights: dict[str, np.ndarray]) -> EdgeLooks:
    looks = EdgeLooks(edges, {id_: int(e.source.max()) + 1 for id_, e in edges.items()})
    looks.take(weights)
    return looks


def test_an_edge_looks_stronger_the_larger_its_weight_whatever_the_sign() -> None:
    looks = looks_of(shown(7, 1), {"c0": np.array([[0.0, 0.1, -0.1, 1.0, -50.0, np.inf, np.nan]])}).looks
    assert looks[0] == ZERO
    assert looks[2] == looks[1] + LEVELS
    assert looks[1] < looks[3] < looks[4] - LEVELS <= looks[5] == LEVELS - 1
    assert looks[6] == 0


def test_a_weight_looks_stronger_where_many_others_feed_the_same_neuron() -> None:
    few, many = (looks_of(shown(n, 1), {"c0": np.full((1, n), 0.2)}).looks[0] for n in (2, 64))
    assert many > few


def test_a_connection_without_weights_is_drawn_as_nothing() -> None:
    assert set(looks_of(shown(2, 2), {}).looks.tolist()) == {ZERO}


@pytest.mark.parametrize("seed", range(3))
def test_connections_looked_at_together_look_as_each_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    edges = shown(3, 5, 2)
    weights = {"c0": rng.normal(size=(5, 3)), "c1": rng.normal(size=(2, 5))}
    together = looks_of(edges, weights)
    for id_ in edges:
        alone = looks_of({id_: edges[id_]}, weights)
        assert together.looks[together.part(id_)].tolist() == alone.looks.tolist()


def test_all_edges_are_drawn_within_the_budget() -> None:
    chosen = looks_of(shown(2, 1, 1), {"c0": np.array([[0.5, 0.1]]), "c1": np.array([[0.3]])}).chosen(
        budget=3
    )
    assert {id_: c.tolist() for id_, c in chosen.items()} == {"c0": [0, 1], "c1": [0]}


def test_beyond_the_budget_only_the_strongest_are_drawn_across_all_connections() -> None:
    rng = np.random.default_rng(1)
    edges = shown(20, 25, 20)
    weights = {"c0": rng.normal(size=(25, 20)), "c1": rng.normal(size=(20, 25)) * 0.5}
    chosen = looks_of(edges, weights).chosen(budget=100)
    # Larger for the layer with more sources, as its weights are smaller.
    size = {"c0": np.abs(weights["c0"]).ravel() * np.sqrt(20), "c1": np.abs(weights["c1"]).ravel() * 5.0}
    drawn = np.concatenate([size[c][places] for c, places in chosen.items()])
    left_out = np.concatenate([np.delete(size[c], places) for c, places in chosen.items()])
    assert len(drawn) == 100 and drawn.min() >= left_out.max()


def test_equal_strengths_do_not_break_the_budget() -> None:
    chosen = looks_of(shown(20, 25, 20), {"c0": np.ones((25, 20)), "c1": np.ones((20, 25))}).chosen(budget=70)
    assert sum(len(c) for c in chosen.values()) == 70


def test_a_connection_left_out_takes_nothing_of_the_budget() -> None:
    edges = shown(20, 25, 20)
    weights = {"c0": np.full((25, 20), 9.0), "c1": np.random.default_rng(0).normal(size=(20, 25))}
    chosen = looks_of(edges, weights).chosen(without={"c0"}, budget=100)
    assert len(chosen["c0"]) == 0 and len(chosen["c1"]) == 100
    kept = np.abs(weights["c1"]).ravel()[chosen["c1"]].min()
    assert kept >= np.delete(np.abs(weights["c1"]).ravel(), chosen["c1"]).max()
