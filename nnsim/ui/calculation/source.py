"""What the calculation panel reads from the window's controller."""

from __future__ import annotations

from nnsim.core.explain.names import Names
from nnsim.engine.snapshot import Snapshot
from nnsim.model.compile import Compiled
from nnsim.ui.controller import Controller


class ControllerSource:
    """The controller as a :class:`nnsim.ui.calculation.reader.Source`."""

    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    @property
    def snapshot(self) -> Snapshot | None:
        return self._controller.snapshot

    @property
    def compiled(self) -> Compiled | None:
        return self._controller.session.compiled

    @property
    def running(self) -> bool:
        return self._controller.running

    @property
    def trouble(self) -> str:
        """Why the document cannot be computed; empty if it can."""
        return next((p.message for p in self._controller.problems if p.blocking), "")

    @property
    def sample(self) -> int:
        return self._controller.view.sample

    @property
    def names(self) -> Names:
        return self._controller.view.names

    @property
    def notation(self) -> object:
        """What the names depend on."""
        project = self._controller.project
        return self._controller.view.notation, project.layers, project.connections, project.data.features
