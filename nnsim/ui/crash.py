"""When the program itself fails: nothing is silent, and the work is safe.

Every exception that nobody caught, in whatever thread, and every failure of the engine becomes one
report: a copy of the work is kept, and one dialog says so and has the details to copy. Reports are
taken up by a timer, never inside the event that failed.
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QObject, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QWidget

from nnsim.ui.dialogs.crash_dialog import CrashDialog

_INTERVAL_MS = 100
_MOST = 20  # reports in one dialog; what comes after them is the same again

Keep = Callable[[], bool]


class CrashGuard(QObject):
    """Takes over Python's and Qt's ways to report errors while installed.

    ``keep`` writes the recovery copy and says whether it is there; ``window`` gives the parent of
    the dialog. ``reports`` counts what has been reported.
    """

    def __init__(
        self, keep: Keep, window: Callable[[], QWidget | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._keep, self._window = keep, window
        self._queue: SimpleQueue[tuple[str, str]] = SimpleQueue()
        self._dialog: CrashDialog | None = None
        self._before: tuple[Any, Any] | None = None
        self._qt_before: Any = None
        self.reports = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self.show_reports)

    # -- installing -------------------------------------------------------------------------------

    def install(self) -> None:
        """Take over, until :meth:`remove`."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        self._qt_before = qInstallMessageHandler(self._on_qt_message)
        self._timer.start()

    def remove(self) -> None:
        """Give back what was there before."""
        self._timer.stop()
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before
            qInstallMessageHandler(self._qt_before)
            self._before = None

    # -- reporting --------------------------------------------------------------------------------

    def report(self, message: str, details: str) -> None:
        """Report a failure; may be called in any thread."""
        self._queue.put((message, details))

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, where: TracebackType | None
    ) -> None:
        details = "".join(traceback.format_exception(kind, error, where))
        _to_stderr(details)
        if not issubclass(kind, (KeyboardInterrupt, SystemExit)):
            self.report(f"{kind.__name__}: {error}", details)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        _to_stderr(f"{message}\n")
        if kind == QtMsgType.QtFatalMsg:
            # Qt ends the process when this returns: all that can be done is to keep the work.
            self._keep()
        elif kind == QtMsgType.QtCriticalMsg:
            self.report(f"Qt: {message}", f"{message}\n({context.file}:{context.line})")

    # -- showing ----------------------------------------------------------------------------------

    def show_reports(self) -> None:
        """Show what has come in since the last call."""
        while True:
            try:
                message, details = self._queue.get_nowait()
            except Empty:
                return
            self.reports += 1
            kept = self._keep_a_copy()
            if self._dialog is None:
                self._dialog = CrashDialog(kept, self._window())
                self._dialog.finished.connect(self._on_closed)
                self._dialog.open()
            if self._dialog.count < _MOST:
                self._dialog.add(message, details)

    def _keep_a_copy(self) -> bool:
        """Whether there is a copy; what fails may be just what it takes to make one."""
        try:
            return self._keep()
        except Exception:
            _to_stderr(traceback.format_exc())
            return False

    def _on_closed(self) -> None:
        self._dialog = None


def _to_stderr(text: str) -> None:
    # A program without a console has no stderr.
    if sys.stderr is not None:
        sys.stderr.write(text)
