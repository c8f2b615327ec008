"""Why a run left the finite numbers: what one more step would have done, at the last good state."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnsim.core.arrays import Array, quiet
from nnsim.core.evaluate import Evaluator
from nnsim.core.network import Network, Views


@dataclass(frozen=True, slots=True)
class Divergence:
    """The layer whose weights would move farthest, and how far.

    ``weight``     the largest |w| into it, or |b| of it
    ``gradient``   the largest |∂C/∂w| or |∂C/∂b|; not finite where it is no number any more
    ``move``       η times that: how far a plain step would go
    ``loss``       the data loss over the samples looked at
    """

    layer: int
    weight: float
    gradient: float
    move: float
    loss: float


@quiet
def diagnose(network: Network, theta: Array, x: Array, y: Array, rate: float) -> Divergence | None:
    """Look at the samples x (n, inputs), y (n, outputs) at the last good ``theta``; ``None`` without any."""
    if not len(x):
        return None
    views = Views(network.layout, np.array(theta, dtype=np.float64))
    found = Evaluator(network, views).full_pass(x, y)
    gradient = Views(network.layout, found.gradient)
    reached = {layer: _largest(network, gradient, layer) for layer in range(1, network.depth)}
    broken = [layer for layer, size in reached.items() if not np.isfinite(size)]
    # Where several are broken, the one nearest to the output was first.
    layer = max(broken) if broken else max(reached, key=reached.__getitem__)
    size = reached[layer]
    return Divergence(layer, _largest(network, views, layer), size, rate * size, found.loss)


def _largest(network: Network, values: Views, layer: int) -> float:
    """The largest absolute value among a layer's weights and biases; ``nan`` if one is no number."""
    parts = [values.weights[c] for c in network.incoming[layer]]
    bias = values.biases[layer]
    parts += [] if bias is None else [bias]
    return float(np.max([np.max(np.abs(part), initial=0.0) for part in parts]))
