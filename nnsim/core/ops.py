"""Prepared arithmetic: functions with their arguments, made once and called many times.

For small networks a step costs what calling NumPy costs, so everything that can be decided before
(views, scalars, output buffers, bound methods) is decided when the list is made, and the list is
walked by the iterators of the standard library, which take no step of the interpreter for a call.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from itertools import starmap
from operator import call
from typing import Any

import numpy as np

from nnsim.core.arrays import Array

# (function, *arguments); results go where an argument says, what is returned is dropped.
Call = tuple[Any, ...]
Calls = list[Call]

# A queue of length 0 takes what an iterator gives and keeps nothing of it: it has no state.
_exhaust: Callable[[Iterable[Any]], None] = deque(maxlen=0).extend


def perform(calls: Iterable[Call]) -> None:
    """Make the calls in order."""
    _exhaust(starmap(call, calls))


def scalar(value: float, like: Array) -> Array:
    """A number as an array of no dimensions, of the type of ``like``: NumPy takes it faster than a float."""
    return np.array(value, dtype=like.dtype)
