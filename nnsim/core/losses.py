"""Losses, each with its convention (the ½ and the 1/n) in its name.

With n samples in the batch and m outputs, C = scale · Σ_samples Σ_outputs e(a, y), where e is

* squared error:              (a − y)²  or  ½(a − y)²
* binary cross-entropy:       −[y ln a + (1 − y) ln(1 − a)]
* categorical cross-entropy:  −y ln a

and scale is 1 (sum), 1/n (mean over samples) or 1/(n·m) (mean over elements).

Cross-entropy is computed from z where the output activation is its natural partner (sigmoid,
softmax): max(z,0) − z·y + ln(1 + e^(−|z|)) and Σy·logsumexp(z) − Σ y·z, which stay finite for any
finite z; δ is then (a − y)·scale (for softmax (a·Σy − y)·scale) without the cancelled slope.
With other activations the logarithms are of a itself. Where a leaves the loss's domain (0…1 for binary,
0 or more for categorical cross-entropy) the loss is infinite and its gradient not a number, so that the
next update is reported as divergence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.registry import Entry, Registry

Family = Literal["squared", "bce", "cce"]
Reduction = Literal["sum", "samples", "elements"]

_PARTNER = {"bce": "sigmoid", "cce": "softmax"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss(Entry):
    """A loss with one convention. Methods take a, y (and z) of shape (n, m)."""

    family: Family
    reduction: Reduction
    half: bool = False

    def scale(self, n: int, m: int) -> float:
        """The factor in front of the sum for n samples and m outputs."""
        if self.reduction == "sum":
            return 1.0
        return 1.0 / n if self.reduction == "samples" else 1.0 / (n * m)

    def fused_with(self, activation: str) -> bool:
        """Whether z of this output activation is used instead of a (see the module's text)."""
        return _PARTNER.get(self.family) == activation

    def accepts(self, low: float, high: float) -> bool:
        """Whether outputs with the range low…high always lie in the loss's domain."""
        if self.family == "squared":
            return True
        return low >= 0.0 and high <= 1.0

    def elements(self, z: Array, a: Array, y: Array, activation: str) -> Array:
        """e(a, y) for every sample and output, shape (n, m), before scaling."""
        if self.family == "squared":
            d = a - y
            return 0.5 * d * d if self.half else d * d
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.family == "bce":
                if self.fused_with(activation):
                    return np.maximum(z, 0.0) - z * y + np.log1p(np.exp(-np.abs(z)))
                e = -(_xlogy(y, a) + _xlogy(1.0 - y, 1.0 - a))
                e[(a < 0.0) | (a > 1.0)] = np.inf
                return e
            if self.fused_with(activation):
                top = np.maximum.reduce(z, axis=-1, keepdims=True)
                log_sum = top + np.log(np.add.reduce(np.exp(z - top), axis=-1, keepdims=True))
                out: Array = y * (log_sum - z)
                return out
            e = -_xlogy(y, a)
            e[(a < 0.0) & (y != 0.0)] = np.inf
            return e

    def value(self, z: Array, a: Array, y: Array, activation: str) -> float:
        """The loss C of a batch; 0.0 for an empty one."""
        n, m = y.shape
        if n == 0:
            return 0.0
        return float(np.add.reduce(self.elements(z, a, y, activation), axis=None)) * self.scale(n, m)

    def gradient(self, a: Array, y: Array, scale: float, out: Array) -> None:
        """∂C/∂a into ``out``."""
        if self.family == "squared":
            np.subtract(a, y, out=out)
            out *= scale if self.half else 2.0 * scale
            return
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.family == "bce":
                np.divide(a - y, a * (1.0 - a), out=out)
                # The same for certain targets, where a factor has cancelled: right up to a = y.
                np.copyto(out, 1.0 / (1.0 - a), where=y == 0.0)
                np.copyto(out, -1.0 / a, where=y == 1.0)
                out[(a < 0.0) | (a > 1.0)] = np.nan
            else:
                np.divide(-y, a, out=out)
                np.copyto(out, 0.0, where=y == 0.0)
                out[(a < 0.0) & (y != 0.0)] = np.nan
            out *= scale

    def fused_delta(self, a: Array, y: Array, scale: float, out: Array) -> None:
        """δ = ∂C/∂z into ``out``, when :meth:`fused_with` the output activation."""
        if self.family == "bce":
            np.subtract(a, y, out=out)
        else:
            # Σy is 1 for a proper distribution; the general form keeps other targets right too.
            np.multiply(a, np.add.reduce(y, axis=-1, keepdims=True), out=out)
            out -= y
        out *= scale


def _xlogy(x: Array, y: Array) -> Array:
    """x·ln(y) with 0·ln(0) = 0."""
    out: Array = np.where(x == 0.0, 0.0, x * np.log(y))
    return out


def _squared(key: str, half: bool, reduction: Reduction) -> Loss:
    where = {"sum": "sum", "samples": "mean over samples", "elements": "mean over elements"}
    front = {"sum": "", "samples": "1/n · ", "elements": "1/(n·m) · "}[reduction]
    return Loss(
        key=key,
        label=f"{'½ squared' if half else 'Squared'} error, {where[reduction]}",
        help="The distance between output and target, squared.",
        formula=f"C = {front}Σₓ Σⱼ {'½' if half else ''}(aⱼ − yⱼ)²",
        family="squared",
        reduction=reduction,
        half=half,
    )


def _bce(key: str, reduction: Reduction) -> Loss:
    where = {"sum": "sum", "samples": "mean over samples", "elements": "mean over elements"}
    front = {"sum": "−", "samples": "−1/n · ", "elements": "−1/(n·m) · "}[reduction]
    return Loss(
        key=key,
        label=f"Binary cross-entropy, {where[reduction]}",
        help="For outputs that are probabilities of yes (sigmoid).",
        formula=f"C = {front}Σₓ Σⱼ [yⱼ ln aⱼ + (1 − yⱼ) ln(1 − aⱼ)]",
        family="bce",
        reduction=reduction,
    )


def _cce(key: str, reduction: Reduction) -> Loss:
    where = {"sum": "sum", "samples": "mean over samples", "elements": "mean over elements"}
    front = {"sum": "−", "samples": "−1/n · ", "elements": "−1/(n·m) · "}[reduction]
    return Loss(
        key=key,
        label=f"Categorical cross-entropy, {where[reduction]}",
        help="For outputs that are probabilities of classes (softmax).",
        formula=f"C = {front}Σₓ Σⱼ yⱼ ln aⱼ",
        family="cce",
        reduction=reduction,
    )


LOSSES: Registry[Loss] = Registry(
    "loss",
    (
        _squared("mse_half", True, "samples"),
        _squared("mse_half_elements", True, "elements"),
        _squared("sse_half", True, "sum"),
        _squared("mse_samples", False, "samples"),
        _squared("mse_mean", False, "elements"),
        _squared("sse", False, "sum"),
        _bce("bce_mean", "elements"),
        _bce("bce_samples", "samples"),
        _bce("bce_sum", "sum"),
        _cce("cce", "samples"),
        _cce("cce_sum", "sum"),
    ),
)
