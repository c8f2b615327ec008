"""What going back costs: ``python tests/benchmarks/time_travel.py``.

On a 2-4-2-1 network, 100,000 batches of 10: what keeping the past costs the engine (flat out, in slices
as it runs them, with and without; medians of ratios taken turn by turn), the memory of the past, the
time to compute moments at random, and the time until a moment asked for in the whole window is on
screen.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from nnsim.environment import use_one_blas_thread

use_one_blas_thread()

import tracemalloc  # noqa: E402

from PySide6.QtCore import QEventLoop  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from nnsim.app import SWITCH_INTERVAL, Program  # noqa: E402
from nnsim.core.tape import Tape  # noqa: E402
from nnsim.core.trainer import Position, Trainer  # noqa: E402
from nnsim.model.build import default_project  # noqa: E402
from nnsim.model.compile import compile_project  # noqa: E402
from nnsim.session.settings import SettingsStore  # noqa: E402

STEPS, SEEKS, ROUNDS = 100_000, 200, 15


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def said(name: str, milliseconds: list[float]) -> None:
    print(
        f"{name:30} p50 {statistics.median(milliseconds):.2f} ms, "
        f"p99 {percentile(milliseconds, 0.99):.2f} ms, most {max(milliseconds):.2f} ms"
    )


def cost_of_keeping(slice_steps: int) -> None:
    """Slices of the engine with and without keeping, turn by turn."""
    compiled = compile_project(default_project())
    trainer, tape = Trainer(compiled.task, compiled.state), Tape(compiled.task, compiled.state)

    def seconds(keep: bool) -> float:
        began = time.perf_counter()
        for _ in range(60):
            trainer.run(slice_steps)
            if keep:
                tape.keep(trainer)
        return time.perf_counter() - began

    seconds(True)
    ratios = [seconds(True) / seconds(False) for _ in range(ROUNDS)]
    print(f"{'keeping costs':30} {statistics.median(ratios) - 1.0:+.2%} of the engine's time")


def moments() -> None:
    compiled = compile_project(default_project())
    trainer, tape = Trainer(compiled.task, compiled.state), Tape(compiled.task, compiled.state)
    began = time.perf_counter()
    trainer.run(2000)
    slice_steps = max(int(0.003 / ((time.perf_counter() - began) / 2000)), 1)
    cost_of_keeping(slice_steps)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    trainer, tape = Trainer(compiled.task, compiled.state), Tape(compiled.task, compiled.state)
    own = tracemalloc.get_traced_memory()[0]
    while trainer.step < STEPS:
        trainer.run(min(slice_steps, STEPS - trainer.step))
        tape.keep(trainer)
    tape.rest(trainer)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    print(f"{'memory of the past':30} {(held - own) / 1e6:.2f} MB (slices of {slice_steps} steps; "
          f"its own estimate {tape.bytes / 1e6:.2f} MB; trainer {(own - before) / 1e6:.2f} MB)")  # fmt: skip
    chance = random.Random(1)
    times = []
    for _ in range(SEEKS):
        to = Position(chance.randrange(STEPS), chance.randrange(len(trainer.plan)), 1)
        began = time.perf_counter()
        tape.seek(trainer, to)
        times.append((time.perf_counter() - began) * 1000)
    said("a moment at random", times)


def on_screen() -> None:
    sys.setswitchinterval(SWITCH_INTERVAL)
    app = QApplication.instance() or QApplication([])
    program = Program(app, SettingsStore(None))  # type: ignore[arg-type]
    program.window.resize(1440, 900)
    program.show()
    program.window.fill()
    session = program.session

    def settle() -> None:
        while not session.settled:
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    session.set_speed(None)
    session.run(STEPS // 25)
    settle()
    chance = random.Random(2)
    for name, place in (
        ("a moment on screen", lambda: (chance.randrange(STEPS), 0, 0)),
        ("an operation on screen", lambda: (STEPS // 2, chance.randrange(8), 1)),
    ):
        times = []
        for _ in range(60):
            target = Position(*place())
            began = time.perf_counter()
            session.seek(*target)
            settle()
            app.processEvents()  # paints
            times.append((time.perf_counter() - began) * 1000)
        said(name, times)
    program.close()
    program.window.leave()


if __name__ == "__main__":
    moments()
    on_screen()
