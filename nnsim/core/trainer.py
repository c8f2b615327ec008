"""Training: one sequence of phases, walked one at a time or flat out, with the same bytes.

A :class:`Task` is everything a run is defined by and a :class:`TrainState` everything it has
reached; both are values. A :class:`Trainer` is the mutable machine between them. The same task and
state give the same run, whatever it was stopped and resumed by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from nnsim.core import regularizers
from nnsim.core.arrays import Array, BoolArray, quiet, read_only
from nnsim.core.batches import EpochOrder
from nnsim.core.curves import CurveRecorder, Curves
from nnsim.core.evaluate import Evaluator
from nnsim.core.network import Network, NetworkSpec, Views
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.phases import Phase, PhaseKind, plan
from nnsim.core.schedules import SCHEDULES
from nnsim.core.workspace import Workspace


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What to train, on what, and how.

    x, y: training samples (n, inputs) and targets (n, outputs); the same for test (n may be 0).
    ``batch_size`` 0 means all samples. ``frozen`` is True for parameters that updates leave alone.
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


@dataclass(frozen=True, slots=True, eq=False)
class TrainState:
    """Where a run stands. Arrays are read-only.

    ``step`` counts updates since the start weights; ``batch`` is the index of the current batch in
    its epoch; ``phase`` is how many phases of the current step are done (0 = between steps).
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


class Diverged(ArithmeticError):
    """A parameter or the training loss is no longer finite; the trainer stands at the last good state."""


