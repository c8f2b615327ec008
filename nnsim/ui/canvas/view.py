"""The canvas: the network as a picture to read, walk through and edit."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nnsim.core.datasets.features import FEATURES
from nnsim.engine.messages import Granularity
from nnsim.engine.snapshot import Snapshot
from nnsim.model.notation import names_for
from nnsim.model.project import Project
from nnsim.ui.canvas.commands import Commands
from nnsim.ui.canvas.figures import Figures, figures_of
from nnsim.ui.canvas.header_band import HeaderBand
from nnsim.ui.canvas.interaction import Interaction, ViewActions
from nnsim.ui.canvas.layer_header import facts_of
from nnsim.ui.canvas.layer_states import LayerStates
from nnsim.ui.canvas.layout import CanvasLayout, arrange
from nnsim.ui.canvas.looks import Attention
from nnsim.ui.canvas.number_editor import NumberEditor
from nnsim.ui.canvas.opened import OpenedLayers
from nnsim.ui.canvas.operation_layer import OperationLayer
from nnsim.ui.canvas.picture_choice import PictureMode, can_picture, dot_of, image_side, wants_pictures
from nnsim.ui.canvas.scene import NetworkScene
from nnsim.ui.canvas.surface import Surface
from nnsim.ui.canvas.tempo import Tempo
from nnsim.ui.canvas.wording import spoken
from nnsim.ui.canvas.zoom_bar import ZoomBar
from nnsim.ui.controller import Controller, exists
from nnsim.ui.selection import NOTHING, Selection
from nnsim.ui.theme import Theme

_ZOOM_STEP = 1.25
# Texts and pictures while training fast: times a second, and their share of the time. Up to so many
# updates a second, every one is shown.
_WRITTEN, _WRITING_SHARE, _FOLLOWED = 15.0, 0.08, 20.0


class NetworkCanvas(QWidget):
    """``objectName`` is ``network_canvas``. In it: the band of headers (``header_band``), the surface
    (``network_surface``), and the zoom bar (``zoom_bar``).

    The picture fits itself to the widget until the user zooms or pans; then only :meth:`fit` does.
    ``pictures_changed(bool)``: the neurons begin or cease to show pictures over the input plane.
    """

    pictures_changed = Signal(bool)

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network_canvas")
        self._controller, self._theme = controller, theme
        self._project: Project = controller.project
        self._figures: Figures = figures_of(self._project, None)
        self._arrangement: CanvasLayout | None = None
        self._opened = OpenedLayers()
        self._fits = True  # until the user zooms or pans
        self._picture_mode: PictureMode = "auto"
        self._pictures = False
        self._image_side = 0
        self._close = False  # whether one looks so closely that even small neurons have room for values
        self._stale = True
        self._writing = Tempo(_WRITTEN, _WRITING_SHARE)
        self.commands = Commands(controller)
        self.scene = NetworkScene(theme, self)
        self.operation = OperationLayer(controller, self.scene)
        self.surface = Surface(self.scene, self)
        self.band = HeaderBand(theme, self)
        self.zoom_bar = ZoomBar(theme, self)
        self._states = LayerStates(self.band)
        self.editor = NumberEditor(self.surface, self.scene, self.commands)
        self.zoom_bar.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.band)
        column.addWidget(self.surface, 1)
        self.setFocusProxy(self.surface)
        self.surface.setAccessibleName("Network")
        self._interaction = Interaction(self, controller, self)
        self._connect()
        self._take_project()

    def _connect(self) -> None:
        c, s, z = self._controller, self.surface, self.zoom_bar
        c.project_changed.connect(self._on_project)
        c.snapshot_changed.connect(self._on_snapshot)
        c.selection_changed.connect(self._on_selection)
        c.hover_changed.connect(self._attend)
        c.view.notation_changed.connect(lambda _: self._arrange())
        self._theme.changed.connect(self._on_theme)
        s.moved.connect(self._follow)
        s.taken.connect(self._on_taken)
        s.resized.connect(self._on_resized)
        z.out.connect(self.zoom_out)
        z.closer.connect(self.zoom_in)
        z.actual.connect(self.actual_size)
        z.fit.connect(self.fit)

    # -- what is shown ----------------------------------------------------------------------------

    @property
    def project(self) -> Project:
        """The document whose structure is shown."""
        return self._project

    @property
    def figures(self) -> Figures:
        """The numbers shown."""
        return self._figures

    @property
    def arrangement(self) -> CanvasLayout | None:
        """Where everything is; ``None`` before the first showing."""
        return self._arrangement

    @property
    def shows_pictures(self) -> bool:
        """Whether neurons show pictures, so that a plane should be computed."""
        return self._pictures

    def set_picture_mode(self, mode: PictureMode) -> None:
        """Show pictures in the neurons always, never, or ("auto") where the data have two inputs and
        at least four samples, or are images."""
        self._picture_mode = mode
        self._arrange()

    def picture_switch(self) -> tuple[bool, Callable[[bool], object]] | None:
        """(whether pictures are shown, how to switch them), where the data have a plane or are images."""
        prepared = self._controller.session.prepared
        if not can_picture(prepared) and not image_side(self._project, prepared):
            return None
        return self._pictures or self._image_side > 0, lambda on: self.set_picture_mode("on" if on else "off")

    def toggle_layer(self, layer: str) -> None:
        """Show all neurons of a long layer, or its ends only."""
        self._opened.toggle(layer)
        self._arrange()

    # -- camera -----------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show the whole network, and go on doing so."""
        self._fits = True
        self.zoom_bar.hide()
        self._arrange()

    def zoom_in(self) -> None:
        self.surface.zoom_by(_ZOOM_STEP)

    def zoom_out(self) -> None:
        self.surface.zoom_by(1 / _ZOOM_STEP)

    def actual_size(self) -> None:
        """100 %."""
        self.surface.zoom_by(1.0 / self.surface.zoom())

    def zoom(self) -> float:
        """Pixels per scene unit, 0.1 to 8."""
        return self.surface.zoom()

    def view_actions(self) -> ViewActions:
        """What a menu offers for the view."""
        return [
            ("Show the whole network", self.fit),
            ("Actual size", self.actual_size),
            ("Zoom in", self.zoom_in),
            ("Zoom out", self.zoom_out),
        ]

    def _on_taken(self) -> None:
        self._fits = False
        self.zoom_bar.show_zoom(self.surface.zoom())
        self.zoom_bar.show()
        self._place_zoom_bar()

    def _on_resized(self) -> None:
        if self._fits:
            self._arrange()
        elif self._arrangement is not None:
            self.surface.set_content(self._arrangement)
        self.editor.place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_zoom_bar()

    def _place_zoom_bar(self) -> None:
        bar = self.zoom_bar
        bar.move(self.width() - bar.width() - 8, self.height() - bar.height() - 8)
        bar.raise_()

    def _follow(self) -> None:
        """Let the headers stand over their columns, and values be written where they become legible."""
        if self._arrangement is not None:
            columns, close = self._arrangement.columns, self._close
            self._close = self._arrangement.writes_inside(self.surface.zoom()) == "brief"
            if close != self._close:
                self._refresh()
            self.scene.edges.look_from(self.surface.zoom())
            self.band.follow([self.surface.on_screen(QPointF(c.x, 0.0)).x() for c in columns])

    # -- following the document ---------------------------------------------------------------------

    def _on_project(self, before: Project, after: Project) -> None:
        if _other_samples(self._project, after):
            self.scene.forget_pictures()
        same = _same_structure(self._project, after)
        self._project = after
        if same:
            self._refresh()
        else:
            self._take_project()

    def _take_project(self) -> None:
        if not exists(self._project, self.editor.selection):
            self.editor.close()
        selected, prepared = self._controller.selection, self._controller.session.prepared
        width = prepared.samples.width if prepared is not None else None
        if width is None and self._project.data.features:
            width = 2
        facts = facts_of(self._project, width, len(FEATURES))
        self.band.show_layers(facts, selected.layer if selected.kind == "layer" else "")
        self._arrange()

    def _arrange(self) -> None:
        """Lay the network out for the present size; show it whole unless the user has zoomed."""
        if not self.isVisible():
            self._stale = True
            return
        size = self.surface.viewport().size()
        before, prepared = self._pictures, self._controller.session.prepared
        self._pictures = wants_pictures(self._picture_mode, prepared, before)
        self._image_side = 0 if self._picture_mode == "off" else image_side(self._project, prepared)
        self._opened.pictured = self._project.layers[0].id if self._image_side else ""
        rows, scale = self._opened.rows(self._project), self._theme.text_scale
        pictures = self._pictures or self._image_side > 0
        self._arrangement = arrange(rows, size.width(), size.height(), pictures, scale)
        # A message may have resized the canvas before it was told of another document.
        names = names_for(self._project, self._controller.view.notation)
        self.scene.arrange(self._project, self._arrangement, names, self._image_side)
        if self._fits:
            self.surface.show_all(self._arrangement)
        else:
            self.surface.set_content(self._arrangement)
        self._stale = False
        self._follow()
        self._refresh()
        self.editor.place()
        if before != self._pictures:
            self.pictures_changed.emit(self._pictures)

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        """Show new numbers: all of them, or while training fast those that are due."""
        fast = snapshot.running and self._trains_fast()
        if fast and self.isVisible() and not self._stale and not self._writing.due():
            self._figures = figures_of(self._project, snapshot, self._figures)
            self.scene.show_edges(self._project, self._figures)
            return
        began = time.thread_time()
        self._refresh()
        if fast:
            self._writing.done(time.thread_time() - began + self.surface.slowest_paint())

    def _trains_fast(self) -> bool:
        """Whether the run goes by whole updates faster than one can read."""
        per_second, granularity = self._controller.session.speed
        whole = granularity in (Granularity.BATCH, Granularity.EPOCH)
        return per_second is None or (whole and per_second > _FOLLOWED)

    def _refresh(self) -> None:
        """Show the present numbers and what is looked at."""
        if self._stale or not self.isVisible():
            self._stale = True
            return
        snapshot = self._controller.snapshot
        self._figures = figures_of(self._project, snapshot, self._figures)
        self._figures = self.operation.figures(self._project, self._figures)
        if snapshot is not None and self._figures.complete and self._pictures:
            self.scene.show_plane(snapshot.plane)
        prepared = self._controller.session.prepared
        dot = dot_of(self.scene.plane, prepared, self._figures.sample)
        self.scene.show(self._project, self._figures, self._attention(), dot, self._close)
        self._states.follow(self._controller.view.names, None if snapshot is None else snapshot.health)
        self.operation.show(self._project, self._arrangement, self._figures)

    def _attend(self) -> None:
        """Light up what is looked at now."""
        if not self._stale and self.isVisible():
            self.scene.attend(self._attention())

    def _attention(self) -> Attention:
        looked_at = (self._controller.selection, self._controller.hover)
        return Attention(*(s if exists(self._project, s) else NOTHING for s in looked_at))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._arrange()

    def _on_theme(self) -> None:
        self.scene.refresh_inks()
        self._arrange()
        self.surface.viewport().update()

    def _on_selection(self, selection: Selection) -> None:
        if not exists(self._project, selection):
            return
        self.band.mark_selected(selection.layer if selection.kind == "layer" else "")
        if self._opened.keep(self._project, selection):
            self._arrange()
        else:
            self._attend()
        rect = self.scene.rect_of(selection)
        if rect is not None and not self._fits:
            self.surface.reveal(rect)
        self._speak(selection)

    def _spoken(self, selection: Selection) -> str:
        snapshot = self._controller.snapshot
        health = None if snapshot is None else snapshot.health
        return spoken(self._controller.view.names, self._figures, selection, health)

    def _speak(self, selection: Selection) -> None:
        self.surface.setAccessibleDescription(self._spoken(selection))
        event = QAccessibleEvent(self.surface, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(event)


def _same_structure(before: Project, after: Project) -> bool:
    """Whether nothing has changed but numbers and settings."""
    return (
        before.layers == after.layers
        and before.connections == after.connections
        and before.data is after.data
    )


def _other_samples(before: Project, after: Project) -> bool:
    """Whether the samples themselves have changed, not only how they are split or fed."""
    a, b = before.data, after.data
    return (a.source, a.options, a.seed) != (b.source, b.options, b.seed) or a.samples is not b.samples
