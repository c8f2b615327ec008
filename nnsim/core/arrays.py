"""Array types, and the one way to make an array that nobody can write to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# Numbers are float64. Only inside a trainer told to compute in float32 the same names hold that.
Array = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]

# For functions through which numbers may leave float64, because a run diverges or a weight was set to
# 1e300: that is looked for and reported, and no reason for a warning.
quiet = np.errstate(over="ignore", invalid="ignore", divide="ignore")


def sealed(values: NDArray[Any]) -> NDArray[Any]:
    """``values``, an array of its own that nobody else holds, made unwritable. Large ones are not copied."""
    values.setflags(write=False)
    return values


def read_only(values: Any, dtype: Any = np.float64) -> NDArray[Any]:
    """A C-contiguous, unwritable copy of ``values`` (the same object if it is one already)."""
    if (
        isinstance(values, np.ndarray)
        and values.dtype == dtype
        and not values.flags.writeable
        and values.flags.c_contiguous
        and values.base is None
    ):
        return values
    out = np.array(values, dtype=dtype, order="C", copy=True)
    out.setflags(write=False)
    return out
