"""Which numbers may be shown now: from the snapshot, as far as the step under way has come.

Between steps everything of the sample's own pass is known. During a step z and a are known for
layers whose forward phase is done, ∂C/∂a, δ and gradients for layers whose backward phase is done.
A snapshot can be older than the document by a moment: what does not fit its shapes is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.health import Health
from nnsim.core.phases import PhaseKind
from nnsim.engine.snapshot import Probe, Snapshot
from nnsim.model.project import Parameters, Project
from nnsim.ui.in_step import InStep


@dataclass(frozen=True, slots=True)
class Reading:
    """The numbers of one moment. Methods give ``None`` for what is not known (yet).

    ``busy``: a run or a step is under way, so the document's own parameters are old. ``step``: the step
    is gone through by operations; then what is known goes number by number, and C is the batch's loss.
    """

    project: Project
    snapshot: Snapshot | None
    busy: bool
    step: InStep | None = None

    @property
    def probe(self) -> Probe | None:
        """The pass of the sample in view, if it is of this network."""
        probe = None if self.snapshot is None else self.snapshot.probe
        if probe is None or len(probe.a) != len(self.project.layers):
            return None
        fits = all(a.size == layer.size for a, layer in zip(probe.a, self.project.layers, strict=True))
        return probe if fits else None

    @property
    def health(self) -> Health | None:
        """What keeps the network from learning, over the training samples."""
        return None if self.snapshot is None else self.snapshot.health

    @property
    def parameters(self) -> Parameters:
        """The weights and biases in force: the run's while it runs, else the document's."""
        if self.step is not None:
            return self.step.compiled.parameters(self.step.theta())
        return (
            self.snapshot.parameters if self.busy and self.snapshot is not None else self.project.parameters
        )

    # -- how far the step has come ----------------------------------------------------------------

    def forward_done(self, layer: int) -> bool:
        """Whether z and a of the layer are due."""
        return layer == 0 or self._done(PhaseKind.FORWARD, layer)

    def backward_done(self, layer: int) -> bool:
        """Whether δ of the layer and the gradients of what leads into it are due.

        For the input: whether ∂C/∂x is, which comes of every layer it feeds.
        """
        if layer > 0:
            return self._done(PhaseKind.BACKWARD, layer)
        first = self.project.layers[0].id
        targets = [self.project.layer_index(c.target) for c in self.project.outgoing(first)]
        return all(self._done(PhaseKind.BACKWARD, target) for target in targets)

    def _done(self, kind: PhaseKind, layer: int | None) -> bool:
        if self.snapshot is None:
            return False
        if self.snapshot.phase == 0:
            return True
        done = self.snapshot.phases[: self.snapshot.phase]
        return any(p.kind is kind and p.layer == layer for p in done)

    # -- one layer of the sample in view ----------------------------------------------------------

    def a(self, layer: int) -> Array | None:
        if self.step is not None:
            return self.step.a(layer)
        return self._layer(layer, lambda p: p.a, self.forward_done)

    def z(self, layer: int) -> Array | None:
        if self.step is not None:
            return self.step.z(layer) if layer else None
        return self._layer(layer, lambda p: p.z, self.forward_done) if layer else None

    def slope(self, layer: int) -> Array | None:
        if self.step is not None:
            return self.step.slope(layer) if layer else None
        return self._layer(layer, lambda p: p.slope, self.forward_done) if layer else None

    def da(self, layer: int) -> Array | None:
        if self.step is not None:
            return self.step.blame(layer)
        return self._layer(layer, lambda p: p.da, self.backward_done)

    def delta(self, layer: int) -> Array | None:
        if self.step is not None:
            return self.step.delta(layer) if layer else None
        return self._layer(layer, lambda p: p.delta, self.backward_done) if layer else None

    def targets(self) -> Array | None:
        """y of the sample in view, as the network sees it."""
        probe = self.probe
        return None if probe is None or probe.y.size != self.project.layers[-1].size else probe.y

    def _layer(
        self, layer: int, part: Callable[[Probe], tuple[Array, ...]], due: Callable[[int], bool]
    ) -> Array | None:
        probe = self.probe
        return part(probe)[layer] if probe is not None and due(layer) else None

    # -- parameters and their gradients -----------------------------------------------------------

    def weights(self, connection_id: str) -> Array:
        """W (targets, sources) in force."""
        return self._shaped(self.parameters.weights, connection_id, self.project.parameters.weights)

    def biases(self, layer_id: str) -> Array | None:
        """b (neurons,) in force; ``None`` for a layer without."""
        if layer_id not in self.project.parameters.biases:
            return None
        return self._shaped(self.parameters.biases, layer_id, self.project.parameters.biases)

    @staticmethod
    def _shaped(found: Mapping[str, Any], key: str, fallback: Mapping[str, Any]) -> Array:
        own: Array = fallback[key]
        newer = found.get(key)
        return newer if newer is not None and newer.shape == own.shape else own

    def weight_gradient(self, connection_id: str) -> Array | None:
        """∂C/∂W of the sample in view."""
        if self.step is not None:
            own = self.step.compiled.parameters(self.step.own_gradient()).weights
            return self._gradient(own, connection_id, self.project.parameters.weights)
        target = self.project.layer_index(self.project.connection(connection_id).target)
        probe = self.probe
        if probe is None or not self.backward_done(target):
            return None
        return self._gradient(probe.gradient.weights, connection_id, self.project.parameters.weights)

    def bias_gradient(self, layer_id: str) -> Array | None:
        """∂C/∂b of the sample in view."""
        if self.step is not None:
            own = self.step.compiled.parameters(self.step.own_gradient()).biases
            return self._gradient(own, layer_id, self.project.parameters.biases)
        probe = self.probe
        if probe is None or not self.backward_done(self.project.layer_index(layer_id)):
            return None
        return self._gradient(probe.gradient.biases, layer_id, self.project.parameters.biases)

    def batch_weight_gradient(self, connection_id: str) -> Array | None:
        """∂C/∂W of the current batch; NaN where the backward pass has not come yet."""
        gradient = self._batch_gradient()
        if gradient is None:
            return None
        return self._gradient(gradient.weights, connection_id, self.project.parameters.weights)

    def batch_bias_gradient(self, layer_id: str) -> Array | None:
        """∂C/∂b of the current batch, likewise."""
        gradient = self._batch_gradient()
        if gradient is None:
            return None
        return self._gradient(gradient.biases, layer_id, self.project.parameters.biases)

    def _batch_gradient(self) -> Parameters | None:
        if self.step is not None:
            return self.step.compiled.parameters(self.step.gradient())
        return None if self.snapshot is None else self.snapshot.batch_gradient

    @staticmethod
    def _gradient(found: Mapping[str, Any], key: str, like: Mapping[str, Any]) -> Array | None:
        gradient, own = found.get(key), like.get(key)
        return gradient if gradient is not None and own is not None and gradient.shape == own.shape else None


def at(values: Array | None, *index: int) -> float | None:
    """One number of an array that may not be known; NaN counts as not known."""
    if values is None:
        return None
    value = float(values[index])
    return None if np.isnan(value) else value
