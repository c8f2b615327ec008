"""What the network says: over the plane, over its input, class by class, or against the truth.

Object names: ``output_plot``; ``output_plot_plane``, ``…_fit``, ``…_confusion``, ``…_truth``,
``…_message`` for the pictures; ``output_plot_output``, ``output_plot_discrete``,
``output_plot_train``, ``output_plot_test`` (menu entries; ``…_tool`` beside the title) and those of
:mod:`nnsim.ui.plots.base`.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QPainter
from PySide6.QtWidgets import QLabel, QMenu, QStackedWidget, QToolButton, QWidget

from nnsim.engine.snapshot import Fit, Plane, Predictions, Snapshot
from nnsim.model.notation import DocumentNames
from nnsim.model.prepared import Prepared
from nnsim.model.project import Project
from nnsim.ui.controller import Controller
from nnsim.ui.numbers import shown
from nnsim.ui.plots.base import PlotPanel
from nnsim.ui.plots.confusion_view import Confusion, ConfusionView
from nnsim.ui.plots.export import Picture
from nnsim.ui.plots.fit_view import FitView
from nnsim.ui.plots.output_data import (
    ALL,
    CONFUSION,
    FIT,
    PLANE,
    TRUTH,
    Mode,
    Scene,
    class_names,
    modes_of,
    names_in_title,
    output_choices,
    shown_rows,
    value_range,
)
from nnsim.ui.plots.output_numbers import confusion_rows, fit_rows, plane_rows, truth_rows
from nnsim.ui.plots.sample_view import SampleView, describe_sample
from nnsim.ui.plots.surface_view import SurfaceView
from nnsim.ui.plots.truth_view import TruthView
from nnsim.ui.plots.view import PlotView
from nnsim.ui.plots.words import elided
from nnsim.ui.theme import Theme

_LONGEST_CHOICE = 110.0  # pixels
_WAITING = "No output yet."


class OutputPlot(PlotPanel):
    """The output in the picture that fits the data. Pictures are made when first needed."""

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        self._stack = QStackedWidget()
        super().__init__(controller, theme, "output_plot", parent)
        self.setAccessibleName("Network output")
        self.body.addWidget(self._stack)
        self._message = QLabel()
        self._message.setObjectName("output_plot_message")
        self._message.setProperty("role", "muted")
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._stack.addWidget(self._message)
        self._pictures: dict[str, QWidget] = {}
        self._mode: Mode | None = None
        self._wanted_mode = ""
        self._output: int | None = None
        self._prepared: Prepared | None = None
        self._choices: tuple = ()
        self._plane: Plane | None = None
        self._fit: Fit | None = None
        self._confusion: tuple | None = None
        self._predictions: Predictions | None = None
        self._scene: Scene | None = None
        self._build_choices()
        controller.snapshot_changed.connect(self.numbers_changed)
        controller.project_changed.connect(self._on_project)
        controller.problems_changed.connect(self.data_changed)
        controller.view.sample_changed.connect(self.data_changed)
        self.data_changed()

    def _build_choices(self) -> None:
        self._output_menu = QMenu("Output", self.menu)
        self._output_menu.setObjectName("output_plot_output")
        self.menu.insertMenu(self._rule, self._output_menu)
        self._mode_menu = QMenu("Picture", self.menu)
        self._mode_menu.setObjectName("output_plot_picture")
        self.menu.insertMenu(self._rule, self._mode_menu)
        self.discrete_action = self.add_choice("output_plot_discrete", "Only two colors", self.data_changed)
        self.train_action = self.add_choice("output_plot_train", "Training samples", self.data_changed)
        self.test_action = self.add_choice("output_plot_test", "Test samples", self.data_changed)
        self._parts = QActionGroup(self)
        self._parts.addAction(self.train_action)
        self._parts.addAction(self.test_action)
        self.test_action.setChecked(True)
        self._output_tool = self.add_tool("output_plot_output_tool", "", "Which output to look at")
        self._output_tool.setMenu(self._output_menu)
        self._output_tool.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        tool = "output_plot_train_tool"
        self._train_tool = self.add_tool(tool, "train", "Training samples", self.train_action)
        self._test_tool = self.add_tool("output_plot_test_tool", "test", "Test samples", self.test_action)
        sides = "Only two colors: which side of the boundary"
        self._discrete_tool = self.add_tool(
            "output_plot_discrete_tool", "discrete", sides, self.discrete_action
        )

    # -- what is shown ----------------------------------------------------------------------------

    @property
    def mode(self) -> str:
        """The kind of picture on show: "plane", "fit", "confusion", "truth", or "" for a message."""
        return self._mode.key if self._mode is not None else ""

    @property
    def output(self) -> int:
        """The output on show, :data:`nnsim.ui.plots.output_data.ALL` for all classes."""
        return self._output if self._output is not None else 0

    def set_mode(self, key: str) -> None:
        """Prefer this kind of picture wherever it fits the data."""
        self._wanted_mode = key
        self.data_changed()

    def set_output(self, output: int) -> None:
        """Look at this output."""
        self._output = output
        self.data_changed()

    def picture_of(self, key: str) -> QWidget:
        """The widget of a kind of picture."""
        if key not in self._pictures:
            kinds = {"plane": SurfaceView, "fit": FitView, "confusion": ConfusionView, "truth": TruthView}
            widget = kinds[key](self.theme)
            if isinstance(widget, SampleView):
                widget.picked.connect(self.controller.view.set_sample)
                widget.zoom_changed.connect(self.show_zoom)
                widget.setAccessibleName("Network output")
                widget.restyle()
            self._pictures[key] = widget
            self._stack.addWidget(widget)
        return self._pictures[key]

    def view(self) -> PlotView | None:
        current = self._stack.currentWidget()
        return current if isinstance(current, PlotView) else None

    def picture(self) -> Picture:
        current = self._stack.currentWidget()
        if isinstance(current, (PlotView, ConfusionView)):
            return Picture(current.size(), current.paint_picture)
        return Picture(QSize(self._message.size()), self._paint_message)

    def _paint_message(self, painter: QPainter, target: QRectF) -> None:
        painter.fillRect(target, self.theme.color("panel"))
        painter.setPen(self.theme.color("muted_text"))
        painter.drawText(target, int(Qt.AlignmentFlag.AlignCenter), self._message.text())

    # -- what comes in ----------------------------------------------------------------------------

    def _on_project(self, before: Project, after: Project) -> None:
        same_data = before.data is after.data and before.layers is after.layers
        if not same_data or before.training is not after.training:
            self.data_changed()

    def restyle(self) -> None:
        for widget in self._pictures.values():
            if isinstance(widget, PlotView):
                widget.restyle()
            else:
                widget.update()

    def refresh(self) -> None:
        prepared, snapshot = self.controller.session.prepared, self.controller.snapshot
        if prepared is None or snapshot is None:
            self._show_message(self._reason())
            return
        project = self.controller.project
        if not snapshot.parameters.shaped_like(project.parameters):
            return  # the new network's numbers are on their way
        self._take_data(prepared, snapshot)
        names = self.controller.view.names
        modes = modes_of(prepared)
        self._mode = next((m for m in modes if m.key == self._wanted_mode), modes[0])
        self._offer(names, prepared, modes)
        self.controller.view.set_wanted(predictions=self.output if self._mode is TRUTH else None)
        low, high = value_range(project, prepared)
        scene = Scene(
            names, prepared, snapshot, self.controller.view.sample, self.output,
            self.discrete_action.isChecked(), low, high,
        )  # fmt: skip
        self._scene = scene
        self._show_scene(scene)

    def _reason(self) -> str:
        blocking = [p.message for p in self.controller.problems if p.blocking]
        return blocking[0] if blocking else _WAITING

    def _take_data(self, prepared: Prepared, snapshot: Snapshot) -> None:
        """The newest pictures; the last ones stay while the next are not due."""
        outputs = prepared.y.shape[1]
        if prepared is not self._prepared:
            self._prepared = prepared
            self._plane = self._fit = self._confusion = self._predictions = None
        if self._plane is not None and len(self._plane.neurons[-1]) != outputs:
            self._plane = None
        self._plane = snapshot.plane or self._plane
        self._fit = snapshot.fit or self._fit
        self._confusion = snapshot.confusion or self._confusion
        self._predictions = snapshot.predictions or self._predictions

    def _show_scene(self, scene: Scene) -> None:
        assert self._mode is not None
        if self._mode is PLANE and self._plane is not None:
            self._show(PLANE).show_scene(scene, self._plane)
        elif self._mode is FIT and self._fit is not None:
            self._show(FIT).show_scene(scene, self._fit)
        elif self._mode is CONFUSION and self._confusion is not None:
            self._show(CONFUSION).show_confusion(self._confusion_of(scene))
        elif self._mode is TRUTH and self._predictions is not None:
            if self._predictions.output != scene.output:
                return  # those of the output just chosen are on their way
            self._show(TRUTH).show_scene(scene, self._predictions.values)
        else:
            self._show_message(_WAITING)
            return
        self._set_title(scene)

    def _show(self, mode: Mode):
        widget = self.picture_of(mode.key)
        if self._stack.currentWidget() is not widget:
            self._stack.setCurrentWidget(widget)
            self.setFocusProxy(widget)
            self.show_zoom()
        return widget

    def _show_message(self, text: str) -> None:
        self._mode = self._scene = None
        self._choices = ()  # the tools go; with the next picture they are offered again
        self.set_title("Network output")
        self._message.setText(text)
        self._stack.setCurrentWidget(self._message)
        for tool in self._tools:
            self.show_tool(tool, False)

    def _confusion_of(self, scene: Scene) -> Confusion:
        assert self._confusion is not None
        test = self.test_action.isChecked() and len(scene.prepared.test) > 0
        counts, part = (self._confusion[1], "test") if test else (self._confusion[0], "training")
        return Confusion(counts, class_names(scene.prepared), part)

    # -- choices ----------------------------------------------------------------------------------

    def _offer(self, names: DocumentNames, prepared: Prepared, modes: tuple[Mode, ...]) -> None:
        """Offer the outputs and pictures there are, if they are others than before."""
        outputs = output_choices(names, prepared)
        if self._mode is FIT or self._mode is TRUTH:
            outputs = tuple(choice for choice in outputs if choice[0] != ALL)
        if self._output not in [output for output, _ in outputs]:
            self._output = outputs[0][0]
        key = (outputs, modes, self._mode, self._output, bool(len(prepared.test)))
        if key == self._choices:
            return
        self._choices = key
        current = self._mode
        entries = [(str(o), text, o == self._output) for o, text in outputs]
        self._fill(self._output_menu, entries, self._choose_output)
        entries = [(m.key, m.label, m is current) for m in modes]
        self._fill(self._mode_menu, entries, self._choose_mode)
        several = len(outputs) > 1 and current is not CONFUSION
        self._output_menu.menuAction().setVisible(several)
        self._mode_menu.menuAction().setVisible(len(modes) > 1)
        name = elided(dict(outputs)[self.output], self._output_tool.font(), _LONGEST_CHOICE)
        self._output_tool.setText(name.replace("&", "&&"))
        self.discrete_action.setVisible(current is PLANE)
        parts = current is CONFUSION and len(prepared.test) > 0
        self.train_action.setVisible(parts)
        self.test_action.setVisible(parts)
        self.show_tool(self._output_tool, several)
        self.show_tool(self._discrete_tool, current is PLANE)
        self.show_tool(self._train_tool, parts)
        self.show_tool(self._test_tool, parts)
        self._fit_title()

    def _fill(self, menu: QMenu, entries: list[tuple[str, str, bool]], chosen) -> None:
        """One of these, as a menu."""
        for action in menu.actions():
            menu.removeAction(action)
            action.deleteLater()
        group = QActionGroup(menu)
        for key, text, checked in entries:
            action = QAction(text.replace("&", "&&"), group)
            action.setObjectName(f"{menu.objectName()}_{key}")
            action.setCheckable(True)
            action.setChecked(checked)
            action.setData(key)
            menu.addAction(action)
        group.triggered.connect(chosen)

    def _choose_output(self, action: QAction) -> None:
        self.set_output(int(action.data()))

    def _choose_mode(self, action: QAction) -> None:
        self.set_mode(str(action.data()))

    def _set_title(self, scene: Scene) -> None:
        names = names_in_title(scene.prepared.samples.input_names[:2])
        if self._mode is CONFUSION:
            part = self._confusion_of(scene).part
            self.set_title(f"Confusion matrix · {part}", "Confusion matrix")
        elif self._mode is TRUTH:
            self.set_title("Predicted and true values", "Predicted and true", "Prediction")
        else:
            self.set_title(f"Network output over {names}", f"Output over {names}", "Network output", "Output")

    # -- words and numbers --------------------------------------------------------------------------

    def summary(self) -> str:
        scene = self._scene
        if scene is None or self._mode is None:
            return self._message.text()
        if self._mode is CONFUSION:
            confusion = self._confusion_of(scene)
            return f"Confusion matrix. {confusion.headline()}"
        text = f"{self.windowTitle()} after {scene.snapshot.epoch} epochs"
        for metric in scene.snapshot.metrics:
            text += f", {metric.label} train {shown(metric.train)}"
            if np.isfinite(metric.test):
                text += f", test {shown(metric.test)}"
        if 0 <= scene.sample < len(scene.prepared.x):
            text += f". In view: {describe_sample(scene, scene.sample)}"
        return text

    def numbers(self) -> str:
        scene = self._scene
        if scene is None:
            return ""
        if self._mode is PLANE and self._plane is not None:
            return plane_rows(scene, self._plane)
        if self._mode is FIT and self._fit is not None:
            return fit_rows(scene, self._fit)
        if self._mode is CONFUSION:
            confusion = self._confusion_of(scene)
            return confusion_rows(confusion.classes, confusion.counts)
        if self._predictions is None:
            return ""
        return truth_rows(scene, shown_rows(len(scene.prepared.x)), self._predictions.values)
