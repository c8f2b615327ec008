"""Fitting a network to data: input and output layer, output activation and loss."""

from __future__ import annotations

from dataclasses import replace

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.datasets import DATASETS
from nnsim.core.datasets.base import Samples
from nnsim.core.datasets.targets import mismatch
from nnsim.core.losses import LOSSES
from nnsim.model.edits.reshape import resize_layer
from nnsim.model.edits.samples import input_count
from nnsim.model.edits.structure import set_activation
from nnsim.model.edits.training import set_training
from nnsim.model.project import Data, Project


def fitted(project: Project, data: Data, samples: Samples) -> Project:
    """The project with ``data``, its input and output layer changed only where they must be.

    A layer that changes its size gets new weights throughout, since its neurons mean something
    else; hidden layers stay. Names of newer versions stay as they are.
    """
    project = replace(_with_size(project, 0, input_count(data, samples)), data=data)
    if samples.targets is not None:
        return _for_numbers(_with_size(project, -1, samples.targets.shape[1]), samples)
    softmax_alone = project.layers[-1].size == 1 and _is_vector(project)
    if mismatch(samples, project.layers[-1].size) is None and not softmax_alone:
        return project
    return _for_classes(project, samples)


def _with_size(project: Project, index: int, size: int) -> Project:
    layer = project.layers[index]
    return project if layer.size == size else resize_layer(project, layer.id, [None] * size)


def _with_output(project: Project, activation: str, loss: str) -> Project:
    return set_training(set_activation(project, project.layers[-1].id, activation), loss=loss)


def _for_classes(project: Project, samples: Samples) -> Project:
    """One softmax output for each of several classes; one output for two."""
    if len(samples.classes) > 2:
        return _with_output(_with_size(project, -1, len(samples.classes)), "softmax", "cce")
    project = _with_size(project, -1, 1)
    if not _is_vector(project) and _family(project) != "cce":
        return project
    if project.data.source in DATASETS:
        suggestion = DATASETS[project.data.source].suggestion
        if suggestion.outputs == 1:
            return _with_output(project, suggestion.output_activation, suggestion.loss)
    return _with_output(project, "sigmoid", "bce_mean")


def _for_numbers(project: Project, samples: Samples) -> Project:
    """An output that reaches all numeric targets, and a loss that goes with it."""
    output, yes_no = project.layers[-1], samples.task == "classification"
    if output.activation in ACTIVATIONS:
        one_hot = yes_no and output.size > 1
        if not reaches(output.activation, samples) or (_is_vector(project) and not one_hot):
            fallback = "sigmoid" if yes_no and reaches("sigmoid", samples) else "linear"
            project = set_activation(project, output.id, fallback)
    if project.training.loss in LOSSES and not _loss_suits(project, yes_no):
        project = set_training(project, loss="mse_half")
    return project


def _loss_suits(project: Project, yes_no: bool) -> bool:
    """Squared error always does; cross-entropy only for probabilities of classes."""
    loss, output = LOSSES[project.training.loss], project.layers[-1]
    if loss.family == "squared":
        return True
    if not yes_no or (loss.family == "cce" and output.size == 1):
        return False
    if output.activation not in ACTIVATIONS:
        return True
    activation = ACTIVATIONS[output.activation]
    return loss.accepts(activation.low, activation.high)


def reaches(activation: str, samples: Samples) -> bool:
    """Whether numeric targets lie within the activation's range (its open ends included)."""
    if samples.targets is None or samples.count == 0:
        return True
    entry = ACTIVATIONS[activation]
    return bool(samples.targets.min() >= entry.low and samples.targets.max() <= entry.high)


def _is_vector(project: Project) -> bool:
    activation = project.layers[-1].activation
    return activation in ACTIVATIONS and ACTIVATIONS[activation].vector


def _family(project: Project) -> str:
    loss = project.training.loss
    return LOSSES[loss].family if loss in LOSSES else ""
