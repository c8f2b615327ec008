"""Which operation explains what: positions, quantities and selections; what has been shown so far."""

from __future__ import annotations

from itertools import pairwise

import pytest

from nnsim.core.explain.expression import Line, Number, Symbol
from nnsim.core.explain.numbers import position
from nnsim.core.explain.quantity import Quantity
from nnsim.core.explain.targets import quantity_of
from nnsim.core.network import Network, NetworkSpec
from nnsim.core.operations import Operation, OperationKind
from nnsim.core.phases import PhaseKind
from nnsim.model.build import build
from nnsim.ui.calculation.blocks import in_order
from nnsim.ui.calculation.decision import decide
from nnsim.ui.calculation.revealed import Revealed, Revealer
from nnsim.ui.calculation.subject import StepPlan, of_neuron, of_weight
from nnsim.ui.links import belongs, selection_of
from nnsim.ui.selection import NOTHING, Selection

K = OperationKind


def plan_of(
    optimizer: str = "sgd", loss: str = "mse_half", last: str = "sigmoid", l2: float = 0.0
) -> StepPlan:
    return StepPlan(Network(NetworkSpec.chain((2, 3, 2), ("tanh", last), loss, l2=l2)), optimizer)


def every_position(plan: StepPlan) -> list[tuple[int, int]]:
    return [(p, k) for p in range(len(plan.phases)) for k in range(len(plan.operations(p)))]


@pytest.mark.parametrize(
    "plan",
    [plan_of(), plan_of("adam", l2=0.1), plan_of("momentum", "cce", "softmax")],
    ids=["sgd", "adam", "softmax"],
)
def test_every_operation_is_found_by_the_quantity_it_finds(plan: StepPlan) -> None:
    for phase, index in every_position(plan):
        place = plan.place(phase, index)
        assert plan.finding(quantity_of(place.operation)) == place
        assert plan.find(place.operation) == place


def test_the_operation_under_way_is_the_last_one_shown() -> None:
    plan = plan_of()
    numbers = [plan.under_way(p, k) for p, k in every_position(plan)]
    assert numbers[0] is None
    assert [place.number for place in numbers[1:] if place] == list(range(1, plan.count))
    assert plan.last().number == plan.count
    first = plan.under_way(1, 0)
    assert first is not None
    assert (first.kind, first.operation) == (PhaseKind.FORWARD, Operation(K.ACTIVATION, 1, 2))


def test_given_numbers_and_those_of_other_networks_are_found_by_no_operation() -> None:
    plan = plan_of()
    for quantity in (
        Quantity("x", 0, 0), Quantity("y", 2, 0), Quantity("rate"), Quantity("z", 0, 0), Quantity("z", 1, 9),
        Quantity("penalty"), Quantity("state", 1, 0, slot="v"),
    ):  # fmt: skip
        assert plan.finding(quantity) is None


def test_the_numbers_of_a_neuron_and_of_a_weight_in_the_order_of_a_step() -> None:
    plan = plan_of("adam")
    kinds = [place.operation.kind for place in of_neuron(plan, 1, 0)]
    assert kinds == [K.SUM, K.ACTIVATION, K.BLAME, K.SLOPE, K.DELTA, K.BIAS_GRADIENT, K.UPDATE]
    found = [(p.operation.kind, p.operation.slot) for p in of_weight(plan, 0, 2, 1, ("m", "v"))]
    assert found == [(K.WEIGHT_GRADIENT, ""), (K.STATE, "m"), (K.STATE, "v"), (K.UPDATE, "")]
    assert of_neuron(plan, 0, 0) == [], "inputs are given"
    fused = plan_of(loss="bce_mean")
    assert K.BLAME not in [place.operation.kind for place in of_neuron(fused, 2, 0)]


# -- what to explain ------------------------------------------------------------------------------

Z = Quantity("z", 1, 1)


