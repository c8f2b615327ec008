"""The operations of a step: what somebody computing by hand does, one number at a time.

A phase (see :mod:`nnsim.core.phases`) is computed at once, for a whole layer and batch. An operation
is a cursor over such a computed phase: it says which of the phase's numbers is looked at, and computes
nothing. That is why stepping by operations ends in the same bytes as stepping by phases.

Order within the phases:

* forward of a layer: for each neuron its weighted sum, then its activation; for softmax, which needs
  all sums of the layer, first every sum, then every activation;
* loss: the loss, then the penalty if there is one;
* backward of a layer: for each neuron ∂C/∂a, the slope, δ; only δ where the loss is fused with the
  activation; for softmax that is not fused first every ∂C/∂a, then every δ (a sum over the layer).
  Then for each neuron the gradients of its weights, by connection and source, and of its bias. A bias
  that the layer shares comes once, after all neurons, as that of neuron 0;
* update: by layer, neuron, weight and then bias: the penalty's part of the gradient (weights only),
  each state vector of the optimizer, the new value. Frozen parameters are walked over like others.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import overload

from nnsim.core.network import Network
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.phases import Phase, PhaseKind


class OperationKind(StrEnum):
    """What an operation finds out."""

    SUM = "sum"  # z of a neuron
    ACTIVATION = "activation"  # a of a neuron
    LOSS = "loss"  # the data loss of the batch
    PENALTY = "penalty"  # the regularisers' price
    BLAME = "blame"  # ∂C/∂a of a neuron
    SLOPE = "slope"  # f'(z) of a neuron
    DELTA = "delta"  # ∂C/∂z of a neuron
    WEIGHT_GRADIENT = "weight_gradient"  # ∂C/∂w
    BIAS_GRADIENT = "bias_gradient"  # ∂C/∂b
    REGULARISER = "regulariser"  # the penalty's part of a weight's gradient
    STATE = "state"  # the optimizer's memory of one parameter
    UPDATE = "update"  # the parameter's new value


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    ``layer``       index of the layer of the neuron concerned (for a parameter, of its target)
    ``neuron``      the neuron in it (the weight's target, the bias's owner)
    ``connection``  index into ``network.spec.connections`` where it is about a weight
    ``source``      that weight's source neuron
    ``slot``        for STATE: the name of the optimizer's state vector
    """

    kind: OperationKind
    layer: int | None = None
    neuron: int | None = None
    connection: int | None = None
    source: int | None = None
    slot: str = ""


_Step = tuple[OperationKind, str]


@dataclass(frozen=True, slots=True)
class _Strand:
    """The same steps for one number, or for each of ``sources`` weights of a neuron."""

    steps: tuple[_Step, ...]
    connection: int | None = None
    sources: int = 1

    @property
    def length(self) -> int:
        return len(self.steps) * self.sources


@dataclass(frozen=True, slots=True)
class _Part:
    """The same strands for each of ``neurons`` neurons; one group for each."""

    layer: int | None
    neurons: int
    strands: tuple[_Strand, ...]

    @property
    def group(self) -> int:
        return sum(strand.length for strand in self.strands)

    def at(self, offset: int) -> Operation:
        neuron, offset = divmod(offset, self.group)
        for strand in self.strands:
            if offset < strand.length:
                source, place = divmod(offset, len(strand.steps))
                kind, slot = strand.steps[place]
                of_weight = strand.connection is not None
                return Operation(
                    kind, self.layer, None if self.layer is None else neuron,
                    strand.connection, source if of_weight else None, slot,
                )  # fmt: skip
            offset -= strand.length
        raise AssertionError("an offset within the group belongs to a strand")

    def find(self, operation: Operation) -> int | None:
        """The offset of ``operation``, or ``None`` if it is not of this part."""
        neuron = operation.neuron or 0
        if operation.layer != self.layer or not 0 <= neuron < self.neurons:
            return None
        offset = neuron * self.group
        for strand in self.strands:
            source = operation.source or 0
            step = (operation.kind, operation.slot)
            if strand.connection == operation.connection and step in strand.steps and source < strand.sources:
                return offset + source * len(strand.steps) + strand.steps.index(step)
            offset += strand.length
        return None


