"""Published cases that are no networks in the record, but make one: softmax alone, a perceptron, scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RULE = {"biases": True, "per_sample": False}


def as_network(case: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record with network, data, loss, rate and rule, as the records of networks have them."""
    kind = case["kind"]
    if kind == "mlp":
        return case
    if kind == "softmax_vector":
        return {**case, **_softmax(case["data"])}
    if kind == "perceptron":
        return {**case, **_nand()}
    if kind == "linear_scores":
        target = {"x": case["data"]["x"], "y": [[1.0, 0.0, 0.0]]}
        return {**case, "data": target, "loss": "mse_half", "lr": None, "update": RULE}
    if kind == "momentum":
        return {**case, **_momentum(case["recomputed"]["updates"])}
    raise ValueError(f"{case['id']} makes no network")


def _softmax(data: Mapping[str, Any]) -> dict[str, Any]:
    """The scores as inputs, handed on one to one to a softmax layer."""
    scores = [float(z) for z in data["logits"]]
    n, target = len(scores), data["target"] or 0
    identity = [[float(j == k) for k in range(n)] for j in range(n)]
    return {
        "network": {"layers": [{"W": identity, "b": [0.0] * n, "act": "softmax"}]},
        "data": {"x": [scores], "y": [[float(j == target) for j in range(n)]]},
        "loss": "cce", "lr": None, "update": RULE,
    }  # fmt: skip


def _nand() -> dict[str, Any]:
    rows = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    return {
        "network": {"layers": [{"W": [[-2.0, -2.0]], "b": [3.0], "act": "step"}]},
        "data": {"x": rows, "y": [[float(not (a and b))] for a, b in rows]},
        "loss": "mse_half", "lr": None, "update": RULE,
    }  # fmt: skip


def _momentum(updates: list[Mapping[str, Any]]) -> dict[str, Any]:
    layers = [
        {"W": [[0.1, 0.1]], "b": [0.1], "act": "sigmoid"},
        {"W": [[0.1]], "b": [0.1], "act": "sigmoid"},
    ]
    return {
        "network": {"layers": layers},
        "data": {"x": [u["x"] for u in updates], "y": [u["y"] for u in updates]},
        "loss": "mse_half", "lr": 0.3, "update": {"biases": True, "per_sample": True},
    }  # fmt: skip
