"""A document as the JSON value of its file: what equals its default is left out where that reads well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnsim.core.datasets import DATASETS, Samples
from nnsim.core.precisions import EXACT
from nnsim.io.limits import MAX_PLAIN_NUMBERS, MAX_READABLE_PARAMETERS, MAX_TINY_NUMBERS
from nnsim.io.numbers import write_array, write_mask, write_number, write_options
from nnsim.io.schema import FORMAT_VERSION
from nnsim.model.diff import same
from nnsim.model.project import Connection, Data, Layer, Parameters, Progress, Project, Training

Json = dict[str, Any]
_UNNAMED = Samples(np.zeros((1, 1)), np.zeros((1, 1))).name


def describe(project: Project) -> Json:
    """The file of a project. The same project always gives an equal value, in the same order."""
    p = project
    plain = MAX_PLAIN_NUMBERS if p.parameter_count() <= MAX_READABLE_PARAMETERS else MAX_TINY_NUMBERS
    file: Json = {"format_version": FORMAT_VERSION}
    file |= {k: v for k, v in (("title", p.title), ("notes", p.notes), ("source_note", p.source_note)) if v}
    file["seed"] = int(p.seed)
    if p.weight_draw:
        file["weight_draw"] = int(p.weight_draw)
    file["layers"] = [_layer(layer, index) for index, layer in enumerate(p.layers)]
    file["connections"] = [_connection(c) for c in p.connections]
    file["data"] = _data(p.data)
    file["training"] = _training(p.training)
    file["parameters"] = _parameters(p, p.parameters, plain)
    if p.start is not p.parameters and not same(p.start, p.parameters):
        file["start"] = _parameters(p, p.start, plain)
    frozen = _frozen(p, plain)
    if frozen:
        file["frozen"] = frozen
    progress = _progress(p, p.progress, plain)
    if progress:
        file["progress"] = progress
    return file


def _layer(layer: Layer, index: int) -> Json:
    found: Json = {"id": layer.id, "size": int(layer.size)}
    if layer.activation != "linear" or index:
        found["activation"] = layer.activation
    if layer.activation_options:
        found["activation_options"] = write_options(layer.activation_options)
    if layer.name:
        found["name"] = layer.name
    if layer.bias != ("each" if index else "none"):
        found["bias"] = layer.bias
    return found


def _connection(c: Connection) -> Json:
    found: Json = {"id": c.id, "source": c.source, "target": c.target, "kind": c.kind}
    if c.delay:
        found["delay"] = int(c.delay)
    return found


def _data(data: Data) -> Json:
    found: Json = {"source": data.source}
    if data.options:
        found["options"] = write_options(data.options)
    found["seed"] = int(data.seed)
    found["features"] = list(data.features)
    found["scaling"] = data.scaling
    found["train_share"] = write_number(float(data.train_share))
    # A set that ships or is generated is known by its name; anything else is the user's own.
    if data.samples is not None and data.source not in DATASETS:
        found["table"] = _table(data.samples)
    return found


def _table(samples: Samples) -> Json:
    found: Json = {}
    if samples.name != _UNNAMED:
        found["name"] = samples.name
    found["input_names"] = list(samples.input_names)
    found["target_names"] = list(samples.target_names)
    if samples.classes:
        found["classes"] = list(samples.classes)
    found["inputs"] = write_array(samples.inputs, MAX_PLAIN_NUMBERS)
    if samples.targets is not None:
        found["targets"] = write_array(samples.targets, MAX_PLAIN_NUMBERS)
    if samples.labels is not None:
        few = len(samples.labels) <= MAX_PLAIN_NUMBERS
        labels = samples.labels
        found["labels"] = labels.tolist() if few else write_array(labels.astype(np.float64), 0)
    return found


def _training(t: Training) -> Json:
    found: Json = {"loss": t.loss, "optimizer": t.optimizer}
    _add_options(found, "optimizer_options", t.optimizer_options)
    found |= {"learning_rate": write_number(float(t.learning_rate)), "schedule": t.schedule}
    _add_options(found, "schedule_options", t.schedule_options)
    found |= {"l1": write_number(float(t.l1)), "l2": write_number(float(t.l2))}
    found |= {"batch_size": int(t.batch_size), "shuffle": bool(t.shuffle), "initializer": t.initializer}
    _add_options(found, "initializer_options", t.initializer_options)
    if t.precision != EXACT:
        found["precision"] = t.precision
    return found


def _add_options(found: Json, name: str, options: Mapping[str, Any]) -> None:
    if options:
        found[name] = write_options(options)


def _parameters(project: Project, values: Parameters, plain: int) -> Json:
    return {
        "weights": {c.id: write_array(values.weights[c.id], plain) for c in project.connections},
        "biases": {
            layer.id: write_array(values.biases[layer.id], plain)
            for layer in project.layers
            if layer.id in values.biases
        },
    }


def _frozen(project: Project, plain: int) -> Json:
    """Only what is frozen at all."""
    marks = project.frozen
    weights = [(c.id, marks.weights[c.id]) for c in project.connections if c.id in marks.weights]
    biases = [(la.id, marks.biases[la.id]) for la in project.layers if la.id in marks.biases]
    found: Json = {}
    for name, arrays in (("weights", weights), ("biases", biases)):
        written = {key: write_mask(mask, plain) for key, mask in arrays if mask.any()}
        if written:
            found[name] = written
    return found


def _progress(project: Project, p: Progress, plain: int) -> Json:
    found: Json = {name: int(getattr(p, name)) for name in ("epoch", "step", "batch", "phase", "age")}
    if p.operation:
        found["operation"] = int(p.operation)
    if p.slots:
        found["slots"] = [_parameters(project, slot, plain) for slot in p.slots]
    if len(p.curves):
        found["curves"] = {
            "epoch": p.curves.epoch.tolist(),
            "train": write_array(p.curves.train, MAX_PLAIN_NUMBERS),
            "test": write_array(p.curves.test, MAX_PLAIN_NUMBERS),
        }
        if same(p.curves.test, np.full(len(p.curves), np.nan)):
            del found["curves"]["test"]
    return {} if not any(found.values()) else found
