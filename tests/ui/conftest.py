"""A controller with the engine inline and hands to use a widget with; and the whole program."""

from __future__ import annotations

import importlib.util
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from nnsim.app import SWITCH_INTERVAL, Program
from nnsim.core.datasets.base import Samples
from nnsim.engine.handle import Engine
from nnsim.engine.inline import InlineEngine
from nnsim.engine.worker import ThreadEngine
from nnsim.model.build import build
from nnsim.model.project import Data, Project, Training
from nnsim.session.session import Session
from nnsim.session.settings import SettingsStore
from nnsim.ui.controller import Controller
from nnsim.ui.style import apply_style
from nnsim.ui.theme import Theme

W = TypeVar("W", bound=QWidget)


class Bench:
    """One session with its controller, and the widget under test."""

    def __init__(self, qtbot: QtBot, project: Project | None) -> None:
        self.qtbot = qtbot
        self.session = Session(InlineEngine(), project)
        self.controller = Controller(self.session)
        self.theme = Theme("light")
        self.notices: list[tuple[str, str]] = []
        self.controller.notice.connect(lambda text, kind: self.notices.append((text, kind)))
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_style(app, self.theme)
        self.widget: QWidget | None = None

    @property
    def project(self) -> Project:
        return self.session.project

    def show(self, make: Callable[[Controller, Theme], W], width: int = 300, height: int = 700) -> W:
        """Make a widget and show it."""
        widget = make(self.controller, self.theme)
        widget.resize(width, height)
        self.qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        self.qtbot.waitUntil(widget.isActiveWindow)
        self.widget = widget
        self.settle()
        return widget

    def settle(self) -> None:
        """Until the engine is idle and everything it reported is shown."""
        self.session.wait()
        for _ in range(2):  # what was asked for without changing the document
            self.session.pull()
        QApplication.processEvents()

    def find(self, kind: type[W], name: str) -> W:
        """The part with this object name."""
        assert self.widget is not None
        found = self.widget.window().findChild(kind, name)
        assert found is not None, f"there is no {name}"
        return found

    def type_into(self, field: QWidget, text: str, end: Qt.Key | None = Qt.Key.Key_Return) -> None:
        """Replace what a field holds, then press ``end``."""
        field.setFocus(Qt.FocusReason.TabFocusReason)
        for letter in text:  # QTest types ASCII only
            for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
                QApplication.sendEvent(field, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))
        if end is not None:
            self.qtbot.keyClick(field, end)
        self.settle()

    def click(self, widget: QWidget, **where: Any) -> None:
        """Click the left button on a widget."""
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, **where)
        self.settle()

    def close(self) -> None:
        self.controller.stop()
        self.session.close()


@pytest.fixture
def open_bench(qtbot: QtBot) -> Iterator[Callable[..., Bench]]:
    """``open_bench(project)`` gives a bench; all are closed at the end."""
    benches: list[Bench] = []

    def open_one(project: Project | None = None) -> Bench:
        benches.append(Bench(qtbot, project))
        return benches[-1]

    yield open_one
    for bench in benches:
        bench.close()


@pytest.fixture
def bench(open_bench: Callable[..., Bench]) -> Bench:
    """A bench with the document the program starts with."""
    return open_bench()


def _worked_example(**training: Any) -> Project:
    """The best-known worked example of backpropagation: two inputs, two hidden, two outputs."""
    samples = Samples(np.array([[0.05, 0.1], [0.2, 0.75]]), np.array([[0.01, 0.99], [0.99, 0.01]]))
    return build(
        (2, 2, 2), "sigmoid", Data("table", features=("x1", "x2"), train_share=1.0, samples=samples),
        Training(**{"loss": "sse_half", "learning_rate": 0.5, "batch_size": 1, "shuffle": False, **training}),
        weights=[([[0.15, 0.2], [0.25, 0.3]], [0.35, 0.35]), ([[0.4, 0.45], [0.5, 0.55]], [0.6, 0.6])],
    )  # fmt: skip


@pytest.fixture
def worked_example() -> Callable[..., Project]:
    """``worked_example(**training)`` makes the project."""
    return _worked_example


def _load(name: str) -> Any:
    """A module beside this file that is no test."""
    spec = importlib.util.spec_from_file_location(f"ui_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


Page = _load("page").Page


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    """Where the program under test keeps its settings."""
    return tmp_path / "settings" / "settings.json"


@pytest.fixture
def open_page(
    qtbot: QtBot, settings_file: Path, caplog: pytest.LogCaptureFixture
) -> Iterator[Callable[..., Any]]:
    """``open_page(project=None, size=(1280, 720), threaded=True)`` starts the whole program.

    A second call with the same settings is a second start. At the end nothing may be left: no window,
    no error that was reported or logged, an engine that ended in time.
    """
    before = set(QApplication.topLevelWidgets())
    programs: list[Program] = []
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)

    def open_one(
        project: str | None = None, size: tuple[int, int] = (1280, 720), threaded: bool = True
    ) -> Any:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        engine: Engine = ThreadEngine() if threaded else InlineEngine()
        program = Program(app, SettingsStore(settings_file), engine)
        programs.append(program)
        program.window.resize(*size)
        program.show(project)
        program.window.fill()
        program.window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is not None)
        page = Page(qtbot, program)
        page.wait_until_idle()
        return page

    yield open_one
    for program in programs:
        program.window.leave()
        assert program.close(), "the engine did not end in time"
        assert program.crash.reports == 0, "an error was reported"
        program.dispose()
    qtbot.waitUntil(lambda: not [w for w in set(QApplication.topLevelWidgets()) - before if w.isVisible()])
    sys.setswitchinterval(interval)
    errors = [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]
    assert not errors, errors


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    """The program as it starts for the first time."""
    return open_page()
