"""Two classes in the plane, by the rules of the best-known playground, and two moons.

Inputs lie within about ±6. Class 0 stands for the target −1 and class 1 for +1. ν is the noise.
Base points are drawn before the jitter, so moving ν does not move the points it leaves alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import pi

import numpy as np

from nnsim.core.arrays import Array, BoolArray
from nnsim.core.datasets.base import NOISE, DatasetEntry, Samples, Suggestion, count

CLASSES = ("−1", "+1")
INPUTS = ("x1", "x2")
_RADIUS = 5.0
_COUNT = count(500)


def _samples(name: str, points: Array, positive: BoolArray) -> Samples:
    return Samples(
        points, labels=positive.astype(np.intp), input_names=INPUTS, classes=CLASSES,
        task="classification", name=name,
    )  # fmt: skip


def _halves(o: Mapping[str, float]) -> tuple[int, int]:
    n = int(o["count"])
    return n - n // 2, n // 2


def _jitter(rng: np.random.Generator, n: int, o: Mapping[str, float]) -> Array:
    return rng.uniform(-_RADIUS, _RADIUS, (n, 2)) * o["noise"]


def _polar(radius: Array, angle: Array) -> Array:
    return np.column_stack((radius * np.sin(angle), radius * np.cos(angle)))


def _circle(rng: np.random.Generator, o: Mapping[str, float]) -> Samples:
    inner, outer = _halves(o)
    radius = np.concatenate(
        (rng.uniform(0.0, 0.5 * _RADIUS, inner), rng.uniform(0.7 * _RADIUS, _RADIUS, outer))
    )
    points = _polar(radius, rng.uniform(0.0, 2.0 * pi, inner + outer))
    shown = points + _jitter(rng, inner + outer, o)
    return _samples("Circle", points, np.hypot(shown[:, 0], shown[:, 1]) < 0.5 * _RADIUS)


def _xor(rng: np.random.Generator, o: Mapping[str, float]) -> Samples:
    n = int(o["count"])
    points = rng.uniform(-_RADIUS, _RADIUS, (n, 2))
    points += np.where(points > 0.0, 0.3, -0.3)
    shown = points + _jitter(rng, n, o)
    return _samples("XOR", points, shown[:, 0] * shown[:, 1] >= 0.0)


def _gauss(rng: np.random.Generator, o: Mapping[str, float]) -> Samples:
    first, second = _halves(o)
    positive = np.arange(first + second) < first
    centre = np.where(positive, 2.0, -2.0)[:, np.newaxis]
    deviation = np.sqrt(0.5 + 7.0 * o["noise"])
    return _samples("Gauss", centre + deviation * rng.standard_normal((first + second, 2)), positive)


def _spiral(rng: np.random.Generator, o: Mapping[str, float]) -> Samples:
    first, second = _halves(o)
    share = np.concatenate((np.arange(first) / first, np.arange(second) / second))
    positive = np.arange(first + second) < first
    angle = 1.75 * share * 2.0 * pi + np.where(positive, 0.0, pi)
    points = _polar(_RADIUS * share, angle)
    return _samples("Spiral", points + rng.uniform(-1.0, 1.0, points.shape) * o["noise"], positive)


def _moons(rng: np.random.Generator, o: Mapping[str, float]) -> Samples:
    first, second = _halves(o)
    positive = np.arange(first + second) < first
    side, r = np.where(positive, 1.0, -1.0), _RADIUS / 1.5
    t = rng.uniform(0.0, pi, first + second)
    points = np.column_stack((side * (r * np.cos(t) - r / 2.0), side * (r * np.sin(t) - r / 4.0)))
    return _samples("Moons", points + 2.0 * o["noise"] * rng.standard_normal(points.shape), positive)


def _suggest(
    hidden: tuple[int, ...], epochs: int, activation: str = "tanh", optimizer: str = "sgd",
    learning_rate: float = 0.03,
) -> Suggestion:  # fmt: skip
    return Suggestion(
        hidden=hidden, activation=activation, output_activation="tanh", outputs=1, loss="mse_half",
        learning_rate=learning_rate, epochs=epochs, optimizer=optimizer,
    )  # fmt: skip


CLASSIFICATION: tuple[DatasetEntry, ...] = (
    DatasetEntry(
        key="circle", label="Circle", help="A disc and a ring around it.",
        formula="+1 within 2.5 of the middle, else −1", task="classification", input_names=INPUTS,
        classes=CLASSES, options=(NOISE, _COUNT), generate=_circle, suggestion=_suggest((4, 2), 100),
    ),
    DatasetEntry(
        key="xor", label="XOR", help="Opposite corners belong together.",
        formula="+1 where x₁·x₂ ≥ 0, else −1", task="classification", input_names=INPUTS,
        classes=CLASSES, options=(NOISE, _COUNT), generate=_xor, suggestion=_suggest((6, 4), 150),
    ),
    DatasetEntry(
        key="gauss", label="Gauss", help="Two clouds that one straight line can part.",
        formula="N((2, 2), 0.5 + 7ν) → +1, N((−2, −2), 0.5 + 7ν) → −1", task="classification",
        input_names=INPUTS, classes=CLASSES, options=(NOISE, _COUNT), generate=_gauss,
        suggestion=_suggest((), 30),
    ),
    DatasetEntry(
        key="spiral", label="Spiral", help="Two arms wound into each other: the hard one.",
        formula="r = 5i/n, angle 1.75·2π·i/n, second arm turned by π", task="classification",
        input_names=INPUTS, classes=CLASSES, options=(NOISE, _COUNT), generate=_spiral,
        # tanh needs luck or more features here; waves wind around the middle by themselves.
        suggestion=_suggest((8, 8), 200, "sine", "adam", 0.005),
    ),
    DatasetEntry(
        key="moons", label="Moons", help="Two half-moons that reach into each other.",
        formula="two half circles of radius 10/3", task="classification", input_names=INPUTS,
        classes=CLASSES, options=(NOISE, _COUNT), generate=_moons, suggestion=_suggest((6,), 100),
    ),
)  # fmt: skip
