"""The step under way while it is gone through by operations: its numbers, and which have been shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nnsim.core.arrays import Array, BoolArray
from nnsim.core.explain.numbers import StepNumbers
from nnsim.core.network import Network
from nnsim.engine.snapshot import Snapshot
from nnsim.model.compile import Compiled
from nnsim.ui.calculation.revealed import Revealed, Revealer
from nnsim.ui.calculation.subject import Place, StepPlan


@dataclass(frozen=True, slots=True, eq=False)
class InStep:
    """``place`` is the operation under way. Numbers are those of the explained sample of the batch, and
    NaN where they have not been shown; C is the batch's loss."""

    compiled: Compiled
    plan: StepPlan
    snapshot: Snapshot
    numbers: StepNumbers
    seen: Revealed
    place: Place

    @property
    def sample(self) -> int:
        """The explained sample, as an index into all samples; −1 if it is not known."""
        row = self.numbers.row
        return int(self.snapshot.batch_samples[row]) if row < len(self.snapshot.batch_samples) else -1

    def z(self, layer: int) -> Array:
        return self._row(self.seen.z, self.numbers.z, layer)

    def a(self, layer: int) -> Array:
        return self._row(self.seen.a, self.numbers.a, layer)

    def blame(self, layer: int) -> Array:
        """∂C/∂a; where the loss is fused with the activation no operation shows it."""
        return self._row(self.seen.blame, self.numbers.da, layer)

    def slope(self, layer: int) -> Array:
        return self._row(self.seen.slope, self.numbers.slope, layer)

    def delta(self, layer: int) -> Array:
        return self._row(self.seen.delta, self.numbers.delta, layer)

    def _row(self, seen: tuple[BoolArray, ...], values: tuple[Array, ...], layer: int) -> Array:
        return np.where(seen[layer], values[layer][self.numbers.row], np.nan)

    def gradient(self) -> Array:
        """∂C/∂θ of the batch, flat."""
        return np.where(self.seen.gradient, self.numbers.gradient, np.nan)

    def own_gradient(self) -> Array:
        """The explained sample's part of ∂C/∂θ, flat."""
        network, n = self.compiled.network, self.numbers
        own = np.full(network.layout.size, np.nan)
        for kind, index, layer, block in network.parameters():
            delta = n.delta[layer][n.row]
            if kind == "weight":
                source = network.spec.connections[index].source
                part = np.multiply.outer(delta, n.a[source][n.row])
            else:
                part = (
                    np.full_like(delta, delta.sum()) if network.spec.layers[layer].bias == "shared" else delta
                )
            block.view(own)[...] = part
        return np.where(self.seen.gradient, own, np.nan)

    def theta(self) -> Array:
        """The parameters: the old ones until their update has been shown."""
        after = self.numbers.theta_after
        return self.numbers.theta if after is None else np.where(self.seen.updated, after, self.numbers.theta)


class StepFollower:
    """Makes an :class:`InStep` of each moment, once."""

    def __init__(self) -> None:
        self._revealer: Revealer | None = None
        self._last: tuple[Network, Snapshot] | None = None
        self._made: InStep | None = None

    def at(self, compiled: Compiled | None, snapshot: Snapshot | None, by_operations: bool) -> InStep | None:
        """The step under way; ``None`` between steps, where its numbers are not known, and where whole
        layers are gone through (``by_operations`` false) unless one is gone through in part."""
        if compiled is None or snapshot is None or snapshot.step_numbers is None:
            return None
        if not (snapshot.operation > 0 or (snapshot.phase > 0 and by_operations)):
            return None
        if self._last is None or self._last[0] is not compiled.network or self._last[1] is not snapshot:
            self._last = (compiled.network, snapshot)
            self._made = self._make(compiled, snapshot, snapshot.step_numbers)
        return self._made

    def _make(self, compiled: Compiled, snapshot: Snapshot, numbers: StepNumbers) -> InStep | None:
        if self._revealer is None or self._revealer.plan.network is not compiled.network:
            self._revealer = Revealer(StepPlan(compiled.network, compiled.task.optimizer))
        plan = self._revealer.plan
        place = plan.under_way(snapshot.phase, snapshot.operation)
        # A snapshot may be one edit behind.
        if place is None or len(numbers.theta) != compiled.network.layout.size:
            return None
        seen = self._revealer.at(snapshot.phase, snapshot.operation)
        return InStep(compiled, plan, snapshot, numbers, seen, place)


def known(values: Mapping[str, Array]) -> dict[str, Array]:
    """Those of which something is known."""
    return {key: array for key, array in values.items() if not np.isnan(array).all()}
