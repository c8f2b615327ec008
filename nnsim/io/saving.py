"""Saving so that a kill, a full disk or another program cannot cost the file.

The new content is written to a hidden file beside the old one, flushed to the disk, and put in the
old one's place in one indivisible step; until then the old file is not touched. The previous
version stays as ``name~`` beside it, a name that file managers hide. A killed writer leaves its
hidden file behind; the next save to the same name removes it.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from nnsim.io import disk
from nnsim.io.errors import ChangedOnDisk, ProjectFileError, SaveError
from nnsim.io.progress import PIECE, Step, no_step, part
from nnsim.io.stamp import Content, FileStamp

_CREATE_ATTEMPTS = 10
_IN_USE_SECONDS = 60.0
_FLUSHED = 8 * PIECE  # bytes that reach the disk at a time
_WRITTEN = 0.9  # of the time that saving takes


def read_bytes(path: Path, limit: int, step: Step = no_step) -> tuple[bytearray, FileStamp]:
    """A whole file of at most ``limit`` bytes, and its stamp.

    Raises :class:`ProjectFileError` with the reason alone ("It does not exist.").
    """
    try:
        before = disk.status(path)
        if before is None or before.st_size <= limit or not stat.S_ISREG(before.st_mode):
            data, found = disk.read(path, limit + 1, step)
            if len(data) <= limit:
                return data, FileStamp.of((data,), found)
    except (OSError, ValueError) as error:
        raise ProjectFileError(_why_unreadable(path, error)) from error
    raise ProjectFileError(f"It is larger than the limit of {limit / 2**20:,.0f} MiB.")


def save_bytes(path: Path, data: bytes, expected: FileStamp | None = None) -> FileStamp:
    """As :func:`save_pieces`, with one piece."""
    return save_pieces(path, (data,), expected)


def save_pieces(
    path: Path, pieces: Sequence[bytes], expected: FileStamp | None = None, step: Step = no_step
) -> FileStamp:
    """Make ``pieces`` in a row the content of ``path``, which may exist; returns the new file's stamp.

    ``expected`` is the stamp of the file that was opened. Symbolic links are followed, permissions
    are kept. Raises :class:`SaveError` (the old file is then as it was), and its subclass
    :class:`ChangedOnDisk` if the file is no longer what ``expected`` says. ``step`` may end it as long as
    the new file is not in the place of the old one; then, too, the old one is as it was.
    """
    try:
        target = Path(os.path.realpath(path))
        return _save(target, pieces, expected, step)
    except SaveError as error:
        raise type(error)(f"“{path.name}” was not saved. {error}") from error.__cause__
    except (OSError, ValueError) as error:
        raise SaveError(f"“{path.name}” was not saved. {_why_unwritable(path, error)}") from error


def backup_path(path: Path) -> Path:
    """Where the previous version of ``path`` is kept."""
    target = Path(os.path.realpath(path))
    return target.with_name(f"{target.name}~")


def _save(target: Path, pieces: Sequence[bytes], expected: FileStamp | None, step: Step) -> FileStamp:
    size = sum(map(len, pieces))
    before = disk.status(target)
    if before is not None:
        _refuse_to_replace(target, before)
        _refuse_if_changed(target, before, expected)
    temporary, fd = _create_beside(target, 0o666 if before is None else 0o600)
    try:
        try:
            _remove_abandoned(target, disk.opened_status(fd))
            _write_pieces(fd, pieces, size, part(step, 0.0, _WRITTEN))
            if before is not None:
                disk.copy_access(fd, before)
            disk.flush(fd)
            written = disk.opened_status(fd)
            if written.st_size != size:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finally:
            disk.close(fd)
        stamp = FileStamp.of(pieces, written)
        step(1.0)  # from here on it cannot be ended
        now = disk.status(target)
        if now is not None:
            _refuse_if_changed(target, now, expected)
            _keep_previous(target, now, pieces, size)
        disk.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            disk.remove(temporary)
        raise
    # The new file is in place. Should the folder not reach the disk before a power cut, the old one
    # is there again, whole: no reason to report that saving failed.
    with contextlib.suppress(OSError):
        disk.flush_folder(target.parent)
    return stamp


def _refuse_to_replace(target: Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise SaveError("It is a folder.")
    if not stat.S_ISREG(found.st_mode):
        raise SaveError("It is not a regular file.")
    if not disk.writable(target):
        raise SaveError("The file is write-protected.")


def _refuse_if_changed(target: Path, found: os.stat_result, expected: FileStamp | None) -> None:
    if expected is None or expected.untouched(found):
        return
    data, _ = disk.read(target, expected.size + 1)
    if not expected.same_content(data):
        raise ChangedOnDisk("Another program has changed the file since it was opened here.")


def _write_pieces(fd: int, pieces: Sequence[bytes], size: int, step: Step) -> None:
    """Write all; what is much reaches the disk little by little, so that the share done tells the truth."""
    written = flushed = 0
    for piece in pieces:
        _write_all(fd, piece)
        written += len(piece)
        if written - flushed >= _FLUSHED and written < size:
            disk.flush(fd)
            flushed = written
        step(written / max(1, size))


def _write_all(fd: int, data: Content) -> None:
    left = memoryview(data)
    while left:
        count = disk.write(fd, left)
        if count <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left = left[count:]


def _keep_previous(target: Path, found: os.stat_result, pieces: Sequence[bytes], size: int) -> None:
    """Keep the old file as ``name~``, unless it says the same as the new one.

    Without room for a backup the work itself is still saved: a failure here is no failure.
    """
    backup, extra = backup_path(target), _name_beside(target)
    with contextlib.suppress(OSError):
        if found.st_size == size and _same(disk.read(target, size)[0], pieces):
            return
        try:
            # A second name costs nothing and cannot be half done.
            disk.link(target, extra)
            disk.replace(extra, backup)
        except OSError:
            _copy(target, found, extra)
            disk.replace(extra, backup)
    with contextlib.suppress(OSError):
        disk.remove(extra)


def _same(data: Content, pieces: Sequence[bytes]) -> bool:
    at = 0
    for piece in pieces:
        if data[at : at + len(piece)] != piece:
            return False
        at += len(piece)
    return at == len(data)


def _copy(source: Path, found: os.stat_result, target: Path) -> None:
    """A copy, for file systems where a file has one name only."""
    with contextlib.suppress(OSError):
        disk.remove(target)
    data, _ = disk.read(source, found.st_size)
    fd = disk.open_new(target, 0o600)
    try:
        _write_all(fd, data)
        disk.copy_access(fd, found)
        disk.flush(fd)
    finally:
        disk.close(fd)


def _prefix(target: Path) -> str:
    """The beginning of all temporary names for this target: short, whatever the target's name is."""
    return f".nnsim-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}-"


