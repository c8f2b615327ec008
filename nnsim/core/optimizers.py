"""Optimizers: how a gradient becomes a change of the parameters.

All work in place on flat vectors, so one update of the whole network is a handful of operations,
prepared once (see :mod:`nnsim.core.ops`). Definitions are PyTorch's (see each ``formula``); t counts
updates from 1, η is the learning rate of the update, g the gradient of the whole loss including
regularisation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.ops import Calls, perform, scalar
from nnsim.core.registry import Entry, Option, Registry

Slots = tuple[Array, ...]

# Long vectors are gone through in pieces that stay in the nearest cache from one operation to the next.
_PIECE = 32768


class Pace:
    """The numbers of an update that change during a run, kept where prepared calls find them.

    ``age`` counts the updates done: t − 1 of the one to come. ``rate`` is η, set by :meth:`set_rate`;
    the other three are for the optimizers that need them.
    """

    __slots__ = ("age", "eta", "keep", "rate", "root", "step")

    def __init__(self, like: Array, eta: float = 0.0, age: int = 0) -> None:
        self.age = age
        self.rate, self.root, self.step, self.keep = (scalar(0.0, like) for _ in range(4))
        self.set_rate(eta)

    def set_rate(self, eta: float) -> None:
        self.eta = eta
        self.rate.fill(eta)


O = Mapping[str, float]
Prepare = Callable[[Array, Array, Slots, Pace, O, Array, Array], Calls]


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimizer(Entry):
    """``calls(theta, g, slots, pace, o, tmp1, tmp2)`` change ``theta`` and ``slots`` in place.

    ``slots`` are the state vectors named by :attr:`slot_names`, zero before the first update;
    ``tmp1`` and ``tmp2`` are scratch vectors of the same length. ``g`` is not changed. Every element
    is worked on by itself. ``tick(pace, o)`` begins an update where more than η depends on t.
    """

    slot_names: tuple[str, ...]
    calls: Prepare
    tick: Callable[[Pace, O], None] | None = None

    def numbers(self, given: Mapping[str, object]) -> dict[str, float]:
        """All option values as floats, defaults filled in."""
        return {o.key: float(given.get(o.key, o.default)) for o in self.options}  # type: ignore[arg-type]

    def prepared(self, theta: Array, g: Array, slots: Slots, pace: Pace, o: O) -> Calls:
        """The calls of an update. Those with a :attr:`tick` count ``pace.age`` up themselves."""
        calls: Calls = [] if self.tick is None else [(self.tick, pace, o)]
        tmp1, tmp2 = (np.empty(min(theta.size, _PIECE), theta.dtype) for _ in range(2))
        for start in range(0, theta.size, _PIECE):
            part = slice(start, start + _PIECE)
            some, of_slots = theta[part], tuple(s[part] for s in slots)
            n = some.size
            calls += self.calls(some, g[part], of_slots, pace, o, tmp1[:n], tmp2[:n])
        return calls

    def update(
        self, theta: Array, g: Array, slots: Slots, lr: float, t: int, o: O, tmp1: Array, tmp2: Array
    ) -> None:
        """Update number ``t`` (from 1) with the learning rate ``lr``, at once."""
        pace = Pace(theta, lr, t - 1)
        if self.tick is not None:
            self.tick(pace, o)
        perform(self.calls(theta, g, slots, pace, o, tmp1, tmp2))


def _descend(theta: Array, direction: Array, rate: Array, tmp: Array) -> Calls:
    return [(np.multiply, direction, rate, tmp), (np.subtract, theta, tmp, theta)]


def _sgd(theta: Array, g: Array, slots: Slots, pace: Pace, o: O, tmp1: Array, tmp2: Array) -> Calls:
    return _descend(theta, g, pace.rate, tmp1)


def _momentum(theta: Array, g: Array, slots: Slots, pace: Pace, o: O, tmp1: Array, tmp2: Array) -> Calls:
    (v,) = slots
    mu = scalar(o["momentum"], g)
    return [(np.multiply, v, mu, v), (np.add, v, g, v), *_descend(theta, v, pace.rate, tmp1)]


def _nesterov(theta: Array, g: Array, slots: Slots, pace: Pace, o: O, tmp1: Array, tmp2: Array) -> Calls:
    (v,) = slots
    mu = scalar(o["momentum"], g)
    return [
        (np.multiply, v, mu, v), (np.add, v, g, v),
        (np.multiply, v, mu, tmp2), (np.add, tmp2, g, tmp2), *_descend(theta, tmp2, pace.rate, tmp1),
    ]  # fmt: skip


def _scaled(theta: Array, g: Array, s: Array, pace: Pace, eps: float, tmp1: Array, tmp2: Array) -> Calls:
    """θ ← θ − η·g/(√s + ε)."""
    return [
        (np.sqrt, s, tmp1), (np.add, tmp1, scalar(eps, g), tmp1),
        (np.divide, g, tmp1, tmp2), *_descend(theta, tmp2, pace.rate, tmp1),
    ]  # fmt: skip


def _adagrad(theta: Array, g: Array, slots: Slots, pace: Pace, o: O, tmp1: Array, tmp2: Array) -> Calls:
    (s,) = slots
    return [
        (np.multiply, g, g, tmp1), (np.add, s, tmp1, s),
        *_scaled(theta, g, s, pace, o["epsilon"], tmp1, tmp2),
    ]  # fmt: skip


def _remember_square(g: Array, s: Array, memory: float, tmp: Array) -> Calls:
    """s ← memory·s + (1 − memory)·g²."""
    return [
        (np.multiply, s, scalar(memory, g), s), (np.multiply, g, g, tmp),
        (np.multiply, tmp, scalar(1.0 - memory, g), tmp), (np.add, s, tmp, s),
    ]  # fmt: skip


def _rmsprop(theta: Array, g: Array, slots: Slots, pace: Pace, o: O, tmp1: Array, tmp2: Array) -> Calls:
    (s,) = slots
    return [
        *_remember_square(g, s, o["alpha"], tmp1),
        *_scaled(theta, g, s, pace, o["epsilon"], tmp1, tmp2),
    ]  # fmt: skip


def _adam_tick(pace: Pace, o: O) -> None:
    pace.age += 1
    pace.root.fill(sqrt(1.0 - o["beta2"] ** pace.age))
    pace.step.fill(pace.eta / (1.0 - o["beta1"] ** pace.age))


def _adam(theta: Array, g: Array, slots: Slots, pace: Pace, o: O, tmp1: Array, tmp2: Array) -> Calls:
    m, v = slots
    b1, b2 = o["beta1"], o["beta2"]
    return [
        (np.multiply, m, scalar(b1, g), m), (np.multiply, g, scalar(1.0 - b1, g), tmp1), (np.add, m, tmp1, m),
        *_remember_square(g, v, b2, tmp1),
        (np.sqrt, v, tmp1), (np.divide, tmp1, pace.root, tmp1),
        (np.add, tmp1, scalar(o["epsilon"], g), tmp1), (np.divide, m, tmp1, tmp2),
        *_descend(theta, tmp2, pace.step, tmp1),
    ]  # fmt: skip


def _adamw_tick(pace: Pace, o: O) -> None:
    _adam_tick(pace, o)
    pace.keep.fill(1.0 - pace.eta * o["weight_decay"])


def _adamw(theta: Array, g: Array, slots: Slots, pace: Pace, o: O, tmp1: Array, tmp2: Array) -> Calls:
    return [(np.multiply, theta, pace.keep, theta), *_adam(theta, g, slots, pace, o, tmp1, tmp2)]


_MOMENTUM = Option(
    "momentum", "Momentum μ", 0.9, "How much of the last velocity is kept.", minimum=0.0, maximum=0.9999
)
_MEMORY = Option("alpha", "Memory α", 0.99, "Memory of the squared gradient.", minimum=0.0, maximum=0.999999)
_DECAY = Option(
    "weight_decay", "Weight decay λ", 0.01, "Shrinks every parameter a little in each update.",
    minimum=0.0, maximum=1.0,
)  # fmt: skip


def _epsilon(default: float) -> Option:
    return Option("epsilon", "Epsilon ε", default, "Keeps the division finite.", minimum=1e-16, maximum=1.0)


_EPS = _epsilon(1e-8)
_BETAS = (
    Option("beta1", "β₁", 0.9, "Memory of the mean gradient m.", minimum=0.0, maximum=0.9999),
    Option("beta2", "β₂", 0.999, "Memory of the squared gradient v.", minimum=0.0, maximum=0.999999),
)

SGD = Optimizer(
    key="sgd", label="SGD", help="Plain gradient descent.", formula="θ ← θ − η·g",
    slot_names=(), calls=_sgd,
)  # fmt: skip
OPTIMIZERS: Registry[Optimizer] = Registry(
    "optimizer",
    (
        SGD,
        Optimizer(
            key="momentum", label="Momentum", help="Gathers speed along steady slopes.",
            formula="v ← μ·v + g;  θ ← θ − η·v",
            options=(_MOMENTUM,), slot_names=("v",), calls=_momentum,
        ),
        Optimizer(
            key="nesterov", label="Nesterov", help="Momentum that looks one step ahead.",
            formula="v ← μ·v + g;  θ ← θ − η·(g + μ·v)",
            options=(_MOMENTUM,), slot_names=("v",), calls=_nesterov,
        ),
        Optimizer(
            key="adagrad", label="AdaGrad", help="Smaller steps where gradients have been large.",
            formula="s ← s + g²;  θ ← θ − η·g/(√s + ε)",
            options=(_epsilon(1e-10),),
            slot_names=("s",), calls=_adagrad,
        ),
        Optimizer(
            key="rmsprop", label="RMSProp", help="AdaGrad that forgets.",
            formula="s ← α·s + (1−α)·g²;  θ ← θ − η·g/(√s + ε)",
            options=(_MEMORY, _EPS),
            slot_names=("s",), calls=_rmsprop,
        ),
        Optimizer(
            key="adam", label="Adam", help="Momentum and RMSProp together, corrected at the start.",
            formula="m ← β₁m + (1−β₁)g;  v ← β₂v + (1−β₂)g²;  θ ← θ − η·m̂/(√v̂ + ε),  "
            "m̂ = m/(1−β₁ᵗ),  v̂ = v/(1−β₂ᵗ)",
            options=(*_BETAS, _EPS), slot_names=("m", "v"), calls=_adam, tick=_adam_tick,
        ),
        Optimizer(
            key="adamw", label="AdamW", help="Adam with weight decay of its own.",
            formula="θ ← θ·(1 − η·λ), then Adam",
            options=(*_BETAS, _EPS, _DECAY),
            slot_names=("m", "v"), calls=_adamw, tick=_adamw_tick,
        ),
    ),
)  # fmt: skip
