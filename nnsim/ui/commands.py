"""What the menus do to the document: gestures turned into verbs, by what is selected."""

from __future__ import annotations

from nnsim.model.edits.data import regenerate
from nnsim.model.edits.parameters import new_weights, start_weights
from nnsim.model.edits.structure import add_layer, add_neuron, remove_layer, remove_neuron
from nnsim.model.project import Project
from nnsim.ui.controller import Controller
from nnsim.ui.selection import NOTHING, Selection


class Commands:
    """Every method is one undoable entry, or tells why not."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    def add_layer(self) -> None:
        project = self._controller.project
        after = layer_to_follow(project, self._controller.selection)
        if self._controller.edit("Add layer", add_layer, after):
            new = {la.id for la in self._controller.project.layers} - {la.id for la in project.layers}
            self._controller.select(Selection.of_layer(new.pop()))

    def remove_layer(self) -> None:
        layer = selected_layer(self._controller.project, self._controller.selection)
        if layer:
            name = self._controller.project.layer_name(layer)
            self._controller.edit(f"Remove {name}", remove_layer, layer)

    def add_neuron(self) -> None:
        layer = selected_layer(self._controller.project, self._controller.selection)
        if layer:
            name = self._controller.project.layer_name(layer)
            self._controller.edit(f"Add neuron to {name}", add_neuron, layer)

    def remove_neuron(self) -> None:
        project, selection = self._controller.project, self._controller.selection
        layer = selected_layer(project, selection)
        if layer:
            index = selection.neuron if selection.kind == "neuron" else project.layer(layer).size - 1
            name = self._controller.view.names.neuron_of(layer, index)
            self._controller.edit(f"Remove {name}", remove_neuron, layer, index)

    def start_weights(self) -> None:
        self._controller.edit("Start weights", start_weights)

    def new_weights(self) -> None:
        self._controller.edit("New weights", new_weights)

    def new_points(self) -> None:
        self._controller.edit("New points", regenerate)

    def select_network(self) -> None:
        self._controller.select(NOTHING)

    def previous_sample(self) -> None:
        self._controller.view.set_sample(self._controller.view.sample - 1)

    def next_sample(self) -> None:
        self._controller.view.set_sample(self._controller.view.sample + 1)


def selected_layer(project: Project, selection: Selection) -> str:
    """The layer that is selected or holds what is; empty if there is none."""
    if selection.kind in ("layer", "neuron"):
        return selection.layer
    if selection.kind == "edge":
        return project.connection(selection.connection).target
    return ""


def layer_to_follow(project: Project, selection: Selection) -> str:
    """The layer after which a new one goes: the selected one, or the last before the output."""
    layer = selected_layer(project, selection)
    return layer if layer and layer != project.layers[-1].id else project.layers[-2].id


def can_remove_layer(project: Project, selection: Selection) -> bool:
    """Whether a hidden layer is selected."""
    layer = selected_layer(project, selection)
    return bool(layer) and layer not in (project.layers[0].id, project.layers[-1].id)
