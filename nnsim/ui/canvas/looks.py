"""How each neuron and each number on an edge looks, from the figures that may be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan

import numpy as np

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.arrays import Array, BoolArray, IntArray
from nnsim.model.project import Project
from nnsim.ui.canvas.chip_places import Placed
from nnsim.ui.canvas.chips_item import Chip
from nnsim.ui.canvas.figures import Figures, LayerFigures, value_at
from nnsim.ui.canvas.inks import Inks
from nnsim.ui.canvas.layout import CanvasLayout, Column
from nnsim.ui.canvas.neuron_item import NeuronLook
from nnsim.ui.canvas.pictures import LayerPicture
from nnsim.ui.canvas.wording import chip_text, node_text
from nnsim.ui.numbers import UNKNOWN
from nnsim.ui.selection import NOTHING, Selection


@dataclass(frozen=True, slots=True)
class Attention:
    """What is looked at: the selected thing and the one under the pointer."""

    selection: Selection = NOTHING
    hover: Selection = NOTHING

    def both(self) -> tuple[Selection, ...]:
        """Both, without those that are nothing in particular."""
        return tuple(dict.fromkeys(s for s in (self.selection, self.hover) if s.kind != "network"))

    def is_lit(self, connection: str, target: int, source: int) -> bool:
        """Whether this edge itself is looked at."""
        return Selection.of_edge(connection, target, source) in (self.selection, self.hover)


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Pictures by layer id, and the sample in view as shares of a picture's sides."""

    layers: Mapping[str, LayerPicture] = field(default_factory=dict)
    dot: tuple[float, float] | None = None


def neuron_looks(
    project: Project,
    layout: CanvasLayout,
    column: Column,
    names: Sequence[str],
    figures: Figures,
    pictures: Pictures,
    attention: Attention,
    inks: Inks,
    close: bool = False,
) -> list[NeuronLook]:
    """The looks of a column's neurons, in the order of ``column.neurons``; with their values even
    where the layout has no room for them, if one looks so ``close`` that they are legible."""
    layer = project.layer(column.layer)
    f = figures.layers[column.layer]
    measure = _measure(layer.activation, f.a)
    frozen = project.frozen.biases.get(column.layer)
    marked = marked_neurons(project, attention)
    is_input = column.layer == project.layers[0].id
    picture = pictures.layers.get(column.layer) if layout.pictures else None
    looks = []
    for place, i in enumerate(map(int, column.neurons)):
        a = value_at(f.a, i)
        under, is_delta = _under(layout, f, i)
        looks.append(
            NeuronLook(
                names[i],
                _value(layout, a, is_input, close and picture is None),
                under,
                _over(layout, f, i),
                is_delta,
                inks.fill(a / measure),
                picture,
                i if picture is None or picture.smooth else place,
                pictures.dot if layout.pictures else None,
                f.is_reached(i),
                f.ringed,
                *marked.get((column.layer, i), (False, False)),
                frozen is not None and bool(frozen[i]),
                (column.layer, i) in figures.ill,
            )
        )
    return looks


def _measure(activation: str, a: Array | None) -> float:
    """What counts as a fully coloured activation: 1, or the layer's largest where that is larger."""
    if a is None or not len(a):
        return 1.0
    if activation in ACTIVATIONS and abs(ACTIVATIONS[activation].high) <= 1.0:
        return 1.0
    largest = float(np.abs(np.nan_to_num(a, nan=0.0, posinf=1e300, neginf=-1e300)).max())
    return max(1.0, largest)


def _value(layout: CanvasLayout, a: float, given: bool, close: bool) -> str:
    """The text of an activation; a given one (an input) without the zeros at its end."""
    if layout.detail not in ("full", "brief") and not close:
        return ""
    if isnan(a):
        return UNKNOWN
    room = 7 if layout.detail == "full" else 5 if layout.pictures else 6
    return node_text(a, room, trim=given)


def _under(layout: CanvasLayout, f: LayerFigures, i: int) -> tuple[str, bool]:
    """(text beneath the neuron, whether it is δ). A circle with room has its δ above instead."""
    delta = value_at(f.delta, i)
    above = layout.detail == "full" and not layout.pictures
    if layout.detail in ("full", "brief") and not isnan(delta) and not above:
        return f"δ {node_text(delta, 7 if layout.detail == 'full' else 6)}", True
    bias = value_at(f.bias, i)
    room = layout.detail == "full" or (layout.detail == "brief" and not layout.pictures)
    if isnan(bias) or not room:
        return "", False
    return f"b {chip_text(bias)}", False


def _over(layout: CanvasLayout, f: LayerFigures, i: int) -> str:
    delta = value_at(f.delta, i)
    if isnan(delta) or layout.detail != "full" or layout.pictures:
        return ""
    return f"← δ = {node_text(delta, 7)}"


def marked_neurons(project: Project, attention: Attention) -> dict[tuple[str, int], tuple[bool, bool]]:
    """(layer, index) of the neurons that are looked at → (selected, hovered): those selected or under
    the pointer, those of a selected layer, and both ends of an edge that is looked at."""
    chosen, hover = attention.selection, attention.hover
    selected: set[tuple[str, int]] = set()
    hovered: set[tuple[str, int]] = set()
    if chosen.kind == "layer":
        selected.update((chosen.layer, i) for i in range(project.layer(chosen.layer).size))
    elif chosen.kind == "neuron":
        selected.add((chosen.layer, chosen.neuron))
    if hover.kind == "neuron":
        hovered.add((hover.layer, hover.neuron))
    for s in attention.both():
        if s.kind == "edge":
            c = project.connection(s.connection)
            hovered.update(((c.target, s.target), (c.source, s.source)))
    return {key: (key in selected, key in hovered) for key in selected | hovered}


@dataclass(frozen=True, slots=True, eq=False)
class EdgeNumbers:
    """What is written on the edges of one connection: arrays in the order of its edges (m,)."""

    connection: str
    target: IntArray
    source: IntArray
    weights: Array
    gradients: Array | None
    frozen: BoolArray | None

    def chips(self, places: IntArray, placed: Placed, attention: Attention) -> list[Chip]:
        """Chips for the edges at ``places`` (k,), ``placed`` being where the k numbers go."""
        made = []
        for (x, y), i in zip(placed.centres.tolist(), map(int, places), strict=True):
            gradient = ""
            if self.gradients is not None and placed.size.under and not isnan(self.gradients[i]):
                gradient = f"∂ {node_text(float(self.gradients[i]), 7)}"
            lit = attention.is_lit(self.connection, int(self.target[i]), int(self.source[i]))
            frozen = self.frozen is not None and bool(self.frozen[i])
            made.append(Chip(i, x, y, chip_text(float(self.weights[i])), gradient, frozen, lit))
        return made
