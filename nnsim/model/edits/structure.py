"""Verbs for layers and neurons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, get_args

import numpy as np

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.arrays import read_only
from nnsim.core.network import BiasKind
from nnsim.core.registry import OptionValue
from nnsim.model import ids
from nnsim.model.checks import (
    check_size,
    entry_of,
    is_input,
    is_output,
    layer_of,
    neuron_index,
    options_of,
    require_parameters,
    text,
)
from nnsim.model.edits.features import remove_input, resize_inputs
from nnsim.model.edits.reshape import resize_layer, restructure
from nnsim.model.errors import EditError
from nnsim.model.limits import MAX_NAME
from nnsim.model.project import EMPTY, Connection, Layer, Parameters, Project, with_parameters


def add_layer(project: Project, after: str, size: int = 4, activation: str | None = None) -> Project:
    """A new hidden layer after layer ``after``, with new weights to and from it.

    ``activation`` defaults to that of the nearest hidden layer, else tanh.
    """
    before_it = layer_of(project, after)
    size = check_size(size)
    index = project.layer_index(after)
    if is_output(project, after):
        raise EditError("Nothing can follow the output layer. Add the layer before it.")
    if activation is None:
        key, options = _nearest_activation(project, index)
    else:
        key, options = _hidden_activation(activation), EMPTY
    after_it = project.layers[index + 1]
    number = ids.next_number(project)
    layer = Layer(ids.layer_id(number), size, key, options)
    joins = (
        Connection(ids.connection_id(number + 1), before_it.id, layer.id),
        Connection(ids.connection_id(number + 2), layer.id, after_it.id),
    )
    direct = {c.id for c in project.connections if (c.source, c.target) == (before_it.id, after_it.id)}
    connections = _replaced(project.connections, direct, joins)
    layers = (*project.layers[: index + 1], layer, *project.layers[index + 1 :])
    return replace(restructure(project, layers, connections), next_id=number + 3)


def remove_layer(project: Project, layer_id: str) -> Project:
    """Without this hidden layer: what fed it now feeds what it fed, with new weights."""
    layer_of(project, layer_id)
    if is_input(project, layer_id) or is_output(project, layer_id):
        raise EditError("The input and the output layer cannot be removed, only hidden layers.")
    number = ids.next_number(project)
    gone = {c.id for c in project.connections if layer_id in (c.source, c.target)}
    joined = {(c.source, c.target) for c in project.connections}
    joins: list[Connection] = []
    for into in project.incoming(layer_id):
        for out in project.outgoing(layer_id):
            if (into.source, out.target) not in joined:
                joined.add((into.source, out.target))
                joins.append(Connection(ids.connection_id(number + len(joins)), into.source, out.target))
    connections = _replaced(project.connections, gone, tuple(joins))
    layers = tuple(la for la in project.layers if la.id != layer_id)
    return replace(restructure(project, layers, connections), next_id=number + len(joins))


def _replaced(
    connections: tuple[Connection, ...], gone: set[str], joins: tuple[Connection, ...]
) -> tuple[Connection, ...]:
    """``joins`` in the place of the first connection that goes."""
    at = next((i for i, c in enumerate(connections) if c.id in gone), len(connections))
    kept = [c for c in connections if c.id not in gone]
    return (*kept[:at], *joins, *kept[at:])


def _nearest_activation(project: Project, index: int) -> tuple[str, Mapping[str, OptionValue]]:
    """Activation and options of the hidden layer nearest to the gap after layer ``index``."""
    hidden = range(1, len(project.layers) - 1)
    if not hidden:
        return "tanh", EMPTY
    nearest = project.layers[min(hidden, key=lambda i: abs(i - index - 0.5))]
    if nearest.activation in ACTIVATIONS and ACTIVATIONS[nearest.activation].vector:
        return "tanh", EMPTY
    return nearest.activation, nearest.activation_options


def _hidden_activation(key: str) -> str:
    if entry_of(ACTIVATIONS, key).vector:
        raise EditError("Softmax compares the neurons of a layer, so it is only for the output layer.")
    return key


def set_layer_size(project: Project, layer_id: str, size: int) -> Project:
    """Adds or removes neurons at the end of the layer. In the input layer these are features."""
    layer, size = layer_of(project, layer_id), check_size(size)
    if is_input(project, layer_id):
        return resize_inputs(project, size)
    return resize_layer(project, layer_id, [i if i < layer.size else None for i in range(size)])


def add_neuron(project: Project, layer_id: str) -> Project:
    """One more neuron at the end of the layer."""
    return set_layer_size(project, layer_id, layer_of(project, layer_id).size + 1)


def remove_neuron(project: Project, layer_id: str, index: int) -> Project:
    """Without the neuron ``index`` (from 0). In the input layer, without that feature."""
    layer = layer_of(project, layer_id)
    index = neuron_index(project, layer, index)
    if layer.size == 1:
        raise EditError("A layer needs at least 1 neuron. To get rid of it, remove the layer.")
    if is_input(project, layer_id):
        return remove_input(project, index)
    return resize_layer(project, layer_id, [i for i in range(layer.size) if i != index])


def set_activation(
    project: Project, layer_id: str, key: str, options: Mapping[str, OptionValue] | None = None
) -> Project:
    """The layer's activation function. Options left out keep their values while ``key`` stays."""
    layer = layer_of(project, layer_id)
    if is_input(project, layer_id):
        raise EditError("The input layer has no activation function: it passes the data on as they are.")
    entry = entry_of(ACTIVATIONS, key)
    if not is_output(project, layer_id):
        _hidden_activation(key)
    kept = layer.activation_options if key == layer.activation else EMPTY
    chosen = options_of(entry, {} if options is None else options, kept)
    if key == layer.activation and dict(chosen) == dict(kept):
        return project
    return _with_layer(project, replace(layer, activation=key, activation_options=chosen))


