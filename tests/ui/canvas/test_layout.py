"""Where everything is on the canvas, without a window."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from nnsim.ui.canvas.layout import LEAST_ZOOM, MOST_ZOOM, CanvasLayout, arrange
from nnsim.ui.canvas.rows import rows_of

SMALL, LARGE = (700.0, 350.0), (1500.0, 800.0)
SHAPES = [(1, 1, 1), (2, 2, 2), (2, 4, 2, 1), (2, 8, 8, 8, 1), (64, 32, 10), (1, 16, 1), (3, 2), (2,) * 12]


def laid_out(
    sizes: tuple[int, ...], view: tuple[float, float] = SMALL, pictures: bool = False
) -> CanvasLayout:
    columns = [(f"L{i}", n, rows_of(n)) for i, n in enumerate(sizes)]
    return arrange(columns, *view, pictures)


@pytest.mark.parametrize(("sizes", "view", "pictures"), [*product(SHAPES, (SMALL, LARGE), (False, True))])
def test_everything_fits_into_the_view_it_was_made_for(
    sizes: tuple[int, ...], view: tuple[float, float], pictures: bool
) -> None:
    made = laid_out(sizes, view, pictures)
    assert LEAST_ZOOM <= made.zoom <= MOST_ZOOM
    assert made.width * made.zoom == pytest.approx(view[0])
    for column in made.columns:
        assert column.x - made.node >= 0.0 and column.x + made.node <= made.width
        assert column.y.min() - made.node - made.above >= -0.5
        assert column.y.max() + made.node + made.below <= made.height + 0.5
    assert made.columns[-1].x + made.node < made.targets_x < made.width


@pytest.mark.parametrize(("sizes", "pictures"), [*product(SHAPES, (False, True))])
def test_neurons_and_what_is_written_under_them_do_not_overlap(
    sizes: tuple[int, ...], pictures: bool
) -> None:
    made = laid_out(sizes, SMALL, pictures)
    for column in made.columns:
        # δ over one neuron may stand beside the bias under the one above it, never on the neuron.
        needed = 2 * made.node + made.below if made.detail in ("full", "brief") else 2 * made.node
        assert all(np.diff(column.y) >= needed - 0.5)


def test_columns_are_evenly_spaced_from_left_to_right() -> None:
    xs = [column.x for column in laid_out((2, 4, 2, 1)).columns]
    gaps = [b - a for a, b in pairwise(xs)]
    assert min(gaps) > 0 and max(gaps) == pytest.approx(min(gaps))


@pytest.mark.parametrize("pictures", [False, True])
def test_adding_neurons_never_moves_a_header(pictures: bool) -> None:
    def on_screen(n: int) -> list[float]:
        made = laid_out((2, n, 1), SMALL, pictures)
        return [column.x * made.zoom for column in made.columns]

    assert all(on_screen(n) == pytest.approx(on_screen(1)) for n in range(2, 40))


def test_a_small_network_is_drawn_in_full_detail_at_its_own_size() -> None:
    made = laid_out((2, 2, 2))
    assert made.detail == "full" and made.zoom == 1.0
    assert laid_out((2, 4, 2, 1), SMALL, pictures=True).detail == "full"


def test_detail_gives_way_before_text_becomes_too_small() -> None:
    details = [laid_out((2, n, 1), SMALL).detail for n in (2, 5, 9, 16)]
    order = ["full", "brief", "name", "none"]
    assert details == sorted(details, key=order.index)
    assert len(set(details)) >= 3


def test_large_views_show_everything_larger_and_presentations_larger_still() -> None:
    columns = [(f"L{i}", 2, rows_of(2)) for i in range(3)]
    assert arrange(columns, *LARGE).zoom > arrange(columns, *SMALL).zoom
    assert arrange(columns, *LARGE, scale=1.3).zoom > arrange(columns, *LARGE).zoom


def test_a_layer_knows_where_its_neurons_are_and_which_are_hidden() -> None:
    column = laid_out((64, 2)).columns[0]
    assert column.y_of(0) == pytest.approx(column.y[0])
    assert column.y_of(63) == pytest.approx(column.y[-1])
    assert column.y_of(30) is None and column.y_of(99) is None