class Trainer:
    """Runs a task from a state. Not thread-safe: one owner at a time.

    Raises ``UnknownNameError`` and ``ValueError`` as :class:`Network` does, and ``ValueError`` for
    data that does not fit the network.
    """

    def __init__(self, task: Task, state: TrainState) -> None:
        self.task = task
        self.network = Network(task.network)
        self._check(task, state)
        self.plan: tuple[Phase, ...] = plan(self.network)
        self._theta = state.theta.copy()
        self._grad = np.zeros_like(self._theta)
        self._scratch = (np.zeros_like(self._theta), np.zeros_like(self._theta))
        self.theta = Views(self.network.layout, self._theta)
        self.grad = Views(self.network.layout, self._grad)
        self._is_weight = self.network.layout.is_weight()
        self._optimizer = OPTIMIZERS[task.optimizer]
        self._options = self._optimizer.numbers(task.optimizer_options)
        self._change = self._optimizer.update
        self._price = self._add_price if task.network.l1 or task.network.l2 else None
        self._schedule = SCHEDULES[task.schedule]
        self._frozen = None if task.frozen is None or not task.frozen.any() else np.flatnonzero(task.frozen)
        n = len(task.x_train)
        self.batch_size = n if task.batch_size <= 0 else min(task.batch_size, n)
        # A full batch is the same set in any order, so it stays in file order.
        shuffle = task.shuffle and self.batch_size < n
        self._order = EpochOrder(n, task.seed, shuffle)
        # A column of ones carries the biases (see Workspace); shuffled epochs are laid out anew.
        self._in_file_order = np.column_stack((task.x_train, np.ones(n)))
        self._x, self._y = self._in_file_order, task.y_train
        if shuffle:
            self._x, self._y = np.empty_like(self._x), np.empty_like(task.y_train)
        self._slices = [slice(i, min(i + self.batch_size, n)) for i in range(0, n, max(self.batch_size, 1))]
        self._batches = [(self._x[s], self._y[s]) for s in self._slices]
        sizes = {len(x) for x, _ in self._batches}  # the last batch may be a smaller one
        spaces = {n: Workspace(self.network, self.theta, self.grad, n) for n in sizes}
        self._space_of = [spaces[len(x)] for x, _ in self._batches]
        self.evaluator = Evaluator(self.network, self.theta)
        self._laid_out = -1
        self._load(state)

    @staticmethod
    def _check(task: Task, state: TrainState) -> None:
        layers = task.network.layers
        for x, y in ((task.x_train, task.y_train), (task.x_test, task.y_test)):
            if x.shape[1] != layers[0].size or y.shape[1] != layers[-1].size or len(x) != len(y):
                raise ValueError(
                    f"data of {x.shape[1]} inputs and {y.shape[1]} targets does not fit "
                    f"a network of {layers[0].size} inputs and {layers[-1].size} outputs"
                )
        size = Network(task.network).layout.size
        if state.theta.shape != (size,):
            raise ValueError(f"{state.theta.size} parameters given for a network of {size}")
        if task.frozen is not None and task.frozen.shape != (size,):
            raise ValueError(f"{task.frozen.size} frozen marks given for a network of {size} parameters")

    # -- position ---------------------------------------------------------------------------------

    @quiet
    def _load(self, state: TrainState) -> None:
        names = self._optimizer.slot_names
        if state.slots and [s.shape for s in state.slots] != [self._theta.shape] * len(names):
            raise ValueError("the optimizer's state does not belong to this optimizer and network")
        self._theta[...] = state.theta
        self._slots = tuple(s.copy() for s in state.slots) or tuple(np.zeros_like(self._theta) for _ in names)
        self.epoch, self.step, self.batch = state.epoch, state.step, state.batch
        self._age = state.age if state.slots or not names else 0
        self._recorder = CurveRecorder(state.curves)
        self.phase = 0
        self._batch_loss = float("nan")
        self._enter_epoch()
        if self._batches:
            self.batch = min(self.batch, len(self._batches) - 1)
            for _ in range(min(state.phase, len(self.plan) - 1)):
                self._do(self.plan[self.phase])
                self.phase += 1

    def restore(self, state: TrainState) -> None:
        """Go to ``state`` (of the same task). A state in the middle of a step recomputes its phases."""
        self._load(state)

    def checkpoint(self) -> TrainState:
        """Where the run stands, as a value."""
        slots = tuple(read_only(s) for s in self._slots) if self._age else ()
        return TrainState(
            read_only(self._theta),
            slots, self.epoch, self.step, self.batch, self.phase, self._age, self._recorder.curves(),
        )  # fmt: skip

    def _enter_epoch(self) -> None:
        if self._x is not self._in_file_order and self._laid_out != self.epoch:
            order = self._order.order(self.epoch)
            np.take(self._in_file_order, order, axis=0, out=self._x)
            np.take(self.task.y_train, order, axis=0, out=self._y)
            self._laid_out = self.epoch
        self._rate = self._schedule.rate(self.task.learning_rate, self.epoch, self.task.schedule_options)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the current epoch, after its schedule."""
        return self._rate

    @property
    def batches_per_epoch(self) -> int:
        return len(self._batches)

    @property
    def batch_loss(self) -> float:
        """Data loss of the current batch; NaN before the loss phase of the step."""
        return self._batch_loss

    def batch_samples(self) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Indices into the training samples of the current batch, in its order."""
        order = self._order.order(self.epoch)
        found: np.ndarray[tuple[int], np.dtype[np.intp]] = order[self._slices[self.batch]]
        return found

    @property
    def space(self) -> Workspace:
        """The buffers of the current batch."""
        return self._space_of[self.batch]

    # -- walking ----------------------------------------------------------------------------------

    def phases(self) -> Iterator[Phase]:
        """The run as a generator: computes one phase, yields what it was, for ever."""
        while True:
            yield self.advance()

    @quiet
    def advance(self) -> Phase:
        """Compute the next phase and say which it was.

        Raises ``ValueError`` if there is nothing to train on, :class:`Diverged` if an update left
        the finite numbers (the update is then taken back).
        """
        if not self._batches:
            raise ValueError("there are no training samples")
        if self.phase == 0 and self.batch == 0:
            self._record()
        phase = self.plan[self.phase]
        if phase.kind is not PhaseKind.UPDATE:
            self._do(phase)
            self.phase += 1
            return phase
        before = self.checkpoint()
        self._do(phase)
        try:
            if not self.is_finite():
                raise Diverged
            self._finish_steps(1)
        except Diverged:
            self.restore(before)
            raise
        return phase

    @quiet
    def run(self, steps: int) -> int:
        """Finish the step under way and go on for ``steps`` updates in all; returns updates done.

        Checks for divergence only at the end (that is what makes it fast); if it happened, the run
        is repeated step by step from where it began, so that it stops at the last good state, and
        :class:`Diverged` is raised.
        """
        if not self._batches:
            raise ValueError("there are no training samples")
        if steps < 1:
            return 0
        if self.phase == 0 and self.batch == 0:
            self._record()
        start = self.checkpoint()
        try:
            self._run(steps)
        except Diverged:
            pass
        else:
            if self.is_finite():
                return steps
        self.restore(start)
        while True:
            self.advance()

    def _run(self, steps: int) -> None:
        if self.phase and steps:
            for phase in self.plan[self.phase : -1]:
                self._do(phase)
            self._update()
            self._finish_steps(1)
            steps -= 1
        while steps > 0:
            count = min(steps, len(self._batches) - self.batch)
            for index in range(self.batch, self.batch + count):
                space = self._space_of[index]
                space.bind_rows(*self._batches[index], index)
                for function, arguments in space.program:
                    function(*arguments)
                self._update()
            steps -= count
            self._finish_steps(count)

    def _do(self, phase: Phase) -> None:
        space = self.space
        if phase.kind is PhaseKind.FORWARD:
            if self.phase == 0:
                space.bind_rows(*self._batches[self.batch], self.batch)
            space.forward(phase.layer)  # type: ignore[arg-type]
        elif phase.kind is PhaseKind.BACKWARD:
            space.backward(phase.layer)  # type: ignore[arg-type]
        elif phase.kind is PhaseKind.LOSS:
            self._batch_loss = space.loss()
        else:
            self._update()

    @quiet
    def compute_ahead(self) -> None:
        """Write the numbers of the phase under way into the buffers without counting it as done.

        It will be computed again when it is, to the same bytes: a phase reads only what earlier ones
        have written. The update, which is the one that changes parameters, is left alone.
        """
        phase, loss = self.plan[self.phase], self._batch_loss
        if self._batches and phase.kind is not PhaseKind.UPDATE:
            self._do(phase)
            self._batch_loss = loss

    def _update(self) -> None:
        if self._price is not None:
            self._price()
        self._age += 1
        held = None if self._frozen is None else self._theta[self._frozen]
        self._change(
            self._theta, self._grad, self._slots, self._rate, self._age, self._options, *self._scratch
        )
        if held is not None:
            self._theta[self._frozen] = held

    def _add_price(self) -> None:
        """The regularisers' part of the gradient."""
        spec = self.network.spec
        regularizers.add_gradient(
            self._theta, self._is_weight, spec.l1, spec.l2, self._grad, self._scratch[0]
        )

    def _finish_steps(self, count: int) -> None:
        """Count ``count`` updates of this epoch as done."""
        self.step += count
        self.phase = 0
        self.batch += count
        self._batch_loss = float("nan")
        if self.batch == len(self._batches):
            self.batch = 0
            self.epoch += 1
            self._enter_epoch()
            self._record()

    # -- what can be read off ---------------------------------------------------------------------

    def is_finite(self) -> bool:
        """Whether every parameter is finite and small enough to be squared (below about 1e154)."""
        return bool(np.isfinite(np.dot(self._theta, self._theta)))

    def train_loss(self) -> float:
        """Data loss over all training samples at the current parameters."""
        return self.evaluator.loss(self.task.x_train, self.task.y_train)

    def test_loss(self) -> float:
        """Data loss over all test samples; NaN if there are none."""
        return self.evaluator.loss(self.task.x_test, self.task.y_test)

    @quiet
    def penalty(self) -> float:
        """The regularisers' price of the current weights."""
        spec = self.network.spec
        if not (spec.l1 or spec.l2):
            return 0.0
        return regularizers.penalty(self._theta[self._is_weight == 1.0], spec.l1, spec.l2)

    def curves(self) -> Curves:
        return self._recorder.curves()

    def _record(self) -> None:
        if self._recorder.wants(self.epoch):
            train = self.train_loss()
            if not np.isfinite(train):
                raise Diverged
            self._recorder.add(self.epoch, train, self.test_loss())
