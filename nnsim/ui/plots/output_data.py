"""What the output plot shows, as values: which kinds of picture fit the data, and their ranges. No Qt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.arrays import Array, BoolArray, IntArray
from nnsim.engine.snapshot import Snapshot
from nnsim.model.notation import DocumentNames
from nnsim.model.prepared import Prepared
from nnsim.model.project import Project, subscript
from nnsim.ui.plots.ticks import nice_ceiling

MOST_POINTS = 2000
ALL = -1  # every output at once: the class of the largest
_NUMBERED = re.compile(r"([A-Za-z])(\d+)")


@dataclass(frozen=True, slots=True)
class Mode:
    """A kind of picture: ``key`` for names, ``label`` for the menu."""

    key: str
    label: str


PLANE = Mode("plane", "Output over the plane")
FIT = Mode("fit", "Output over the input")
CONFUSION = Mode("confusion", "Confusion matrix")
TRUTH = Mode("truth", "Predicted and true")


def modes_of(prepared: Prepared) -> tuple[Mode, ...]:
    """The kinds of picture that fit the data, the most telling first."""
    samples = prepared.samples
    inputs = {1: (FIT,), 2: (PLANE,)}.get(samples.width, ())
    return (*inputs, CONFUSION if samples.task == "classification" else TRUTH)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What a picture is made of. ``output`` is an output neuron's index, or :data:`ALL`.

    ``low`` and ``high`` are the ends of the colours and of the output axis.
    """

    names: DocumentNames
    prepared: Prepared
    snapshot: Snapshot
    sample: int
    output: int
    discrete: bool
    low: float
    high: float

    @property
    def project(self) -> Project:
        return self.names.project

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2.0

    @property
    def classes(self) -> tuple[str, ...]:
        return class_names(self.prepared)

    def input_name(self, column: int) -> str:
        return pretty(self.prepared.samples.input_names[column])

    def targets(self) -> Array:
        """(n,) what the chosen output should be."""
        column: Array = self.prepared.y[:, max(self.output, 0)]
        return column

    def groups(self) -> IntArray | None:
        """(n,) class of every sample where classes are shown as such; ``None`` where targets are
        numbers."""
        if self.prepared.samples.task != "classification":
            return None
        if self.output == ALL:
            return np.asarray(self.prepared.y.argmax(axis=1), dtype=np.intp)
        return np.asarray(self.targets() > (self.prepared.low + 1.0) / 2.0, dtype=np.intp)


def class_names(prepared: Prepared) -> tuple[str, ...]:
    """Names for the classes of the confusion matrix."""
    count = max(prepared.y.shape[1], 2)
    names = prepared.samples.classes
    return names if len(names) == count else tuple(str(i) for i in range(count))


def output_choices(names: DocumentNames, prepared: Prepared) -> tuple[tuple[int, str], ...]:
    """What can be chosen to look at: (output, name); a single entry where there is no choice."""
    layer = names.project.layers[-1]
    single = tuple((i, names.neuron_of(layer.id, i)) for i in range(layer.size))
    if layer.size > 1 and prepared.samples.task == "classification":
        classes = prepared.samples.classes
        if len(classes) == layer.size:
            single = tuple((i, f"{name} · {classes[i]}") for i, name in single)
        return ((ALL, "All classes"), *single)
    return single


def value_range(project: Project, prepared: Prepared) -> tuple[float, float]:
    """The ends of the colours: the output activation's own range, else −1…1 for classes and the
    targets' reach for numbers (from 0 where outputs cannot be negative)."""
    key = project.layers[-1].activation
    low, high = (ACTIVATIONS[key].low, ACTIVATIONS[key].high) if key in ACTIVATIONS else (-np.inf, np.inf)
    if isfinite(low) and isfinite(high):
        return low, high
    reach = 1.0
    if prepared.samples.task == "regression" and len(prepared.y):
        reach = nice_ceiling(float(np.abs(prepared.y).max()))
    return (-reach if low < 0.0 else 0.0), reach


def fit_range(scene: Scene, outputs: Array) -> tuple[float, float]:
    """The range of the output axis: the targets and the curve, within reason."""
    y = scene.targets()
    key = scene.project.layers[-1].activation
    known = [float(y.min()), float(y.max())] if len(y) else []
    if key in ACTIVATIONS:
        known += [v for v in (ACTIVATIONS[key].low, ACTIVATIONS[key].high) if isfinite(v)]
    low, high = (min(known), max(known)) if known else (-1.0, 1.0)
    span = (high - low) or max(abs(high), 1.0)
    good = outputs[np.isfinite(outputs)]
    if len(good):
        # A curve that has gone far astray would flatten the data.
        low = min(low, max(float(good.min()), low - span))
        high = max(high, min(float(good.max()), high + span))
    step = nice_ceiling((high - low) / 8.0)
    return float(np.floor(low / step + 1e-9) * step), float(np.ceil(high / step - 1e-9) * step)


def shown_rows(count: int) -> IntArray:
    """The samples drawn as points: all, or always the same :data:`MOST_POINTS` of them."""
    if count <= MOST_POINTS:
        return np.arange(count)
    chosen = np.random.default_rng(0).choice(count, MOST_POINTS, replace=False)
    return np.sort(chosen).astype(np.intp)


def rows_note(count: int) -> str:
    """What to say where not all samples are drawn."""
    return f"{MOST_POINTS:,} of {count:,} samples drawn" if count > MOST_POINTS else ""


def is_test(prepared: Prepared) -> BoolArray:
    """(n,) whether a sample is a test sample."""
    mask = np.zeros(len(prepared.x), dtype=np.bool_)
    mask[prepared.test] = True
    return mask


def pretty(name: str) -> str:
    """``x1`` → x₁; other names as they are."""
    found = _NUMBERED.fullmatch(name)
    return f"{found.group(1)}{subscript(int(found.group(2)))}" if found else name


def brief(value: float) -> str:
    """A number with the few digits it needs: ``−1``, ``0.25``, ``2.5e−5``."""
    return re.sub(r"e([+-])0*", r"e\1", f"{value:g}").replace("e+", "e").replace("-", "−")


def names_in_title(names: Sequence[str]) -> str:
    return ", ".join(pretty(n) for n in names)
