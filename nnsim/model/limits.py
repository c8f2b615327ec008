"""How large a document may be. Every message that refuses something names the limit from here."""

from __future__ import annotations

from typing import Final
from weakref import WeakKeyDictionary

from nnsim.core.datasets.base import Samples

MAX_LAYER_SIZE: Final = 1_024
MAX_LAYERS: Final = 64
MAX_PARAMETERS: Final = 2_000_000
MAX_SAMPLES: Final = 100_000
MAX_COLUMNS: Final = 1_000
MAX_CELLS: Final = 10_000_000  # samples × columns: 80 MB
MAX_VALUE: Final = 1e100  # of an input or target: its square is still a number
MAX_LEARNING_RATE: Final = 1e12
MAX_PENALTY: Final = 1e6
MAX_SEED: Final = 2**63 - 1
MAX_NAME: Final = 60
MAX_TITLE: Final = 200
MAX_NOTES: Final = 100_000


# Samples never change, and every edit of a document asks again: reading millions of cells takes time.
_known: WeakKeyDictionary[Samples, str | None] = WeakKeyDictionary()


def samples_problem(samples: Samples) -> str | None:
    """Which limit the samples are beyond, as a sentence; ``None`` if they are within all."""
    if samples not in _known:
        _known[samples] = _problem_of(samples)
    return _known[samples]


def _problem_of(samples: Samples) -> str | None:
    columns = samples.width + (1 if samples.targets is None else samples.targets.shape[1])
    if samples.count > MAX_SAMPLES:
        return f"A data set may have at most {MAX_SAMPLES:,} samples; this one has {samples.count:,}."
    if columns > MAX_COLUMNS:
        return f"A data set may have at most {MAX_COLUMNS:,} columns; this one has {columns:,}."
    if samples.count * columns > MAX_CELLS:
        return f"A data set may have at most {MAX_CELLS:,} numbers; this one has {samples.count * columns:,}."
    for what, table in (("an input", samples.inputs), ("a target", samples.targets)):
        if table is not None and table.size and max(table.max(), -table.min()) > MAX_VALUE:
            return f"{samples.name} has {what} beyond ±{MAX_VALUE:g}, the limit of what is computed with."
    return None
