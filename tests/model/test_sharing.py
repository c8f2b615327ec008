"""A verb makes anew only what it is about; the rest of the document is the very same objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest

from nnsim.core.datasets.base import Samples
from nnsim.model import edits
from nnsim.model.project import Data, Project

Edit = Callable[[Project], Project]

DIGITS = Samples(np.zeros((15, 2)), np.arange(15.0)[:, np.newaxis] % 3)
# Verb → the parts of the project that it may replace.
EDITS: list[tuple[str, Edit, str]] = [
    (
        "add_layer",
        lambda p: edits.add_layer(p, "L1"),
        "layers connections parameters start frozen progress next_id",
    ),
    (
        "remove_layer",
        lambda p: edits.remove_layer(p, "L1"),
        "layers connections parameters start frozen progress next_id",
    ),
    ("set_layer_size", lambda p: edits.set_layer_size(p, "L1", 2), "layers parameters start frozen progress"),
    ("add_neuron", lambda p: edits.add_neuron(p, "L1"), "layers parameters start frozen progress"),
    ("remove_neuron", lambda p: edits.remove_neuron(p, "L1", 0), "layers parameters start frozen progress"),
    ("set_activation", lambda p: edits.set_activation(p, "L1", "elu"), "layers"),
    ("rename_layer", lambda p: edits.rename_layer(p, "L1", "A"), "layers"),
    (
        "set_bias_kind",
        lambda p: edits.set_bias_kind(p, "L1", "shared"),
        "layers parameters start frozen progress",
    ),
    ("set_weight", lambda p: edits.set_weight(p, "C1", 0, 0, 9.0), "parameters"),
    ("set_bias", lambda p: edits.set_bias(p, "L1", 0, 9.0), "parameters"),
    (
        "set_weight_frozen",
        lambda p: edits.set_weight_frozen(p, "C1", 0, 0, not p.frozen.weights["C1"][0, 0]),
        "frozen",
    ),
    ("set_bias_frozen", lambda p: edits.set_bias_frozen(p, "L1", 0, not p.frozen.biases["L1"][0]), "frozen"),
    ("set_layer_frozen", lambda p: edits.set_layer_frozen(p, "L1", True), "frozen"),
    ("start_weights", edits.start_weights, "parameters progress"),
    ("new_weights", edits.new_weights, "parameters start progress weight_draw"),
    ("set_training", lambda p: edits.set_training(p, learning_rate=0.7), "training"),
    ("set_seed", lambda p: edits.set_seed(p, 77), "seed progress"),
    ("set_title", lambda p: edits.set_title(p, "A"), "title"),
    ("set_notes", lambda p: edits.set_notes(p, "A"), "notes"),
    ("choose_data", lambda p: edits.choose_data(p, Data("xor")), "data progress"),
    ("set_data_options", lambda p: edits.set_data_options(p, noise=0.1), "data progress"),
    ("regenerate", edits.regenerate, "data progress"),
    ("set_train_share", lambda p: edits.set_train_share(p, 0.9), "data progress"),
    ("set_scaling", lambda p: edits.set_scaling(p, "minmax"), "data progress"),
    (
        "set_features",
        lambda p: edits.set_features(p, ("x1",)),
        "layers parameters start frozen data progress",
    ),
    ("set_cell", lambda p: edits.set_cell(p, 0, 0, 9.0), "data progress"),
    ("add_sample", lambda p: edits.add_sample(p, (1.0, 2.0), 1), "data progress"),
    ("remove_samples", lambda p: edits.remove_samples(p, (0,)), "data progress"),
    (
        "import_table",
        lambda p: edits.import_table(p, edits.set_cell(p, 0, 0, 9.0).data.samples),  # type: ignore[arg-type]
        "data progress",
    ),
    (
        "set_target_kind",
        lambda p: edits.set_target_kind(edits.import_table(p, DIGITS, fit=True), True),
        "layers parameters start frozen data training progress",
    ),
    (
        "use_suggested_network",
        edits.use_suggested_network,
        "layers connections parameters start frozen data training progress next_id weight_draw",
    ),
]


@pytest.mark.parametrize(
    ("edit", "parts"), [(e, parts) for _, e, parts in EDITS], ids=[name for name, _, _ in EDITS]
)
def test_a_verb_replaces_only_the_parts_it_is_about(trained: Project, edit: Edit, parts: str) -> None:
    after = edit(trained)
    replaced = {f.name for f in fields(Project) if getattr(after, f.name) is not getattr(trained, f.name)}
    assert replaced and replaced <= set(parts.split())


def test_every_verb_is_looked_at() -> None:
    assert {name for name, _, _ in EDITS} == set(edits.__all__) - {"data_fit_problem"}


REDRAWN = {"new_weights", "use_suggested_network"}
KEEPING = [(name, edit) for name, edit, _ in EDITS if name not in REDRAWN]


@pytest.mark.parametrize("edit", [edit for _, edit in KEEPING], ids=[name for name, _ in KEEPING])
def test_arrays_a_verb_leaves_as_they_are_stay_the_same_objects(trained: Project, edit: Edit) -> None:
    after = edit(trained)
    for was, now in (
        (trained.parameters, after.parameters),
        (trained.start, after.start),
        (trained.frozen, after.frozen),
        *zip(trained.progress.slots, after.progress.slots, strict=False),
    ):
        for old, new in ((was.weights, now.weights), (was.biases, now.biases)):
            for key in old.keys() & new.keys():
                if old[key].shape == new[key].shape and old[key].tobytes() == new[key].tobytes():
                    assert old[key] is new[key], key
