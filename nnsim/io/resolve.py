"""A checked project file as a document: defaults filled in, ids resolved, shapes compared.

Names that no registry has (of a newer version's activations, say) are kept; ``validate`` shows them
as problems, and saving writes them back.
"""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import numpy as np

from nnsim.core.arrays import read_only
from nnsim.core.curves import CAPACITY, Curves
from nnsim.core.network import BiasKind
from nnsim.io import schema
from nnsim.io.errors import ProjectFileError
from nnsim.io.numbers import read_array, read_number, read_options, shown
from nnsim.io.resolve_data import resolve_data
from nnsim.io.resolve_parameters import Shapes, complete, frozen_marks, given_parameters, whole_parameters
from nnsim.model.build import draw_parameters
from nnsim.model.checks import check_structure
from nnsim.model.errors import EditError
from nnsim.model.limits import MAX_LAYER_SIZE, MAX_NAME, MAX_NOTES, MAX_SEED, MAX_TITLE
from nnsim.model.project import Connection, Layer, Parameters, Progress, Project, Training

# Counts of epochs and steps are also used as floating-point numbers, exact up to here.
_MAX_COUNT = 2**53
_DEFAULT_ACTIVATION = "tanh"


def to_project(file: schema.ProjectFile) -> Project:
    """The document. Raises :class:`ProjectFileError` with the place of what does not fit."""
    _check_texts(file)
    layers = _layers(file.layers)
    connections = _connections(file.connections, layers)
    _check_structure(layers, connections)
    training = _training(file.training)
    seed = whole(file.seed, "seed", 0, MAX_SEED)
    weight_draw = whole(file.weight_draw, "weight_draw", 0, _MAX_COUNT)
    shapes = Shapes.of(layers, connections)
    given = given_parameters(file, shapes)

    def draw() -> Parameters:
        return draw_parameters(layers, connections, training, seed, weight_draw)

    parameters = complete(given, shapes, draw)
    start = parameters if file.start is None else whole_parameters(file.start, shapes, "start")
    return Project(
        layers, connections, parameters, start, frozen_marks(file.frozen, shapes, parameters),
        resolve_data(file.data, layers[0].size), training, _progress(file.progress, shapes),
        seed=seed, weight_draw=weight_draw,
        title=file.title, notes=file.notes, source_note=file.source_note,
    )  # fmt: skip


def whole(value: int, where: str, low: int, high: int) -> int:
    """``value`` if it is within the limits. Raises :class:`ProjectFileError`."""
    if not low <= value <= high:
        raise ProjectFileError(f"{where}: {shown(value)} is not from {low} to {high:,}.")
    return value


def _check_texts(file: schema.ProjectFile) -> None:
    for where, limit in (("title", MAX_TITLE), ("notes", MAX_NOTES), ("source_note", MAX_NOTES)):
        text: str = getattr(file, where)
        if len(text) > limit:
            raise ProjectFileError(f"{where}: {len(text):,} characters are more than the limit of {limit:,}.")


def _layers(given: list[int | schema.LayerFile]) -> tuple[Layer, ...]:
    if len(given) < 2:
        raise ProjectFileError("layers: a network needs at least an input and an output layer.")
    return tuple(_layer(layer, index) for index, layer in enumerate(given))


def _layer(given: int | schema.LayerFile, index: int) -> Layer:
    layer = schema.LayerFile(size=given) if isinstance(given, int) else given
    where = f"layers[{index}]"
    name_id = _id(layer.id, f"L{index}", where)
    whole(layer.size, f"{where}.size" if isinstance(given, schema.LayerFile) else where, 1, MAX_LAYER_SIZE)
    if len(layer.name) > MAX_NAME:
        raise ProjectFileError(
            f"{where}.name: {len(layer.name):,} characters are more than the limit of {MAX_NAME}."
        )
    activation = layer.activation or ("linear" if index == 0 else _DEFAULT_ACTIVATION)
    bias = layer.bias or ("none" if index == 0 else "each")
    return Layer(
        name_id, layer.size, activation, read_options(layer.activation_options),
        layer.name, cast(BiasKind, bias),
    )  # fmt: skip


