"""Activation functions: the value a = f(z), the slope used in training, and the derivative curve.

Three functions per entry, all elementwise on float64 arrays except softmax, which works on rows:

``forward(z, out, o)``   writes f(z) into ``out``; never warns for any finite z.
``slope(z, a, out, o)``  writes f'(z) as the textbook expression of a and z that a learner would use
                         by hand (sigmoid: a(1−a)); this is what backpropagation multiplies with.
``derivative(z, o)``     f'(z) from z alone, accurate to a few ulp also where a(1−a) has cancelled;
                         for curves and for stating the truth in saturation.

``forward_calls(z, a)`` and ``slope_calls(a, out)`` are the same as prepared calls (see
:mod:`nnsim.core.ops`), for those that are worth it: same arithmetic, same bytes. A slope made from
``a`` alone may be made for several layers at once, so it has to consist of operations whose every
bit IEEE 754 fixes, element by element.

``o`` maps the entry's option keys to numbers. ``out`` may not overlap ``z`` or ``a``.
Conventions at kinks: relu'(0) = 0, leaky and ELU take their left slope's limit from the left
(relu-like), step'(z) = 0 everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.ops import Call, Calls, perform, scalar
from nnsim.core.registry import Entry, Option, Registry

O = Mapping[str, float]
Forward = Callable[[Array, Array, O], None]
Slope = Callable[[Array, Array, Array, O], None]
Derivative = Callable[[Array, O], Array]

INF = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation(Entry):
    """One activation function. ``low`` and ``high`` bound its range (open or closed)."""

    forward: Forward
    slope: Slope
    derivative: Derivative
    low: float
    high: float
    forward_calls: Callable[[Array, Array], Calls] | None = None
    slope_calls: Callable[[Array, Array], Calls] | None = None
    vector: bool = False  # couples the neurons of a layer (softmax): output layer only
    kinked: bool = False  # not smooth at z = 0

    def prepared_forward(self, z: Array, a: Array, o: O) -> Calls:
        """Prepared :attr:`forward` on arrays by feature (size, n)."""
        if self.forward_calls is not None:
            return self.forward_calls(z, a)
        return [(self.forward, z, a, o)]

    def prepared_slope(self, z: Array, a: Array, out: Array, o: O) -> Calls:
        """Prepared :attr:`slope` on arrays by feature; no calls at all where it is 1 everywhere."""
        return [(self.slope, z, a, out, o)] if self.slope_calls is None else self.slope_calls(a, out)

    def prepared_delta(self, da: Array, a: Array, slope: Array, delta: Array) -> Calls:
        """Prepared δ = ∂C/∂a · f'(z), for softmax the product with its Jacobian; arrays by feature.

        ``slope`` holds what :meth:`prepared_slope` made; softmax uses it as scratch.
        """
        if self.vector:
            return [(_softmax_delta, a, da, slope, delta)]
        if self.slope_calls is _no_slope_calls:
            return [(np.copyto, delta, da)]
        return [(np.multiply, da, slope, delta)]

    def value(self, z: Array, options: O | None = None) -> Array:
        """f(z) as a new array of the same shape."""
        z = np.asarray(z, dtype=np.float64)
        out = np.empty_like(z)
        self.forward(z, out, self.numbers(options or {}))
        return out

    def numbers(self, given: Mapping[str, object]) -> dict[str, float]:
        """All option values as floats, defaults filled in."""
        return {o.key: float(given.get(o.key, o.default)) for o in self.options}  # type: ignore[arg-type]


# exp(40) + 1 == exp(40) in float64, so larger z cannot change σ; the clamp prevents overflow.
_SIGMOID_CLAMP = 40.0
# Up to so many classes a product with ones is the fastest sum over them.
_FEW = 64


def _sigmoid_calls(z: Array, a: Array) -> Calls:
    t, u, one = np.empty_like(z), np.empty_like(z), scalar(1.0, z)
    return [
        (partial(np.minimum, out=t), z, np.full_like(z, _SIGMOID_CLAMP)),
        (np.exp, t, u),
        (np.add, u, one, t),
        (np.divide, u, t, a),
    ]


def _sigmoid(z: Array, out: Array, o: O) -> None:
    perform(_sigmoid_calls(z, out))


def _sigmoid_slope_calls(a: Array, out: Array) -> Calls:
    return [(np.subtract, scalar(1.0, a), a, out), (np.multiply, a, out, out)]


def _sigmoid_slope(z: Array, a: Array, out: Array, o: O) -> None:
    perform(_sigmoid_slope_calls(a, out))


def _sigmoid_derivative(z: Array, o: O) -> Array:
    e = np.exp(-np.abs(z))
    d: Array = 1.0 + e
    return e / d / d


def _tanh_calls(z: Array, a: Array) -> Calls:
    return [(np.tanh, z, a)]


def _tanh(z: Array, out: Array, o: O) -> None:
    np.tanh(z, out)


def _tanh_slope_calls(a: Array, out: Array) -> Calls:
    return [(np.multiply, a, a, out), (np.subtract, scalar(1.0, a), out, out)]


def _tanh_slope(z: Array, a: Array, out: Array, o: O) -> None:
    perform(_tanh_slope_calls(a, out))


def _tanh_derivative(z: Array, o: O) -> Array:
    # sech² through e^(−2|z|): no overflow, no cancellation.
    e = np.exp(-2.0 * np.abs(z))
    d: Array = 1.0 + e
    return 4.0 * e / d / d


def _relu_calls(z: Array, a: Array) -> Calls:
    # A whole array of zeros: with a single number NumPy compares without vector instructions.
    return [(partial(np.maximum, out=a), z, np.zeros_like(z))]


def _relu(z: Array, out: Array, o: O) -> None:
    perform(_relu_calls(z, out))


def _positive(z: Array, out: Array) -> None:
    """1 where z > 0, else 0, without a boolean temporary."""
    np.greater(z, 0.0, out=out)


def _relu_slope_calls(a: Array, out: Array) -> Calls:
    # a is never negative, so its sign is 1 or 0, at a third of the cost of a comparison.
    return [(np.sign, a, out)]


def _relu_slope(z: Array, a: Array, out: Array, o: O) -> None:
    np.sign(a, out)


def _relu_derivative(z: Array, o: O) -> Array:
    return np.where(z > 0.0, 1.0, 0.0)


def _leaky(z: Array, out: Array, o: O) -> None:
    np.multiply(z, np.where(z > 0.0, 1.0, o["alpha"]), out=out)


def _leaky_slope(z: Array, a: Array, out: Array, o: O) -> None:
    out[...] = np.where(z > 0.0, 1.0, o["alpha"])


def _leaky_derivative(z: Array, o: O) -> Array:
    return np.where(z > 0.0, 1.0, o["alpha"])


def _elu(z: Array, out: Array, o: O) -> None:
    np.minimum(z, 0.0, out=out)
    np.expm1(out, out=out)
    out *= o["alpha"]
    np.copyto(out, z, where=z > 0.0)


def _elu_slope(z: Array, a: Array, out: Array, o: O) -> None:
    # For z ≤ 0: f' = α·e^z = a + α.
    np.add(a, o["alpha"], out=out)
    np.copyto(out, 1.0, where=z > 0.0)


def _elu_derivative(z: Array, o: O) -> Array:
    return np.where(z > 0.0, 1.0, o["alpha"] * np.exp(np.minimum(z, 0.0)))


def _softplus(z: Array, out: Array, o: O) -> None:
    # ln(1 + e^z) = max(z, 0) + ln(1 + e^(−|z|)): stable at both ends.
    np.abs(z, out=out)
    np.negative(out, out=out)
    np.exp(out, out=out)
    np.log1p(out, out=out)
    out += np.maximum(z, 0.0)


def _softplus_slope(z: Array, a: Array, out: Array, o: O) -> None:
    _sigmoid(z, out, o)


def _softplus_derivative(z: Array, o: O) -> Array:
    out = np.empty_like(z)
    _sigmoid(z, out, o)
    return out


def _sine(z: Array, out: Array, o: O) -> None:
    np.sin(z, out=out)


def _sine_slope(z: Array, a: Array, out: Array, o: O) -> None:
    np.cos(z, out=out)


def _sine_derivative(z: Array, o: O) -> Array:
    return np.cos(z)


def _step(z: Array, out: Array, o: O) -> None:
    _positive(z, out)


def _zero_slope(z: Array, a: Array, out: Array, o: O) -> None:
    out.fill(0.0)


def _zero_derivative(z: Array, o: O) -> Array:
    return np.zeros_like(z)


def _linear_calls(z: Array, a: Array) -> Calls:
    return [(np.copyto, a, z)]


def _no_slope_calls(a: Array, out: Array) -> Calls:
    return []


def _linear(z: Array, out: Array, o: O) -> None:
    np.copyto(out, z)


def _one_slope(z: Array, a: Array, out: Array, o: O) -> None:
    out.fill(1.0)


def _one_derivative(z: Array, o: O) -> Array:
    return np.ones_like(z)


def _softmax_calls(z: Array, a: Array) -> Calls:
    """Softmax by feature. Subtracting the largest z changes nothing in the quotient and keeps e^z ≤ 1."""
    k, n = z.shape
    row, t, u = np.empty((1, n), z.dtype), np.empty_like(z), np.empty_like(z)
    top: Call = (np.maximum.reduce, z, 0, None, row, True)
    if k > _FEW:
        sums: Call = (np.add.reduce, u, 0, None, row, True)
        return [top, (np.subtract, z, row, t), (np.exp, t, u), sums, (np.divide, u, row, a)]
    # Products with ones repeat a row for every neuron, and give every neuron the sum, faster than
    # NumPy broadcasts and adds.
    column, square = np.ones((k, 1), z.dtype), np.ones((k, k), z.dtype)
    return [
        top, (column.dot, row, t), (np.subtract, z, t, u),
        (np.exp, u, t), (square.dot, t, u), (np.divide, t, u, a),
    ]  # fmt: skip


def _softmax(z: Array, out: Array, o: O) -> None:
    by_feature = np.ascontiguousarray(z.reshape(-1, z.shape[-1]).T)
    a = np.empty_like(by_feature)
    perform(_softmax_calls(by_feature, a))
    out[...] = a.T.reshape(z.shape)


def _softmax_delta(a: Array, da: Array, tmp: Array, delta: Array) -> None:
    """δ = a·(∂C/∂a − Σ ∂C/∂a·a), by feature: the product of ∂C/∂a with softmax's Jacobian."""
    np.multiply(da, a, out=tmp)
    np.subtract(da, np.add.reduce(tmp, axis=0), out=delta)
    np.multiply(delta, a, out=delta)


