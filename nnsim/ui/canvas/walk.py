"""Walking the network by keyboard: from neuron to neuron, and along its edges. No Qt."""

from __future__ import annotations

from typing import Literal

from nnsim.model.project import Connection, Project
from nnsim.ui.canvas.layout import CanvasLayout
from nnsim.ui.selection import Selection

Direction = Literal["left", "right", "up", "down", "first", "last"]


def step(project: Project, layout: CanvasLayout, now: Selection, direction: Direction) -> Selection:
    """Where an arrow key leads from ``now``; ``now`` itself where there is nothing more."""
    if now.kind == "edge":
        return _from_edge(project, now, direction)
    if now.kind == "neuron":
        return _from_neuron(project, layout, now, direction)
    layer = now.layer if now.kind == "layer" else project.layers[0].id
    if now.kind == "layer" and direction in ("left", "right"):
        index = project.layer_index(layer) + (1 if direction == "right" else -1)
        return Selection.of_layer(project.layers[min(max(index, 0), len(project.layers) - 1)].id)
    return Selection.of_neuron(layer, 0)


def _from_neuron(project: Project, layout: CanvasLayout, now: Selection, direction: Direction) -> Selection:
    if direction in ("left", "right"):
        index = project.layer_index(now.layer) + (1 if direction == "right" else -1)
        if not 0 <= index < len(project.layers):
            return now
        return _beside(layout, now, project.layers[index].id)
    last = project.layer(now.layer).size - 1
    neuron = {"up": now.neuron - 1, "down": now.neuron + 1, "first": 0, "last": last}[direction]
    return Selection.of_neuron(now.layer, min(max(neuron, 0), last))


def _beside(layout: CanvasLayout, now: Selection, layer: str) -> Selection:
    """The neuron of ``layer`` at the height of ``now``."""
    here, there = layout.column(now.layer), layout.column(layer)
    y = here.y_of(now.neuron)
    at = float(here.at[0]) if y is None else y
    nearest = min(range(len(there.neurons)), key=lambda i: abs(float(there.at[i]) - at))
    return Selection.of_neuron(layer, int(there.neurons[nearest]))


def _from_edge(project: Project, now: Selection, direction: Direction) -> Selection:
    c = project.connection(now.connection)
    if direction == "left":
        return Selection.of_neuron(c.source, now.source)
    if direction == "right":
        return Selection.of_neuron(c.target, now.target)
    last = project.layer(c.source).size - 1
    source = {"up": now.source - 1, "down": now.source + 1, "first": 0, "last": last}[direction]
    return Selection.of_edge(c.id, now.target, min(max(source, 0), last))


def cycle_edges(project: Project, now: Selection, by: int) -> Selection:
    """The next (``by`` 1) or the one before (−1) of the edges into a neuron, round and round."""
    if now.kind == "edge":
        layer, neuron = project.connection(now.connection).target, now.target
    elif now.kind == "neuron":
        layer, neuron = now.layer, now.neuron
    else:
        return now
    edges = [
        Selection.of_edge(c.id, neuron, source)
        for c in project.incoming(layer)
        for source in range(_size_of_source(project, c))
    ]
    if not edges:
        return now
    if now.kind != "edge":
        return edges[0 if by > 0 else -1]
    return edges[(edges.index(now) + by) % len(edges)] if now in edges else edges[0]


def _size_of_source(project: Project, connection: Connection) -> int:
    return project.layer(connection.source).size