def _name_beside(target: Path) -> Path:
    return target.with_name(f"{_prefix(target)}{os.urandom(6).hex()}.tmp")


def _create_beside(target: Path, mode: int) -> tuple[Path, int]:
    """A new hidden file in the target's folder."""
    for _ in range(_CREATE_ATTEMPTS):
        path = _name_beside(target)
        with contextlib.suppress(FileExistsError):
            return path, disk.open_new(path, mode)
    raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))


def _remove_abandoned(target: Path, own: os.stat_result) -> None:
    """Remove what killed writers of ``target`` have left behind.

    ``own`` is the status of the file being written: its time is the clock of the disk itself, which
    may be another machine's. What is not much older than it may still be in use.
    """
    prefix, oldest = _prefix(target), own.st_mtime - _IN_USE_SECONDS
    with contextlib.suppress(OSError):
        for name in list(disk.names(target.parent)):
            if name.startswith(prefix) and name.endswith(".tmp"):
                path = target.with_name(name)
                with contextlib.suppress(OSError):
                    found = disk.status(path)
                    if found is not None and found.st_mtime < oldest:
                        disk.remove(path)


def _why_unreadable(path: Path, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "It does not exist."
    if isinstance(error, IsADirectoryError) or path.is_dir():
        return "It is a folder."
    if isinstance(error, PermissionError):
        return "Reading it is not allowed."
    return f"Reading it failed: {_reason(error)}."


def _why_unwritable(path: Path, error: OSError | ValueError) -> str:
    folder = path.parent
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full."
    if isinstance(error, (FileNotFoundError, NotADirectoryError)) and not folder.is_dir():
        return f"The folder “{folder}” does not exist."
    if isinstance(error, PermissionError):
        return f"Writing in the folder “{folder}” is not allowed."
    return f"Writing failed: {_reason(error)}."


def _reason(error: OSError | ValueError) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text.rstrip(".") or type(error).__name__
