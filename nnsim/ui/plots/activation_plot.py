"""The activation function of the selected neuron, with the neuron's point on it.

Object names: ``activation_plot`` and those of :mod:`nnsim.ui.plots.base`.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite, isnan

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QWidget

from nnsim.core.activations import ACTIVATIONS, Activation
from nnsim.core.arrays import Array
from nnsim.core.explain.quantity import Quantity
from nnsim.engine.snapshot import Probe
from nnsim.model.notation import DocumentNames
from nnsim.model.project import Project
from nnsim.ui.controller import Controller
from nnsim.ui.numbers import exact, shown
from nnsim.ui.parameter_drag import ParameterDrag, hindrance, is_shared
from nnsim.ui.plots.activation_curve import (
    ActivationCurve,
    Extent,
    Subject,
    curve_of,
    names_of,
    others_of,
    points_of,
    subject_of,
    title_of,
)
from nnsim.ui.plots.activation_view import ActivationView, Marks
from nnsim.ui.plots.base import PlotPanel
from nnsim.ui.plots.words import Words
from nnsim.ui.selection import NOTHING, Selection
from nnsim.ui.theme import Theme

_MOST_POINTS = 200  # neurons marked at once


class ActivationPlot(PlotPanel):
    """The curve of the selected neuron's activation (or layer's, or the output's), and its point."""

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        self._view = ActivationView(theme)
        super().__init__(controller, theme, "activation_plot", parent)
        self.setAccessibleName("Activation function")
        self._view.setAccessibleName("Activation function")
        self.body.addWidget(self._view)
        self.setFocusProxy(self._view)
        self._extent = Extent()
        self._shown: tuple | None = None
        self._scale = theme.text_scale
        self._summary = ""
        self._subject: Subject | None = None
        controller.selection_changed.connect(self.data_changed)
        controller.snapshot_changed.connect(self.numbers_changed)
        controller.run_state_changed.connect(self.data_changed_soon)  # its numbers follow
        controller.quantity_changed.connect(self._light)
        self._view.hovered.connect(self._on_hovered)
        self._drag = ParameterDrag(controller, self)
        self._view.seized.connect(self._on_seized)
        self._view.dragged.connect(self._drag.move)
        self._view.let_go.connect(self._on_let_go)
        self._view.nudged.connect(self._on_nudged)
        self._view.tell = self._tell
        controller.project_changed.connect(self._on_project)
        self.data_changed()

    def view(self) -> ActivationView:
        return self._view

    def _on_project(self, before: Project, after: Project) -> None:
        if before.layers is not after.layers or before.data is not after.data:
            self.data_changed()

    def _light(self, quantity: Quantity | None) -> None:
        """Light up the point while one of its numbers is pointed at."""
        s, q = self._subject, quantity
        own = s is not None and q is not None and (s.layer, s.neuron) == (q.layer, q.neuron)
        self._view.set_lit(own and q is not None and q.kind in ("z", "a", "slope"))

    def _on_hovered(self, at: QPointF | None) -> None:
        s = self._subject
        if s is None or s.neuron is None:
            return
        own = Quantity("a", s.layer, s.neuron)
        if self._view.is_at_point(at):
            self.controller.set_quantity(own)
        elif self.controller.quantity == own and self._view.underMouse():
            self.controller.set_quantity(None)

    # -- moving the point: z changes by its bias --------------------------------------------------

    def _neuron(self) -> Selection:
        """The neuron whose point is shown."""
        s = self._subject
        if s is None or s.neuron is None:
            return NOTHING
        return Selection.of_neuron(self.controller.project.layers[s.layer].id, s.neuron)

    def _on_seized(self, at: QPointF) -> None:
        if self._neuron() != NOTHING:
            self._drag.press(self._neuron(), at, self._view.x_per_pixel())

    def _on_let_go(self) -> None:
        if self._drag.release():
            self.data_changed()  # the axis stood still

    def _on_nudged(self, steps: int, modifiers: Qt.KeyboardModifier) -> None:
        neuron = self._neuron()
        if neuron != NOTHING:
            merge = f"{neuron} by the keyboard {id(self)}.{self._view.visits}"
            self._drag.nudge(neuron, steps, modifiers, merge)

    def _tell(self) -> str:
        neuron = self._neuron()
        if neuron == NOTHING:
            return ""
        why, n = hindrance(self.controller, neuron), self.controller.view.names
        name = n.neuron_of(neuron.layer, neuron.neuron)
        shared = " (all neurons of the layer share it)" if is_shared(self.controller.project, neuron) else ""
        return why or (
            f"Drag the point, or use the arrow keys, to move {n.sum_letter} of {name} along the curve: its "
            f"bias{shared} changes by as much. Shift is coarser, Ctrl finer."
        )

    def restyle(self) -> None:
        self._view.restyle()
        if self._scale != self.theme.text_scale:  # in other colours, words stay where they are
            self._scale = self.theme.text_scale
            self._shown = None

    def refresh(self) -> None:
        project = self.controller.project
        subject = subject_of(project, self.controller.selection)
        if subject != self._subject:
            self._subject = subject
            self._extent.reset()
        layer = project.layers[subject.layer]
        self._view.name_axis(self.controller.view.names.sum_letter)
        if subject.layer == 0:
            self._show_message("Inputs", "Inputs have no activation function.")
        elif layer.activation not in ACTIVATIONS:
            self._show_message(layer.activation, f"This version does not know “{layer.activation}”.")
        else:
            self._show_curve(project, subject)

    def _show_message(self, title: str, text: str) -> None:
        self.set_title(title)
        self._shown = None
        self._summary = text
        self._view.show_message(text)

    def _show_curve(self, project: Project, subject: Subject) -> None:
        layer = project.layers[subject.layer]
        activation = ACTIVATIONS[layer.activation]
        snapshot = self.controller.snapshot
        probe = snapshot.probe if snapshot is not None else None
        probe = self._shown_so_far(probe)
        z, a, slope = points_of(probe, subject, project)
        others = None
        if activation.vector and probe is not None and len(z):
            others = others_of(probe, subject)
        # A softmax turns from 0 to 1 around the other neurons' sum: that belongs into the picture.
        turn = [others] if others is not None and isfinite(others) else []
        # The range is that of what is shown, whatever was before; in a run it stands still while it can.
        if not self._moving:
            self._extent.reset()
        low, high = self._extent.low, self._extent.high
        # In a drag the axis stands still under the hand, unless the point would leave it.
        if not self._drag.dragging or (len(z) and not low < float(z[0]) < high):
            low, high = self._extent.follow(np.append(z, turn))
        which = subject.neuron if activation.vector else None
        key = (
            layer.activation,
            layer.activation_options,
            low,
            high,
            which,
            others,
            self.controller.view.notation,
        )
        slope_name, short = names_of(activation, subject.neuron, self.controller.view.names.sum_letter)
        if key != self._shown:
            keep = self._shown is not None and activation.vector and key[:5] == self._shown[:5]
            self._shown = key
            curve = curve_of(layer, low, high, others)
            if keep:
                self._view.move_curve(curve)
            else:
                self._view.show_curve(curve, slope_name, _y_range(activation, curve))
        title = title_of(self.controller.view.names, subject)
        self.set_title(f"{title} · other z fixed" if activation.vector else title, title)
        single = subject.neuron is not None
        words = _readout(z, a, slope, short, self.controller.view.names) if single and len(z) else []
        marks = Marks(z[:_MOST_POINTS], a[:_MOST_POINTS], slope[:_MOST_POINTS], single)
        self._view.show_marks(marks, words, still=self._moving)
        self._summary = f"{title}: {', '.join(w.text for w in words)}" if words else title

    @property
    def _moving(self) -> bool:
        """Whether the point moves by itself or by hand, so that a range of its own each time would jump."""
        return self.controller.running or self._drag.dragging

    def _shown_so_far(self, probe: Probe | None) -> Probe | None:
        """The pass with only those numbers that a step gone through by operations has shown."""
        step = self.controller.in_step
        if step is None or probe is None or len(probe.a) != len(step.seen.a):
            return probe
        layers = range(len(probe.a))
        return replace(
            probe,
            z=tuple(step.z(layer) for layer in layers),
            a=tuple(step.a(layer) for layer in layers),
            slope=tuple(step.slope(layer) for layer in layers),
        )

    # -- words and numbers --------------------------------------------------------------------------

    def summary(self) -> str:
        return self._summary

    def numbers(self) -> str:
        """The marked neurons, then the curve."""
        project, subject, snapshot = self.controller.project, self._subject, self.controller.snapshot
        curve = self._view._curve
        if subject is None or curve is None:
            return ""
        layer_id = project.layers[subject.layer].id
        rows = ["neuron\tz\ta\tslope"]
        probe = self._shown_so_far(snapshot.probe if snapshot is not None else None)
        z, a, slope = points_of(probe, subject, project)
        first = subject.neuron or 0
        for i, row in enumerate(zip(z, a, slope, strict=True)):
            name = self.controller.view.names.neuron_of(layer_id, first + i)
            rows.append("\t".join((name, *("" if isnan(v) else exact(v) for v in row))))
        rows.append("\nz\ta\tderivative")
        rows += ["\t".join(exact(v) for v in row) for row in zip(curve.z, curve.a, curve.slope, strict=True)]
        return "\n".join(rows)


def _y_range(activation: Activation, curve: ActivationCurve) -> tuple[float, float]:
    """The activation's own range where it has one, else what the curve reaches; the slope as well."""
    low = activation.low if isfinite(activation.low) else float(curve.a.min())
    high = activation.high if isfinite(activation.high) else float(curve.a.max())
    low, high = min(low, float(curve.slope.min()), 0.0), max(high, float(curve.slope.max()))
    # ELU comes within a hair of its floor: end there.
    return (float(round(low)) if abs(low - round(low)) < 0.02 else low), high


def _readout(z: Array, a: Array, slope: Array, name: str, names: DocumentNames) -> list[Words]:
    return [
        *_point(names.sum_letter, names.activation_letter, float(z[0]), float(a[0])),
        Words(f"slope {name} = {shown(float(slope[0]))}", "negative_text"),
    ]


def _point(z_name: str, a_name: str, z: float, a: float) -> list[Words]:
    """z and a of the point; long names take a line each, so that they find room beside the curve."""
    left, right = f"{z_name} {shown(z)}", f"{a_name} {shown(a)}"
    if len(z_name) + len(a_name) > 2:
        return [Words(left), Words(f"→ {right}")]
    return [Words(f"{left} → {right}")]
