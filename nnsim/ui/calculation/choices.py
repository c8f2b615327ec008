"""The numbers of a neuron or weight that can be explained, as choices. Free of Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from nnsim.core.explain.quantity import Quantity
from nnsim.core.explain.targets import quantity_of
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.model.compile import Compiled
from nnsim.ui.calculation.subject import Place, StepPlan, of_neuron, of_weight
from nnsim.ui.controller import exists
from nnsim.ui.selection import Selection

NOW = "now"  # the operation under way rather than a number of what is selected

_LABELS = {
    "z": ("z", "The weighted sum z"),
    "a": ("a", "The activation a"),
    "blame": ("∂C/∂a", "How the loss depends on the activation"),
    "slope": ("f′", "The slope of the activation function"),
    "delta": ("δ", "δ = ∂C/∂z, how the loss depends on the weighted sum"),
    "bias_gradient": ("∂C/∂b", "The gradient of the bias"),
    "bias": ("new b", "The update of the bias"),
    "weight_gradient": ("∂C/∂w", "The gradient of the weight"),
    "weight": ("new w", "The update of the weight"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """``key`` names it, ``label`` is short, ``tip`` says it in words; not ``enabled`` where the step
    under way has yet to compute it."""

    key: str
    label: str
    tip: str
    enabled: bool = True


def key_of(quantity: Quantity) -> str:
    return f"{quantity.kind}_{quantity.slot}" if quantity.slot else quantity.kind


def number_of(compiled: Compiled, selection: Selection, key: str) -> Quantity | None:
    """The number ``key`` of the selected neuron or edge; ``None`` for other selections, and for one that
    is not of this document (another one may have just been opened)."""
    if not exists(compiled.project, selection):
        return None
    kind, _, slot = key.partition("_") if key.startswith("state_") else (key, "", "")
    if selection.kind == "neuron":
        return Quantity(kind, compiled.layer_ids.index(selection.layer), selection.neuron, slot=slot)
    if selection.kind == "edge":
        c = compiled.connection_ids.index(selection.connection)
        layer = compiled.network.spec.connections[c].target
        return Quantity(kind, layer, selection.target, c, selection.source, slot)
    return None


def choices_of(
    plan: StepPlan, compiled: Compiled, selection: Selection, at: tuple[int, int] | None
) -> list[Choice]:
    """The choices for what is selected, in the order of a step. ``at`` is (phase, operation) of the
    step under way, ``None`` between steps, when all of the next step can be looked at."""
    found = [_choice(plan, place, at) for place in _places(plan, compiled, selection)]
    if found and at is not None:
        found.insert(0, Choice(NOW, "Now", "The operation under way"))
    return found


class Letters(Protocol):
    """What a notation calls the quantities of a neuron."""

    sum_letter: str
    activation_letter: str
    weight_letter: str
    bias_letter: str
    delta_letter: str


def lettered(choices: Sequence[Choice], letters: Letters) -> tuple[Choice, ...]:
    """The choices with the labels of a notation."""
    labels = {
        "z": letters.sum_letter,
        "a": letters.activation_letter,
        "blame": f"∂C/∂{letters.activation_letter}",
        "delta": letters.delta_letter,
        "bias_gradient": f"∂C/∂{letters.bias_letter}",
        "bias": f"new {letters.bias_letter}",
        "weight_gradient": f"∂C/∂{letters.weight_letter}",
        "weight": f"new {letters.weight_letter}",
    }
    return tuple(replace(choice, label=labels.get(choice.key, choice.label)) for choice in choices)


def _places(plan: StepPlan, compiled: Compiled, selection: Selection) -> list[Place]:
    quantity = number_of(compiled, selection, "weight" if selection.kind == "edge" else "z")
    if quantity is None or quantity.layer is None or quantity.neuron is None:
        return []
    if quantity.connection is None or quantity.source is None:
        return of_neuron(plan, quantity.layer, quantity.neuron)
    slots = OPTIMIZERS[compiled.task.optimizer].slot_names
    return of_weight(plan, quantity.connection, quantity.neuron, quantity.source, slots)


def _choice(plan: StepPlan, place: Place, at: tuple[int, int] | None) -> Choice:
    quantity = quantity_of(place.operation)
    label, tip = _LABELS.get(quantity.kind, (quantity.slot, f"The optimizer's {quantity.slot}"))
    shown = at is None or plan.is_shown(place, *at)
    return Choice(key_of(quantity), label, tip if shown else f"{tip}: not computed yet in this step", shown)
