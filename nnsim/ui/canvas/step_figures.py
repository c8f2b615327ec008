"""The numbers on the canvas while a step is walked through by operations: those shown so far, as the
step computes them, for the sample of the batch that is explained."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnsim.core.arrays import Array, BoolArray
from nnsim.core.explain.numbers import StepNumbers
from nnsim.engine.snapshot import Snapshot
from nnsim.model.compile import Compiled
from nnsim.ui.calculation.revealed import Revealed
from nnsim.ui.canvas.figures import Figures, LayerFigures


def figures_in_step(compiled: Compiled, snapshot: Snapshot, numbers: StepNumbers, seen: Revealed) -> Figures:
    """What may be seen now. Weights are the old ones until their update has been shown."""
    theta = numbers.theta
    if numbers.theta_after is not None and seen.updated.any():
        theta = np.where(seen.updated, numbers.theta_after, theta)
    parameters = compiled.parameters(theta)
    gradient = compiled.parameters(_where(seen.gradient, numbers.gradient))
    row = numbers.row
    return Figures(
        {
            id_: LayerFigures(
                _where(seen.a[i], numbers.a[i][row]),
                _where(seen.z[i], numbers.z[i][row]) if i else None,
                parameters.biases.get(id_),
                _where(seen.delta[i], numbers.delta[i][row]) if seen.delta[i].any() else None,
                reached=bool(seen.a[i].any()),
                seen=seen.a[i],
            )
            for i, id_ in enumerate(compiled.layer_ids)
        },
        parameters.weights,
        _known(gradient.weights),
        {},
        _known(gradient.biases),
        numbers.y[row],
        int(snapshot.batch_samples[row]) if row < len(snapshot.batch_samples) else -1,
        False,
        True,
    )


def _where(mask: BoolArray, values: Array) -> Array:
    return np.where(mask, values, np.nan)


def _known(values: Mapping[str, Array]) -> dict[str, Array]:
    """Those of which something is known."""
    return {key: array for key, array in values.items() if not np.isnan(array).all()}
