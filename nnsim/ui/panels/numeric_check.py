"""One gradient by trying: backpropagation against a central difference, for the sample in view."""

from __future__ import annotations

from dataclasses import dataclass

from nnsim.core.gradcheck import check_gradient
from nnsim.core.network import Network
from nnsim.model.compile import flatten, network_spec
from nnsim.model.prepared import Prepared
from nnsim.model.project import Parameters, Project
from nnsim.ui.numbers import exact, scientific

# Larger relative errors mean that something is wrong (the promise for every activation and loss).
_LIMIT = 1e-6


@dataclass(frozen=True, slots=True)
class CheckResult:
    """``kind``: "ok", "wrong" or "kink" (no slope to compare with at this point)."""

    kind: str
    analytic: float
    numeric: float
    relative_error: float

    @property
    def text(self) -> str:
        """What is shown: ``✓ 1.1e−11``."""
        if self.kind == "kink":
            return "at a kink"
        return f"{'✓' if self.kind == 'ok' else '✗'} {scientific(self.relative_error)}"

    @property
    def token(self) -> str:
        """The colour it is shown in."""
        return {"ok": "ok_text", "wrong": "danger_text", "kink": "muted_text"}[self.kind]

    @property
    def full_text(self) -> str:
        """Both gradients with all digits."""
        lines = [
            f"by backpropagation: {exact(self.analytic)}",
            f"by trying both ways: {exact(self.numeric)}",
            f"relative difference: {scientific(self.relative_error, 2)}",
        ]
        if self.kind == "kink":
            lines.append("The function has a corner within the step tried, so there is no one slope.")
        return "\n".join(lines)


def check_weight(
    project: Project, parameters: Parameters, prepared: Prepared, sample: int,
    connection_id: str, target: int, source: int,
) -> CheckResult:  # fmt: skip
    """Check ∂C/∂w of one weight. ``sample`` indexes all samples; C is the loss of it alone."""
    network = Network(network_spec(project))
    index = next(i for i, c in enumerate(project.connections) if c.id == connection_id)
    block = network.layout.weights[index]
    return _check(project, parameters, prepared, sample, network, int(block.positions()[target, source]))


def check_bias(
    project: Project, parameters: Parameters, prepared: Prepared, sample: int, layer_id: str, neuron: int
) -> CheckResult:
    """Check ∂C/∂b of one bias (of the whole layer where it is shared)."""
    network = Network(network_spec(project))
    block = network.layout.biases[project.layer_index(layer_id)]
    if block is None:
        raise ValueError("this layer has no biases")
    return _check(project, parameters, prepared, sample, network, int(block.positions()[neuron]))


def _check(
    project: Project, parameters: Parameters, prepared: Prepared, sample: int, network: Network, index: int
) -> CheckResult:
    theta = flatten(network, project, parameters)
    x, y = prepared.x[sample : sample + 1], prepared.y[sample : sample + 1]
    found = check_gradient(network, theta, x, y, [index])
    error = float(found.relative_error[0])
    kind = "kink" if bool(found.at_kink[0]) else "ok" if error <= _LIMIT else "wrong"
    return CheckResult(kind, float(found.analytic[0]), float(found.numeric[0]), error)
