"""Which samples are trained on and which only tested on."""

from __future__ import annotations

import numpy as np

from nnsim.core.arrays import IntArray


def split(count: int, share: float, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    """Sorted indices of the training and of the test samples.

    ``share`` (0 < share ≤ 1) of ``count`` samples, rounded to the nearest number but at least one,
    are drawn for training; share 1 leaves no test samples. With the same state of ``rng``, a larger
    share keeps every training sample of a smaller one. Raises ``ValueError`` for another share.
    """
    if not 0.0 < share <= 1.0:
        raise ValueError(f"The share of training samples must be above 0 and at most 1; it is {share:g}.")
    drawn = rng.permutation(count)
    train = min(count, max(1, int(share * count + 0.5)))
    first, rest = np.sort(drawn[:train]), np.sort(drawn[train:])
    return first.astype(np.intp, copy=False), rest.astype(np.intp, copy=False)
