"""Ids of layers ("L3") and connections ("C5"): given once, never given again to something else."""

from __future__ import annotations

import re
from zlib import crc32

from nnsim.model.project import Project

_NUMBERED = re.compile(r"[LC](\d{1,15})", re.ASCII)


def next_number(project: Project) -> int:
    """The lowest number that no id of this document, now or earlier in its history, carries.

    Layers and connections share one sequence. Ids of another form are left alone.
    """
    ids = [layer.id for layer in project.layers] + [c.id for c in project.connections]
    numbers = [int(match.group(1)) for match in map(_NUMBERED.fullmatch, ids) if match]
    return max(project.next_id, 1 + max(numbers, default=-1))


def layer_id(number: int) -> str:
    return f"L{number}"


def connection_id(number: int) -> str:
    return f"C{number}"


def counter(some_id: str) -> int:
    """A number for random streams that depends on nothing but the id, whatever its form."""
    return crc32(some_id.encode("utf-8", "surrogatepass"))
