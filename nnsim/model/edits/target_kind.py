"""Numbers that stand for classes, as the digits 0 to 9 in a table of pictures do, and back again."""

from __future__ import annotations

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.datasets.base import Samples
from nnsim.model.edits.samples import raw_samples
from nnsim.model.edits.table import import_table
from nnsim.model.errors import EditError
from nnsim.model.limits import MAX_LAYER_SIZE
from nnsim.model.project import Project

# Whole numbers that come back again and again are likely to be names; with two of them it makes no
# difference to what is learnt.
_FEWEST, _MOST, _EACH = 3, 100, 4


def may_name_classes(samples: Samples) -> Array | None:
    """The targets' values (ascending) where they look like names of classes; else ``None``."""
    if samples.targets is None or samples.targets.shape[1] != 1 or samples.task != "regression":
        return None
    column = samples.targets[:, 0]
    if len(column) < _EACH * _FEWEST or not np.array_equal(np.rint(column), column):
        return None
    values: Array = np.unique(column)
    return values if _FEWEST <= len(values) <= min(_MOST, len(column) // _EACH) else None


def named_by_numbers(samples: Samples) -> bool:
    """Whether all classes are called by a number."""
    return samples.labels is not None and all(_number(name) is not None for name in samples.classes)


def with_classes(samples: Samples) -> Samples:
    """Each different target a class, in ascending order. Raises :class:`EditError` with a sentence."""
    if samples.targets is None or samples.targets.shape[1] != 1:
        raise EditError(f"{samples.name} has no single column of numbers that could name classes.")
    values, labels = np.unique(samples.targets[:, 0], return_inverse=True)
    if not 2 <= len(values) <= MAX_LAYER_SIZE:
        raise EditError(
            f"{samples.name} has {len(values):,} different targets; classes can be 2 to {MAX_LAYER_SIZE:,}."
        )
    return Samples(
        samples.inputs, labels=labels.reshape(-1), input_names=samples.input_names,
        target_names=samples.target_names, classes=tuple(_name(v) for v in values.tolist()),
        task="classification", name=samples.name,
    )  # fmt: skip


def with_numbers(samples: Samples) -> Samples:
    """The numbers that the classes are called by as targets. Raises :class:`EditError`."""
    if samples.labels is None or not named_by_numbers(samples):
        raise EditError(f"The classes of {samples.name.lower()} are not called by numbers.")
    values = np.array([float(name) for name in samples.classes])
    return Samples(
        samples.inputs, values[samples.labels][:, np.newaxis], input_names=samples.input_names,
        target_names=samples.target_names, name=samples.name,
    )  # fmt: skip


def set_target_kind(project: Project, classes: bool) -> Project:
    """Reads the targets of the user's own table as classes or as amounts, and fits the network to that.

    Raises :class:`EditError` if they cannot be read so.
    """
    samples = raw_samples(project.data)
    if classes is (samples.labels is not None):
        return project
    return import_table(project, with_classes(samples) if classes else with_numbers(samples), fit=True)


def _name(value: float) -> str:
    return repr(value).removesuffix(".0")


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None
