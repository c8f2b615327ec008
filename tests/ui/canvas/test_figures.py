"""Which numbers may be seen at which moment of a step."""

from __future__ import annotations

import numpy as np
import pytest

from nnsim.core.phases import PhaseKind
from nnsim.engine.inline import InlineEngine
from nnsim.engine.messages import Granularity
from nnsim.model.build import build
from nnsim.model.edits.structure import set_layer_size
from nnsim.session.workbench import Workbench
from nnsim.ui.canvas.figures import Figures, figures_of, value_at, weight_of


@pytest.fixture
def workbench() -> Workbench:
    made = Workbench(InlineEngine(), build((2, 3, 1)))
    made.wait()
    return made


def shown(workbench: Workbench) -> Figures:
    workbench.wait()
    return figures_of(workbench.project, workbench.snapshot)


def test_between_steps_activations_and_weights_are_seen_and_no_gradient(workbench: Workbench) -> None:
    figures = shown(workbench)
    assert all(f.a is not None and f.reached and f.delta is None for f in figures.layers.values())
    assert not figures.gradients and not figures.batch_gradients and not figures.bias_gradients
    assert figures.targets is not None and figures.sample == 0 and figures.complete


def test_no_gradient_is_seen_before_the_pass_that_makes_it(workbench: Workbench) -> None:
    plan = workbench.snapshot.phases  # type: ignore[union-attr]
    for done, phase in enumerate(plan[:-1], start=1):
        workbench.step(Granularity.LAYER)
        figures = shown(workbench)
        backward = {p.layer for p in plan[:done] if p.kind is PhaseKind.BACKWARD}
        forward = {p.layer for p in plan[:done] if p.kind is PhaseKind.FORWARD} | {0}
        for index, layer in enumerate(workbench.project.layers):
            seen = figures.layers[layer.id]
            assert (seen.delta is not None) == (index in backward)
            assert seen.reached == (index in forward)
            assert seen.ringed == (phase.layer == index)
        assert set(figures.gradients) == {f"C{layer}" for layer in backward}
        assert set(figures.batch_gradients) == set(figures.gradients)
        assert figures.loss_ringed == (phase.kind is PhaseKind.LOSS)


def test_weights_are_the_old_ones_until_the_update(workbench: Workbench) -> None:
    before = shown(workbench).weights["C1"].copy()
    plan = workbench.snapshot.phases  # type: ignore[union-attr]
    for _ in plan[:-1]:
        workbench.step(Granularity.LAYER)
        assert np.array_equal(shown(workbench).weights["C1"], before)
    workbench.step(Granularity.LAYER)
    after = shown(workbench)
    assert not np.array_equal(after.weights["C1"], before)
    assert not after.gradients


def test_a_snapshot_of_another_structure_is_not_shown(workbench: Workbench) -> None:
    old = figures_of(workbench.project, workbench.snapshot)
    changed = set_layer_size(workbench.project, "L1", 4)
    figures = figures_of(changed, workbench.snapshot, old)
    assert not figures.complete
    assert figures.weights["C1"].shape == (4, 2)
    # What was last seen of a layer stays until the right snapshot comes; new neurons have nothing yet.
    assert value_at(figures.layers["L1"].a, 2) == value_at(old.layers["L1"].a, 2)
    assert np.isnan(value_at(figures.layers["L1"].a, 3))


def test_without_a_snapshot_only_the_documents_parameters_are_shown(workbench: Workbench) -> None:
    figures = figures_of(workbench.project, None)
    assert all(f.a is None for f in figures.layers.values())
    w = workbench.project.parameters.weights["C1"]
    assert weight_of(figures.weights, "C1", 2, 1) == w[2, 1]
    assert np.isnan(weight_of(figures.weights, "C1", 3, 0))
    assert np.isnan(weight_of(figures.weights, "C9", 0, 0))
