"""Outputs for samples at given parameters, where the engine hands out none."""

from __future__ import annotations

import numpy as np

from nnsim.core.arrays import Array, IntArray, read_only
from nnsim.core.evaluate import Evaluator
from nnsim.core.network import Network, Views
from nnsim.model.compile import flatten, network_spec
from nnsim.model.prepared import Prepared
from nnsim.model.project import Parameters, Project


def belongs(parameters: Parameters, project: Project) -> bool:
    """Whether the parameters are shaped like the project's: after a change of the structure the
    numbers at hand are for a moment those of the network before."""
    own = project.parameters
    return all(
        given.keys() == mine.keys() and all(given[key].shape == mine[key].shape for key in mine)
        for given, mine in ((parameters.weights, own.weights), (parameters.biases, own.biases))
    )


class Predictor:
    """Computes outputs; keeps the network as long as the project's structure stays the same."""

    def __init__(self) -> None:
        self._network: Network | None = None
        self._structure: tuple[object, object] = (None, None)

    def outputs(self, project: Project, parameters: Parameters, prepared: Prepared, rows: IntArray) -> Array:
        """(n, outputs) for the samples ``rows``; NaN for all others."""
        network = self._network_of(project)
        out = np.full(prepared.y.shape, np.nan)
        with np.errstate(all="ignore"):
            theta = Views(network.layout, flatten(network, project, parameters))
            out[rows] = Evaluator(network, theta).outputs(prepared.x[rows])
        return read_only(out)

    def _network_of(self, project: Project) -> Network:
        structure = (project.layers, project.connections)
        if self._network is None or any(a is not b for a, b in zip(structure, self._structure, strict=True)):
            self._network, self._structure = Network(network_spec(project)), structure
        return self._network
