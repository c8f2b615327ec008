"""The weights of a connection as a matrix between its layers, where edges could not be told apart.

A row stands at the height of the neuron it leads to; its cells are the weights from the neurons of
the layer before, the topmost first. Sign is hue and size is strength, as of edges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from nnsim.core.arrays import Array, IntArray
from nnsim.ui.canvas.cell_numbers import Cells, Written, lettering_in, write_cells
from nnsim.ui.canvas.edge_geometry import Edges
from nnsim.ui.canvas.inks import Inks
from nnsim.ui.canvas.kept_item import KeptItem
from nnsim.ui.canvas.layout import CanvasLayout, Column

MATRIX_FROM = 1000  # edges of a connection; up to here they are lines
_SHARE = 0.64  # of the room between two columns
_MARGIN = 4.0
_MOST = 600  # numbers in a frame while the zoom changes


@dataclass(frozen=True, slots=True, eq=False)
class MatrixPlace:
    """Where a matrix is. ``targets`` (rows,) and ``sources`` (columns,) are the neurons of its rows
    and columns, −1 where the layer has a mark; ``cells`` (m,) are the places of the edges in it."""

    rect: QRectF
    targets: IntArray
    sources: IntArray
    cells: IntArray

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """(target, source) of the weight at a point."""
        if not self.rect.contains(x, y):
            return None
        row = int((y - self.rect.top()) / self.rect.height() * len(self.targets))
        column = int((x - self.rect.left()) / self.rect.width() * len(self.sources))
        target = int(self.targets[min(row, len(self.targets) - 1)])
        source = int(self.sources[min(column, len(self.sources) - 1)])
        return (target, source) if target >= 0 and source >= 0 else None

    def cell_size(self) -> tuple[float, float]:
        """(width, height) of a cell."""
        return self.rect.width() / len(self.sources), self.rect.height() / len(self.targets)

    def rect_of(self, target: int | None = None, source: int | None = None) -> QRectF | None:
        """The rectangle of a weight; without ``source`` of a row, without ``target`` of a column;
        ``None`` if it is not shown."""
        x, wide = self._span(self.sources, source, self.rect.width())
        y, high = self._span(self.targets, target, self.rect.height())
        if wide <= 0.0 or high <= 0.0:
            return None
        return QRectF(self.rect.left() + x, self.rect.top() + y, wide, high)

    @staticmethod
    def _span(neurons: IntArray, wanted: int | None, length: float) -> tuple[float, float]:
        if wanted is None:
            return 0.0, length
        found = np.flatnonzero(neurons == wanted)
        step = length / len(neurons)
        return (float(found[0]) * step, step) if len(found) else (0.0, 0.0)


def matrix_place(edges: Edges, layout: CanvasLayout) -> MatrixPlace:
    """The place of a connection's matrix, in the middle between its columns."""
    a, b = layout.column(edges.source_layer), layout.column(edges.target_layer)
    from_, to = a.x + layout.node, b.x - layout.node
    width = (to - from_) * _SHARE
    half = float(b.y[1] - b.y[0]) / 2 if len(b.y) > 1 else layout.pitch / 2
    top, bottom = float(b.at[0]) - half, float(b.at[-1]) + half
    rect = QRectF((from_ + to - width) / 2, top, width, bottom - top)
    (targets, row), (sources, column) = _order(b), _order(a)
    return MatrixPlace(rect, targets, sources, row[edges.target] * len(sources) + column[edges.source])


def _order(column: Column) -> tuple[IntArray, IntArray]:
    """(neuron of each row from the first to the last, row of each neuron; −1 where there is none)."""
    every = np.array([row.neuron for row in column.rows], dtype=np.intp)
    shown = np.flatnonzero(every >= 0)
    neurons = every[shown[0] : shown[-1] + 1]
    rows = np.full(len(column.place), -1, dtype=np.intp)
    rows[neurons[neurons >= 0]] = np.flatnonzero(neurons >= 0)
    return neurons, rows


