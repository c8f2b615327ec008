"""What the canvas says in words: names of quantities, tool tips, text for screen readers."""

from __future__ import annotations

from math import isnan

from nnsim.core.health import Health
from nnsim.model.notation import DocumentNames
from nnsim.model.project import Project
from nnsim.ui.canvas.figures import Figures, value_at, weight_of
from nnsim.ui.health_words import notes_of_neuron
from nnsim.ui.numbers import exact, short, shown
from nnsim.ui.selection import Selection


def chip_text(value: float) -> str:
    """A number of at most six characters, for the box on an edge."""
    size = abs(value)
    if (size < 0.005 and value != 0.0) or size >= 1e4:
        return shown(value, 2) if isnan(value) or size == float("inf") else _power(value)
    return shown(value, 2 if size < 100 else 1 if size < 1000 else 0)


def _power(value: float) -> str:
    mantissa, power = f"{value:.0e}".split("e")
    return f"{mantissa}e{int(power)}".replace("-", "−")


def node_text(value: float, room: int, trim: bool = False) -> str:
    """A value in at most ``room`` characters: with 4 decimals, or as many as there is room for.
    ``trim`` drops zeros at the end."""
    for digits in (4, 3, 2, 1, 0):
        text = (short if trim else shown)(value, digits)
        if len(text) <= room and "e" not in text:
            return text
    return _power(value)


def weight_name(names: DocumentNames, selection: Selection) -> str:
    """The weight beside the word: ``h₁ ← x₂``."""
    return names.weight(selection.connection, selection.target, selection.source)


def title_of(names: DocumentNames, selection: Selection) -> str:
    """What a selection is called: ``Neuron h₁ · Hidden 1``."""
    project = names.project
    if selection.kind == "neuron":
        name = names.neuron_of(selection.layer, selection.neuron)
        return f"Neuron {name} · {project.layer_name(selection.layer)}"
    if selection.kind == "edge":
        return f"Weight {weight_name(names, selection)}"
    if selection.kind == "layer":
        return f"Layer {project.layer_name(selection.layer)}"
    return "Network"


def lines_of(names: DocumentNames, figures: Figures, selection: Selection) -> list[tuple[str, float]]:
    """(symbol, number) of everything that may be seen of a neuron or an edge now."""
    if selection.kind == "neuron":
        return _neuron_lines(names, figures, selection)
    if selection.kind == "edge":
        return _edge_lines(names, figures, selection)
    return []


def _neuron_lines(names: DocumentNames, figures: Figures, selection: Selection) -> list[tuple[str, float]]:
    layer, i = figures.layers[selection.layer], selection.neuron
    rows = [
        (names.sum_letter, value_at(layer.z, i) if layer.reached else float("nan")),
        (names.activation_letter, value_at(layer.a, i) if layer.reached else float("nan")),
        (names.bias_letter, value_at(layer.bias, i)),
        (f"{names.delta_letter} = ∂C/∂{names.sum_letter}", value_at(layer.delta, i)),
        (f"∂C/∂{names.bias_letter}", value_at(figures.bias_gradients.get(selection.layer), i)),
    ]
    return [(symbol, value) for symbol, value in rows if not isnan(value)]


def _edge_lines(names: DocumentNames, figures: Figures, selection: Selection) -> list[tuple[str, float]]:
    at = selection.connection, selection.target, selection.source
    w = names.weight_letter
    rows = [
        (w, weight_of(figures.weights, *at)),
        (f"∂C/∂{w}", weight_of(figures.gradients, *at)),
        (f"∂C/∂{w} of the batch", weight_of(figures.batch_gradients, *at)),
    ]
    return [(symbol, value) for symbol, value in rows if symbol == w or not isnan(value)]


def tip_of(names: DocumentNames, figures: Figures, selection: Selection, health: Health | None = None) -> str:
    """The tool tip's plain text, numbers with all their digits."""
    rows = [f"{symbol} = {exact(v)}" for symbol, v in lines_of(names, figures, selection)]
    rows += ill_words(names, health, selection)
    if is_frozen(names.project, selection):
        rows.append("frozen: training leaves it as it is")
    return "\n".join([title_of(names, selection), *rows])


def ill_words(names: DocumentNames, health: Health | None, selection: Selection) -> list[str]:
    """What keeps the selected neuron from learning, a sentence each."""
    if selection.kind != "neuron":
        return []
    return [note.title for note in notes_of_neuron(names, health, selection.layer, selection.neuron)]


def spoken(names: DocumentNames, figures: Figures, selection: Selection, health: Health | None = None) -> str:
    """What a screen reader says of the selection."""
    project = names.project
    if selection.kind == "network":
        shape = ", ".join(f"{project.layer_name(la.id)} {la.size}" for la in project.layers)
        return f"Network: {shape}. Arrow keys walk from neuron to neuron, Enter edits, E goes to the weights."
    if selection.kind == "layer":
        layer = project.layer(selection.layer)
        return f"{title_of(names, selection)}, {layer.size} neurons, {layer.activation}."
    rows = [f"{symbol} {shown(value, 4)}" for symbol, value in lines_of(names, figures, selection)]
    frozen = ["frozen"] if is_frozen(project, selection) else []
    ill = ill_words(names, health, selection)
    return ", ".join([title_of(names, selection), *rows, *ill, *frozen])


def is_layer_frozen(project: Project, layer: str) -> bool:
    """Whether training leaves all weights into a layer, and its biases, as they are."""
    masks = [project.frozen.weights[c.id] for c in project.incoming(layer)]
    masks += [project.frozen.biases[layer]] if layer in project.frozen.biases else []
    return bool(masks) and all(bool(mask.all()) for mask in masks)


def is_frozen(project: Project, selection: Selection) -> bool:
    """Whether the selected weight, or the selected neuron's bias, is frozen."""
    s, marks = selection, project.frozen
    if s.kind == "edge":
        return weight_of(marks.weights, s.connection, s.target, s.source) == 1.0
    return s.kind == "neuron" and value_at(marks.biases.get(s.layer), s.neuron) == 1.0
