"""What the canvas says in words: names of quantities, tool tips, text for screen readers."""

from __future__ import annotations

from math import isnan

from nnsim.model.project import Project, neuron_name
from nnsim.ui.canvas.figures import Figures, value_at, weight_of
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


def weight_name(project: Project, selection: Selection) -> str:
    """``w h₁ ← x₂``."""
    c = project.connection(selection.connection)
    target = neuron_name(project, c.target, selection.target)
    return f"w {target} ← {neuron_name(project, c.source, selection.source)}"


def title_of(project: Project, selection: Selection) -> str:
    """What a selection is called: ``Neuron h₁ · Hidden 1``."""
    if selection.kind == "neuron":
        name = neuron_name(project, selection.layer, selection.neuron)
        return f"Neuron {name} · {project.layer_name(selection.layer)}"
    if selection.kind == "edge":
        return f"Weight {weight_name(project, selection)[2:]}"
    if selection.kind == "layer":
        return f"Layer {project.layer_name(selection.layer)}"
    return "Network"


def lines_of(project: Project, figures: Figures, selection: Selection) -> list[tuple[str, float]]:
    """(symbol, number) of everything that may be seen of a neuron or an edge now."""
    if selection.kind == "neuron":
        return _neuron_lines(figures, selection)
    if selection.kind == "edge":
        return _edge_lines(figures, selection)
    return []


def _neuron_lines(figures: Figures, selection: Selection) -> list[tuple[str, float]]:
    layer, i = figures.layers[selection.layer], selection.neuron
    rows = [
        ("z", value_at(layer.z, i) if layer.reached else float("nan")),
        ("a", value_at(layer.a, i) if layer.reached else float("nan")),
        ("b", value_at(layer.bias, i)),
        ("δ = ∂C/∂z", value_at(layer.delta, i)),
        ("∂C/∂b", value_at(figures.bias_gradients.get(selection.layer), i)),
    ]
    return [(symbol, value) for symbol, value in rows if not isnan(value)]


def _edge_lines(figures: Figures, selection: Selection) -> list[tuple[str, float]]:
    at = selection.connection, selection.target, selection.source
    rows = [
        ("w", weight_of(figures.weights, *at)),
        ("∂C/∂w", weight_of(figures.gradients, *at)),
        ("∂C/∂w of the batch", weight_of(figures.batch_gradients, *at)),
    ]
    return [(symbol, value) for symbol, value in rows if symbol == "w" or not isnan(value)]


def tip_of(project: Project, figures: Figures, selection: Selection) -> str:
    """The tool tip's plain text, numbers with all their digits."""
    rows = [f"{symbol} = {exact(v)}" for symbol, v in lines_of(project, figures, selection)]
    if is_frozen(project, selection):
        rows.append("frozen: training leaves it as it is")
    return "\n".join([title_of(project, selection), *rows])


def spoken(project: Project, figures: Figures, selection: Selection) -> str:
    """What a screen reader says of the selection."""
    if selection.kind == "network":
        shape = ", ".join(f"{project.layer_name(la.id)} {la.size}" for la in project.layers)
        return f"Network: {shape}. Arrow keys walk from neuron to neuron, Enter edits, E goes to the weights."
    if selection.kind == "layer":
        layer = project.layer(selection.layer)
        return f"{title_of(project, selection)}, {layer.size} neurons, {layer.activation}."
    rows = [f"{symbol} {shown(value, 4)}" for symbol, value in lines_of(project, figures, selection)]
    frozen = ["frozen"] if is_frozen(project, selection) else []
    return ", ".join([title_of(project, selection), *rows, *frozen])


def is_frozen(project: Project, selection: Selection) -> bool:
    """Whether the selected weight, or the selected neuron's bias, is frozen."""
    s, marks = selection, project.frozen
    if s.kind == "edge":
        return weight_of(marks.weights, s.connection, s.target, s.source) == 1.0
    return s.kind == "neuron" and value_at(marks.biases.get(s.layer), s.neuron) == 1.0
