"""Where the operations of a step stand in a row."""

from __future__ import annotations

from itertools import pairwise

import pytest

from nnsim.core.network import Network, NetworkSpec
from nnsim.ui.calculation.subject import StepPlan
from nnsim.ui.timeline.cells import Cell, CellRow, after

SIZES = [(1, 1), (2, 2, 2), (2, 4, 2, 1), (64, 32, 10)]


def plan_of(sizes: tuple[int, ...]) -> StepPlan:
    return StepPlan(Network(NetworkSpec.chain(sizes, ("tanh",) * (len(sizes) - 1))), "adam")


def row_of(sizes: tuple[int, ...], room: float = 800.0) -> CellRow:
    return CellRow(plan_of(sizes), lambda o: 20.0 if o.connection is None else 55.0, room)


def all_cells(row: CellRow) -> list[Cell]:
    counts = [len(row.plan.operations(phase)) for phase in range(len(row.plan.phases))]
    return [row.cell(phase, index) for phase, count in enumerate(counts) for index in range(count)]


@pytest.mark.parametrize("sizes", SIZES)
def test_cells_follow_each_other_without_overlap(sizes: tuple[int, ...]) -> None:
    row = row_of(sizes)
    cells = all_cells(row)
    assert cells[0].left == 0.0
    for one, other in pairwise(cells):
        assert other.left >= one.left + one.width + 2.9
    assert row.length == pytest.approx(cells[-1].left + cells[-1].width)
    assert list(row.between(-10.0, row.length + 10.0)) == cells


@pytest.mark.parametrize("sizes", SIZES)
def test_every_cell_is_found_by_its_place(sizes: tuple[int, ...]) -> None:
    row = row_of(sizes)
    for cell in all_cells(row)[:: max(len(all_cells(row)) // 200, 1)]:
        assert row.at(cell.left + cell.width / 2) == cell
        assert cell in list(row.between(cell.left + 1.0, cell.left + 2.0))
    assert row.at(-1.0) is None and row.at(row.length + 50.0) is None


def test_a_short_row_is_stretched_to_the_room_it_has() -> None:
    natural = row_of((1, 1), 10.0).length
    assert row_of((1, 1), natural * 1.2).length == pytest.approx(natural * 1.2, rel=0.02)


def test_captions_stand_over_their_phases() -> None:
    row = row_of((2, 4, 2, 1))
    groups = row.groups()
    assert [g.kind.value for g in groups] == ["forward", "loss", "backward", "update"]
    assert groups[0].left == 0.0 and groups[-1].right == pytest.approx(row.length)
    for one, other in pairwise(groups):
        assert one.right < other.left


def test_after_an_operation_comes_the_next_or_the_next_phase_or_step() -> None:
    plan = plan_of((2, 2, 2))
    assert after(plan, 0, 0) == (0, 0, 1)
    assert after(plan, 0, len(plan.operations(0)) - 1) == (0, 1, 0)
    last = len(plan.phases) - 1
    assert after(plan, last, len(plan.operations(last)) - 1) == (1, 0, 0)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("room", [10.0, 800.0])
def test_a_caption_wider_than_its_cells_makes_them_wider_and_never_meets_the_next(
    sizes: tuple[int, ...], room: float
) -> None:
    row = CellRow(plan_of(sizes), lambda _: 20.0, room, lambda kind: 12.0 * len(kind.value))
    for one, other in pairwise(row.groups()):
        assert one.left + 12.0 * len(one.kind.value) <= one.right < other.left
