"""What can be done against an ill network with one click, as undoable edits."""

from __future__ import annotations

from nnsim.core.activations import ACTIVATIONS
from nnsim.model.edits import new_weights, set_activation, set_scaling, set_training, start_weights
from nnsim.model.project import Project
from nnsim.ui.controller import Controller

# Key → the button's words.
LABELS = {
    "halve_rate": "Halve the learning rate",
    "tenth_rate": "A tenth of it",
    "restart_slower": "Start again at half the rate",
    "new_weights": "New weights",
    "leaky_relu": "Use leaky ReLU",
    "relu": "Use ReLU",
    "sigmoid": "Use sigmoid",
    "cross_entropy": "Use cross-entropy",
    "scale_inputs": "Scale inputs to 0…1",
}


def apply(controller: Controller, key: str, layer: str = "") -> bool:
    """Do it; whether it was done (if not, a notice says why). ``layer`` is where an activation goes."""
    rate = controller.project.training.learning_rate
    if key == "halve_rate":
        return controller.edit("Halve the learning rate", set_training, learning_rate=rate / 2.0)
    if key == "tenth_rate":
        return controller.edit("A tenth of the learning rate", set_training, learning_rate=rate / 10.0)
    if key == "restart_slower":
        return controller.edit("Start again at half the rate", _restart_slower)
    if key == "new_weights":
        return controller.edit("New weights", new_weights)
    if key == "cross_entropy":
        return controller.edit("Loss: cross-entropy", set_training, loss="bce_mean")
    if key == "scale_inputs":
        return controller.edit("Scaling: 0 to 1", set_scaling, "minmax")
    name = controller.project.layer_name(layer)
    return controller.edit(f"{name}: {ACTIVATIONS[key].label}", set_activation, layer, key)


def _restart_slower(project: Project) -> Project:
    """Back to the start weights, with half the learning rate."""
    return start_weights(set_training(project, learning_rate=project.training.learning_rate / 2.0))
