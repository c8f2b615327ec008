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
from nnsim.io.progress import Cancelled
from nnsim.model.project import Project

_SUFFIX = ".nnsim"
_KEEP_SECONDS = 10.0  # that a copy may take which is being written when another one is to be kept
_END_SECONDS = 1.0  # that a copy which nobody wants any more may take to end


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
    """The recovery copy of this program. ``folder`` None keeps nothing.

    All methods are for one thread; :meth:`keep_soon` and :meth:`discard_soon` work in another one.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._handle: int | None = None
        self._kept: Project | None = None
        self._lock = threading.Lock()  # for what follows
        self._thread: threading.Thread | None = None
        self._wanted: tuple[Project, Path | None] | None = None
        self._unwanted = False
        self._turn = 0  # counts what was discarded
        self._then: list[Callable[[], object]] = []

    def keep(self, project: Project, original: Path | None) -> bool:
        """Write the copy now if ``project`` is not the one written last; whether it is there.

        A disk that refuses costs the copy and nothing else.
        """
        if self._folder is None:
            return False
        with self._lock:
            self._wanted = None
        self._join(_KEEP_SECONDS)
        if self._thread is not None:
            return False  # the disk does not answer
        return self._keep(project, original, self._turn)

    def keep_soon(
        self, project: Project, original: Path | None, then: Callable[[], object] | None = None
    ) -> None:
        """As :meth:`keep`, in a thread of its own; of several waiting copies the newest is written.

        ``then`` is called in that thread once the copy is there, or once it is discarded.
        """
        if self._folder is None or (project is self._kept and then is None):
            return
        with self._lock:
            self._wanted = project, original
            self._then += [] if then is None else [then]
            self._begin()

    def discard(self) -> None:
        """The work is saved or given up: remove the copy, also one that is being written."""
        self.discard_soon()
        self._join(None)

    def discard_soon(self) -> None:
        """As :meth:`discard`, in a thread of its own: to remove a large file takes long, too."""
        with self._lock:
            self._wanted, self._kept = None, None
            self._turn += 1
            if self._path is not None or self._thread is not None or self._then:
                self._unwanted = True
                self._begin()

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="nnsim-recovery", daemon=True)
            self._thread.start()

    def _join(self, seconds: float | None) -> None:
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    # -- in the thread ----------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            while True:
                with self._lock:
                    wanted, self._wanted = self._wanted, None
                    unwanted, self._unwanted = self._unwanted, False
                    turn = self._turn
                    if wanted is None and not unwanted:
                        self._thread = None
                        return
                if unwanted:
                    self._remove()
                if wanted is not None:
                    self._keep(*wanted, turn)
        except BaseException:
            with self._lock:
                self._thread = None
            raise

    def _keep(self, project: Project, original: Path | None, turn: int) -> bool:
        there = project is self._kept or self._write(project, original, turn)
        if there:
            self._call_waiting()
        return there

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
            there = self._turn == turn  # else it is removed next
            if there:
                self._kept = project
            return there

    def _remove(self) -> None:
        if self._path is not None:
            for path in (self._path, _note(self._path)):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
        self._call_waiting()

    def _call_waiting(self) -> None:
        with self._lock:
            waiting, self._then = self._then, []
        for then in waiting:
            then()

    # -- the end ----------------------------------------------------------------------------------

    def leave(self) -> None:
        """The program ends and its copy stays, to be offered at the next start."""
        self._join(_END_SECONDS)
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def close(self) -> None:
        """The program ends in good order: nothing is left."""
        self.discard_soon()
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
