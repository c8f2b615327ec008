"""The id of a number: what a digit on the screen, a row of a table and an edge of the canvas agree on."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = (
    "x",  # an input, as the network receives it: layer 0, neuron
    "z",  # weighted sum: layer, neuron
    "a",  # activation: layer, neuron
    "y",  # target: the output layer, neuron
    "blame",  # ∂C/∂a: layer, neuron
    "slope",  # f'(z): layer, neuron
    "delta",  # δ = ∂C/∂z: layer, neuron
    "weight",  # layer and neuron of the target, connection, source
    "bias",  # layer, neuron (0 where the layer shares it)
    "weight_gradient",  # ∂C/∂w of the data loss; places as for "weight"
    "bias_gradient",  # ∂C/∂b of the data loss
    "total_gradient",  # g, what the optimizer gets: with the penalty's part; places as for weight or bias
    "loss",  # C of the batch, without the penalty
    "penalty",  # the regularisers' price
    "rate",  # η of the step
    "state",  # an optimizer's state, named by slot; places as for weight or bias
)
_OF_PARAMETERS = {"weight", "bias", "weight_gradient", "bias_gradient", "total_gradient", "state"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """Which number is meant, whatever its value is. Places are as in :class:`Operation`.

    ``kind`` is one of :data:`KINDS`. A number of a neuron is that of the sample in view.
    """

    kind: str
    layer: int | None = None
    neuron: int | None = None
    connection: int | None = None
    source: int | None = None
    slot: str = ""

    @property
    def of_parameter(self) -> bool:
        """Whether it belongs to a weight or a bias (as its value, gradient or optimizer state)."""
        return self.kind in _OF_PARAMETERS

    @property
    def of_weight(self) -> bool:
        """Whether it belongs to a weight."""
        return self.of_parameter and self.connection is not None

    def of(self, kind: str, slot: str = "") -> Quantity:
        """Another quantity at the same place: the gradient of a weight, the δ of a neuron."""
        return Quantity(kind, self.layer, self.neuron, self.connection, self.source, slot)

    def parameter(self) -> Quantity:
        """The weight or bias that this belongs to. Raises ``ValueError`` where there is none."""
        if not self.of_parameter:
            raise ValueError(f"{self.kind} belongs to no parameter")
        return self.of("weight" if self.of_weight else "bias")
