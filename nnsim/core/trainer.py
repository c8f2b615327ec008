"""Training: one sequence of phases, walked one at a time or flat out, with the same bytes.

A :class:`Task` is everything a run is defined by and a :class:`TrainState` everything it has
reached; both are values. A :class:`Trainer` is the mutable machine between them. The same task and
state give the same run, whatever it was stopped and resumed by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nnsim.core import regularizers
from nnsim.core.arrays import IntArray, quiet, read_only
from nnsim.core.batches import Batches, cut, order_of
from nnsim.core.curves import CurveRecorder, Curves
from nnsim.core.evaluate import Evaluator, SetLoss
from nnsim.core.network import Network, Views
from nnsim.core.operations import Operations, operations_of
from nnsim.core.ops import Calls, perform
from nnsim.core.optimizers import OPTIMIZERS, Pace
from nnsim.core.phases import Phase, PhaseKind, plan
from nnsim.core.precisions import PRECISIONS
from nnsim.core.sample_sets import SampleSets
from nnsim.core.schedules import SCHEDULES
from nnsim.core.straight_line import StraightLine
from nnsim.core.task import Diverged, Position, Task, TrainState, check_fit
from nnsim.core.workspace import Workspace

__all__ = ["Diverged", "Position", "Task", "TrainState", "Trainer"]

_NO_CURVES = Curves.empty()
# A run begins with a copy of where it stands, to go back to if it diverges. Runs of a few updates of a
# large network, to which a copy is a cost, share one for so many updates.
_KEPT_STEPS = 16


class Trainer:
    """Runs a task from a state. Not thread-safe: one owner at a time.

    ``known`` are the ``sets`` of an earlier trainer, used again where the samples are the same. Raises
    ``UnknownNameError`` and ``ValueError`` as :class:`Network` does, and ``ValueError`` for data that does
    not fit the network.
    """

    @quiet
    def __init__(self, task: Task, state: TrainState, known: SampleSets | None = None) -> None:
        self.task = task
        self.network = Network(task.network)
        check_fit(task, state, self.network.layout.size)
        self.plan: tuple[Phase, ...] = plan(self.network)
        self._operations = tuple(operations_of(self.network, task.optimizer, p) for p in self.plan)
        dtype = PRECISIONS[task.precision].dtype
        self._theta = state.theta.astype(dtype)
        self._grad = np.zeros_like(self._theta)
        self.theta = Views(self.network.layout, self._theta)
        self.grad = Views(self.network.layout, self._grad)
        self._is_weight = self.network.layout.is_weight().astype(dtype)
        self._optimizer = OPTIMIZERS[task.optimizer]
        self._options = self._optimizer.numbers(task.optimizer_options)
        self._slots = tuple(np.zeros_like(self._theta) for _ in self._optimizer.slot_names)
        self._pace = Pace(self._theta)
        self._schedule = SCHEDULES[task.schedule]
        self._update = self._update_calls()
        self.batch_size, _ = cut(len(task.x_train), task.batch_size)
        self.sets = sets = SampleSets.of(task, dtype, known)
        self._batches = Batches(sets.x, sets.y, self.batch_size, order_of(task))
        sizes = {y.shape[1] for _, y in self._batches.batch}  # the last batch may be a smaller one
        spaces = {n: Workspace(self.network, self.theta, self.grad, n, sets.one_hot) for n in sizes}
        self._space_of = [spaces[y.shape[1]] for _, y in self._batches.batch]
        self._line = StraightLine(self._straight, len(self._space_of))
        self.evaluator = Evaluator(self.network, self.theta)
        self.train_set = SetLoss(self.evaluator, sets.x, sets.y)
        self.test_set = SetLoss(self.evaluator, sets.x_test, sets.y_test)
        self.restore(state)

    def _update_calls(self) -> Calls:
        """The update: regularisers, optimizer, and frozen parameters put back."""
        spec, frozen, theta = self.network.spec, self.task.frozen, self._theta
        calls = regularizers.gradient_calls(
            theta, self._is_weight, spec.l1, spec.l2, self._grad, np.empty_like(theta)
        )
        calls += self._optimizer.prepared(theta, self._grad, self._slots, self._pace, self._options)
        if frozen is None or not frozen.any():
            return calls
        places = np.flatnonzero(frozen)
        held = np.empty(len(places), theta.dtype)
        return [(theta.take, places, None, held, "clip"), *calls, (theta.__setitem__, places, held)]

    def _straight(self, index: int) -> Calls:
        """All calls of an update with batch ``index``."""
        batches = self._batches
        passes = self._space_of[index].straight(*batches.batch[index])
        return [*batches.fetch[index], *passes, *self._update]

    # -- position ---------------------------------------------------------------------------------

    @quiet
    def _load(self, state: TrainState) -> None:
        """Everything but the curves."""
        self._kept: tuple[TrainState, tuple[int, int]] | None = None
        names = self._optimizer.slot_names
        if state.slots and [s.shape for s in state.slots] != [self._theta.shape] * len(names):
            raise ValueError("the optimizer's state does not belong to this optimizer and network")
        self._theta[...] = state.theta
        for index, slot in enumerate(self._slots):
            slot[...] = state.slots[index] if state.slots else 0.0
        self.epoch, self.step, self.batch = state.epoch, state.step, state.batch
        self._pace.age = state.age if state.slots or not names else 0
        self.phase = self.operation = 0
        self._batch_loss = float("nan")
        self._enter_epoch()
        if self._space_of:
            self.batch = min(self.batch, len(self._space_of) - 1)
            for _ in range(min(state.phase, len(self.plan) - 1)):
                self._do(self.plan[self.phase])
                self.phase += 1
            self.show_operation(state.operation)

    def restore(self, state: TrainState, silent: bool = False) -> None:
        """Go to ``state`` (of the same task). A state in the middle of a step recomputes its phases.

        ``silent``: no losses are recorded from here on, until :meth:`set_curves`.
        """
        self._load(state)
        self._recorder = CurveRecorder(state.curves, silent)

    def set_curves(self, curves: Curves) -> None:
        """Go on recording after ``curves``."""
        self._kept = None
        self._recorder = CurveRecorder(curves)

    def checkpoint(self) -> TrainState:
        """Where the run stands, as a value."""
        return replace(self.keyframe(), curves=self._recorder.curves())

    def keyframe(self) -> TrainState:
        """Where the run stands, without its curves: cheaper than :meth:`checkpoint`."""
        slots = tuple(read_only(s) for s in self._slots) if self._pace.age else ()
        return TrainState(
            read_only(self._theta),
            slots, self.epoch, self.step, self.batch, self.phase, self._pace.age, _NO_CURVES, self.operation,
        )  # fmt: skip

    @property
    def position(self) -> Position:
        """Where the run stands, as what can be compared."""
        return Position(self.step, self.phase, self.operation)

    def _enter_epoch(self) -> None:
        self._batches.lay_out(self.epoch)
        self._pace.set_rate(
            self._schedule.rate(self.task.learning_rate, self.epoch, self.task.schedule_options)
        )

    @property
    def learning_rate(self) -> float:
        """The learning rate of the current epoch, after its schedule."""
        return self._pace.eta

    @property
    def batches_per_epoch(self) -> int:
        return len(self._space_of)

    @property
    def batch_loss(self) -> float:
        """Data loss of the current batch; NaN before the loss phase of the step."""
        return self._batch_loss

    def batch_samples(self) -> IntArray:
        """Indices into the training samples of the current batch, in its order."""
        return self._batches.samples(self.epoch, self.batch)

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
        if not self._space_of:
            raise ValueError("there are no training samples")
        self._kept = None
        if self.phase == 0 and self.batch == 0:
            self._record()
        phase = self.plan[self.phase]
        if phase.kind is not PhaseKind.UPDATE:
            self._do(phase)
            self.phase += 1
            self.operation = 0
            return phase
        before, length = self.keyframe(), self._recorder.mark()
        self._do(phase)
        try:
            if not self.is_finite():
                raise Diverged
            self._finish_steps(1)
        except Diverged:
            self._load(before)
            self._recorder.rewind(length)
            raise
        return phase

    # -- the cursor over the phase under way --------------------------------------------------------

    @property
    def operations(self) -> Operations:
        """The operations of the phase under way: the one :meth:`advance` computes next."""
        return self._operations[self.phase]

    def operations_of(self, phase: int) -> Operations:
        """The operations of the phase with this number in :attr:`plan`."""
        return self._operations[phase]

    def show_operation(self, count: int) -> None:
        """Stand after ``count`` operations of the phase under way; its last one is never passed."""
        self.operation = min(max(count, 0), len(self.operations) - 1)

    def advance_operation(self) -> Phase | None:
        """Go on by one operation. Computes the phase, and says which, if this was its last one.

        Raises what :meth:`advance` raises.
        """
        return self._advance_to(self.operation + 1)

    def advance_neuron(self) -> Phase | None:
        """Go on to the end of one neuron's work; else as :meth:`advance_operation`."""
        return self._advance_to(self.operations.neuron_end(self.operation))

    def _advance_to(self, operation: int) -> Phase | None:
        if not self._space_of or operation >= len(self.operations):
            return self.advance()
        self.operation = operation
        return None

    @quiet
    def run(self, steps: int) -> int:
        """Finish the step under way and go on for ``steps`` updates in all; returns updates done.

        Checks for divergence only at the end (that is what makes it fast); if it happened, the run
        is repeated step by step from a state before it, so that it stops at the last good one, and
        :class:`Diverged` is raised.
        """
        if not self._space_of:
            raise ValueError("there are no training samples")
        if steps < 1:
            return 0
        if self.phase == 0 and self.batch == 0:
            self._record()
        kept, self._kept = self._kept, None
        if kept is None or self.step - kept[0].step >= _KEPT_STEPS:
            kept = self.keyframe(), self._recorder.mark()
        try:
            self._run(steps)
        except Diverged:
            pass
        else:
            if self.is_finite():
                self._kept = kept
                return steps
        self._load(kept[0])
        self._recorder.rewind(kept[1])
        while True:
            self.advance()

    def _run(self, steps: int) -> None:
        if self.phase and steps:
            for phase in self.plan[self.phase :]:
                self._do(phase)
            self._finish_steps(1)
            steps -= 1
        while steps > 0:
            steps -= self._run_alike(steps)
            count = min(steps, len(self._space_of) - self.batch)
            self._line.run(self.batch, self.batch + count)
            self._count_updates(count)
            steps -= count
            self._finish_steps(count)

    def _run_alike(self, steps: int) -> int:
        """Do whole epochs that differ in nothing and leave nothing to record; returns updates done."""
        each = len(self._space_of)
        if self.batch or steps < 2 * each or self._batches.shuffled or self._schedule.key != "constant":
            return 0
        wanted = self._recorder.next_after(self.epoch)
        epochs = steps // each if wanted is None else min(steps // each, wanted - self.epoch - 1)
        if epochs > 0:
            self._line.repeat(epochs)
            self._count_updates(epochs * each)
            self.step += epochs * each
            self.epoch += epochs
        return epochs * each

    def _do(self, phase: Phase) -> None:
        space = self.space
        if phase.kind is PhaseKind.FORWARD:
            if self.phase == 0:
                perform(self._batches.fetch[self.batch])
                space.bind_rows(*self._batches.batch[self.batch])
            space.forward(phase.layer)  # type: ignore[arg-type]
        elif phase.kind is PhaseKind.BACKWARD:
            space.backward(phase.layer)  # type: ignore[arg-type]
        elif phase.kind is PhaseKind.LOSS:
            self._batch_loss = space.loss()
        else:
            perform(self._update)
            self._count_updates(1)

    @quiet
    def compute_ahead(self) -> None:
        """Write the numbers of the phase under way into the buffers without counting it as done.

        It will be computed again when it is, to the same bytes: a phase reads only what earlier ones
        have written. The update, which is the one that changes parameters, is left alone.
        """
        phase, loss = self.plan[self.phase], self._batch_loss
        if self._space_of and phase.kind is not PhaseKind.UPDATE:
            self._do(phase)
            self._batch_loss = loss

    def _count_updates(self, count: int) -> None:
        if self._optimizer.tick is None:  # the others count by themselves
            self._pace.age += count

    def _finish_steps(self, count: int) -> None:
        """Count ``count`` updates of this epoch as done."""
        self.step += count
        self.phase = self.operation = 0
        self.batch += count
        self._batch_loss = float("nan")
        if self.batch == len(self._space_of):
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
        return self.train_set.value()

    def test_loss(self) -> float:
        """Data loss over all test samples; NaN if there are none."""
        return self.test_set.value()

    @quiet
    def penalty(self) -> float:
        """The regularisers' price of the current weights."""
        spec = self.network.spec
        if not (spec.l1 or spec.l2):
            return 0.0
        return regularizers.penalty(self._theta[self._is_weight == 1.0], spec.l1, spec.l2)

    def curves(self) -> Curves:
        return self._recorder.curves()

    @property
    def thinned_curves(self) -> tuple[tuple[int, Curves], ...]:
        """What thinning has taken away since curves were set (see :class:`CurveRecorder`)."""
        return tuple(self._recorder.past)

    def _record(self) -> None:
        if self._recorder.wants(self.epoch):
            train = self.train_loss()
            if not np.isfinite(train):
                raise Diverged
            self._recorder.add(self.epoch, train, self.test_loss())
