"""Leaving at any moment ends the process in good order."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

import pytest

# The real program, which closes its window after so many milliseconds; perhaps in the middle of a run.
_SCRIPT = """
import sys
from PySide6.QtCore import QTimer
from nnsim import app

after, running = int(sys.argv[1]), sys.argv[2] == "run"
show = app.Program.show

def show_and_leave(program, project=None):
    show(program, project)
    QTimer.singleShot(after, program.window, program.window.leave)
    if running:
        program.session.set_speed(None)
        QTimer.singleShot(after // 2, program.window, program.session.run)

app.Program.show = show_and_leave
code = app.run()
print("ended", flush=True)
sys.exit(code)
"""


def quit_at_random_moments(count: int, seed: int) -> list[float]:
    """Start and leave the program so often; returns how long the processes needed after "ended"."""
    rng = random.Random(seed)
    took = []
    for _ in range(count):
        arguments = [str(rng.randrange(600)), rng.choice(("run", "rest"))]
        process = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", "-c", _SCRIPT, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )  # fmt: skip
        assert process.stdout is not None
        said = process.stdout.readline()
        began = time.monotonic()
        _, errors = process.communicate(timeout=60)
        took.append(time.monotonic() - began)
        assert process.returncode == 0, (arguments, process.returncode, errors)
        assert said == "ended\n" and not _complaints(errors), (arguments, errors)
    return took


def _complaints(errors: str) -> list[str]:
    """What was written to the terminal, but for what every off-screen window says."""
    return [line for line in errors.splitlines() if "propagateSizeHints" not in line]


@pytest.mark.timeout(120)
def test_leaving_at_a_random_moment_ends_the_process_in_good_order() -> None:
    quit_at_random_moments(3, seed=1)
