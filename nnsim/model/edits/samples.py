"""The samples a verb works with, with everything that can be wrong about them said as an EditError."""

from __future__ import annotations

from nnsim.core.datasets.base import Samples
from nnsim.core.datasets.features import FEATURES
from nnsim.core.datasets.scaling import SCALINGS
from nnsim.core.registry import UnknownNameError
from nnsim.model.checks import entry_of, number, whole
from nnsim.model.errors import EditError
from nnsim.model.limits import MAX_SEED, samples_problem
from nnsim.model.prepared import samples_of
from nnsim.model.project import Data


def raw_samples(data: Data) -> Samples:
    """The samples of ``data``. Raises :class:`EditError` if they cannot be had."""
    try:
        return samples_of(data)
    except UnknownNameError as error:
        raise EditError(str(error)) from None
    except ValueError as error:
        raise EditError(str(error)) from None


def check_samples(samples: Samples) -> None:
    """Refuses samples beyond the limits."""
    problem = samples_problem(samples)
    if problem:
        raise EditError(problem)


def check_data(data: Data) -> Samples:
    """Refuses data that cannot be used at all; returns its samples."""
    number(data.train_share, "The share of training samples", 0.0, 1.0)
    if data.train_share == 0.0:
        raise EditError("The share of training samples must be above 0.")
    whole(data.seed, "The seed of the data", 0, MAX_SEED)
    entry_of(SCALINGS, data.scaling)
    for key in data.features:
        entry_of(FEATURES, key)
    samples = raw_samples(data)
    check_samples(samples)
    return samples


def input_count(data: Data, samples: Samples) -> int:
    """How many inputs the network is fed: features of two raw inputs, else the raw columns."""
    return len(data.features) if samples.width == 2 and data.features else samples.width