class MatrixItem(KeptItem):
    """Paints one matrix; repaints only when a colour in it changes."""

    def __init__(self, inks: Inks) -> None:
        super().__init__()
        self._inks = inks
        self._place: MatrixPlace | None = None
        self._pixels: NDArray[np.uint32] | None = None
        self._image = QImage()
        self._rings: tuple[QRectF, ...] = ()
        self.setZValue(0.5)
        self.numbers = MatrixNumbers(inks, self)

    @property
    def pixels(self) -> NDArray[np.uint32] | None:
        """What is shown, (rows, columns) as 0xAARRGGBB."""
        return self._pixels

    @property
    def rings(self) -> tuple[QRectF, ...]:
        return self._rings

    def arrange(self, place: MatrixPlace) -> None:
        """Take this place. It is drawn after the next :meth:`display`."""
        self.prepareGeometryChange()
        self._place, self._pixels, self._rings = place, None, ()
        self.numbers.arrange(place)

    def display(self, shares: Array) -> None:
        """Show these weights (m,) as −1 … 1, in the order of the connection's edges."""
        if self._place is None:
            return
        table, place = self._inks.picture_table, self._place
        top = len(table) - 1
        pixels = np.zeros((len(place.targets), len(place.sources)), dtype=np.uint32)
        index = ((shares + 1.0) * (top / 2) + 0.5).astype(np.intp)
        np.put(pixels, place.cells, np.take(table, index, mode="clip"))
        if self._pixels is not None and np.array_equal(pixels, self._pixels):
            return
        rows, columns = pixels.shape
        self._pixels = pixels  # the image reads its memory
        self._image = QImage(
            pixels.data, columns, rows, columns * 4, QImage.Format.Format_ARGB32_Premultiplied
        )
        self.renew()

    def light(self, rings: tuple[QRectF, ...]) -> None:
        """Ring these rectangles and no others."""
        if rings != self._rings:
            self._rings = rings
            self.renew()

    def boundingRect(self) -> QRectF:
        if self._place is None:
            return QRectF()
        return self._place.rect.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)

    def draw(self, painter: QPainter) -> None:
        if self._place is None or self._pixels is None:
            return
        rect = self._place.rect
        fine = rect.width() * painter.worldTransform().m11() < self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, fine)
        painter.drawImage(rect, self._image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._inks.strong_line, 1.0))
        painter.drawRect(rect)
        painter.setPen(QPen(self._inks.focus, 1.6))
        for ring in self._rings:
            painter.drawRect(ring.adjusted(-0.8, -0.8, 0.8, 0.8))


class MatrixNumbers(KeptItem):
    """Writes the weights into the cells of a matrix, where they have room. By itself, so that the colours
    may change more often than the numbers. ``written`` is what was written last, by row and column."""

    def __init__(self, inks: Inks, matrix: MatrixItem) -> None:
        super().__init__()
        self._inks, self._matrix = inks, matrix
        self._place: MatrixPlace | None = None
        self._edges: IntArray = np.empty(0, dtype=np.intp)
        self._parameters: IntArray = np.empty(0, dtype=np.intp)
        self._weights: Array | None = None
        self.written: Written = {}
        self.setParentItem(matrix)

    def arrange(self, place: MatrixPlace) -> None:
        """Take this place."""
        self.prepareGeometryChange()
        self._place, self._weights = place, None
        self._edges = np.full(len(place.targets) * len(place.sources), -1, dtype=np.intp)
        self._edges[place.cells] = np.arange(len(place.cells))

    def look_from(self, zoom: float) -> None:
        """Be there only at a zoom at which cells have room for numbers."""
        if self._place is not None:
            wide, high = self._place.cell_size()
            self.setVisible(lettering_in(self._inks, wide * zoom, high * zoom) is not None)

    def display(self, weights: Array | None, parameters: IntArray) -> None:
        """Write these weights, of the connection's own shape; ``parameters`` (m,) are the places of its edges
        in them, flattened. Nothing is copied: they must not change."""
        if weights is not self._weights:
            self._weights, self._parameters = weights, parameters
            self.renew()

    def boundingRect(self) -> QRectF:
        return QRectF() if self._place is None else self._place.rect

    def draw(self, painter: QPainter) -> None:
        place, pixels, weights = self._place, self._matrix.pixels, self._weights
        self.written = {}
        if place is None or pixels is None or weights is None:
            return
        rows, columns = pixels.shape
        flat = weights.reshape(-1)

        def value(row: int, column: int) -> float:
            edge = self._edges[row * columns + column]
            return float(flat[self._parameters[edge]]) if edge >= 0 else float("nan")

        cells = Cells(place.rect, rows, columns, value, lambda row, column: int(pixels[row, column]))
        self.written = write_cells(painter, self._inks, cells, _MOST if self.hurried else None)
