"""Makes snapshots: reads a trainer and copies out what the views asked for.

What costs much (losses over whole sets, pictures) is made less often the more it costs, so that
showing takes a bounded share of the engine's time; between, the last made is handed out again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from nnsim.core.arrays import Array, IntArray, read_only
from nnsim.core.curves import Curves
from nnsim.core.datasets.base import Samples
from nnsim.core.evaluate import Pass
from nnsim.core.explain.numbers import StepNumbers, step_numbers
from nnsim.core.health import Health, examine
from nnsim.core.metrics import METRICS, confusion_matrix
from nnsim.core.phases import PhaseKind
from nnsim.core.tape import Tape
from nnsim.core.trainer import Task, Trainer
from nnsim.engine.snapshot import Fit, Metric, Plane, Predictions, Probe, Snapshot, ViewRequest
from nnsim.model.compile import Compiled
from nnsim.model.prepared import network_inputs
from nnsim.model.project import Parameters

# A part may take this share of the time; so a part that takes 10 ms is made every 200 ms at most.
_SHARE = 0.05
_MARGIN = 0.08
# Networks and batches larger than this are not explained number by number: copying a step would take long.
_MOST_PARAMETERS = 250_000
_MOST_NUMBERS = 500_000
_FIT_POINTS = 241

T = TypeVar("T")


@dataclass(slots=True)
class _Part(Generic[T]):
    """A part of the snapshot with what it was made for, and the moment from which it may be made anew."""

    value: T
    made_for: object = None
    due: float = 0.0

    def make_if_due(self, now: float, fresh: bool, what_for: object, make: Any) -> T:
        if what_for != self.made_for and (fresh or now >= self.due):
            self.made_for = what_for
            began = time.perf_counter()
            self.value = make()
            ended = time.perf_counter()
            self.due = ended + (ended - began) / _SHARE
        return self.value


@dataclass(frozen=True, slots=True)
class Scores:
    """What is found by passing all samples through the network; see :class:`Snapshot`."""

    train_loss: float = float("nan")
    test_loss: float = float("nan")
    metrics: tuple[Metric, ...] = ()
    confusion: tuple[IntArray, IntArray] | None = None
    predictions: Predictions | None = None


class Showing:
    """The snapshots of one loaded project."""

    def __init__(self, compiled: Compiled, trainer: Trainer, tape: Tape, generation: int) -> None:
        self._compiled, self._trainer, self._tape, self._generation = compiled, trainer, tape, generation
        self._request = ViewRequest()
        self._scores: _Part[Scores] = _Part(Scores())
        self._pictures: _Part[tuple[Plane | None, Fit | None]] = _Part((None, None))
        self._health: _Part[Health | None] = _Part(None)
        self.curve_detail: Curves | None = None
        self._grid: tuple[tuple[float, float, float, float], int, Array] | None = None

    @property
    def task(self) -> Task:
        """What is trained."""
        return self._compiled.task

    def watch(self, request: ViewRequest) -> None:
        self._request = request

    def snapshot(self, running: bool, rate: float = 0.0, numbers: bool = True) -> Snapshot:
        """The trainer's present as a frozen value. Everything is made anew when not running.

        ``numbers``: with the numbers of the step, if they are few enough.
        """
        t, now, fresh, ask = self._trainer, time.perf_counter(), not running, self._request
        # Within one step the parameters stay the same, and so does what depends on nothing else.
        scores = self._scores.make_if_due(
            now, fresh, (t.step, ask.confusion, ask.predictions), self._make_scores
        )
        plane, fit = self._pictures.make_if_due(
            now, fresh, (t.step, ask.plane, ask.fit, ask.resolution), self._make_pictures
        )
        health = self._health.make_if_due(now, fresh, t.step, self._make_health)
        curves = t.curves()
        ahead = t.position < self._tape.reached
        return Snapshot(
            generation=self._generation, running=running, epoch=t.epoch, step=t.step, batch=t.batch,
            batches=t.batches_per_epoch, phase=t.phase, phases=t.plan, learning_rate=t.learning_rate,
            parameters=self._compiled.parameters(read_only(t.theta.flat)),
            train_loss=scores.train_loss, test_loss=scores.test_loss, penalty=t.penalty(),
            batch_loss=t.batch_loss,
            batch_samples=self._batch_samples(), batch_gradient=self._batch_gradient(),
            curves=curves, metrics=scores.metrics,
            operation=t.operation, furthest=max(t.position, self._tape.reached),
            furthest_curves=self._tape.curves if ahead else curves, probe=self._probe(), plane=plane, fit=fit,
            confusion=scores.confusion, predictions=scores.predictions, steps_per_second=rate, health=health,
            curve_detail=self.curve_detail,
            step_numbers=self._step_numbers() if numbers else None,
        )  # fmt: skip

    # -- the step under way -----------------------------------------------------------------------

    def _batch_samples(self) -> Any:
        if not self._trainer.batches_per_epoch:
            return read_only([], np.intp)
        return read_only(self._compiled.prepared.train[self._trainer.batch_samples()], np.intp)

    def _step_numbers(self) -> StepNumbers | None:
        """The numbers of the step under way; of the batch's first sample if the one in view is not in it."""
        t = self._trainer
        rows = t.batch_samples() if t.batches_per_epoch else read_only([], np.intp)
        few = t.network.layout.size <= _MOST_PARAMETERS and len(rows) * sum(t.network.sizes) <= _MOST_NUMBERS
        if not len(rows) or not few:
            return None
        found = np.flatnonzero(self._compiled.prepared.train[rows] == self._request.sample)
        return step_numbers(t, int(found[0]) if len(found) else 0)

    def _sample(self) -> int:
        """The sample looked at: within a step one of its batch, which the step is explained by."""
        t, wanted = self._trainer, self._request.sample
        if not (t.phase or t.operation):
            return wanted
        batch = self._batch_samples()
        return wanted if wanted in batch else int(batch[0])

    def _batch_gradient(self) -> Parameters | None:
        t = self._trainer
        done = {p.layer for p in t.plan[: t.phase] if p.kind is PhaseKind.BACKWARD}
        if t.phase == 0:
            return None
        flat = np.full_like(t.grad.flat, np.nan)
        for _, _, layer, block in t.network.parameters():
            if layer in done:
                block.view(flat)[...] = block.view(t.grad.flat)
        return self._compiled.parameters(read_only(flat))

    # -- one sample -------------------------------------------------------------------------------

    def _probe(self) -> Probe | None:
        prepared, i = self._compiled.prepared, self._sample()
        if not 0 <= i < len(prepared.x):
            return None
        found = self._trainer.evaluator.full_pass(prepared.x[i : i + 1], prepared.y[i : i + 1])
        return Probe(
            sample=i, y=read_only(prepared.y[i]), a=_rows(found.a), z=_rows(found.z), da=_rows(found.da),
            delta=_rows(found.delta), slope=self._slopes(found), loss=found.loss,
            gradient=self._compiled.parameters(read_only(found.gradient)),
        )  # fmt: skip

    def _slopes(self, found: Pass) -> tuple[Array, ...]:
        net = self._trainer.network
        slopes = [read_only(np.ones(net.sizes[0]))]
        for layer in range(1, net.depth):
            out = np.empty_like(found.a[layer])
            net.activations[layer].slope(found.z[layer], found.a[layer], out, net.options[layer])
            slopes.append(read_only(out[0]))
        return tuple(slopes)

    # -- whole sets -------------------------------------------------------------------------------

    def _make_scores(self) -> Scores:
        t, samples, low = self._trainer, self._compiled.prepared.samples, self._compiled.prepared.low
        task = t.task
        train_loss, train = t.train_set.value_and_outputs()
        test_loss, test = t.test_set.value_and_outputs()
        metrics = tuple(
            Metric(
                m.key, m.label,
                m.value(train, task.y_train, low) if len(train) else float("nan"),
                m.value(test, task.y_test, low) if len(test) else float("nan"),
            )
            for m in METRICS
            if m.task == samples.task
        )  # fmt: skip
        confusion = None
        if self._request.confusion and samples.task == "classification":
            confusion = (
                read_only(confusion_matrix(train, task.y_train, low), np.intp),
                read_only(confusion_matrix(test, task.y_test, low), np.intp),
            )
        return Scores(train_loss, test_loss, metrics, confusion, self._predictions(train, test))

    def _predictions(self, train: Array, test: Array) -> Predictions | None:
        prepared, output = self._compiled.prepared, self._request.predictions
        if output is None or output >= train.shape[1]:
            return None
        values = np.empty(len(prepared.x))
        values[prepared.train], values[prepared.test] = train[:, output], test[:, output]
        return Predictions(output, read_only(values))

    def _make_health(self) -> Health | None:
        t = self._trainer
        # The others divide by the gradients' size, so that η says how far a step goes by itself.
        rate = t.learning_rate if t.task.optimizer in ("sgd", "momentum", "nesterov") else None
        return examine(t.network, t.theta, t.task.x_train, t.task.y_train, rate, t.evaluator)

    # -- pictures ---------------------------------------------------------------------------------

    def _make_pictures(self) -> tuple[Plane | None, Fit | None]:
        samples = self._compiled.prepared.samples
        plane = self._plane(samples) if self._request.plane and samples.width == 2 else None
        fit = self._fit(samples) if self._request.fit and samples.width == 1 else None
        return plane, fit

    def _plane(self, samples: Samples) -> Plane:
        side = self._request.resolution
        if self._grid is None or self._grid[1] != side:
            left, right, bottom, top = plane_extent(samples)
            x1 = left + (np.arange(side) + 0.5) * (right - left) / side
            x2 = top - (np.arange(side) + 0.5) * (top - bottom) / side
            raw = np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2)
            grid = self._inputs(raw)
            self._grid = ((left, right, bottom, top), side, grid)
        extent, _, grid = self._grid
        layers = self._trainer.evaluator.layers(grid)
        return Plane(extent, tuple(_picture(a, side) for a in layers))

    def _fit(self, samples: Samples) -> Fit:
        low, high = _span(samples.inputs[:, 0])
        x = np.linspace(low, high, _FIT_POINTS)
        return Fit(read_only(x), read_only(self._trainer.evaluator.outputs(self._inputs(x[:, None]))))

    def _inputs(self, raw: Array) -> Array:
        return network_inputs(self._compiled.project.data, raw, self._compiled.prepared.scaling)


def _picture(a: Array, side: int) -> NDArray[np.float32]:
    """Activations (side², k) as k pictures; what float32 cannot hold is cut off."""
    limit = float(np.finfo(np.float32).max)
    within = np.nan_to_num(a, nan=0.0, posinf=limit, neginf=-limit).clip(-limit, limit)
    return read_only(np.moveaxis(within.reshape(side, side, a.shape[1]), 2, 0), np.float32)


def plane_extent(samples: Samples) -> tuple[float, float, float, float]:
    """(left, right, bottom, top) in raw units: the data with a margin."""
    return (*_span(samples.inputs[:, 0]), *_span(samples.inputs[:, 1]))


def _span(values: Array) -> tuple[float, float]:
    if not len(values):
        return -1.0, 1.0
    low, high = float(values.min()), float(values.max())
    margin = (high - low) * _MARGIN or 1.0
    return low - margin, high + margin


def _rows(arrays: tuple[Array, ...]) -> tuple[Array, ...]:
    return tuple(read_only(a[0]) for a in arrays)
