"""Weights, biases and what is shaped like them, from a file: shapes compared, gaps filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnsim.core.arrays import Array, read_only
from nnsim.core.connections import CONNECTIONS
from nnsim.io import schema
from nnsim.io.errors import ProjectFileError
from nnsim.io.numbers import read_array, read_mask, shape_text, shown
from nnsim.model.errors import EditError
from nnsim.model.project import Connection, Layer, Parameters

Shape = tuple[int, ...]
_KINDS = ("weights", "biases")


@dataclass(frozen=True, slots=True)
class Shapes:
    """What arrays the structure needs: by connection id and by layer id.

    ``None`` stands for a kind of connection that this version does not know: any shape will do.
    ``shared`` are the layers whose biases are one number.
    """

    weights: Mapping[str, Shape | None]
    biases: Mapping[str, Shape | None]
    shared: frozenset[str]
    layers: tuple[Layer, ...]
    connections: tuple[Connection, ...]

    @staticmethod
    def of(layers: tuple[Layer, ...], connections: tuple[Connection, ...]) -> Shapes:
        sizes = {layer.id: layer.size for layer in layers}
        weights: dict[str, Shape | None] = {}
        for c in connections:
            weights[c.id] = None
            if c.kind in CONNECTIONS:
                weights[c.id] = CONNECTIONS[c.kind].weight_shape(sizes[c.source], sizes[c.target])
        biases: dict[str, Shape | None] = {la.id: (la.size,) for la in layers[1:] if la.bias != "none"}
        shared = frozenset(layer.id for layer in layers if layer.bias == "shared")
        return Shapes(weights, biases, shared, layers, connections)

    def needed(self, kind: str) -> Mapping[str, Shape | None]:
        return self.weights if kind == "weights" else self.biases


def given_parameters(file: schema.ProjectFile, shapes: Shapes) -> Parameters:
    """The weights and biases that the file holds, some or all, from both places they may stand in."""
    found = _read(file.parameters, shapes, "parameters")
    for index, (given, layer) in enumerate(zip(file.layers, shapes.layers, strict=True)):
        if isinstance(given, int):
            continue
        if given.weights is not None:
            key, where = _only_connection(layer, index, shapes), f"layers[{index}].weights"
            found["weights"][key] = _once(given.weights, found, "weights", key, where, shapes)
        if given.biases is not None:
            where = f"layers[{index}].biases"
            found["biases"][layer.id] = _once(given.biases, found, "biases", layer.id, where, shapes)
    return Parameters(found["weights"], found["biases"])


def complete(given: Parameters, shapes: Shapes, draw: Callable[[], Parameters]) -> Parameters:
    """``given`` with everything that is missing drawn."""
    if set(given.weights) == set(shapes.weights) and set(given.biases) == set(shapes.biases):
        return _ordered(given.weights, given.biases, shapes)
    try:
        drawn = draw()
    except (EditError, ValueError) as error:
        raise ProjectFileError(f"parameters: what is left out cannot be drawn. {error}") from None
    return _ordered({**drawn.weights, **given.weights}, {**drawn.biases, **given.biases}, shapes)


def whole_parameters(file: schema.ParametersFile, shapes: Shapes, where: str) -> Parameters:
    """Arrays for every connection and layer; none may be missing."""
    found = _read(file, shapes, where)
    for kind in _KINDS:
        for key in shapes.needed(kind):
            if key not in found[kind]:
                raise ProjectFileError(f"{where}.{kind}: those of {_name(kind, key, shapes)} are missing.")
    return _ordered(found["weights"], found["biases"], shapes)


def frozen_marks(file: schema.ParametersFile, shapes: Shapes, parameters: Parameters) -> Parameters:
    """The frozen marks, shaped like ``parameters``; what is not mentioned is not frozen."""
    found: dict[str, dict[str, Any]] = {"weights": {}, "biases": {}}
    for kind in _KINDS:
        arrays = parameters.weights if kind == "weights" else parameters.biases
        given: dict[str, Any] = getattr(file, kind)
        _check_keys(given, kind, shapes, "frozen")
        for key, values in arrays.items():
            where = f"frozen.{kind}.{key}"
            marks = read_mask(given.get(key, False), values.shape, where)
            _check_shape(marks.shape, values.shape, kind, key, shapes, where)
            found[kind][key] = marks
    return Parameters(found["weights"], found["biases"])


def _read(file: schema.ParametersFile, shapes: Shapes, where: str) -> dict[str, dict[str, Array]]:
    found: dict[str, dict[str, Array]] = {"weights": {}, "biases": {}}
    for kind in _KINDS:
        given: dict[str, Any] = getattr(file, kind)
        _check_keys(given, kind, shapes, where)
        for key, value in given.items():
            found[kind][key] = _array(value, kind, key, shapes, f"{where}.{kind}.{key}")
    return found


def _check_keys(given: Mapping[str, Any], kind: str, shapes: Shapes, where: str) -> None:
    for key in given:
        if key not in shapes.needed(kind):
            what = "connection" if kind == "weights" else "layer with biases"
            raise ProjectFileError(f"{where}.{kind}: there is no {what} with the id {shown(key)}.")


def _array(value: Any, kind: str, key: str, shapes: Shapes, where: str) -> Array:
    array = read_array(value, where)
    shape = shapes.needed(kind)[key]
    if kind == "biases" and key in shapes.shared:
        array = _shared(array, shape, where)
    if shape is not None:
        _check_shape(array.shape, shape, kind, key, shapes, where)
    return array


def _shared(array: Array, shape: Shape | None, where: str) -> Array:
    """One shared bias may be written once, or for every neuron."""
    if array.shape == (1,) and shape is not None:
        return read_only(np.full(shape, array[0]))
    if array.tobytes() != array[:1].tobytes() * len(array):
        raise ProjectFileError(f"{where}: this is one shared bias, so all the numbers must be equal.")
    return array


def _check_shape(found: Shape, needed: Shape, kind: str, key: str, shapes: Shapes, where: str) -> None:
    if found != needed:
        raise ProjectFileError(
            f"{where}: the {kind} of {_name(kind, key, shapes)} are {shape_text(found)}, "
            f"the layers need {shape_text(needed)}."
        )


def _name(kind: str, key: str, shapes: Shapes) -> str:
    if kind == "biases":
        return f"layer {key}"
    c = next(c for c in shapes.connections if c.id == key)
    return f"connection {key} (from {c.source} to {c.target})"


def _only_connection(layer: Layer, index: int, shapes: Shapes) -> str:
    leading_here = [c.id for c in shapes.connections if c.target == layer.id]
    if len(leading_here) != 1:
        raise ProjectFileError(
            f"layers[{index}].weights: {len(leading_here)} connections lead to this layer; "
            "give its weights under “parameters”."
        )
    return leading_here[0]


def _once(
    value: Any, found: Mapping[str, Mapping[str, Array]], kind: str, key: str, where: str, shapes: Shapes
) -> Array:
    if key in found[kind]:
        raise ProjectFileError(f"{where}: these are also given under “parameters”.")
    if key not in shapes.needed(kind):
        raise ProjectFileError(f"{where}: this layer has no biases.")
    return _array(value, kind, key, shapes, where)


def _ordered(weights: Mapping[str, Array], biases: Mapping[str, Array], shapes: Shapes) -> Parameters:
    return Parameters({k: weights[k] for k in shapes.weights}, {k: biases[k] for k in shapes.biases})
