"""A copy of unsaved work beside the settings, so that a crash costs seconds and not the work.

Every running program has a copy of its own and keeps it locked; a copy that nobody locks was left
by a crash. The lock belongs to the operating system, which opens it however the program ends.
"""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from nnsim.io import project_file
from nnsim.io.errors import ProjectFileError
from nnsim.model.project import Project

_SUFFIX = ".nnsim"


@dataclass(frozen=True, slots=True)
class Left:
    """Work that a crash left behind. ``original`` is the file it belonged to, if any."""

    path: Path
    original: Path | None
    saved_at: float  # seconds since the epoch

    def load(self) -> Project:
        """The document. Raises ``ProjectFileError``."""
        return project_file.load(self.path)[0]

    def discard(self) -> None:
        for path in (self.path, _note(self.path), _lock(self.path)):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


class Recovery:
    """The recovery copy of this program. ``folder`` None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._handle: int | None = None
        self._kept: Project | None = None

    def keep(self, project: Project, original: Path | None) -> bool:
        """Write the copy if ``project`` is not the one written last; whether it is there now.

        A disk that refuses costs the copy and nothing else.
        """
        if self._folder is None:
            return False
        if project is self._kept:
            return True
        try:
            path = self._own_path()
            project_file.save(path, project, None)
            _note(path).write_text("" if original is None else str(original.absolute()), encoding="utf-8")
            with contextlib.suppress(OSError):
                path.with_name(path.name + "~").unlink(missing_ok=True)
        except (OSError, ProjectFileError, ValueError):
            return False
        self._kept = project
        return True

    def discard(self) -> None:
        """The work is saved or given up: remove the copy."""
        if self._path is not None:
            for path in (self._path, _note(self._path)):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
        self._kept = None

    def leave(self) -> None:
        """The program ends and its copy stays, to be offered at the next start."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def close(self) -> None:
        """The program ends in good order: nothing is left."""
        self.discard()
        self.leave()
        if self._path is not None:
            with contextlib.suppress(OSError):
                _lock(self._path).unlink(missing_ok=True)
            self._path = None

    def left(self) -> tuple[Left, ...]:
        """What crashes have left, the newest first."""
        if self._folder is None or not self._folder.is_dir():
            return ()
        found: list[Left] = []
        for path in self._folder.glob(f"*{_SUFFIX}"):
            if path != self._path and not _in_use(_lock(path)):
                found.append(Left(path, _original(path), path.stat().st_mtime))
        return tuple(sorted(found, key=lambda left: -left.saved_at))

    def _own_path(self) -> Path:
        if self._path is None:
            assert self._folder is not None
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"{os.getpid()}-{os.urandom(4).hex()}{_SUFFIX}"
            handle = os.open(_lock(path), os.O_RDWR | os.O_CREAT, 0o600)
            _acquire(handle)
            self._path, self._handle = path, handle
        return self._path


def _note(path: Path) -> Path:
    return path.with_suffix(".original")


def _lock(path: Path) -> Path:
    return path.with_suffix(".lock")


def _original(path: Path) -> Path | None:
    try:
        text = _note(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return Path(text) if text else None


def _in_use(lock: Path) -> bool:
    try:
        handle = os.open(lock, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _acquire(handle)
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _acquire(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _acquire(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
