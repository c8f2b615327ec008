"""Plain NumPy, as books write it: matrices by layer, a new array for every result."""

from __future__ import annotations

import numpy as np
from works import BATCHES, RATE, Work

_FUNCTIONS = {
    "tanh": (np.tanh, lambda a: 1.0 - a**2),
    "sigmoid": (lambda z: 1.0 / (1.0 + np.exp(-z)), lambda a: a * (1.0 - a)),
    "relu": (lambda z: np.maximum(0.0, z), lambda a: (a > 0.0).astype(a.dtype)),
}


class Textbook:
    """A network as lists of ``weights`` and ``biases``; :meth:`run` does so many updates."""

    def __init__(self, work: Work) -> None:
        x, y = work.data()
        self.work = work
        self.batches = [(x[i : i + work.batch], y[i : i + work.batch]) for i in range(0, len(x), work.batch)]
        layers = work.parameters()
        self.weights, self.biases = [w for w, _ in layers], [b for _, b in layers]

    def run(self, updates: int) -> None:
        work, weights, biases, batches = self.work, self.weights, self.biases, self.batches
        f, slope = _FUNCTIONS[work.hidden]
        last = len(weights) - 1
        for step in range(updates):
            inputs, targets = batches[step % BATCHES]
            a = [inputs]
            for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
                z = a[-1] @ w.T + b
                if work.classes and layer == last:
                    e = np.exp(z - z.max(axis=1, keepdims=True))
                    a.append(e / e.sum(axis=1, keepdims=True))
                else:
                    a.append(f(z))
            delta = (a[-1] - targets) / work.batch
            if not work.classes:
                delta = delta * slope(a[-1])
            for layer in range(last, -1, -1):
                dw, db = delta.T @ a[layer], delta.sum(axis=0)
                if layer:
                    delta = (delta @ weights[layer]) * slope(a[layer])
                weights[layer] -= RATE * dw
                biases[layer] -= RATE * db
