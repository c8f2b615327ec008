"""The numbers of one step, copied out: everything that an explanation of it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from nnsim.core import regularizers
from nnsim.core.arrays import Array, BoolArray, IntArray, quiet, read_only
from nnsim.core.explain.quantity import Quantity
from nnsim.core.network import Network, Views
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.phases import PhaseKind, plan
from nnsim.core.schedules import SCHEDULES
from nnsim.core.trainer import Task, Trainer, TrainState
from nnsim.core.workspace import Workspace


@dataclass(frozen=True, slots=True, eq=False)
class StepNumbers:
    """Everything one step is explained from. Arrays are read-only; NaN stands for "not computed yet".

    ``phase``, ``operation``  how many phases of the step are done, and of the phase under way how many
                              operations are shown; as soon as one is, its numbers are here. A ``phase``
                              of the plan's length is the whole step with its update
    ``learning_rate``         η of this step; ``base_rate`` what its ``schedule`` makes it from
    ``age``                   t of the update, counted from 1
    ``epoch``                 counted from 0
    ``samples``               (n,) the batch as rows of the training set; −1 for a sample not of it
    ``row``                   which row of the batch is explained, counted from 0
    ``scale``                 the factor in front of the batch's loss (:meth:`Network.scale`)
    ``x``, ``y``              (n, inputs) and (n, outputs)
    ``z a da delta slope``    by layer, (n, size of the layer). a of the input is x; its others are
                              always NaN. ``da`` is ∂C/∂a, ``delta`` ∂C/∂z, where C is the batch's whole
                              loss with its 1/n. ``da`` of the output layer is given also where δ is
                              computed without it. For softmax ``slope`` is the Jacobian's diagonal
    ``theta``                 flat, before the update
    ``gradient``              flat, ∂C/∂θ of the data loss, summed over the batch
    ``slots``                 the optimizer's state vectors before the update (zeros before the first)
    ``loss``, ``penalty``     of the batch, and of the weights
    ``gradient_after``        flat, with the penalty's part: what the optimizer gets
    ``theta_after``, ``slots_after``  what the update makes of them, frozen parameters kept. All three
                              are ``None`` until the backward pass is done
    ``frozen``                flat marks, ``None`` if nothing is frozen
    """

    phase: int
    operation: int
    learning_rate: float
    base_rate: float
    schedule: str
    schedule_options: Mapping[str, float]
    age: int
    epoch: int
    samples: IntArray
    row: int
    scale: float
    x: Array
    y: Array
    z: tuple[Array, ...]
    a: tuple[Array, ...]
    da: tuple[Array, ...]
    delta: tuple[Array, ...]
    slope: tuple[Array, ...]
    theta: Array
    gradient: Array
    slots: tuple[Array, ...]
    loss: float
    penalty: float
    gradient_after: Array | None
    theta_after: Array | None
    slots_after: tuple[Array, ...] | None
    frozen: BoolArray | None

    @property
    def count(self) -> int:
        """n, the number of samples in the batch."""
        return len(self.x)

    def value(
        self, network: Network, quantity: Quantity, slot_names: tuple[str, ...] = (), after: bool = False
    ) -> float:
        """The value of ``quantity`` for the explained row; NaN where it is not computed yet.

        ``after`` asks for a parameter or state as the update leaves it. ``slot_names`` are those of the
        optimizer, needed for a state. Raises ``ValueError`` for a quantity that is not there.
        """
        q = quantity
        if q.of_parameter:
            return self._of_parameter(network, q, slot_names, after)
        of_batch = {"loss": self.loss, "penalty": self.penalty, "rate": self.learning_rate}
        if q.kind in of_batch:
            return of_batch[q.kind]
        by_layer = {
            "z": self.z, "a": self.a, "blame": self.da, "slope": self.slope, "delta": self.delta,
        }  # fmt: skip
        if q.layer is None or q.neuron is None:
            raise ValueError(f"{q.kind} needs a layer and a neuron")
        if q.kind in by_layer:
            return float(by_layer[q.kind][q.layer][self.row, q.neuron])
        if q.kind in ("x", "y"):
            return float((self.x if q.kind == "x" else self.y)[self.row, q.neuron])
        raise ValueError(f"there is no kind of quantity called {q.kind}")

    def _of_parameter(self, network: Network, q: Quantity, slot_names: tuple[str, ...], after: bool) -> float:
        flat: Array | None
        if q.kind in ("weight", "bias"):
            flat = self.theta_after if after else self.theta
        elif q.kind == "state":
            if q.slot not in slot_names:
                raise ValueError(f"this optimizer has no state called {q.slot}")
            vectors = self.slots_after if after else self.slots
            flat = None if vectors is None else vectors[slot_names.index(q.slot)]
        else:
            flat = self.gradient_after if q.kind == "total_gradient" else self.gradient
        return float("nan") if flat is None else float(flat[position(network, q)])


def position(network: Network, q: Quantity) -> int:
    """Where in θ the weight or bias that ``q`` belongs to is. Raises ``ValueError`` if nowhere."""
    if not q.of_parameter or q.layer is None or q.neuron is None:
        raise ValueError(f"{q.kind} belongs to no parameter")
    if q.connection is not None:
        block = network.layout.weights[q.connection]
        inner = q.source or 0
    else:
        bias = network.layout.biases[q.layer]
        if bias is None:
            raise ValueError("this layer has no biases")
        block, inner = bias, 0
    if (block.first, block.last) == (0, block.pitch):  # not columns of rows shared with another
        width = block.shape[1] if len(block.shape) == 2 else 1
        return block.start + q.neuron * width + inner
    return block.start + q.neuron * block.pitch + block.first + inner


@quiet
def step_numbers(trainer: Trainer, row: int) -> StepNumbers:
    """The numbers of the step ``trainer`` is in, for row ``row`` of its batch.

    Copies of what the step has computed, to the byte; what follows from them and is not kept (slopes,
    the update, taken on copies) is computed here. The trainer's state stays as it is. Raises
    ``IndexError`` for a row that is not there and ``ValueError`` if there is nothing to train on.
    """
    if not trainer.batches_per_epoch:
        raise ValueError("there are no training samples")
    task, network, samples = trainer.task, trainer.network, trainer.batch_samples()
    if not 0 <= row < len(samples):
        raise IndexError(f"there is no row {row} in a batch of {len(samples)}")
    operation, done = trainer.operation, trainer.phase
    if operation and trainer.plan[done].kind is not PhaseKind.UPDATE:
        trainer.compute_ahead()
        done += 1
    state = trainer.keyframe()
    penalty = trainer.penalty() if done >= network.depth else float("nan")
    return _collect(
        task, network, state, trainer.space, task.x_train[samples], task.y_train[samples], samples, row,
        done, (trainer.phase, operation), penalty,
    )  # fmt: skip


@quiet
def whole_step(
    task: Task, state: TrainState, x: Array, y: Array, row: int = 0, samples: Iterable[int] | None = None
) -> StepNumbers:
    """The numbers of a whole step from ``state`` for the batch x (n, inputs), y (n, outputs).

    The batch may be any, such as one sample alone; ``samples`` says which rows of the training set it
    is made of. Raises what :func:`step_numbers` raises.
    """
    if not 0 <= row < len(x):
        raise IndexError(f"there is no row {row} in a batch of {len(x)}")
    network = Network(task.network)
    theta = Views(network.layout, state.theta.copy())
    space = Workspace(network, theta, Views(network.layout, np.zeros_like(state.theta)), len(x))
    space.bind(x, y)
    for layer in range(1, network.depth):
        space.forward(layer)
    for layer in range(network.depth - 1, 0, -1):
        space.backward(layer)
    rows = np.full(len(x), -1) if samples is None else np.asarray(list(samples))
    phases, spec = len(plan(network)), network.spec
    penalty = 0.0
    if spec.l1 or spec.l2:
        penalty = regularizers.penalty(theta.flat[network.layout.is_weight() == 1.0], spec.l1, spec.l2)
    return _collect(task, network, state, space, x, y, rows, row, phases, (phases, 0), penalty)


def _collect(
    task: Task, network: Network, state: TrainState, space: Workspace, x: Array, y: Array, samples: IntArray,
    row: int, done: int, position: tuple[int, int], penalty: float,
) -> StepNumbers:  # fmt: skip
    """Copy out what the first ``done`` phases have computed."""
    n, depth, last = len(x), network.depth, network.depth - 1
    x, y, nothing = read_only(x), read_only(y), [_nothing(n, size) for size in network.sizes]
    z, a, da, delta, slope = (list(nothing) for _ in range(5))
    a[0] = x
    gradient = np.full(network.layout.size, np.nan)
    for layer in range(1, depth):
        if layer > done:
            break
        z[layer], a[layer] = read_only(space.z[layer]), read_only(space.a[layer])
        if 2 * depth - layer > done:
            continue
        delta[layer], da[layer] = read_only(space.delta[layer]), space.da[layer].copy()
        if layer == last and network.fused:
            network.loss.gradient(a[last], y, space.scale, da[layer])
        da[layer].setflags(write=False)
        slope[layer] = np.empty_like(z[layer])
        network.activations[layer].slope(z[layer], a[layer], slope[layer], network.options[layer])
        slope[layer].setflags(write=False)
        _copy_parameters(network, layer, space.grad.flat, gradient)
    optimizer = OPTIMIZERS[task.optimizer]
    slots = state.slots or tuple(_nothing(len(gradient), value=0.0) for _ in optimizer.slot_names)
    rate = SCHEDULES[task.schedule].rate(task.learning_rate, state.epoch, task.schedule_options)
    age = (state.age if state.slots or not optimizer.slot_names else 0) + 1
    frozen = None if task.frozen is None or not task.frozen.any() else read_only(task.frozen, np.bool_)
    total: Array | None = None
    theta_after: Array | None = None
    slots_after: tuple[Array, ...] | None = None
    if done >= 2 * depth - 1:
        total, theta_after, slots_after = _update(task, network, state.theta, gradient, slots, rate, age)
    return StepNumbers(
        phase=position[0], operation=position[1],
        learning_rate=rate, base_rate=task.learning_rate,
        schedule=task.schedule, schedule_options=dict(task.schedule_options), age=age, epoch=state.epoch,
        samples=read_only(samples, np.intp), row=row, scale=space.scale, x=x, y=y,
        z=tuple(z), a=tuple(a), da=tuple(da), delta=tuple(delta), slope=tuple(slope),
        theta=read_only(state.theta), gradient=read_only(gradient), slots=slots,
        loss=space.loss() if done >= depth else float("nan"), penalty=penalty,
        gradient_after=total, theta_after=theta_after, slots_after=slots_after, frozen=frozen,
    )  # fmt: skip


def _nothing(*shape: int, value: float = np.nan) -> Array:
    """An array of one value only, which takes no memory and cannot be written to."""
    return np.broadcast_to(np.float64(value), shape)


def _copy_parameters(network: Network, layer: int, source: Array, target: Array) -> None:
    """Copy what belongs to the weights that lead to ``layer``, and to its biases."""
    bias = network.layout.biases[layer]
    blocks = [network.layout.weights[c] for c in network.incoming[layer]]
    for block in blocks if bias is None else [*blocks, bias]:
        block.view(target)[...] = block.view(source)


def _update(
    task: Task,
    network: Network,
    theta: Array,
    gradient: Array,
    slots: tuple[Array, ...],
    rate: float,
    age: int,
) -> tuple[Array, Array, tuple[Array, ...]]:
    """(gradient with the penalty's part, θ, slots) as the trainer's update makes them."""
    theta, total, slots = theta.copy(), gradient.copy(), tuple(s.copy() for s in slots)
    optimizer, spec = OPTIMIZERS[task.optimizer], network.spec
    before, scratch = theta.copy(), (np.empty_like(theta), np.empty_like(theta))
    if spec.l1 or spec.l2:
        regularizers.add_gradient(theta, network.layout.is_weight(), spec.l1, spec.l2, total, scratch[0])
    options = optimizer.numbers(task.optimizer_options)
    optimizer.update(theta, total, slots, rate, age, options, *scratch)
    if task.frozen is not None:
        np.copyto(theta, before, where=task.frozen)
    for array in (theta, total, *slots):
        array.setflags(write=False)
    return total, theta, slots
