"""The name of every number in θ: ``weight x₁ → h₂``, ``bias h₂``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from nnsim.model.compile import Compiled
from nnsim.model.project import neuron_name


@dataclass(frozen=True, slots=True)
class NamedParameter:
    """One weight or bias. ``index`` is its position in θ, ``part`` its connection's or layer's id.

    ``source`` and ``target`` name the neurons; a bias has no source, and one that a whole layer
    shares has no target either (it stands once, at the first of its equal entries).
    """

    kind: Literal["weight", "bias"]
    index: int
    part: str
    name: str
    source: str | None
    target: str | None

    def fields(self) -> dict[str, Any]:
        """What a JSON object says of it."""
        return {
            "kind": self.kind,
            "name": self.name,
            "part": self.part,
            "source": self.source,
            "target": self.target,
        }


def layer_neurons(compiled: Compiled) -> list[list[str]]:
    """The names of all neurons, by layer."""
    project = compiled.project
    return [[neuron_name(project, layer.id, i) for i in range(layer.size)] for layer in project.layers]


def named_parameters(compiled: Compiled) -> list[NamedParameter]:
    """All parameters in computing order: by layer its weights, then its biases."""
    network, neurons = compiled.network, layer_neurons(compiled)
    found: list[NamedParameter] = []
    for kind, index, layer, block in network.parameters():
        places = block.positions().ravel()
        if kind == "weight":
            part, source = compiled.connection_ids[index], network.spec.connections[index].source
            edges = network.kinds[index].edges(network.sizes[source], network.sizes[layer])
            # Where edges share a weight, the first of them names it.
            _, firsts = np.unique(edges.parameter, return_index=True)
            for edge in firsts:
                a, b = neurons[source][edges.source[edge]], neurons[layer][edges.target[edge]]
                place = int(places[edges.parameter[edge]])
                found.append(NamedParameter("weight", place, part, f"weight {a} → {b}", a, b))
            continue
        part = compiled.layer_ids[layer]
        if network.spec.layers[layer].bias == "shared":
            name = f"bias of {compiled.project.layer_name(part)} (shared)"
            found.append(NamedParameter("bias", int(places[0]), part, name, None, None))
            continue
        for neuron, at in zip(neurons[layer], places.tolist(), strict=True):
            found.append(NamedParameter("bias", at, part, f"bias {neuron}", None, neuron))
    return found
