"""The samples as the network sees them: features, scaling, encoded targets, train and test."""

from __future__ import annotations

from dataclasses import dataclass

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.arrays import Array, IntArray, sealed
from nnsim.core.datasets import DATASETS
from nnsim.core.datasets.base import Samples
from nnsim.core.datasets.features import feature_matrix
from nnsim.core.datasets.scaling import Scaling, fit_scaling
from nnsim.core.datasets.split import split
from nnsim.core.datasets.targets import class_low, encode
from nnsim.core.streams import Purpose, stream
from nnsim.model.errors import EditError
from nnsim.model.project import Data, Project


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """``x`` (n, inputs) and ``y`` (n, outputs) of all samples in file order; ``train`` and ``test``
    are sorted row indices into them; ``low`` is what stands for "no" in ``y`` (−1 or 0)."""

    samples: Samples
    x: Array
    y: Array
    train: IntArray
    test: IntArray
    scaling: Scaling
    low: float


def samples_of(data: Data) -> Samples:
    """The raw samples: the table, or freshly generated ones (same data value, same numbers).

    Raises ``UnknownNameError`` for a source no registry has.
    """
    if data.samples is not None:
        return data.samples
    entry = DATASETS[data.source]
    if entry.make is None:
        raise EditError(f"The data set “{entry.label}” has not been loaded.")
    return entry.make(stream(data.seed, Purpose.DATA), entry.with_defaults(data.options))


def low_target(activation: str) -> float:
    """−1 where the output's range reaches below zero, else 0."""
    return -1.0 if activation in ACTIVATIONS and ACTIVATIONS[activation].low < 0.0 else 0.0


def network_inputs(data: Data, raw: Array, scaling: Scaling) -> Array:
    """What the input layer receives for raw rows (n, width)."""
    return scaling.apply(feature_matrix(raw, data.features))


def prepare(project: Project, samples: Samples) -> Prepared:
    """Prepare ``samples`` for the project's network.

    Raises ``ValueError`` with a sentence if the targets do not fit the output layer.
    """
    output, data = project.layers[-1], project.data
    train, test = split(samples.count, data.train_share, stream(data.seed, Purpose.SPLIT))
    features = feature_matrix(samples.inputs, data.features)
    # Rows are only picked where they are looked at: a table may have millions of cells.
    scaling = fit_scaling(data.scaling, features[train] if data.scaling != "none" else features)
    low = low_target(output.activation)
    return Prepared(
        samples, sealed(scaling.apply(features)), sealed(encode(samples, output.size, low)),
        sealed(train), sealed(test), scaling, class_low(samples, low),
    )  # fmt: skip


class PreparedCache:
    """The last prepared samples, handed out again while data and output layer stay the same."""

    def __init__(self) -> None:
        self._samples: tuple[Data, Samples] | None = None
        self._key: tuple[object, ...] = ()
        self._prepared: Prepared | None = None
        self._split: tuple[Prepared, tuple[Array, Array, Array, Array]] | None = None

    def get(self, project: Project) -> Prepared:
        """As :func:`prepare`, with the samples of the project's data."""
        data, output = project.data, project.layers[-1]
        if self._samples is None or self._samples[0] is not data:
            self._samples = (data, samples_of(data))
        key = (id(data), output.size, low_target(output.activation))
        if self._prepared is None or key != self._key:
            self._prepared = prepare(project, self._samples[1])
            self._key = key
        return self._prepared

    def split(self, prepared: Prepared) -> tuple[Array, Array, Array, Array]:
        """``x`` and ``y`` of the training samples, then of the test samples: the same arrays every time."""
        if self._split is None or self._split[0] is not prepared:
            p = prepared
            parts = p.x[p.train], p.y[p.train], p.x[p.test], p.y[p.test]
            self._split = p, parts
        return self._split[1]
