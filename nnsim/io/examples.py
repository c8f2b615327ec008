"""The examples that ship with the program: an index, and a project file for each."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from nnsim.core.registry import UnknownNameError
from nnsim.io import project_file
from nnsim.model.project import Project
from nnsim.resources import resource_path

INDEX = "index.json"


class ExampleInfo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a menu shows of an example. ``case`` is the published case it was made from, if any."""

    key: str
    title: str
    group: str
    summary: str
    case: str = ""

    @property
    def path(self) -> Path:
        """The project file."""
        return resource_path("examples", f"{self.key}.nnsim")


@cache
def examples() -> tuple[ExampleInfo, ...]:
    """All shipped examples, in the order they are shown."""
    return msgspec.json.decode(resource_path("examples", INDEX).read_bytes(), type=tuple[ExampleInfo, ...])


def load_example(key: str) -> Project:
    """The project of an example. Raises ``UnknownNameError`` for a key that none has."""
    for example in examples():
        if example.key == key:
            return project_file.load(example.path)[0]
    raise UnknownNameError("example", key, tuple(example.key for example in examples()))
