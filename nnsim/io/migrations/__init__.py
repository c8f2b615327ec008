"""Old project files brought up to the present format, one version at a time.

A step from version n to n + 1 is a pure function from one decoded JSON object to another, in a file
of its own here (``v1_to_v2.py``), entered in :data:`MIGRATIONS` under n. It changes nothing it is
given, and it leaves ``format_version`` to :func:`migrate`. An example of every version lies in
``tests/io/archive`` and is never written again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from nnsim.io.errors import ProjectFileError
from nnsim.io.numbers import shown
from nnsim.io.schema import FORMAT_VERSION

Document = dict[str, Any]
Migration = Callable[[Document], Document]

MIGRATIONS: Mapping[int, Migration] = MappingProxyType({})


def migrate(
    document: Any, migrations: Mapping[int, Migration] = MIGRATIONS, current: int = FORMAT_VERSION
) -> Document:
    """The decoded file in the format ``current``.

    Raises :class:`ProjectFileError` for what is no project file, and for a newer version, naming
    both versions.
    """
    version = _version(document)
    if version > current:
        raise ProjectFileError(
            f"It was written by a newer nnsim: its format is version {version}, "
            f"and this program reads versions up to {current}."
        )
    for number in range(version, current):
        document = {**migrations[number](document), "format_version": number + 1}
    found: Document = document
    return found


def _version(document: Any) -> int:
    if not isinstance(document, dict):
        raise ProjectFileError(f"It is not a project: {shown(document)} stands where an object is expected.")
    if "format_version" not in document:
        raise ProjectFileError("It is not a project: the field “format_version” is missing.")
    version = document["format_version"]
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise ProjectFileError(f"format_version: {shown(version)} is not a version; the first one is 1.")
    return version
