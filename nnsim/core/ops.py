"""Prepared arithmetic: functions with their arguments, made once and called many times.

For small networks a step costs what calling NumPy costs, so everything that can be decided before
(views, scalars, output buffers, bound methods) is decided when the list is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from nnsim.core.arrays import Array

Operation = tuple[Callable[..., Any], tuple[Any, ...]]
Operations = list[Operation]


def perform(operations: Iterable[Operation]) -> None:
    """Do them in order."""
    for function, arguments in operations:
        function(*arguments)


def scalar(value: float) -> Array:
    """A number as an array of no dimensions: NumPy takes it faster than a Python float."""
    return np.array(value, dtype=np.float64)
