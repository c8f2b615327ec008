"""Real data that ships with the program: how its text rows become samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnsim.core.datasets.base import DatasetEntry, Samples, Suggestion

_IRIS_INPUTS = ("sepal length", "sepal width", "petal length", "petal width")
_SPECIES = ("setosa", "versicolor", "virginica")
_PIXELS = tuple(f"p{row}{column}" for row in range(8) for column in range(8))
_DIGITS = tuple("0123456789")


def _iris(rows: Sequence[Sequence[str]]) -> Samples:
    """Rows of four lengths in cm and the species."""
    return Samples(
        np.array([[float(v) for v in row[:4]] for row in rows]),
        labels=np.array([_SPECIES.index(row[4]) for row in rows], dtype=np.intp),
        input_names=_IRIS_INPUTS, classes=_SPECIES, task="classification", name="Iris",
    )  # fmt: skip


def _digits(rows: Sequence[Sequence[str]]) -> Samples:
    """Rows of 64 grey values 0…16, row by row from the top left, and the digit. Inputs are 0…1."""
    table = np.array([[float(v) for v in row] for row in rows])
    return Samples(
        table[:, :64] / 16.0, labels=table[:, 64].astype(np.intp),
        input_names=_PIXELS, classes=_DIGITS, task="classification", name="Digits",
    )  # fmt: skip


TABLES: tuple[DatasetEntry, ...] = (
    DatasetEntry(
        key="iris", label="Iris", help="150 flowers, four lengths in cm, three species.",
        task="classification", input_names=_IRIS_INPUTS, classes=_SPECIES, fixed=True, from_rows=_iris,
        source="R. A. Fisher, 1936; UCI Machine Learning Repository; CC BY 4.0",
        suggestion=Suggestion(
            hidden=(8,), activation="tanh", output_activation="softmax", outputs=3, loss="cce",
            learning_rate=0.1, epochs=100, train_share=0.7, scaling="standard",
        ),
    ),
    DatasetEntry(
        key="digits", label="Digits", help="1,797 handwritten digits of 8 × 8 grey values.",
        task="classification", input_names=_PIXELS, classes=_DIGITS, fixed=True, from_rows=_digits,
        source="E. Alpaydin, C. Kaynak, 1998; UCI Optical Recognition of Handwritten Digits; CC BY 4.0",
        suggestion=Suggestion(
            hidden=(32,), activation="relu", output_activation="softmax", outputs=10, loss="cce",
            learning_rate=0.005, epochs=30, optimizer="adam", batch_size=32, train_share=0.7,
            initializer="he_uniform",
        ),
    ),
)  # fmt: skip