def _softmax_derivative(z: Array, o: O) -> Array:
    """The diagonal of the Jacobian, ∂aₖ/∂zₖ = aₖ(1 − aₖ)."""
    a = np.empty_like(z)
    _softmax(z, a, o)
    return a * (1.0 - a)


SIGMOID = Activation(
    key="sigmoid", label="Sigmoid", help="Squeezes any number into 0…1.",
    formula="σ(z) = 1 / (1 + e^(−z))",
    forward_calls=_sigmoid_calls, slope_calls=_sigmoid_slope_calls,
    forward=_sigmoid, slope=_sigmoid_slope, derivative=_sigmoid_derivative, low=0.0, high=1.0,
)  # fmt: skip
TANH = Activation(
    key="tanh", label="Tanh", help="Squeezes any number into −1…1.",
    formula="tanh(z) = (e^z − e^(−z)) / (e^z + e^(−z))",
    forward_calls=_tanh_calls, slope_calls=_tanh_slope_calls,
    forward=_tanh, slope=_tanh_slope, derivative=_tanh_derivative, low=-1.0, high=1.0,
)  # fmt: skip
RELU = Activation(
    key="relu", label="ReLU", help="Lets positive numbers through and stops negative ones.",
    formula="max(0, z)",
    forward_calls=_relu_calls, slope_calls=_relu_slope_calls,
    forward=_relu, slope=_relu_slope, derivative=_relu_derivative, low=0.0, high=INF, kinked=True,
)  # fmt: skip
LEAKY_RELU = Activation(
    key="leaky_relu", label="Leaky ReLU", help="A ReLU that lets a little through below zero.",
    formula="z if z > 0, else α·z",
    options=(Option("alpha", "Slope α below zero", 0.01, minimum=0.0, maximum=1.0),),
    forward=_leaky, slope=_leaky_slope, derivative=_leaky_derivative, low=-INF, high=INF, kinked=True,
)  # fmt: skip
ELU = Activation(
    key="elu", label="ELU", help="Like ReLU, but bends smoothly to −α below zero.",
    formula="z if z > 0, else α·(e^z − 1)",
    options=(Option("alpha", "Floor α", 1.0, minimum=0.0, maximum=10.0),),
    forward=_elu, slope=_elu_slope, derivative=_elu_derivative, low=-INF, high=INF, kinked=True,
)  # fmt: skip
SOFTPLUS = Activation(
    key="softplus", label="Softplus", help="A smooth ReLU.", formula="ln(1 + e^z)",
    forward=_softplus, slope=_softplus_slope, derivative=_softplus_derivative, low=0.0, high=INF,
)  # fmt: skip
SINE = Activation(
    key="sine", label="Sine", help="A wave: never saturates, repeats itself.", formula="sin(z)",
    forward=_sine, slope=_sine_slope, derivative=_sine_derivative, low=-1.0, high=1.0,
)  # fmt: skip
STEP = Activation(
    key="step", label="Step",
    help="The perceptron's threshold. Its slope is 0, so gradient descent cannot train through it.",
    formula="1 if z > 0, else 0",
    forward=_step, slope=_zero_slope, derivative=_zero_derivative, low=0.0, high=1.0, kinked=True,
)  # fmt: skip
LINEAR = Activation(
    key="linear", label="Linear", help="Passes z on unchanged.", formula="z",
    forward_calls=_linear_calls, slope_calls=_no_slope_calls,
    forward=_linear, slope=_one_slope, derivative=_one_derivative, low=-INF, high=INF,
)  # fmt: skip
SOFTMAX = Activation(
    key="softmax", label="Softmax",
    help="Turns the output layer's numbers into probabilities that add up to 1.",
    formula="e^(zₖ) / Σⱼ e^(zⱼ)",
    forward_calls=_softmax_calls,
    forward=_softmax, slope=_sigmoid_slope, derivative=_softmax_derivative, low=0.0, high=1.0,
    vector=True,
)  # fmt: skip

ACTIVATIONS: Registry[Activation] = Registry(
    "activation",
    (SIGMOID, TANH, RELU, LEAKY_RELU, ELU, SOFTPLUS, SINE, STEP, LINEAR, SOFTMAX),
)
