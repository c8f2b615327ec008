"""The network that is suggested for a data set, put in the place of the one there is."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from nnsim.core.datasets import DATASETS
from nnsim.core.datasets.base import Suggestion
from nnsim.model import ids
from nnsim.model.build import PLANE_FEATURES, draw_parameters, given_parameters, unfrozen
from nnsim.model.checks import check_structure
from nnsim.model.edits.samples import input_count, raw_samples
from nnsim.model.errors import EditError
from nnsim.model.project import Connection, Data, Layer, Progress, Project, Training


def use_suggested_network(project: Project) -> Project:
    """The network, preparation and training that the data set in use suggests, with new weights.

    Input and output layer keep their ids and names; hidden layers are new. The data stay.
    Raises :class:`EditError` if the data are not one of the program's own sets.
    """
    if project.data.source not in DATASETS:
        raise EditError("There is no suggested network for a table of your own.")
    suggestion = DATASETS[project.data.source].suggestion
    samples = raw_samples(project.data)
    features = suggestion.features or (PLANE_FEATURES if samples.width == 2 else ())
    data = replace(
        project.data, features=features, scaling=suggestion.scaling, train_share=suggestion.train_share
    )
    layers, connections, next_id = _structure(project, suggestion, input_count(data, samples))
    check_structure(layers, connections)
    training = suggested_training(suggestion)
    if suggestion.parameters:
        values = given_parameters(layers, connections, suggestion.parameters)
    else:
        values = draw_parameters(layers, connections, training, project.seed, 0)
    return replace(
        project, layers=layers, connections=connections, parameters=values, start=values,
        frozen=unfrozen(values), data=_unless_same(project.data, data), training=training,
        progress=Progress(), weight_draw=0, next_id=next_id,
    )  # fmt: skip


def suggested_training(suggestion: Suggestion) -> Training:
    """The way of training a suggestion stands for."""
    return Training(
        loss=suggestion.loss, optimizer=suggestion.optimizer, learning_rate=suggestion.learning_rate,
        batch_size=suggestion.batch_size, initializer=suggestion.initializer,
    )  # fmt: skip


def _structure(
    project: Project, suggestion: Suggestion, inputs: int
) -> tuple[tuple[Layer, ...], tuple[Connection, ...], int]:
    number = ids.next_number(project)
    first, last = project.layers[0], project.layers[-1]
    hidden = tuple(
        Layer(ids.layer_id(number + i), size, suggestion.activation)
        for i, size in enumerate(suggestion.hidden)
    )
    layers = (
        Layer(first.id, inputs, name=first.name, bias="none"),
        *hidden,
        Layer(last.id, suggestion.outputs, suggestion.output_activation, name=last.name),
    )
    number += len(hidden)
    connections = tuple(
        Connection(ids.connection_id(number + i), source.id, target.id)
        for i, (source, target) in enumerate(pairwise(layers))
    )
    return layers, connections, number + len(connections)


def _unless_same(old: Data, new: Data) -> Data:
    same = (old.features, old.scaling, old.train_share) == (new.features, new.scaling, new.train_share)
    return old if same else new
