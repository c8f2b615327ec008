"""The verbs: everything a user can do to a project, as pure functions from project to project.

A verb checks its arguments before it makes anything and raises :class:`~nnsim.model.errors.EditError`
with a sentence if they cannot be used. It never changes the project it is given, shares all parts
it leaves alone, and returns the very same project if there is nothing to change.
"""

from nnsim.model.edits.data import (
    choose_data,
    data_fit_problem,
    regenerate,
    set_data_options,
    set_features,
    set_scaling,
    set_train_share,
)
from nnsim.model.edits.parameters import (
    new_weights,
    set_bias,
    set_bias_frozen,
    set_layer_frozen,
    set_weight,
    set_weight_frozen,
    start_weights,
)
from nnsim.model.edits.structure import (
    add_layer,
    add_neuron,
    remove_layer,
    remove_neuron,
    rename_layer,
    set_activation,
    set_bias_kind,
    set_layer_size,
)
from nnsim.model.edits.suggestion import use_suggested_network
from nnsim.model.edits.table import add_sample, import_table, remove_samples, set_cell
from nnsim.model.edits.target_kind import set_target_kind
from nnsim.model.edits.training import set_notes, set_seed, set_title, set_training

__all__ = [
    "add_layer",
    "add_neuron",
    "add_sample",
    "choose_data",
    "data_fit_problem",
    "import_table",
    "new_weights",
    "regenerate",
    "remove_layer",
    "remove_neuron",
    "remove_samples",
    "rename_layer",
    "set_activation",
    "set_bias",
    "set_bias_frozen",
    "set_bias_kind",
    "set_cell",
    "set_data_options",
    "set_features",
    "set_layer_frozen",
    "set_layer_size",
    "set_notes",
    "set_scaling",
    "set_seed",
    "set_target_kind",
    "set_title",
    "set_train_share",
    "set_training",
    "set_weight",
    "set_weight_frozen",
    "start_weights",
    "use_suggested_network",
]
