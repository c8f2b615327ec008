"""What every verb asks before it does anything. Each raises :class:`EditError` with a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, prod
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np

from nnsim.core.connections import CONNECTIONS
from nnsim.core.registry import Entry, Option, OptionValue, Registry, UnknownNameError
from nnsim.model.errors import EditError
from nnsim.model.limits import MAX_LAYER_SIZE, MAX_LAYERS, MAX_PARAMETERS
from nnsim.model.project import EMPTY, Connection, Layer, Project

E = TypeVar("E", bound=Entry)


def layer_of(project: Project, layer_id: str) -> Layer:
    try:
        return project.layer(layer_id)
    except KeyError:
        raise EditError(f"There is no layer with the id “{layer_id}” (any more).") from None


def connection_of(project: Project, connection_id: str) -> Connection:
    try:
        return project.connection(connection_id)
    except KeyError:
        raise EditError(f"There is no connection with the id “{connection_id}” (any more).") from None


def is_input(project: Project, layer_id: str) -> bool:
    return project.layers[0].id == layer_id


def is_output(project: Project, layer_id: str) -> bool:
    return project.layers[-1].id == layer_id


def neuron_index(project: Project, layer: Layer, index: object) -> int:
    """A neuron of ``layer``, counted from 0."""
    number = whole(index, "The neuron's number")
    if not 0 <= number < layer.size:
        has = f"“{project.layer_name(layer.id)}” has {many(layer.size, 'neuron')}"
        raise EditError(f"{has}; there is no number {number + 1}.")
    return number


def number(value: object, what: str, low: float | None = None, high: float | None = None) -> float:
    """A finite number from ``low`` to ``high``."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise EditError(f"{what} must be a number.")
    try:
        found = float(value)
    except OverflowError:
        found = float("inf")
    if not isfinite(found):
        raise EditError(f"{what} must be a finite number.")
    if low is not None and found < low:
        raise EditError(f"{what} must be at least {low:g}; {found:g} is too small.")
    if high is not None and found > high:
        raise EditError(f"{what} must be at most {high:g}; {found:g} is too large.")
    return found


def whole(value: object, what: str, low: int | None = None, high: int | None = None) -> int:
    """A whole number from ``low`` to ``high``; 3.0 will do."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise EditError(f"{what} must be a whole number.")
    if isinstance(value, Integral):
        found = int(value)
    elif float(value).is_integer():
        found = int(float(value))
    else:
        raise EditError(f"{what} must be a whole number; {float(value):g} is not.")
    if low is not None and found < low:
        raise EditError(f"{what} must be at least {low}; {found} is too small.")
    if high is not None and found > high:
        raise EditError(f"{what} must be at most {high:,}; {found:,} is too large.")
    return found


def entry_of(registry: Registry[E], key: object) -> E:
    """The registry's entry ``key``."""
    try:
        return registry[str(key)]
    except UnknownNameError as error:
        raise EditError(str(error)) from None


def text(value: object, what: str, limit: int, lines: bool = False) -> str:
    """Plain text of at most ``limit`` characters; a single line unless ``lines``."""
    if not isinstance(value, str):
        raise EditError(f"{what} must be text.")
    if not lines:
        value = " ".join(value.split())
    if len(value) > limit:
        raise EditError(f"{what} may have at most {limit:,} characters; this one has {len(value):,}.")
    return value


def options_of(
    entry: Entry, given: object, kept: Mapping[str, OptionValue] = EMPTY
) -> Mapping[str, OptionValue]:
    """``given`` put over ``kept``, every given value checked against the entry's options."""
    if not isinstance(given, Mapping):
        raise EditError(f"The settings of {entry.label} must be names with values.")
    found: dict[str, OptionValue] = dict(kept)
    known = {option.key: option for option in entry.options}
    for key, value in given.items():
        if key not in known:
            names = f"It has: {', '.join(known)}." if known else "It has none."
            raise EditError(f"{entry.label} has no setting called “{key}”. {names}")
        found[key] = option_value(known[key], value)
    return MappingProxyType(found)


def option_value(option: Option, value: object) -> OptionValue:
    """One option's value, as the plain Python type of its kind."""
    if option.kind in ("float", "int"):
        checked: OptionValue = number(value, option.label)
        if option.kind == "int":
            checked = whole(value, option.label)
    else:
        checked = value  # type: ignore[assignment]
    problem = option.problem(checked)
    if problem:
        raise EditError(problem)
    return checked


def check_size(size: object) -> int:
    """A layer's number of neurons."""
    found = whole(size, "The number of neurons")
    if found < 1:
        raise EditError("A layer needs at least 1 neuron. To get rid of it, remove the layer.")
    if found > MAX_LAYER_SIZE:
        raise EditError(f"A layer may have at most {MAX_LAYER_SIZE:,} neurons; {found:,} are too many.")
    return found


def check_structure(layers: tuple[Layer, ...], connections: tuple[Connection, ...]) -> None:
    """Refuses a network beyond the limits, before any array of it is made."""
    if len(layers) > MAX_LAYERS:
        raise EditError(f"A network may have at most {MAX_LAYERS} layers; {len(layers)} are too many.")
    count = parameter_count(layers, connections)
    if count > MAX_PARAMETERS:
        raise EditError(
            f"A network may have at most {MAX_PARAMETERS:,} weights and biases; "
            f"this one would have {count:,}."
        )


def parameter_count(layers: tuple[Layer, ...], connections: tuple[Connection, ...]) -> int:
    """How many weights and biases a structure has (an unknown kind of connection has none)."""
    sizes = {layer.id: layer.size for layer in layers}
    total = sum(layer.size for layer in layers[1:] if layer.bias != "none")
    for c in connections:
        if c.kind in CONNECTIONS:
            total += prod(CONNECTIONS[c.kind].weight_shape(sizes[c.source], sizes[c.target]))
    return total


def require_parameters(project: Project) -> None:
    """Refuses a document whose parameters a damaged file has left incomplete."""
    sizes = {layer.id: layer.size for layer in project.layers}
    biases = {layer.id: (layer.size,) for layer in project.layers[1:] if layer.bias != "none"}
    weights = {
        c.id: CONNECTIONS[c.kind].weight_shape(sizes[c.source], sizes[c.target])
        for c in project.connections
        if c.kind in CONNECTIONS
    }
    for values in (project.parameters, project.start, project.frozen, *project.progress.slots):
        fits = all(_has_shape(values.weights, key, shape) for key, shape in weights.items()) and all(
            _has_shape(values.biases, key, shape) for key, shape in biases.items()
        )
        if not fits:
            raise EditError("The weights of this project are incomplete. “New weights” makes them whole.")


def _has_shape(arrays: Mapping[str, np.ndarray[Any, Any]], key: str, shape: tuple[int, ...]) -> bool:
    return key in arrays and arrays[key].shape == shape


def many(count: int, noun: str) -> str:
    """``1 neuron``, ``2 neurons``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
