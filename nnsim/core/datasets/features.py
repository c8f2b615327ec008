"""What a network is fed from two raw inputs: the seven features of the best-known playground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.registry import Entry, Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature(Entry):
    """``compute(raw)`` gives one column (n,) of the raw inputs (n, 2)."""

    compute: Callable[[Array], Array]


FEATURES: Registry[Feature] = Registry(
    "feature",
    (
        Feature(key="x1", label="x₁", help="The first input.", formula="x₁", compute=lambda x: x[:, 0]),
        Feature(key="x2", label="x₂", help="The second input.", formula="x₂", compute=lambda x: x[:, 1]),
        Feature(
            key="x1_squared", label="x₁²", help="The first input, squared.", formula="x₁·x₁",
            compute=lambda x: x[:, 0] * x[:, 0],
        ),
        Feature(
            key="x2_squared", label="x₂²", help="The second input, squared.", formula="x₂·x₂",
            compute=lambda x: x[:, 1] * x[:, 1],
        ),
        Feature(
            key="x1_x2", label="x₁x₂", help="The inputs' product.", formula="x₁·x₂",
            compute=lambda x: x[:, 0] * x[:, 1],
        ),
        Feature(
            key="sin_x1", label="sin x₁", help="The first input's sine.", formula="sin(x₁)",
            compute=lambda x: np.sin(x[:, 0]),
        ),
        Feature(
            key="sin_x2", label="sin x₂", help="The second input's sine.", formula="sin(x₂)",
            compute=lambda x: np.sin(x[:, 1]),
        ),
    ),
)  # fmt: skip


def feature_matrix(raw: Array, keys: tuple[str, ...] = ()) -> Array:
    """The columns ``keys`` (n, k) of raw inputs (n, 2), samples or points of the plane alike.

    Without keys, and for any other number of raw inputs, these are the raw inputs themselves.
    Raises ``UnknownNameError`` for a key that is no feature.
    """
    if raw.shape[1] != 2 or not keys:
        return raw
    if keys == ("x1", "x2"):
        return raw
    return np.column_stack([FEATURES[key].compute(raw) for key in keys])


def feature_names(input_names: tuple[str, ...], keys: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The names of the columns :func:`feature_matrix` gives for inputs with these names."""
    if len(input_names) != 2 or not keys:
        return input_names
    return tuple(FEATURES[key].label for key in keys)