def rename_layer(project: Project, layer_id: str, name: str) -> Project:
    """The layer's name; an empty one gives back the automatic one."""
    layer = layer_of(project, layer_id)
    name = text(name, "The name of a layer", MAX_NAME)
    return project if name == layer.name else _with_layer(project, replace(layer, name=name))


def set_bias_kind(project: Project, layer_id: str, kind: BiasKind) -> Project:
    """One bias for each neuron, one shared by the layer, or none.

    From "each" to "shared" the mean is taken (frozen only if all were), and the optimizer's state
    for it starts at 0. From "none", biases are those of the initialiser.
    """
    layer = layer_of(project, layer_id)
    if is_input(project, layer_id):
        raise EditError("The input layer has no biases: it passes the data on as they are.")
    if kind not in get_args(BiasKind):
        raise EditError(f"Biases are “each”, “shared” or “none”; “{kind}” is not one of them.")
    if kind == layer.bias:
        return project
    require_parameters(project)
    changed = _with_layer(project, replace(layer, bias=kind))
    if "none" in (kind, layer.bias):
        return restructure(project, changed.layers, project.connections)
    if kind == "each":  # equal entries stay, and are independent from now on
        return changed
    parameters = _with_bias(project.parameters, layer_id, _mean)
    at_start = project.start is project.parameters
    return replace(
        changed,
        parameters=parameters,
        start=parameters if at_start else _with_bias(project.start, layer_id, _mean),
        frozen=_with_bias(project.frozen, layer_id, _all),
        progress=replace(
            project.progress,
            slots=tuple(_with_bias(slot, layer_id, np.zeros_like) for slot in project.progress.slots),
        ),
    )


def _with_layer(project: Project, layer: Layer) -> Project:
    return replace(project, layers=tuple(layer if la.id == layer.id else la for la in project.layers))


def _with_bias(
    values: Parameters, layer_id: str, change: Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]]
) -> Parameters:
    old = values.biases[layer_id]
    new = change(old)
    if new.tobytes() == old.tobytes():
        return values
    return with_parameters(values, biases={layer_id: read_only(new, old.dtype)})


def _mean(biases: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    # A mean of equal numbers can be off in the last digit; then there is nothing to take a mean of.
    if np.all(biases == biases[0]):
        return biases
    return np.full_like(biases, np.sum(biases / len(biases)))  # divided first: no overflow


def _all(marks: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.full_like(marks, marks.all())
