"""What a document's problems are said to be; nothing a file may bring in makes validation fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnsim.core.datasets import DATASETS
from nnsim.core.datasets.base import Samples
from nnsim.model import edits
from nnsim.model.build import build, default_project
from nnsim.model.compile import compile_project
from nnsim.model.errors import CompileError, EditError, Problem
from nnsim.model.project import Connection, Data, Layer, Parameters, Progress, Project, Training
from nnsim.model.validate import validate


def with_layer(project: Project, layer_id: str, **changes: Any) -> Project:
    layers = tuple(replace(la, **changes) if la.id == layer_id else la for la in project.layers)
    return replace(project, layers=layers)


def with_training(project: Project, **changes: Any) -> Project:
    return replace(project, training=replace(project.training, **changes))


def with_data(project: Project, **changes: Any) -> Project:
    return replace(project, data=replace(project.data, **changes))


def only(project: Project) -> Problem:
    (problem,) = validate(project)
    assert problem.message[0].isupper() or problem.message[0] == "“"
    assert problem.message.endswith(".")
    if problem.blocking:
        with pytest.raises(CompileError):
            compile_project(project)
    else:
        compile_project(project)
    return problem


@pytest.fixture
def project() -> Project:
    return default_project()


# -- names this version does not know ---------------------------------------------------------------


def test_names_of_newer_versions_are_shown_and_keep_the_document_from_being_computed(
    project: Project,
) -> None:
    for changed, code, name, where in (
        (with_layer(project, "L1", activation="mish"), "unknown_activation", "mish", "layer L1"),
        (with_training(project, loss="hinge"), "unknown_loss", "hinge", "training"),
        (with_training(project, optimizer="lion"), "unknown_optimizer", "lion", "training"),
        (with_training(project, schedule="zigzag"), "unknown_schedule", "zigzag", "training"),
        (with_training(project, precision="float16"), "unknown_precision", "float16", "training"),
        (with_data(project, source="clouds"), "unknown_data_set", "clouds", "data"),
        (with_data(project, scaling="robust"), "unknown_scaling", "robust", "data"),
        (with_data(project, features=("x1", "exp_x1")), "unknown_feature", "exp_x1", "data"),
    ):
        problem = only(changed)
        assert (problem.code, problem.where, problem.blocking) == (code, where, True)
        assert f"“{name}”" in problem.message


def test_an_unknown_initialiser_keeps_nobody_from_training(project: Project) -> None:
    problem = only(with_training(project, initializer="orthogonal"))
    assert (problem.code, problem.blocking) == ("unknown_initializer", False)


def test_options_of_newer_versions_are_no_problem(project: Project) -> None:
    changed = with_layer(project, "L1", activation_options={"mode": "soft"})
    assert validate(changed) == ()
    compile_project(changed)


def test_an_unknown_kind_of_connection_is_a_problem(project: Project) -> None:
    first, *rest = project.connections
    problem = only(replace(project, connections=(replace(first, kind="conv"), *rest)))
    assert problem.code == "unknown_connection" and "“conv”" in problem.message


# -- structure --------------------------------------------------------------------------------------


def test_a_structure_that_cannot_be_is_said_and_nothing_else(project: Project) -> None:
    c = project.connections
    for changed, words in (
        (replace(project, layers=project.layers[:1], connections=()), "at least an input and an output"),
        (replace(project, layers=()), "at least an input and an output"),
        (replace(project, layers=(*project.layers[:3], project.layers[2])), "“L2” is used more than once"),
        (replace(project, connections=(*c, c[0])), "“C1” is used more than once"),
        (
            replace(project, connections=(*c, Connection("C9", "L0", "L7"))),
            "a layer “L7” that does not exist",
        ),
        (with_layer(project, "L1", size=0), "has 0 neurons; it must have 1 to 1,024"),
        (with_layer(project, "L1", size=2000), "has 2000 neurons"),
        (
            replace(project, layers=tuple(Layer(f"L{i}", 1) for i in range(65)), connections=()),
            "at most 64 layers; this one has 65",
        ),
    ):
        found = validate(changed)
        assert any(words in p.message for p in found)
        assert "structure" in {p.code for p in found}
        with pytest.raises(CompileError):
            compile_project(changed)


def test_connections_that_cannot_be_computed_are_problems(project: Project) -> None:
    c1, c2, c3 = project.connections
    assert {p.code for p in validate(replace(project, connections=(c1, c3)))} == {"unreached", "dead_end"}
    back = Connection("C9", "L2", "L1")
    assert "direction" in {p.code for p in validate(replace(project, connections=(c1, c2, c3, back)))}
    late = replace(c2, delay=1)
    assert only(replace(project, connections=(c1, late, c3))).code == "delay"


def test_softmax_belongs_to_the_output_layer(project: Project) -> None:
    problem = only(with_layer(project, "L1", activation="softmax"))
    assert (problem.code, problem.where, problem.blocking) == ("softmax_hidden", "layer L1", True)
    assert "for example tanh" in problem.message
    single = with_layer(project, "L3", activation="softmax")
    problem = only(with_training(single, loss="cce"))
    assert (problem.code, problem.blocking) == ("softmax_single", False)


def test_a_step_function_cannot_be_trained_but_computed(project: Project) -> None:
    problem = only(with_layer(project, "L2", activation="step"))
    assert (problem.code, problem.where, problem.blocking) == ("step", "layer L2", False)


# -- parameters -------------------------------------------------------------------------------------


def broken(values: Parameters, weights: Mapping[str, Any]) -> Parameters:
    return Parameters({**values.weights, **weights}, values.biases)


def test_parameters_that_are_missing_misshapen_or_not_finite_are_named(project: Project) -> None:
    p = project.parameters
    nan = p.weights["C1"].copy()
    nan[0, 0] = np.nan
    for values, code in (
        (Parameters({k: w for k, w in p.weights.items() if k != "C1"}, p.biases), "missing"),
        (Parameters(p.weights, {}), "missing"),
        (broken(p, {"C1": np.zeros((2, 4))}), "shape"),
        (broken(p, {"C1": nan}), "not_finite"),
    ):
        changed = replace(project, parameters=values, start=values)
        found = validate(changed)
        assert {q.code for q in found} == {code} and all(q.blocking for q in found)
        assert "Hidden 1" in found[0].message
        with pytest.raises(CompileError):
            compile_project(changed)


def test_a_shared_bias_that_is_not_one_is_worth_knowing() -> None:
    project = build((2, 3, 1), "tanh", Data("circle"), bias=["shared", "each"])
    assert validate(project) == ()
    biases = {**project.parameters.biases, "L1": np.array([0.0, 0.0, 0.5])}
    uneven = replace(project, parameters=Parameters(project.parameters.weights, biases))
    problem = only(uneven)
    assert (problem.code, problem.blocking) == ("shared_bias", False)
    assert validate(edits.set_bias(uneven, "L1", 0, 0.5)) == ()


def test_start_weights_that_are_not_finite_keep_nobody_from_training(project: Project) -> None:
    nan = broken(project.parameters, {"C1": np.full((4, 2), np.nan)})
    problem = only(replace(project, start=nan))
    assert (problem.code, problem.blocking) == ("not_finite", False)
    assert problem.message.startswith("The start weights into “Hidden 1”")


def test_frozen_marks_and_optimizer_state_must_fit(project: Project) -> None:
    assert (
        only(replace(project, frozen=broken(project.frozen, {"C2": np.zeros((1, 1), np.bool_)}))).code
        == "shape"
    )
    adam = with_training(project, optimizer="adam")
    assert (
        only(replace(adam, progress=Progress(slots=(project.parameters,), age=1))).code == "optimizer_state"
    )
    bad = broken(project.parameters, {"C1": np.zeros(3)})
    assert only(replace(adam, progress=Progress(slots=(project.parameters, bad), age=1))).code == "shape"
    assert only(replace(project, progress=Progress(step=-1))).code == "progress"


def test_too_many_parameters_are_a_problem_that_names_the_limit() -> None:
    layers = tuple(Layer(f"L{i}", 1024, "linear", bias="none") for i in range(4))
    joins = tuple(Connection(f"C{i}", f"L{i - 1}", f"L{i}") for i in range(1, 4))
    nothing = Parameters({}, {})
    project = Project(layers, joins, nothing, nothing, nothing, Data(), Training())
    assert any(
        "at most 2,000,000 weights and biases; this one has 3,145,728" in p.message for p in validate(project)
    )


# -- training ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"learning_rate": -1.0}, "learning rate is -1; it must be from 0"),
        ({"learning_rate": float("nan")}, "learning rate is nan"),
        ({"l1": float("inf")}, "L1 regularisation is inf"),
        ({"l2": -1.0}, "L2 regularisation is -1"),
        ({"batch_size": -1}, "batch size is -1"),
        ({"optimizer": "adam", "optimizer_options": {"beta1": 1.5}}, "Adam: β₁ must be at most 0.9999"),
        ({"optimizer": "adam", "optimizer_options": {"beta1": "big"}}, "must be a number"),
        ({"schedule": "step", "schedule_options": {"every": 0}}, "must be at least 1"),
        ({"schedule": "step", "schedule_options": {"every": float("inf")}}, "must be finite"),
    ],
)
def test_training_settings_out_of_range_are_named(
    project: Project, changes: dict[str, Any], words: str
) -> None:
    problem = only(with_training(project, **changes))
    assert words in problem.message and problem.where == "training" and problem.blocking


def test_a_negative_seed_is_a_problem(project: Project) -> None:
    assert "seed is -3" in only(replace(project, seed=-3)).message
    assert "seed of the data is -3" in only(with_data(project, seed=-3)).message
    problem = only(replace(project, weight_draw=-3))
    assert "count of draws of weights is -3" in problem.message and not problem.blocking
    for verb in (edits.new_weights, lambda p: edits.add_neuron(p, "L1")):
        with pytest.raises(EditError, match="Choose another seed first"):
            verb(replace(project, weight_draw=-3))


def test_a_batch_larger_than_the_training_set_is_worth_knowing(project: Project) -> None:
    problem = only(with_training(project, batch_size=251))
    assert (problem.code, problem.blocking) == ("batch_size", False)
    assert "251" in problem.message and "250 samples" in problem.message
    assert validate(with_training(project, batch_size=250)) == ()
    assert validate(with_training(project, batch_size=0)) == ()


# -- output, loss and targets -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "activation", "blocking"),
    [
        ("bce_mean", "tanh", True),
        ("bce_sum", "linear", True),
        ("bce_mean", "relu", True),
        ("bce_mean", "leaky_relu", True),
        ("bce_mean", "step", True),
        ("bce_mean", "sigmoid", None),
        ("cce", "tanh", True),
        ("cce", "sine", True),
        ("cce", "relu", False),
        ("cce", "softplus", False),
        ("cce", "sigmoid", None),
        ("mse_half", "linear", None),
        ("mse_half", "tanh", None),
    ],
)
def test_a_loss_whose_domain_the_output_leaves_is_blocking_only_where_it_is_undefined(
    loss: str, activation: str, blocking: bool | None
) -> None:
    project = build((2, 2, 2), ["tanh", activation], Data("circle"), Training(loss=loss))
    found = [p for p in validate(project) if p.code == "loss_domain"]
    assert [p.blocking for p in found] == ([] if blocking is None else [blocking])
    for problem in found:
        partner = "sigmoid" if loss.startswith("bce") else "softmax"
        assert f"Choose {partner} for the output layer, or a squared error." in problem.message


def test_a_loss_that_is_not_said_to_be_undefined_is_a_number_for_every_output() -> None:
    for loss in ("bce_mean", "cce"):
        for activation in ("sigmoid", "softmax", "relu", "softplus"):
            project = build((2, 3, 2), ["tanh", activation], Data("circle"), Training(loss=loss), seed=3)
            if any(p.blocking for p in validate(project)):
                continue
            from nnsim.core.trainer import Trainer

            compiled = compile_project(project)
            assert not np.isnan(Trainer(compiled.task, compiled.state).train_loss())


def test_targets_outside_of_what_loss_or_output_reach_are_worth_knowing() -> None:
    samples = Samples(np.zeros((4, 2)), np.array([[-1.0], [1.0], [0.5], [0.0]]))
    own = Data("table", samples=samples)
    sigmoid = build((2, 1), "sigmoid", own, Training(loss="bce_mean", batch_size=0))
    found = {p.code: p for p in validate(sigmoid)}
    assert set(found) == {"loss_targets", "target_range"}
    assert "reach from -1 to 1" in found["loss_targets"].message
    assert not any(p.blocking for p in found.values())
    assert validate(build((2, 1), "tanh", own, Training(batch_size=0))) == ()


def test_data_that_do_not_fit_the_network_name_both_numbers(project: Project) -> None:
    wide = with_data(project, features=("x1", "x2", "x1_x2"))
    problem = only(wide)
    assert (problem.code, problem.where) == ("input_width", "data")
    assert "feeds 3 inputs, but the network has 2" in problem.message
    three = edits.set_layer_size(project, "L3", 3)
    problem = only(three)
    assert problem.code == "output_width"
    assert "has 2 classes" in problem.message and "it has 3" in problem.message


# -- data -------------------------------------------------------------------------------------------


def test_data_that_cannot_be_had_are_problems(project: Project) -> None:
    shipped = next(entry for entry in DATASETS if entry.shipped)
    for changed, words in (
        (with_data(project, source=shipped.key), "has not been loaded"),
        (with_data(project, options={"noise": 7.0}), "Noise must be at most 0.5"),
        (with_data(project, options={"noise": "loud"}), "must be a number"),
        (with_data(project, train_share=0.0), "above 0 and at most 1"),
        (with_data(project, train_share=float("nan")), "is nan"),
        (with_data(project, source="table"), "“table”"),
    ):
        problem = only(changed)
        assert words in problem.message and problem.where == "data" and problem.blocking


def test_samples_beyond_the_limits_are_a_problem(project: Project) -> None:
    huge = Samples(np.array([[1e101, 0.0]]), np.array([[1.0]]))
    problem = only(with_data(project, source="table", samples=huge))
    assert problem.code == "too_large" and "±1e+100" in problem.message


def test_a_table_of_a_data_set_this_version_does_not_know_is_used_as_it_is(project: Project) -> None:
    samples = Samples(np.zeros((40, 2)), np.zeros((40, 1)))
    assert validate(with_data(project, source="clouds", samples=samples)) == ()


def test_problems_come_with_the_document_all_at_once(project: Project) -> None:
    changed = with_training(
        with_layer(with_data(project, scaling="robust"), "L1", activation="mish"), loss="hinge"
    )
    assert [p.code for p in validate(changed)] == ["unknown_activation", "unknown_loss", "unknown_scaling"]
    with pytest.raises(CompileError) as caught:
        compile_project(changed)
    assert len(caught.value.problems) == 3
    assert "“mish”" in str(caught.value) and "“hinge”" in str(caught.value)
