"""Which numbers may be seen now: from the document and a snapshot, by what the step has computed.

No gradient before the pass that makes it; no activation of a layer the forward pass has not reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from nnsim.core.arrays import Array, BoolArray
from nnsim.core.health import Health
from nnsim.core.phases import Phase, PhaseKind
from nnsim.engine.snapshot import Snapshot
from nnsim.model.project import Project


@dataclass(frozen=True, slots=True, eq=False)
class LayerFigures:
    """Numbers of one layer; arrays (size,). ``delta`` is ``None`` until the backward pass has
    reached the layer. ``reached`` is false while a step under way has yet to compute the layer;
    ``ringed`` marks the layer whose phase has just been done. ``seen`` (size,) marks the neurons whose a
    has been shown, where a layer is gone through one by one."""

    a: Array | None
    z: Array | None
    bias: Array | None
    delta: Array | None = None
    reached: bool = True
    ringed: bool = False
    seen: BoolArray | None = None

    def is_reached(self, neuron: int) -> bool:
        """Whether the step under way has come to this neuron."""
        return self.reached and (self.seen is None or bool(self.seen[neuron]))


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """All numbers the canvas shows. ``gradients`` (of the sample in view) and ``batch_gradients``
    hold only what is due; ``complete`` says whether the snapshot belongs to this structure; ``ill`` are
    the neurons (layer, index) that something keeps from learning."""

    layers: Mapping[str, LayerFigures]
    weights: Mapping[str, Array]
    gradients: Mapping[str, Array] = field(default_factory=dict)
    batch_gradients: Mapping[str, Array] = field(default_factory=dict)
    bias_gradients: Mapping[str, Array] = field(default_factory=dict)
    targets: Array | None = None
    sample: int = -1
    loss_ringed: bool = False
    complete: bool = False
    ill: frozenset[tuple[str, int]] = frozenset()


def figures_of(project: Project, snapshot: Snapshot | None, last: Figures | None = None) -> Figures:
    """The numbers to show for ``project``; those of ``snapshot`` if it belongs to its structure.

    If it does not, the right one is on its way (a frame or two): until then activations are those of
    the ``last`` figures where there are such, so that nothing blinks at an edit.
    """
    if snapshot is None:
        return _without_snapshot(project, None)
    if not snapshot.parameters.shaped_like(project.parameters) or not _same_layers(project, snapshot):
        return _without_snapshot(project, last)
    done = snapshot.phases[: snapshot.phase]
    backward = {p.layer for p in done if p.kind is PhaseKind.BACKWARD}
    ids = [layer.id for layer in project.layers]
    due = [c.id for c in project.connections if project.layer_index(c.target) in backward]
    probe, batch = snapshot.probe, snapshot.batch_gradient
    own = probe.gradient.biases if probe is not None else {}
    return Figures(
        {id_: _layer(i, id_, snapshot, done, backward) for i, id_ in enumerate(ids)},
        snapshot.parameters.weights,
        {c: probe.gradient.weights[c] for c in due} if probe is not None else {},
        {c: batch.weights[c] for c in due} if batch is not None else {},
        {id_: own[id_] for i, id_ in enumerate(ids) if i in backward and id_ in own},
        probe.y if probe is not None else None,
        probe.sample if probe is not None else -1,
        bool(done) and done[-1].kind is PhaseKind.LOSS,
        True,
        _ill(ids, snapshot.health),
    )  # fmt: skip


def _ill(ids: list[str], health: Health | None) -> frozenset[tuple[str, int]]:
    """The neurons something was found at."""
    if health is None or len(health.saturated) != len(ids):
        return frozenset()
    return frozenset((ids[f.layer], f.neuron) for f in health.findings if f.neuron is not None)


def _without_snapshot(project: Project, last: Figures | None) -> Figures:
    values, layers = project.parameters, {}
    for layer in project.layers:
        old = last.layers.get(layer.id) if last is not None else None
        a = old.a if old is not None else None
        layers[layer.id] = LayerFigures(a, None, values.biases.get(layer.id))
    return Figures(layers, values.weights, targets=last.targets if last is not None else None)


def _same_layers(project: Project, snapshot: Snapshot) -> bool:
    probe = snapshot.probe
    return probe is None or [len(a) for a in probe.a] == [layer.size for layer in project.layers]


def _layer(
    index: int, layer_id: str, snapshot: Snapshot, done: tuple[Phase, ...], backward: set[int | None]
) -> LayerFigures:
    probe = snapshot.probe
    forward = {p.layer for p in done if p.kind is PhaseKind.FORWARD}
    return LayerFigures(
        probe.a[index] if probe is not None else None,
        probe.z[index] if probe is not None and index else None,
        snapshot.parameters.biases.get(layer_id),
        probe.delta[index] if probe is not None and index in backward else None,
        not done or index == 0 or index in forward,
        bool(done) and done[-1].layer == index and done[-1].kind is not PhaseKind.UPDATE,
    )


def value_at(values: Array | None, index: int) -> float:
    """``values[index]``, or NaN where there is none."""
    return float(values[index]) if values is not None and 0 <= index < len(values) else float("nan")


def weight_of(weights: Mapping[str, Array], connection: str, target: int, source: int) -> float:
    """One weight (or gradient) of a dense connection; NaN where there is none."""
    w = weights.get(connection)
    if w is None or w.ndim != 2 or not (0 <= target < w.shape[0] and 0 <= source < w.shape[1]):
        return float("nan")
    return float(np.asarray(w)[target, source])
