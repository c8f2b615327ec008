"""Timing on a machine that is never quiet: contestants take turns, medians and quartiles are kept."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

# All contestants compute in one thread: the time that thread had counts, not the time it waited for a
# processor that was given to somebody else. (Some systems count it too coarsely.)
_FINE = time.get_clock_info("thread_time").resolution < 1e-6
clock = time.thread_time if _FINE else time.perf_counter

ROUND_SECONDS = 0.006  # how long one turn takes, about: short enough to pass undisturbed now and then
ROUNDS = 61


class Contestant(Protocol):
    """``seconds(updates)`` does so many updates and says how long that took."""

    name: str

    def seconds(self, updates: int) -> float: ...


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and quartiles of what was measured."""

    median: float
    low: float
    high: float

    @staticmethod
    def of(values: Sequence[float]) -> Spread:
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return Spread(median, low, high)


@dataclass(frozen=True, slots=True)
class Timed:
    """A contestant of this process: ``run(updates)`` timed from outside."""

    name: str
    run: Callable[[int], object]

    def seconds(self, updates: int) -> float:
        began = clock()
        self.run(updates)
        return clock() - began


def take_turns(contestants: Sequence[Contestant], rounds: int = ROUNDS) -> list[list[float]]:
    """Microseconds per update of every contestant in every round.

    Every round each of them runs for about as long, one after the other, in the opposite order the
    next time, so that what slows the machine down for a while slows down all.
    """
    counts = [_fitting(c) for c in contestants]
    times: list[list[float]] = [[] for _ in contestants]
    order = list(range(len(contestants)))
    for _ in range(rounds):
        for i in order:
            times[i].append(contestants[i].seconds(counts[i]) / counts[i] * 1e6)
        order.reverse()
    return times


def _fitting(contestant: Contestant) -> int:
    """How many updates last about a round; warms up before and on the way."""
    contestant.seconds(1)  # what is made on first use
    count = 1
    while (took := contestant.seconds(count)) < ROUND_SECONDS / 2:
        count = max(count * 2, min(count * 100, int(count * ROUND_SECONDS / max(took, 1e-6))))
    return count


def spin() -> float:
    """Milliseconds for a fixed piece of work in the interpreter: what the machine gives at the moment."""
    began = time.perf_counter()
    total = 0
    for i in range(200_000):
        total += i * i
    return (time.perf_counter() - began) * 1e3


def noise(rounds: int = 25) -> Spread:
    return Spread.of([spin() for _ in range(rounds)])
