"""Makes the README's pictures: ``python packaging/screenshots.py`` writes ``resources/screenshots``.

The real program, off screen: trained through its own engine, in light and dark, in two sizes.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from nnsim.environment import use_one_blas_thread  # noqa: E402

use_one_blas_thread()

from PySide6.QtWidgets import QApplication  # noqa: E402

from nnsim.app import Program  # noqa: E402
from nnsim.engine.messages import Granularity  # noqa: E402
from nnsim.session.settings import SettingsStore  # noqa: E402
from nnsim.ui.selection import Selection  # noqa: E402

TARGET = ROOT / "resources" / "screenshots"
SIZES = ((1280, 720), (1920, 1080))
MODES = ("light", "dark")
_PATIENCE = 60.0


def settle(app: QApplication, program: Program, seconds: float = 1.0) -> None:
    """Until the engine is at rest and the window has painted what it showed."""
    end = time.monotonic() + _PATIENCE
    quiet = time.monotonic() + seconds
    while time.monotonic() < quiet or (program.session.busy and time.monotonic() < end):
        app.processEvents()
        time.sleep(0.002)


def circle(app: QApplication, program: Program) -> None:
    """The start-up network after training."""
    program.session.open_example("circle")
    settle(app, program)
    program.session.run(150)
    settle(app, program)
    program.controller.select(Selection.of_neuron("L2", 0))


def mazur(app: QApplication, program: Program) -> None:
    """The best-known worked example at the first δ of its backward pass, by single operations."""
    program.session.open_example("mazur")
    settle(app, program)
    while program.session.snapshot is None or program.session.snapshot.phase < 3:
        program.session.step(Granularity.LAYER)
        settle(app, program, 0.1)
    for _ in range(3):
        program.session.step(Granularity.OPERATION)
        settle(app, program, 0.1)
    program.controller.select(Selection.of_neuron("L2", 0))


SCENES: dict[str, Callable[[QApplication, Program], None]] = {"circle": circle, "mazur": mazur}


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    for mode in MODES:
        for width, height in SIZES:
            store = SettingsStore(None)
            store.update(appearance=mode, hints_done=("run",))
            program = Program(app, store)
            program.window.resize(width, height)
            program.show()
            program.session.set_speed(None)
            for name, prepare in SCENES.items():
                prepare(app, program)
                settle(app, program)
                path = TARGET / f"{name}-{mode}-{width}x{height}.png"
                program.window.grab().save(str(path))
                print(path.relative_to(ROOT))
            program.window.leave()
            program.close()
            program.dispose()


if __name__ == "__main__":
    main()
