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


class DivergenceHelp(QObject):
    """Shows a message in the banner when a run has diverged; it stays until dismissed or acted on."""

    def __init__(self, controller: Controller, banner: Banner) -> None:
        super().__init__(banner)
        self._controller, self._banner = controller, banner
        controller.diverged.connect(self._on_diverged)

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
        self._banner.add(Message(text, "error", actions[0], key="diverged", others=actions[1:]))

    def _doing(self, key: str) -> Callable[[], None]:
        def do() -> None:
            apply(self._controller, key)

        return do


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
