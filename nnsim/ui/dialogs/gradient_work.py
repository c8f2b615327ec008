"""Checking many gradients without keeping the window waiting: a little in every turn of the event loop."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from nnsim.core.arrays import IntArray
from nnsim.core.explain.quantity import Quantity
from nnsim.core.gradcheck import GradientChecker
from nnsim.core.network import Network
from nnsim.core.parameter_places import parameter_count, parameter_places
from nnsim.model.compile import flatten, network_spec
from nnsim.model.prepared import Prepared
from nnsim.model.project import Parameters, Project

# As `nnsim check` has it: larger relative errors mean that something is wrong.
LIMIT = 1e-6
MOST_PARAMETERS = 4096
MOST_SAMPLES = 256
# One parameter takes four to six passes; samples × parameters is bounded so that they take milliseconds,
# and parameters checked × parameters so that all take seconds.
_WORK, _ALL_WORK = 1_000_000, 1_500_000_000
_LEAST_PARAMETERS = 200
_SLICE_SECONDS = 0.012


@dataclass(frozen=True, slots=True)
class Found:
    """One parameter: ∂C by backpropagation and by differences. ``verdict``: "ok", "wrong", "kink"."""

    place: Quantity
    analytic: float
    numeric: float
    error: float
    verdict: str


class GradientWork(QObject):
    """Checks the gradients of one document at one moment.

    ``advanced()`` after every slice, ``finished()`` when all are done or it was cancelled.
    ``sample`` is a row of all samples; ``None`` means training samples. Raises ``ValueError`` if there
    is no sample to check with.
    """

    advanced = Signal()
    finished = Signal()

    def __init__(
        self, project: Project, parameters: Parameters, prepared: Prepared, sample: int | None,
        parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        network = Network(network_spec(project))
        rows = self._rows(network, prepared, sample)
        if not len(rows):
            raise ValueError("There is no sample to check with.")
        self.samples = len(rows)
        self.all_samples = 1 if sample is not None else len(prepared.train)
        self.all_parameters = parameter_count(network)
        most = max(_ALL_WORK // max(network.layout.size, 1), _LEAST_PARAMETERS)
        self._places = parameter_places(network, min(most, MOST_PARAMETERS))
        self._checker = GradientChecker(
            network, flatten(network, project, parameters), prepared.x[rows], prepared.y[rows]
        )
        self.found: list[Found] = []
        self._at_once = 1
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._slice)
        self._timer.start()

    @staticmethod
    def _rows(network: Network, prepared: Prepared, sample: int | None) -> IntArray:
        if sample is not None:
            return np.array([sample] if 0 <= sample < len(prepared.x) else [], dtype=np.intp)
        most = max(1, min(MOST_SAMPLES, _WORK // max(network.layout.size, 1)))
        count = len(prepared.train)
        spread = np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.intp))
        chosen: IntArray = prepared.train[spread] if count else prepared.train
        return chosen

    @property
    def count(self) -> int:
        """How many parameters are to be checked."""
        return len(self._places)

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    def cancel(self) -> None:
        """Stop; what was found stays."""
        if self.running:
            self._timer.stop()
            self.finished.emit()

    def _slice(self) -> None:
        end = time.perf_counter() + _SLICE_SECONDS
        while len(self.found) < len(self._places):
            began = time.perf_counter()
            start = len(self.found)
            part = self._places[start : start + self._at_once]
            check = self._checker.check([index for index, _ in part])
            for k, (_, place) in enumerate(part):
                error, kink = float(check.relative_error[k]), bool(check.at_kink[k])
                verdict = "kink" if kink else "ok" if error <= LIMIT else "wrong"
                self.found.append(
                    Found(place, float(check.analytic[k]), float(check.numeric[k]), error, verdict)
                )
            spent = max(time.perf_counter() - began, 1e-6)
            # Several at once save setting up, as long as they fit into a slice.
            self._at_once = max(1, min(self._at_once * 2, int(self._at_once * _SLICE_SECONDS / spent / 2)))
            if time.perf_counter() >= end:
                break
        if len(self.found) >= len(self._places):
            self._timer.stop()
            self.advanced.emit()
            self.finished.emit()
        else:
            self.advanced.emit()
