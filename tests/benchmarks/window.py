"""How the window lives while training flat out: ``python tests/benchmarks/window.py [SECONDS]``.

Opens the whole window off screen (or where QT_QPA_PLATFORM says), trains the network the program
starts with, all docks open, and prints: ticks of a 16 ms timer a second and how late they come,
updates a second against the bare engine, the time from a click on Pause to idle, and memory.
"""

from __future__ import annotations

import gc
import os
import resource
import statistics
import sys
import time
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from nnsim.environment import use_one_blas_thread

use_one_blas_thread()

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QPushButton  # noqa: E402

from nnsim.app import SWITCH_INTERVAL, Program  # noqa: E402
from nnsim.core.trainer import Trainer  # noqa: E402
from nnsim.model.compile import compile_project  # noqa: E402
from nnsim.session.settings import SettingsStore  # noqa: E402

PAUSES = 200


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def wait(app: QApplication, seconds: float) -> None:
    """Run the window's own event loop: polling would compete with the engine for the interpreter."""
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def bare_rate(program: Program) -> float:
    """Updates a second of the engine alone, on the same document."""
    compiled = compile_project(program.session.project)
    trainer = Trainer(compiled.task, compiled.state)
    trainer.run(20_000)
    began = time.perf_counter()
    trainer.run(60_000)
    return 60_000 / (time.perf_counter() - began)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    sys.setswitchinterval(SWITCH_INTERVAL)
    app = QApplication.instance() or QApplication([])
    program = Program(app, SettingsStore(None))  # type: ignore[arg-type]
    program.window.resize(1440, 900)
    program.show()
    wait(app, 1.5)
    gc.collect()
    gc.freeze()
    gc.disable()  # as the program does; it collects from a timer
    bare = bare_rate(program)
    button = program.window.findChild(QPushButton, "run_button")
    program.session.set_speed(None)
    middle = QPoint(button.width() // 2, button.height() // 2)

    def click() -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=middle)

    ticks: list[float] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(16)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    click()
    wait(app, 2.0)
    before, steps, began = memory(), program.session.snapshot.step, time.perf_counter()
    timer.start()
    wait(app, seconds)
    timer.stop()
    took, done = time.perf_counter() - began, program.session.snapshot.step - steps
    late = [max(0.0, (b - a) * 1000 - 16.0) for a, b in pairwise(ticks)]
    print(f"ticks a second     {len(ticks) / took:8.1f}   late p50 {statistics.median(late):.1f} ms, "
          f"p99 {percentile(late, 0.99):.1f} ms, most {max(late):.1f} ms")  # fmt: skip
    print(f"updates a second   {done / took:8.0f}   {done / took / bare:.0%} of the bare engine's {bare:.0f}")
    print(f"memory             {memory() - before:+8.1f} MB in {took:.0f} s")
    stops: list[float] = []
    for _ in range(PAUSES):
        if not program.session.running:
            click()
        wait(app, 0.1)
        began = time.perf_counter()
        click()
        while program.session.busy:
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        stops.append((time.perf_counter() - began) * 1000)
    print(f"click to idle      p50 {statistics.median(stops):.1f} ms, p99 {percentile(stops, 0.99):.1f} ms")
    program.close()
    program.window.leave()


def memory() -> float:
    """Memory in use, MB."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
