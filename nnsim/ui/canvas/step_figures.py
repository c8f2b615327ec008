"""The numbers on the canvas while a step is walked through by operations: those shown so far, as the
step computes them, for the sample of the batch that is explained."""

from __future__ import annotations

from nnsim.core.operations import OperationKind
from nnsim.ui.canvas.figures import Figures, LayerFigures
from nnsim.ui.in_step import InStep, known


def figures_in_step(step: InStep) -> Figures:
    """What may be seen now. Weights are the old ones until their update has been shown."""
    compiled, seen = step.compiled, step.seen
    parameters, gradient = compiled.parameters(step.theta()), compiled.parameters(step.gradient())
    return Figures(
        {
            id_: LayerFigures(
                step.a(i),
                step.z(i) if i else None,
                parameters.biases.get(id_),
                step.delta(i) if seen.delta[i].any() else None,
                reached=bool(seen.a[i].any()),
                seen=seen.a[i],
            )
            for i, id_ in enumerate(compiled.layer_ids)
        },
        parameters.weights,
        known(gradient.weights),
        {},
        known(gradient.biases),
        step.numbers.y[step.numbers.row],
        step.sample,
        step.place.operation.kind in (OperationKind.LOSS, OperationKind.PENALTY),
        True,
    )
