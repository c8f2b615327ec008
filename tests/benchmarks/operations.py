"""How long one operation takes from the key to the screen: ``python tests/benchmarks/operations.py``.

Opens the whole window off screen (or where QT_QPA_PLATFORM says) with a 2-8-8-8-1 network, all docks
open, and presses the key for a step as often as the step has operations, forward and back. The time is
from the press until the window has painted the operation's numbers; where it is spent is printed too.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from nnsim.environment import use_one_blas_thread

use_one_blas_thread()

from PySide6.QtCore import QEventLoop, Qt, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QPushButton  # noqa: E402

from nnsim.app import SWITCH_INTERVAL, Program  # noqa: E402
from nnsim.model.build import build  # noqa: E402
from nnsim.session.settings import SettingsStore  # noqa: E402

SIZES = (2, 8, 8, 8, 1)
STEPS = 300


def wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def press(app: QApplication, program: Program, modifier: Qt.KeyboardModifier) -> tuple[float, float, float]:
    """Press the key; milliseconds until the numbers are there, until they are painted, and of the
    latter those that the window itself has worked (what remains is waiting, for the engine, for the
    display's next frame, and for a busy machine)."""
    began, worked = time.perf_counter(), time.thread_time()
    QTest.keyClick(program.window.canvas.surface, Qt.Key.Key_Space, modifier)
    while not program.session.settled:
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    there = time.perf_counter()
    app.processEvents()  # paints what has changed
    return (there - began) * 1000, (time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000


def say(what: str, values: list[float]) -> None:
    ordered = sorted(values)
    middle, late = statistics.median(values), ordered[int(len(ordered) * 0.99)]
    print(f"{what:<26} p50 {middle:5.1f} ms   p99 {late:5.1f} ms   most {ordered[-1]:5.1f} ms")


def main() -> None:
    sys.setswitchinterval(SWITCH_INTERVAL)
    app = QApplication.instance() or QApplication([])
    program = Program(app, SettingsStore(None))  # type: ignore[arg-type]
    program.window.resize(1440, 900)
    program.show()
    wait(1.5)
    program.window.activateWindow()  # keys go to the active window only
    program.session.replace_document(build(SIZES, ("tanh",) * 4))
    button = program.window.findChild(QPushButton, "step_size_operation")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait(1.0)
    program.window.canvas.surface.setFocus()
    gc.collect()
    gc.freeze()
    gc.disable()  # as the program does; it collects from a timer
    for what, modifier in (
        ("forward", Qt.KeyboardModifier.NoModifier), ("back", Qt.KeyboardModifier.ShiftModifier),
    ):  # fmt: skip
        before = program.session.snapshot
        times = [press(app, program, modifier) for _ in range(STEPS)]
        assert program.session.snapshot is not before, "the key does nothing"
        for i, name in enumerate(("numbers there", "on screen", "the window's work")):
            say(f"{what}: {name}", [time[i] for time in times])
    print(program.window.docks["calculation"].windowTitle())
    program.close()
    program.window.leave()


if __name__ == "__main__":
    main()
