"""Where the window's parts are put together: engine, session, theme, window, and how they end."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from nnsim.engine.handle import Engine
from nnsim.engine.worker import ThreadEngine
from nnsim.resources import resource_path
from nnsim.session.recovery import Left, Recovery
from nnsim.session.session import Session
from nnsim.session.settings import SettingsStore, default_path
from nnsim.ui.appearance import AppearanceControl
from nnsim.ui.banner import Message
from nnsim.ui.controller import Controller
from nnsim.ui.crash import CrashGuard
from nnsim.ui.dialogs.question import Answer, Role, ask
from nnsim.ui.fonts import load_fonts
from nnsim.ui.garbage import GarbageCollection
from nnsim.ui.main_window import MainWindow
from nnsim.ui.theme import Theme

# With Python's 5 ms the engine's thread leaves the window at 20 pictures a second.
SWITCH_INTERVAL = 0.0005

_RECOVERY_INTERVAL_MS = 10_000
_CLOSE_SECONDS = 1.5
_OPENING_SECONDS = 0.5  # that the window's first picture waits for a document


class Program:
    """One running program: built by the constructor, shown by :meth:`show`, ended by :meth:`close`."""

    def __init__(self, app: QApplication, store: SettingsStore, engine: Engine | None = None) -> None:
        self.app, self.store = app, store
        load_fonts()
        self.theme = Theme()
        self.appearance = AppearanceControl(app, self.theme, store)
        self.session = Session(ThreadEngine() if engine is None else engine, store=store)
        self.controller = Controller(self.session)
        self.window = MainWindow(self.controller, self.theme, store, self.appearance)
        folder = store.folder
        self.recovery = Recovery(None if folder is None else folder / "recovery")
        self.crash = CrashGuard(self._keep, lambda: self.window)
        self.controller.failed.connect(self.crash.report)
        self.window.files.saved.connect(self._keep_soon)
        self.window.files.opened.connect(self.recovery.discard_soon)
        self._recovery_timer = QTimer()
        self._recovery_timer.setInterval(_RECOVERY_INTERVAL_MS)
        self._recovery_timer.timeout.connect(self._keep_soon)
        self._recovery_timer.start()
        self._closed = self._interrupted = False
        store.on_problem = lambda text: self.window.banner.tell(text, "warning")

    def show(self, project: str | None = None) -> None:
        """Show the window, with a project file or an example by its name."""
        if project is not None:
            self._open(project)
        self.window.show()
        if self.store.notice is not None:
            self.window.banner.add(Message(self.store.notice, "warning", key="settings"))
        QTimer.singleShot(0, self.window, self._offer_recovered)

    def interrupt(self) -> None:
        """End without a question, as asked by a signal. Unsaved work is kept for the next start."""
        self._interrupted = True
        self._keep()
        self.window.leave()

    def close(self) -> bool:
        """Stop everything; whether the engine ended in time. May be called twice."""
        if self._closed:
            return True
        self._closed = True
        self.controller.stop()
        self._recovery_timer.stop()
        self.crash.remove()
        ended = self.session.close(_CLOSE_SECONDS)
        if self._interrupted and self.session.modified:
            self.recovery.leave()
        else:
            self.recovery.close()
        return ended

    def dispose(self) -> None:
        """Delete the window now, while Qt is whole. Nothing of this program can be used afterwards."""
        for part in (self.window, self.appearance):
            part.deleteLater()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    # -- documents --------------------------------------------------------------------------------

    def _open(self, project: str) -> None:
        """A file if there is one of this name or it looks like one, else an example."""
        path = Path(project)
        examples = {example.key for example in self.session.examples()}
        if project in examples and not path.exists():
            self.window.files.open_example_now(project)
        else:
            self.window.files.open_now(path, _OPENING_SECONDS)

    def _keep_soon(self) -> None:
        """Keep a copy of unsaved work, beside the window."""
        if self.session.modified:
            self.recovery.keep_soon(self.session.project, self.session.path)
        else:
            self.recovery.discard_soon()

    def _keep(self) -> bool:
        """Keep a copy of unsaved work now, since the program may end any moment; whether there is one."""
        if not self.session.modified:
            self.recovery.discard()
            return False
        return self.recovery.keep(self.session.project, self.session.path)

    def _offer_recovered(self) -> None:
        left = self.recovery.left()
        if not left:
            return
        found = left[0]
        when = time.strftime("%H:%M on %d %B", time.localtime(found.saved_at))
        kept = f"A project that was never saved, as it was at {when}, has been kept."
        if found.original is not None:
            kept = (
                f"Your work on “{found.original.name}”, as it was at {when}, has been kept. "
                "Opening it leaves that file as it is until you save."
            )
        ask(
            self.window, "recovered", "nnsim did not end as it should have.",
            kept,
            (
                Answer("open", "Open it", Role.AcceptRole, primary=True),
                Answer("discard", "Discard it", Role.DestructiveRole),
                Answer("later", "Decide later", Role.RejectRole, escape=True),
            ),
            lambda key: self._decide(key, found),
        )  # fmt: skip

    def _decide(self, key: str, found: Left) -> None:
        if key == "open":
            self.window.files.restore(found, lambda: self._take_over(found))
        elif key == "discard":
            found.discard()

    def _take_over(self, found: Left) -> None:
        """The old copy goes once there is a new one of the same work."""
        self.recovery.keep_soon(self.session.project, self.session.path, found.discard)


def run(project: str | None = None) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("nnsim")
    app.setDesktopFileName("nnsim")
    app.setWindowIcon(QIcon(str(resource_path("icons", "nnsim.png"))))
    garbage = GarbageCollection(app)
    program = Program(app, SettingsStore(default_path()))
    program.window.filled.connect(garbage.freeze)
    program.crash.install()
    # Leaving the last window is leaving the program, whatever dialogs think of it.
    program.window.closed.connect(app.quit)
    code = _with_signals(program, lambda: _show_and_stay(app, program, project))
    program.close()
    program.dispose()
    garbage.stop()
    return code


def _show_and_stay(app: QApplication, program: Program, project: str | None) -> int:
    program.show(project)
    return app.exec()


def _with_signals(program: Program, stay: Callable[[], int]) -> int:
    """Let Ctrl+C in the terminal and a request to end close the window in good order."""
    received: list[int] = []

    def on_signal(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        QTimer.singleShot(0, program.window, program.interrupt)

    numbers = [signal.SIGINT, signal.SIGTERM]
    before = [signal.signal(number, on_signal) for number in numbers]
    try:
        code = stay()
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
    return 128 + received[0] if received else code
