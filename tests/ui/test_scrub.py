"""From pixels to numbers: what a dragging hand makes of a value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt

from nnsim.ui.numbers import exact
from nnsim.ui.scrub import COARSER, FINER, Scrub, nudged

NONE = Qt.KeyboardModifier.NoModifier


@pytest.mark.parametrize(
    ("start", "pixels", "keys", "expected"),
    [
        (0.15, 20, NONE, 0.25),
        (0.15, -20, NONE, 0.05),
        (0.15, 20, FINER, 0.16),
        (0.16, 20, COARSER, 1.2),
        (0.15, 20, FINER | COARSER, 0.25),
        (0.123456, 8, NONE, 0.16),
        (-42.7, 10, NONE, -42.2),
        (1500.0, 6, NONE, 1530.0),
        (0.0, -6, NONE, -0.03),
    ],
)
def test_a_step_is_two_pixels_and_suits_the_size_of_the_number(start, pixels, keys, expected) -> None:
    scrub = Scrub(start, QPointF(100, 50))
    assert scrub.move(QPointF(100 + pixels, 50), keys) == expected


def test_less_than_four_pixels_is_no_drag() -> None:
    scrub = Scrub(0.5, QPointF(100, 50))
    assert scrub.move(QPointF(103, 50), NONE) == 0.5 and not scrub.moving
    assert scrub.move(QPointF(104, 50), NONE) == 0.52 and scrub.moving


def test_keys_may_change_on_the_way() -> None:
    scrub = Scrub(1.0, QPointF(0, 0))
    assert scrub.move(QPointF(20, 0), NONE) == 1.1
    assert scrub.move(QPointF(30, 0), FINER) == 1.105


@given(st.floats(-1e9, 1e9), st.integers(5, 900))
def test_going_back_leads_to_the_number_it_began_with(start, pixels) -> None:
    scrub = Scrub(start, QPointF(0, 0))
    scrub.move(QPointF(pixels, 0), NONE)
    assert scrub.move(QPointF(0, 0), NONE) == start


@given(st.floats(-1000, 1000), st.integers(-900, 900).filter(lambda n: abs(n) >= 4))
def test_every_stop_is_readable(start, pixels) -> None:
    value = Scrub(start, QPointF(0, 0)).move(QPointF(pixels, 0), NONE)
    assert value == start or len(exact(value).partition(".")[2]) <= 2


def test_keys_move_by_steps() -> None:
    assert nudged(0.15, 1, NONE) == 0.16
    assert nudged(0.15, -10, NONE) == 0.05
    assert nudged(0.15, 1, FINER) == 0.151
