"""What gestures on the canvas do to the document: verbs, with the names their undo entries get."""

from __future__ import annotations

from nnsim.core.activations import ACTIVATIONS
from nnsim.model.edits import parameters, structure
from nnsim.model.notation import DocumentNames
from nnsim.model.project import Project
from nnsim.ui.canvas.wording import is_frozen, weight_name
from nnsim.ui.controller import Controller
from nnsim.ui.parameter_drag import give_parameter
from nnsim.ui.selection import NOTHING, Selection


class Commands:
    """Every method is one undoable entry; what cannot be done is said in a notice by the controller.
    All return whether it was done."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    @property
    def _project(self) -> Project:
        return self._controller.project

    @property
    def names(self) -> DocumentNames:
        """How quantities are written."""
        return self._controller.view.names

    def _layer_name(self, layer: str) -> str:
        return self._project.layer_name(layer)

    # -- layers -----------------------------------------------------------------------------------

    def add_layer(self, after: str) -> bool:
        """A hidden layer after this one; it is selected."""
        before = {layer.id for layer in self._project.layers}
        if not self._controller.edit("Add layer", structure.add_layer, after):
            return False
        added = [layer.id for layer in self._project.layers if layer.id not in before]
        self._controller.select(Selection.of_layer(added[0]) if added else NOTHING)
        return True

    def remove_layer(self, layer: str) -> bool:
        return self._controller.edit(f"Remove {self._layer_name(layer)}", structure.remove_layer, layer)

    def set_size(self, layer: str, size: int) -> bool:
        """So many neurons."""
        change = size - self._project.layer(layer).size
        what = {1: "Add neuron to", -1: "Remove neuron from"}.get(change, "Size of")
        return self._controller.edit(
            f"{what} {self._layer_name(layer)}", structure.set_layer_size, layer, size
        )

    def rename(self, layer: str, name: str) -> bool:
        return self._controller.edit(f"Rename {self._layer_name(layer)}", structure.rename_layer, layer, name)

    def set_activation(self, layer: str, key: str) -> bool:
        label = ACTIVATIONS[key].label
        return self._controller.edit(
            f"{label} in {self._layer_name(layer)}", structure.set_activation, layer, key
        )

    def freeze_layer(self, layer: str, frozen: bool) -> bool:
        what = "Freeze" if frozen else "Unfreeze"
        return self._controller.edit(
            f"{what} {self._layer_name(layer)}", parameters.set_layer_frozen, layer, frozen
        )

    # -- neurons and weights ----------------------------------------------------------------------

    def remove_neuron(self, layer: str, neuron: int) -> bool:
        """Without this neuron; its neighbour is selected, so that a keyboard can go on from there."""
        name = self.names.neuron_of(layer, neuron)
        if not self._controller.edit(f"Remove {name}", structure.remove_neuron, layer, neuron):
            return False
        last = self._project.layer(layer).size - 1
        self._controller.select(Selection.of_neuron(layer, min(neuron, last)))
        return True

    def set_number(self, selection: Selection, value: float, merge: str | None = None) -> bool:
        """The selected weight, or the selected neuron's bias."""
        return give_parameter(self._controller, selection, value, merge)

    def toggle_frozen(self, selection: Selection) -> bool:
        """Freeze the selected weight or bias, or let training change it again."""
        frozen = not is_frozen(self._project, selection)
        what = "Freeze" if frozen else "Unfreeze"
        if selection.kind == "edge":
            return self._controller.edit(
                f"{what} weight {weight_name(self.names, selection)}", parameters.set_weight_frozen,
                selection.connection, selection.target, selection.source, frozen,
            )  # fmt: skip
        name = self.names.neuron_of(selection.layer, selection.neuron)
        return self._controller.edit(
            f"{what} bias of {name}", parameters.set_bias_frozen, selection.layer, selection.neuron, frozen
        )

    def remove(self, selection: Selection) -> bool:
        """The selected neuron or layer, as Delete does."""
        if selection.kind == "neuron":
            return self.remove_neuron(selection.layer, selection.neuron)
        return selection.kind == "layer" and self.remove_layer(selection.layer)
