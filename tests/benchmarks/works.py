"""What is computed in the comparisons: networks, batches and data that every contestant gets alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

BATCHES = 20  # batches in an epoch
RATE = 0.001


@dataclass(frozen=True, slots=True)
class Work:
    """A dense network, trained with plain SGD: ½ squared error, or cross-entropy after a softmax.

    ``hidden`` is every layer's activation; with ``classes`` the last layer is a softmax instead.
    """

    name: str
    sizes: tuple[int, ...]
    batch: int
    hidden: str = "tanh"
    classes: bool = False
    precision: str = "float64"
    targets: dict[str, float] = field(default_factory=dict)

    @property
    def weights(self) -> int:
        return sum((i + 1) * o for i, o in pairwise(self.sizes))

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """x (n, inputs) and y (n, outputs), the same every time."""
        rng, n = np.random.default_rng(0), BATCHES * self.batch
        x = rng.normal(size=(n, self.sizes[0]))
        if self.classes:
            y = np.eye(self.sizes[-1])[rng.integers(0, self.sizes[-1], n)]
        else:
            y = rng.uniform(-0.5, 0.5, (n, self.sizes[-1]))
        return x.astype(self.precision), y.astype(self.precision)

    def parameters(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Start weights (outputs, inputs) and biases (outputs,) by layer."""
        rng = np.random.default_rng(1)
        return [
            ((rng.normal(size=(o, i)) / np.sqrt(i)).astype(self.precision), np.zeros(o, self.precision))
            for i, o in pairwise(self.sizes)
        ]


BIG = "784-128-10 ReLU softmax, batch 64"
WORKS = (
    Work("2-4-2-1 tanh, batch 10", (2, 4, 2, 1), 10,
         targets={"NumPy": 0.30, "PyTorch": 0.06, "scikit-learn": 0.15, "JavaScript": 1.1}),
    Work("2-8×6-1 tanh, batch 10", (2, *[8] * 6, 1), 10,
         targets={"NumPy": 0.28, "PyTorch": 0.07, "scikit-learn": 0.15, "JavaScript": 0.45}),
    Work("64-32-10 ReLU softmax, batch 32", (64, 32, 10), 32, "relu", True,
         targets={"NumPy": 0.50, "PyTorch": 0.12, "scikit-learn": 0.15}),
    Work(f"{BIG}, float64", (784, 128, 10), 64, "relu", True,
         targets={"PyTorch": 0.55, "scikit-learn": 0.45}),
    Work(f"{BIG}, float32", (784, 128, 10), 64, "relu", True, "float32",
         targets={"PyTorch": 0.55, "scikit-learn": 0.45}),
    Work("1-1-1 sigmoid, batch 1", (1, 1, 1), 1, "sigmoid"),
)  # fmt: skip
