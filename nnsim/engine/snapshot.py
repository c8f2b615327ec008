"""What the engine shows: frozen, read-only copies of the numbers the views asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnsim.core.arrays import Array, IntArray
from nnsim.core.curves import Curves
from nnsim.core.explain.numbers import StepNumbers
from nnsim.core.health import Health
from nnsim.core.phases import Phase
from nnsim.core.trainer import Position
from nnsim.model.project import Parameters

_START = Position(0)


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """What the views show, so that nothing else is computed.

    ``sample`` indexes all samples in file order; within a step a sample that is not of its batch gives
    way to the batch's first. ``plane`` asks for pictures over the input plane
    (two raw inputs), ``fit`` for the curve over one raw input, ``confusion`` for the matrix,
    ``predictions`` for what this output says of every sample.
    ``resolution`` is the pictures' side in pixels. ``curve`` asks for every epoch's losses from the first
    to the second (see :mod:`nnsim.engine.detail`).
    """

    sample: int = 0
    plane: bool = True
    fit: bool = True
    confusion: bool = True
    predictions: int | None = None
    resolution: int = 40
    curve: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """One sample's pass at the snapshot's parameters; C is the loss of this sample alone.

    Tuples are by layer index, arrays (size of the layer,). ``z[0]`` and ``delta[0]`` are zeros,
    ``da[l]`` is ∂C/∂a (``da[0]`` = ∂C/∂x), ``slope[l]`` is f'(z) as used in training. ``gradient``
    is of the data loss, by id. ``y`` is the target as the network sees it.
    """

    sample: int
    y: Array
    a: tuple[Array, ...]
    z: tuple[Array, ...]
    da: tuple[Array, ...]
    delta: tuple[Array, ...]
    slope: tuple[Array, ...]
    loss: float
    gradient: Parameters


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Pictures over the two raw inputs: ``neurons[l]`` is (size of layer l, side, side) float32.

    Pixel [i, j] is the network's value at x₂ = top − (i+½)·dy, x₁ = left + (j+½)·dx: row 0 is the
    top of the picture. ``extent`` is (left, right, bottom, top) in raw units.
    """

    extent: tuple[float, float, float, float]
    neurons: tuple[NDArray[np.float32], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The outputs over one raw input: ``x`` (k,) raw, ``outputs`` (k, outputs)."""

    x: Array
    outputs: Array


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """What the output neuron ``output`` says of every sample: ``values`` (n,), in file order."""

    output: int
    values: Array


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """A score on train and test (``nan`` where there are no samples)."""

    key: str
    label: str
    train: float
    test: float


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Everything on screen at one moment of a run. Produced by the engine, never changed.

    ``generation`` is that of the project it belongs to. ``phase`` is the number of phases done in
    the current step (0 = between steps) and ``phases`` the step's plan. ``train_loss`` and
    ``test_loss`` are data losses over whole sets at these parameters (``nan`` without samples);
    ``penalty`` is the regularisers' part, ``batch_loss`` the current batch's (``nan`` before its
    loss phase). ``batch_samples`` index all samples, in the order of the batch. ``batch_gradient``
    is the gradient of the current batch as far as the backward pass has come; parameters not
    reached yet are ``nan``; ``None`` between steps. ``operation`` is how many operations of the phase
    after those done have been shown. ``furthest`` is the furthest moment of the run that is known, and
    ``furthest_curves`` its curves (the same object as ``curves`` where nothing lies ahead).
    ``step_numbers`` are those of the step under way (not while running flat out, and not of large
    networks), for the sample in view or, if it is not of the batch, for the batch's first. Optional
    parts are ``None`` when not asked for, not applicable, or not due yet (then the last ones
    shown stay valid to look at).
    """

    generation: int
    running: bool
    epoch: int
    step: int
    batch: int
    batches: int
    phase: int
    phases: tuple[Phase, ...]
    learning_rate: float
    parameters: Parameters
    train_loss: float
    test_loss: float
    penalty: float
    batch_loss: float
    batch_samples: IntArray
    batch_gradient: Parameters | None
    curves: Curves
    metrics: tuple[Metric, ...]
    operation: int = 0
    furthest: Position = _START
    furthest_curves: Curves = field(default_factory=Curves.empty)
    step_numbers: StepNumbers | None = None
    probe: Probe | None = None
    plane: Plane | None = None
    fit: Fit | None = None
    confusion: tuple[IntArray, IntArray] | None = None  # train, test: [true, predicted]
    predictions: Predictions | None = None
    steps_per_second: float = 0.0
    curve_detail: Curves | None = None  # made while nothing runs
    health: Health | None = None  # over training samples; None where there are none
