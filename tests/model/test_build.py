"""New projects."""

from __future__ import annotations

import numpy as np
import pytest

from nnsim.core.initializers import INITIALIZERS
from nnsim.core.streams import Purpose, stream
from nnsim.core.trainer import Trainer
from nnsim.model.build import build, default_project
from nnsim.model.compile import compile_project
from nnsim.model.diff import same
from nnsim.model.errors import EditError
from nnsim.model.project import Data, Parameters, Project, Training
from nnsim.model.validate import validate


def test_layers_and_connections_are_numbered_in_computing_order() -> None:
    project = build((3, 5, 2), "sigmoid")
    assert [layer.id for layer in project.layers] == ["L0", "L1", "L2"]
    assert [(c.id, c.source, c.target) for c in project.connections] == [
        ("C1", "L0", "L1"),
        ("C2", "L1", "L2"),
    ]
    assert {key: w.shape for key, w in project.parameters.weights.items()} == {"C1": (5, 3), "C2": (2, 5)}
    assert {key: b.shape for key, b in project.parameters.biases.items()} == {"L1": (5,), "L2": (2,)}


def test_weights_are_drawn_layer_by_layer_from_the_stream_of_seed_and_draw() -> None:
    project = build((2, 3, 1), "tanh", training=Training(initializer="he_normal"), seed=9, weight_draw=4)
    rng = stream(9, Purpose.WEIGHTS, 4)
    first = INITIALIZERS["he_normal"].draw(rng, (3, 2), 2, 3, {})
    second = INITIALIZERS["he_normal"].draw(rng, (1, 3), 3, 1, {})
    assert project.parameters.weights["C1"].tobytes() == first.tobytes()
    assert project.parameters.weights["C2"].tobytes() == second.tobytes()


def test_the_same_seed_builds_the_same_project_and_another_seed_another() -> None:
    assert same(build((2, 3, 1), seed=1), build((2, 3, 1), seed=1))
    assert not same(build((2, 3, 1), seed=1).parameters, build((2, 3, 1), seed=2).parameters)


def test_a_new_project_stands_at_its_start_with_nothing_frozen_and_nothing_writeable() -> None:
    project = default_project()
    assert project.start is project.parameters
    assert (project.progress.epoch, project.progress.step, len(project.progress.curves)) == (0, 0, 0)
    for group in (project.parameters, project.frozen):
        for array in (*group.weights.values(), *group.biases.values()):
            assert not array.flags.writeable
    assert not any(mark.any() for mark in project.frozen.weights.values())


def test_the_program_starts_with_the_circle_and_the_playgrounds_settings_and_no_problem() -> None:
    project = default_project()
    assert [layer.size for layer in project.layers] == [2, 4, 2, 1]
    assert {layer.activation for layer in project.layers[1:]} == {"tanh"}
    assert (project.data.source, project.data.train_share) == ("circle", 0.5)
    t = project.training
    assert (t.loss, t.optimizer, t.learning_rate, t.batch_size) == ("mse_half", "sgd", 0.03, 10)
    assert validate(project) == ()


def test_the_program_starts_with_something_that_learns() -> None:
    compiled = compile_project(default_project())
    trainer = Trainer(compiled.task, compiled.state)
    before = trainer.test_loss()
    trainer.run(100 * trainer.batches_per_epoch)
    assert trainer.test_loss() < 0.1 * before


def test_given_weights_are_taken_as_they_are() -> None:
    project = build((1, 1, 1), "sigmoid", weights=[([[0.15]], [0.4]), ([[0.25]], [0.5])])
    assert project.parameters.weights["C1"].tolist() == [[0.15]]
    assert project.parameters.biases["L2"].tolist() == [0.5]


def test_activations_carry_options_and_biases_kinds_layer_by_layer() -> None:
    project = build((2, 3, 1), [("leaky_relu", {"alpha": 0.2}), "linear"], bias=["shared", "none"])
    assert dict(project.layers[1].activation_options) == {"alpha": 0.2}
    assert [layer.bias for layer in project.layers] == ["none", "shared", "none"]
    assert set(project.parameters.biases) == {"L1"}


def refused(message: str, *args: object, **kwargs: object) -> None:
    with pytest.raises(EditError, match=message):
        build(*args, **kwargs)  # type: ignore[arg-type]


def test_what_does_not_fit_together_is_refused_with_a_sentence() -> None:
    refused("at least an input and an output", (2,))
    refused("at least 1 neuron", (2, 0, 1))
    refused("at most 1,024 neurons", (2, 1025, 1))
    refused("at most 64 layers", (2,) + (1,) * 64)
    refused("at most 2,000,000 weights and biases", (1024, 1024, 1024, 1))
    refused("2 activations given where 1 are needed", (2, 1), ["tanh", "tanh"])
    refused("There is no activation called “tanch”", (2, 1), "tanch")
    refused("has no setting called “beta”", (2, 1), [("elu", {"beta": 1.0})])
    refused(r"shape \(1, 1\); it must be \(1, 2\)", (2, 1), weights=[([[1.0]], [0.0])])
    refused("must be a table of numbers", (2, 1), weights=[([["a", "b"]], [0.0])])
    refused("must be finite", (2, 1), weights=[([[1.0, np.inf]], [0.0])])
    refused("all must be equal", (2, 2), weights=[(np.ones((2, 2)), [0.0, 1.0])], bias="shared")
    refused("has no biases", (2, 2), weights=[(np.ones((2, 2)), [0.0, 1.0])], bias="none")
    refused("There is no initialiser", (2, 1), training=Training(initializer="mine"))
    refused("seed must be at least 0", (2, 1), seed=-1)


def test_projects_of_the_same_contents_are_the_same_and_every_difference_is_found() -> None:
    one, other = build((2, 2, 1), seed=3), build((2, 2, 1), seed=3)
    assert same(one, other)
    for changed in (
        build((2, 2, 1), seed=3, title="x"),
        build((2, 2, 1), "sigmoid", seed=3),
        build((2, 2, 1), seed=3, data=Data("xor", features=("x1", "x2"))),
        build((2, 2, 1), seed=3, training=Training(l2=0.1)),
    ):
        assert not same(one, changed)


def test_equality_of_arrays_is_that_of_their_bytes() -> None:
    def parameters(value: float) -> Parameters:
        return Parameters({"C1": np.array([[value]])}, {})

    assert same(parameters(float("nan")), parameters(float("nan")))
    assert not same(parameters(0.0), parameters(-0.0))
    assert not same(Parameters({"C1": np.array([1.0])}, {}), Parameters({"C1": np.array([[1.0]])}, {}))
    assert not same(Parameters({"C1": np.array([1.0])}, {}), Parameters({}, {}))


def test_options_are_compared_by_value_but_true_is_not_one() -> None:
    def project(value: object) -> Project:
        return build((2, 1), data=Data("circle", {"noise": value}, features=("x1", "x2")))  # type: ignore[dict-item]

    assert same(project(1), project(1.0))
    assert not same(project(1), project(True))
