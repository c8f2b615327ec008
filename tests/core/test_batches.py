"""The order of the samples is a pure function of the seed and the epoch."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.core.batches import EpochOrder


def in_sequence(count, seed, epochs):
    order = EpochOrder(count, seed, shuffle=True)
    return [order.order(epoch).copy() for epoch in range(epochs)]


def test_every_epoch_visits_every_sample_once():
    for order in in_sequence(37, 5, 10):
        assert sorted(order) == list(range(37))


def test_epochs_differ_and_seeds_differ():
    first, second = in_sequence(50, 5, 2)
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, in_sequence(50, 6, 1)[0])


@settings(max_examples=40)
@given(st.lists(st.integers(0, 200), min_size=1, max_size=12))
def test_any_epoch_can_be_asked_for_in_any_order(epochs):
    expected = in_sequence(7, 3, 201)
    order = EpochOrder(7, 3, shuffle=True)
    for epoch in epochs:
        np.testing.assert_array_equal(order.order(epoch), expected[epoch], err_msg=f"epoch {epoch}")


def test_a_resumed_order_goes_on_where_a_long_run_is():
    expected = in_sequence(9, 1, 300)
    for start in (1, 63, 64, 65, 127, 128, 250):
        order = EpochOrder(9, 1, shuffle=True)
        for epoch in range(start, start + 3):
            np.testing.assert_array_equal(order.order(epoch), expected[epoch], err_msg=f"epoch {epoch}")


def test_without_shuffling_samples_come_in_file_order():
    order = EpochOrder(5, 1, shuffle=False)
    assert [list(order.order(epoch)) for epoch in (0, 3, 1)] == [[0, 1, 2, 3, 4]] * 3


def test_an_empty_set_has_an_empty_order():
    assert len(EpochOrder(0, 1, shuffle=True).order(4)) == 0
