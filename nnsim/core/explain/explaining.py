"""From an operation to its explanation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nnsim.core.arrays import quiet
from nnsim.core.explain import backward, forward, loss, update
from nnsim.core.explain.explanation import Explanation, Writer
from nnsim.core.explain.names import Names
from nnsim.core.explain.numbers import StepNumbers
from nnsim.core.network import Network
from nnsim.core.operations import Operation, OperationKind
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.phases import PhaseKind, plan

K = OperationKind
_OF_NEURON = {
    K.SUM: forward.weighted_sum,
    K.ACTIVATION: forward.activation,
    K.BLAME: backward.blame,
    K.SLOPE: backward.slope,
    K.DELTA: backward.delta,
    K.BIAS_GRADIENT: backward.bias_gradient,
}
_OF_ALL = {
    K.LOSS: loss.loss,
    K.PENALTY: loss.penalty,
    K.REGULARISER: update.regulariser,
    K.STATE: update.state,
    K.UPDATE: update.update,
}


@quiet
def explain(
    network: Network,
    optimizer: str,
    options: Mapping[str, object],
    numbers: StepNumbers,
    operation: Operation,
    names: Names,
    *,
    terms: int = 8,
) -> Explanation:
    """Explain ``operation`` of the step whose numbers these are, for their explained row.

    ``optimizer`` and ``options`` are the registry's key and the given options (defaults are filled in).
    Of a sum of more than ``terms`` terms the first are shown and the others as one number. An operation
    that the step has not come to is explained in symbols only. Raises ``ValueError`` for an operation
    without the places its kind needs.
    """
    entry = OPTIMIZERS[optimizer]
    writer = Writer(network, entry, entry.numbers(options), numbers, names, max(terms, 2))
    found = _written(writer, operation)
    if is_ready(network, numbers, operation):
        return found
    return replace(found, numbers=(), result=(), parts=(), ready=False)


def _written(w: Writer, o: Operation) -> Explanation:
    if o.kind in _OF_ALL:
        return _OF_ALL[o.kind](w, o)
    if o.layer is None or o.neuron is None:
        raise ValueError(f"an operation of the kind {o.kind} needs a layer and a neuron")
    if o.kind is not K.WEIGHT_GRADIENT:
        return _OF_NEURON[o.kind](w, o, o.layer, o.neuron)
    if o.connection is None or o.source is None:
        raise ValueError("the gradient of a weight needs a connection and a source")
    return backward.weight_gradient(w, o, o.layer, o.neuron, o.connection, o.source)


def phase_of(network: Network, operation: Operation) -> int:
    """The index in the network's plan of the phase that ``operation`` belongs to."""
    o, last = operation, 2 * network.depth - 1
    if o.kind in (K.LOSS, K.PENALTY):
        return network.depth - 1
    if o.kind in (K.REGULARISER, K.STATE, K.UPDATE):
        return last
    if o.layer is None:
        raise ValueError(f"an operation of the kind {o.kind} needs a layer")
    return o.layer - 1 if o.kind in (K.SUM, K.ACTIVATION) else last - o.layer


def is_ready(network: Network, numbers: StepNumbers, operation: Operation) -> bool:
    """Whether the step has computed the numbers of ``operation``.

    The numbers of a phase are there as soon as one of its operations is shown; those of the update as
    soon as the backward pass is done.
    """
    phases = plan(network)
    done = numbers.phase
    if done < len(phases) and (numbers.operation or phases[done].kind is PhaseKind.UPDATE):
        done += 1
    return phase_of(network, operation) < done
