"""The data section of a project file as a document's data: tables read, shipped sets filled in."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnsim.core.arrays import Array, IntArray, read_only
from nnsim.core.datasets import DATASETS, DatasetEntry, Samples
from nnsim.io import schema
from nnsim.io.errors import ProjectFileError
from nnsim.io.limits import MAX_TABLE_FIELD
from nnsim.io.numbers import read_array, read_number, read_options, shown
from nnsim.io.shipped_data import load_shipped
from nnsim.model.build import PLANE_FEATURES
from nnsim.model.limits import MAX_LAYER_SIZE, MAX_SAMPLES, MAX_SEED, samples_problem
from nnsim.model.project import Data

TABLE = "table"


def resolve_data(given: str | schema.DataFile, inputs: int) -> Data:
    """The data of a network with that many inputs. Raises :class:`ProjectFileError`."""
    file = schema.DataFile(source=given) if isinstance(given, str) else given
    source = file.source or (TABLE if file.table is not None else schema.DEFAULT_SOURCE)
    entry = next((known for known in DATASETS if known.key == source), None)
    samples = _samples(file, source, entry)
    if not 0 <= file.seed <= MAX_SEED:
        raise ProjectFileError(f"data.seed: {shown(file.seed)} is not from 0 to {MAX_SEED:,}.")
    width = samples.width if samples is not None else entry.width if entry is not None else 0
    features = file.features
    if features is None:
        features = list(PLANE_FEATURES) if width == 2 and inputs == 2 else []
    share = file.train_share
    if share is None:
        # Of a handful of rows none can be spared for testing.
        few = source == TABLE or (entry is not None and entry.fixed and not entry.shipped)
        share = 1.0 if few else 0.5
    return Data(
        source, read_options(file.options), file.seed, tuple(features), file.scaling,
        read_number(share, "data.train_share"), samples,
    )  # fmt: skip


def _samples(file: schema.DataFile, source: str, entry: DatasetEntry | None) -> Samples | None:
    if file.table is not None:
        if entry is not None:
            raise ProjectFileError(f"data: give either the source {shown(source)} or a table, not both.")
        return _table(file.table)
    if source == TABLE:
        raise ProjectFileError("data.table: the table is missing.")
    if entry is None or not entry.shipped:
        return None
    try:
        return load_shipped(source)
    except (OSError, ValueError) as error:
        raise ProjectFileError(f"The data set “{entry.label}” cannot be loaded. {error}") from error


def _table(t: schema.TableFile) -> Samples:
    if (t.targets is None) == (t.labels is None):
        raise ProjectFileError("data.table: give either targets (numbers) or labels (classes).")
    inputs = _columns(t.inputs, "data.table.inputs")
    targets = None if t.targets is None else _columns(t.targets, "data.table.targets")
    labels, classes = (None, tuple(t.classes)) if t.labels is None else _labels(t.labels, tuple(t.classes))
    for names in (t.input_names, t.target_names, classes):
        if any(len(name) > MAX_TABLE_FIELD for name in names):
            raise ProjectFileError(f"data.table: a name has more than {MAX_TABLE_FIELD:,} characters.")
    named = {} if t.name is None else {"name": t.name[:MAX_TABLE_FIELD]}
    try:
        samples = Samples(
            inputs, targets, labels, tuple(t.input_names), tuple(t.target_names), classes,
            "classification" if classes else "regression", **named,
        )  # fmt: skip
    except ValueError as error:
        raise ProjectFileError(f"data.table: {error}") from None
    problem = samples_problem(samples)
    if problem:
        raise ProjectFileError(f"data.table: {problem}")
    return samples


def _columns(value: Any, where: str) -> Array:
    """A table (n, columns); a plain list is a table of one column."""
    found = read_array(value, where)
    if found.ndim == 1:
        found = read_only(found.reshape(-1, 1))
    if found.ndim != 2:
        raise ProjectFileError(f"{where}: a table has rows of numbers.")
    return found


def _labels(value: Any, classes: tuple[str, ...]) -> tuple[IntArray, tuple[str, ...]]:
    """Class indices and class names; labels are either indices or names."""
    where = "data.table.labels"
    if isinstance(value, list) and len(value) > MAX_SAMPLES:
        raise ProjectFileError(f"{where}: {len(value):,} samples are more than the limit of {MAX_SAMPLES:,}.")
    if isinstance(value, list) and value and all(isinstance(label, str) for label in value):
        classes = classes or class_names(value)
        index = {name: i for i, name in enumerate(classes)}
        unknown = next((label for label in value if label not in index), None)
        if unknown is not None:
            raise ProjectFileError(f"{where}: {shown(unknown)} is not among the classes.")
        return read_only([index[label] for label in value], np.intp), classes
    found = read_array(value, where)
    if found.ndim != 1 or not ((found >= 0) & (found < MAX_LAYER_SIZE) & (found == np.trunc(found))).all():
        raise ProjectFileError(
            f"{where}: labels are class names, or whole numbers from 0 to {MAX_LAYER_SIZE - 1:,}."
        )
    indices = read_only(found.astype(np.intp), np.intp)
    return indices, classes or tuple(map(str, range(int(indices.max(initial=0)) + 1)))


def class_names(labels: list[str]) -> tuple[str, ...]:
    """The classes in a column of labels: numbers by size, then words by alphabet."""

    def rank(name: str) -> tuple[int, float, str]:
        try:
            return 0, float(name), name
        except ValueError:
            return 1, 0.0, name

    return tuple(sorted(set(labels), key=rank))
