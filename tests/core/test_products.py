"""Products in pieces: the same numbers, and only where they pay."""

from __future__ import annotations

import numpy as np
import pytest

from nnsim.core import products
from nnsim.core.ops import perform


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "reads_in_place", lambda: True)


def sizes(calls: products.Calls) -> list[int]:
    """Rows of every piece."""
    return [len(call[-1]) for call in calls if call[0] is not np.copyto]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("rows", "columns", "n"), [(128, 785, 64), (100, 1000, 33), (40, 600, 128)])
def test_a_weighted_sum_in_pieces_is_the_whole_one(
    in_pieces: None, rows: int, columns: int, n: int, turned: bool
) -> None:
    rng = np.random.default_rng(0)
    w, out = rng.normal(size=(rows, columns)), np.full((rows, n), np.nan)
    make = products.sums(w, out)
    for _ in range(2):  # what is prepared for one batch is used for the next
        x = rng.normal(size=(n, columns)).T if turned else rng.normal(size=(columns, n))
        calls = make(x)
        assert sum(sizes(calls)) == rows and len(sizes(calls)) > 1
        assert all(size * columns * n <= 1_000_000 for size in sizes(calls))
        perform(calls)
        np.testing.assert_allclose(out, w @ x, rtol=1e-10, atol=1e-10)


def test_gradients_in_pieces_are_the_whole_ones(in_pieces: None) -> None:
    rng = np.random.default_rng(0)
    x, delta, out = rng.normal(size=(64, 785)).T, rng.normal(size=(128, 64)), np.empty((128, 785))
    calls = products.gradients(x, delta, out)
    assert len(calls) == 8
    perform(calls)
    np.testing.assert_allclose(out, delta @ x.T, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(
    ("rows", "columns", "n", "dtype"),
    [
        (32, 65, 32, np.float64),  # small already
        (128, 785, 64, np.float32),
        (128, 785, 2000, np.float64),  # long rows
        (128, 2000, 100, np.float64),  # pieces of too few rows
    ],
)
def test_what_gains_nothing_stays_in_one_piece(
    in_pieces: None, rows: int, columns: int, n: int, dtype: type
) -> None:
    w, out, x = np.zeros((rows, columns), dtype), np.zeros((rows, n), dtype), np.zeros((columns, n), dtype)
    assert len(products.sums(w, out)(x)) == 1


def test_with_other_kernels_nothing_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "reads_in_place", lambda: False)
    w, x, out = np.zeros((128, 785)), np.zeros((785, 64)), np.zeros((128, 64))
    assert len(products.sums(w, out)(x)) == 1
    assert len(products.gradients(x, out, w)) == 1


def test_a_gradient_by_feature_stays_in_one_piece(in_pieces: None) -> None:
    assert len(products.gradients(np.zeros((785, 64)), np.zeros((128, 64)), np.zeros((128, 785)))) == 1
