"""Verbs for weights, biases and frozen marks.

While no update has been made (step 0) the start weights follow an edited value, so that "Start
weights" goes back to what the user has set up; later they stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from nnsim.core.arrays import read_only
from nnsim.core.connections import DENSE
from nnsim.model.build import draw_parameters, unfrozen
from nnsim.model.checks import connection_of, is_input, layer_of, neuron_index, number, require_parameters
from nnsim.model.diff import same
from nnsim.model.errors import EditError
from nnsim.model.project import Parameters, Progress, Project, with_parameters

AnyArray = np.ndarray[Any, Any]
Arrays = Mapping[str, AnyArray]


def set_weight(project: Project, connection_id: str, target: int, source: int, value: float) -> Project:
    """The weight to neuron ``target`` from neuron ``source`` (both from 0)."""
    require_parameters(project)
    at = _edge(project, connection_id, target, source)
    value = number(value, "A weight")

    def change(values: Parameters) -> Parameters:
        return _with_weight(values, connection_id, at, value)

    return _with_values(project, change)


def set_bias(project: Project, layer_id: str, neuron: int, value: float) -> Project:
    """The bias of a neuron (from 0); in a layer with a shared bias, that of all."""
    require_parameters(project)
    at = _bias_place(project, layer_id, neuron)
    value = number(value, "A bias")

    def change(values: Parameters) -> Parameters:
        return _with_bias(values, layer_id, at, value)

    return _with_values(project, change)


def set_weight_frozen(
    project: Project, connection_id: str, target: int, source: int, frozen: bool
) -> Project:
    """Whether training leaves this weight alone."""
    require_parameters(project)
    at = _edge(project, connection_id, target, source)
    return _with_frozen(project, _with_weight(project.frozen, connection_id, at, bool(frozen)))


def set_bias_frozen(project: Project, layer_id: str, neuron: int, frozen: bool) -> Project:
    """Whether training leaves this bias alone; a shared bias is frozen as one."""
    require_parameters(project)
    at = _bias_place(project, layer_id, neuron)
    return _with_frozen(project, _with_bias(project.frozen, layer_id, at, bool(frozen)))


def set_layer_frozen(project: Project, layer_id: str, frozen: bool) -> Project:
    """Whether training leaves the layer's biases and all weights that lead into it alone."""
    layer = layer_of(project, layer_id)
    if is_input(project, layer_id):
        raise EditError("The input layer has no weights or biases to freeze.")
    require_parameters(project)
    marks = project.frozen
    for c in project.incoming(layer_id):
        if c.id in marks.weights:
            marks = _with_weight(marks, c.id, ..., bool(frozen))
    if layer.bias != "none":
        marks = _with_bias(marks, layer_id, ..., bool(frozen))
    return _with_frozen(project, marks)


def start_weights(project: Project) -> Project:
    """Back to the parameters the network began with, and to epoch 0."""
    if project.parameters is project.start and _is_fresh(project.progress):
        return project
    return replace(project, parameters=project.start, progress=Progress())


def new_weights(project: Project) -> Project:
    """A new draw of all parameters, and back to epoch 0. The draw is also the new start.

    Frozen parameters keep their values: holding still is what they are frozen for.
    """
    draw = project.weight_draw + 1
    drawn = draw_parameters(project.layers, project.connections, project.training, project.seed, draw)
    old, frozen = project.parameters, project.frozen
    values = Parameters(
        _unless_frozen(drawn.weights, old.weights, frozen.weights),
        _unless_frozen(drawn.biases, old.biases, frozen.biases),
    )
    return replace(
        project, parameters=values, start=values, frozen=_whole_marks(frozen, drawn),
        progress=Progress(), weight_draw=draw,
    )  # fmt: skip


def _unless_frozen(drawn: Arrays, old: Arrays, frozen: Arrays) -> Arrays:
    """``drawn``, but where something is frozen its old value."""
    kept = dict(drawn)
    for key, new in drawn.items():
        if key in old and key in frozen and old[key].shape == frozen[key].shape == new.shape:
            kept[key] = read_only(np.where(frozen[key], old[key], new)) if frozen[key].any() else new
    return kept


def _whole_marks(frozen: Parameters, drawn: Parameters) -> Parameters:
    """``frozen``, made whole where a damaged file has left marks out."""

    def fits(marks: Arrays, arrays: Arrays) -> bool:
        return all(key in marks and marks[key].shape == array.shape for key, array in arrays.items())

    if fits(frozen.weights, drawn.weights) and fits(frozen.biases, drawn.biases):
        return frozen
    return unfrozen(drawn)


def _is_fresh(progress: Progress) -> bool:
    return same(progress, Progress())


def _edge(project: Project, connection_id: str, target: object, source: object) -> tuple[int, int]:
    c = connection_of(project, connection_id)
    if c.kind != DENSE.key:
        raise EditError(f"Weights of a connection of the kind “{c.kind}” cannot be edited one by one.")
    return (
        neuron_index(project, layer_of(project, c.target), target),
        neuron_index(project, layer_of(project, c.source), source),
    )


def _bias_place(project: Project, layer_id: str, neuron: object) -> Any:
    """The index of the neuron's bias: all of the layer if it is shared."""
    layer = layer_of(project, layer_id)
    if is_input(project, layer_id):
        raise EditError("The input layer has no biases: it passes the data on as they are.")
    if layer.bias == "none":
        raise EditError(f"“{project.layer_name(layer_id)}” has no biases. Give it some first.")
    index = neuron_index(project, layer, neuron)
    return ... if layer.bias == "shared" else index


def _with_values(project: Project, change: Callable[[Parameters], Parameters]) -> Project:
    parameters = change(project.parameters)
    start = project.start
    if project.progress.step == 0:
        start = parameters if start is project.parameters else change(start)
    if parameters is project.parameters and start is project.start:
        return project
    return replace(project, parameters=parameters, start=start)


def _with_frozen(project: Project, marks: Parameters) -> Project:
    return project if marks is project.frozen else replace(project, frozen=marks)


def _with_weight(values: Parameters, connection_id: str, at: Any, value: float | bool) -> Parameters:
    changed = _changed(values.weights, connection_id, at, value)
    return with_parameters(values, weights=changed) if changed else values


def _with_bias(values: Parameters, layer_id: str, at: Any, value: float | bool) -> Parameters:
    changed = _changed(values.biases, layer_id, at, value)
    return with_parameters(values, biases=changed) if changed else values


def _changed(arrays: Arrays, key: str, at: Any, value: float | bool) -> dict[str, AnyArray]:
    """``{key: the changed array}``, or nothing if it is the same already (−0.0 is not 0.0)."""
    old = arrays[key]
    new = old.copy()
    new[at] = value
    return {} if new.tobytes() == old.tobytes() else {key: read_only(new, old.dtype)}
