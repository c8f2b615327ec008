"""What keeps a document from being computed, and what its user should know.

Never raises, whatever a file has brought in: a document with problems can be shown, edited and
saved. Only a problem that is ``blocking`` keeps it from being computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.connections import CONNECTIONS
from nnsim.core.datasets.base import Samples
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.model.checks import parameter_count
from nnsim.model.errors import Problem
from nnsim.model.limits import MAX_LAYER_SIZE, MAX_LAYERS, MAX_PARAMETERS
from nnsim.model.project import Connection, Layer, Parameters, Project
from nnsim.model.validate_settings import (
    data_problems,
    option_problems,
    output_problems,
    training_problems,
)


def validate(project: Project, samples: Samples | None = None) -> tuple[Problem, ...]:
    """All problems of a project, the structure's first. ``samples`` saves generating them again."""
    structure = tuple(_structure_problems(project))
    if any(problem.code == "structure" for problem in structure):
        return structure
    data, found = data_problems(project, samples)
    return (
        *structure,
        *_parameter_problems(project),
        *training_problems(project),
        *data,
        *output_problems(project, found),
    )


def where_layer(layer: Layer) -> str:
    return f"layer {layer.id}"


# -- structure --------------------------------------------------------------------------------------


def _structure_problems(project: Project) -> Iterator[Problem]:
    """Problems of code "structure" make everything further meaningless."""
    layers, connections = project.layers, project.connections
    if len(layers) < 2:
        yield Problem("structure", "A network needs at least an input and an output layer.", "network")
        return
    ids = [layer.id for layer in layers] + [c.id for c in connections]
    for twice in sorted({i for i in ids if ids.count(i) > 1}):
        yield Problem("structure", f"The id “{twice}” is used more than once.", "network")
    order = {layer.id: index for index, layer in enumerate(layers)}
    for c in connections:
        yield from _connection_problems(project, c, order)
    for layer in layers:
        if not 1 <= layer.size <= MAX_LAYER_SIZE:
            yield Problem(
                "structure",
                f"“{project.layer_name(layer.id)}” has {layer.size} neurons; "
                f"it must have 1 to {MAX_LAYER_SIZE:,}.",
                where_layer(layer),
            )
    if len(layers) > MAX_LAYERS:
        yield Problem(
            "structure",
            f"A network may have at most {MAX_LAYERS} layers; this one has {len(layers)}.",
            "network",
        )
    yield from _layer_problems(project)


def _connection_problems(project: Project, c: Connection, order: Mapping[str, int]) -> Iterator[Problem]:
    where = f"connection {c.id}"
    if c.source not in order or c.target not in order:
        missing = c.source if c.source not in order else c.target
        yield Problem(
            "structure", f"Connection {c.id} leads from or to a layer “{missing}” that does not exist.", where
        )
        return
    names = f"from “{project.layer_name(c.source)}” to “{project.layer_name(c.target)}”"
    if c.kind not in CONNECTIONS:
        yield Problem(
            "unknown_connection",
            f"The connection {names} is of the kind “{c.kind}”, which this version does not know. "
            "Remove one of the layers, or open the project in a newer version.",
            where,
        )
    if c.delay != 0:
        yield Problem(
            "delay", f"The connection {names} has a delay, which this version cannot compute.", where
        )
    elif order[c.source] >= order[c.target]:
        yield Problem(
            "direction", f"The connection {names} must lead from an earlier layer to a later one.", where
        )


def _layer_problems(project: Project) -> Iterator[Problem]:
    last = len(project.layers) - 1
    sources, targets = {c.source for c in project.connections}, {c.target for c in project.connections}
    for index, layer in enumerate(project.layers):
        name, where = project.layer_name(layer.id), where_layer(layer)
        if index and layer.id not in targets:
            yield Problem("unreached", f"Nothing leads to “{name}”. Remove the layer.", where)
        if index < last and layer.id not in sources:
            yield Problem("dead_end", f"Nothing leads on from “{name}”. Remove the layer.", where)
        if index:
            yield from _activation_problems(project, layer, index == last)


