"""Verbs for single samples. The first one makes the data a table of the user's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnsim.core.arrays import sealed
from nnsim.core.datasets.base import Samples
from nnsim.model.checks import many, number, whole
from nnsim.model.edits.data import choose_data
from nnsim.model.edits.samples import check_samples, raw_samples
from nnsim.model.errors import EditError
from nnsim.model.limits import MAX_VALUE
from nnsim.model.project import EMPTY, Data, Progress, Project

TABLE = "table"


def set_cell(project: Project, row: int, column: int, value: float | str) -> Project:
    """One number of the table: the columns are the inputs, then the targets or the class.

    A class is given by its index or its name.
    """
    samples = raw_samples(project.data)
    row = _row(samples, row)
    targets = 1 if samples.targets is None else samples.targets.shape[1]
    column = whole(column, "The column")
    if not 0 <= column < samples.width + targets:
        has = many(samples.width + targets, "column")
        raise EditError(f"The table has {has}; there is no number {column + 1}.")
    at: tuple[int, ...]
    if column < samples.width:
        name, at, new = "inputs", (row, column), _value(value, "An input")
    elif samples.targets is not None:
        name, at, new = "targets", (row, column - samples.width), _value(value, "A target")
    else:
        name, at, new = "labels", (row,), _label(samples, value)
    old: np.ndarray[Any, Any] = getattr(samples, name)
    if old[at] == new:
        return project
    table = old.copy()
    table[at] = new
    changed: dict[str, Any] = {name: sealed(table)}
    return with_table(project, replace(samples, **changed))


def add_sample(project: Project, inputs: Sequence[float], target: float | str | Sequence[float]) -> Project:
    """One more sample at the end. ``target``: a number (or several), or a class by index or name."""
    samples = raw_samples(project.data)
    if len(inputs) != samples.width:
        raise EditError(
            f"A sample of this data set has {many(samples.width, 'input')}; {len(inputs)} were given."
        )
    row = np.array([[_value(value, "An input") for value in inputs]])
    fields: dict[str, Any] = {"inputs": np.concatenate((samples.inputs, row))}
    if samples.targets is not None:
        values = (
            target if isinstance(target, (Sequence, np.ndarray)) and not isinstance(target, str) else [target]
        )
        if len(values) != samples.targets.shape[1]:
            needed = many(samples.targets.shape[1], "target")
            raise EditError(f"A sample of this data set has {needed}; {len(values)} were given.")
        new = np.array([[_value(value, "A target") for value in values]])
        fields["targets"] = np.concatenate((samples.targets, new))
    else:
        assert samples.labels is not None
        fields["labels"] = np.append(samples.labels, _label(samples, target))
    changed = replace(samples, **fields)
    check_samples(changed)
    return with_table(project, changed)


def remove_samples(project: Project, rows: Iterable[int]) -> Project:
    """Without these samples (row numbers from 0)."""
    samples = raw_samples(project.data)
    gone = sorted({_row(samples, row) for row in rows})
    if not gone:
        return project
    fields: dict[str, Any] = {"inputs": np.delete(samples.inputs, gone, axis=0)}
    if samples.targets is not None:
        fields["targets"] = np.delete(samples.targets, gone, axis=0)
    else:
        assert samples.labels is not None
        fields["labels"] = np.delete(samples.labels, gone)
    return with_table(project, replace(samples, **fields))


def import_table(project: Project, samples: Samples, fit: bool = False) -> Project:
    """Uses a table of the user's own; ``fit`` as in :func:`~nnsim.model.edits.data.choose_data`."""
    check_samples(samples)
    old = project.data
    table = Data(TABLE, EMPTY, old.seed, (), old.scaling, old.train_share, samples)
    return choose_data(project, table, fit)


def with_table(project: Project, samples: Samples) -> Project:
    """The project with its samples replaced by a table of the same columns."""
    data = replace(project.data, source=TABLE, options=EMPTY, samples=samples)
    return replace(project, data=data, progress=Progress())


def _row(samples: Samples, row: object) -> int:
    found = whole(row, "The row")
    if not 0 <= found < samples.count:
        raise EditError(f"The table has {many(samples.count, 'row')}; there is no number {found + 1}.")
    return found


def _label(samples: Samples, value: object) -> int:
    """A class index, from an index or a name."""
    if isinstance(value, str):
        if value in samples.classes:
            return samples.classes.index(value)
        raise EditError(f"There is no class “{value}”. The classes are {', '.join(samples.classes)}.")
    index = whole(value, "The class")
    if not 0 <= index < len(samples.classes):
        raise EditError(
            f"There are {len(samples.classes)} classes, numbered from 0; {index} is none of them."
        )
    return index


def _value(value: object, what: str) -> float:
    return number(value, what, -MAX_VALUE, MAX_VALUE)
