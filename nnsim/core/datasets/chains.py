"""The introductory course's two chains: one input, one hidden neuron, one output, one sample.

Both feed x = 0.1 into sigmoid neurons; the course trains towards 0.25 with a learning rate of 0.4.
They differ in the second neuron only. (The course's note prints 0.7153 as the output of the first
chain; that number belongs to the second.)
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnsim.core.datasets.base import DatasetEntry, Generate, Samples, Suggestion


def _one_sample(name: str) -> Generate:
    def generate(rng: np.random.Generator, o: Mapping[str, float]) -> Samples:
        return Samples(np.array([[0.1]]), np.array([[0.25]]), input_names=("x1",), name=name)

    return generate


def _entry(key: str, name: str, help: str, w2: float, b2: float) -> DatasetEntry:
    return DatasetEntry(
        key=key, label=name, help=help, formula="x₁ = 0.1, y = 0.25", task="regression",
        input_names=("x1",), fixed=True, generate=_one_sample(name),
        suggestion=Suggestion(
            hidden=(1,), activation="sigmoid", output_activation="sigmoid", outputs=1,
            loss="mse_half", learning_rate=0.4, epochs=100, batch_size=0, train_share=1.0,
            parameters=((((0.15,),), (0.4,)), (((w2,),), (b2,))),
        ),
    )  # fmt: skip


CHAINS: tuple[DatasetEntry, ...] = (
    _entry("chain_025", "Chain, w₂ = 0.25", "The course's first chain: 0.15, 0.4, 0.25, 0.5.", 0.25, 0.5),
    _entry("chain_045", "Chain, w₂ = 0.45", "The course's second chain: 0.15, 0.4, 0.45, 0.65.", 0.45, 0.65),
)
