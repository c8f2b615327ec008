"""Optimizers: how a gradient becomes a change of the parameters.

All work in place on flat float64 vectors, so one update of the whole network is a handful of
operations. Definitions are PyTorch's (see each ``formula``); t counts updates from 1, η is the
learning rate of the update, g the gradient of the whole loss including regularisation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.registry import Entry, Option, Registry

Slots = tuple[Array, ...]
Update = Callable[[Array, Array, Slots, float, int, Mapping[str, float], Array, Array], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimizer(Entry):
    """``update(theta, g, slots, lr, t, o, tmp1, tmp2)`` changes ``theta`` and ``slots`` in place.

    ``slots`` are the state vectors named by :attr:`slot_names`, zero before the first update;
    ``tmp1`` and ``tmp2`` are scratch vectors of the same length. ``g`` is not changed.
    """

    slot_names: tuple[str, ...]
    update: Update

    def numbers(self, given: Mapping[str, object]) -> dict[str, float]:
        """All option values as floats, defaults filled in."""
        return {o.key: float(given.get(o.key, o.default)) for o in self.options}  # type: ignore[arg-type]


def _descend(theta: Array, direction: Array, lr: float, tmp: Array) -> None:
    np.multiply(direction, lr, out=tmp)
    np.subtract(theta, tmp, out=theta)


def _sgd(
    theta: Array, g: Array, slots: Slots, lr: float, t: int, o: Mapping[str, float],
    tmp1: Array, tmp2: Array,
) -> None:  # fmt: skip
    _descend(theta, g, lr, tmp1)


def _momentum(
    theta: Array, g: Array, slots: Slots, lr: float, t: int, o: Mapping[str, float],
    tmp1: Array, tmp2: Array,
) -> None:  # fmt: skip
    (v,) = slots
    v *= o["momentum"]
    v += g
    _descend(theta, v, lr, tmp1)


def _nesterov(
    theta: Array, g: Array, slots: Slots, lr: float, t: int, o: Mapping[str, float],
    tmp1: Array, tmp2: Array,
) -> None:  # fmt: skip
    (v,) = slots
    v *= o["momentum"]
    v += g
    np.multiply(v, o["momentum"], out=tmp2)
    tmp2 += g
    _descend(theta, tmp2, lr, tmp1)


def _scaled(theta: Array, g: Array, s: Array, lr: float, eps: float, tmp1: Array, tmp2: Array) -> None:
    """θ ← θ − η·g/(√s + ε)."""
    np.sqrt(s, out=tmp1)
    tmp1 += eps
    np.divide(g, tmp1, out=tmp2)
    _descend(theta, tmp2, lr, tmp1)


def _adagrad(
    theta: Array, g: Array, slots: Slots, lr: float, t: int, o: Mapping[str, float],
    tmp1: Array, tmp2: Array,
) -> None:  # fmt: skip
    (s,) = slots
    np.multiply(g, g, out=tmp1)
    s += tmp1
    _scaled(theta, g, s, lr, o["epsilon"], tmp1, tmp2)


def _rmsprop(
    theta: Array, g: Array, slots: Slots, lr: float, t: int, o: Mapping[str, float],
    tmp1: Array, tmp2: Array,
) -> None:  # fmt: skip
    (s,) = slots
    s *= o["alpha"]
    np.multiply(g, g, out=tmp1)
    tmp1 *= 1.0 - o["alpha"]
    s += tmp1
    _scaled(theta, g, s, lr, o["epsilon"], tmp1, tmp2)


def _adam(
    theta: Array, g: Array, slots: Slots, lr: float, t: int, o: Mapping[str, float],
    tmp1: Array, tmp2: Array,
) -> None:  # fmt: skip
    m, v = slots
    b1, b2 = o["beta1"], o["beta2"]
    m *= b1
    np.multiply(g, 1.0 - b1, out=tmp1)
    m += tmp1
    v *= b2
    np.multiply(g, g, out=tmp1)
    tmp1 *= 1.0 - b2
    v += tmp1
    np.sqrt(v, out=tmp1)
    tmp1 /= sqrt(1.0 - b2**t)
    tmp1 += o["epsilon"]
    np.divide(m, tmp1, out=tmp2)
    _descend(theta, tmp2, lr / (1.0 - b1**t), tmp1)


def _adamw(
    theta: Array, g: Array, slots: Slots, lr: float, t: int, o: Mapping[str, float],
    tmp1: Array, tmp2: Array,
) -> None:  # fmt: skip
    theta *= 1.0 - lr * o["weight_decay"]
    _adam(theta, g, slots, lr, t, o, tmp1, tmp2)


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
    slot_names=(), update=_sgd,
)  # fmt: skip
OPTIMIZERS: Registry[Optimizer] = Registry(
    "optimizer",
    (
        SGD,
        Optimizer(
            key="momentum", label="Momentum", help="Gathers speed along steady slopes.",
            formula="v ← μ·v + g;  θ ← θ − η·v",
            options=(_MOMENTUM,), slot_names=("v",), update=_momentum,
        ),
        Optimizer(
            key="nesterov", label="Nesterov", help="Momentum that looks one step ahead.",
            formula="v ← μ·v + g;  θ ← θ − η·(g + μ·v)",
            options=(_MOMENTUM,), slot_names=("v",), update=_nesterov,
        ),
        Optimizer(
            key="adagrad", label="AdaGrad", help="Smaller steps where gradients have been large.",
            formula="s ← s + g²;  θ ← θ − η·g/(√s + ε)",
            options=(_epsilon(1e-10),),
            slot_names=("s",), update=_adagrad,
        ),
        Optimizer(
            key="rmsprop", label="RMSProp", help="AdaGrad that forgets.",
            formula="s ← α·s + (1−α)·g²;  θ ← θ − η·g/(√s + ε)",
            options=(_MEMORY, _EPS),
            slot_names=("s",), update=_rmsprop,
        ),
        Optimizer(
            key="adam", label="Adam", help="Momentum and RMSProp together, corrected at the start.",
            formula="m ← β₁m + (1−β₁)g;  v ← β₂v + (1−β₂)g²;  θ ← θ − η·m̂/(√v̂ + ε),  "
            "m̂ = m/(1−β₁ᵗ),  v̂ = v/(1−β₂ᵗ)",
            options=(*_BETAS, _EPS), slot_names=("m", "v"), update=_adam,
        ),
        Optimizer(
            key="adamw", label="AdamW", help="Adam with weight decay of its own.",
            formula="θ ← θ·(1 − η·λ), then Adam",
            options=(*_BETAS, _EPS, _DECAY),
            slot_names=("m", "v"), update=_adamw,
        ),
    ),
)  # fmt: skip
