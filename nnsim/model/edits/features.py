"""Which columns of two-input data the network is fed, and the input layer that follows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nnsim.core.datasets.features import FEATURES
from nnsim.model.build import PLANE_FEATURES
from nnsim.model.checks import entry_of, many
from nnsim.model.edits.reshape import resize_layer
from nnsim.model.edits.samples import raw_samples
from nnsim.model.errors import EditError
from nnsim.model.project import Progress, Project


def set_features(project: Project, keys: Sequence[str]) -> Project:
    """Feeds the network these features (keys of the feature registry) of its two raw inputs.

    Features kept keep their weights wherever they move to; the weights of new ones are drawn.
    Progress starts again.
    """
    keys = tuple(keys)
    width = raw_samples(project.data).width
    if width != 2:
        raise EditError(
            f"Features are made from two inputs; this data set has {width}, which are fed as they are."
        )
    if not keys:
        raise EditError("The network needs at least one feature as its input.")
    for key in keys:
        entry_of(FEATURES, key)
    if len(set(keys)) != len(keys):
        raise EditError("Each feature can be used only once.")
    old = project.data.features or PLANE_FEATURES
    size = project.layers[0].size
    if keys == project.data.features and size == len(keys):
        return project
    origin = [old.index(key) if key in old and old.index(key) < size else None for key in keys]
    resized = resize_layer(project, project.layers[0].id, origin)
    progress = project.progress if keys == old and size == len(keys) else Progress()
    return replace(resized, data=replace(project.data, features=keys), progress=progress)


def resize_inputs(project: Project, size: int) -> Project:
    """The first ``size`` features, more being taken from the registry in its order."""
    _check_plane(project)
    used = list(project.data.features or PLANE_FEATURES)[:size]
    spare = [feature.key for feature in FEATURES if feature.key not in used]
    if size > len(FEATURES):
        raise EditError(
            f"There are {len(FEATURES)} features to feed the network with; {size} inputs are too many."
        )
    return set_features(project, [*used, *spare[: size - len(used)]])


def remove_input(project: Project, index: int) -> Project:
    """Without the feature at ``index``."""
    _check_plane(project)
    used = list(project.data.features or PLANE_FEATURES)
    if index >= len(used):
        raise EditError(f"The data feed only {many(len(used), 'input')}; fit the network to the data first.")
    return set_features(project, used[:index] + used[index + 1 :])


def _check_plane(project: Project) -> None:
    samples = raw_samples(project.data)
    if samples.width != 2:
        raise EditError(
            f"The number of inputs follows from the data: {samples.name} has {many(samples.width, 'input')}. "
            "Choose other data to change it."
        )
