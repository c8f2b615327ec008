"""The step under way on the canvas: which numbers have been shown, and the marks of the operation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QRectF

from nnsim.core.operations import OperationKind
from nnsim.model.project import Project
from nnsim.ui.canvas.chips_item import Chip, ChipsItem
from nnsim.ui.canvas.figures import Figures, weight_of
from nnsim.ui.canvas.layout import CanvasLayout
from nnsim.ui.canvas.operation_item import OperationOverlay, Wire
from nnsim.ui.canvas.operation_marks import NO_MARKS, Marks, marks_of
from nnsim.ui.canvas.scene import NetworkScene
from nnsim.ui.canvas.step_figures import figures_in_step
from nnsim.ui.controller import Controller
from nnsim.ui.in_step import InStep
from nnsim.ui.selection import Selection


class OperationLayer:
    """Follows the run while it goes by operations or neurons; else it shows nothing of its own."""

    def __init__(self, controller: Controller, scene: NetworkScene) -> None:
        self._controller, self._scene = controller, scene
        self.overlay = OperationOverlay(scene, scene.inks)
        self._shown: tuple[InStep | None, CanvasLayout | None] = (None, None)

    def figures(self, project: Project, others: Figures) -> Figures:
        """The numbers shown so far of a step that is gone through by operations; ``others`` else."""
        step = self._step(project)
        return others if step is None else replace(figures_in_step(step), ill=others.ill)

    def show(self, project: Project, layout: CanvasLayout | None, figures: Figures) -> None:
        """Mark the operation under way, after the scene has shown ``figures``."""
        step = self._step(project)
        if (step, layout) == self._shown and step is not None:
            return
        self._shown = (step, layout)
        marks = NO_MARKS if step is None else self._marks(step)

        def wire_of(edge: Selection) -> Wire | None:
            return self._wire(project, layout, figures, edge)

        updated = [] if step is None else self._updated(step)
        self.overlay.display(marks, layout, wire_of, self._body, lambda: self._written(layout), updated)

    def _step(self, project: Project) -> InStep | None:
        """The step under way, if it goes by operations and is of what is arranged."""
        step = self._controller.in_step
        same = step is not None and step.compiled.layer_ids == tuple(layer.id for layer in project.layers)
        return step if same else None

    def _marks(self, step: InStep) -> Marks:
        """The marks of the operation under way. A gradient that stands under its weight is not said again."""
        operation = step.place.operation
        marks = marks_of(step.compiled, step.numbers, operation)
        if operation.kind is OperationKind.WEIGHT_GRADIENT and self._says_gradient(marks.edges[0].edge):
            return replace(marks, edges=(replace(marks.edges[0], texts=marks.edges[0].texts[:-1]),))
        return marks

    def _says_gradient(self, edge: Selection) -> bool:
        """Whether an edge's gradient is written under its weight."""
        place = self._scene.edges.edges_of(edge.connection).find(edge.target, edge.source)
        chips = self._scene.edges.chips[edge.connection].chips
        return any(chip.gradient for chip in chips if chip.edge == place)

    # -- places -----------------------------------------------------------------------------------

    def _body(self, neuron: Selection) -> QRectF | None:
        item = self._scene.neurons.get((neuron.layer, neuron.neuron))
        return None if item is None else item.body().translated(item.pos())

    def _written(self, layout: CanvasLayout | None) -> list[QRectF]:
        """Where neurons are and what is written on edges and around neurons."""
        chips = self._scene.edges.chips.values()
        found = [_with_gradient(item, chip) for item in chips for chip in item.chips]
        for neuron in self._scene.neurons.values():
            body = neuron.body().translated(neuron.pos())
            found.append(body)
            if layout is not None:
                half = layout.text_half
                found.append(QRectF(body.center().x() - half, body.bottom(), 2 * half, layout.below - 2.0))
            if neuron.look.over:
                found.append(QRectF(body.center().x() - 80.0, body.top() - 24.0, 92.0, 16.0))
        return found + [target.box() for target in self._scene.targets.values() if target.text]

    def _updated(self, step: InStep) -> list[QRectF]:
        """The boxes of weights that have got their new value in the update under way."""
        marks = step.compiled.parameters(step.seen.updated.astype(np.float64))
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
