"""How long it takes to start: from the process to the first picture, and what imports take of it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from measure import Spread
from page import Row

TITLE = "Start"
ABOUT = (
    "Milliseconds from starting a process to the moment named, the interpreter's own start included; off "
    "screen, files in the system's cache, the median of several starts."
)
STARTS = 7
ROOT = Path(__file__).resolve().parents[2]

# The process says when it is there: waiting for its end would count its leaving too.
_SAY = "import os, time; print(time.time(), flush=True); os._exit(0)"
_PROGRAM = """
from nnsim.environment import use_one_blas_thread
use_one_blas_thread()
from PySide6.QtWidgets import QApplication
from nnsim.app import Program
from nnsim.session.settings import SettingsStore
app = QApplication([])
program = Program(app, SettingsStore(None))
program.show()
"""
_PICTURE = (
    _PROGRAM
    + """
from PySide6.QtCore import QEvent, QObject, QTimer
def painted():
    import os, time
    print(time.time(), flush=True)
    os._exit(0)
class First(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, painted)  # before the window's own, which fills it
        return False
first = First()
program.window.installEventFilter(first)
app.exec()
"""
)
_WHOLE = (
    _PROGRAM
    + """
program.window.filled.connect(app.quit)
app.exec()
app.processEvents()
"""
)
# What is started → the code whose end is the moment.
MOMENTS = {
    "the interpreter alone": "",
    "NumPy imported": "import numpy",
    "the arithmetic imported": "import nnsim.core.trainer",
    "the command line imported": "import nnsim.cli",
    "the window's first picture": _PICTURE,
    "the whole window": _WHOLE,
}


def rows(say: Callable[[str], None]) -> list[Row]:
    found = []
    for name, code in MOMENTS.items():
        say(name)
        if code.startswith(_PROGRAM) and importlib.util.find_spec("PySide6") is None:
            found.append(Row(name, note="PySide6 is not installed here"))
            continue
        seconds = [_start(code) for _ in range(STARTS)]
        found.append(Row(name, unit="ms", ours=Spread.of([s * 1e3 for s in seconds])))
    return found


def _start(code: str) -> float:
    """Seconds to the end of ``code`` in a new process."""
    environ = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", f"{code}\n{_SAY}"]
    began = time.time()
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1]) - began
