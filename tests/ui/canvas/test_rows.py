"""Which neurons of a layer are drawn."""

from __future__ import annotations

import pytest

from nnsim.ui.canvas.rows import HEAD, LIMIT, MOST, TAIL, rows_of


def test_a_short_layer_is_shown_whole() -> None:
    assert [row.neuron for row in rows_of(LIMIT)] == list(range(LIMIT))


def test_a_long_layer_shows_its_ends_and_a_mark_for_the_rest() -> None:
    rows = rows_of(64)
    marks = [row for row in rows if row.is_mark]
    assert [row.neuron for row in rows if not row.is_mark] == [*range(HEAD), *range(64 - TAIL, 64)]
    assert [mark.hidden for mark in marks] == [64 - HEAD - TAIL]


def test_a_kept_neuron_is_shown_between_two_marks() -> None:
    rows = rows_of(64, kept=[30])
    assert [row.hidden for row in rows if row.is_mark] == [30 - HEAD, 64 - TAIL - 31]
    assert 30 in [row.neuron for row in rows]


def test_no_mark_stands_for_a_single_neuron() -> None:
    rows = rows_of(64, kept=[HEAD + 1])
    assert HEAD in [row.neuron for row in rows]
    assert all(row.hidden != 1 for row in rows)


def test_an_open_layer_shows_every_neuron_and_a_mark_that_closes_it() -> None:
    rows = rows_of(64, opened=True)
    assert [row.neuron for row in rows[:-1]] == list(range(64))
    assert rows[-1].is_mark and rows[-1].hidden == 0


@pytest.mark.parametrize("size", [1, LIMIT, LIMIT + 1, MOST, MOST + 1, 1024])
@pytest.mark.parametrize("opened", [False, True])
def test_neurons_shown_and_hidden_add_up_to_the_layer(size: int, opened: bool) -> None:
    rows = rows_of(size, opened, kept=[size // 2])
    assert sum(1 for row in rows if not row.is_mark) + sum(row.hidden for row in rows) == size
    assert sum(1 for row in rows if not row.is_mark) <= MOST + 1
