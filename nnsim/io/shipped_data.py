"""The data sets that come as files with the program."""

from __future__ import annotations

import csv
from functools import cache

from nnsim.core.datasets import DATASETS, Samples
from nnsim.resources import resource_path


@cache
def load_shipped(key: str) -> Samples:
    """The samples of a shipped data set ("iris", "digits"). Read once; the value is immutable.

    Raises ``UnknownNameError`` for a key no data set has, ``ValueError`` with a sentence for a set
    that does not ship or a file that is damaged, ``OSError`` if it cannot be read.
    """
    entry = DATASETS[key]
    if entry.from_rows is None:
        raise ValueError(f"{entry.label} is generated, not read from a file.")
    path = resource_path("data", f"{key}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    try:
        return entry.from_rows(rows[1:])
    except (ValueError, IndexError) as error:
        raise ValueError(f"The file {path} that comes with nnsim is damaged: {error}.") from error
