"""The step under way on the canvas: which numbers have been shown, and the marks of the operation."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF

from nnsim.engine.snapshot import Snapshot
from nnsim.model.compile import Compiled
from nnsim.model.project import Project
from nnsim.ui.calculation.revealed import Revealed, revealed
from nnsim.ui.calculation.subject import StepPlan
from nnsim.ui.canvas.chips_item import Chip, ChipsItem
from nnsim.ui.canvas.figures import Figures, weight_of
from nnsim.ui.canvas.layout import CanvasLayout
from nnsim.ui.canvas.operation_item import OperationOverlay, Wire
from nnsim.ui.canvas.operation_marks import NO_MARKS, Marks, marks_of
from nnsim.ui.canvas.scene import NetworkScene
from nnsim.ui.canvas.step_figures import figures_in_step
from nnsim.ui.controller import Controller
from nnsim.ui.selection import Selection


class OperationLayer:
    """Follows the run while it goes by operations or neurons; else it shows nothing of its own."""

    def __init__(self, controller: Controller, scene: NetworkScene) -> None:
        self._controller, self._scene = controller, scene
        self._plan: StepPlan | None = None
        self._seen: tuple[tuple[StepPlan, int, int], Revealed] | None = None
        self.overlay = OperationOverlay(scene, scene.inks)

    def figures(self, project: Project, snapshot: Snapshot | None, others: Figures) -> Figures:
        """The numbers shown so far of a step that is gone through by operations; ``others`` else."""
        now = self._in_step(project, snapshot)
        if now is None:
            return others
        compiled, plan, s = now
        assert s.step_numbers is not None
        return figures_in_step(compiled, s, s.step_numbers, self._revealed(plan, s))

    def show(self, project: Project, layout: CanvasLayout | None, figures: Figures) -> None:
        """Mark the operation under way, after the scene has shown ``figures``."""
        marks = self._marks(project, self._controller.snapshot)
        for target in self._scene.targets.values():
            if marks.loss and target.text:
                target.display(target.text, True)

        def wire_of(edge: Selection) -> Wire | None:
            return self._wire(project, layout, figures, edge)

        self.overlay.display(marks, layout, wire_of, self._body, self._written, self._updated(project))

    def _in_step(
        self, project: Project, snapshot: Snapshot | None
    ) -> tuple[Compiled, StepPlan, Snapshot] | None:
        """What is needed to follow the step, if there is one that goes by operations."""
        compiled = self._controller.session.compiled
        if compiled is None or snapshot is None or snapshot.step_numbers is None:
            return None
        inside = snapshot.operation > 0 or (snapshot.phase > 0 and self._controller.by_operations)
        same = compiled.layer_ids == tuple(layer.id for layer in project.layers)
        fits = len(snapshot.step_numbers.theta) == compiled.network.layout.size
        if not (inside and same and fits):
            return None
        if self._plan is None or self._plan.network is not compiled.network:
            self._plan = StepPlan(compiled.network, compiled.task.optimizer)
        return compiled, self._plan, snapshot

    def _revealed(self, plan: StepPlan, snapshot: Snapshot) -> Revealed:
        """What the step has shown; made once for each position."""
        key = (plan, snapshot.phase, snapshot.operation)
        if self._seen is None or self._seen[0] != key:
            self._seen = key, revealed(*key)
        return self._seen[1]

    def _marks(self, project: Project, snapshot: Snapshot | None) -> Marks:
        now = self._in_step(project, snapshot)
        if now is None:
            return NO_MARKS
        compiled, plan, s = now
        place = plan.under_way(s.phase, s.operation)
        if place is None or s.step_numbers is None:
            return NO_MARKS
        return marks_of(compiled, s.step_numbers, place.operation)

    # -- places -----------------------------------------------------------------------------------

    def _body(self, neuron: Selection) -> QRectF | None:
        item = self._scene.neurons.get((neuron.layer, neuron.neuron))
        return None if item is None else item.body().translated(item.pos())

    def _written(self) -> list[QRectF]:
        """Where numbers stand on edges."""
        return [
            _with_gradient(item, chip) for item in self._scene.edges.chips.values() for chip in item.chips
        ]

    def _updated(self, project: Project) -> list[QRectF]:
        """The boxes of weights that have got their new value in the update under way."""
        now = self._in_step(project, self._controller.snapshot)
        if now is None:
            return []
        compiled, plan, s = now
        marks = compiled.parameters(self._revealed(plan, s).updated.astype(np.float64))
        found = []
        for id_, item in self._scene.edges.chips.items():
            flat = np.ravel(marks.weights[id_])
            places = self._scene.edges.edges_of(id_).parameter
            found += [item.box_of(chip.edge) for chip in item.chips if flat[places[chip.edge]]]
        return [box for box in found if box is not None]

    def _wire(
        self, project: Project, layout: CanvasLayout | None, figures: Figures, edge: Selection
    ) -> Wire | None:
        box = self._scene.edges.box_of(edge)
        if layout is None or box is None:
            return None
        c = project.connection(edge.connection)
        start, end = layout.column(c.source), layout.column(c.target)
        y1, y2 = start.y_of(edge.source), end.y_of(edge.target)
        if y1 is None or y2 is None:
            return None
        weight = weight_of(figures.weights, edge.connection, edge.target, edge.source)
        return Wire((start.x + layout.node, y1, end.x - layout.node, y2), weight < 0.0, box)


def _with_gradient(item: ChipsItem, chip: Chip) -> QRectF:
    """A number's box and what is written beneath it."""
    box = item.box_of(chip.edge) or QRectF()
    return box.adjusted(-4.0, 0.0, 4.0, 14.0) if chip.gradient else box
