"""Where the samples come from, and what fitting a network to them changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from nnsim.core.datasets import DATASETS
from nnsim.core.datasets.base import Samples
from nnsim.model import edits
from nnsim.model.build import build, default_project
from nnsim.model.compile import compile_project
from nnsim.model.diff import same
from nnsim.model.errors import EditError
from nnsim.model.prepared import samples_of
from nnsim.model.project import Data, Progress, Project, Training
from nnsim.model.validate import validate

GENERATED = [entry.key for entry in DATASETS if not entry.shipped]


def flowers(classes: int = 3, width: int = 4, rows: int = 30) -> Samples:
    rng = np.random.default_rng(0)
    return Samples(
        rng.normal(size=(rows, width)), labels=np.arange(rows) % classes,
        classes=tuple(f"k{i}" for i in range(classes)), task="classification", name="Flowers",
    )  # fmt: skip


def numbers(targets: int = 2, low: float = -3.0, high: float = 3.0) -> Samples:
    rng = np.random.default_rng(0)
    return Samples(rng.normal(size=(20, 3)), rng.uniform(low, high, (20, targets)), name="Numbers")


def table(samples: Samples) -> Data:
    return Data("table", samples=samples)


def computes(project: Project) -> bool:
    compile_project(project)
    return True


# -- choosing ---------------------------------------------------------------------------------------


def test_data_that_fit_leave_the_network_alone_and_begin_anew(trained: Project) -> None:
    after = edits.choose_data(trained, Data("xor", features=("x1", "x2")))
    assert after.parameters is trained.parameters and after.layers is trained.layers
    assert after.start is trained.start and after.training is trained.training
    assert same(after.progress, Progress())
    assert after.data.source == "xor" and computes(after)


def test_data_that_do_not_fit_are_refused_with_both_numbers(trained: Project) -> None:
    for data, sentence in (
        (Data("sine"), "Sine has 1 input, so the network needs 1 input; it has 2."),
        (table(flowers(width=2)), "Flowers has 3 classes, so the network needs 3 outputs; it has 1."),
    ):
        assert edits.data_fit_problem(trained, data) == sentence
        with pytest.raises(EditError, match="the network needs"):
            edits.choose_data(trained, data)
    assert edits.data_fit_problem(trained, Data("spiral")) is None


def test_two_input_data_that_name_no_features_take_those_in_use(trained: Project) -> None:
    wide = edits.set_features(trained, ("x1", "x2", "sin_x1"))
    for fit in (False, True):
        after = edits.choose_data(wide, Data("xor"), fit)
        assert after.data.features == ("x1", "x2", "sin_x1")
        assert after.parameters is wide.parameters
    named = edits.choose_data(wide, Data("xor", features=("x1", "x2")), fit=True)
    assert named.layers[0].size == 2 and computes(named)


def test_data_that_cannot_be_used_at_all_are_refused(trained: Project) -> None:
    big = Samples(np.array([[1e101, 0.0]]), np.array([[0.0]]))
    for data, sentence in (
        (Data("clouds"), "no data set called “clouds”"),
        (Data("iris"), "“Iris” has not been loaded"),
        (Data("circle", {"noise": 3.0}), "Noise must be at most 0.5"),
        (Data("circle", scaling="robust"), "no scaling called “robust”"),
        (Data("circle", features=("x3",)), "no feature called “x3”"),
        (Data("circle", train_share=0.0), "above 0"),
        (Data("circle", train_share=1.5), "at most 1"),
        (table(big), "limit of what is computed with"),
    ):
        with pytest.raises(EditError, match=sentence):
            edits.choose_data(trained, data, fit=True)


@pytest.mark.parametrize("key", GENERATED)
def test_every_data_set_fits_a_network_that_is_fitted_to_it(trained: Project, key: str) -> None:
    after = edits.choose_data(trained, Data(key), fit=True)
    assert [p.message for p in validate(after) if p.code != "batch_size"] == []
    assert computes(after)


# -- fitting ----------------------------------------------------------------------------------------


def test_fitting_to_several_classes_gives_softmax_and_its_loss_and_keeps_hidden_layers(
    trained: Project,
) -> None:
    after = edits.choose_data(trained, table(flowers()), fit=True)
    assert [la.size for la in after.layers] == [4, 4, 3, 3]
    assert (after.layers[-1].activation, after.training.loss) == ("softmax", "cce")
    assert after.parameters.weights["C2"] is trained.parameters.weights["C2"]
    assert after.parameters.biases["L1"] is trained.parameters.biases["L1"]
    assert not np.isin(after.parameters.weights["C3"][0], trained.parameters.weights["C3"]).any()
    assert [p for p in validate(after) if p.blocking] == [] and computes(after)


def test_outputs_that_fit_the_classes_keep_their_activation_and_loss(trained: Project) -> None:
    three = build((2, 3, 3), "sigmoid", training=Training(loss="mse_mean"))
    after = edits.choose_data(three, table(flowers(width=2)), fit=True)
    assert (after.layers[-1].activation, after.training.loss) == ("sigmoid", "mse_mean")
    assert after.parameters is three.parameters


def test_fitting_back_to_two_classes_gives_one_output_that_is_no_softmax(trained: Project) -> None:
    many = edits.choose_data(trained, table(flowers()), fit=True)
    suggestion = DATASETS["circle"].suggestion
    known = edits.choose_data(many, Data("circle"), fit=True)
    assert (known.layers[-1].size, known.layers[-1].activation, known.training.loss) == (
        1, suggestion.output_activation, suggestion.loss,
    )  # fmt: skip
    own = edits.choose_data(many, table(flowers(classes=2)), fit=True)
    assert (own.layers[-1].size, own.layers[-1].activation, own.training.loss) == (1, "sigmoid", "bce_mean")
    assert computes(known) and computes(own)


def test_two_softmax_outputs_serve_two_classes() -> None:
    project = build((4, 2), "softmax", training=Training(loss="cce"))
    after = edits.choose_data(project, table(flowers(classes=2)), fit=True)
    assert after.layers[-1] is project.layers[-1]


def test_fitting_to_numbers_gives_an_output_that_reaches_them_and_a_squared_error(trained: Project) -> None:
    far = edits.choose_data(trained, table(numbers()), fit=True)
    assert [la.size for la in far.layers] == [3, 4, 3, 2]
    assert (far.layers[-1].activation, far.training.loss) == ("linear", "mse_half")
    near = edits.choose_data(trained, table(numbers(low=-1.0, high=1.0)), fit=True)
    assert near.layers[-1].activation == "tanh"
    many = edits.choose_data(trained, table(flowers()), fit=True)
    back = edits.choose_data(many, table(numbers(targets=3, low=0.0, high=1.0)), fit=True)
    assert (back.layers[-1].activation, back.training.loss) == ("linear", "mse_half")
    mean = edits.set_training(trained, loss="sse")
    assert edits.choose_data(mean, table(numbers()), fit=True).training.loss == "sse"


def test_zeros_and_ones_as_numbers_keep_cross_entropy_where_it_makes_sense() -> None:
    gate = build((2, 1), "sigmoid", data=Data("gate_and"), training=Training(loss="bce_mean"))
    after = edits.choose_data(gate, Data("gate_xor"), fit=True)
    assert (after.layers[-1].activation, after.training.loss) == ("sigmoid", "bce_mean")
    softmax = build((2, 3), "softmax", training=Training(loss="cce"), data=table(flowers(width=2)))
    yes_no = edits.choose_data(softmax, Data("gate_or"), fit=True)
    assert (yes_no.layers[-1].activation, yes_no.training.loss) == ("sigmoid", "mse_half")


def test_names_of_newer_versions_survive_fitting(trained: Project) -> None:
    last = replace(trained.layers[-1], activation="mish")
    foreign = replace(
        trained, layers=(*trained.layers[:-1], last), training=replace(trained.training, loss="hinge")
    )
    after = edits.choose_data(foreign, Data("plane"), fit=True)
    assert (after.layers[-1].activation, after.training.loss) == ("mish", "hinge")


# -- the suggested network --------------------------------------------------------------------------


@pytest.mark.parametrize("key", GENERATED)
def test_the_suggested_network_replaces_structure_and_training(trained: Project, key: str) -> None:
    chosen = edits.choose_data(trained, Data(key), fit=True)
    after = edits.use_suggested_network(chosen)
    s = DATASETS[key].suggestion
    assert tuple(la.size for la in after.layers[1:-1]) == s.hidden
    assert (after.layers[-1].size, after.layers[-1].activation) == (s.outputs, s.output_activation)
    assert (after.training.loss, after.training.optimizer, after.training.learning_rate) == (
        s.loss,
        s.optimizer,
        s.learning_rate,
    )
    assert (after.data.scaling, after.data.train_share, after.data.seed) == (
        s.scaling,
        s.train_share,
        chosen.data.seed,
    )
    assert {la.id for la in after.layers[1:-1]}.isdisjoint(la.id for la in chosen.layers)
    assert (after.layers[0].id, after.layers[-1].id) == ("L0", "L3")
    assert [p for p in validate(after) if p.blocking] == [] and computes(after)


def test_an_example_with_weights_of_its_own_begins_with_them(trained: Project) -> None:
    after = edits.use_suggested_network(edits.choose_data(trained, Data("chain_025"), fit=True))
    first, second = (after.parameters.weights[c.id].item() for c in after.connections)
    assert (first, second) == (0.15, 0.25)
    assert [b.item() for b in after.start.biases.values()] == [0.4, 0.5]


def test_a_table_of_ones_own_has_no_suggested_network(trained: Project) -> None:
    project = edits.import_table(trained, flowers(), fit=True)
    with pytest.raises(EditError, match="no suggested network"):
        edits.use_suggested_network(project)


# -- settings of the data ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda p: edits.set_data_options(p, noise=0.2),
        lambda p: edits.set_data_options(p, count=60),
        edits.regenerate,
        lambda p: edits.set_train_share(p, 0.8),
        lambda p: edits.set_scaling(p, "standard"),
    ],
)
def test_changed_data_keep_the_weights_and_begin_anew(
    trained: Project, change: Callable[[Project], Project]
) -> None:
    after = change(trained)
    assert after.parameters is trained.parameters and after.start is trained.start
    assert same(after.progress, Progress())
    assert not same(after.data, trained.data) and computes(after)


def test_settings_of_the_data_that_are_there_already_change_nothing(trained: Project) -> None:
    noisy = edits.set_data_options(trained, noise=0.2)
    assert edits.set_data_options(noisy, noise=0.2) is noisy
    assert edits.set_train_share(trained, 0.5) is trained
    assert edits.set_scaling(trained, "none") is trained
    assert edits.set_features(trained, ("x1", "x2")) is trained


def test_options_of_the_data_go_over_those_there_are(trained: Project) -> None:
    after = edits.set_data_options(trained, noise=0.2)
    assert dict(after.data.options) == {"count": 40, "noise": 0.2}
    assert samples_of(after.data).count == 40


def test_regenerating_draws_other_samples_and_can_be_repeated(trained: Project) -> None:
    once, again = edits.regenerate(trained), edits.regenerate(trained)
    assert same(samples_of(once.data).inputs, samples_of(again.data).inputs)
    assert not same(samples_of(once.data).inputs, samples_of(trained.data).inputs)


def test_fixed_samples_can_only_be_split_anew() -> None:
    gate = edits.choose_data(default_project(), Data("gate_and", train_share=1.0))
    with pytest.raises(EditError, match="nothing to draw"):
        edits.regenerate(gate)
    assert edits.regenerate(edits.set_train_share(gate, 0.5)).data.seed == gate.data.seed + 1


def test_settings_of_the_data_that_cannot_be_are_refused(trained: Project) -> None:
    own = edits.set_cell(trained, 0, 0, 1.0)
    for verb, sentence in (
        (lambda: edits.set_data_options(trained, noise=0.7), "Noise must be at most 0.5"),
        (lambda: edits.set_data_options(trained, count=1), "at least 2"),
        (lambda: edits.set_data_options(trained, size=1), "Circle has no setting called “size”"),
        (lambda: edits.set_data_options(own, noise=0.1), "table of your own"),
        (lambda: edits.set_train_share(trained, 0), "above 0"),
        (lambda: edits.set_train_share(trained, 1.01), "at most 1"),
        (lambda: edits.set_scaling(trained, "robust"), "no scaling called “robust”"),
    ):
        with pytest.raises(EditError, match=sentence):
            verb()
