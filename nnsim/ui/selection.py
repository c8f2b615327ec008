"""What is selected or hovered in the window. Not part of the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Selection:
    """A quantity or part of the network, by ids.

    ``network``: nothing in particular. ``layer``: ``layer``. ``neuron``: ``layer`` and ``neuron``
    (index in the layer). ``edge``: ``connection``, ``target`` and ``source`` (neuron indices).
    """

    kind: Literal["network", "layer", "neuron", "edge"] = "network"
    layer: str = ""
    neuron: int = -1
    connection: str = ""
    target: int = -1
    source: int = -1

    @staticmethod
    def of_layer(layer: str) -> Selection:
        return Selection("layer", layer=layer)

    @staticmethod
    def of_neuron(layer: str, neuron: int) -> Selection:
        return Selection("neuron", layer=layer, neuron=neuron)

    @staticmethod
    def of_edge(connection: str, target: int, source: int) -> Selection:
        return Selection("edge", connection=connection, target=target, source=source)


NOTHING = Selection()
