"""The canvas against the number of edges: ``python tests/benchmarks/canvas.py [SECONDS]``, or a part of
all.py.

Frames while training flat out, panning and zooming; hit test, pointing and layout.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from nnsim.environment import use_one_blas_thread  # noqa: E402

use_one_blas_thread()

import numpy as np  # noqa: E402
from measure import Spread  # noqa: E402
from page import Row  # noqa: E402
from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer  # noqa: E402
from PySide6.QtGui import QWheelEvent  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from nnsim.app import SWITCH_INTERVAL  # noqa: E402
from nnsim.core.datasets.base import Samples  # noqa: E402
from nnsim.engine.worker import ThreadEngine  # noqa: E402
from nnsim.model.build import build  # noqa: E402
from nnsim.model.project import Data, Project  # noqa: E402
from nnsim.session.session import Session  # noqa: E402
from nnsim.ui.canvas.edge_geometry import edge_table, edges_of  # noqa: E402
from nnsim.ui.canvas.layout import arrange  # noqa: E402
from nnsim.ui.canvas.view import NetworkCanvas  # noqa: E402
from nnsim.ui.controller import Controller  # noqa: E402
from nnsim.ui.fonts import load_fonts  # noqa: E402
from nnsim.ui.style import apply_style  # noqa: E402
from nnsim.ui.theme import Theme  # noqa: E402

TITLE = "Canvas"
ABOUT = (
    "Milliseconds of the window's thread for one frame of the canvas (970 × 580 pixels, Qt's raster "
    "engine): taking the newest numbers, deciding what has changed and painting it, while the engine "
    "trains flat out in its thread; the same while the picture is dragged or zoomed at every frame, by 4 % "
    "to and fro, and between 25 % and 400 %; and while the wheel zooms it between these and nothing trains. "
    "The time counts waiting for the interpreter and for the processor; what the thread itself computed "
    "in it stands beside it. Layers of more than 16 neurons are shown by their "
    "ends, unless the row says opened."
)
SIZE = 970, 620
SECONDS = 3.0
_POINTS = 60
_SIXTY, _THIRTY, _AT_ONCE = 1000 / 60, 1000 / 30, 2.0
_FURTHEST, _NEAREST, _WAY = 0.25, 4.0, 71  # zooms, and frames from one to the other, 4 % each
_NOTCH = 120  # eighths of a degree


V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Work:
    """A network and how it is shown; ``most`` is what a frame may take, in milliseconds."""

    name: str
    sizes: tuple[int, ...]
    most: float
    opened: bool = False


WORKS = (
    Work("50 edges (5-5-5)", (5, 5, 5), _SIXTY),
    Work("1,000 edges (ten layers of 10 over 10)", (10,) * 11, _SIXTY),
    Work("10,000 edges (100-50-50-50)", (100, 50, 50, 50), _THIRTY, opened=True),
    Work("101,632 edges (784-128-10)", (784, 128, 10), _THIRTY),
    Work("101,632 edges, opened", (784, 128, 10), _THIRTY, opened=True),
)


class Clock:
    """Milliseconds that passed, and those of them in which this thread computed, each time it is used."""

    def __init__(self) -> None:
        self.passed: list[float] = []
        self.computed: list[float] = []

    def __enter__(self) -> None:
        self._began = time.perf_counter(), time.thread_time()

    def __exit__(self, *_error: object) -> None:
        passed, computed = self._began
        self.passed.append((time.perf_counter() - passed) * 1000)
        self.computed.append((time.thread_time() - computed) * 1000)


@dataclass(frozen=True, slots=True)
class Measured:
    """One result; ``most`` is the target in milliseconds."""

    work: str
    clock: Clock
    most: float
    note: str = ""


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def network(sizes: tuple[int, ...]) -> Project:
    """A network of these sizes on 256 random samples of as many columns."""
    rng = np.random.default_rng(0)
    wanted = np.arange(256)[:, None] % sizes[-1] == np.arange(sizes[-1])
    samples = Samples(rng.normal(size=(256, sizes[0])), wanted.astype(np.float64))
    return build(sizes, "tanh", Data("table", samples=samples))


def wait(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


class Stage:
    """A canvas in a window of its own, with the engine in its thread."""

    def __init__(self, work: Work) -> None:
        self.theme = Theme()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_style(app, self.theme)
        self.session = Session(ThreadEngine(), network(work.sizes))
        self.controller = Controller(self.session)
        self.closer = True  # the way the wheel turns
        self.canvas = NetworkCanvas(self.controller, self.theme)
        self.canvas.resize(*SIZE)
        self.canvas.show()
        wait(0.5)
        if work.opened:
            for layer in self.session.project.layers:
                if layer.size > 16:
                    self.canvas.toggle_layer(layer.id)
        wait(0.3)
        self.controller.stop()  # from here on frames are made by hand

    def close(self) -> None:
        self.session.close()
        self.canvas.close()
        self.canvas.deleteLater()

    def paint(self) -> None:
        """Let everything that has changed be painted now."""
        QApplication.processEvents()

    def frames(self, seconds: float, move: Callable[[int], object] | None = None) -> tuple[Clock, float]:
        """(times of every frame of a run, frames a second), the picture being moved in each if so wanted."""
        clock = Clock()

        def frame() -> None:
            with clock:
                self.session.pull()
                if move is not None:
                    move(len(clock.passed))
                self.canvas.surface.viewport().update(0, 0, 1, 1)  # painted, however little changed
                self.paint()

        timer = QTimer()
        timer.setInterval(16)
        timer.timeout.connect(frame)
        timer.start()
        began = time.perf_counter()
        wait(seconds)
        rate = len(clock.passed) / (time.perf_counter() - began)
        timer.stop()
        return clock, rate

    def run(self) -> None:
        """Train flat out, beyond the first moments in which everything changes."""
        self.session.set_speed(None)
        self.session.run()
        self.frames(1.0)

    def drag(self, i: int) -> None:
        self.canvas.surface.pan_by(QPointF(5 if i % 20 < 10 else -5, 3 if i % 30 < 15 else -3))

    def zoom(self, i: int) -> None:
        self.canvas.surface.zoom_by(1.04 if i % 20 < 10 else 1 / 1.04)

    def zoom_far(self, i: int) -> None:
        """From the furthest zoom to the nearest and back."""
        share = abs((i % (2 * _WAY)) / _WAY - 1.0)
        wanted = _FURTHEST * (_NEAREST / _FURTHEST) ** share
        self.canvas.surface.zoom_by(wanted / self.canvas.zoom())

    def turn_wheel(self, _frame: int) -> None:
        """A notch of the wheel; the other way at either end."""
        if not _FURTHEST < self.canvas.zoom() < _NEAREST:
            self.closer = self.canvas.zoom() <= _FURTHEST
        viewport = self.canvas.surface.viewport()
        at, turn = viewport.rect().center(), QPoint(0, _NOTCH if self.closer else -_NOTCH)
        event = QWheelEvent(
            QPointF(at), QPointF(viewport.mapToGlobal(at)), QPoint(), turn, Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(viewport, event)

    def stop(self) -> None:
        self.session.pause()
        while self.session.busy:
            self.session.pull()
            time.sleep(0.001)
        self.paint()

    def points(self) -> list[QPointF]:
        """Places all over the picture."""
        size = self.canvas.surface.viewport().size()
        rng = np.random.default_rng(1)
        return [QPointF(x * size.width(), y * size.height()) for x, y in rng.random((_POINTS, 2)).tolist()]

    def point(self, at: QPointF) -> None:
        """What a move of the pointer does before anything is painted."""
        self.controller.set_hover(self.canvas.surface.hit(at).selection)

    def lay_out(self, _time: int) -> None:
        """Find the place of every neuron and edge shown."""
        project = self.session.project
        layout = arrange(self.canvas._opened.rows(project), *SIZE, self.canvas.arrangement.pictures)
        size = {layer.id: layer.size for layer in project.layers}
        for c in project.connections:
            edges_of(c.id, c.source, c.target, edge_table(c.kind, size[c.source], size[c.target]), layout)


def each(values: Iterable[V], act: Callable[[V], object]) -> Clock:
    """What ``act`` takes of every value."""
    clock = Clock()
    for value in values:
        with clock:
            act(value)
    return clock


def measured(seconds: float, say: Callable[[str], object]) -> Iterator[Measured]:
    """All results."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    load_fonts()
    interval, collecting = sys.getswitchinterval(), gc.isenabled()
    sys.setswitchinterval(SWITCH_INTERVAL)
    for work in WORKS:
        say(f"canvas: {work.name}")
        stage = Stage(work)
        gc.collect()
        gc.disable()  # as the program does; it collects from a timer
        stage.run()
        running: dict[str, Callable[[int], object] | None] = {
            "training": None, "panning": stage.drag, "zooming": stage.zoom, "zooming far": stage.zoom_far,
        }  # fmt: skip
        for deed, move in running.items():
            clock, rate = stage.frames(seconds, move)
            yield Measured(f"{deed}, {work.name}", clock, work.most, f"{rate:.0f} frames a second")
        stage.stop()
        clock, rate = stage.frames(seconds, stage.turn_wheel)
        yield Measured(f"zooming at rest, {work.name}", clock, work.most, f"{rate:.0f} frames a second")
        stage.canvas.fit()
        points = stage.points()
        yield Measured(f"hit test, {work.name}", each(points, stage.canvas.surface.hit), _AT_ONCE)
        yield Measured(f"pointing, {work.name}", each(points, stage.point), _AT_ONCE)
        yield Measured(f"layout, {work.name}", each(range(20), stage.lay_out), _AT_ONCE)
        stage.close()
        wait(0.1)
        if collecting:
            gc.enable()
    sys.setswitchinterval(interval)


def rows(say: Callable[[str], object]) -> list[Row]:
    """The results for the page: medians and quartiles, the slowest frames and what was computed."""
    found = []
    for m in measured(SECONDS, say):
        p99, computing = percentile(m.clock.passed, 0.99), percentile(m.clock.computed, 0.5)
        note = "; ".join(filter(None, [f"p99 {p99:.1f} ms, computing {computing:.2f} ms", m.note]))
        found.append(Row(m.work, unit="ms", ours=Spread.of(m.clock.passed), target=m.most, note=note))
    return found


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    print(f"{'milliseconds':62s}{'p50':>8s}{'p99':>8s}{'computing, p50':>16s}")
    for m in measured(seconds, lambda text: None):
        p50, p99 = percentile(m.clock.passed, 0.5), percentile(m.clock.passed, 0.99)
        print(
            f"{m.work:62s}{p50:8.2f}{p99:8.2f}{percentile(m.clock.computed, 0.5):16.2f}  {m.note}", flush=True
        )


if __name__ == "__main__":
    main()
