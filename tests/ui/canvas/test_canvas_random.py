"""Whatever is done to the canvas in whatever order, it stays whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu

from nnsim.engine.messages import Granularity
from nnsim.model.build import default_project
from nnsim.ui.selection import NOTHING, Selection

STEPS = 300


class Monkey:
    """Does random things by the ways a user has."""

    def __init__(self, hands: Any, seed: int) -> None:
        self.hands = hands
        self.rng = np.random.default_rng(seed)
        self.deeds: list[Callable[[], None]] = [
            self.click, self.click, self.hover, self.double_click, self.key, self.key, self.header,
            self.header, self.undo, self.undo, self.redo, self.zoom, self.menu, self.step, self.resize,
            self.theme, self.elsewhere, self.training, self.pictures, self.type, self.open_layer,
        ]  # fmt: skip

    def pick(self, things: Any) -> Any:
        found = list(things)
        return found[int(self.rng.integers(len(found)))]

    def at(self) -> QPoint:
        size = self.hands.viewport.size()
        return QPoint(int(self.rng.integers(size.width())), int(self.rng.integers(size.height())))

    def act(self) -> None:
        self.pick(self.deeds)()

    def click(self) -> None:
        key = self.pick(self.hands.canvas.scene.neurons)
        on_neuron = self.rng.random() < 0.5
        at = self.hands.neuron_at(*key) if on_neuron else self.at()
        self.hands.bench.qtbot.mouseClick(self.hands.viewport, Qt.MouseButton.LeftButton, pos=at)

    def hover(self) -> None:
        self.hands.point(self.at())

    def double_click(self) -> None:
        self.hands.double_click(self.at())

    def key(self) -> None:
        K = Qt.Key
        keys = [K.Key_Left, K.Key_Right, K.Key_Up, K.Key_Down, K.Key_E, K.Key_Delete, K.Key_Plus, K.Key_Minus,
                K.Key_Return, K.Key_Escape, K.Key_End]  # fmt: skip
        self.hands.bench.qtbot.keyClick(self.hands.surface, self.pick(keys))

    def header(self) -> None:
        layer = self.pick(self.hands.project.layers)
        button = self.pick(self.hands.header(layer.id).buttons())
        if button.objectName() != "layer_activation" and layer.size < 40:
            button.click()
        after = self.pick(self.hands.project.layers[:-1]).id
        if self.rng.random() < 0.3 and len(self.hands.project.layers) < 8:
            self.hands.canvas.band.insert_button(after).click()

    def open_layer(self) -> None:
        long = [layer.id for layer in self.hands.project.layers if layer.size > 16]
        if long:
            self.hands.canvas.toggle_layer(self.pick(long))

    def undo(self) -> None:
        self.hands.controller.session.undo()

    def redo(self) -> None:
        self.hands.controller.session.redo()

    def zoom(self) -> None:
        if self.rng.random() < 0.3:
            self.hands.canvas.fit()
        else:
            self.hands.surface.zoom_by(float(self.rng.uniform(0.3, 3.0)), QPointF(self.at()))

    def menu(self) -> None:
        self.hands.surface.menu_wanted.emit(self.hands.surface.hit(QPointF(self.at())), QPoint(5, 5))
        menu = self.hands.canvas.findChildren(QMenu, "canvas_menu")[-1]
        actions = [a for a in menu.actions() if a.isEnabled() and a.menu() is None and a.text()]
        self.pick(actions).trigger()
        menu.close()

    def step(self) -> None:
        self.hands.controller.step(Granularity.LAYER)

    def training(self) -> None:
        self.hands.controller.toggle_run()
        for _ in range(3):
            self.hands.controller.session.pull()

    def resize(self) -> None:
        self.hands.canvas.resize(int(self.rng.integers(120, 1200)), int(self.rng.integers(80, 800)))

    def theme(self) -> None:
        self.hands.theme.set_mode(self.pick(["light", "dark"]))

    def elsewhere(self) -> None:
        """What other views do: select and hover what is there, or was there."""
        project = self.hands.project
        c, n = self.pick(project.connections), int(self.rng.integers(6))
        self.hands.controller.set_hover(self.pick([NOTHING, Selection.of_edge(c.id, n, 0)]))
        self.hands.controller.select(self.pick([NOTHING, Selection.of_neuron(c.target, n)]))

    def pictures(self) -> None:
        self.hands.canvas.set_picture_mode(self.pick(["auto", "on", "off"]))

    def type(self) -> None:
        field = self.hands.field()
        if field is not None:
            self.hands.controller.session.pause()
            self.hands.controller.session.wait()
            self.hands.bench.type_into(field, self.pick(["0.5", "-3", "x", "1e9", ""]), Qt.Key.Key_Return)


@pytest.mark.parametrize(("seed", "sizes"), [(1, ()), (2, ()), (3, (64, 40, 30, 2))])
def test_random_edits_with_painting_leave_a_canvas_that_shows_the_document(
    open_canvas: Any, wide: Any, seed: int, sizes: tuple[int, ...]
) -> None:
    hands = open_canvas(wide(*sizes) if sizes else default_project(), 600, 380)
    monkey = Monkey(hands, seed)
    for _ in range(STEPS):
        monkey.act()
        hands.bench.controller.session.pull()
        hands.viewport.repaint()
    hands.controller.session.pause()
    hands.canvas.resize(700, 420)
    hands.settle()
    canvas, project = hands.canvas, hands.project
    shown = {key[0] for key in canvas.scene.neurons}
    assert shown == {layer.id for layer in project.layers}
    assert set(canvas.scene.edges.connections) == {c.id for c in project.connections}
    assert [hands.header(layer.id).count.text() for layer in project.layers] == [
        str(layer.size) for layer in project.layers
    ]
    for (layer, neuron), item in canvas.scene.neurons.items():
        assert neuron < project.layer(layer).size and item.scene() is canvas.scene
    items = len(canvas.scene.items())
    scene = canvas.scene
    parts = (scene.neurons, scene.targets, scene.marks, scene.images, scene.edges.matrices)
    connections = len(project.connections)
    # edges and their numbers, the highlight, the lens, two for the operation under way
    assert items == sum(map(len, parts)) + 2 * connections + 4
