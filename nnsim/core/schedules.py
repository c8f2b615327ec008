"""Learning-rate schedules: the rate of an epoch, from the rate at the start.

A schedule is a pure function of the epoch (counted from 0), so that resuming needs no state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import cos, pi

from nnsim.core.registry import Entry, Option, Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Entry):
    """``factor(epoch, o)`` multiplies the base learning rate."""

    factor: Callable[[int, Mapping[str, float]], float]

    def rate(self, base: float, epoch: int, given: Mapping[str, object]) -> float:
        """The learning rate of ``epoch``."""
        o = {p.key: float(given.get(p.key, p.default)) for p in self.options}  # type: ignore[arg-type]
        return base * self.factor(epoch, o)


def _constant(epoch: int, o: Mapping[str, float]) -> float:
    return 1.0


def _step(epoch: int, o: Mapping[str, float]) -> float:
    return float(o["gamma"] ** (epoch // int(o["every"])))


def _exponential(epoch: int, o: Mapping[str, float]) -> float:
    return float(o["gamma"] ** epoch)


def _inverse(epoch: int, o: Mapping[str, float]) -> float:
    return 1.0 / (1.0 + o["decay"] * epoch)


def _cosine(epoch: int, o: Mapping[str, float]) -> float:
    floor, share = o["floor"], min(epoch / o["epochs"], 1.0)
    return floor + (1.0 - floor) * 0.5 * (1.0 + cos(pi * share))


def _warm_up(epoch: int, o: Mapping[str, float]) -> float:
    return min((epoch + 1) / o["epochs"], 1.0)


def _share(key: str, label: str, default: float, help: str) -> Option:
    return Option(key, label, default, help, minimum=0.0, maximum=1.0)


_GAMMA = _share("gamma", "Factor γ", 0.5, "What the rate is multiplied by.")
_SLOW_GAMMA = _share("gamma", "Factor γ", 0.99, "What the rate is multiplied by.")
_FLOOR = _share("floor", "Floor f", 0.0, "The share of the rate that remains.")
_EVERY = Option("every", "Every … epochs", 50, "Epochs between two drops.", kind="int", minimum=1)
_EPOCHS = Option("epochs", "Epochs", 100, "How many epochs it takes.", kind="int", minimum=1)

SCHEDULES: Registry[Schedule] = Registry(
    "learning-rate schedule",
    (
        Schedule(
            key="constant", label="Constant", help="The same rate all the way.", formula="η",
            factor=_constant,
        ),
        Schedule(
            key="step", label="Step decay", help="Multiplies the rate by γ every so many epochs.",
            formula="η·γ^⌊epoch / every⌋", factor=_step,
            options=(_GAMMA, _EVERY),
        ),
        Schedule(
            key="exponential", label="Exponential", help="Multiplies the rate by γ every epoch.",
            formula="η·γ^epoch", factor=_exponential,
            options=(_SLOW_GAMMA,),
        ),
        Schedule(
            key="inverse", label="Inverse time", help="Falls quickly at first, slowly later.",
            formula="η / (1 + decay·epoch)", factor=_inverse,
            options=(Option("decay", "Decay", 0.01, "How fast it falls.", minimum=0.0),),
        ),
        Schedule(
            key="cosine", label="Cosine", help="Half a cosine wave from the rate down to its floor.",
            formula="η·(f + (1−f)·½(1 + cos(π·epoch/epochs)))", factor=_cosine,
            options=(_EPOCHS, _FLOOR),
        ),
        Schedule(
            key="warm_up", label="Warm-up", help="Rises evenly to the full rate, then stays.",
            formula="η·min((epoch+1)/epochs, 1)", factor=_warm_up, options=(_EPOCHS,),
        ),
    ),
)  # fmt: skip
