"""The order in which samples are visited, as a pure function of the seed and the epoch, and the batches
laid out in it."""

from __future__ import annotations

import numpy as np

from nnsim.core.arrays import Array, IntArray
from nnsim.core.ops import Calls
from nnsim.core.streams import Purpose, stream
from nnsim.core.task import Task, TrainState

# Epochs share a generator in blocks: making one costs more than shuffling a small data set, and
# within a block any epoch can still be reached by drawing the ones before it.
_BLOCK = 64


class EpochOrder:
    """``order(epoch)`` → the permutation of that epoch; random access, cheap in sequence."""

    def __init__(self, count: int, seed: int, shuffle: bool) -> None:
        self._count, self._seed, self._shuffle = count, seed, shuffle
        self._file_order = np.arange(count, dtype=np.intp)
        self._generator: np.random.Generator | None = None
        self._block = self._next = -1  # whose generator it is, and the epoch it draws next
        self._last: tuple[int, IntArray] | None = None

    @property
    def shuffles(self) -> bool:
        """Whether epochs differ."""
        return self._shuffle

    def order(self, epoch: int) -> IntArray:
        """Indices (count,) of the training samples in the order of ``epoch``."""
        if not self._shuffle:
            return self._file_order
        if self._last is not None and self._last[0] == epoch:
            return self._last[1]
        block = epoch // _BLOCK
        if self._generator is None or epoch < self._next or block != self._block:
            self._generator = stream(self._seed, Purpose.SHUFFLE, block)
            self._block, self._next = block, block * _BLOCK
        while self._next < epoch:
            self._generator.permutation(self._count)
            self._next += 1
        found: IntArray = self._generator.permutation(self._count)
        self._next += 1
        self._last = (epoch, found)
        return found


def cut(count: int, wanted: int) -> tuple[int, list[slice]]:
    """(size of a batch, places of all batches) of ``count`` samples; ``wanted`` 0 means all at once."""
    size = count if wanted <= 0 else min(wanted, count)
    return size, [slice(i, min(i + size, count)) for i in range(0, count, max(size, 1))]


def order_of(task: Task) -> EpochOrder:
    """The order of a task's training samples in every epoch."""
    count = len(task.x_train)
    # A full batch is the same set in any order, so it stays in file order.
    return EpochOrder(count, task.seed, task.shuffle and cut(count, task.batch_size)[0] < count)


def next_batch(task: Task, state: TrainState) -> IntArray:
    """Indices into the training samples of the batch that ``state``, between two steps, stands before.

    Raises ``ValueError`` if there are none.
    """
    _, slices = cut(len(task.x_train), task.batch_size)
    if not slices:
        raise ValueError("there are no training samples")
    return order_of(task).order(state.epoch)[slices[min(state.batch, len(slices) - 1)]]


# A larger set is not laid out anew as a whole, which would push everything else out of the caches:
# each batch is gathered when its turn comes.
_LARGE_BYTES = 1 << 19


class Batches:
    """The training set cut into batches, laid out anew for every shuffled epoch.

    x_and_one (n, inputs + 1), its last column ones, and y (n, outputs) are in file order. A batch is
    seen by feature, ``batch[i]`` being x (inputs + 1, k), whose last row is ones (see
    :mod:`nnsim.core.workspace`), and y (outputs, k), the k targets of an output beside each other; the
    same memory in every epoch. Perform ``fetch[i]`` before a batch is used: batches may share their
    memory for x.
    """

    def __init__(self, x_and_one: Array, y: Array, size: int, order: EpochOrder) -> None:
        n, self._outputs = y.shape
        self.x_and_one = x_and_one
        self._order, self.shuffled = order, order.shuffles
        self._size, self._whole = size, n // max(size, 1)
        self._file_y = y
        self._y = np.empty(y.size, y.dtype)
        # One output: its targets lie beside each other anyway.
        self._taken = self._y.reshape(n, 1) if self._outputs == 1 else np.empty_like(y)
        self._epoch = -1
        self.slices = cut(n, size)[1]
        self.fetch: list[Calls] = [[] for _ in self.slices]
        self._x: Array | None = None  # the whole epoch, where it is laid out as a whole
        x_of = self._rows()
        self.batch: list[tuple[Array, Array]] = [
            (rows.T, self._targets(s)) for rows, s in zip(x_of, self.slices, strict=True)
        ]
        if not self.shuffled:
            self._taken[...] = y
            self._turn()

    def _rows(self) -> list[Array]:
        """Where the x of every batch lies, (k, inputs + 1)."""
        x = self.x_and_one
        if not self.shuffled:
            return [x[s] for s in self.slices]
        if x.nbytes <= _LARGE_BYTES:
            self._x = np.empty_like(x)
            return [self._x[s] for s in self.slices]
        self._places = np.empty(len(x), np.intp)
        rooms = {k: np.empty((k, x.shape[1]), x.dtype) for k in {s.stop - s.start for s in self.slices}}
        found = [rooms[s.stop - s.start] for s in self.slices]
        self.fetch = [
            [(x.take, self._places[s], 0, room, "clip")] for s, room in zip(self.slices, found, strict=True)
        ]
        return found

    def _targets(self, s: slice) -> Array:
        m = self._outputs
        return self._y[s.start * m : s.stop * m].reshape(m, s.stop - s.start)

    def samples(self, epoch: int, index: int) -> IntArray:
        """Which samples (k,) batch ``index`` of ``epoch`` is made of, in its order."""
        return self._order.order(epoch)[self.slices[index]]

    def lay_out(self, epoch: int) -> None:
        """Make :attr:`batch` hold the batches of ``epoch``."""
        if not self.shuffled or self._epoch == epoch:
            return
        order = self._order.order(epoch)
        # "clip" spares NumPy a copy; there is nothing to be clipped.
        if self._x is None:
            np.copyto(self._places, order)
        else:
            self.x_and_one.take(order, 0, self._x, "clip")
        self._file_y.take(order, 0, self._taken, "clip")
        self._turn()
        self._epoch = epoch

    def _turn(self) -> None:
        """Put the targets of every batch by feature."""
        if self._outputs == 1:
            return
        m, k, whole = self._outputs, self._size, self._whole
        np.copyto(
            self._y[: whole * k * m].reshape(whole, m, k),
            self._taken[: whole * k].reshape(whole, k, m).transpose(0, 2, 1),
        )
        if len(self.slices) > whole:
            np.copyto(self.batch[-1][1], self._taken[whole * k :].T)
