"""Between quantities, which count by index, and selections, which go by the document's ids.

Free of Qt widgets: documents and values only.
"""

from __future__ import annotations

from nnsim.core.explain.quantity import Quantity
from nnsim.model.project import Project
from nnsim.ui.selection import NOTHING, Selection


def selection_of(project: Project, quantity: Quantity | None) -> Selection:
    """The neuron or edge a quantity belongs to; ``NOTHING`` for the loss, rates, and unknown ones."""
    q = quantity
    if q is None:
        return NOTHING
    if q.connection is not None:
        if not 0 <= q.connection < len(project.connections) or q.neuron is None or q.source is None:
            return NOTHING
        return Selection.of_edge(project.connections[q.connection].id, q.neuron, q.source)
    layer = len(project.layers) - 1 if q.kind == "y" else 0 if q.kind == "x" else q.layer
    if layer is None or q.neuron is None or not 0 <= layer < len(project.layers):
        return NOTHING
    return Selection.of_neuron(project.layers[layer].id, q.neuron)


def belongs(project: Project, quantity: Quantity | None, selection: Selection) -> bool:
    """Whether a quantity is one of the neuron or edge ``selection``."""
    return (
        quantity is not None
        and selection.kind in ("neuron", "edge")
        and (selection_of(project, quantity) == selection)
    )
