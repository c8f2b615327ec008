"""Numbers to predict: two surfaces over the plane by the playground's rules, and a sine wave."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.datasets.base import NOISE, DatasetEntry, Samples, Suggestion, count, noise

INPUTS = ("x1", "x2")
_RADIUS = 6.0
_COUNT = count(1200)
# (x₁, x₂, sign) of the tops of the cones.
_CONES = np.array(
    [
        (-4.0, 2.5, 1.0),
        (0.0, 2.5, -1.0),
        (4.0, 2.5, 1.0),
        (-4.0, -2.5, -1.0),
        (0.0, -2.5, 1.0),
        (4.0, -2.5, -1.0),
    ]
)
_CONES.setflags(write=False)


def _points(rng: np.random.Generator, o: Mapping[str, float]) -> tuple[Array, Array]:
    """Points of the plane, and the same points jittered: the target is taken at those."""
    n = int(o["count"])
    points = rng.uniform(-_RADIUS, _RADIUS, (n, 2))
    return points, points + rng.uniform(-_RADIUS, _RADIUS, (n, 2)) * o["noise"]


def _plane(rng: np.random.Generator, o: Mapping[str, float]) -> Samples:
    points, at = _points(rng, o)
    targets = (at[:, :1] + at[:, 1:]) / 10.0
    return Samples(points, targets, input_names=INPUTS, name="Plane")


def _multi_gauss(rng: np.random.Generator, o: Mapping[str, float]) -> Samples:
    points, at = _points(rng, o)
    away = np.hypot(at[:, :1] - _CONES[:, 0], at[:, 1:] - _CONES[:, 1])
    heights = _CONES[:, 2] * np.maximum(0.0, 1.0 - away / 2.0)
    largest = np.argmax(np.abs(heights), axis=1)[:, np.newaxis]
    return Samples(points, np.take_along_axis(heights, largest, axis=1), input_names=INPUTS, name="Hills")


def _sine(rng: np.random.Generator, o: Mapping[str, float]) -> Samples:
    n = int(o["count"])
    x = rng.uniform(-5.0, 5.0, (n, 1))
    y = np.sin(x) + rng.uniform(-1.0, 1.0, (n, 1)) * o["noise"]
    return Samples(x, y, input_names=("x",), name="Sine")


REGRESSION: tuple[DatasetEntry, ...] = (
    DatasetEntry(
        key="plane", label="Plane", help="A slope: one linear neuron is enough.",
        formula="(x₁ + x₂)/10", task="regression", input_names=INPUTS, options=(NOISE, _COUNT),
        generate=_plane, suggestion=Suggestion(
            hidden=(), activation="tanh", output_activation="linear", outputs=1, loss="mse_half",
            learning_rate=0.01, epochs=20,
        ),
    ),
    DatasetEntry(
        key="multi_gauss", label="Hills", help="Three hills and three valleys.",
        formula="±max(0, 1 − distance/2) around six points", task="regression", input_names=INPUTS,
        options=(NOISE, _COUNT), generate=_multi_gauss, suggestion=Suggestion(
            hidden=(8, 8), activation="sine", output_activation="tanh", outputs=1, loss="mse_half",
            learning_rate=0.005, epochs=150, optimizer="adam",
        ),
    ),
    DatasetEntry(
        key="sine", label="Sine", help="One input: a curve to fit.", formula="sin x + ν·U(−1, 1)",
        task="regression", input_names=("x",), options=(noise(0.1), count(200)), generate=_sine,
        suggestion=Suggestion(
            hidden=(8,), activation="tanh", output_activation="linear", outputs=1, loss="mse_half",
            learning_rate=0.02, epochs=150, optimizer="adam",
        ),
    ),
)  # fmt: skip
