"""One sample's step, as the commands explain it: which sample, in which batch, operation by operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnsim.commands import CommandError
from nnsim.commands.projects import Opened
from nnsim.commands.text_table import json_number, plain
from nnsim.core.batches import next_batch
from nnsim.core.explain import Explanation, Line, StepNumbers, explain, whole_step
from nnsim.core.explain.expression import Number, Rest, walk
from nnsim.core.explain.text import to_text
from nnsim.core.operations import operations_of
from nnsim.core.phases import Phase, PhaseKind, plan
from nnsim.model.compile import Compiled
from nnsim.model.notation import DocumentNames
from nnsim.model.project import Project


def check_sample(opened: Opened, ready: Compiled, index: int) -> None:
    """Raises :class:`CommandError` if the data has no sample ``index``."""
    count = len(ready.prepared.x)
    if not 0 <= index < count:
        many = "the only sample is 0" if count == 1 else f"samples are counted from 0 to {count - 1}"
        raise CommandError(f"There is no sample {index}: “{plain(opened.name)}” has {count}, {many}.")


def step_of_sample(opened: Opened, ready: Compiled, index: int, batch: bool = False) -> StepNumbers:
    """The step from the project's weights for sample ``index`` alone.

    ``batch``: for the batch that training takes next, of which it must be one. Raises
    :class:`CommandError` for a sample that is not there.
    """
    check_sample(opened, ready, index)
    prepared, task, state = ready.prepared, ready.task, ready.state
    in_training = np.flatnonzero(prepared.train == index)
    if not batch:
        return whole_step(
            task, state, prepared.x[index : index + 1], prepared.y[index : index + 1], 0,
            in_training.tolist() or [-1],
        )  # fmt: skip
    if not len(in_training):
        raise CommandError(f"Sample {index} is a test sample: it is in no batch.")
    samples = next_batch(task, state)
    rows = np.flatnonzero(samples == in_training[0])
    if not len(rows):
        one = prepared.train[samples[0]]
        raise CommandError(f"Sample {index} is not in the batch that comes next; sample {one} is.")
    return whole_step(
        task, state, task.x_train[samples], task.y_train[samples], int(rows[0]), samples.tolist()
    )  # fmt: skip


def count_operations(ready: Compiled, kinds: frozenset[PhaseKind] = frozenset(PhaseKind)) -> int:
    """How many operations a step has in phases of these kinds."""
    network, optimizer = ready.network, ready.task.optimizer
    return sum(len(operations_of(network, optimizer, p)) for p in plan(network) if p.kind in kinds)


def explained(
    ready: Compiled, numbers: StepNumbers, names: DocumentNames,
    kinds: frozenset[PhaseKind] = frozenset(PhaseKind),
) -> Iterator[tuple[Phase, Explanation]]:  # fmt: skip
    """Every operation of the step's phases of these kinds, in order."""
    network, task = ready.network, ready.task
    for phase in plan(network):
        if phase.kind in kinds:
            for operation in operations_of(network, task.optimizer, phase):
                yield phase, explain(
                    network, task.optimizer, task.optimizer_options, numbers, operation, names
                )  # fmt: skip


def phase_title(project: Project, phase: Phase) -> str:
    """ "Forward, Hidden 1", "Loss", "Update"."""
    title = phase.kind.value.capitalize()
    return title if phase.layer is None else f"{title}, {project.layer_name(project.layers[phase.layer].id)}"


def operation_fields(
    ready: Compiled, names: DocumentNames, phase: Phase, explanation: Explanation
) -> dict[str, Any]:
    """What a JSON object says of an operation."""
    o = explanation.operation
    return {
        "phase": phase.kind.value,
        "kind": o.kind.value,
        "layer": None if o.layer is None else ready.layer_ids[o.layer],
        "neuron": o.neuron,
        "connection": None if o.connection is None else ready.connection_ids[o.connection],
        "source": o.source,
        "slot": o.slot or None,
        "title": explanation.title,
        "words": explanation.words,
        "symbols": [to_text(line) for line in explanation.symbols],
        "numbers": [to_text(line) for line in explanation.numbers],
        "factors": _factors(names, explanation.numbers[0]),
        "result": [
            {
                "left": to_text(line.left) if line.left is not None else "",
                "relation": line.relation,
                "value": json_number(line.right.value if isinstance(line.right, Number) else None),
            }
            for line in explanation.result
        ],
        "parts": [to_text(line) for line in explanation.parts],
    }


def _factors(names: DocumentNames, line: Line) -> list[dict[str, Any]]:
    """The numbers that are put in, in reading order, each with the quantity it is the value of."""
    found: list[dict[str, Any]] = []
    for node in walk(line.right):
        if isinstance(node, Number):
            name = None if node.quantity is None else names.text(node.quantity)
            found.append({"value": json_number(node.value), "quantity": name})
        elif isinstance(node, Rest):
            found.append({"value": json_number(node.value), "quantity": f"{node.count} more terms"})
    return found
