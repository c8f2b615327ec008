"""What a step has shown so far, number by number. Free of Qt.

A phase is computed at once; stepping by operations shows its numbers one after the other, and what has
not been shown is not on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnsim.core.arrays import BoolArray
from nnsim.core.explain.numbers import position
from nnsim.core.explain.targets import quantity_of
from nnsim.core.network import Network
from nnsim.core.operations import Operation, OperationKind
from nnsim.core.phases import Phase, PhaseKind
from nnsim.ui.calculation.subject import StepPlan


@dataclass(frozen=True, slots=True, eq=False)
class Revealed:
    """Marks, True where a number has been shown. ``z``, ``a``, ``blame``, ``slope``, ``delta`` by layer,
    (size,); ``gradient`` and ``updated`` in θ's order; ``loss``: whether the loss has been."""

    z: tuple[BoolArray, ...]
    a: tuple[BoolArray, ...]
    blame: tuple[BoolArray, ...]
    slope: tuple[BoolArray, ...]
    delta: tuple[BoolArray, ...]
    gradient: BoolArray
    updated: BoolArray
    loss: bool


_OF_NEURONS = {
    OperationKind.SUM: "z", OperationKind.ACTIVATION: "a", OperationKind.BLAME: "blame",
    OperationKind.SLOPE: "slope", OperationKind.DELTA: "delta",
}  # fmt: skip
_GRADIENTS = (OperationKind.WEIGHT_GRADIENT, OperationKind.BIAS_GRADIENT)


class _Marks:
    def __init__(self, network: Network) -> None:
        self.network = network
        self.neurons = {
            name: tuple(np.zeros(size, dtype=np.bool_) for size in network.sizes)
            for name in _OF_NEURONS.values()
        }
        self.neurons["a"][0][:] = True  # inputs are given
        self.gradient = np.zeros(network.layout.size, dtype=np.bool_)
        self.updated = np.zeros(network.layout.size, dtype=np.bool_)
        self.loss = False

    def phase(self, phase: Phase) -> None:
        """All of a phase has been shown."""
        if phase.kind is PhaseKind.LOSS:
            self.loss = True
        elif phase.layer is not None:
            forward = phase.kind is PhaseKind.FORWARD
            for name in ("z", "a") if forward else ("blame", "slope", "delta"):
                self.neurons[name][phase.layer][:] = True
            if not forward:
                for _, _, layer, block in self.network.parameters():
                    if layer == phase.layer:
                        block.view(self.gradient)[...] = True

    def operation(self, operation: Operation, shown: bool) -> None:
        """One operation has been shown, or taken back."""
        kind = operation.kind
        if kind in _OF_NEURONS and operation.layer is not None and operation.neuron is not None:
            self.neurons[_OF_NEURONS[kind]][operation.layer][operation.neuron] = shown
        elif kind is OperationKind.LOSS:
            self.loss = shown
        elif kind in _GRADIENTS or kind is OperationKind.UPDATE:
            marks = self.updated if kind is OperationKind.UPDATE else self.gradient
            marks[position(self.network, quantity_of(operation))] = shown
            self._share(operation, marks, shown)

    def _share(self, operation: Operation, marks: BoolArray, shown: bool) -> None:
        """A bias that a layer shares is shown for all its neurons at once."""
        layer = operation.layer
        if operation.connection is None and layer is not None:
            block = self.network.layout.biases[layer]
            if block is not None and self.network.spec.layers[layer].bias == "shared":
                block.view(marks)[...] = shown

    def copy(self) -> Revealed:
        """The marks as they are now."""
        neurons = {name: tuple(m.copy() for m in layers) for name, layers in self.neurons.items()}
        return Revealed(**neurons, gradient=self.gradient.copy(), updated=self.updated.copy(), loss=self.loss)


class Revealer:
    """Follows the positions of a step. From one to a near one it is a short way, forward or back."""

    def __init__(self, plan: StepPlan) -> None:
        self.plan = plan
        self._phase = -1
        self._operation = 0
        self._marks = _Marks(plan.network)

    def at(self, phase: int, operation: int) -> Revealed:
        """What has been shown where ``phase`` phases are done and ``operation`` operations of the next."""
        if phase != self._phase:
            self._phase, self._operation = phase, 0
            self._marks = _Marks(self.plan.network)
            for done in self.plan.phases[:phase]:
                self._marks.phase(done)
        operations = self.plan.operations(phase)
        for k in range(self._operation, operation):
            self._marks.operation(operations[k], True)
        for k in reversed(range(operation, self._operation)):
            self._marks.operation(operations[k], False)
        self._operation = operation
        return self._marks.copy()
