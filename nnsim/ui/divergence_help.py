"""Says why a run that left the finite numbers has stopped, and offers what to try."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

from PySide6.QtCore import QObject

from nnsim.core.divergence import Divergence, diagnose
from nnsim.core.health import looked_at
from nnsim.core.network import Network
from nnsim.core.trainer import TrainState
from nnsim.model.compile import network_spec
from nnsim.model.project import Project
from nnsim.ui.banner import Banner, Message
from nnsim.ui.controller import Controller
from nnsim.ui.numbers import short
from nnsim.ui.remedies import LABELS, apply

_REMEDIES = ("restart_slower", "new_weights")
_KEY = "diverged"


class DivergenceHelp(QObject):
    """Shows a message in the banner when a run has diverged. It stays until it is dismissed or acted on,
    or the document is no longer the one that diverged, or no longer there."""

    def __init__(self, controller: Controller, banner: Banner) -> None:
        super().__init__(banner)
        self._controller, self._banner = controller, banner
        self._stopped: Project | None = None
        controller.diverged.connect(self._on_diverged)
        controller.project_changed.connect(self._on_project)

    def _on_diverged(self, state: TrainState) -> None:
        project, prepared = self._controller.project, self._controller.session.prepared
        found = None
        if prepared is not None:
            snapshot = self._controller.snapshot
            rate = project.training.learning_rate if snapshot is None else snapshot.learning_rate
            network = Network(network_spec(project))
            rows = prepared.train[looked_at(network, len(prepared.train))]
            found = diagnose(network, state.theta, prepared.x[rows], prepared.y[rows], rate)
        actions = tuple((LABELS[key], self._doing(key)) for key in _REMEDIES)
        text = words_of(project, found)
        self._banner.add(Message(text, "error", actions[0], others=actions[1:], key=_KEY))
        self._stopped = project

    def _on_project(self, before: Project, after: Project) -> None:
        stopped = self._stopped
        if stopped is not None and not (_alike(stopped, after) and _not_before(stopped, after)):
            self._stopped = None
            self._banner.remove(_KEY)

    def _doing(self, key: str) -> Callable[[], None]:
        def do() -> None:
            apply(self._controller, key)

        return do


def _alike(a: Project, b: Project) -> bool:
    """Whether both learn in the same way on the same data."""
    return (a.layers, a.connections) == (b.layers, b.connections) and (
        a.data is b.data and a.training is b.training and a.start is b.start and a.frozen is b.frozen
    )


def _not_before(stopped: Project, now: Project) -> bool:
    """Whether ``now`` is where the run stopped, or further, with the weights it came to."""
    if now.progress.step == stopped.progress.step:
        return now.parameters is stopped.parameters or now.progress is not stopped.progress
    return now.progress.step > stopped.progress.step


def words_of(project: Project, found: Divergence | None) -> str:
    """What happened, why, and what to try."""
    happened = "The loss is no longer a finite number, so training has stopped at the last good state."
    tried = "Try a smaller learning rate, or new weights"
    if project.data.scaling == "none":
        tried += ", or scaled inputs"
    if found is None:
        return f"{happened} {tried}."
    name = project.layer_name(project.layers[found.layer].id)
    if not isfinite(found.gradient):
        why = f"The gradient of {name} is no number any more; its weights reach {short(found.weight, 2)}."
    else:
        why = (
            f"The next step would move a weight of {name} by up to {short(found.move, 2)} "
            f"(η times its gradient); its weights reach {short(found.weight, 2)}."
        )
    return f"{happened} {why} {tried}."
