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


@dataclass(frozen=True, slots=True, eq=False)
class PreparedInputs:
    """What any network receives of a table ``raw`` whose data have the settings ``key``.

    ``x``, ``train``, ``test`` and ``scaling`` as in :class:`Prepared`; ``x_train`` and ``x_test`` are the
    rows of ``x``, picked out.
    """

    raw: Array
    key: tuple[object, ...]
    x: Array
    train: IntArray
    test: IntArray
    scaling: Scaling
    x_train: Array
    x_test: Array

    def belong_to(self, data: Data, samples: Samples) -> bool:
        return self.raw is samples.inputs and self.key == _input_settings(data)


def _input_settings(data: Data) -> tuple[object, ...]:
    return data.features, data.scaling, data.train_share, data.seed


def prepare_inputs(data: Data, samples: Samples) -> PreparedInputs:
    """Prepare the inputs of ``samples``: all that takes long where there are many.

    Raises ``UnknownNameError`` and ``ValueError`` for settings that there are not.
    """
    train, test = split(samples.count, data.train_share, stream(data.seed, Purpose.SPLIT))
    features = feature_matrix(samples.inputs, data.features)
    # Rows are only picked where they are looked at: a table may have millions of cells.
    scaling = fit_scaling(data.scaling, features[train] if data.scaling != "none" else features)
    x = sealed(scaling.apply(features))
    return PreparedInputs(
        samples.inputs, _input_settings(data), x, sealed(train), sealed(test), scaling, x[train], x[test]
    )


def prepare(project: Project, samples: Samples, inputs: PreparedInputs | None = None) -> Prepared:
    """Prepare ``samples`` for the project's network; ``inputs``, where known, are those of its data.

    Raises ``ValueError`` with a sentence if the targets do not fit the output layer.
    """
    output = project.layers[-1]
    low = low_target(output.activation)
    p = inputs or prepare_inputs(project.data, samples)
    return Prepared(
        samples, p.x, sealed(encode(samples, output.size, low)), p.train, p.test, p.scaling,
        class_low(samples, low),
    )  # fmt: skip


class PreparedCache:
    """The last prepared samples, handed out again while data and output layer stay the same."""

    def __init__(self) -> None:
        self._samples: tuple[Data, Samples] | None = None
        self._key: tuple[object, ...] = ()
        self._inputs: PreparedInputs | None = None
        self._prepared: Prepared | None = None
        self._split: tuple[Prepared, tuple[Array, Array, Array, Array]] | None = None

    def get(self, project: Project) -> Prepared:
        """As :func:`prepare`, with the samples of the project's data."""
        data, output = project.data, project.layers[-1]
        if self._samples is None or self._samples[0] is not data:
            self._samples = (data, samples_of(data))
        key = (id(data), output.size, low_target(output.activation))
        if self._prepared is None or key != self._key:
            samples = self._samples[1]
            if self._inputs is None or not self._inputs.belong_to(data, samples):
                self._inputs = prepare_inputs(data, samples)
            self._prepared = prepare(project, samples, self._inputs)
            self._key = key
        return self._prepared

    def expect(self, inputs: PreparedInputs) -> None:
        """These inputs have been prepared elsewhere and are going to be used."""
        self._inputs = inputs

    def split(self, prepared: Prepared) -> tuple[Array, Array, Array, Array]:
        """``x`` and ``y`` of the training samples, then of the test samples: the same arrays every time."""
        if self._split is None or self._split[0] is not prepared:
            p, inputs = prepared, self._inputs
            if inputs is not None and inputs.x is p.x and inputs.train is p.train:
                x_train, x_test = inputs.x_train, inputs.x_test
            else:
                x_train, x_test = p.x[p.train], p.x[p.test]
            self._split = p, (x_train, p.y[p.train], x_test, p.y[p.test])
        return self._split[1]
