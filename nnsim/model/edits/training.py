"""Verbs for how the network learns, and for what the project is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from nnsim.core.curves import Curves
from nnsim.core.initializers import INITIALIZERS
from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.precisions import PRECISIONS
from nnsim.core.registry import Entry, Registry
from nnsim.core.schedules import SCHEDULES
from nnsim.model.checks import entry_of, number, options_of, text, whole
from nnsim.model.errors import EditError
from nnsim.model.limits import (
    MAX_LEARNING_RATE,
    MAX_NOTES,
    MAX_PENALTY,
    MAX_SAMPLES,
    MAX_SEED,
    MAX_TITLE,
)
from nnsim.model.project import EMPTY, Project, Training

# Field → registry; "<field>_options" holds the chosen entry's settings, where it has any.
CHOICES: Mapping[str, Registry[Any]] = {
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "initializer": INITIALIZERS,
    "precision": PRECISIONS,
}


def set_training(project: Project, **changes: Any) -> Project:
    """Changes any fields of :class:`~nnsim.model.project.Training`.

    Options given go over the ones there are; another entry begins with its own defaults. Another
    optimizer (or options of it) loses its state; another loss or regularisation begins a new curve;
    another batch size or order goes back to the beginning of the epoch.
    """
    training = checked_training(project.training, changes)
    if training == project.training:
        return project
    return _after(replace(project, training=training), project.training)


def _after(project: Project, before: Training) -> Project:
    """The progress that is still true with the new settings."""
    now, progress = project.training, project.progress

    def differ(*names: str) -> bool:
        return any(getattr(now, name) != getattr(before, name) for name in names)

    if differ("optimizer", "optimizer_options"):
        progress = replace(progress, slots=(), age=0)
    if differ("loss", "l1", "l2"):
        progress = replace(progress, curves=Curves.empty())
    if differ("batch_size", "shuffle"):
        progress = replace(progress, batch=0, phase=0, operation=0)
    if differ("optimizer", "loss", "l1", "l2") and progress.operation:
        progress = replace(progress, operation=0)  # the phase has other operations now
    return replace(project, progress=progress)


def checked_training(training: Training, changes: Mapping[str, Any]) -> Training:
    """``training`` with ``changes``, each checked. Raises :class:`EditError`."""
    known = {field.name for field in fields(Training)}
    for name in changes:
        if name not in known:
            raise EditError(f"Training has no setting called “{name}”.")
    found: dict[str, Any] = {}
    for name, registry in CHOICES.items():
        found.update(_choice(training, changes, name, registry))
    if "learning_rate" in changes:
        found["learning_rate"] = number(changes["learning_rate"], "The learning rate", 0.0, MAX_LEARNING_RATE)
    for name in ("l1", "l2"):
        if name in changes:
            found[name] = number(changes[name], f"The {name.upper()} regularisation", 0.0, MAX_PENALTY)
    if "batch_size" in changes:
        found["batch_size"] = whole(changes["batch_size"], "The batch size", 0, MAX_SAMPLES)
    if "shuffle" in changes:
        if not isinstance(changes["shuffle"], bool):
            raise EditError("Shuffling is either on or off.")
        found["shuffle"] = changes["shuffle"]
    return replace(training, **found)


def _choice(
    training: Training, changes: Mapping[str, Any], name: str, registry: Registry[Any]
) -> dict[str, Any]:
    """A registry entry and its options, as far as they are changed."""
    option_field = f"{name}_options"
    if name not in changes and option_field not in changes:
        return {}
    key = changes.get(name, getattr(training, name))
    entry: Entry = entry_of(registry, key)
    found: dict[str, Any] = {name: entry.key}
    if hasattr(training, option_field):
        kept = getattr(training, option_field) if key == getattr(training, name) else EMPTY
        found[option_field] = options_of(entry, changes.get(option_field, {}), kept)
    return found


def set_seed(project: Project, seed: int) -> Project:
    """The seed of shuffling and of the next "New weights"; the weights there are stay.

    Draws are counted anew, so the same seed gives the same new weights to everybody.
    """
    seed = whole(seed, "The seed", 0, MAX_SEED)
    if seed == project.seed:
        return project
    return replace(
        project, seed=seed, weight_draw=0, progress=replace(project.progress, batch=0, phase=0, operation=0)
    )


def set_title(project: Project, title: str) -> Project:
    """The project's title, one line."""
    title = text(title, "The title", MAX_TITLE)
    return project if title == project.title else replace(project, title=title)


def set_notes(project: Project, notes: str) -> Project:
    """The project's notes, plain text."""
    notes = text(notes, "The notes", MAX_NOTES, lines=True)
    return project if notes == project.notes else replace(project, notes=notes)