def _id(given: str | None, default: str, where: str) -> str:
    found = default if given is None else given
    if not 1 <= len(found) <= MAX_NAME:
        raise ProjectFileError(f"{where}.id: an id has 1 to {MAX_NAME} characters.")
    return found


def _connections(
    given: list[schema.ConnectionFile] | None, layers: tuple[Layer, ...]
) -> tuple[Connection, ...]:
    if given is None:
        pairs = enumerate(pairwise(layers), start=1)
        return tuple(Connection(f"C{i}", a.id, b.id) for i, (a, b) in pairs)
    known = {layer.id for layer in layers}
    found: list[Connection] = []
    for i, c in enumerate(given):
        where = f"connections[{i}]"
        for end, layer_id in (("source", c.source), ("target", c.target)):
            if layer_id not in known:
                raise ProjectFileError(f"{where}.{end}: there is no layer with the id {shown(layer_id)}.")
        delay = whole(c.delay, f"{where}.delay", 0, _MAX_COUNT)
        found.append(Connection(_id(c.id, f"C{i + 1}", where), c.source, c.target, c.kind, delay))
    return tuple(found)


def _check_structure(layers: tuple[Layer, ...], connections: tuple[Connection, ...]) -> None:
    seen: set[str] = set()
    for given in [*(layer.id for layer in layers), *(c.id for c in connections)]:
        if given in seen:
            raise ProjectFileError(f"The id {shown(given)} is given to two layers or connections.")
        seen.add(given)
    try:
        check_structure(layers, connections)
    except EditError as error:
        raise ProjectFileError(str(error)) from None


def _training(t: schema.TrainingFile) -> Training:
    return Training(
        t.loss, t.optimizer, read_options(t.optimizer_options),
        read_number(t.learning_rate, "training.learning_rate"), t.schedule, read_options(t.schedule_options),
        read_number(t.l1, "training.l1"), read_number(t.l2, "training.l2"),
        whole(t.batch_size, "training.batch_size", 0, _MAX_COUNT), t.shuffle,
        t.initializer, read_options(t.initializer_options), t.precision,
    )  # fmt: skip


def _progress(p: schema.ProgressFile, shapes: Shapes) -> Progress:
    counts = {
        name: whole(getattr(p, name), f"progress.{name}", 0, _MAX_COUNT)
        for name in ("epoch", "step", "batch", "phase", "age", "operation")
    }
    slots = tuple(whole_parameters(s, shapes, f"progress.slots[{i}]") for i, s in enumerate(p.slots))
    return Progress(**counts, slots=slots, curves=_curves(p.curves))


def _curves(c: schema.CurvesFile) -> Curves:
    where = "progress.curves"
    epoch, train = read_array(c.epoch, f"{where}.epoch"), read_array(c.train, f"{where}.train")
    missing = np.full(len(epoch), np.nan)
    test = missing if c.test is None else read_array(c.test, f"{where}.test")
    if epoch.ndim != 1 or not epoch.shape == train.shape == test.shape:
        raise ProjectFileError(f"{where}: epoch, train and test must be lists of the same length.")
    if len(epoch) > CAPACITY:
        raise ProjectFileError(f"{where}: {len(epoch):,} points are more than the limit of {CAPACITY:,}.")
    inside = (epoch >= 0) & (epoch <= _MAX_COUNT)
    if not inside.all() or (epoch != np.trunc(epoch)).any() or (np.diff(epoch) <= 0).any():
        raise ProjectFileError(
            f"{where}.epoch: these must be whole numbers, each larger than the one before."
        )
    if len(epoch) == 0:
        return Curves.empty()
    return Curves(read_only(epoch.astype(np.intp), np.intp), read_only(train), read_only(test))
