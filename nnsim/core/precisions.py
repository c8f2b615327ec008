"""How exactly training computes. Everything else (data, documents, checks, explanations) is float64."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnsim.core.registry import Entry, Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision(Entry):
    """``dtype`` is what parameters, passes and updates are computed in."""

    dtype: np.dtype[Any]


EXACT = "float64"  # the key of the precision that a network has unless another is chosen

PRECISIONS: Registry[Precision] = Registry(
    "precision",
    (
        Precision(
            key=EXACT, label="Double (float64)", dtype=np.dtype(np.float64),
            help="About 16 figures: what is trained is what is explained and checked.",
        ),
        Precision(
            key="float32", label="Single (float32)", dtype=np.dtype(np.float32),
            help="About 7 figures; for large networks, which it trains up to twice as fast.",
        ),
    ),
)  # fmt: skip
