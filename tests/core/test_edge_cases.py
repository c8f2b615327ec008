"""Activations and losses at extreme inputs, against truths of 25 digits: within 4 ulp and silent."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from nnsim.core.activations import ACTIVATIONS, SOFTMAX
from nnsim.core.losses import LOSSES

EDGES = json.loads((Path(__file__).parents[1] / "oracles" / "edge_cases.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def every_floating_point_warning_is_an_error():
    with np.errstate(all="raise", under="ignore"):
        yield


def ulps(found: float, truth: str) -> float:
    """Distance from the true number in units of the last place of the float64 nearest to it."""
    exact = Fraction(Decimal(truth))
    ulp = Fraction(float(np.spacing(abs(float(exact)))))
    return float(abs(Fraction(float(found)) - exact) / ulp)


def derivative_truth(case) -> str:
    """σ' is even. From z = 700 on the file's truth for +z is 0 (its own 1 − σ cancelled), −z has it."""
    if case["fn"] != "sigmoid" or case["z"] < 700.0:
        return case["derivative"]
    assert float(case["derivative"]) == 0.0
    return next(c["derivative"] for c in EDGES["scalar"] if c["fn"] == "sigmoid" and c["z"] == -case["z"])


@pytest.mark.parametrize("case", EDGES["scalar"], ids=lambda c: f"{c['fn']}({c['z']:g})")
def test_value_and_derivative_of_one_number(case):
    activation, z = ACTIVATIONS[case["fn"]], np.array([case["z"]])
    assert ulps(activation.value(z)[0], case["value"]) <= 4
    derivative = activation.derivative(z, activation.numbers({}))
    assert ulps(derivative[0], derivative_truth(case)) <= 4


@pytest.mark.parametrize("case", EDGES["scalar"], ids=lambda c: f"{c['fn']}({c['z']:g})")
def test_the_slope_used_in_training_is_the_derivative_up_to_the_rounding_of_a(case):
    activation, z = ACTIVATIONS[case["fn"]], np.array([case["z"]])
    a, slope = activation.value(z), np.empty(1)
    activation.slope(z, a, slope, activation.numbers({}))
    assert abs(slope[0] - float(case["derivative"])) <= 4 * np.finfo(float).eps


def test_a_saturated_sigmoids_derivative_does_not_vanish_where_its_slope_does():
    sigmoid, z = ACTIVATIONS["sigmoid"], np.array([40.0])
    slope = np.empty(1)
    sigmoid.slope(z, sigmoid.value(z), slope, {})
    assert slope[0] == 0.0
    assert ulps(sigmoid.derivative(z, {})[0], "4.248354255291588959000542E-18") <= 4


@pytest.mark.parametrize("case", EDGES["softmax"], ids=lambda c: str(c["z"]))
def test_softmax_of_extreme_numbers(case):
    found = SOFTMAX.value(np.array([case["z"]]))
    assert [ulps(a, t) <= 4 for a, t in zip(found[0], case["softmax"], strict=True)] == [True] * len(found[0])


@pytest.mark.parametrize("case", EDGES["softmax"], ids=lambda c: str(c["z"]))
def test_cross_entropy_with_softmax_never_takes_the_logarithm_of_zero(case):
    z = np.array([case["z"]])
    for k in range(z.size):
        y = np.zeros_like(z)
        y[0, k] = 1.0
        truth = Decimal(case["logsumexp"]) - Decimal(case["z"][k])
        loss = LOSSES["cce"].value(z, SOFTMAX.value(z), y, "softmax")
        # logsumexp is as large as z, so its rounding is what remains of a loss near 0.
        assert abs(Decimal(loss) - truth) <= 4 * Decimal(float(np.spacing(np.abs(z).max() + 1.0)))


@pytest.mark.parametrize("case", EDGES["bce_logits"], ids=lambda c: f"z={c['z']:g},y={c['y']:g}")
def test_binary_cross_entropy_of_extreme_logits(case):
    z, y = np.array([[case["z"]]]), np.array([[case["y"]]])
    a = ACTIVATIONS["sigmoid"].value(z)
    assert ulps(LOSSES["bce_mean"].value(z, a, y, "sigmoid"), case["loss"]) <= 4
    delta = np.empty_like(z)
    LOSSES["bce_mean"].fused_delta(a, y, 1.0, delta)
    # δ is a − y, so it is exact to the rounding of a.
    assert abs(delta[0, 0] - float(case["dL_dz"])) <= 4 * np.finfo(float).eps


def test_the_stated_conventions_are_ours():
    conventions = EDGES["conventions"]
    zero = np.zeros(1)
    assert ACTIVATIONS["relu"].derivative(zero, {})[0] == conventions["relu_derivative_at_0"]
    assert ACTIVATIONS["leaky_relu"].options[0].default == conventions["leaky_relu_slope_default"]
    one = np.array([-1.0])
    assert ACTIVATIONS["leaky_relu"].value(one)[0] == -conventions["leaky_relu_slope_default"]
    assert ACTIVATIONS["softplus"].value(np.array([1.0]))[0] == pytest.approx(np.log1p(np.e), rel=1e-15)
