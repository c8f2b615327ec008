"""What the panel explains: which operation is under way, and which one finds a given quantity.

Free of Qt: positions, operations and quantities only.
"""

from __future__ import annotations

from dataclasses import dataclass

from nnsim.core.explain.quantity import Quantity
from nnsim.core.explain.targets import operation_of, quantity_of
from nnsim.core.network import Network
from nnsim.core.operations import Operation, OperationKind, Operations, operations_of
from nnsim.core.phases import Phase, PhaseKind, plan

_PHASE_OF = {
    OperationKind.SUM: PhaseKind.FORWARD, OperationKind.ACTIVATION: PhaseKind.FORWARD,
    OperationKind.LOSS: PhaseKind.LOSS, OperationKind.PENALTY: PhaseKind.LOSS,
    OperationKind.REGULARISER: PhaseKind.UPDATE, OperationKind.STATE: PhaseKind.UPDATE,
    OperationKind.UPDATE: PhaseKind.UPDATE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """An operation and where it stands: ``phase`` and ``index`` count from 0, ``number`` is its place
    among all ``count`` operations of the step, from 1."""

    operation: Operation
    kind: PhaseKind
    phase: int
    index: int
    number: int
    count: int


class StepPlan:
    """All operations of a step of ``network`` with an optimizer (a key of the registry)."""

    def __init__(self, network: Network, optimizer: str) -> None:
        self.network = network
        self.phases: tuple[Phase, ...] = plan(network)
        self._operations = tuple(operations_of(network, optimizer, phase) for phase in self.phases)
        self._starts = [0]
        for operations in self._operations:
            self._starts.append(self._starts[-1] + len(operations))

    def operations(self, phase: int) -> Operations:
        return self._operations[phase]

    @property
    def count(self) -> int:
        """Operations of the whole step."""
        return self._starts[-1]

    def place(self, phase: int, index: int) -> Place:
        operation = self._operations[phase][index]
        number = self._starts[phase] + index + 1
        return Place(operation, self.phases[phase].kind, phase, index, number, self.count)

    def under_way(self, phase: int, operation: int) -> Place | None:
        """The last operation shown where ``phase`` phases are done and ``operation`` operations of the
        next one; ``None`` between steps."""
        if operation > 0:
            return self.place(phase, operation - 1)
        return self.place(phase - 1, len(self._operations[phase - 1]) - 1) if phase > 0 else None

    def last(self) -> Place:
        """The operation a step ends with."""
        return self.place(len(self.phases) - 1, len(self._operations[-1]) - 1)

    def find(self, operation: Operation) -> Place | None:
        """Where an operation stands; ``None`` if there is no such one in a step."""
        wanted = _PHASE_OF.get(operation.kind, PhaseKind.BACKWARD)
        for phase, (described, operations) in enumerate(zip(self.phases, self._operations, strict=True)):
            if described.kind is wanted and described.layer in (None, operation.layer):
                try:
                    return self.place(phase, operations.index(operation))
                except ValueError:
                    return None
        return None

    def finding(self, quantity: Quantity) -> Place | None:
        """The operation that ``quantity`` comes from; ``None`` for what is given (inputs, targets, rates)
        and for what is not in this network."""
        operation = operation_of(self.network, quantity)
        return None if operation is None else self.find(operation)

    def is_shown(self, place: Place, phase: int, operation: int) -> bool:
        """Whether an operation has been shown at a position within the step."""
        return (place.phase, place.index) < (phase, operation)


def of_neuron(plan: StepPlan, layer: int, neuron: int) -> list[Place]:
    """The operations that can be asked for of a neuron, in the order of a step."""
    kinds = ("z", "a", "blame", "slope", "delta", "bias_gradient", "bias")
    return _existing(plan, [Quantity(kind, layer, neuron) for kind in kinds])


def of_weight(
    plan: StepPlan, connection: int, target: int, source: int, slots: tuple[str, ...]
) -> list[Place]:
    """The operations that can be asked for of a weight, in the order of a step."""
    layer = plan.network.spec.connections[connection].target
    wanted = [("weight_gradient", ""), *(("state", slot) for slot in slots), ("weight", "")]
    return _existing(plan, [Quantity(kind, layer, target, connection, source, slot) for kind, slot in wanted])


def _existing(plan: StepPlan, quantities: list[Quantity]) -> list[Place]:
    """The places of those quantities that have an operation of their own."""
    found = [(quantity, plan.finding(quantity)) for quantity in quantities]
    return [place for q, place in found if place is not None and quantity_of(place.operation).kind == q.kind]
