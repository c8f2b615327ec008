"""How fast the engine is, as ratios: ``python tests/benchmarks/engine.py``.

Each round times the engine and plain NumPy code on the same work, one after the other, so that a
busy machine slows both; the medians of the ratios are printed with their spread. One update is a
forward pass, a backward pass and an SGD update in float64.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import numpy as np  # noqa: E402

from nnsim.core.network import Network, NetworkSpec  # noqa: E402
from nnsim.core.trainer import Task, Trainer, TrainState  # noqa: E402

ROUNDS = 9
WORKS = {
    "2-4-2-1 tanh, batch 10": ((2, 4, 2, 1), 10, 4000),
    "2-8×6-1 tanh, batch 10": ((2, 8, 8, 8, 8, 8, 8, 1), 10, 1500),
    "64-32-10 tanh, batch 32": ((64, 32, 10), 32, 2000),
    "784-128-10 tanh, batch 64": ((784, 128, 10), 64, 100),
    "1-1-1 tanh, batch 1": ((1, 1, 1), 1, 4000),
}


def engine(sizes: tuple[int, ...], batch: int) -> Callable[[int], None]:
    """Runs so many updates of the engine."""
    rng = np.random.default_rng(0)
    spec = NetworkSpec.chain(sizes, ("tanh",) * (len(sizes) - 1))
    x, y = rng.normal(size=(batch, sizes[0])), rng.uniform(-0.5, 0.5, (batch, sizes[-1]))
    theta = rng.normal(size=Network(spec).layout.size) * 0.1
    trainer = Trainer(Task(spec, x, y, x[:0], y[:0], 0.001), TrainState(theta))
    # One batch is one epoch here: leave the learning curve out, which plain NumPy does not have.
    trainer._record = lambda: None  # type: ignore[method-assign]
    return lambda updates: trainer.run(updates) and None


def textbook(sizes: tuple[int, ...], batch: int) -> Callable[[int], None]:
    """The same in NumPy as books write it."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(batch, sizes[0])), rng.uniform(-0.5, 0.5, (batch, sizes[-1]))
    weights = [rng.normal(size=(o, i)) * 0.1 for i, o in pairwise(sizes)]
    biases = [np.zeros(o) for o in sizes[1:]]

    def run(updates: int) -> None:
        for _ in range(updates):
            a = [x]
            for w, b in zip(weights, biases, strict=True):
                a.append(np.tanh(a[-1] @ w.T + b))
            delta = (a[-1] - y) / batch * (1.0 - a[-1] ** 2)
            for layer in range(len(weights) - 1, -1, -1):
                dw, db = delta.T @ a[layer], delta.sum(axis=0)
                if layer:
                    delta = (delta @ weights[layer]) * (1.0 - a[layer] ** 2)
                weights[layer] -= 0.001 * dw
                biases[layer] -= 0.001 * db

    return run


def microseconds(run: Callable[[int], None], updates: int) -> float:
    began = time.perf_counter()
    run(updates)
    return (time.perf_counter() - began) / updates * 1e6


def main() -> None:
    print(f"{'work':28}{'nnsim µs':>10}{'NumPy µs':>10}{'ratio':>8}   from – to")
    for name, (sizes, batch, updates) in WORKS.items():
        ours, theirs = engine(sizes, batch), textbook(sizes, batch)
        ours(updates), theirs(updates)
        times = [(microseconds(ours, updates), microseconds(theirs, updates)) for _ in range(ROUNDS)]
        ratios = [a / b for a, b in times]
        mine, other = (statistics.median(t[i] for t in times) for i in (0, 1))
        print(
            f"{name:28}{mine:10.1f}{other:10.1f}{statistics.median(ratios):8.2f}   "
            f"{min(ratios):.2f} – {max(ratios):.2f}"
        )


if __name__ == "__main__":
    main()
