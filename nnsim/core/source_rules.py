"""Update rules that are not gradient descent, but that sources have used and printed numbers from.

Each makes one update of a trainer's parameters in place, on all training samples at once, in a chain
of layers with squared or cross-entropy loss and elementwise activations. Frozen parameters stay.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnsim.core.arrays import Array, quiet
from nnsim.core.evaluate import Pass
from nnsim.core.trainer import Trainer


def backwards_in_turn(trainer: Trainer) -> None:
    """The output layer is updated first, and the hidden blames then use its *new* weights."""
    found = trainer.evaluator.full_pass(trainer.task.x_train, trainer.task.y_train)
    _update(trainer, found, found.delta[-1])


def slope_left_out(trainer: Trainer) -> None:
    """∂C/∂a stands in for δ at the output: the factor f'(z) of the chain rule is forgotten."""
    found = trainer.evaluator.full_pass(trainer.task.x_train, trainer.task.y_train)
    _update(trainer, found, found.da[-1])


@quiet
def _update(trainer: Trainer, found: Pass, delta: Array) -> None:
    """Update layer after layer from the last, each from the δ that the new weights behind it give."""
    theta, net, rate = trainer.theta, trainer.network, trainer.learning_rate
    frozen = trainer.task.frozen
    held = None if frozen is None else theta.flat[frozen].copy()
    for layer in range(net.depth - 1, 0, -1):
        weights, bias = theta.weights[layer - 1], theta.biases[layer]
        weights -= rate * (delta.T @ found.a[layer - 1])
        if bias is not None:
            bias -= rate * np.add.reduce(delta, axis=0)
        if held is not None:
            theta.flat[frozen] = held
        if layer > 1:
            f = net.activations[layer - 1]
            slope = np.empty_like(found.z[layer - 1])
            f.slope(found.z[layer - 1], found.a[layer - 1], slope, net.options[layer - 1])
            delta = (delta @ weights) * slope


SOURCE_RULES: dict[str, Callable[[Trainer], None]] = {
    "backwards_in_turn": backwards_in_turn,
    "slope_left_out": slope_left_out,
}
