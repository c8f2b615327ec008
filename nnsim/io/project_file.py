"""Project files (``*.nnsim``): a document as UTF-8 JSON, and back. The format is in the README."""

from __future__ import annotations

from pathlib import Path

from nnsim.io import json_text
from nnsim.io.convert import to_file
from nnsim.io.describe import describe
from nnsim.io.errors import ProjectFileError, SaveError
from nnsim.io.limits import MAX_PROJECT_BYTES
from nnsim.io.migrations import migrate
from nnsim.io.resolve import to_project
from nnsim.io.saving import read_bytes, save_bytes
from nnsim.io.stamp import FileStamp
from nnsim.model.project import Project


def load(path: Path) -> tuple[Project, FileStamp]:
    """The document in a file, and the stamp to save it with.

    Raises :class:`ProjectFileError` with a sentence that names the file, the reason, and the place.
    """
    try:
        data, stamp = read_bytes(path, MAX_PROJECT_BYTES)
        return decode(data), stamp
    except ProjectFileError as error:
        raise ProjectFileError(f"“{path.name or path}” cannot be opened. {error}") from error.__cause__


def save(path: Path, project: Project, expected: FileStamp | None = None) -> FileStamp:
    """Write a document, keeping the previous version beside it; see :func:`~nnsim.io.saving.save_bytes`.

    Raises :class:`SaveError`, and its subclass ``ChangedOnDisk`` where the file is no longer what
    ``expected`` says; the file is then as it was.
    """
    data = encode(project)
    if len(data) > MAX_PROJECT_BYTES:
        raise SaveError(
            f"“{path.name}” was not saved. The project takes {len(data):,} bytes, "
            f"more than the limit of {MAX_PROJECT_BYTES:,}."
        )
    return save_bytes(path, data, expected)


def decode(data: bytes) -> Project:
    """The document in the bytes of a file: limits, JSON, migrations, fields, shapes, in this order.

    Raises :class:`ProjectFileError` with the reason and its place.
    """
    return to_project(to_file(migrate(json_text.decode(data))))


def encode(project: Project) -> bytes:
    """The bytes of a document's file; the same document always gives the same bytes."""
    return json_text.encode(describe(project))
