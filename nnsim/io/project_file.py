"""Project files (``*.nnsim``): a document as UTF-8 JSON, and back. The format is in the README."""

from __future__ import annotations

from pathlib import Path

from nnsim.io import json_text
from nnsim.io.convert import to_file
from nnsim.io.describe import describe
from nnsim.io.errors import ProjectFileError, SaveError
from nnsim.io.limits import MAX_PROJECT_BYTES
from nnsim.io.migrations import migrate
from nnsim.io.progress import Step, no_step, part
from nnsim.io.resolve import to_project
from nnsim.io.saving import read_bytes, save_pieces
from nnsim.io.stamp import FileStamp
from nnsim.model.project import Project

_ENCODED = 0.2  # of the time that saving the largest file takes


def load(path: Path, step: Step = no_step) -> tuple[Project, FileStamp]:
    """The document in a file, and the stamp to save it with.

    Raises :class:`ProjectFileError` with a sentence that names the file, the reason, and the place.
    """
    try:
        data, stamp = read_bytes(path, MAX_PROJECT_BYTES, part(step, 0.0, 0.2))
        return decode(data, part(step, 0.2, 1.0)), stamp
    except ProjectFileError as error:
        raise ProjectFileError(f"“{path.name or path}” cannot be opened. {error}") from error.__cause__


def save(path: Path, project: Project, expected: FileStamp | None = None, step: Step = no_step) -> FileStamp:
    """Write a document, keeping the previous version beside it; see :func:`~nnsim.io.saving.save_pieces`.

    Raises :class:`SaveError`, and its subclass ``ChangedOnDisk`` where the file is no longer what
    ``expected`` says; the file is then as it was.
    """
    pieces: list[bytes] = []
    size = 0
    for piece in json_text.pieces(describe(project)):
        pieces.append(piece)
        size += len(piece)
        step(_ENCODED * size / MAX_PROJECT_BYTES)
    if size > MAX_PROJECT_BYTES:
        raise SaveError(
            f"“{path.name}” was not saved. The project takes {size:,} bytes, "
            f"more than the limit of {MAX_PROJECT_BYTES:,}."
        )
    return save_pieces(path, pieces, expected, part(step, _ENCODED * size / MAX_PROJECT_BYTES, 1.0))


def decode(data: bytes | bytearray, step: Step = no_step) -> Project:
    """The document in the bytes of a file: limits, JSON, migrations, fields, shapes, in this order.

    Raises :class:`ProjectFileError` with the reason and its place.
    """
    return to_project(to_file(migrate(json_text.decode(data, step))))


def encode(project: Project) -> bytes:
    """The bytes of a document's file; the same document always gives the same bytes."""
    return json_text.encode(describe(project))
