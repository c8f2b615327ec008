"""Verbs for weights, biases and frozen marks.

While no update has been made (step 0) the start weights follow an edited value, so that "Start
weights" goes back to what the user has set up; later they stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from nnsim.core.arrays import read_only
from nnsim.model.build import draw_parameters
from nnsim.model.checks import connection_of, is_input, layer_of, neuron_index, number
from nnsim.model.diff import same
from nnsim.model.errors import EditError
from nnsim.model.project import Connection, Layer, Parameters, Progress, Project, with_parameters

AnyArray = np.ndarray[Any, Any]


def set_weight(project: Project, connection_id: str, target: int, source: int, value: float) -> Project:
    """The weight to neuron ``target`` from neuron ``source`` (both from 0)."""
    at = _edge(project, connection_id, target, source)
    value = number(value, "A weight")

    def change(values: Parameters) -> Parameters:
        return _with_weight(values, connection_id, at, value)

    return _with_values(project, change)


def set_bias(project: Project, layer_id: str, neuron: int, value: float) -> Project:
    """The bias of a neuron (from 0); in a layer with a shared bias, that of all."""
    layer, at = _bias_place(project, layer_id, neuron)
    value = number(value, "A bias")

    def change(values: Parameters) -> Parameters:
        return _with_bias(values, layer, at, value)

    return _with_values(project, change)


def set_weight_frozen(
    project: Project, connection_id: str, target: int, source: int, frozen: bool
) -> Project:
    """Whether training leaves this weight alone."""
    at = _edge(project, connection_id, target, source)
    return _with_frozen(project, _with_weight(project.frozen, connection_id, at, bool(frozen)))


def set_bias_frozen(project: Project, layer_id: str, neuron: int, frozen: bool) -> Project:
    """Whether training leaves this bias alone; a shared bias is frozen as one."""
    layer, at = _bias_place(project, layer_id, neuron)
    return _with_frozen(project, _with_bias(project.frozen, layer, at, bool(frozen)))


def set_layer_frozen(project: Project, layer_id: str, frozen: bool) -> Project:
    """Whether training leaves the layer's biases and all weights that lead into it alone."""
    layer = layer_of(project, layer_id)
    if is_input(project, layer_id):
        raise EditError("The input layer has no weights or biases to freeze.")
    marks = project.frozen
    for c in project.incoming(layer_id):
        marks = _with_weight(marks, c.id, ..., bool(frozen))
    if layer.bias != "none":
        marks = with_parameters(marks, biases=_changed(marks.biases, layer_id, ..., bool(frozen)))
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
        {key: _unless_frozen(w, old.weights[key], frozen.weights[key]) for key, w in drawn.weights.items()},
        {key: _unless_frozen(b, old.biases[key], frozen.biases[key]) for key, b in drawn.biases.items()},
    )
    return replace(project, parameters=values, start=values, progress=Progress(), weight_draw=draw)


def _unless_frozen(drawn: AnyArray, old: AnyArray, frozen: AnyArray) -> AnyArray:
    return read_only(np.where(frozen, old, drawn)) if frozen.any() else drawn


def _is_fresh(progress: Progress) -> bool:
    return same(progress, Progress())


def _edge(project: Project, connection_id: str, target: object, source: object) -> tuple[int, int]:
    c: Connection = connection_of(project, connection_id)
    return (
        neuron_index(project, layer_of(project, c.target), target),
        neuron_index(project, layer_of(project, c.source), source),
    )


def _bias_place(project: Project, layer_id: str, neuron: object) -> tuple[Layer, int]:
    layer = layer_of(project, layer_id)
    if is_input(project, layer_id):
        raise EditError("The input layer has no biases: it passes the data on as they are.")
    if layer.bias == "none":
        raise EditError(f"“{project.layer_name(layer_id)}” has no biases. Give it some first.")
    return layer, neuron_index(project, layer, neuron)


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


def _with_bias(values: Parameters, layer: Layer, at: int, value: float | bool) -> Parameters:
    changed = _changed(values.biases, layer.id, ... if layer.bias == "shared" else at, value)
    return with_parameters(values, biases=changed) if changed else values


def _changed(arrays: Any, key: str, at: Any, value: float | bool) -> dict[str, AnyArray]:
    """``{key: the changed array}``, or nothing if it is the same already (−0.0 is not 0.0)."""
    old: AnyArray = arrays[key]
    new = old.copy()
    new[at] = value
    return {} if new.tobytes() == old.tobytes() else {key: read_only(new, old.dtype)}
