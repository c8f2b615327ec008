"""The document as an immutable value. Everything that should survive a restart, an undo or a copy.

References are ids, never objects or positions; arrays are read-only. Values that hold arrays
compare by identity (which is how views find out what changed); :func:`nnsim.model.diff.same`
compares contents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from nnsim.core.curves import Curves
from nnsim.core.datasets.base import Samples
from nnsim.core.network import BiasKind
from nnsim.core.registry import OptionValue

EMPTY: Mapping[str, Any] = MappingProxyType({})


def _empty() -> Mapping[str, Any]:
    return EMPTY  # a mapping proxy cannot be a field's default itself


@dataclass(frozen=True, slots=True)
class Layer:
    """A column of neurons. ``name`` is empty for the automatic one ("Input", "Hidden 1", "Output").

    ``activation`` may be a name this version does not know (from a newer file): it is kept.
    """

    id: str
    size: int
    activation: str = "linear"
    activation_options: Mapping[str, OptionValue] = field(default_factory=_empty)
    name: str = ""
    bias: BiasKind = "each"


@dataclass(frozen=True, slots=True)
class Connection:
    """From one layer to another, by their ids."""

    id: str
    source: str
    target: str
    kind: str = "dense"
    delay: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """Weights by connection id, biases by layer id; read-only arrays.

    Also used for everything that is shaped like parameters: optimizer state, frozen masks (bool).
    A layer without biases has no entry.
    """

    weights: Mapping[str, np.ndarray[Any, Any]]
    biases: Mapping[str, np.ndarray[Any, Any]]

    def shaped_like(self, other: Parameters) -> bool:
        """Whether both belong to the same structure."""
        return all(
            mine.keys() == theirs.keys() and all(mine[k].shape == theirs[k].shape for k in mine)
            for mine, theirs in ((self.weights, other.weights), (self.biases, other.biases))
        )


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """Where the samples come from and how they are prepared.

    ``source``: a data set's key, or ``"table"`` for the user's own. ``samples`` holds the table of
    a set that is not generated (the user's own, or one that ships); for generated sets it is
    ``None`` and they are made from ``source``, ``options`` and ``seed``. ``features`` are keys of
    :mod:`nnsim.core.datasets.features` (empty: the raw columns as they are).
    """

    source: str = "circle"
    options: Mapping[str, OptionValue] = field(default_factory=_empty)
    seed: int = 1
    features: tuple[str, ...] = ()
    scaling: str = "none"
    train_share: float = 0.5
    samples: Samples | None = None


@dataclass(frozen=True, slots=True)
class Training:
    """How it learns. ``batch_size`` 0 means all training samples at once."""

    loss: str = "mse_half"
    optimizer: str = "sgd"
    optimizer_options: Mapping[str, OptionValue] = field(default_factory=_empty)
    learning_rate: float = 0.03
    schedule: str = "constant"
    schedule_options: Mapping[str, OptionValue] = field(default_factory=_empty)
    l1: float = 0.0
    l2: float = 0.0
    batch_size: int = 10
    shuffle: bool = True
    initializer: str = "glorot_uniform"
    initializer_options: Mapping[str, OptionValue] = field(default_factory=_empty)
    precision: str = "float64"


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """How far training has come. Meanings as in :class:`nnsim.core.trainer.TrainState`."""

    epoch: int = 0
    step: int = 0
    batch: int = 0
    phase: int = 0
    age: int = 0
    slots: tuple[Parameters, ...] = ()
    curves: Curves = field(default_factory=Curves.empty)
    operation: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """The whole document.

    ``start`` are the parameters this network began with ("Start weights" goes back to them);
    ``weight_draw`` counts "New weights", so that each draw is new and repeatable from ``seed``.
    ``source_note`` says where a shipped example comes from. ``next_id`` is a floor for new ids, so
    that the id of something removed is not given out again; it need not be saved.
    """

    layers: tuple[Layer, ...]
    connections: tuple[Connection, ...]
    parameters: Parameters
    start: Parameters
    frozen: Parameters
    data: Data
    training: Training = Training()
    progress: Progress = field(default_factory=Progress)
    seed: int = 42
    weight_draw: int = 0
    title: str = ""
    notes: str = ""
    source_note: str = ""
    next_id: int = 0

    def layer(self, layer_id: str) -> Layer:
        """The layer with this id. Raises ``KeyError``."""
        for layer in self.layers:
            if layer.id == layer_id:
                return layer
        raise KeyError(layer_id)

    def layer_index(self, layer_id: str) -> int:
        """Position of the layer, 0 being the input. Raises ``KeyError``."""
        for index, layer in enumerate(self.layers):
            if layer.id == layer_id:
                return index
        raise KeyError(layer_id)

    def connection(self, connection_id: str) -> Connection:
        """The connection with this id. Raises ``KeyError``."""
        for connection in self.connections:
            if connection.id == connection_id:
                return connection
        raise KeyError(connection_id)

    def incoming(self, layer_id: str) -> tuple[Connection, ...]:
        return tuple(c for c in self.connections if c.target == layer_id)

    def outgoing(self, layer_id: str) -> tuple[Connection, ...]:
        return tuple(c for c in self.connections if c.source == layer_id)

    def layer_name(self, layer_id: str) -> str:
        """The name shown: the user's, or "Input", "Hidden 2", "Output"."""
        index = self.layer_index(layer_id)
        if self.layers[index].name:
            return self.layers[index].name
        if index == 0:
            return "Input"
        return "Output" if index == len(self.layers) - 1 else f"Hidden {index}"

    def parameter_count(self) -> int:
        p = self.parameters
        return sum(a.size for a in p.weights.values()) + sum(a.size for a in p.biases.values())


def neuron_letter(project: Project, layer_id: str) -> str:
    """The letter of a layer's neurons: x for inputs, o for outputs, h (g, …) for hidden layers."""
    index, last = project.layer_index(layer_id), len(project.layers) - 1
    if index == 0:
        return "x"
    if index == last:
        return "o"
    return "h" if last == 2 else f"h{index}"


_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def subscript(number: int) -> str:
    """``12`` → ``₁₂``."""
    return str(number).translate(_SUBSCRIPTS)


def neuron_name(project: Project, layer_id: str, index: int) -> str:
    """The name of a neuron: x₁, h₂, o₁; with several hidden layers h1₂ is neuron 2 of layer 1.

    Inputs that are features carry the feature's name (x₁², sin x₂ …).
    """
    from nnsim.core.datasets.features import FEATURES

    features = project.data.features
    if project.layer_index(layer_id) == 0 and index < len(features) and features[index] in FEATURES:
        return FEATURES[features[index]].label
    return f"{neuron_letter(project, layer_id)}{subscript(index + 1)}"


def with_parameters(
    values: Parameters,
    weights: Mapping[str, np.ndarray[Any, Any]] = EMPTY,
    biases: Mapping[str, np.ndarray[Any, Any]] = EMPTY,
) -> Parameters:
    """``values`` with some arrays replaced."""
    return Parameters({**values.weights, **weights}, {**values.biases, **biases})
