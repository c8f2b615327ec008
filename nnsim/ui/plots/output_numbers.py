"""The numbers behind the output's pictures, as tab-separated rows at full precision. No Qt."""

from __future__ import annotations

import numpy as np

from nnsim.core.arrays import Array, IntArray
from nnsim.engine.snapshot import Fit, Plane
from nnsim.ui.numbers import exact
from nnsim.ui.plots.output_data import ALL, Scene, output_choices, pretty


def rows(head: list[str], table: Array) -> str:
    lines = ["\t".join(head)]
    lines += ["\t".join(exact(v) for v in row) for row in table]
    return "\n".join(lines)


def plane_rows(scene: Scene, plane: Plane) -> str:
    """One line for each row of the picture, the top one first, with the inputs at its edges."""
    left, right, bottom, top = plane.extent
    values = plane.neurons[-1]
    picture = values.argmax(axis=0) if scene.output == ALL else values[min(scene.output, len(values) - 1)]
    side = picture.shape[0]
    x1 = left + (np.arange(side) + 0.5) * (right - left) / side
    x2 = top - (np.arange(side) + 0.5) * (top - bottom) / side
    lines = ["\t".join((f"{scene.input_name(1)} \\ {scene.input_name(0)}", *(exact(v) for v in x1)))]
    for v, row in zip(x2, picture, strict=True):
        lines.append("\t".join((exact(v), *(exact(float(cell)) for cell in row))))
    return "\n".join(lines)


def fit_rows(scene: Scene, fit: Fit) -> str:
    """The input and all outputs."""
    head = [pretty(scene.prepared.samples.input_names[0])]
    head += [name for o, name in output_choices(scene.names, scene.prepared) if o != ALL]
    return rows(head, np.column_stack((fit.x, fit.outputs)))


def confusion_rows(classes: tuple[str, ...], counts: IntArray) -> str:
    """The matrix with its classes."""
    lines = ["true \\ predicted\t" + "\t".join(classes)]
    for name, row in zip(classes, counts, strict=True):
        lines.append("\t".join((name, *(str(int(v)) for v in row))))
    return "\n".join(lines)


def truth_rows(scene: Scene, shown: IntArray, predicted: Array) -> str:
    """Sample, true and predicted value of the samples drawn."""
    table = np.column_stack((shown + 1.0, scene.targets()[shown], predicted[shown]))
    return rows(["sample", "true", "predicted"], table)
