"""Bringing inputs to comparable sizes, with numbers taken from the training samples only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnsim.core.arrays import Array, read_only
from nnsim.core.registry import Entry, Registry

_COLUMNS = 128


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """scaled = (x − offset)·factor, by column; both (d,), finite, factor not 0."""

    offset: Array
    factor: Array

    def apply(self, x: Array) -> Array:
        """``x`` (n, d) scaled, as a new array; ``x`` itself where nothing is to be done."""
        if not self.offset.any() and (self.factor == 1.0).all():
            return x
        out: Array = x - self.offset
        out *= self.factor
        return out

    def invert(self, scaled: Array) -> Array:
        """What was scaled to ``scaled`` (n, d), as a new array."""
        out: Array = scaled / self.factor + self.offset
        return out


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingRule(Entry):
    """``offset_and_spread(x)`` of the training inputs (n, d), n ≥ 1: columns are divided by spread."""

    offset_and_spread: Callable[[Array], tuple[Array, Array]]


def _none(x: Array) -> tuple[Array, Array]:
    return np.zeros(x.shape[1]), np.ones(x.shape[1])


def _standard(x: Array) -> tuple[Array, Array]:
    # Some columns at a time: the numbers in between would take as much memory as the table, several times.
    parts = np.array_split(x, max(x.shape[1] // _COLUMNS, 1), axis=1)
    mean, deviation = zip(*map(_mean_and_deviation, parts), strict=True)
    return np.concatenate(mean), np.concatenate(deviation)


def _mean_and_deviation(x: Array) -> tuple[Array, Array]:
    # Divided by the largest size first: squares of large numbers stay finite, and the deviation of a
    # constant column, now of ones, is exactly 0 and not a rounding error.
    size = np.abs(x).max(axis=0)
    size[size == 0.0] = 1.0
    unit = x / size
    mean = unit.mean(axis=0)
    return mean * size, np.sqrt(np.mean((unit - mean) ** 2, axis=0)) * size


def _minmax(x: Array) -> tuple[Array, Array]:
    low = x.min(axis=0)
    return low, x.max(axis=0) - low


SCALINGS: Registry[ScalingRule] = Registry(
    "scaling",
    (
        ScalingRule(
            key="none", label="None", help="Inputs are fed as they are.", formula="x",
            offset_and_spread=_none,
        ),
        ScalingRule(
            key="standard", label="Standardise", help="Mean 0 and deviation 1 on the training samples.",
            formula="(x − mean)/deviation", offset_and_spread=_standard,
        ),
        ScalingRule(
            key="minmax", label="0 to 1", help="The training samples' smallest becomes 0, their largest 1.",
            formula="(x − min)/(max − min)", offset_and_spread=_minmax,
        ),
    ),
)  # fmt: skip


def fit_scaling(key: str, x_train: Array) -> Scaling:
    """The scaling ``key`` ("none", "standard", "minmax") for training inputs (n, d).

    A column whose numbers are all the same (or of a range float64 cannot divide by) is only shifted.
    Raises ``UnknownNameError`` for any other key.
    """
    rule = SCALINGS[key]
    if len(x_train) == 0 or key == "none":
        rule = SCALINGS["none"]
        return _scaling(*rule.offset_and_spread(x_train))
    with np.errstate(over="ignore", under="ignore"):
        offset, spread = rule.offset_and_spread(x_train)
    return _scaling(offset, spread)


def _scaling(offset: Array, spread: Array) -> Scaling:
    usable = (spread > 1e-300) & np.isfinite(spread)
    factor = np.divide(1.0, spread, out=np.ones_like(spread), where=usable)
    return Scaling(read_only(offset), read_only(factor))
