"""What was found about a network's health, in words: what it is, what it means, and what to try."""

from __future__ import annotations

from dataclasses import dataclass

from nnsim.core.health import EXPLODING, FLAT, MOST, TOO_FAR, VANISHING, WRONG, Ailment, Finding, Health
from nnsim.model.notation import DocumentNames
from nnsim.model.project import Project
from nnsim.ui.numbers import short

_MOST_NAMES = 4
_LARGE = 5.0  # an input beyond this saturates a neuron with quite ordinary weights
_LOOK_AT = 50  # samples that tell how large inputs are


@dataclass(frozen=True, slots=True)
class Note:
    """``title`` and ``text`` are sentences; ``remedies`` are keys of :mod:`nnsim.ui.remedies`, to be
    offered as buttons; ``layer`` is the layer's id. ``rule`` says exactly when this is said."""

    ailment: Ailment
    layer: str
    title: str
    text: str
    rule: str
    remedies: tuple[str, ...] = ()


def notes_of_neuron(names: DocumentNames, health: Health | None, layer: str, neuron: int) -> list[Note]:
    """What there is to say of one neuron."""
    if not _fits(names.project, health):
        return []
    assert health is not None
    index = names.project.layer_index(layer)
    found = health.of_neuron(index, neuron)
    return [_of_neuron(names.project, health, f) for f in found]


def notes_of_layer(names: DocumentNames, health: Health | None, layer: str) -> list[Note]:
    """What there is to say of a layer: of itself, and of its neurons taken together."""
    if not _fits(names.project, health):
        return []
    assert health is not None
    index = names.project.layer_index(layer)
    notes = [_of_layer(names.project, health, f) for f in health.of_layer(index)]
    whole = {note.ailment for note in notes}
    for ailment in (Ailment.DEAD, Ailment.SATURATED):
        ill = [
            f for f in health.findings if f.ailment is ailment and f.layer == index and f.neuron is not None
        ]
        if ill and ailment not in whole:
            notes.append(_of_several(names, health, ill))
    return notes


def notes_of_network(names: DocumentNames, health: Health | None) -> list[Note]:
    """The notes of all layers, in their order, each naming its layer."""
    return [note for layer in names.project.layers for note in notes_of_layer(names, health, layer.id)]


def _fits(project: Project, health: Health | None) -> bool:
    """Whether this is of the present network: a snapshot can be a moment older."""
    return health is not None and [len(s) for s in health.saturated] == [la.size for la in project.layers]


# -- neurons --------------------------------------------------------------------------------------


def _of_neuron(project: Project, health: Health, f: Finding) -> Note:
    layer, of = project.layers[f.layer], _samples(health)
    if f.ailment is Ailment.DEAD:
        return Note(
            f.ailment, layer.id, f"Dead: 0 in all {of}.",
            "A ReLU that lets nothing through has slope 0: no gradient comes past, so it cannot come back by "
            "itself. Try new weights, a smaller learning rate, or a leaky ReLU.",
            _RULES[f.ailment], ("new_weights", "leaky_relu"),
        )  # fmt: skip
    is_output = f.layer == len(project.layers) - 1
    share = f"{100.0 * f.share:.0f} %"
    if is_output:
        return Note(
            f.ailment, layer.id, "Stuck at the wrong end."
            if health.of == 1
            else f"Stuck at the wrong end in {share} of the {of}.",
            "At the end the slope is nearly 0, so that being wrong there is unlearned slowly. Try "
            "cross-entropy, which cancels the slope, or new weights.",
            _RULES[f.ailment], _cross_entropy(project) + ("new_weights",),
        )  # fmt: skip
    return Note(
        f.ailment, layer.id, f"Saturated: at an end of its range in {share} of the {of}.",
        "At the ends the slope is nearly 0: little gradient comes past, and what leads here hardly learns. "
        "Try new weights, smaller inputs (scaling), or a leaky ReLU.",
        _RULES[f.ailment], _scaled_inputs(project, f.layer) + ("new_weights", "leaky_relu"),
    )  # fmt: skip


def _of_several(names: DocumentNames, health: Health, ill: list[Finding]) -> Note:
    project, first = names.project, ill[0]
    if len(ill) == 1:
        note = _of_neuron(project, health, first)
        who = names.neuron(first.layer, first.neuron or 0)
        return Note(note.ailment, note.layer, f"{who} · {note.title}", note.text, note.rule, note.remedies)
    layer = project.layers[first.layer]
    is_output = first.layer == len(project.layers) - 1
    who = ", ".join(names.neuron(f.layer, f.neuron or 0) for f in ill[:_MOST_NAMES])
    who += " …" if len(ill) > _MOST_NAMES else "."
    what = {Ailment.DEAD: "dead", Ailment.SATURATED: "saturated"}[first.ailment]
    if is_output and first.ailment is Ailment.SATURATED:
        what = "stuck at the wrong end"
    note = _of_neuron(project, health, first)
    title = f"{len(ill)} of {layer.size} neurons are {what}: {who}"
    return Note(note.ailment, note.layer, title, note.text, note.rule, note.remedies)


