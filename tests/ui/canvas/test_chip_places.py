"""Numbers on the edges never cover each other."""

from __future__ import annotations

import numpy as np
import pytest

from nnsim.core.connections import CONNECTIONS
from nnsim.ui.canvas.chip_places import SIZES, Placed, place_all
from nnsim.ui.canvas.edge_geometry import edges_of
from nnsim.ui.canvas.layout import arrange
from nnsim.ui.canvas.rows import rows_of


def placed(n_in: int, n_out: int, width: float, height: float) -> tuple[np.ndarray, Placed | None]:
    layout = arrange([("a", n_in, rows_of(n_in)), ("b", n_out, rows_of(n_out))], width, height)
    lines = edges_of("c", "a", "b", CONNECTIONS["dense"].edges(n_in, n_out), layout).lines
    return lines, place_all(lines)


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (2, 4), (4, 2), (3, 3), (8, 1), (5, 4), (1, 8)])
@pytest.mark.parametrize("view", [(420.0, 360.0), (560.0, 620.0)])
def test_numbers_lie_on_their_edges_and_cover_neither_each_other_nor_a_neuron(
    shape: tuple[int, int], view: tuple[float, float]
) -> None:
    lines, found = placed(*shape, *view)
    assert found is not None
    x, y = found.centres.T
    on_line = lines[:, 1] + (x - lines[:, 0]) / (lines[:, 2] - lines[:, 0]) * (lines[:, 3] - lines[:, 1])
    assert y == pytest.approx(on_line)
    assert (x - found.size.width / 2 > lines[:, 0]).all() and (x + found.size.width / 2 < lines[:, 2]).all()
    apart = np.abs(x[:, None] - x) >= found.size.width
    apart |= np.abs(y[:, None] - y) >= found.size.height + found.size.under
    assert apart[~np.eye(len(x), dtype=bool)].all()


def test_a_roomy_network_has_large_numbers_with_room_for_gradients_in_one_column() -> None:
    _, found = placed(2, 2, 560.0, 400.0)
    assert found is not None and found.size is SIZES[0]
    assert np.ptp(found.centres[:, 0]) == pytest.approx(0.0)


def test_where_there_is_no_room_there_are_no_numbers() -> None:
    assert placed(16, 16, 560.0, 400.0)[1] is None
    assert place_all(np.empty((0, 4))) is None
    assert place_all(np.array([[0.0, 0.0, 20.0, 0.0]])) is None
