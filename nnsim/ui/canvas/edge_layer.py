"""The edges and the numbers on them: what is drawn, lit up and written, and what is under a point."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsScene

from nnsim.core.arrays import Array
from nnsim.core.connections import CONNECTIONS
from nnsim.model.project import Project
from nnsim.ui.canvas.chip_places import SIZES, Placed, place_all
from nnsim.ui.canvas.chips_item import ChipsItem
from nnsim.ui.canvas.connection_item import ConnectionItem
from nnsim.ui.canvas.edge_geometry import Edges, edge_table, edges_of, nearest
from nnsim.ui.canvas.edge_looks import EdgeLooks
from nnsim.ui.canvas.figures import Figures
from nnsim.ui.canvas.highlight_item import HighlightItem, LitEdge
from nnsim.ui.canvas.hit import Hit
from nnsim.ui.canvas.inks import Inks, grade_of
from nnsim.ui.canvas.layout import CanvasLayout
from nnsim.ui.canvas.looks import Attention, EdgeNumbers
from nnsim.ui.canvas.matrix_item import MATRIX_FROM, MatrixItem, MatrixPlace, matrix_place
from nnsim.ui.canvas.reconcile import reconcile
from nnsim.ui.selection import Selection

# Seconds a frame for drawing changed edges while training flat out, and how much of it may be saved up:
# a connection whose drawing takes longer is drawn every other frame.
_ALLOWANCE, _SAVINGS = 0.004, 0.008


class EdgeLayer:
    """Owns the items of all connections in a scene."""

    def __init__(self, scene: QGraphicsScene, inks: Inks) -> None:
        self._scene, self._inks = scene, inks
        self._connections: dict[str, ConnectionItem] = {}
        self._chips: dict[str, ChipsItem] = {}
        self._edges: dict[str, Edges] = {}
        self._looks = EdgeLooks({}, {})
        self._places: dict[str, Placed | None] = {}
        self._matrices: dict[str, MatrixItem] = {}
        self._matrix_places: dict[str, MatrixPlace] = {}
        self._lit: dict[tuple[str, int], bool] = {}
        self._grade = 0
        self._saved = 0.0
        self._keep_off = 0.0
        self._first_layer = ""
        self._highlight = HighlightItem(inks)
        scene.addItem(self._highlight)

    @property
    def connections(self) -> dict[str, ConnectionItem]:
        """The items that draw, by connection id."""
        return self._connections

    @property
    def chips(self) -> dict[str, ChipsItem]:
        """The items that write, by connection id."""
        return self._chips

    @property
    def matrices(self) -> dict[str, MatrixItem]:
        """The items of the connections that are drawn as a matrix, by connection id."""
        return self._matrices

    def edges_of(self, connection: str) -> Edges:
        """The edges drawn of a connection; numbers written on them go by their places in it."""
        return self._edges[connection]

    @property
    def highlight(self) -> HighlightItem:
        return self._highlight

    def arrange(self, project: Project, layout: CanvasLayout) -> None:
        """Have exactly the connections of ``project``, in this layout."""
        size = {layer.id: layer.size for layer in project.layers}
        self._first_layer = project.layers[0].id
        self._edges = {
            c.id: edges_of(
                c.id, c.source, c.target, edge_table(c.kind, size[c.source], size[c.target]), layout
            )
            for c in project.connections
            if c.kind in CONNECTIONS
        }
        self._looks = EdgeLooks(self._edges, {id_: size[e.source_layer] for id_, e in self._edges.items()})
        self._lit = {}
        reconcile(self._scene, self._connections, self._edges, lambda: ConnectionItem(self._inks))
        reconcile(self._scene, self._chips, self._edges, lambda: ChipsItem(self._inks))
        self._matrix_places = {
            id_: matrix_place(e, layout) for id_, e in self._edges.items() if len(e) > MATRIX_FROM
        }
        reconcile(self._scene, self._matrices, self._matrix_places, lambda: MatrixItem(self._inks))
        for id_, place in self._matrix_places.items():
            self._matrices[id_].arrange(place)
        writes = layout.detail in ("full", "brief")
        self._keep_off = layout.text_half - layout.node
        for id_, edges in self._edges.items():
            self._connections[id_].arrange(edges)
            self._places[id_] = place_all(edges.lines, self._keep_off) if writes else None

    # -- showing ----------------------------------------------------------------------------------

    def show(self, project: Project, figures: Figures, attention: Attention) -> None:
        """Draw these weights, light up what is looked at, write the numbers there is room for."""
        self.draw(figures)
        for id_, matrix in self._matrices.items():
            matrix.numbers.display(figures.weights.get(id_), self._edges[id_].parameter)
        self._lit = self._find_lit(attention)
        self._light(attention)
        for id_ in self._edges:
            self._write(project, figures, id_, attention)

    def look_from(self, zoom: float) -> None:
        """Know from how near one looks: matrices have numbers in their cells where these have room."""
        for matrix in self._matrices.values():
            matrix.numbers.look_from(zoom)

    def draw(self, figures: Figures, in_turn: bool = False) -> None:
        """Draw these weights, leaving what is written as it is. ``in_turn``: the connections that
        have changed take turns, as many in a frame as it has time for."""
        self._looks.take(figures.weights)
        for id_, matrix in self._matrices.items():
            matrix.display(self._looks.shares(id_))
        chosen = self._looks.chosen(without=self._matrices.keys())
        self._grade = grade_of(max((len(c) for c in chosen.values()), default=0))
        changed = [
            item
            for id_, item in self._connections.items()
            if item.would_change(chosen[id_], self._looks.looks[self._looks.part(id_)], self._grade)
        ]
        if in_turn:
            self._saved = min(self._saved + _ALLOWANCE, _SAVINGS)
            changed.sort(key=lambda item: item.last_change)
        for item in changed:
            if in_turn and item.seconds > self._saved and self._saved < _SAVINGS:
                break
            self._saved = max(self._saved - item.seconds, 0.0)
            item.take()

    def attend(self, project: Project, figures: Figures, attention: Attention) -> None:
        """Light up what is looked at now, and leave all else as it is."""
        before, self._lit = self._lit, self._find_lit(attention)
        self._light(attention)
        for id_ in dict.fromkeys(c for c, _ in (*before, *self._lit)):
            self._write(project, figures, id_, attention)

    def _light(self, attention: Attention) -> None:
        for id_, matrix in self._matrices.items():
            matrix.light(tuple(self._rings(id_, attention)))
        self._highlight.display(
            tuple(
                LitEdge(
                    tuple(self._edges[c].lines[i].tolist()),
                    int(self._looks.looks[self._looks.part(c).start + i]),
                    focused,
                )
                for (c, i), focused in self._lit.items()
            ),
            self._grade,
        )

    def _rings(self, id_: str, attention: Attention) -> Iterator[QRectF]:
        """What to ring in a matrix: the weight that is looked at; the row of a neuron, or of an input
        the column."""
        place, edges = self._matrix_places[id_], self._edges[id_]
        for s in attention.both():
            ring = None
            if s.kind == "edge" and s.connection == id_:
                ring = place.rect_of(s.target, s.source)
            elif s.kind == "neuron" and s.layer == edges.target_layer:
                ring = place.rect_of(target=s.neuron)
            elif s.kind == "neuron" and s.layer == self._first_layer == edges.source_layer:
                ring = place.rect_of(source=s.neuron)
            if ring is not None:
                yield ring

    def _write(self, project: Project, figures: Figures, id_: str, attention: Attention) -> None:
        """Write on all edges of a connection if there is room, else on those that are lit."""
        edges, placed = self._edges[id_], self._places[id_]
        places = np.arange(len(edges))
        if placed is None:
            places = np.array([i for c, i in self._lit if c == id_], dtype=np.intp)
            placed = place_all(edges.lines[places], self._keep_off) if len(places) else None
        if placed is None:
            self._chips[id_].display((), SIZES[-1])
            return
        gradients, frozen = figures.gradients.get(id_), project.frozen.weights.get(id_)
        numbers = EdgeNumbers(
            id_, edges.target, edges.source, _picked(figures.weights.get(id_), edges),
            None if gradients is None else _picked(gradients, edges),
            None if frozen is None else np.ravel(frozen)[edges.parameter],
        )  # fmt: skip
        self._chips[id_].display(tuple(numbers.chips(places, placed, attention)), placed.size)

    def _find_lit(self, attention: Attention) -> dict[tuple[str, int], bool]:
        """(connection, place) of the edges that are looked at → whether it is the edge itself."""
        lit: dict[tuple[str, int], bool] = {}
        for selection in attention.both():
            for key in self._edges_at(selection):
                lit[key] = lit.get(key, False) or selection.kind == "edge"
        return lit

    def _edges_at(self, selection: Selection) -> list[tuple[str, int]]:
        """The selected edge, or the edges into a selected neuron (of an input: out of it)."""
        if selection.kind == "edge":
            place = self._place(selection)
            return [] if place is None else [(selection.connection, place)]
        found: list[tuple[str, int]] = []
        if selection.kind == "neuron":
            for id_, edges in self._edges.items():
                if id_ in self._matrices:
                    continue  # there its row or column is ringed
                if selection.layer == self._first_layer == edges.source_layer:
                    found += [(id_, int(i)) for i in edges.out_of(selection.neuron)]
                elif edges.target_layer == selection.layer:
                    found += [(id_, int(i)) for i in edges.into(selection.neuron)]
        return found

    # -- what is where ----------------------------------------------------------------------------

    def hit(self, x: float, y: float, reach: float) -> Hit | None:
        """The number at a point, or the nearest edge drawn within ``reach`` of it."""
        for id_, item in self._chips.items():
            edge = item.at(x, y)
            if edge is not None:
                return Hit(self._selection(id_, edge), "number")
        for id_, place in self._matrix_places.items():
            cell = place.cell_at(x, y)
            if cell is not None:
                return Hit(Selection.of_edge(id_, *cell), "edge")
        best: tuple[float, Hit] | None = None
        for id_, drawing in self._connections.items():
            if not drawing.boundingRect().adjusted(-reach, -reach, reach, reach).contains(x, y):
                continue
            found = nearest(self._edges[id_].lines[drawing.drawn], x, y, reach)
            if found is not None and (best is None or found[1] < best[0]):
                best = found[1], Hit(self._selection(id_, int(drawing.drawn[found[0]])), "edge")
        return best[1] if best is not None else None

    def box_of(self, selection: Selection) -> QRectF | None:
        """Where an edge's number is, or would be; ``None`` if the edge is not shown."""
        place = self._place(selection)
        if place is None:
            return None
        box = self._chips[selection.connection].box_of(place)
        if box is not None:
            return box
        if selection.connection in self._matrix_places:
            cell = self._matrix_places[selection.connection].rect_of(selection.target, selection.source)
            if cell is not None:
                return QRectF(cell.center().x() - 24, cell.center().y() - 10, 48, 20)
        x1, y1, x2, y2 = self._edges[selection.connection].lines[place].tolist()
        return QRectF((x1 + x2) / 2 - 24, (y1 + y2) / 2 - 10, 48, 20)

    def _place(self, selection: Selection) -> int | None:
        edges = self._edges.get(selection.connection)
        return None if edges is None else edges.find(selection.target, selection.source)

    def _selection(self, connection: str, place: int) -> Selection:
        edges = self._edges[connection]
        return Selection.of_edge(connection, int(edges.target[place]), int(edges.source[place]))


def _picked(values: Array | None, edges: Edges) -> Array:
    if values is None:
        return np.zeros(len(edges))
    return np.asarray(np.ravel(values)[edges.parameter], dtype=np.float64)
