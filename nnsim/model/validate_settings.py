"""Problems of training settings and data, and of how output, loss and targets go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from nnsim.core.activations import ACTIVATIONS, Activation
from nnsim.core.datasets.base import Samples
from nnsim.core.datasets.features import FEATURES
from nnsim.core.datasets.scaling import SCALINGS
from nnsim.core.datasets.targets import mismatch
from nnsim.core.initializers import INITIALIZERS
from nnsim.core.losses import LOSSES, Loss
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.precisions import PRECISIONS
from nnsim.core.registry import Entry, OptionValue, Registry
from nnsim.core.schedules import SCHEDULES
from nnsim.model.checks import many
from nnsim.model.errors import EditError, Problem
from nnsim.model.limits import MAX_LEARNING_RATE, MAX_PENALTY, samples_problem
from nnsim.model.prepared import samples_of
from nnsim.model.project import Data, Project


def option_problems(entry: Entry, given: Mapping[str, OptionValue], where: str) -> Iterator[Problem]:
    """Options of a known entry with values it cannot use; options it does not have are ignored."""
    for option in entry.options:
        if option.key in given:
            sentence = option.problem(given[option.key])
            if sentence:
                yield Problem("option", f"{entry.label}: {sentence}", where)


def _unknown(kind: str, name: str, where: str, blocking: bool = True) -> Problem:
    return Problem(
        f"unknown_{kind.replace(' ', '_').replace('-', '_')}",
        f"The {kind} “{name}” is not known to this version. It is kept in the file; "
        + ("to train, choose another." if blocking else "choose another to draw weights."),
        where,
        blocking,
    )


# -- training ---------------------------------------------------------------------------------------


def training_problems(project: Project) -> Iterator[Problem]:
    """Unknown names and values out of range in the training settings."""
    t = project.training
    if t.loss not in LOSSES:
        yield _unknown("loss", t.loss, "training")
    yield from _choice("optimizer", t.optimizer, OPTIMIZERS, t.optimizer_options)
    yield from _choice("schedule", t.schedule, SCHEDULES, t.schedule_options)
    yield from _choice("precision", t.precision, PRECISIONS, {})
    # Training does without the initialiser; only new weights and neurons need it.
    yield from _choice("initializer", t.initializer, INITIALIZERS, t.initializer_options, blocking=False)
    for name, value, limit in (
        ("learning rate", t.learning_rate, MAX_LEARNING_RATE),
        ("L1 regularisation", t.l1, MAX_PENALTY),
        ("L2 regularisation", t.l2, MAX_PENALTY),
    ):
        if not 0.0 <= value <= limit:
            yield Problem("range", f"The {name} is {value:g}; it must be from 0 to {limit:g}.", "training")
    if t.batch_size < 0:
        yield Problem(
            "range", f"The batch size is {t.batch_size}; it must be 0 (all samples) or more.", "training"
        )
    if project.seed < 0:
        yield Problem("range", f"The seed is {project.seed}; it must be 0 or more.", "training")
    if project.weight_draw < 0:
        yield Problem(
            "range",
            f"The count of draws of weights is {project.weight_draw}; it must be 0 or more. "
            "Choosing another seed sets it to 0.",
            "training",
            blocking=False,
        )


def _choice(
    kind: str, key: str, registry: Registry[Any], options: Mapping[str, OptionValue], blocking: bool = True
) -> Iterator[Problem]:
    if key not in registry:
        yield _unknown(kind, key, "training", blocking)
    else:
        for problem in option_problems(registry[key], options, "training"):
            yield Problem(problem.code, problem.message, problem.where, blocking)


# -- data -------------------------------------------------------------------------------------------


def data_problems(project: Project, samples: Samples | None) -> tuple[list[Problem], Samples | None]:
    """Problems of the data alone, and its samples where they can be had."""
    data = project.data
    problems = list(_preparation_problems(data))
    if data.seed < 0 and samples is None:
        return problems, None
    try:
        found = samples_of(data) if samples is None else samples
    except KeyError:
        return [*problems, _unknown("data set", data.source, "data")], None
    except (EditError, ValueError) as error:
        return [*problems, Problem("data", str(error), "data")], None
    too_large = samples_problem(found)
    if too_large:
        problems.append(Problem("too_large", too_large, "data"))
        return problems, None
    if found.count == 0:
        problems.append(
            Problem(
                "no_samples",
                f"{found.name} has no samples to train on. Add some, or choose other data.",
                "data",
            )
        )
    return problems, found


def _preparation_problems(data: Data) -> Iterator[Problem]:
    if not 0.0 < data.train_share <= 1.0:
        yield Problem(
            "range",
            f"The share of training samples is {data.train_share:g}; it must be above 0 and at most 1.",
            "data",
        )
    if data.seed < 0:
        yield Problem("range", f"The seed of the data is {data.seed}; it must be 0 or more.", "data")
    if data.scaling not in SCALINGS:
        yield _unknown("scaling", data.scaling, "data")
    for key in data.features:
        if key not in FEATURES:
            yield _unknown("feature", key, "data")


# -- output, loss and targets -----------------------------------------------------------------------


def output_problems(project: Project, samples: Samples | None) -> Iterator[Problem]:
    """Whether the data fit the network, and the loss its outputs and targets."""
    if samples is not None:
        yield from _fit_problems(project, samples)
    output, t = project.layers[-1], project.training
    if output.activation not in ACTIVATIONS or t.loss not in LOSSES:
        return
    activation, loss = ACTIVATIONS[output.activation], LOSSES[t.loss]
    yield from _domain_problems(loss, activation, f"layer {output.id}")
    if samples is not None and samples.targets is not None and samples.count:
        yield from _target_problems(loss, activation, samples)


def _fit_problems(project: Project, samples: Samples) -> Iterator[Problem]:
    data, inputs, output = project.data, project.layers[0], project.layers[-1]
    fed = len(data.features) if samples.width == 2 and data.features else samples.width
    if fed != inputs.size:
        yield Problem(
            "input_width",
            f"{samples.name} feeds {many(fed, 'input')}, but the network has {inputs.size}. "
            "Fit the network to the data, or choose other data.",
            "data",
        )
    sentence = mismatch(samples, output.size)
    if sentence:
        yield Problem("output_width", f"{sentence} Change the output layer, or choose other data.", "data")
    if not 0.0 < data.train_share <= 1.0:
        return
    train = max(1, int(data.train_share * samples.count + 0.5))
    if project.training.batch_size > train:
        yield Problem(
            "batch_size",
            f"The batch size is {project.training.batch_size}, but only {many(train, 'sample')} "
            f"{'is' if train == 1 else 'are'} for training: each batch is all of them.",
            "training",
            blocking=False,
        )


def _domain_problems(loss: Loss, activation: Activation, where: str) -> Iterator[Problem]:
    if loss.family == "squared":
        return
    partner = "sigmoid" if loss.family == "bce" else "softmax"
    advice = f"Choose {partner} for the output layer, or a squared error."
    # Below 0, and for the binary form also above 1, the loss takes logarithms of negative numbers;
    # the step function's exact 0 and 1 make it infinite at the first wrong sample.
    undefined = activation.low < 0.0 or (loss.family == "bce" and activation.high > 1.0)
    if undefined or activation.key == "step":
        yield Problem(
            "loss_domain",
            f"{_family(loss)} is only defined for outputs between 0 and 1, "
            f"but {activation.label} gives {_range(activation)}. {advice}",
            where,
        )
    elif not loss.accepts(activation.low, activation.high):
        yield Problem(
            "loss_domain",
            f"{_family(loss)} expects outputs between 0 and 1, but {activation.label} gives "
            f"{_range(activation)}. {advice}",
            where,
            blocking=False,
        )


def _target_problems(loss: Loss, activation: Activation, samples: Samples) -> Iterator[Problem]:
    assert samples.targets is not None
    low, high = float(samples.targets.min()), float(samples.targets.max())
    if loss.family != "squared" and (low < 0.0 or high > 1.0):
        yield Problem(
            "loss_targets",
            f"{_family(loss)} is for targets between 0 and 1, but these reach from {low:g} to {high:g}. "
            "Choose a squared error, or change the targets.",
            "training",
            blocking=False,
        )
    if low < activation.low or high > activation.high:
        yield Problem(
            "target_range",
            f"The targets reach from {low:g} to {high:g}, but {activation.label} only gives "
            f"{_range(activation)}. Choose linear for the output layer to reach them all.",
            "data",
            blocking=False,
        )


def _family(loss: Loss) -> str:
    return "Binary cross-entropy" if loss.family == "bce" else "Categorical cross-entropy"


def _range(activation: Activation) -> str:
    """The activation's range in words: "−1 to 1", "0 or more", "any number"."""
    low, high = activation.low, activation.high
    if np.isinf(low) and np.isinf(high):
        return "any number"
    if activation.key == "step":
        return "exactly 0 or 1"
    if np.isinf(high):
        return f"{low:g} or more"
    return f"{low:g} to {high:g}".replace("-", "−")
