"""How long work tells how far it has come, and is told to stop.

Work takes a *step*: a function that it calls every few milliseconds with the share that is done, 0 to 1.
A step that raises :class:`Cancelled` ends the work, which leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Step = Callable[[float], object]

# Python's interpreter lock is held through one call on so many bytes, which takes about a millisecond: in
# larger pieces the work would stop every other thread.
PIECE: Final = 2**20


class Cancelled(Exception):
    """Somebody does not want the work any more. Nothing has changed."""


def no_step(share: float) -> None:
    """For work that nobody watches."""


def part(step: Step, begin: float, end: float) -> Step:
    """The step of a part of the work, which brings the whole from share ``begin`` to ``end``."""
    return lambda share: step(begin + (end - begin) * min(1.0, max(0.0, share)))
