"""Views take turns while a run goes on."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from nnsim.ui.turns import Turns


@pytest.fixture
def views(qtbot) -> list[QWidget]:
    made = [QWidget() for _ in range(3)]
    for view in made:
        qtbot.addWidget(view)
        view.show()
    return made


def holders(turns: Turns, views: list[QWidget], running: bool = True) -> list[int]:
    turns.go_on(running)
    return [i for i, view in enumerate(views) if turns.has(view)]


def rotation(turns: Turns, views: list[QWidget]) -> Turns:
    for view in views:
        turns.join(view)
    return turns


def test_in_a_run_one_view_after_the_other_has_its_turn(views) -> None:
    turns = rotation(Turns(), views)
    assert [holders(turns, views) for _ in range(6)] == [[0], [1], [2], [0], [1], [2]]


def test_when_nothing_runs_it_is_every_views_turn(views) -> None:
    turns = rotation(Turns(), views)
    holders(turns, views)
    assert holders(turns, views, running=False) == [0, 1, 2]


def test_hidden_views_are_passed_over(views) -> None:
    turns = rotation(Turns(), views)
    views[1].hide()
    assert [holders(turns, views) for _ in range(4)] == [[0], [2], [0], [2]]


def test_views_that_are_gone_leave_the_rotation(views) -> None:
    turns, passing = rotation(Turns(), views), QWidget()
    turns.join(passing)
    del passing
    assert [holders(turns, views) for _ in range(5)] == [[0], [1], [2], [0], [1]]
