"""From ids to one flat vector and back, without losing a bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.core.arrays import read_only
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.trainer import Trainer
from nnsim.model import edits
from nnsim.model.build import build
from nnsim.model.compile import compile_project, with_state
from nnsim.model.diff import differences, same
from nnsim.model.project import Connection, Data, Parameters, Project, Training


def arrays(project: Project, dtype: type = np.float64) -> Parameters:
    """Parameters of the project's shapes in which every number is another one."""
    count = iter(range(1, 10_000))

    def fill(shape: tuple[int, ...]) -> object:
        return read_only(
            np.array([next(count) for _ in range(int(np.prod(shape)))], dtype).reshape(shape), dtype
        )

    return Parameters(
        {k: fill(w.shape) for k, w in project.parameters.weights.items()},  # type: ignore[misc]
        {k: fill(b.shape) for k, b in project.parameters.biases.items()},  # type: ignore[misc]
    )


def test_compiling_and_taking_the_state_back_changes_nothing(trained: Project) -> None:
    compiled = compile_project(trained)
    assert list(differences(trained, with_state(compiled, compiled.state))) == []
    through = with_state(compiled, Trainer(compiled.task, compiled.state).checkpoint())
    assert list(differences(trained, through)) == []


@given(
    sizes=st.lists(st.integers(1, 4), min_size=0, max_size=3),
    biases=st.lists(st.sampled_from(["each", "shared", "none"]), min_size=4, max_size=4),
    optimizer=st.sampled_from([o.key for o in OPTIMIZERS]),
    number=st.floats(allow_nan=False, allow_infinity=False),
)
def test_any_chain_survives_the_way_there_and_back_to_the_byte(
    sizes: list[int], biases: list[str], optimizer: str, number: float
) -> None:
    project = build(
        (2, *sizes, 1), "tanh", Data("circle", {"count": 8}, features=("x1", "x2")),
        Training(optimizer=optimizer, batch_size=3), bias=biases[: len(sizes) + 1],  # type: ignore[arg-type]
    )  # fmt: skip
    project = edits.set_weight(project, "C1", 0, 0, number)
    slots = tuple(arrays(project) for _ in OPTIMIZERS[optimizer].slot_names)
    progress = replace(project.progress, epoch=3, step=8, batch=1, phase=2, age=5, slots=slots)
    project = replace(project, parameters=arrays(project), progress=progress)
    compiled = compile_project(project)
    assert list(differences(project, with_state(compiled, compiled.state))) == []


def test_parameters_by_id_are_views_of_the_flat_vector(trained: Project) -> None:
    compiled = compile_project(trained)
    flat = compiled.state.theta.copy()
    values = compiled.parameters(flat)
    flat[:] = 7.0
    assert all((w == 7.0).all() for w in values.weights.values())
    assert set(values.weights) == {"C1", "C2", "C3"} and set(values.biases) == {"L1", "L2", "L3"}


def test_what_comes_back_holds_no_larger_array_alive(trained: Project) -> None:
    compiled = compile_project(trained)
    after = with_state(compiled, compiled.state)
    for group in (after.parameters, *after.progress.slots):
        for array in (*group.weights.values(), *group.biases.values()):
            assert array.base is None and not array.flags.writeable


def test_frozen_marks_reach_the_place_of_their_parameter(trained: Project) -> None:
    compiled = compile_project(trained)
    assert compiled.task.frozen is not None
    back = compiled.parameters(compiled.task.frozen)  # type: ignore[arg-type]
    for key, marks in trained.frozen.weights.items():
        assert np.array_equal(back.weights[key], marks)
    for key, marks in trained.frozen.biases.items():
        assert np.array_equal(back.biases[key], marks)


def test_connections_in_any_order_keep_their_own_weights() -> None:
    project = build((2, 3, 1), data=Data("circle", features=("x1", "x2")))
    skip = Connection("C9", "L0", "L2")
    shapes = {"C9": (1, 2), "C2": (1, 3), "C1": (3, 2)}
    weights = {key: read_only(np.full(shape, float(key[1]))) for key, shape in shapes.items()}
    marks = {key: read_only(np.zeros(shape, np.bool_), np.bool_) for key, shape in shapes.items()}
    project = replace(
        project, connections=(skip, project.connections[1], project.connections[0]),
        parameters=Parameters(weights, project.parameters.biases),
        start=Parameters(weights, project.parameters.biases),
        frozen=Parameters(marks, project.frozen.biases),
    )  # fmt: skip
    compiled = compile_project(project)
    back = compiled.parameters(compiled.state.theta)
    assert {key: set(w.ravel().tolist()) for key, w in back.weights.items()} == {
        "C9": {9.0},
        "C2": {2.0},
        "C1": {1.0},
    }


def test_training_and_test_samples_are_those_of_the_split(trained: Project) -> None:
    compiled = compile_project(edits.set_train_share(trained, 0.75))
    prepared, task = compiled.prepared, compiled.task
    assert len(prepared.train) == 30 and len(prepared.test) == 10
    assert sorted([*prepared.train, *prepared.test]) == list(range(40))
    assert np.array_equal(task.x_train, prepared.x[prepared.train])
    assert np.array_equal(task.y_test, prepared.y[prepared.test])


@pytest.mark.parametrize(
    ("activation", "low"), [("tanh", -1.0), ("sigmoid", 0.0), ("relu", 0.0), ("linear", -1.0)]
)
def test_the_first_class_is_minus_one_where_the_output_reaches_it_else_zero(
    activation: str, low: float
) -> None:
    prepared = compile_project(build((2, 1), activation, Data("circle"))).prepared
    assert set(np.unique(prepared.y)) == {low, 1.0} and prepared.low == low


def test_numeric_targets_stay_as_they_are_whatever_the_output() -> None:
    prepared = compile_project(
        build((2, 1), "tanh", Data("gate_and", train_share=1.0), Training(batch_size=0))
    ).prepared
    assert prepared.y.ravel().tolist() == [0.0, 0.0, 0.0, 1.0] and prepared.low == 0.0


def test_projects_of_equal_contents_train_to_equal_bytes(trained: Project, train: object) -> None:
    one, other = train(trained, 7), train(trained, 7)  # type: ignore[operator]
    assert same(one, other)
