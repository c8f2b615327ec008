"""Project → what the arithmetic needs, and back: names and ids become indices and one flat vector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnsim.core.arrays import Array, read_only
from nnsim.core.network import ConnectionSpec, LayerSpec, Network, NetworkSpec, Views
from nnsim.core.registry import OptionValue
from nnsim.core.trainer import Task, TrainState
from nnsim.model.errors import CompileError
from nnsim.model.prepared import Prepared, PreparedCache
from nnsim.model.project import Parameters, Progress, Project
from nnsim.model.validate import validate


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A project made ready to compute. ``layer_ids[i]`` and ``connection_ids[i]`` belong to index i."""

    project: Project
    network: Network
    prepared: Prepared
    task: Task
    state: TrainState
    layer_ids: tuple[str, ...]
    connection_ids: tuple[str, ...]

    def moved_to(self, project: Project, state: TrainState) -> Compiled:
        """The same task at another state; ``project`` differs from this one's in progress only."""
        return replace(self, project=project, state=state)

    def parameters(self, flat: Array) -> Parameters:
        """A flat vector as parameters by id; arrays are views of ``flat``."""
        views = Views(self.network.layout, flat)
        return Parameters(
            dict(zip(self.connection_ids, views.weights, strict=True)),
            {
                layer_id: bias
                for layer_id, bias in zip(self.layer_ids, views.biases, strict=True)
                if bias is not None
            },
        )


def network_spec(project: Project) -> NetworkSpec:
    """The structure alone, by index."""
    index = {layer.id: i for i, layer in enumerate(project.layers)}
    return NetworkSpec(
        tuple(
            LayerSpec(la.size, la.activation, _numbers(la.activation_options), la.bias)
            for la in project.layers
        ),
        tuple(ConnectionSpec(index[c.source], index[c.target], c.kind, c.delay) for c in project.connections),
        project.training.loss, project.training.l1, project.training.l2,
    )  # fmt: skip


def _numbers(options: Mapping[str, OptionValue]) -> dict[str, float]:
    # Text can only belong to an option this version does not know, which it does without.
    return {key: float(value) for key, value in options.items() if not isinstance(value, str)}


def flatten(
    network: Network, project: Project, values: Parameters, dtype: type = np.float64
) -> np.ndarray[Any, Any]:
    """Parameters by id as one vector in θ's order."""
    flat: np.ndarray[Any, Any] = np.empty(network.layout.size, dtype=dtype)
    for kind, index, _, block in network.parameters():
        if kind == "weight":
            source = values.weights[project.connections[index].id]
        else:
            source = values.biases[project.layers[index].id]
        block.view(flat)[...] = source
    return flat


def compile_project(project: Project, cache: PreparedCache | None = None) -> Compiled:
    """Make ``project`` ready to compute. ``cache`` saves preparing the same samples again.

    Raises :class:`CompileError` with every blocking problem.
    """
    problems = tuple(p for p in validate(project) if p.blocking)
    if problems:
        raise CompileError(problems)
    cache = cache or PreparedCache()
    prepared = cache.get(project)
    network = Network(network_spec(project))
    t, p = project.training, project.progress
    task = Task(
        network.spec,
        *cache.split(prepared),
        t.learning_rate, t.optimizer, _numbers(t.optimizer_options), t.schedule,
        _numbers(t.schedule_options), t.batch_size, t.shuffle, project.seed,
        flatten(network, project, project.frozen, np.bool_), t.precision,
    )  # fmt: skip
    state = TrainState(
        flatten(network, project, project.parameters),
        tuple(flatten(network, project, slot) for slot in p.slots),
        p.epoch, p.step, p.batch, p.phase, p.age, p.curves, p.operation,
    )  # fmt: skip
    return Compiled(
        project, network, prepared, task, state,
        tuple(la.id for la in project.layers), tuple(c.id for c in project.connections),
    )  # fmt: skip


def with_state(compiled: Compiled, state: TrainState) -> Project:
    """The project with what a run has reached. ``state`` belongs to the run ``compiled`` stands in."""
    now = compiled.project
    parameters, slots = now.parameters, now.progress.slots
    if state.step != now.progress.step:  # only updates change these
        parameters = _owned(compiled.parameters(state.theta))
        slots = tuple(_owned(compiled.parameters(slot)) for slot in state.slots)
    progress = Progress(
        state.epoch, state.step, state.batch, state.phase, state.age, slots, state.curves, state.operation
    )
    return replace(now, parameters=parameters, progress=progress)


def _owned(values: Parameters) -> Parameters:
    """Copies of their own, so that no array keeps a whole state alive."""
    return Parameters(
        {k: read_only(v) for k, v in values.weights.items()},
        {k: read_only(v) for k, v in values.biases.items()},
    )
