"""``nnsim --self-test``: whether this installation works, from files to pictures, without a display.

Opens an example, trains it in the engine's thread, saves, reopens, compares bytes, shows the window
off screen and looks at the picture.
"""

from __future__ import annotations

import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from nnsim.app import SWITCH_INTERVAL, Program
from nnsim.io import project_file
from nnsim.session.settings import SettingsStore
from nnsim.ui.dialogs.help import versions
from nnsim.ui.fonts import font_files, load_fonts
from nnsim.ui.theme import MONO_FAMILY, SYMBOL_FAMILY, UI_FAMILY

EXAMPLE = "circle"
EPOCHS = 60

_PATIENCE = 60.0  # seconds
_COLORS = 100  # a blank window has a handful


class SelfTestError(Exception):
    """Something does not work. The message says what."""


def run() -> int:
    """Run all checks and print what they found; 0 if all is well, else 1."""
    print(versions())
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["nnsim"])
    try:
        for line in check(app):
            print(f"  {line}")
    except SelfTestError as error:
        print(f"self-test failed: {error}", file=sys.stderr)
        return 1
    except Exception as error:  # whatever fails is what is looked for
        traceback.print_exc()
        print(f"self-test failed: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    finally:
        sys.setswitchinterval(interval)
    print("self-test passed")
    return 0


def check(app: QApplication) -> Iterator[str]:
    """Do the checks one by one; yields what each found. Raises :class:`SelfTestError`."""
    yield _fonts()
    program = Program(app, SettingsStore(None))
    try:
        yield _trains(app, program)
        yield _saves(program)
        yield _shows(app, program)
    finally:
        program.window.leave()
        ended = program.close()
        program.dispose()
    _require(ended, "the engine's thread did not end")


def _fonts() -> str:
    families = load_fonts()
    missing = {UI_FAMILY, MONO_FAMILY, SYMBOL_FAMILY} - set(families)
    _require(not missing, f"these fonts cannot be loaded: {', '.join(sorted(missing))}")
    return f"{len(font_files())} fonts loaded"


def _trains(app: QApplication, program: Program) -> str:
    session = program.session
    _require(program.window.files.open_example_now(EXAMPLE), f"the example {EXAMPLE} cannot be opened")
    _wait(app, lambda: session.settled, "nothing was computed")
    assert session.snapshot is not None
    before, epoch = session.snapshot.train_loss, session.snapshot.epoch
    session.set_speed(None)
    failures: list[str] = []
    program.controller.failed.connect(lambda message, _: failures.append(message))
    began = time.perf_counter()
    session.run(EPOCHS)
    _wait(app, lambda: session.settled, "training did not end")
    seconds = time.perf_counter() - began
    _require(not failures, f"the engine failed: {'; '.join(failures)}")
    after, reached = session.snapshot.train_loss, session.snapshot.epoch
    _require(reached == epoch + EPOCHS, f"training ended at epoch {reached}, not {epoch + EPOCHS}")
    _require(after < 0.5 * before, f"the loss did not fall: {before:.6f} → {after:.6f}")
    return f"{EXAMPLE}: {EPOCHS} epochs in {seconds:.2f} s, loss {before:.6f} → {after:.6f}"


def _saves(program: Program) -> str:
    session = program.session
    with tempfile.TemporaryDirectory(prefix="nnsim-self-test-") as folder:
        first, second = Path(folder, "first.nnsim"), Path(folder, "second.nnsim")
        session.save_as(first)
        session.open(first)
        session.save_as(second)
        size = first.stat().st_size
        _require(first.read_bytes() == second.read_bytes(), "what was saved is not what was opened")
        weights = project_file.load(second)[0].parameters.weights
        kept = all((weights[key] == w).all() for key, w in session.project.parameters.weights.items())
        _require(kept, "the weights have changed on the way to the file")
    return f"saved, reopened and saved again: the same {size:,} bytes"


def _shows(app: QApplication, program: Program) -> str:
    window = program.window
    window.resize(1280, 720)
    program.show()
    window.fill()
    _wait(app, lambda: program.session.settled and window.isVisible(), "the window did not come up")
    for _ in range(3):  # panels ask for pictures when they are shown
        program.session.pull()
        app.processEvents()
    picture = window.grab().toImage()
    colors = len(set(_pixels(picture)))
    _require(colors >= _COLORS, f"the window is blank: {colors} colors in its picture")
    _require(program.crash.reports == 0, "an error was reported")
    return f"window drawn at {picture.width()} × {picture.height()} with {colors} colors"


def _pixels(picture: QImage, stride: int = 3) -> Iterator[int]:
    for y in range(0, picture.height(), stride):
        for x in range(0, picture.width(), stride):
            yield picture.pixel(x, y)


def _wait(app: QApplication, condition: Callable[[], bool], complaint: str) -> None:
    end = time.monotonic() + _PATIENCE
    while not condition():
        _require(time.monotonic() < end, complaint)
        app.processEvents()
        time.sleep(0.002)


def _require(condition: bool, complaint: str) -> None:
    if not condition:
        raise SelfTestError(complaint)
