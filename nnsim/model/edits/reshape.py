"""Carrying parameters over to another structure: what is kept keeps everything, the rest is drawn.

"Everything" is the weight or bias, its start value, its frozen mark and the optimizer's state for
it. What is new gets a drawn value (also as its start value), is not frozen, and has state 0. New
numbers come from a stream of their own for every neuron and connection, so they do not depend on
what else was edited before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnsim.core.arrays import Array, read_only
from nnsim.core.connections import CONNECTIONS, DENSE
from nnsim.core.streams import Purpose
from nnsim.model.build import drawing, weight_stream
from nnsim.model.checks import check_structure, entry_of, layer_of, require_parameters
from nnsim.model.errors import EditError
from nnsim.model.ids import counter
from nnsim.model.project import Connection, Layer, Parameters, Project

AnyArray = np.ndarray[Any, Any]
Origin = Sequence[int | None]
Carry = Callable[[Parameters, Parameters], Parameters]
_ROW, _COLUMN, _WHOLE = 0, 1, 2  # what of a connection is drawn; part of the stream's name


def resize_layer(project: Project, layer_id: str, origin: Origin) -> Project:
    """The layer with ``len(origin)`` neurons, new neuron i being the old ``origin[i]`` (``None``: new).

    Raises :class:`EditError` beyond the limits, or for connections that cannot be resized.
    """
    layer = layer_of(project, layer_id)
    if list(origin) == list(range(layer.size)):
        return project
    require_parameters(project)
    layers = tuple(replace(la, size=len(origin)) if la.id == layer_id else la for la in project.layers)
    check_structure(layers, project.connections)
    axes = {
        c.id: 0 if c.target == layer_id else 1
        for c in project.connections
        if layer_id in (c.source, c.target)
    }
    for c in project.connections:
        if c.id in axes:
            _check_resizable(project, c)
    new = [i for i, old in enumerate(origin) if old is None]
    biased = layer.bias != "none" and layer is not project.layers[0]
    drawn = _draw_neurons(project, layers, layer_id, axes, new)

    def carry(values: Parameters, fill: Parameters) -> Parameters:
        weights, biases = dict(values.weights), dict(values.biases)
        for key, axis in axes.items():
            weights[key] = _merged(values.weights[key], fill.weights[key], axis, origin)
        if biased:
            old = values.biases[layer_id]
            if layer.bias == "shared":
                biases[layer_id] = read_only(np.full(len(origin), old[0]), old.dtype)
            else:
                biases[layer_id] = _merged(old, fill.biases[layer_id], 0, origin)
        return Parameters(weights, biases)

    return _carried(project, layers, project.connections, drawn, carry)


def restructure(project: Project, layers: tuple[Layer, ...], connections: tuple[Connection, ...]) -> Project:
    """Other layers and connections; those with the ids of old ones keep their parameters.

    The step under way begins again, since its phases are others now. Raises :class:`EditError`
    beyond the limits.
    """
    require_parameters(project)
    check_structure(layers, connections)
    sizes = {layer.id: layer.size for layer in layers}
    old = {c.id for c in project.connections}
    biased = {layer.id for layer in project.layers[1:] if layer.bias != "none"}
    weights, biases = {}, {}
    for c in connections:
        if c.id not in old:
            kind = entry_of(CONNECTIONS, c.kind)
            ends = sizes[c.source], sizes[c.target]
            initializer, options = drawing(project.training)
            rng = weight_stream(
                project.seed, Purpose.NEW_NEURON, project.weight_draw, counter(c.id), 0, _WHOLE
            )
            weights[c.id] = read_only(
                initializer.draw(rng, kind.weight_shape(*ends), *kind.fans(*ends), options)
            )
    for layer in layers[1:]:
        if layer.bias != "none" and layer.id not in biased:
            biases[layer.id] = _new_biases(project, layer.size)

    def carry(values: Parameters, fill: Parameters) -> Parameters:
        weights, biases = {**values.weights, **fill.weights}, {**values.biases, **fill.biases}
        return Parameters(
            # A connection of a kind this version does not know may have no weights.
            {c.id: weights[c.id] for c in connections if c.id in weights},
            {layer.id: biases[layer.id] for layer in layers[1:] if layer.bias != "none"},
        )

    changed = _carried(project, layers, connections, Parameters(weights, biases), carry)
    if changed.progress.phase == changed.progress.operation == 0:
        return changed
    return replace(changed, progress=replace(changed.progress, phase=0, operation=0))


def _carried(
    project: Project, layers: tuple[Layer, ...], connections: tuple[Connection, ...],
    drawn: Parameters, carry: Carry,
) -> Project:  # fmt: skip
    """The project with everything shaped like parameters carried over, new places filled."""
    nothing, unmarked = _blank(drawn, np.float64), _blank(drawn, np.bool_)
    parameters = carry(project.parameters, drawn)
    start = parameters if project.start is project.parameters else carry(project.start, drawn)
    slots = tuple(carry(slot, nothing) for slot in project.progress.slots)
    return replace(
        project, layers=layers, connections=connections, parameters=parameters, start=start,
        frozen=carry(project.frozen, unmarked),
        progress=replace(project.progress, slots=slots) if slots else project.progress,
    )  # fmt: skip


def _blank(values: Parameters, dtype: type) -> Parameters:
    return Parameters(
        {key: read_only(np.zeros(w.shape, dtype), dtype) for key, w in values.weights.items()},
        {key: read_only(np.zeros(b.shape, dtype), dtype) for key, b in values.biases.items()},
    )


def _merged(old: AnyArray, fill: AnyArray, axis: int, origin: Origin) -> AnyArray:
    """``fill`` with the kept slices of ``old`` put where ``origin`` says."""
    out = fill.copy()
    to = [i for i, source in enumerate(origin) if source is not None]
    kept = [source for source in origin if source is not None]
    np.moveaxis(out, axis, 0)[to] = np.moveaxis(old, axis, 0)[kept]
    return read_only(out, old.dtype)


def _draw_neurons(
    project: Project, layers: tuple[Layer, ...], layer_id: str, axes: dict[str, int], new: list[int]
) -> Parameters:
    """Arrays of the final shapes, drawn for the ``new`` neurons of a layer and 0 elsewhere."""
    sizes = {layer.id: layer.size for layer in layers}
    weights: dict[str, Array] = {}
    for c in project.connections:
        if c.id in axes:
            ends = sizes[c.source], sizes[c.target]
            weights[c.id] = np.zeros(DENSE.weight_shape(*ends))
            across = np.moveaxis(weights[c.id], axes[c.id], 0)
            for i in new:
                initializer, options = drawing(project.training)
                side = _ROW if axes[c.id] == 0 else _COLUMN
                rng = weight_stream(
                    project.seed, Purpose.NEW_NEURON, project.weight_draw, counter(c.id), i, side
                )
                across[i] = initializer.draw(rng, across[i].shape, *DENSE.fans(*ends), options)
    size = sizes[layer_id]
    return Parameters(weights, {layer_id: _new_biases(project, size) if new else np.zeros(size)})


def _new_biases(project: Project, count: int) -> Array:
    initializer, options = drawing(project.training)
    return read_only(initializer.draw_bias(count, options))


def _check_resizable(project: Project, c: Connection) -> None:
    if c.kind != DENSE.key:
        raise EditError(
            f"The connection from “{project.layer_name(c.source)}” to “{project.layer_name(c.target)}” "
            f"is of the kind “{c.kind}”, which cannot be resized."
        )
