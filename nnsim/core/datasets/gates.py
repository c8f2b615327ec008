"""Logic gates as tables of four rows, with the targets 0 and 1 as numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnsim.core.datasets.base import DatasetEntry, Generate, Samples, Suggestion

INPUTS = ("x1", "x2")
CLASSES = ("0", "1")
_ROWS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))


def _gate(name: str, outputs: tuple[float, float, float, float]) -> Generate:
    def generate(rng: np.random.Generator, o: Mapping[str, float]) -> Samples:
        return Samples(
            np.array(_ROWS), np.array(outputs).reshape(4, 1), input_names=INPUTS, classes=CLASSES,
            task="classification", name=name,
        )  # fmt: skip

    return generate


_NEURON = Suggestion(
    hidden=(), activation="sigmoid", output_activation="sigmoid", outputs=1, loss="bce_mean",
    learning_rate=1.0, epochs=200, batch_size=0, train_share=1.0,
)  # fmt: skip


_HIDDEN = Suggestion(
    hidden=(4,), activation="tanh", output_activation="sigmoid", outputs=1, loss="bce_mean",
    learning_rate=1.0, epochs=500, batch_size=0, train_share=1.0,
)  # fmt: skip


def _entry(
    key: str, name: str, help: str, outputs: tuple[float, float, float, float],
    suggestion: Suggestion = _NEURON,
) -> DatasetEntry:  # fmt: skip
    return DatasetEntry(
        key=key, label=name, help=help, formula="00 01 10 11 → " + " ".join(f"{y:.0f}" for y in outputs),
        task="classification", input_names=INPUTS, classes=CLASSES, fixed=True,
        generate=_gate(name, outputs), suggestion=suggestion,
    )  # fmt: skip


GATES: tuple[DatasetEntry, ...] = (
    _entry("gate_and", "AND gate", "1 if both inputs are 1.", (0.0, 0.0, 0.0, 1.0)),
    _entry("gate_or", "OR gate", "1 if at least one input is 1.", (0.0, 1.0, 1.0, 1.0)),
    _entry("gate_nand", "NAND gate", "0 only if both inputs are 1.", (1.0, 1.0, 1.0, 0.0)),
    _entry(
        "gate_xor", "XOR gate", "1 if the inputs differ: a hidden layer is needed.", (0.0, 1.0, 1.0, 0.0),
        _HIDDEN,
    ),
)  # fmt: skip
