"""L1 and L2: a price on large weights, added to the loss. Biases are free.

C = data loss + (l2/2)·Σw² + l1·Σ|w|, not divided by n; ∂|w|/∂w = sign(w), with sign(0) = 0.
"""

from __future__ import annotations

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.ops import Calls, perform, scalar


def penalty(weights: Array, l1: float, l2: float) -> float:
    """The price of a flat vector of weights."""
    total = 0.0
    if l2:
        total += 0.5 * l2 * float(np.dot(weights, weights))
    if l1:
        total += l1 * float(np.add.reduce(np.abs(weights)))
    return total


def gradient_calls(theta: Array, is_weight: Array, l1: float, l2: float, g: Array, tmp: Array) -> Calls:
    """Prepared :func:`add_gradient`."""
    calls: Calls = []
    if l2:
        calls += [(np.multiply, theta, is_weight, tmp), (np.multiply, tmp, scalar(l2, g), tmp)]
        calls += [(np.add, g, tmp, g)]
    if l1:
        calls += [(np.sign, theta, tmp), (np.multiply, tmp, is_weight, tmp)]
        calls += [(np.multiply, tmp, scalar(l1, g), tmp), (np.add, g, tmp, g)]
    return calls


def add_gradient(theta: Array, is_weight: Array, l1: float, l2: float, g: Array, tmp: Array) -> None:
    """Add the price's gradient to ``g``. ``is_weight`` is 1.0 for weights and 0.0 for biases."""
    perform(gradient_calls(theta, is_weight, l1, l2, g, tmp))
