"""Random streams: every use of chance has its own, derived from the seed and a purpose.

A stream depends on the seed, what it is for, and a counter, and on nothing that happened before.
So no generator's state has to be saved: the seed and the counters are the whole random state.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What a stream is for. The numbers are part of saved runs: never change one."""

    WEIGHTS = 1
    DATA = 2
    SPLIT = 3
    SHUFFLE = 4
    NEW_NEURON = 5


def stream(seed: int, purpose: Purpose, *counters: int) -> np.random.Generator:
    """The generator of one purpose. Same arguments, same numbers, on every machine."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, int(purpose), *counters])))
