"""Initialisers: the weights a network begins with. Generators are passed in, never made here.

Sources: Glorot & Bengio 2010; He et al. 2015; LeCun et al. 1998; the playground's own rule
(weights U(−0.5, 0.5), biases 0.1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.registry import Entry, Option, Registry

Draw = Callable[[np.random.Generator, tuple[int, ...], int, int, Mapping[str, float]], Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class Initializer(Entry):
    """``weights(rng, shape, fan_in, fan_out, o)`` draws one connection's weights."""

    weights: Draw
    bias: float = 0.0

    def draw(
        self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int,
        given: Mapping[str, object],
    ) -> Array:  # fmt: skip
        """New weights of ``shape``; fans are those of one neuron."""
        o = {p.key: float(given.get(p.key, p.default)) for p in self.options}  # type: ignore[arg-type]
        return self.weights(rng, shape, max(fan_in, 1), max(fan_out, 1), o)

    def draw_bias(self, n: int, given: Mapping[str, object]) -> Array:
        """The biases of ``n`` neurons."""
        return np.full(n, float(given.get("bias", self.bias)))  # type: ignore[arg-type]


def _uniform(limit: Callable[[int, int], float]) -> Draw:
    def draw(
        rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int, o: Mapping[str, float]
    ) -> Array:
        r = limit(fan_in, fan_out)
        return rng.uniform(-r, r, shape)

    return draw


def _normal(deviation: Callable[[int, int], float]) -> Draw:
    def draw(
        rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int, o: Mapping[str, float]
    ) -> Array:
        return rng.normal(0.0, deviation(fan_in, fan_out), shape)

    return draw


def _constant(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int, o: Mapping[str, float]
) -> Array:
    return np.full(shape, o["value"])


def _zeros(
    rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int, o: Mapping[str, float]
) -> Array:
    return np.zeros(shape)


INITIALIZERS: Registry[Initializer] = Registry(
    "initialiser",
    (
        Initializer(
            key="glorot_uniform", label="Glorot uniform", help="For sigmoid and tanh.",
            formula="U(−r, r), r = √(6 / (fan_in + fan_out))",
            weights=_uniform(lambda i, o: sqrt(6.0 / (i + o))),
        ),
        Initializer(
            key="glorot_normal", label="Glorot normal", help="For sigmoid and tanh.",
            formula="N(0, s²), s = √(2 / (fan_in + fan_out))",
            weights=_normal(lambda i, o: sqrt(2.0 / (i + o))),
        ),
        Initializer(
            key="he_uniform", label="He uniform", help="For ReLU and its relatives.",
            formula="U(−r, r), r = √(6 / fan_in)", weights=_uniform(lambda i, o: sqrt(6.0 / i)),
        ),
        Initializer(
            key="he_normal", label="He normal", help="For ReLU and its relatives.",
            formula="N(0, s²), s = √(2 / fan_in)", weights=_normal(lambda i, o: sqrt(2.0 / i)),
        ),
        Initializer(
            key="lecun_uniform", label="LeCun uniform", help="Keeps the variance of the sums at 1.",
            formula="U(−r, r), r = √(3 / fan_in)", weights=_uniform(lambda i, o: sqrt(3.0 / i)),
        ),
        Initializer(
            key="lecun_normal", label="LeCun normal", help="Keeps the variance of the sums at 1.",
            formula="N(0, s²), s = √(1 / fan_in)", weights=_normal(lambda i, o: sqrt(1.0 / i)),
        ),
        Initializer(
            key="playground", label="Playground", help="As in the best-known playground.",
            formula="U(−0.5, 0.5), biases 0.1", weights=_uniform(lambda i, o: 0.5), bias=0.1,
        ),
        Initializer(
            key="zeros", label="Zeros", help="All neurons of a layer stay alike: watch it fail.",
            formula="0", weights=_zeros,
        ),
        Initializer(
            key="constant", label="Constant", help="All neurons of a layer stay alike: watch it fail.",
            formula="c", weights=_constant, options=(Option("value", "Value c", 0.5),),
        ),
    ),
)  # fmt: skip
