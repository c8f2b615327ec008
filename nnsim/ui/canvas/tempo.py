"""How often numbers and pictures are shown anew while training fast.

Nobody reads a number that changes 60 times a second, but writing it costs the window as much as
everything else it does. So edges move at display rate, while texts and pictures keep a slower pace;
and what is dear to show (a large network) keeps a slower one still.
"""

from __future__ import annotations

import time
from collections.abc import Callable


class Tempo:
    """A limit on how often something is done, and on the share of the time it takes.

    ``most`` times a second; ``share`` of the time at most; but ``least`` times a second even if
    that takes more.
    """

    def __init__(
        self, most: float, share: float, least: float = 2.0, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._shortest, self._longest, self._share = 1.0 / most, 1.0 / least, share
        self._clock = clock
        self._next = 0.0

    def due(self) -> bool:
        """Whether it may be done now."""
        return self._clock() >= self._next

    def done(self, seconds: float) -> None:
        """It was done now, and took so long."""
        pause = min(max(seconds / self._share, self._shortest), self._longest)
        self._next = self._clock() + pause
