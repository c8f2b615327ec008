"""How good the outputs are, in numbers that are read and not trained on.

All take outputs and encoded targets (n, m) as in :func:`nnsim.core.datasets.encode`, and ``low``, the
number that stands for "no" there (see :func:`nnsim.core.datasets.class_low`). How an output row
becomes a class:

* one output: class 1 above the middle of ``low`` and 1, else class 0 (so a tie is class 0, as for
  the step activation);
* several outputs: the largest; of equal ones the first;
* a row that holds a NaN has no class, −1, and counts as wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnsim.core.arrays import Array, IntArray
from nnsim.core.datasets.base import TaskKind
from nnsim.core.registry import Entry, Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(Entry):
    """``value(outputs, targets, low)`` is one number; NaN for no samples. ``best`` is its best value."""

    task: TaskKind
    value: Callable[[Array, Array, float], float]
    best: float = 1.0


def predicted_classes(outputs: Array, low: float = 0.0) -> IntArray:
    """The class (n,) that each row of outputs or encoded targets (n, m) stands for."""
    if outputs.shape[1] == 1:
        found = (outputs[:, 0] > (low + 1.0) / 2.0).astype(np.intp)
    else:
        found = outputs.argmax(axis=1)
    found[np.isnan(outputs).any(axis=1)] = -1
    return found


def accuracy(outputs: Array, targets: Array, low: float = 0.0) -> float:
    """The share of rows whose class is right."""
    if len(outputs) == 0:
        return float("nan")
    return float(np.mean(predicted_classes(outputs, low) == predicted_classes(targets, low)))


def confusion_matrix(outputs: Array, targets: Array, low: float = 0.0) -> IntArray:
    """Counts (k, k): row = true class, column = predicted class; k = 2 for one output, else m.

    Rows without a class (NaN) are not counted.
    """
    k = max(outputs.shape[1], 2)
    true, predicted = predicted_classes(targets, low), predicted_classes(outputs, low)
    valid = (true >= 0) & (predicted >= 0)
    counts = np.bincount(true[valid] * k + predicted[valid], minlength=k * k)
    return counts.reshape(k, k)


def r_squared(outputs: Array, targets: Array, low: float = 0.0) -> float:
    """R² = 1 − Σ(a − y)² / Σ(y − ȳ)², ȳ by column, the sums over all rows and columns.

    Where the targets are constant nothing is to be explained: 1 if the outputs equal them, else 0.
    """
    if len(outputs) == 0:
        return float("nan")
    with np.errstate(over="ignore", invalid="ignore"):
        rest = float(np.sum((outputs - targets) ** 2))
        # Targets that are all equal can differ from their computed mean by a rounding error.
        constant = bool((targets == targets[0]).all())
        spread = 0.0 if constant else float(np.sum((targets - targets.mean(axis=0)) ** 2))
    if spread == 0.0:
        return 1.0 if rest == 0.0 else 0.0
    return 1.0 - rest / spread


METRICS: Registry[Metric] = Registry(
    "metric",
    (
        Metric(
            key="accuracy", label="Accuracy", help="The share of samples whose class is right.",
            formula="right / all", task="classification", value=accuracy,
        ),
        Metric(
            key="r_squared", label="R²", help="How much of the targets' spread the outputs explain.",
            formula="1 − Σ(a − y)² / Σ(y − ȳ)²", task="regression", value=r_squared,
        ),
    ),
)  # fmt: skip
