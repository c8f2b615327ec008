"""The calls to the operating system that reading and saving are made of, one function each.

Nothing here decides anything; :mod:`nnsim.io.saving` does. Every function raises ``OSError``. Call
them as ``disk.write(…)``: tests replace them one by one to see what a failing disk does.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from nnsim.io.progress import PIECE, Step, no_step

_WINDOWS = sys.platform == "win32"
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
# A pipe named like a project would block an ordinary open for ever.
_NO_WAITING = getattr(os, "O_NONBLOCK", 0)

# Windows refuses to replace a file that a virus scanner or an indexer is looking at; it soon stops.
_REPLACE_ATTEMPTS = 20 if _WINDOWS else 1


def status(path: Path) -> os.stat_result | None:
    """What the system knows of ``path`` (a link's target); ``None`` if there is nothing."""
    try:
        return os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def read(path: Path, limit: int, step: Step = no_step) -> tuple[bytearray, os.stat_result]:
    """The first ``limit`` bytes of a regular file, and its status; a folder or a pipe is an error."""
    fd = os.open(path, os.O_RDONLY | _BINARY | _NO_WAITING)
    with open(fd, "rb", buffering=0) as file:
        found = os.fstat(fd)
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError
        if not stat.S_ISREG(found.st_mode):
            raise OSError("not a regular file")
        # Growing it bit by bit copies nothing; joining pieces would, in one go.
        data = bytearray()
        while len(data) < limit and (piece := file.read(min(limit - len(data), PIECE))):
            data += piece
            step(len(data) / max(1, found.st_size))
        return data, found


def writable(path: Path) -> bool:
    """Whether the file is not write-protected."""
    return os.access(path, os.W_OK)


def open_new(path: Path, mode: int) -> int:
    """A descriptor of a file that did not exist before."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, mode)


def write(fd: int, data: memoryview) -> int:
    """Write the beginning of ``data`` and return how many bytes that was."""
    return os.write(fd, data)


def flush(fd: int) -> None:
    """Have everything written reach the disk itself."""
    if sys.platform == "darwin":
        # There fsync leaves the data in the drive's cache; this does not, where it is supported.
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
            return
    os.fsync(fd)


def opened_status(fd: int) -> os.stat_result:
    return os.fstat(fd)


def close(fd: int) -> None:
    os.close(fd)


def copy_access(fd: int, like: os.stat_result) -> None:
    """Give the file the permissions, and where allowed the owner, of another one."""
    if sys.platform == "win32":
        return
    own = os.fstat(fd)
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        with contextlib.suppress(OSError):
            os.fchown(fd, like.st_uid, like.st_gid)
    os.fchmod(fd, stat.S_IMODE(like.st_mode))


def replace(source: Path, target: Path) -> None:
    """Put ``source`` in the place of ``target`` in one indivisible step."""
    for attempt in range(_REPLACE_ATTEMPTS):
        try:
            os.replace(source, target)
            return
        except PermissionError:
            if attempt == _REPLACE_ATTEMPTS - 1:
                raise
            time.sleep(0.05)


def link(source: Path, target: Path) -> None:
    """A second name for the same file."""
    os.link(source, target)


def remove(path: Path) -> None:
    os.unlink(path)


def names(folder: Path) -> Iterator[str]:
    """The names of everything in a folder."""
    with os.scandir(folder) as entries:
        for entry in entries:
            yield entry.name


def flush_folder(folder: Path) -> None:
    """Have the names in a folder reach the disk. Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    fd = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
