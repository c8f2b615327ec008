"""The scene: owns the items, keeps them in step with the document, shows the figures on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from nnsim.engine.snapshot import Plane
from nnsim.model.notation import DocumentNames
from nnsim.model.project import Project
from nnsim.ui.canvas.edge_layer import EdgeLayer
from nnsim.ui.canvas.figures import Figures, value_at
from nnsim.ui.canvas.hit import BACKGROUND, Hit, hit_column
from nnsim.ui.canvas.image_item import ImageItem, Lens
from nnsim.ui.canvas.inks import Inks
from nnsim.ui.canvas.layout import CanvasLayout
from nnsim.ui.canvas.looks import Attention, Pictures, marked_neurons, neuron_looks
from nnsim.ui.canvas.neuron_frames import NeuronFrames
from nnsim.ui.canvas.neuron_item import NeuronItem
from nnsim.ui.canvas.pictures import LayerPicture, layer_picture, value_picture
from nnsim.ui.canvas.reconcile import reconcile
from nnsim.ui.canvas.target_item import MarkItem, TargetItem
from nnsim.ui.canvas.wording import node_text
from nnsim.ui.canvas.zooming import Zooming
from nnsim.ui.selection import Selection
from nnsim.ui.theme import Theme


class NetworkScene(QGraphicsScene):
    """:meth:`arrange` after a change of structure or size, :meth:`show` after every change of numbers
    or attention. :meth:`hit` says what is under a point."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # A few dozen large items that all change together: an index would only cost.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.inks = Inks(theme)
        self.zooming = Zooming()
        self.edges = EdgeLayer(self, self.inks)
        self._frames = NeuronFrames(self.inks)
        self.neurons: dict[tuple[str, int], NeuronItem] = {}
        self.targets: dict[int, TargetItem] = {}
        self.marks: dict[tuple[str, int], MarkItem] = {}
        self.images: dict[str, ImageItem] = {}
        self._image_side = 0
        self.lens = Lens(self.inks)
        self.addItem(self.lens)
        self._arranged: CanvasLayout | None = None
        self._project: Project | None = None
        self._figures: Figures | None = None
        self._names: dict[str, list[str]] = {}
        self._marked: dict[tuple[str, int], tuple[bool, bool]] = {}
        self._plane: Plane | None = None
        self._pictures: dict[str, LayerPicture] = {}

    # -- structure --------------------------------------------------------------------------------

    def arrange(
        self, project: Project, layout: CanvasLayout, names: DocumentNames, image_side: int = 0
    ) -> None:
        """Have exactly the items of ``project`` in this layout. Numbers follow with :meth:`show`.

        With an ``image_side`` the neurons show the weights from the inputs as images of that side.
        """
        self.zooming.rest()  # pictures of what was elsewhere are of no use
        self._project, self._arranged, self._figures = project, layout, None
        if image_side != self._image_side:
            self._image_side, self._pictures = image_side, {}
        self._names = {la.id: [names.neuron_of(la.id, i) for i in range(la.size)] for la in project.layers}
        self._pictures = {k: v for k, v in self._pictures.items() if k in self._names}
        self._arrange_neurons(layout)
        self._arrange_marks(layout)
        self._arrange_targets(layout)
        places = {} if layout.image is None else {layout.image.layer: layout.image}
        reconcile(self, self.images, places, lambda: ImageItem(self.inks))
        for layer, place in places.items():
            self.images[layer].arrange(place)
        self.edges.arrange(project, layout)

    def _arrange_neurons(self, layout: CanvasLayout) -> None:
        places = {
            (c.layer, int(n)): (c.x, float(y))
            for c in layout.columns
            for n, y in zip(c.neurons, c.at, strict=True)
        }
        reconcile(self, self.neurons, places, lambda: NeuronItem(self.inks, self._frames))
        for key, at in places.items():
            self.neurons[key].arrange(layout, *at)

    def _arrange_marks(self, layout: CanvasLayout) -> None:
        places = {
            (c.layer, i): (c.x, float(c.y[i]), row.hidden)
            for c in layout.columns
            for i, row in enumerate(c.rows)
            if row.is_mark
        }
        reconcile(self, self.marks, places, lambda: MarkItem(self.inks))
        for key, place in places.items():
            self.marks[key].arrange(*place)

    def _arrange_targets(self, layout: CanvasLayout) -> None:
        last = layout.columns[-1]
        places = dict(zip(map(int, last.neurons), map(float, last.at), strict=True))
        reconcile(self, self.targets, places, lambda: TargetItem(self.inks))
        pitch = float(np.diff(last.at).min()) if len(last.at) > 1 else 100.0
        for i, y in places.items():
            self.targets[i].arrange(layout.targets_x, y, pitch)

    # -- numbers ----------------------------------------------------------------------------------

    def show(
        self,
        project: Project,
        figures: Figures,
        attention: Attention,
        dot: tuple[float, float] | None = None,
        close: bool = False,
    ) -> None:
        """Show these numbers, and what is looked at. ``project`` has the structure last arranged;
        ``close``: values are legible inside neurons that have no text beside them."""
        layout = self._arranged
        if layout is None or not self._take(project, figures):
            return
        if self._image_side:
            self._picture_weights(project, layout, figures)
        pictures = Pictures(self._pictures, dot)
        for column in layout.columns:
            names = self._names[column.layer]
            looks = neuron_looks(
                project, layout, column, names, figures, pictures, attention, self.inks, close
            )
            for i, look in zip(map(int, column.neurons), looks, strict=True):
                self.neurons[column.layer, i].display(look)
        for i, target in self.targets.items():
            y = value_at(figures.targets, i)
            target.display(f"y {node_text(y, 6, trim=True)}" if y == y else "", figures.loss_ringed)
        self._marked = marked_neurons(project, attention)
        self._light_pixels()
        self._show_lens(attention.hover)
        self.edges.show(project, figures, attention)

    def show_edges(self, project: Project, figures: Figures) -> None:
        """Draw the edges by these numbers, as many as a frame has time for, and leave all that is
        written as it is."""
        if self._take(project, figures):
            self.edges.draw(figures, in_turn=True)

    def attend(self, attention: Attention) -> None:
        """Light up what is looked at now; the numbers stay as they are."""
        if self._project is None or self._figures is None:
            return
        before, self._marked = self._marked, marked_neurons(self._project, attention)
        for key in before.keys() | self._marked.keys():
            item = self.neurons.get(key)
            if item is not None:
                selected, hovered = self._marked.get(key, (False, False))
                item.display(replace(item.look, selected=selected, hovered=hovered))
        self._light_pixels()
        self._show_lens(attention.hover)
        self.edges.attend(self._project, self._figures, attention)

    def _take(self, project: Project, figures: Figures) -> bool:
        """Take over numbers, if they belong to what is arranged."""
        fitting = self._arranged is not None and figures.layers.keys() == self._names.keys()
        if fitting:
            self._project, self._figures = project, figures
        return fitting

    def show_plane(self, plane: Plane | None) -> None:
        """Take over new pictures; ``None`` keeps the last ones."""
        if plane is not None and plane is not self._plane:
            self._plane = plane
            self._make_pictures()

    def forget_pictures(self) -> None:
        """Drop the pictures: those of other data would be false."""
        self._plane, self._pictures = None, {}

    @property
    def plane(self) -> Plane | None:
        """What the pictures were made from."""
        return self._plane

    def _make_pictures(self) -> None:
        if self._project is None or self._plane is None:
            return
        layers = self._project.layers
        if [len(p) for p in self._plane.neurons] == [layer.size for layer in layers]:
            self._pictures = {
                layer.id: layer_picture(values, layer.activation, self.inks.picture_table)
                for layer, values in zip(layers, self._plane.neurons, strict=True)
            }

    def _picture_weights(self, project: Project, layout: CanvasLayout, figures: Figures) -> None:
        """Picture the sample in view, and of every neuron shown the weights from the inputs."""
        first, side, table = project.layers[0].id, self._image_side, self.inks.picture_table
        for c in project.connections:
            w = figures.weights.get(c.id)
            if c.source == first and w is not None and w.ndim == 2 and w.shape[1] == side * side:
                rows = w[layout.column(c.target).neurons]
                self._pictures[c.target] = value_picture(rows.reshape(-1, side, side), table)
        a = figures.layers[first].a
        if a is not None and len(a) == side * side and first in self.images:
            self.images[first].display(value_picture(a.reshape(1, side, side), table))

    def _light_pixels(self) -> None:
        for layer, image in self.images.items():
            image.light(frozenset(i for la, i in self._marked if la == layer))

    def _show_lens(self, hover: Selection) -> None:
        """Over a neuron that shows its incoming weights, show them larger."""
        neuron = self.neurons.get((hover.layer, hover.neuron)) if hover.kind == "neuron" else None
        picture = neuron.look.picture if neuron is not None else None
        if neuron is None or picture is None or picture.smooth or self._arranged is None:
            self.lens.hide()
            return
        upper = neuron.y() < self._arranged.height / 2
        self.lens.look_at(picture.only(neuron.look.row), neuron.x(), neuron.y(), upper)

    def refresh_inks(self) -> None:
        """Take over a switched theme. Numbers follow with :meth:`show`."""
        self.zooming.rest()
        self.inks.refresh()
        self._frames.clear()
        self._make_pictures()
        for item in self.items():
            item.update()

    # -- what is where ----------------------------------------------------------------------------

    def hit(self, at: QPointF, reach: float) -> Hit:
        """What is at a point of the scene; edges within ``reach`` of it."""
        if self._arranged is None:
            return BACKGROUND
        x, y = at.x(), at.y()
        found = hit_column(self._arranged, x, y, self._image_side)
        if found is not None and (found.part != "bias" or self._writes_bias(found.selection)):
            return found
        return self.edges.hit(x, y, reach) or BACKGROUND

    def _writes_bias(self, selection: Selection) -> bool:
        item = self.neurons.get((selection.layer, selection.neuron))
        layer = self._figures.layers.get(selection.layer) if self._figures is not None else None
        return item is not None and layer is not None and layer.bias is not None and bool(item.look.under)

    def hover_mark(self, hit: Hit) -> None:
        """Light up the mark under the pointer, and no other."""
        for (layer, row), mark in self.marks.items():
            mark.set_hovered(hit.part == "mark" and (layer, row) == (hit.selection.layer, hit.row))

    def number_rect(self, selection: Selection) -> QRectF | None:
        """Where a bias or weight is written: an editor opens there. ``None`` if it is not shown."""
        if selection.kind == "neuron":
            item = self.neurons.get((selection.layer, selection.neuron))
            return None if item is None else item.under_rect().translated(item.pos())
        return self.edges.box_of(selection) if selection.kind == "edge" else None

    def rect_of(self, selection: Selection) -> QRectF | None:
        """The rectangle to scroll into view for a selected neuron or edge."""
        item = self.neurons.get((selection.layer, selection.neuron))
        return item.body().translated(item.pos()) if item is not None else self.number_rect(selection)
