"""Hands to use the canvas with: real events, at the places where things are drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from nnsim.core.datasets.base import Samples
from nnsim.model.build import build
from nnsim.model.project import Data, Project, Training
from nnsim.ui.canvas.canvas_button import CanvasButton
from nnsim.ui.canvas.inline_field import InlineField
from nnsim.ui.canvas.layer_header import LayerHeader
from nnsim.ui.canvas.view import NetworkCanvas
from nnsim.ui.selection import Selection

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def worked_example() -> Project:
    """Two inputs, two hidden neurons, two outputs, one sample: the best-known worked example."""
    data = Data("table", train_share=1.0, samples=Samples(np.array([[0.05, 0.1]]), np.array([[0.01, 0.99]])))
    weights: Any = [([[0.15, 0.2], [0.25, 0.3]], [0.35, 0.35]), ([[0.4, 0.45], [0.5, 0.55]], [0.6, 0.6])]
    return build((2, 2, 2), "sigmoid", data, Training(learning_rate=0.5, batch_size=1), weights=weights)


class Hands:
    """A canvas in a window, its controller, and gestures on it."""

    def __init__(self, bench: Any, width: int, height: int) -> None:
        self.bench = bench
        self.controller, self.theme = bench.controller, bench.theme
        self.canvas: NetworkCanvas = bench.show(NetworkCanvas, width, height)
        self.surface = self.canvas.surface
        self.viewport = self.surface.viewport()

    @property
    def project(self) -> Project:
        return self.controller.project

    def settle(self) -> None:
        """Until everything is shown; during a run, until the next numbers are."""
        if self.controller.running:
            self.controller.session.pull()
            QApplication.processEvents()
        else:
            self.bench.settle()

    # -- places -----------------------------------------------------------------------------------

    def on_screen(self, at: QPointF) -> QPoint:
        return self.surface.on_screen(at).toPoint()

    def neuron_at(self, layer: str, neuron: int) -> QPoint:
        rect = self.canvas.scene.rect_of(Selection.of_neuron(layer, neuron))
        assert rect is not None, f"neuron {neuron} of {layer} is not shown"
        return self.on_screen(rect.center())

    def number_at(self, selection: Selection) -> QPoint:
        rect = self.canvas.scene.number_rect(selection)
        assert rect is not None, f"{selection} is not shown"
        return self.on_screen(rect.center())

    def edge_at(self, connection: str, target: int, source: int, share: float) -> QPoint:
        """A point on an edge, ``share`` of the way along it."""
        c = self.project.connection(connection)
        layout = self.canvas.arrangement
        assert layout is not None
        a, b = layout.column(c.source), layout.column(c.target)
        y1, y2 = a.y_of(source), b.y_of(target)
        assert y1 is not None and y2 is not None
        x1, x2 = a.x + layout.node, b.x - layout.node
        return self.on_screen(QPointF(x1 + share * (x2 - x1), y1 + share * (y2 - y1)))

    # -- pointer ----------------------------------------------------------------------------------

    def click(self, at: QPoint, button: Qt.MouseButton = LEFT) -> None:
        self.bench.qtbot.mouseClick(self.viewport, button, NONE, at)
        self.settle()

    def double_click(self, at: QPoint) -> None:
        self.bench.qtbot.mouseClick(self.viewport, LEFT, NONE, at)
        self.bench.qtbot.mouseDClick(self.viewport, LEFT, NONE, at)
        self.settle()

    def point(self, at: QPoint) -> None:
        self._mouse(QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton)
        self.settle()

    def drag(self, start: QPoint, end: QPoint, button: Qt.MouseButton = LEFT) -> None:
        self._mouse(QEvent.Type.MouseButtonPress, start, button, button)
        for share in (0.3, 0.7, 1.0):
            at = QPointF(start) + (QPointF(end) - QPointF(start)) * share
            self._mouse(QEvent.Type.MouseMove, at.toPoint(), Qt.MouseButton.NoButton, button)
        self._mouse(QEvent.Type.MouseButtonRelease, end, button, Qt.MouseButton.NoButton)
        self.settle()

    def _mouse(self, kind: QEvent.Type, at: QPoint, button: Qt.MouseButton, buttons: Qt.MouseButton) -> None:
        where = QPointF(at)
        event = QMouseEvent(kind, where, QPointF(self.viewport.mapToGlobal(at)), button, buttons, NONE)
        QApplication.sendEvent(self.viewport, event)

    def wheel(self, at: QPoint, angle: int) -> None:
        event = QWheelEvent(
            QPointF(at), QPointF(self.viewport.mapToGlobal(at)), QPoint(), QPoint(0, angle),
            Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(self.viewport, event)
        self.settle()

    # -- keyboard and parts -------------------------------------------------------------------------

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        for key in keys:
            self.bench.qtbot.keyClick(self.surface, key, modifier)
        self.settle()

    def header(self, layer: str) -> LayerHeader:
        return self.canvas.band.header(layer)

    def push(self, button: CanvasButton) -> None:
        """Click a button of the band."""
        self.bench.click(button)

    def field(self) -> InlineField | None:
        """The field open in the picture."""
        return self.canvas.editor.field

    def type(self, text: str, end: Qt.Key | None = Qt.Key.Key_Return) -> None:
        """Type into the open field."""
        field = self.field()
        assert field is not None, "no field is open"
        self.bench.type_into(field, text, end)

    def focus(self) -> QWidget | None:
        return QApplication.focusWidget()


@pytest.fixture
def open_canvas(open_bench: Callable[..., Any]) -> Callable[..., Hands]:
    """``open_canvas(project, width, height)`` shows a project on a canvas."""

    def open_one(project: Project | None = None, width: int = 700, height: int = 420) -> Hands:
        return Hands(open_bench(project), width, height)

    return open_one


@pytest.fixture
def hands(open_canvas: Callable[..., Hands]) -> Hands:
    """The worked example on a canvas."""
    return open_canvas(worked_example())


@pytest.fixture
def wide() -> Callable[..., Project]:
    """Makes a network of the given sizes, with as many inputs and outputs as its data."""

    def make(*sizes: int) -> Project:
        rng = np.random.default_rng(0)
        samples = Samples(rng.normal(size=(12, sizes[0])), rng.normal(size=(12, sizes[-1])))
        return build(sizes, "tanh", Data("table", samples=samples))

    return make
