"""What a data set is: samples as a value, and a registry entry that can make them.

A data set knows nothing of networks: inputs are raw, classes are indices. How they are fed to a
network is in :mod:`~nnsim.core.datasets.features`, :mod:`~nnsim.core.datasets.scaling` and
:mod:`~nnsim.core.datasets.targets`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from nnsim.core.arrays import Array, IntArray, read_only
from nnsim.core.registry import Entry, Option, OptionValue

TaskKind = Literal["classification", "regression"]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Samples:
    """n samples. Arrays are made read-only copies where they are not already.

    ``inputs``   (n, d) raw inputs, finite
    ``targets``  (n, m) numeric targets, or ``None``
    ``labels``   (n,) class indices into ``classes``, or ``None``; exactly one of the two is given
    ``classes``  names of the classes; empty for regression

    A classification may have numeric targets (the logic gates do, so that a learner sees and edits
    the 0 and the 1): they are trained on as they stand, and class 1 is a target above ½ (several
    columns: the largest). Missing names are filled in as x1…xd and y1…ym.

    Raises ``ValueError`` with a sentence for shapes that do not belong together, numbers that are
    not finite, and labels without a class.
    """

    inputs: Array
    targets: Array | None = None
    labels: IntArray | None = None
    input_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    task: TaskKind = "regression"
    name: str = "The data"  # subject of sentences about it

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "inputs", _table(self.inputs, "inputs"))
        if (self.targets is None) == (self.labels is None):
            raise ValueError("A data set needs either numeric targets or class labels.")
        if self.targets is not None:
            put(self, "targets", _table(self.targets, "targets"))
        else:
            put(self, "labels", read_only(self.labels, np.intp))
        self._check_rows()
        self._check_classes()
        if not self.input_names:
            put(self, "input_names", _numbered("x", self.width))
        if not self.target_names:
            columns = 1 if self.targets is None else self.targets.shape[1]
            put(self, "target_names", _numbered("y", columns) if columns > 1 else ("y",))
        if len(self.input_names) != self.width:
            raise ValueError(f"{len(self.input_names)} input names given for {self.width} inputs.")
        if self.targets is not None and len(self.target_names) != self.targets.shape[1]:
            raise ValueError(
                f"{len(self.target_names)} target names given for {self.targets.shape[1]} targets."
            )

    def _check_rows(self) -> None:
        other = self.targets if self.targets is not None else self.labels
        assert other is not None
        if len(other) != self.count:
            raise ValueError(f"{self.count} rows of inputs but {len(other)} of targets.")

    def _check_classes(self) -> None:
        if self.task == "regression":
            if self.labels is not None or self.classes:
                raise ValueError("A regression has numeric targets and no classes.")
            return
        if len(self.classes) < 2:
            raise ValueError("A classification needs at least two classes.")
        if self.labels is not None:
            if self.labels.ndim != 1:
                raise ValueError("Class labels must be one for each sample.")
            if np.any((self.labels < 0) | (self.labels >= len(self.classes))):
                raise ValueError("A class label has no class.")

    @property
    def count(self) -> int:
        """Number of samples n."""
        return len(self.inputs)

    @property
    def width(self) -> int:
        """Number of raw inputs d."""
        return int(self.inputs.shape[1])


def _table(values: Any, what: str) -> Array:
    table = read_only(values)
    if table.ndim != 2 or table.shape[1] == 0:
        raise ValueError(f"The {what} must be a table with at least one column.")
    finite = np.isfinite(table)
    if not finite.all():
        row, column = (int(i) + 1 for i in np.argwhere(~finite)[0])
        raise ValueError(f"The {what} must be finite numbers; row {row}, column {column} is not.")
    return table


def _numbered(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{i + 1}" for i in range(count))


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A network and a way of training that learn a data set, so that choosing one can offer both.

    ``hidden`` sizes of the hidden layers, all with ``activation``; ``outputs`` neurons in the output
    layer; ``batch_size`` 0 means all samples; ``features`` are keys of the feature registry (empty:
    the raw inputs); ``epochs`` is about how long it takes. ``parameters``, where given, are start
    values by layer, (weights by row of destination, biases), for examples that come with their own.
    """

    hidden: tuple[int, ...]
    activation: str
    output_activation: str
    outputs: int
    loss: str
    learning_rate: float
    epochs: int
    optimizer: str = "sgd"
    batch_size: int = 10
    train_share: float = 0.5
    initializer: str = "glorot_uniform"
    features: tuple[str, ...] = ()
    scaling: str = "none"
    parameters: tuple[tuple[tuple[tuple[float, ...], ...], tuple[float, ...]], ...] = ()


Generate = Callable[[np.random.Generator, Mapping[str, float]], Samples]
Make = Callable[[np.random.Generator, Mapping[str, OptionValue]], Samples]
FromRows = Callable[[Sequence[Sequence[str]]], Samples]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetEntry(Entry):
    """A data set of the registry.

    Generated ones and small tables have ``generate``. Shipped ones have ``from_rows`` instead, which
    builds them from the text rows of their file (without its head); who may read files does that.
    ``fixed`` means that chance plays no part: every seed gives the same rows.
    """

    task: TaskKind
    input_names: tuple[str, ...]
    suggestion: Suggestion
    classes: tuple[str, ...] = ()
    generate: Generate | None = None  # takes all options as numbers within their limits
    from_rows: FromRows | None = None
    fixed: bool = False
    source: str = ""  # whom to credit, with the licence

    @property
    def shipped(self) -> bool:
        """Whether the rows lie in a file of the program, so that nothing can :attr:`make` them."""
        return self.generate is None

    @property
    def width(self) -> int:
        """Number of raw inputs."""
        return len(self.input_names)

    @property
    def make(self) -> Make | None:
        """``make(rng, options)`` → the samples; ``None`` for a shipped set.

        The same state of ``rng`` and the same options give the same samples. Options left out have
        their defaults, unknown ones are ignored. Raises ``ValueError`` with a sentence for a value
        out of its limits.
        """
        return None if self.generate is None else self._make

    def _make(self, rng: np.random.Generator, options: Mapping[str, OptionValue]) -> Samples:
        assert self.generate is not None
        values = self.with_defaults(options)
        for option in self.options:
            problem = option.problem(values[option.key])
            if problem:
                raise ValueError(problem)
        return self.generate(rng, {key: float(value) for key, value in values.items()})


NOISE = Option("noise", "Noise", 0.0, "How much chance is mixed in, 0 to 0.5.", minimum=0.0, maximum=0.5)


def noise(default: float) -> Option:
    """The noise option with another default."""
    return Option(NOISE.key, NOISE.label, default, NOISE.help, minimum=NOISE.minimum, maximum=NOISE.maximum)


def count(default: int) -> Option:
    """The number of samples to generate."""
    return Option(
        "count", "Samples", default, "How many samples are made.", kind="int", minimum=2, maximum=10_000
    )
