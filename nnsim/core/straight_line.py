"""An epoch as one list of calls, walked without a stop.

What the batches of an epoch do differs only in which numbers they read, so the calls of all of them
are made once, on first use, and from then on an epoch is one walk along a list. It is made of the
calls that stepping performs, in the same order where order matters: same arithmetic, same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate

from nnsim.core.ops import Calls, perform

# Batches are kept in blocks of this many, and a whole block is performed in one go.
BLOCK = 32
# What is prepared stays bounded: blocks beyond these are made again when their turn comes.
_MOST_BLOCKS = 512


class StraightLine:
    """The updates of an epoch of ``count`` batches; ``make(i)`` gives all calls of batch i's update."""

    def __init__(self, make: Callable[[int], Calls], count: int) -> None:
        self._make, self._count = make, count
        self._blocks: dict[int, tuple[Calls, list[int]]] = {}
        self._several: Calls = []  # short epochs: as many of them as make a block

    def run(self, first: int, stop: int) -> None:
        """Perform the updates of batches ``first`` up to ``stop``."""
        while first < stop:
            start = first - first % BLOCK
            calls, ends = self._blocks.get(start) or self._block(start)
            upto = min(stop, start + BLOCK)
            a, b = ends[first - start], ends[upto - start]
            perform(calls if b - a == len(calls) else calls[a:b])
            first = upto

    def repeat(self, times: int) -> None:
        """Perform the updates of all batches so many times."""
        if self._count < BLOCK:
            self._several = self._several or self._block(0)[0] * (BLOCK // self._count)
            while times >= BLOCK // self._count:
                perform(self._several)
                times -= BLOCK // self._count
        for _ in range(times):
            self.run(0, self._count)

    def _block(self, start: int) -> tuple[Calls, list[int]]:
        """The calls of a block, and where in them each batch ends, 0 first."""
        if len(self._blocks) >= _MOST_BLOCKS:
            self._blocks.clear()
        each = [self._make(i) for i in range(start, min(start + BLOCK, self._count))]
        ends = list(accumulate(map(len, each), initial=0))
        block = self._blocks[start] = [call for calls in each for call in calls], ends
        return block
