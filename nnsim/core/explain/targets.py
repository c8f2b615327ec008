"""Which operation finds out which quantity, in both directions."""

from __future__ import annotations

from nnsim.core.explain.quantity import Quantity
from nnsim.core.network import Network
from nnsim.core.operations import Operation, OperationKind

_QUANTITY = {
    OperationKind.SUM: "z",
    OperationKind.ACTIVATION: "a",
    OperationKind.LOSS: "loss",
    OperationKind.PENALTY: "penalty",
    OperationKind.BLAME: "blame",
    OperationKind.SLOPE: "slope",
    OperationKind.DELTA: "delta",
    OperationKind.WEIGHT_GRADIENT: "weight_gradient",
    OperationKind.BIAS_GRADIENT: "bias_gradient",
    OperationKind.REGULARISER: "total_gradient",
    OperationKind.STATE: "state",
}
_KIND = {quantity: kind for kind, quantity in _QUANTITY.items()} | {
    "weight": OperationKind.UPDATE,
    "bias": OperationKind.UPDATE,
}


def quantity_of(operation: Operation) -> Quantity:
    """What the operation finds out; of an update, the weight or bias that gets a new value."""
    o = operation
    weight = "weight" if o.connection is not None else "bias"
    return Quantity(_QUANTITY.get(o.kind, weight), o.layer, o.neuron, o.connection, o.source, o.slot)


def operation_of(network: Network, quantity: Quantity) -> Operation | None:
    """The operation that ``quantity`` comes from; ``None`` for what is given (inputs, targets, η).

    A weight or bias comes from its update. Where no operation gives the number by itself, it is the one
    that explains it: δ for ∂C/∂a and the slope of an output that is fused with the loss, the gradient
    for g without a penalty.
    """
    q = quantity
    kind = _KIND.get(q.kind)
    if kind is None or (q.kind in ("z", "a") and q.layer == 0):
        return None
    neuron = q.neuron
    if q.of_parameter and not q.of_weight and q.layer is not None:
        if network.spec.layers[q.layer].bias == "none":
            return None
        if network.spec.layers[q.layer].bias == "shared":
            neuron = 0
    if kind is OperationKind.PENALTY and not (network.spec.l1 or network.spec.l2):
        return None
    if kind is OperationKind.REGULARISER and not (q.of_weight and (network.spec.l1 or network.spec.l2)):
        kind = OperationKind.WEIGHT_GRADIENT if q.of_weight else OperationKind.BIAS_GRADIENT
    at_output, vector = q.layer == network.depth - 1, network.activations[-1].vector
    if at_output and kind in (OperationKind.BLAME, OperationKind.SLOPE) and network.fused:
        kind = OperationKind.DELTA
    if at_output and kind is OperationKind.SLOPE and vector:
        kind = OperationKind.DELTA
    if kind in (OperationKind.LOSS, OperationKind.PENALTY):
        return Operation(kind)
    slot = q.slot if kind is OperationKind.STATE else ""
    return Operation(kind, q.layer, neuron, q.connection, q.source, slot)
