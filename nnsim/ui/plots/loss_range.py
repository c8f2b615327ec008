"""Which losses the plot reaches from and to, also on a log scale. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.curves import Curves
from nnsim.ui.plots.thinning import LIMIT
from nnsim.ui.plots.ticks import nice_ceiling

_MOST_DECADES = 12.0
# Earlier runs are for comparison: a diverged or a very long one may not flatten the present one further
# than this.
_EARLIER_SHARE = 4.0


@dataclass(frozen=True, slots=True)
class LossRange:
    """Positions of the axis' ends; powers of ten if ``log``."""

    low: float
    high: float
    log: bool


def positions(values: Array, log: bool, low: float) -> Array:
    """Where losses are on the axis. On a log scale those not above 0 are at its lower end, ``low``.

    Values that are not finite stay so: they are not drawn.
    """
    if not log:
        return np.asarray(values, dtype=np.float64)
    out = np.where(np.isfinite(values), low, np.nan)
    above = np.isfinite(values) & (values > 0.0)
    out[above] = np.maximum(np.log10(values[above]), low)
    return out


def loss_range(curves: Sequence[Curves], log: bool) -> LossRange:
    """A range of round numbers for all of these curves; the first is the present one."""
    found = [_finite(c) for c in curves]
    present = found[0] if found else np.empty(0)
    if log:
        present, found = present[present > 0.0], [v[v > 0.0] for v in found]
    high = max((float(v.max()) for v in found if len(v)), default=1.0)
    low = min((float(v.min()) for v in found if len(v)), default=1.0 if log else 0.0)
    if len(present):
        top = float(present.max())
        high = min(high, _EARLIER_SHARE * top) if top > 0.0 else top
        high = max(high, top)
    if log:
        return _log_range(low, high)
    low = -nice_ceiling(-low) if low < 0.0 else 0.0
    return LossRange(low, nice_ceiling(high) if high > 0.0 else 0.0 if low < 0.0 else 1.0, False)


def epoch_reach(curves: Sequence[Curves]) -> int:
    """The last epoch to show for all of these curves; the first is the present one.

    A long earlier run does not squeeze a young present one into the margin.
    """
    last = [int(c.epoch[-1]) if len(c) else 0 for c in curves]
    most = max(last, default=0)
    return min(most, round(_EARLIER_SHARE * last[0])) if most and last[0] else most


def _log_range(low: float, high: float) -> LossRange:
    """Whole decades where there are several, thirds of one where the curve needs less."""
    bottom, top = log10(low), log10(high)
    bottom = max(bottom, top - _MOST_DECADES)
    parts = 1.0 if top - bottom > 2.0 else 4.0
    low_end, high_end = floor(bottom * parts) / parts, ceil(top * parts) / parts
    if high_end - low_end < 0.5:
        low_end, high_end = low_end - 0.25, high_end + 0.25
    return LossRange(low_end, high_end, True)


def _finite(curves: Curves) -> Array:
    values = np.concatenate((curves.train, curves.test))
    return values[np.isfinite(values) & (np.abs(values) < LIMIT)]
