"""The fields of a project file of the present format version, as they stand in the file.

What may be left out has its default here or, where it depends on the rest, is ``None`` and filled
in by :mod:`nnsim.io.resolve`. Arrays are checked there too, which is why they are ``Any`` here.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from nnsim.core.registry import OptionValue
from nnsim.model.limits import MAX_COLUMNS, MAX_LAYERS

FORMAT_VERSION = 1
DEFAULT_SOURCE = "circle"
MAX_CONNECTIONS = MAX_LAYERS * (MAX_LAYERS - 1) // 2
MAX_SLOTS = 8  # vectors of an optimizer's state

Number = float | str  # a number, or the name of one that JSON cannot spell
Options = dict[str, OptionValue]


class FileStruct(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A JSON object whose fields are all known."""


class LayerFile(FileStruct):
    """One layer. ``weights`` and ``biases`` are a short form of the entries in ``parameters``."""

    size: int
    id: str | None = None
    activation: str | None = None
    activation_options: Options = {}
    name: str = ""
    bias: str | None = None
    weights: Any = None
    biases: Any = None


class ConnectionFile(FileStruct):
    """From one layer to another, by their ids."""

    source: str
    target: str
    id: str | None = None
    kind: str = "dense"
    delay: int = 0


class ParametersFile(FileStruct):
    """Arrays by connection id and by layer id."""

    weights: dict[str, Any] = {}
    biases: dict[str, Any] = {}


class TableFile(FileStruct):
    """The samples of a data set that is the user's own."""

    inputs: Any
    targets: Any = None
    labels: Any = None
    input_names: Annotated[list[str], msgspec.Meta(max_length=MAX_COLUMNS)] = []
    target_names: Annotated[list[str], msgspec.Meta(max_length=MAX_COLUMNS)] = []
    classes: Annotated[list[str], msgspec.Meta(max_length=MAX_COLUMNS)] = []
    name: str | None = None


class DataFile(FileStruct):
    """Where samples come from and how they are prepared."""

    source: str | None = None
    options: Options = {}
    seed: int = 1
    features: Annotated[list[str], msgspec.Meta(max_length=MAX_COLUMNS)] | None = None
    scaling: str = "none"
    train_share: Number | None = None
    table: TableFile | None = None


class TrainingFile(FileStruct):
    """How the network learns."""

    loss: str = "mse_half"
    optimizer: str = "sgd"
    optimizer_options: Options = {}
    learning_rate: Number = 0.03
    schedule: str = "constant"
    schedule_options: Options = {}
    l1: Number = 0.0
    l2: Number = 0.0
    batch_size: int = 10
    shuffle: bool = True
    initializer: str = "glorot_uniform"
    initializer_options: Options = {}
    precision: str = "float64"


class CurvesFile(FileStruct):
    """The learning curve. ``test`` is left out where there was no test set."""

    epoch: Any = []
    train: Any = []
    test: Any = None


class ProgressFile(FileStruct):
    """How far training has come."""

    epoch: int = 0
    step: int = 0
    batch: int = 0
    phase: int = 0
    age: int = 0
    operation: int = 0
    slots: Annotated[list[ParametersFile], msgspec.Meta(max_length=MAX_SLOTS)] = []
    curves: CurvesFile = msgspec.field(default_factory=CurvesFile)


class ProjectFile(FileStruct):
    """The whole file."""

    format_version: int
    layers: Annotated[list[int | LayerFile], msgspec.Meta(max_length=MAX_LAYERS)]
    title: str = ""
    notes: str = ""
    source_note: str = ""
    seed: int = 42
    weight_draw: int = 0
    connections: Annotated[list[ConnectionFile], msgspec.Meta(max_length=MAX_CONNECTIONS)] | None = None
    parameters: ParametersFile = msgspec.field(default_factory=ParametersFile)
    start: ParametersFile | None = None
    frozen: ParametersFile = msgspec.field(default_factory=ParametersFile)
    data: str | DataFile = DEFAULT_SOURCE
    training: TrainingFile = msgspec.field(default_factory=TrainingFile)
    progress: ProgressFile = msgspec.field(default_factory=ProgressFile)
