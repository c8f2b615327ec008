"""The training and test samples as an engine reads them, made once for all trainers of the same samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.task import Task


@dataclass(frozen=True, slots=True, eq=False)
class SampleSets:
    """``x`` (n, inputs + 1), whose last column is ones, and ``y`` (n, outputs) of the training samples;
    ``x_test`` and ``y_test`` likewise. In the precision that is computed in; never written to.

    ``made_from`` are the task's four arrays. ``one_hot``: whether every training target is zeros and a
    single 1.
    """

    x: Array
    y: Array
    x_test: Array
    y_test: Array
    one_hot: bool
    made_from: tuple[Array, Array, Array, Array]

    @staticmethod
    def of(task: Task, dtype: np.dtype[Any], known: SampleSets | None = None) -> SampleSets:
        """Those of ``task``: ``known`` itself where it was made from the same arrays."""
        sources = task.x_train, task.y_train, task.x_test, task.y_test
        if known is not None and known.x.dtype == dtype and _same(sources, known.made_from):
            return known
        return SampleSets(
            with_ones(task.x_train, dtype), task.y_train.astype(dtype, copy=False),
            with_ones(task.x_test, dtype), task.y_test.astype(dtype, copy=False),
            is_one_hot(task.y_train), sources,
        )  # fmt: skip


def _same(a: tuple[Array, ...], b: tuple[Array, ...]) -> bool:
    return all(x is y for x, y in zip(a, b, strict=True))


def with_ones(x: Array, dtype: np.dtype[Any]) -> Array:
    """x (n, inputs) as (n, inputs + 1), the last column ones."""
    out: Array = np.ones((len(x), x.shape[1] + 1), dtype)
    out[:, :-1] = x
    return out


def is_one_hot(y: Array) -> bool:
    """Whether every row of y (n, outputs) is zeros and a single 1."""
    return bool(((y == 0.0) | (y == 1.0)).all() and (np.add.reduce(y, axis=1) == 1.0).all())