@pytest.mark.parametrize(
    ("at", "asked", "finished", "standing"),
    [
        ((0, 0), None, False, "nothing"),
        ((0, 0), None, True, "finished"),
        ((0, 0), Z, True, "ahead"),
        ((0, 3), None, False, "under way"),
        ((0, 2), Z, False, "not yet"),
        ((0, 3), Z, False, "asked"),
        ((3, 1), Z, False, "asked"),
        ((0, 0), Quantity("x", 0, 0), False, "given"),
    ],
)
def test_what_is_explained(
    at: tuple[int, int], asked: Quantity | None, finished: bool, standing: str
) -> None:
    subject = decide(plan_of(), *at, asked, finished)
    assert subject.standing == standing
    if asked == Z:
        assert subject.place is not None
        assert subject.place.operation == Operation(K.SUM, 1, 1)
    if standing == "finished":
        assert subject.place == plan_of().last()


# -- what has been shown --------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_each_operation_shows_its_number_and_no_other(optimizer: str) -> None:
    plan = plan_of(optimizer)

    def shown(phase: int, operation: int) -> set[object]:
        return marks_in(Revealer(plan).at(phase, operation))

    def marks_in(r: Revealed) -> set[object]:
        found: set[object] = {"loss"} if r.loss else set()
        for name in ("z", "a", "blame", "slope", "delta"):
            for layer, marks in enumerate(getattr(r, name)):
                found |= {(name, layer, int(i)) for i in marks.nonzero()[0]}
        found |= {("gradient", int(i)) for i in r.gradient.nonzero()[0]}
        return found | {("updated", int(i)) for i in r.updated.nonzero()[0]}

    def made_by(operation: Operation) -> set[object]:
        q = quantity_of(operation)
        if operation.kind is K.LOSS:
            return {"loss"}
        if operation.kind in (K.WEIGHT_GRADIENT, K.BIAS_GRADIENT):
            return {("gradient", position(plan.network, q))}
        if operation.kind is K.UPDATE:
            return {("updated", position(plan.network, q))}
        return set() if operation.kind is K.STATE else {(q.kind, q.layer, q.neuron)}

    places = every_position(plan)
    assert shown(0, 0) == {("a", 0, 0), ("a", 0, 1)}
    for before, after in pairwise(places):
        under_way = plan.under_way(*after)
        assert under_way is not None
        assert shown(*after) - shown(*before) == made_by(under_way.operation)
        assert shown(*before) <= shown(*after)
    follower = Revealer(plan)
    for place in (*places, *reversed(places), places[-1], places[7], places[3]):
        assert marks_in(follower.at(*place)) == shown(*place), "whichever way it is come to"


# -- links ----------------------------------------------------------------------------------------


def test_quantities_belong_to_neurons_and_edges_of_the_document() -> None:
    project = build((2, 3, 1), ("tanh", "sigmoid"))
    hidden, connection = project.layers[1].id, project.connections[0].id
    assert selection_of(project, Z) == Selection.of_neuron(hidden, 1)
    assert selection_of(project, Quantity("bias_gradient", 1, 2)) == Selection.of_neuron(hidden, 2)
    weight = Quantity("weight_gradient", 1, 2, 0, 1)
    assert selection_of(project, weight) == Selection.of_edge(connection, 2, 1)
    assert selection_of(project, Quantity("x", 0, 1)) == Selection.of_neuron(project.layers[0].id, 1)
    for other in (
        None,
        Quantity("loss"),
        Quantity("rate"),
        Quantity("z", 7, 0),
        Quantity("weight", 1, 0, 7, 0),
    ):
        assert selection_of(project, other) == NOTHING
    assert belongs(project, weight, Selection.of_edge(connection, 2, 1))
    assert not belongs(project, Quantity("loss"), NOTHING)


# -- lines ----------------------------------------------------------------------------------------


def test_lines_of_one_equation_stand_together_and_name_it_once() -> None:
    m, w = Symbol("m"), Symbol("w")
    one, two = Number(1.0), Number(2.0)
    assert in_order([Line(w, "=", m), Line(None, "=", one)], [Line(None, "=", two)], [Line(w, "←", one)]) == [
        [Line(w, "=", m), Line(None, "=", one), Line(None, "=", two), Line(None, "=", one)]
    ]
    several = in_order(
        [Line(m, "=", w), Line(w, "←", m)],
        [Line(m, "=", one), Line(w, "←", two)],
        [Line(m, "=", one), Line(w, "←", two)],
    )
    assert several == [
        [Line(m, "=", w), Line(None, "=", one), Line(None, "=", one)],
        [Line(w, "←", m), Line(None, "=", two), Line(None, "=", two)],
    ]
    assert in_order((), (), ()) == []