def _cross_entropy(project: Project) -> tuple[str, ...]:
    """The loss that cancels the slope of the output, where there is one and it is not in use."""
    fits = project.layers[-1].activation == "sigmoid" and project.training.loss != "bce_mean"
    return ("cross_entropy",) if fits else ()


def _scaled_inputs(project: Project, layer: int) -> tuple[str, ...]:
    """Smaller inputs, where large ones come straight from a table."""
    data, fed = project.data, project.layers[layer].id
    if data.scaling != "none" or data.samples is None:
        return ()
    if not any(c.target == fed and c.source == project.layers[0].id for c in project.connections):
        return ()
    first = data.samples.inputs[:_LOOK_AT]
    large = bool(first.size) and max(first.max(), -first.min()) > _LARGE
    return ("scale_inputs",) if large else ()


# -- layers ---------------------------------------------------------------------------------------


def _of_layer(project: Project, health: Health, f: Finding) -> Note:
    layer, of = project.layers[f.layer], _samples(health)
    name = project.layer_name(layer.id)
    if f.ailment is Ailment.DEAD:
        return Note(
            f.ailment, layer.id, f"{name} is dead: every neuron is 0 in all {of}.",
            "No gradient comes past it, so nothing before it learns. Try new weights, a smaller learning "
            "rate, or a leaky ReLU.", _RULES[f.ailment], ("new_weights", "leaky_relu"),
        )  # fmt: skip
    if f.ailment is Ailment.FLAT:
        return Note(
            f.ailment, layer.id, f"{name} has slope 0 everywhere.",
            "No gradient comes past a step function: nothing before it learns, and it neither. Try a "
            "sigmoid, which is a step made smooth.", _RULES[f.ailment], ("sigmoid",),
        )  # fmt: skip
    against = "" if f.against is None else project.layer_name(project.layers[f.against].id)
    if f.ailment is Ailment.VANISHING:
        times = "0" if f.ratio == 0.0 else f"1/{_count(1.0 / f.ratio)}"
        return Note(
            f.ailment, layer.id, f"Vanishing gradients: {name} has {times} of those of {against}.",
            "Slopes below 1 and small weights multiply up on the way back, so this layer hardly learns. "
            "Try ReLU, fewer layers, or an initialiser that fits the activation.",
            _RULES[f.ailment], ("relu", "new_weights"),
        )  # fmt: skip
    if f.against is None:
        return Note(
            f.ailment, layer.id,
            f"Exploding gradients: one step would move a weight of {name} by {short(f.ratio, 2)} on average.",
            "That is farther than the weights themselves reach, so the loss may jump about or leave the "
            "finite numbers. Try a smaller learning rate, or targets of about size 1.",
            _RULES[f.ailment], ("halve_rate", "tenth_rate"),
        )  # fmt: skip
    return Note(
        f.ailment, layer.id, f"Exploding gradients: {name} has {_count(f.ratio)} times those of {against}.",
        "Large weights multiply up on the way back, so no learning rate suits all layers. Try smaller "
        "weights (new ones, or L2), or a smaller learning rate.",
        _RULES[f.ailment], ("new_weights", "halve_rate"),
    )  # fmt: skip


def _count(value: float) -> str:
    return f"{value:,.0f}" if value < 1e7 else f"{value:.0e}".replace("e+", "e")


def _samples(health: Health) -> str:
    if health.samples == health.of:
        return f"{health.of:,} training samples"
    return f"{health.samples:,} samples looked at (of {health.of:,})"


_RULES = {
    Ailment.DEAD: "Said of a ReLU whose a is 0 in every training sample looked at.",
    Ailment.SATURATED: (
        f"Said where f′(z) is below {FLAT:.0%} of its steepest in at least {MOST:.0%} of the training "
        "samples; of an output where it is also off by more than half its range, in at least "
        f"{WRONG:.0%}."
    ),
    Ailment.FLAT: "Said of step functions.",
    Ailment.VANISHING: (
        f"Said where the mean |∂C/∂w| of a layer is below {VANISHING:g} of that of a later layer."
    ),
    Ailment.EXPLODING: (
        f"Said where the mean |∂C/∂w| of a layer is above {EXPLODING:,.0f} times that of a later layer, or "
        f"where η times it is above {TOO_FAR:g} and above {TOO_FAR:g} times the mean |w|."
    ),
}
