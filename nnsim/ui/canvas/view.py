"""The canvas: the network as a picture to read, walk through and edit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QPoint, QPointF, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from nnsim.core.datasets.features import FEATURES
from nnsim.model.project import Project
from nnsim.ui.canvas import keys, walk
from nnsim.ui.canvas.commands import Commands
from nnsim.ui.canvas.figures import Figures, figures_of, value_at, weight_of
from nnsim.ui.canvas.header_band import HeaderBand
from nnsim.ui.canvas.hit import Hit
from nnsim.ui.canvas.layer_header import facts_of
from nnsim.ui.canvas.layout import CanvasLayout, arrange
from nnsim.ui.canvas.looks import Attention
from nnsim.ui.canvas.menus import MenuBuilder, activation_menu
from nnsim.ui.canvas.number_editor import NumberEditor
from nnsim.ui.canvas.opened import OpenedLayers
from nnsim.ui.canvas.scene import NetworkScene
from nnsim.ui.canvas.surface import Surface
from nnsim.ui.canvas.wording import spoken, tip_of, title_of
from nnsim.ui.canvas.zoom_bar import ZoomBar
from nnsim.ui.controller import Controller, exists
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.selection import NOTHING, Selection
from nnsim.ui.theme import Theme

PictureMode = Literal["auto", "on", "off"]
# Over fewer samples there is no pattern to see, and the numbers of the pass are the subject.
_PICTURES_FROM = 4
_ZOOM_STEP = 1.25


class NetworkCanvas(QWidget):
    """``objectName`` is ``network_canvas``. In it: the band of headers (``header_band``), the surface
    (``network_surface``), and the zoom bar (``zoom_bar``). ``pictures_changed(bool)``: the neurons
    begin or cease to show pictures over the input plane.

    The picture fits itself to the window until the user zooms or pans; then only :meth:`fit` does.
    """

    pictures_changed = Signal(bool)

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network_canvas")
        self._controller, self._theme = controller, theme
        self._project: Project = controller.project
        self._figures: Figures = figures_of(self._project, None)
        self._layout: CanvasLayout | None = None
        self._opened = OpenedLayers()
        self._fits = True
        self._picture_mode: PictureMode = "auto"
        self._pictures = False
        self._stale = True
        self.commands = Commands(controller)
        self.scene = NetworkScene(theme, self)
        self.surface = Surface(self.scene, self)
        self.band = HeaderBand(theme, self)
        self.zoom_bar = ZoomBar(theme, self)
        self.editor = NumberEditor(self.surface, self.scene, self.commands)
        self.zoom_bar.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.band)
        column.addWidget(self.surface, 1)
        self.setFocusProxy(self.surface)
        self.surface.setAccessibleName("Network")
        self._connect()
        self._take_project()

    def _connect(self) -> None:
        c, s, b, z = self._controller, self.surface, self.band, self.zoom_bar
        c.project_changed.connect(self._on_project)
        c.snapshot_changed.connect(lambda _snapshot: self._refresh())
        c.selection_changed.connect(self._on_selection)
        c.hover_changed.connect(lambda _hover: self._refresh())
        self._theme.changed.connect(self._on_theme)
        s.pressed.connect(self._on_pressed)
        s.activated.connect(self._on_activated)
        s.pointed.connect(self._on_pointed)
        s.menu_wanted.connect(self._on_menu)
        s.tip_wanted.connect(self._on_tip)
        s.key.connect(self._on_key)
        s.moved.connect(self._follow)
        s.taken.connect(self._on_taken)
        s.resized.connect(self._on_resized)
        b.selected.connect(lambda layer: c.select(Selection.of_layer(layer)))
        b.size_wanted.connect(self.commands.set_size)
        b.renamed.connect(self.commands.rename)
        b.remove_wanted.connect(self.commands.remove_layer)
        b.insert_wanted.connect(self.commands.add_layer)
        b.activation_wanted.connect(self._on_activation_wanted)
        z.out.connect(self.zoom_out)
        z.closer.connect(self.zoom_in)
        z.actual.connect(self.actual_size)
        z.fit.connect(self.fit)

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

    def _on_taken(self) -> None:
        self._fits = False
        self.zoom_bar.show_zoom(self.surface.zoom())
        self.zoom_bar.show()
        self._place_zoom_bar()

    def _on_resized(self) -> None:
        if self._fits:
            self._arrange()
        elif self._layout is not None:
            self.surface.set_content(self._layout)
        self._place_zoom_bar()

    def _place_zoom_bar(self) -> None:
        bar = self.zoom_bar
        bar.move(self.width() - bar.width() - 8, self.height() - bar.height() - 8)
        bar.raise_()

    def _follow(self) -> None:
        """Let the headers stand over their columns."""
        if self._layout is not None:
            self.band.follow([self.surface.on_screen(QPointF(c.x, 0.0)).x() for c in self._layout.columns])

    # -- pictures ---------------------------------------------------------------------------------

    @property
    def shows_pictures(self) -> bool:
        """Whether neurons show pictures, so that a plane should be computed."""
        return self._pictures

    def set_picture_mode(self, mode: PictureMode) -> None:
        """"auto" shows pictures where the data have two inputs and at least four samples."""
        self._picture_mode = mode
        self._arrange()

    def _raw_width(self) -> int | None:
        prepared = self._controller.session.prepared
        if prepared is not None:
            return prepared.samples.width
        return 2 if self._project.data.features else None

    def _choose_pictures(self) -> bool:
        prepared = self._controller.session.prepared
        if prepared is None:
            return self._pictures and self._picture_mode != "off"
        if prepared.samples.width != 2 or self._picture_mode == "off":
            return False
        return self._picture_mode == "on" or prepared.samples.count >= _PICTURES_FROM

    def _dot(self) -> tuple[float, float] | None:
        """The sample in view as shares of a picture's sides."""
        plane, prepared, i = self.scene.plane, self._controller.session.prepared, self._figures.sample
        if plane is None or prepared is None or not 0 <= i < prepared.samples.count:
            return None
        left, right, bottom, top = plane.extent
        x, y = map(float, prepared.samples.inputs[i, :2])
        dot = ((x - left) / (right - left), (top - y) / (top - bottom))
        return dot if all(0.0 <= share <= 1.0 for share in dot) else None

    # -- what the document and the run say ----------------------------------------------------------

    def _on_project(self, before: Project, after: Project) -> None:
        same = (
            before.layers == after.layers
            and before.connections == after.connections
            and before.data is after.data
            and self._project.layers == after.layers
        )
        if before.data is not after.data and _other_samples(before, after):
            self.scene.forget_pictures()
        self._project = after
        if same:
            self._refresh()
        else:
            self._take_project()

    def _take_project(self) -> None:
        if self.editor.field is not None and not exists(self._project, self.editor.selection):
            self.editor.close()
        selected = self._controller.selection
        facts = facts_of(self._project, self._raw_width(), len(FEATURES))
        self.band.show_layers(facts, selected.layer if selected.kind == "layer" else "")
        self._arrange()

    def _arrange(self) -> None:
        """Lay the network out for the present size, and show it whole unless the user has zoomed."""
        if not self.isVisible():
            self._stale = True
            return
        size = self.surface.viewport().size()
        pictures = self._choose_pictures()
        self._layout = arrange(
            self._opened.rows(self._project), size.width(), size.height(), pictures, self._theme.text_scale
        )
        self.scene.arrange(self._project, self._layout)
        if self._fits:
            self.surface.show_all(self._layout)
        else:
            self.surface.set_content(self._layout)
        self._follow()
        self._stale = False
        if pictures != self._pictures:
            self._pictures = pictures
            self.pictures_changed.emit(pictures)
        self._refresh()
        self.editor.place()

    def _refresh(self) -> None:
        """Show the present numbers and what is looked at."""
        if self._stale or not self.isVisible():
            self._stale = True
            return
        snapshot = self._controller.snapshot
        self._figures = figures_of(self._project, snapshot)
        if snapshot is not None and self._figures.complete:
            self.scene.show_plane(snapshot.plane)
        selection, hover = (
            s if exists(self._project, s) else NOTHING
            for s in (self._controller.selection, self._controller.hover)
        )
        self.scene.show(self._project, self._figures, Attention(selection, hover), self._dot())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_zoom_bar()

    def _on_theme(self) -> None:
        self.scene.refresh_inks()
        self._arrange()
        self.surface.viewport().update()

    # -- selection --------------------------------------------------------------------------------

    def _on_selection(self, selection: Selection) -> None:
        if not exists(self._project, selection):
            return
        self.band.mark_selected(selection.layer if selection.kind == "layer" else "")
        if self._opened.keep(self._project, selection):
            self._arrange()
        else:
            self._refresh()
        if not self._fits:
            rect = self.scene.rect_of(selection)
            if rect is not None:
                self.surface.reveal(rect)
        self._speak(selection)

    def _speak(self, selection: Selection) -> None:
        self.surface.setAccessibleDescription(spoken(self._project, self._figures, selection))
        event = QAccessibleEvent(self.surface, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(event)

    def _on_pressed(self, hit: Hit) -> None:
        if hit.part == "mark":
            self._opened.toggle(hit.selection.layer)
            self._arrange()
        else:
            self._controller.select(hit.selection)

    def _on_activated(self, hit: Hit) -> None:
        if hit.part in ("number", "edge", "bias", "neuron"):
            self._edit_number(hit.selection)

    def _on_pointed(self, hit: Hit) -> None:
        self.scene.hover_mark(hit)
        self._controller.set_hover(NOTHING if hit.part == "mark" else hit.selection)

    def _on_tip(self, hit: Hit, at: QPoint) -> None:
        text = ""
        if hit.part == "mark":
            name = self._project.layer_name(hit.selection.layer)
            text = f"Show or hide the neurons of {name}"
        elif hit.part != "background":
            text = tip_of(self._project, self._figures, hit.selection)
        QToolTip.showText(at, tool_tip(text), self.surface.viewport())

    # -- editing ----------------------------------------------------------------------------------

    def _edit_number(self, selection: Selection) -> None:
        """Open a field at a weight or bias; its selection first, so that it has a place."""
        if selection.kind == "edge":
            value = weight_of(
                self._figures.weights, selection.connection, selection.target, selection.source
            )
        else:
            value = value_at(self._figures.layers[selection.layer].bias, selection.neuron)
        if value != value:
            return
        self._controller.select(selection)
        what = "Bias of " if selection.kind == "neuron" else ""
        self.editor.open(selection, what + title_of(self._project, selection), value)

    def _on_activation_wanted(self, layer: str) -> None:
        button = self.band.header(layer).activation
        menu = activation_menu(
            self, self._project, layer, lambda key: self.commands.set_activation(layer, key)
        )
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))

    def _on_menu(self, hit: Hit | None, at: QPoint) -> None:
        if hit is None:
            selection = self._controller.selection
            rect = self.scene.rect_of(selection)
            if rect is not None:
                at = self.surface.viewport().mapToGlobal(self.surface.on_screen(rect.center()).toPoint())
        else:
            selection = hit.selection
            self._controller.select(selection)
        prepared = self._controller.session.prepared
        can_picture = prepared is not None and prepared.samples.width == 2
        view: list[tuple[str, Callable[[], object]]] = [
            ("Show the whole network", self.fit), ("Zoom in", self.zoom_in), ("Zoom out", self.zoom_out)
        ]  # fmt: skip
        choose = (self._pictures, lambda on: self.set_picture_mode("on" if on else "off"))
        MenuBuilder(
            self, self._project, self.commands, selection, view, self._edit_number,
            lambda layer: self.band.header(layer).rename(), choose if can_picture else None,
        ).menu.popup(at)  # fmt: skip

    # -- keyboard (see keys.obey) -------------------------------------------------------------------

    def _on_key(self, event: QKeyEvent) -> None:
        keys.obey(self, event)

    def walk(self, direction: walk.Direction) -> None:
        if self._layout is not None:
            self._controller.select(walk.step(self._project, self._layout, self._selected(), direction))

    def cycle_edges(self, by: int) -> None:
        self._controller.select(walk.cycle_edges(self._project, self._selected(), by))

    def edit_selection(self) -> None:
        selection = self._selected()
        if selection.kind in ("neuron", "edge"):
            self._edit_number(selection)
        elif selection.kind == "layer" and selection.layer != self._project.layers[0].id:
            self._on_activation_wanted(selection.layer)

    def remove_selection(self) -> None:
        self.commands.remove(self._selected())

    def clear_selection(self) -> None:
        self._controller.select(NOTHING)

    def rename_selected_layer(self) -> None:
        layer = self._selected_layer()
        if layer:
            self.band.header(layer).rename()

    def resize_selected_layer(self, by: int) -> None:
        layer = self._selected_layer()
        if layer:
            self.commands.set_size(layer, self._project.layer(layer).size + by)

    def _selected(self) -> Selection:
        selection = self._controller.selection
        return selection if exists(self._project, selection) else NOTHING

    def _selected_layer(self) -> str:
        selection = self._selected()
        return selection.layer if selection.kind in ("layer", "neuron") else ""


def _other_samples(before: Project, after: Project) -> bool:
    """Whether the samples themselves have changed, not only how they are split or fed."""
    a, b = before.data, after.data
    return (a.source, a.options, a.seed) != (b.source, b.options, b.seed) or a.samples is not b.samples
