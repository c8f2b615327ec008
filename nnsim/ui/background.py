"""Work beside the window: reading and writing files that would hold its thread for too long.

A piece of work is a plain function in a thread of its own, which knows nothing of Qt. What comes of it
is taken up by a timer of the window. Small work is waited for in place, so that it is as immediate as a
call; what takes about a second shows a window with its progress.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from nnsim.io.errors import ProjectFileError, TableError
from nnsim.io.progress import Cancelled, Step
from nnsim.ui.dialogs.progress_window import ProgressWindow

T = TypeVar("T")

PATIENCE = 0.03  # seconds that small work is waited for in place
_INTERVAL_MS = 16
# A window is shown after so long, if as much is still to come; and in any case after a second.
_SHOWN_AFTER, _STILL_TO_COME, _SHOWN_AT_LAST = 0.4, 0.4, 0.9
_END_SECONDS = 1.0  # that work which nobody wants any more may take to end
_FINISH_SECONDS = 10.0  # that writing may take when the program has to end

_EXPECTED = (ProjectFileError, TableError)


class _Job(Generic[T]):
    """What the thread sees. Nothing of Qt hangs on it, since it may be freed there."""

    def __init__(self, do: Callable[[Step], T]) -> None:
        self.do = do
        self.share = 0.0
        self.result: T | None = None
        self.error: Exception | None = None
        self.stop, self.done = threading.Event(), threading.Event()
        self.began = time.monotonic()
        # A daemon, so that a disk that never answers cannot keep the program from ending.
        self.thread = threading.Thread(target=self._run, name="nnsim-files", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.result = self.do(self._step)
        except Exception as error:  # the window's thread decides what it means
            self.error = error
        finally:
            self.done.set()

    def _step(self, share: float) -> None:
        if self.stop.is_set():
            raise Cancelled
        self.share = share


class Background(QObject):
    """One piece of work at a time. All methods are for the window's thread.

    ``abandons``: work that changes nothing outside of the program (reading). It ends at once when it is
    cancelled, its result waits while a question is open, and later work takes its place. Other work
    (writing) is never left alone before it has ended.
    """

    def __init__(self, parent: QObject | None = None, *, abandons: bool) -> None:
        super().__init__(parent)
        self._abandons = abandons
        self._job: _Job[Any] | None = None
        self._left: list[_Job[Any]] = []  # abandoned ones that may not have ended yet
        self._then: Callable[[Any], object] = _nothing
        self._refused: Callable[[Exception], object] = _nothing
        self._words, self._note = "", ""
        self._parent: QWidget | None = None
        self._window: ProgressWindow | None = None
        self._is_asked_for = False
        self._waiting: dict[str, Callable[[], object]] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._look)

    @property
    def busy(self) -> bool:
        """Whether something is under way, or has ended and waits to be taken up."""
        return self._job is not None

    def begin(
        self,
        do: Callable[[Step], T],
        then: Callable[[T], object],
        refused: Callable[[Exception], object],
        *,
        words: str,
        note: str,
        parent: QWidget,
        patience: float = PATIENCE,
    ) -> None:
        """Do ``do(step)`` in a thread, and then ``then(result)`` here.

        An error of reading or writing goes to ``refused``; any other is raised here, where it is reported
        like all faults of the program. ``words`` (what is done) and ``note`` are shown if it takes long.
        ``patience``: how many seconds to wait for it in place.
        """
        if self._abandons:
            self.abandon()
        assert self._job is None, "one thing at a time"
        self._then, self._refused = then, refused
        self._words, self._note, self._parent = words, note, parent
        job = self._job = _Job(do)
        if job.done.wait(patience) and not self._must_wait():
            self._finish(job)
        else:
            self._timer.start()

    def when_free(self, key: str, then: Callable[[], object], note: str = "") -> None:
        """Do ``then`` once nothing is under way: now, if nothing is.

        Waiting, it takes the place of what waits under the same ``key``, and ``note`` says that it follows.
        """
        if self._job is None:
            then()
            return
        self._waiting.pop(key, None)
        self._waiting[key] = then
        if note:
            self._note = note
            self._is_asked_for = True
            if self._window is not None:
                self._window.say(note)

    def cancel(self) -> None:
        """The user does not want it any more, nor what was to follow."""
        self._waiting.clear()
        if self._abandons:
            self.abandon()
        elif self._job is not None:
            self._job.stop.set()
            if self._window is not None:
                self._window.show_cancelling()

    def abandon(self) -> None:
        """Nobody waits for what is being read any more."""
        assert self._abandons
        if self._job is not None:
            self._job.stop.set()
            self._left.append(self._job)
            self._end()
        self._left = [job for job in self._left if job.thread.is_alive()]

    def close(self) -> None:
        """The program ends: nothing is begun any more, and what is being written is written to its end."""
        self._waiting.clear()
        if self._abandons:
            self.abandon()
            for job in self._left:
                job.thread.join(_END_SECONDS)
        elif self._job is not None and self._job.done.wait(_FINISH_SECONDS):
            self._finish(self._job)
        self._timer.stop()

    # -- what comes of it -------------------------------------------------------------------------

    def _look(self) -> None:
        job = self._job
        if job is None:
            return
        if job.done.is_set():
            if not self._must_wait():
                self._finish(job)
            return
        if self._window is None and self._is_to_be_seen(job):
            self._show()
        if self._window is not None:
            self._window.show_share(job.share)

    def _is_to_be_seen(self, job: _Job[Any]) -> bool:
        if QApplication.activePopupWidget() is not None:  # another window would close the menu
            return False
        return self._is_asked_for or _is_long(time.monotonic() - job.began, job.share)

    def _must_wait(self) -> bool:
        """Whether a question is open, whose answer may make the result useless."""
        return self._abandons and QApplication.activeModalWidget() is not None

    def _finish(self, job: _Job[Any]) -> None:
        job.thread.join()
        then, refused = self._then, self._refused
        self._end()
        try:
            if job.error is None:
                then(job.result)
            elif isinstance(job.error, _EXPECTED):
                refused(job.error)
            elif not isinstance(job.error, Cancelled):
                raise job.error
        finally:
            while self._waiting and self._job is None:
                self._waiting.pop(next(iter(self._waiting)))()

    def _end(self) -> None:
        self._timer.stop()
        self._is_asked_for = False
        self._job, self._then, self._refused, self._parent = None, _nothing, _nothing, None
        window, self._window = self._window, None
        if window is not None:
            window.hide()
            window.deleteLater()

    # -- showing it -------------------------------------------------------------------------------

    def _show(self) -> None:
        assert self._parent is not None
        self._window = ProgressWindow(self._words, self._note, self._parent.window())
        self._window.cancelled.connect(self.cancel)
        self._window.show_beside()


def _is_long(seconds: float, share: float) -> bool:
    """Whether work that has come so far takes so long that it is to be seen."""
    left = seconds * (1.0 - share) / share if share > 0.0 else float("inf")
    return seconds > _SHOWN_AT_LAST or (seconds > _SHOWN_AFTER and left > _STILL_TO_COME)


def _nothing(*_: Any) -> None:
    pass
