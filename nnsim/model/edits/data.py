"""Verbs for where the samples come from and how they are prepared.

All of them keep the weights and start progress again: losses before and after would be of different
things.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nnsim.core.datasets import DATASETS
from nnsim.core.datasets.scaling import SCALINGS
from nnsim.core.datasets.targets import mismatch
from nnsim.model.build import PLANE_FEATURES
from nnsim.model.checks import entry_of, many, number, options_of
from nnsim.model.edits.features import set_features
from nnsim.model.edits.fit import fitted
from nnsim.model.edits.samples import check_data, input_count, raw_samples
from nnsim.model.errors import EditError
from nnsim.model.project import Data, Progress, Project

__all__ = [
    "choose_data",
    "data_fit_problem",
    "regenerate",
    "set_data_options",
    "set_features",
    "set_scaling",
    "set_train_share",
]


def choose_data(project: Project, data: Data, fit: bool = False) -> Project:
    """Uses other data. Two-input data that names no features takes those in use.

    ``fit``: where input or output layer do not suit the data they are resized, and output
    activation and loss chosen for its kind where they must; hidden layers stay. Without it such
    data are refused with the sentence of :func:`data_fit_problem`.
    """
    data = _with_own_features(project, data)
    samples = check_data(data)
    if fit:
        return replace(fitted(project, data, samples), progress=Progress())
    problem = data_fit_problem(project, data)
    if problem:
        raise EditError(problem)
    return replace(project, data=data, progress=Progress())


def data_fit_problem(project: Project, data: Data) -> str | None:
    """Why the network cannot be used with ``data`` as it is, as a sentence; ``None`` if it can.

    Raises :class:`EditError` if the data cannot be used at all.
    """
    data = _with_own_features(project, data)
    samples = check_data(data)
    inputs, has = input_count(data, samples), project.layers[0].size
    if inputs != has:
        feeds = many(inputs, "input")
        return f"{samples.name} has {feeds}, so the network needs {feeds}; it has {has}."
    return mismatch(samples, project.layers[-1].size)


def _with_own_features(project: Project, data: Data) -> Data:
    """``data`` with the features in use, if it is of two inputs and names none itself."""
    if data.features or raw_samples(data).width != 2:
        return data
    used = project.data.features
    if not used or len(used) != project.layers[0].size:
        used = PLANE_FEATURES
    return replace(data, features=used)


def set_data_options(project: Project, **options: Any) -> Project:
    """Settings of the generated data set (noise, count …)."""
    data = project.data
    if data.samples is not None and data.source not in DATASETS:
        raise EditError("These samples are a table of your own; it has no settings.")
    entry = entry_of(DATASETS, data.source)
    chosen = options_of(entry, options, data.options)
    if dict(chosen) == dict(data.options):
        return project
    return _with_data(project, replace(data, options=chosen))


def regenerate(project: Project) -> Project:
    """Draws the samples anew; where they are fixed, which of them are for training."""
    data = project.data
    fixed = data.samples is not None or entry_of(DATASETS, data.source).fixed
    if fixed and data.train_share >= 1.0:
        raise EditError("These samples are fixed and all used for training; there is nothing to draw.")
    return _with_data(project, replace(data, seed=data.seed + 1))


def set_train_share(project: Project, share: float) -> Project:
    """The share of samples to train on, above 0 and at most 1; the others are for testing."""
    share = number(share, "The share of training samples", 0.0, 1.0)
    if share == project.data.train_share:
        return project
    return _with_data(project, replace(project.data, train_share=share))


def set_scaling(project: Project, key: str) -> Project:
    """How inputs are brought to comparable sizes."""
    key = entry_of(SCALINGS, key).key
    if key == project.data.scaling:
        return project
    return _with_data(project, replace(project.data, scaling=key))


def _with_data(project: Project, data: Data) -> Project:
    check_data(data)
    return replace(project, data=data, progress=Progress())
