"""What the activation plot shows, as numbers: which neuron, which curve over which range. No Qt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import floor, isfinite, log10

import numpy as np

from nnsim.core.activations import ACTIVATIONS, Activation
from nnsim.core.arrays import Array
from nnsim.engine.snapshot import Probe
from nnsim.model.notation import DocumentNames
from nnsim.model.project import Layer, Project, subscript
from nnsim.ui.selection import Selection

POINTS = 241
_LEAST = 6.0  # z from −6 to 6 is always shown
_STEPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_NAMED = re.compile(r"(\w+)\(z\)")


@dataclass(frozen=True, slots=True)
class Subject:
    """A layer (index), and a neuron of it or ``None`` for the layer as a whole."""

    layer: int
    neuron: int | None


@dataclass(frozen=True, slots=True, eq=False)
class ActivationCurve:
    """a = f(z) and f′(z) at the same z. ``jump``: f′ is not continuous, and jumps before this index."""

    z: Array
    a: Array
    slope: Array
    jump: int | None


def subject_of(project: Project, selection: Selection) -> Subject:
    """What a selection means here: an edge stands for the neuron it leads to, nothing for the output."""
    layer_id, neuron = project.layers[-1].id, None
    if selection.kind == "neuron":
        layer_id, neuron = selection.layer, selection.neuron
    elif selection.kind == "layer":
        layer_id = selection.layer
    elif selection.kind == "edge":
        layer_id, neuron = project.connection(selection.connection).target, selection.target
    index = project.layer_index(layer_id)
    layer = project.layers[index]
    coupled = layer.activation in ACTIVATIONS and ACTIVATIONS[layer.activation].vector
    if neuron is None and (layer.size == 1 or coupled):
        neuron = 0
    return Subject(index, neuron)


def title_of(names: DocumentNames, subject: Subject) -> str:
    """Such as "Sigmoid at o₁" or "Tanh · Hidden 1"."""
    project = names.project
    layer = project.layers[subject.layer]
    label = ACTIVATIONS[layer.activation].label if layer.activation in ACTIVATIONS else layer.activation
    if subject.neuron is None:
        return f"{label} · {project.layer_name(layer.id)}"
    return f"{label} at {names.neuron_of(layer.id, subject.neuron)}"


def names_of(activation: Activation, neuron: int | None, letter: str = "z") -> tuple[str, str]:
    """How the derivative is called, on the curve and in the readout: ("σ′(z)", "σ′"); ``letter`` is z."""
    if activation.vector:
        k = subscript((neuron or 0) + 1)
        return f"∂a{k}/∂z{k}", f"∂a{k}/∂z{k}"
    found = _NAMED.match(activation.formula)
    name = found.group(1) if found else activation.label if " " not in activation.label else "f"
    return f"{name}′({letter})", f"{name}′"


def curve_of(layer: Layer, low: float, high: float, others: float | None = None) -> ActivationCurve:
    """The layer's activation from ``low`` to ``high``.

    ``others`` is for softmax: ln Σ e^(z) over the other neurons, which stay as they are. Then
    aₖ = e^zₖ / (e^zₖ + Σ) = σ(zₖ − others), which is exact. Raises ``UnknownNameError``.
    """
    activation = ACTIVATIONS[layer.activation]
    z = np.linspace(low, high, POINTS)
    jump = None
    if activation.kinked:
        # Two points at the kink, so that it is sharp wherever the range begins.
        after = float(np.nextafter(0.0, 1.0))
        z = np.unique(np.concatenate((z[(z < low * 1e-9) | (z > high * 1e-9)], (0.0, after))))
        jump = int(np.searchsorted(z, after))
    options = activation.numbers(layer.activation_options)
    if activation.vector:
        activation, options, z = ACTIVATIONS["sigmoid"], {}, z
        shifted = z - (others if others is not None else 0.0)
        if others == -np.inf:  # the only neuron of its layer: always 1
            return ActivationCurve(z, np.ones_like(z), np.zeros_like(z), None)
        return ActivationCurve(z, activation.value(shifted), activation.derivative(shifted, options), None)
    a, slope = activation.value(z, options), activation.derivative(z, options)
    if jump is not None and slope[jump] == slope[jump - 1]:
        jump = None  # ELU with α = 1 is smooth
    return ActivationCurve(z, a, slope, jump)


def others_of(probe: Probe, subject: Subject) -> float:
    """ln Σ e^(z) over the layer's other neurons; −∞ if there are none."""
    z = np.delete(probe.z[subject.layer], subject.neuron or 0)
    if not len(z):
        return float("-inf")
    top = float(z.max())
    return top + float(np.log(np.exp(z - top).sum())) if isfinite(top) else top


def points_of(probe: Probe | None, subject: Subject, project: Project) -> tuple[Array, Array, Array]:
    """z, a and f′ of the neurons to mark; none while there are no fitting, finite numbers.

    f′ is NaN where a step that is gone through by operations has not come to it.
    """
    nothing = np.empty(0)
    layer = project.layers[subject.layer]
    if probe is None or subject.layer >= len(probe.z) or len(probe.z[subject.layer]) != layer.size:
        return nothing, nothing, nothing
    pick = slice(None) if subject.neuron is None else slice(subject.neuron, subject.neuron + 1)
    z, a, slope = (part[subject.layer][pick] for part in (probe.z, probe.a, probe.slope))
    good = np.isfinite(z) & np.isfinite(a) & ~np.isinf(slope)
    return z[good], a[good], slope[good]


class Extent:
    """The range of z on show: at least −6…6, wider at an end where a point asks for it.

    Grows at once and in steps, and shrinks only when a point has gone far back, so that it stands
    still while a point moves about.
    """

    def __init__(self) -> None:
        self.low, self.high = -_LEAST, _LEAST

    def reset(self) -> None:
        self.low, self.high = -_LEAST, _LEAST

    def follow(self, z: Array) -> tuple[float, float]:
        """Take these points in; returns (low, high)."""
        if len(z):
            self.high = _reach(self.high, float(z.max()))
            self.low = -_reach(-self.low, -float(z.min()))
        return self.low, self.high


def _reach(reach: float, z: float) -> float:
    """How far one end goes for a point at ``z`` in its direction, having gone to ``reach``."""
    needed = _step_above(z / 0.92)
    if needed > reach or needed <= 0.5 * reach:
        return needed
    return reach


def _step_above(value: float) -> float:
    if value <= _LEAST:
        return _LEAST
    power = 10.0 ** floor(log10(value))
    return next(s * power for s in _STEPS if s * power >= value * (1.0 - 1e-12))
