"""The numbers a network's outputs are trained towards."""

from __future__ import annotations

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.datasets.base import Samples


def encode(samples: Samples, outputs: int, low: float) -> Array:
    """Targets (n, outputs) for a network with that many outputs.

    Two classes and one output: ``low`` for class 0 and 1 for class 1. As many outputs as classes:
    1 at the class, ``low`` elsewhere. Numeric targets are passed on as they are. ``low`` is −1 where
    the output activation reaches below 0, else 0. Raises ``ValueError`` with a sentence for the user
    where the numbers do not fit.
    """
    problem = mismatch(samples, outputs)
    if problem:
        raise ValueError(problem)
    if samples.targets is not None:
        return samples.targets
    assert samples.labels is not None
    if outputs == 1:
        return np.where(samples.labels[:, np.newaxis] == 1, 1.0, low)
    return np.where(samples.labels[:, np.newaxis] == np.arange(outputs), 1.0, low)


def mismatch(samples: Samples, outputs: int) -> str | None:
    """Why :func:`encode` cannot serve a network with ``outputs`` outputs; ``None`` if it can."""
    has = f"it has {outputs}"
    if samples.targets is not None:
        m = samples.targets.shape[1]
        if outputs == m:
            return None
        return f"{samples.name} has {_many(m, 'target')}, so the network needs {_many(m, 'output')}; {has}."
    k = len(samples.classes)
    if outputs == k or (k == 2 and outputs == 1):
        return None
    needs = "1 output or 2" if k == 2 else _many(k, "output")
    return f"{samples.name} has {_many(k, 'class')}, so the network needs {needs}; {has}."


def class_low(samples: Samples, low: float) -> float:
    """What stands for "no" in :func:`encode`'s result: ``low`` for labels, 0 for numeric targets.

    This is the ``low`` the metrics take: one output means class 1 above the middle of low and 1.
    """
    return low if samples.targets is None else 0.0


def _many(count: int, noun: str) -> str:
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun}es" if noun.endswith("s") else f"{count} {noun}s"
