"""The numbers of the step that comes next, for explanations between steps. Free of Qt."""

from __future__ import annotations

from nnsim.core.batches import cut, next_batch
from nnsim.core.explain.numbers import StepNumbers, whole_step
from nnsim.model.compile import Compiled

_MOST = 20_000_000  # products in one pass of a batch; more would be noticed when clicking


def next_step(compiled: Compiled, sample: int) -> StepNumbers | None:
    """The whole next step of a document that stands between steps, explained for ``sample`` (an index
    into all samples) if it is in that step's batch.

    If it is not, the step that this sample alone would make. ``None`` if that would take long.
    """
    task, state, prepared = compiled.task, compiled.state, compiled.prepared
    size, batches = cut(len(prepared.train), task.batch_size)
    if max(size, 1) * state.theta.size > _MOST:
        return None
    if batches:
        rows = next_batch(task, state)
        found = (prepared.train[rows] == sample).nonzero()[0]
        if len(found):
            return whole_step(task, state, task.x_train[rows], task.y_train[rows], int(found[0]), rows)
    if not 0 <= sample < len(prepared.x):
        return None
    return whole_step(task, state, prepared.x[sample : sample + 1], prepared.y[sample : sample + 1])
