"""The order in which samples are visited, as a pure function of the seed and the epoch."""

from __future__ import annotations

import numpy as np

from nnsim.core.arrays import IntArray
from nnsim.core.streams import Purpose, stream

# Epochs share a generator in blocks: making one costs more than shuffling a small data set, and
# within a block any epoch can still be reached by drawing the ones before it.
_BLOCK = 64


class EpochOrder:
    """``order(epoch)`` → the permutation of that epoch; random access, cheap in sequence."""

    def __init__(self, count: int, seed: int, shuffle: bool) -> None:
        self._count, self._seed, self._shuffle = count, seed, shuffle
        self._file_order = np.arange(count, dtype=np.intp)
        self._generator: np.random.Generator | None = None
        self._block = self._next = -1  # whose generator it is, and the epoch it draws next
        self._last: tuple[int, IntArray] | None = None

    def order(self, epoch: int) -> IntArray:
        """Indices (count,) of the training samples in the order of ``epoch``."""
        if not self._shuffle:
            return self._file_order
        if self._last is not None and self._last[0] == epoch:
            return self._last[1]
        block = epoch // _BLOCK
        if self._generator is None or epoch < self._next or block != self._block:
            self._generator = stream(self._seed, Purpose.SHUFFLE, block)
            self._block, self._next = block, block * _BLOCK
        while self._next < epoch:
            self._generator.permutation(self._count)
            self._next += 1
        found: IntArray = self._generator.permutation(self._count)
        self._next += 1
        self._last = (epoch, found)
        return found
