"""What pointer and keyboard do on the network: select, point, edit, walk, open menus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QToolTip, QWidget

from nnsim.core.health import Health
from nnsim.model.project import Project
from nnsim.ui.canvas import keys, walk
from nnsim.ui.canvas.commands import Commands
from nnsim.ui.canvas.figures import Figures, value_at, weight_of
from nnsim.ui.canvas.header_band import HeaderBand
from nnsim.ui.canvas.hit import Hit
from nnsim.ui.canvas.layout import CanvasLayout
from nnsim.ui.canvas.menus import MenuBuilder, activation_menu
from nnsim.ui.canvas.number_editor import NumberEditor
from nnsim.ui.canvas.scene import NetworkScene
from nnsim.ui.canvas.surface import NUMBERS, Surface
from nnsim.ui.canvas.wording import tip_of, title_of
from nnsim.ui.controller import Controller, exists
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.parameter_drag import ParameterDrag, how_to_drag
from nnsim.ui.selection import NOTHING, Selection

ViewActions = list[tuple[str, Callable[[], object]]]


class Stage(Protocol):
    """What interaction needs of the canvas: what is shown, and how."""

    scene: NetworkScene
    surface: Surface
    band: HeaderBand
    commands: Commands
    editor: NumberEditor

    @property
    def project(self) -> Project: ...
    @property
    def figures(self) -> Figures: ...
    @property
    def arrangement(self) -> CanvasLayout | None: ...
    def toggle_layer(self, layer: str) -> None: ...
    def view_actions(self) -> ViewActions: ...
    def picture_switch(self) -> tuple[bool, Callable[[bool], object]] | None: ...


class Interaction(QObject):
    """Connects the surface's and the band's signals to selection and verbs."""

    def __init__(self, stage: Stage, controller: Controller, parent: QWidget) -> None:
        super().__init__(parent)
        self._stage, self._controller, self._widget = stage, controller, parent
        surface, band, commands = stage.surface, stage.band, stage.commands
        surface.pressed.connect(self._on_pressed)
        self.drag = ParameterDrag(controller, self)
        surface.seized.connect(lambda hit, at: self.drag.press(hit.selection, at))
        surface.dragged.connect(self.drag.move)
        surface.let_go.connect(self.drag.release)
        surface.activated.connect(self._on_activated)
        surface.pointed.connect(self._on_pointed)
        surface.menu_wanted.connect(self._on_menu)
        surface.tip_wanted.connect(self._on_tip)
        surface.key.connect(lambda event: keys.obey(self, event))
        band.selected.connect(lambda layer: controller.select(Selection.of_layer(layer)))
        band.size_wanted.connect(commands.set_size)
        band.renamed.connect(commands.rename)
        band.remove_wanted.connect(commands.remove_layer)
        band.insert_wanted.connect(commands.add_layer)
        band.menu_wanted.connect(self._on_layer_menu)
        band.activation_wanted.connect(self._open_activations)

    # -- pointer ----------------------------------------------------------------------------------

    def _on_pressed(self, hit: Hit) -> None:
        if hit.part == "mark":
            self._stage.toggle_layer(hit.selection.layer)
        else:
            self._controller.select(hit.selection)

    def _on_activated(self, hit: Hit) -> None:
        if hit.part in ("number", "edge", "bias", "neuron"):
            self._edit(hit.selection)

    def _on_pointed(self, hit: Hit) -> None:
        self._stage.scene.hover_mark(hit)
        self._controller.set_hover(NOTHING if hit.part == "mark" else hit.selection)

    def _on_tip(self, hit: Hit, at: QPoint) -> None:
        project, text = self._stage.project, ""
        if hit.part == "mark":
            text = f"Show or hide the neurons of {project.layer_name(hit.selection.layer)}"
        elif hit.part != "background":
            text = tip_of(self._controller.view.names, self._stage.figures, hit.selection, self._health())
            if hit.part in NUMBERS:
                text = f"{text}\n{how_to_drag(self._controller, hit.selection)}"
        QToolTip.showText(at, tool_tip(text), self._stage.surface.viewport())

    def _health(self) -> Health | None:
        snapshot = self._controller.snapshot
        return None if snapshot is None else snapshot.health

    def _on_layer_menu(self, layer: str, at: QPoint) -> None:
        """The menu of a layer, over its header."""
        self._on_menu(Hit(Selection.of_layer(layer)), at)

    def _on_menu(self, hit: Hit | None, at: QPoint) -> None:
        """The menu of what is under the pointer; ``None``: of the selection, by keyboard."""
        stage, surface = self._stage, self._stage.surface
        if hit is not None:
            self._controller.select(hit.selection)
        selection = self._selected()
        rect = stage.scene.rect_of(selection)
        if hit is None and rect is not None:
            at = surface.viewport().mapToGlobal(surface.on_screen(rect.center()).toPoint())
        MenuBuilder(
            self._widget, stage.project, stage.commands, selection, stage.view_actions(), self._edit,
            lambda layer: stage.band.header(layer).rename(), stage.picture_switch(),
        ).menu.popup(at)  # fmt: skip

    # -- editing ----------------------------------------------------------------------------------

    def _edit(self, selection: Selection) -> None:
        """Open a field at a weight or bias. It is selected first, so that its number has a place."""
        figures = self._stage.figures
        if selection.kind == "edge":
            at = selection.connection, selection.target, selection.source
            value, what = weight_of(figures.weights, *at), ""
        else:
            value, what = value_at(figures.layers[selection.layer].bias, selection.neuron), "Bias of "
        if value == value:  # inputs, and layers without biases, have none
            self._controller.select(selection)
            self._stage.editor.open(selection, what + title_of(self._controller.view.names, selection), value)

    def _open_activations(self, layer: str) -> None:
        button, commands = self._stage.band.header(layer).activation, self._stage.commands
        menu = activation_menu(
            self._widget, self._stage.project, layer, lambda key: commands.set_activation(layer, key)
        )
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))

    # -- keyboard (see keys.obey) -------------------------------------------------------------------

    def _selected(self) -> Selection:
        selection = self._controller.selection
        return selection if exists(self._stage.project, selection) else NOTHING

    def _selected_layer(self) -> str:
        selection = self._selected()
        return selection.layer if selection.kind in ("layer", "neuron") else ""

    def walk(self, direction: walk.Direction) -> None:
        arrangement = self._stage.arrangement
        if arrangement is not None:
            self._controller.select(walk.step(self._stage.project, arrangement, self._selected(), direction))

    def cycle_edges(self, by: int) -> None:
        self._controller.select(walk.cycle_edges(self._stage.project, self._selected(), by))

    def edit_selection(self) -> None:
        selection = self._selected()
        if selection.kind in ("neuron", "edge"):
            self._edit(selection)
        elif selection.kind == "layer" and selection.layer != self._stage.project.layers[0].id:
            self._open_activations(selection.layer)

    def remove_selection(self) -> None:
        self._stage.commands.remove(self._selected())

    def clear_selection(self) -> None:
        self._controller.select(NOTHING)

    def rename_selected_layer(self) -> None:
        layer = self._selected_layer()
        if layer:
            self._stage.band.header(layer).rename()

    def resize_selected_layer(self, by: int) -> None:
        layer = self._selected_layer()
        if layer:
            self._stage.commands.set_size(layer, self._stage.project.layer(layer).size + by)