class Operations(Sequence[Operation]):
    """The operations of one phase, made when asked for: nothing of the network's size is built."""

    def __init__(self, parts: Sequence[_Part]) -> None:
        self._parts = tuple(part for part in parts if part.neurons and part.group)
        self._starts = [0]
        for part in self._parts:
            self._starts.append(self._starts[-1] + part.neurons * part.group)

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, k: int) -> Operation: ...
    @overload
    def __getitem__(self, k: slice) -> tuple[Operation, ...]: ...
    def __getitem__(self, k: int | slice) -> Operation | tuple[Operation, ...]:
        if isinstance(k, slice):
            return tuple(self[i] for i in range(*k.indices(len(self))))
        k = self._place(k)
        part = self._part(k)
        return self._parts[part].at(k - self._starts[part])

    def _place(self, k: int) -> int:
        if k < 0:
            k += len(self)
        if not 0 <= k < len(self):
            raise IndexError("the phase has no such operation")
        return k

    def _part(self, k: int) -> int:
        return bisect_right(self._starts, k) - 1

    def neuron_end(self, k: int) -> int:
        """The index just after the group (one neuron's work) that operation ``k`` belongs to."""
        k = self._place(k)
        part = self._part(k)
        start, group = self._starts[part], self._parts[part].group
        return start + ((k - start) // group + 1) * group

    def neuron_start(self, k: int) -> int:
        """The index of the first operation of the group that operation ``k`` belongs to."""
        k = self._place(k)
        part = self._part(k)
        start, group = self._starts[part], self._parts[part].group
        return start + (k - start) // group * group

    def index(self, value: object, start: int = 0, stop: int | None = None) -> int:
        """Where an operation is, at once. Raises ``ValueError`` if it is not in this phase."""
        if isinstance(value, Operation):
            for part, first in zip(self._parts, self._starts, strict=False):
                offset = part.find(value)
                # A number left out, or one too many, makes another operation.
                if offset is not None and part.at(offset) == value:
                    place = first + offset
                    if start <= place < (len(self) if stop is None else stop):
                        return place
        raise ValueError("this operation is not in the phase")

    def __contains__(self, value: object) -> bool:
        try:
            self.index(value)
        except ValueError:
            return False
        return True


def operations_of(network: Network, optimizer: str, phase: Phase) -> Operations:
    """The operations of ``phase``; ``optimizer`` is a key of the registry (for the update's states).

    Raises ``UnknownNameError`` for an optimizer that no registry has.
    """
    if phase.kind is PhaseKind.LOSS:
        penalised = bool(network.spec.l1 or network.spec.l2)
        kinds = (OperationKind.LOSS, OperationKind.PENALTY) if penalised else (OperationKind.LOSS,)
        return Operations([_Part(None, 1, (_strand(*kinds),))])
    if phase.kind is PhaseKind.UPDATE:
        slots = OPTIMIZERS[optimizer].slot_names
        layers = range(1, network.depth)
        return Operations([part for layer in layers for part in _update(network, slots, layer)])
    if phase.layer is None:
        raise ValueError("a forward or backward phase is of a layer")
    if phase.kind is PhaseKind.FORWARD:
        return Operations(_forward(network, phase.layer))
    return Operations([*_blames(network, phase.layer), *_gradients(network, phase.layer)])


def _strand(*kinds: OperationKind) -> _Strand:
    return _Strand(tuple((kind, "") for kind in kinds))


def _each(layer: int, neurons: int, *kinds: OperationKind) -> _Part:
    return _Part(layer, neurons, (_strand(*kinds),))


def _forward(network: Network, layer: int) -> list[_Part]:
    size, kinds = network.sizes[layer], (OperationKind.SUM, OperationKind.ACTIVATION)
    if network.activations[layer].vector:
        return [_each(layer, size, kind) for kind in kinds]
    return [_each(layer, size, *kinds)]


def _blames(network: Network, layer: int) -> list[_Part]:
    size = network.sizes[layer]
    if layer == network.depth - 1 and network.fused:
        return [_each(layer, size, OperationKind.DELTA)]
    if network.activations[layer].vector:
        return [_each(layer, size, OperationKind.BLAME), _each(layer, size, OperationKind.DELTA)]
    return [_each(layer, size, OperationKind.BLAME, OperationKind.SLOPE, OperationKind.DELTA)]


def _of_parameters(
    network: Network, layer: int, weight: tuple[_Step, ...], bias: tuple[_Step, ...]
) -> list[_Part]:
    """``weight`` for every weight that leads to each neuron, ``bias`` for its bias."""
    connections = network.spec.connections
    strands = [_Strand(weight, c, network.sizes[connections[c].source]) for c in network.incoming[layer]]
    kind, size = network.spec.layers[layer].bias, network.sizes[layer]
    own = _Strand(bias)
    if kind == "each":
        strands.append(own)
    parts = [_Part(layer, size, tuple(strands))]
    if kind == "shared":
        parts.append(_Part(layer, 1, (own,)))
    return parts


def _gradients(network: Network, layer: int) -> list[_Part]:
    weight, bias = OperationKind.WEIGHT_GRADIENT, OperationKind.BIAS_GRADIENT
    return _of_parameters(network, layer, ((weight, ""),), ((bias, ""),))


def _update(network: Network, slots: tuple[str, ...], layer: int) -> list[_Part]:
    bias = (*((OperationKind.STATE, slot) for slot in slots), (OperationKind.UPDATE, ""))
    price = ((OperationKind.REGULARISER, ""),) if network.spec.l1 or network.spec.l2 else ()
    return _of_parameters(network, layer, (*price, *bias), bias)
