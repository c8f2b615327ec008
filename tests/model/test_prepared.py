"""Samples are prepared once, and again only where they are others or prepared in another way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnsim.core.datasets.base import Samples
from nnsim.model.build import build
from nnsim.model.edits import import_table, set_activation
from nnsim.model.prepared import PreparedCache, prepare, prepare_inputs
from nnsim.model.project import Data, Project


@pytest.fixture
def samples() -> Samples:
    rng = np.random.default_rng(1)
    return Samples(rng.standard_normal((40, 3)), rng.standard_normal((40, 1)))


@pytest.fixture
def project(samples: Samples) -> Project:
    return build((3, 2, 1), "tanh", Data("table", scaling="standard", train_share=0.75, samples=samples))


def test_inputs_prepared_elsewhere_are_those_that_are_used(project: Project, samples: Samples) -> None:
    alone = PreparedCache()
    expected = alone.split(alone.get(project))
    cache, inputs = PreparedCache(), prepare_inputs(project.data, samples)
    cache.expect(inputs)
    prepared = cache.get(project)
    x_train, y_train, x_test, y_test = cache.split(prepared)
    assert prepared.x is inputs.x and x_train is inputs.x_train and x_test is inputs.x_test
    for found, wanted in zip((x_train, y_train, x_test, y_test), expected, strict=True):
        assert found.tobytes() == wanted.tobytes()
    assert cache.split(prepared)[0] is x_train


@pytest.mark.parametrize(
    "settings", [{"scaling": "minmax"}, {"train_share": 0.5}, {"seed": 2}, {"samples": None}]
)
def test_inputs_of_other_settings_or_samples_are_not_used(
    project: Project, samples: Samples, settings: dict[str, Any]
) -> None:
    other = replace(samples, inputs=samples.inputs + 1.0)
    data = replace(project.data, **{**settings, "samples": other if "samples" in settings else samples})
    cache = PreparedCache()
    cache.expect(prepare_inputs(data, data.samples or samples))
    prepared, alone = cache.get(project), prepare(project, samples)
    for name in ("x", "y", "train", "test"):
        assert getattr(prepared, name).tobytes() == getattr(alone, name).tobytes()
    assert (cache.split(prepared)[0] == alone.x[alone.train]).all()


def test_another_output_leaves_the_inputs_as_they_are(project: Project) -> None:
    cache = PreparedCache()
    before = cache.get(project)
    x_train = cache.split(before)[0]
    after = cache.get(set_activation(project, project.layers[-1].id, "sigmoid"))
    assert after is not before and after.x is before.x and cache.split(after)[0] is x_train


def test_an_imported_table_finds_its_inputs_prepared(project: Project, samples: Samples) -> None:
    table = Samples(samples.inputs * 2.0, samples.targets)
    inputs = prepare_inputs(replace(project.data, features=()), table)
    cache = PreparedCache()
    cache.expect(inputs)
    assert cache.get(import_table(project, table)).x is inputs.x