def _activation_problems(project: Project, layer: Layer, is_output: bool) -> Iterator[Problem]:
    name, where = project.layer_name(layer.id), where_layer(layer)
    if layer.bias not in ("each", "shared", "none"):
        yield Problem(
            "bias_kind",
            f"“{name}” has biases of the kind “{layer.bias}”, which this version does not know. "
            "Choose another.",
            where,
        )
    if layer.activation not in ACTIVATIONS:
        yield Problem(
            "unknown_activation",
            f"“{name}” uses the activation “{layer.activation}”, which this version does not know. "
            "It is kept in the file; to train, choose another.",
            where,
        )
        return
    entry = ACTIVATIONS[layer.activation]
    yield from option_problems(entry, layer.activation_options, where)
    if entry.vector and not is_output:
        yield Problem(
            "softmax_hidden",
            f"“{name}” uses softmax, which compares the neurons of a layer and is only for the output layer. "
            "Choose another activation, for example tanh.",
            where,
        )
    elif entry.vector and layer.size == 1:
        yield Problem(
            "softmax_single",
            "Softmax of a single output is always 1, so there is nothing to learn. "
            "Choose sigmoid, or give the output layer one neuron for each class.",
            where,
            blocking=False,
        )
    if entry.key == "step":
        yield Problem(
            "step",
            f"“{name}” uses the step function, whose slope is 0: gradient descent cannot train what lies "
            "before it. To train, choose sigmoid.",
            where,
            blocking=False,
        )


# -- parameters -------------------------------------------------------------------------------------


def _parameter_problems(project: Project) -> Iterator[Problem]:
    count = parameter_count(project.layers, project.connections)
    if count > MAX_PARAMETERS:
        yield Problem(
            "too_large",
            f"A network may have at most {MAX_PARAMETERS:,} weights and biases; this one has {count:,}.",
            "network",
        )
    yield from _shape_problems(project, project.parameters, "weights", "biases", finite="blocking")
    if project.start is not project.parameters:
        yield from _shape_problems(project, project.start, "start weights", "start biases", finite="known")
    yield from _shape_problems(
        project, project.frozen, "frozen marks", "frozen marks of the biases", finite="any"
    )
    yield from _shared_bias_problems(project)
    yield from _progress_problems(project)


def _shared_bias_problems(project: Project) -> Iterator[Problem]:
    for layer in project.layers[1:]:
        values = project.parameters.biases.get(layer.id)
        if layer.bias == "shared" and values is not None and values.size and np.any(values != values.flat[0]):
            yield Problem(
                "shared_bias",
                f"“{project.layer_name(layer.id)}” has one shared bias, but its values differ from neuron to "
                "neuron. Setting the bias makes them one.",
                where_layer(layer),
                blocking=False,
            )


def _progress_problems(project: Project) -> Iterator[Problem]:
    progress = project.progress
    remedy = "“Start weights” begins anew."
    counts = ("epoch", "step", "batch", "phase", "age", "operation")
    if min(getattr(progress, count) for count in counts) < 0:
        yield Problem("progress", f"The project's progress has a negative count. {remedy}", "training")
    if project.training.optimizer not in OPTIMIZERS or not progress.slots:
        return
    needed = OPTIMIZERS[project.training.optimizer].slot_names
    if len(progress.slots) != len(needed):
        yield Problem(
            "optimizer_state",
            f"The optimizer's saved state does not belong to this optimizer. {remedy}",
            "training",
        )
    for slot in progress.slots:
        yield from _shape_problems(
            project,
            slot,
            "optimizer's state for the weights",
            "optimizer's state for the biases",
            finite="any",
        )


def _shape_problems(
    project: Project, values: Parameters, weights: str, biases: str, finite: str
) -> Iterator[Problem]:
    """Missing or misshapen arrays, and numbers that are not finite ("blocking", "known" or "any")."""
    sizes = {layer.id: layer.size for layer in project.layers}
    expected: list[tuple[str, str, Any, tuple[int, ...]]] = []
    for c in project.connections:
        if c.kind in CONNECTIONS:
            shape = CONNECTIONS[c.kind].weight_shape(sizes[c.source], sizes[c.target])
            expected.append(
                (
                    f"{weights} into “{project.layer_name(c.target)}”",
                    f"connection {c.id}",
                    values.weights.get(c.id),
                    shape,
                )
            )
    for layer in project.layers[1:]:
        if layer.bias != "none":
            what = f"{biases} of “{project.layer_name(layer.id)}”"
            expected.append((what, where_layer(layer), values.biases.get(layer.id), (layer.size,)))
    for what, where, array, shape in expected:
        if array is None:
            yield Problem("missing", f"The {what} are missing. “New weights” draws some.", where)
        elif array.shape != shape:
            yield Problem(
                "shape",
                f"The {what} have the shape {_by(array.shape)}; it must be {_by(shape)}. "
                "“New weights” draws some.",
                where,
            )
        elif finite != "any" and not _finite(array):
            yield Problem(
                "not_finite",
                f"The {what} are not all finite numbers. "
                + ("Correct them, or use Undo." if finite == "blocking" else "“New weights” draws others."),
                where,
                blocking=finite == "blocking",
            )


def _finite(array: np.ndarray[Any, Any]) -> bool:
    return bool(np.isfinite(array).all())


def _by(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))
