"""A copy of unsaved work beside the settings, so that a crash costs seconds and not the work.

Every running program has a copy of its own and keeps it locked; a copy that nobody locks was left
by a crash. The lock belongs to the operating system, which opens it however the program ends.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nnsim.io import project_file
from nnsim.io.errors import ProjectFileError
from nnsim.io.progress import Cancelled, Step, no_step
from nnsim.model.project import Project

_SUFFIX = ".nnsim"
_END_SECONDS = 1.0  # that a copy which nobody wants any more may take to end


@dataclass(frozen=True, slots=True)
class Left:
    """Work that a crash left behind. ``original`` is the file it belonged to, if any."""

    path: Path
    original: Path | None
    saved_at: float  # seconds since the epoch

    def load(self, step: Step = no_step) -> Project:
        """The document. Raises ``ProjectFileError``."""
        return project_file.load(self.path, step)[0]

    def discard(self) -> None:
        for path in (self.path, _note(self.path), _lock(self.path)):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


class Recovery:
    """The recovery copy of this program. ``folder`` None keeps nothing.

    All methods are for one thread; :meth:`keep_soon` writes in another one.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._handle: int | None = None
        self._kept: Project | None = None
        self._lock = threading.Lock()  # for what follows, and for what is kept
        self._wanted: tuple[Project, Path | None] | None = None
        self._thread: threading.Thread | None = None
        self._turn = 0  # counts what has been discarded
        self._then: list[Callable[[], object]] = []

    def keep(self, project: Project, original: Path | None) -> bool:
        """Write the copy now if ``project`` is not the one written last; whether it is there.

        A disk that refuses costs the copy and nothing else.
        """
        if self._folder is None:
            return False
        with self._lock:
            self._wanted = None
        self._join(None)
        there = project is self._kept or self._write(project, original, self._turn)
        self._after()
        return there

    def keep_soon(
        self, project: Project, original: Path | None, then: Callable[[], object] | None = None
    ) -> None:
        """As :meth:`keep`, in a thread of its own; of several waiting copies the newest is written.

        ``then`` is called in that thread once the copy is there, or once it is discarded.
        """
        if self._folder is None:
            return
        with self._lock:
            if then is not None:
                self._then.append(then)
            self._wanted = project, original
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="nnsim-recovery", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        try:
            while True:
                with self._lock:
                    wanted, self._wanted = self._wanted, None
                    turn = self._turn
                    if wanted is None:
                        self._thread = None
                        return
                if wanted[0] is not self._kept:
                    self._write(*wanted, turn)
                self._after()
        except BaseException:
            with self._lock:
                self._thread = None
            raise

    def _write(self, project: Project, original: Path | None, turn: int) -> bool:
        def step(_: float) -> None:
            if self._turn != turn:
                raise Cancelled

        try:
            path = self._own_path()
            project_file.save(path, project, None, step)
            _note(path).write_text("" if original is None else str(original.absolute()), encoding="utf-8")
            with contextlib.suppress(OSError):
                path.with_name(path.name + "~").unlink(missing_ok=True)
        except (OSError, ProjectFileError, ValueError, Cancelled):
            return False
        with self._lock:
            if self._turn == turn:
                self._kept = project
                return True
            self._remove()  # it was discarded while it was put in place
            return False

    def _after(self) -> None:
        """Call what waits for a copy, if there is one."""
        with self._lock:
            waiting, self._then = (self._then, []) if self._kept is not None else ([], self._then)
        for then in waiting:
            then()

    def _join(self, seconds: float | None) -> None:
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def discard(self) -> None:
        """The work is saved or given up: remove the copy, also one that is being written."""
        with self._lock:
            self._wanted = None
            self._turn += 1
            self._kept = None
            self._remove()
            waiting, self._then = self._then, []
        for then in waiting:
            then()

    def _remove(self) -> None:
        if self._path is not None:
            for path in (self._path, _note(self._path)):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)

    def leave(self) -> None:
        """The program ends and its copy stays, to be offered at the next start."""
        self._join(_END_SECONDS)
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
