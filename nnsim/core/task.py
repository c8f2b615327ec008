"""What a run is defined by, what it has reached, and its moments: the values around a trainer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from nnsim.core.arrays import Array, BoolArray
from nnsim.core.curves import Curves
from nnsim.core.network import NetworkSpec


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What to train, on what, and how.

    x, y: training samples (n, inputs) and targets (n, outputs); the same for test (n may be 0).
    ``batch_size`` 0 means all samples. ``frozen`` is True for parameters that updates leave alone.
    ``precision`` (see :mod:`nnsim.core.precisions`) is what passes and updates are computed in; data and
    states stay float64, which holds every float32 exactly.
    """

    network: NetworkSpec
    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array
    learning_rate: float = 0.1
    optimizer: str = "sgd"
    optimizer_options: Mapping[str, float] = field(default_factory=dict)
    schedule: str = "constant"
    schedule_options: Mapping[str, float] = field(default_factory=dict)
    batch_size: int = 0
    shuffle: bool = False
    seed: int = 0
    frozen: BoolArray | None = None
    precision: str = "float64"

    @property
    def batches_per_epoch(self) -> int:
        """How many updates an epoch takes; 0 without samples."""
        n = len(self.x_train)
        return -(-n // self.batch_size) if 0 < self.batch_size < n else min(n, 1)


@dataclass(frozen=True, slots=True, eq=False)
class TrainState:
    """Where a run stands. Arrays are read-only.

    ``step`` counts updates since the start weights; ``batch`` is the index of the current batch in
    its epoch; ``phase`` is how many phases of the current step are done (0 = between steps), and
    ``operation`` how many operations of the phase after them have been shown (see
    :mod:`nnsim.core.operations`; the phase is computed when its last one is reached).
    ``slots`` are the optimizer's state vectors, θ's length each, in the order of its slot names
    (empty before its first update), and ``age`` the updates they have seen: the optimizer's t.
    The random state is (seed, epoch) and needs no entry.
    """

    theta: Array
    slots: tuple[Array, ...] = ()
    epoch: int = 0
    step: int = 0
    batch: int = 0
    phase: int = 0
    age: int = 0
    curves: Curves = field(default_factory=Curves.empty)
    operation: int = 0


class Position(NamedTuple):
    """A moment of a run; moments compare as they follow each other. See :class:`TrainState`."""

    step: int
    phase: int = 0
    operation: int = 0


class Diverged(ArithmeticError):
    """A parameter or the training loss is no longer finite; the trainer stands at the last good state."""


def check_fit(task: Task, state: TrainState, size: int) -> None:
    """Raises ``ValueError`` if data or state do not fit the task's network of ``size`` parameters."""
    layers = task.network.layers
    for x, y in ((task.x_train, task.y_train), (task.x_test, task.y_test)):
        if x.shape[1] != layers[0].size or y.shape[1] != layers[-1].size or len(x) != len(y):
            raise ValueError(
                f"data of {x.shape[1]} inputs and {y.shape[1]} targets does not fit "
                f"a network of {layers[0].size} inputs and {layers[-1].size} outputs"
            )
    if state.theta.shape != (size,):
        raise ValueError(f"{state.theta.size} parameters given for a network of {size}")
    if task.frozen is not None and task.frozen.shape != (size,):
        raise ValueError(f"{task.frozen.size} frozen marks given for a network of {size} parameters")
