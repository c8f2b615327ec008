"""A weight or a bias under the hand: the same act wherever its number, or its point, is dragged."""

from __future__ import annotations

from itertools import count
from math import floor, isfinite, log10

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from nnsim.model.edits.parameters import set_bias, set_weight
from nnsim.model.notation import DocumentNames
from nnsim.model.project import Parameters, Project
from nnsim.ui.controller import Controller, exists
from nnsim.ui.scrub import Scrub, nudged
from nnsim.ui.selection import NOTHING, Selection

_HOW = "Drag sideways to change it; Shift is coarser, Ctrl finer."
_series = count()


def parameter_value(controller: Controller, selection: Selection) -> float:
    """The weight of an edge or the bias of a neuron as it is now; NaN where there is none."""
    project = controller.project
    if not exists(project, selection):
        return float("nan")
    values = project.parameters
    if controller.running and controller.snapshot is not None:
        values = controller.snapshot.parameters  # the document gets a run's numbers when it ends
    return _value(values, selection)


def _value(values: Parameters, s: Selection) -> float:
    w, b = values.weights.get(s.connection), values.biases.get(s.layer)
    if s.kind == "edge" and w is not None and w.ndim == 2:
        return float(w[s.target, s.source])
    return float(b[s.neuron]) if s.kind == "neuron" and b is not None else float("nan")


def parameter_name(names: DocumentNames, selection: Selection) -> str:
    """``Weight h₁ ← x₂``, ``Bias of h₁``: what the undo entry is called."""
    if selection.kind == "edge":
        return f"Weight {names.weight(selection.connection, selection.target, selection.source)}"
    return f"Bias of {names.neuron_of(selection.layer, selection.neuron)}"


def give_parameter(
    controller: Controller, selection: Selection, value: float, merge: str | None = None
) -> bool:
    """Set the weight of an edge or the bias of a neuron; whether it was done."""
    label, s = parameter_name(controller.view.names, selection), selection
    if s.kind == "edge":
        return controller.edit(label, set_weight, s.connection, s.target, s.source, value, merge=merge)
    return controller.edit(label, set_bias, s.layer, s.neuron, value, merge=merge)


def hindrance(controller: Controller, selection: Selection) -> str:
    """Why it cannot be dragged, and what can be done instead; empty if it can."""
    project, name = controller.project, parameter_name(controller.view.names, selection)
    if selection.kind == "neuron":
        if selection.layer == project.layers[0].id:
            return "Inputs have no bias: they pass the data on as they are."
        if project.layer(selection.layer).bias == "none":
            layer = project.layer_name(selection.layer)
            return f"“{layer}” has no biases. The layer's page can give it some; or drag a weight."
    value = parameter_value(controller, selection)
    if not isfinite(value):
        return f"{name} is no finite number. Type another one."
    if _value(project.frozen, selection) == 1.0:
        return f"{name} is frozen. Open its lock in the property panel, or type a number."
    return ""


def how_to_drag(controller: Controller, selection: Selection) -> str:
    """A line for a tool tip."""
    return hindrance(controller, selection) or _HOW


def is_shared(project: Project, selection: Selection) -> bool:
    """Whether it is a bias that all neurons of the layer have in common."""
    return selection.kind == "neuron" and project.layer(selection.layer).bias == "shared"


class ParameterDrag(QObject):
    """From press to release one undo entry; Esc on the way takes everything back. A run under way
    stands still for the drag, as for every edit, and goes on after it.

    The widget tells its mouse events: :meth:`press` on the number, :meth:`move`, :meth:`release`.
    """

    def __init__(self, controller: Controller, parent: QObject) -> None:
        super().__init__(parent)
        self._controller = controller
        self._selection = NOTHING
        self._scrub: Scrub | None = None
        self._merge: str | None = None  # as soon as it is more than a click
        self._start = self._last = float("nan")
        self._pressed = QPointF()
        self._per_pixel: float | None = None
        self._goes_on = False  # whether there is a run to go on with
        self._before: Project | None = None  # the document as it was, where the drag has begun from rest
        self._after = controller.project

    @property
    def selection(self) -> Selection:
        """What is pressed or dragged."""
        return self._selection

    @property
    def dragging(self) -> bool:
        """Whether the number follows the hand now."""
        return self._merge is not None

    def press(self, selection: Selection, at: QPointF, per_pixel: float | None = None) -> None:
        """The button went down at ``at`` on the number of ``selection``, or on a point to which it adds
        ``per_pixel`` for every pixel."""
        self.release()
        self._selection, self._pressed, self._per_pixel = selection, at, per_pixel
        self._scrub = self._from_here()

    def _from_here(self) -> Scrub:
        """The number as it is now, from where it was pressed."""
        value = parameter_value(self._controller, self._selection)
        self._start = self._last = value
        exponent = None if self._per_pixel is None else floor(log10(self._per_pixel))
        return Scrub(value if isfinite(value) else 0.0, self._pressed, self._per_pixel, exponent)

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """The pointer is at ``at`` with the button down; whether it is a drag."""
        if self._scrub is None:
            return False
        value = self._scrub.move(at, modifiers)
        if not self._scrub.moving:
            return False
        if self._merge is None:
            if not self._begin():
                return False
            self._scrub = self._from_here()  # a run has gone on since the press
            value = self._scrub.move(at, modifiers)
        if value != self._last:
            self._last = value
            alive = exists(self._controller.project, self._selection)
            if not alive or not give_parameter(self._controller, self._selection, value, self._merge):
                self.release()
                return False
            self._after = self._controller.project
        return True

    def _begin(self) -> bool:
        c = self._controller
        why = hindrance(c, self._selection)
        if why:
            c.notice.emit(why, "info")
            self._scrub = None
            return False
        if is_shared(c.project, self._selection):
            layer = c.project.layer_name(self._selection.layer)
            c.notice.emit(f"All neurons of {layer} share this bias: it changes for all of them.", "info")
        self._goes_on = c.running
        if c.running:
            c.toggle_run()
        c.session.seal()
        self._merge = f"drag#{next(_series)}"
        self._before, self._after = None if c.session.busy else c.project, c.project
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)  # whoever has the keyboard, Esc is meant for the drag
        return True

    def release(self) -> bool:
        """The button came up; whether it was a drag."""
        dragged, self._scrub = self._merge is not None, None
        if dragged:
            self._merge = None
            self._controller.session.seal()
            if self._goes_on and not self._controller.running:
                self._controller.toggle_run()
            app = QApplication.instance()
            if app is not None:
                app.removeEventFilter(self)
        return dragged

    def cancel(self) -> None:
        """Take back what the drag has done."""
        c = self._controller
        if self._merge is not None and exists(c.project, self._selection):
            before = self._before
            if before is not None and c.project is self._after and not c.session.busy:
                c.edit(parameter_name(c.view.names, self._selection), lambda _: before, merge=self._merge)
            else:  # training has gone on meanwhile: only this number goes back
                give_parameter(c, self._selection, self._start, self._merge)
        self.release()

    def nudge(self, selection: Selection, steps: int, modifiers: Qt.KeyboardModifier, merge: str) -> None:
        """The same by keyboard: ``steps`` steps, one undo entry for those with the same ``merge``."""
        why = hindrance(self._controller, selection)
        if why:
            self._controller.notice.emit(why, "info")
            return
        value = nudged(parameter_value(self._controller, selection), steps, modifiers)
        give_parameter(self._controller, selection, value, merge)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if event.type() in kinds and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self.cancel()
            return True
        return False
