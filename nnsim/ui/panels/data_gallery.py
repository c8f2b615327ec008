"""The data sets to choose from, each with its picture."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from nnsim.core.datasets import DATASETS, DatasetEntry, Samples
from nnsim.model.prepared import samples_of
from nnsim.ui.controller import Controller
from nnsim.ui.panels.data_picture import paint_data
from nnsim.ui.panels.form import column
from nnsim.ui.panels.plain import PlainLabel, tool_tip
from nnsim.ui.theme import RADIUS, Mode, Theme

COLUMNS = 4
_GAP = 5
_POINTS = 7.75
_TABLE = "table"


class DataTile(QAbstractButton):
    """One data set: its picture over its name; a ring when it is the one in use."""

    def __init__(
        self, theme: Theme, key: str, label: str, help_text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self.key = theme, key
        self._samples: Samples | None = None
        self._pictures: dict[Mode, QPixmap] = {}
        self._in_use = False
        self.setText(label)
        self.setObjectName(f"data_{key}")
        self.setAccessibleName(label)
        self.setToolTip(tool_tip(f"{label}\n{help_text}"))
        # After a click, Space is to step the network on, and not to choose the data once more.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self._on_theme)

    @property
    def has_picture(self) -> bool:
        return self._samples is not None

    def show_samples(self, samples: Samples) -> None:
        """What the picture is of."""
        self._samples = samples
        self._pictures.clear()
        self.update()

    @property
    def in_use(self) -> bool:
        return self._in_use

    def set_in_use(self, in_use: bool) -> None:
        """Whether the document uses this data set."""
        if in_use != self._in_use:
            self._in_use = in_use
            self.setAccessibleDescription("in use" if in_use else "")
            self.update()

    def _on_theme(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(50, 32 + self._label_height() + 3)

    def minimumSizeHint(self) -> QSize:
        return QSize(36, self.sizeHint().height())

    def _label_height(self) -> int:
        return self._small_metrics().height()

    def _small_metrics(self) -> QFontMetrics:
        return QFontMetrics(self._theme.ui_font(_POINTS))

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, box = self._theme, QRectF(self.rect()).adjusted(1, 1, -1, -1)
        label = QRectF(
            box.left() + 2, box.bottom() - self._label_height() - 1, box.width() - 4, self._label_height()
        )
        picture_box = QRectF(box.left() + 3, box.top() + 2, box.width() - 6, label.top() - box.top() - 2)
        picture = self._drawn(picture_box.size().toSize())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            hover = self.underMouse() and self.isEnabled()
            ring = self._in_use or self.hasFocus()
            edge = theme.color("focus" if ring else "line_strong" if hover else "line")
            painter.setPen(QPen(edge, 2.0 if self._in_use else 1.0))
            painter.setBrush(theme.color("field"))
            painter.drawRoundedRect(box, RADIUS - 1, RADIUS - 1)
            if self.hasFocus() and self._in_use:
                painter.setPen(QPen(theme.color("focus"), 1.0))
                painter.drawRoundedRect(box.adjusted(2.5, 2.5, -2.5, -2.5), RADIUS - 3, RADIUS - 3)
            if picture is not None:
                painter.drawPixmap(picture_box.topLeft(), picture)
            painter.setPen(theme.color("ink" if self._in_use else "muted_text"))
            painter.setFont(theme.ui_font(_POINTS))
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self._caption(int(label.width())))

    def _caption(self, room: int) -> str:
        """The label, or the part of it that tells it apart: "Chain, w₂ = 0.25", "NAND gate"."""
        metrics, label = self._small_metrics(), self.text().removesuffix(" gate")
        shorter = label.rpartition(", ")[2] if ", " in label else label.partition(" ")[0]
        for text in (label, shorter, shorter.replace(" = ", " ")):
            if metrics.horizontalAdvance(text) <= room:
                return text
        return metrics.elidedText(shorter, Qt.TextElideMode.ElideRight, room)

    def _drawn(self, size: QSize) -> QPixmap | None:
        """The picture, drawn once for each mode while it keeps its size."""
        if self._samples is None:
            return None
        ratio, mode = self.devicePixelRatioF(), self._theme.mode
        pixmap = self._pictures.get(mode)
        if pixmap is None or pixmap.size() != size * ratio:
            pixmap = QPixmap(size * ratio)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                box = QRectF(0, 0, size.width(), size.height())
                paint_data(painter, box, self._samples, self._theme)
            self._pictures[mode] = pixmap
        return pixmap


class DataGallery(QWidget):
    """Tiles in groups. ``chosen(key)`` is emitted on a click. Object names: ``data_<key>``.

    Pictures of sets that lie in files are made one after the other once the window stands.
    """

    chosen = Signal(str)

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_gallery")
        self.setAccessibleName("Data sets")
        self._controller = controller
        self._tiles: dict[str, DataTile] = {}
        layout = column(self, gap=4)
        for title, entries in grouped():
            layout.addWidget(self._title(theme, title))
            grid_holder = QWidget()
            grid = QGridLayout(grid_holder)
            grid.setContentsMargins(0, 0, 0, 2)
            grid.setSpacing(_GAP)
            for place, entry in enumerate(entries):
                tile = self._add(theme, entry.key, entry.label, entry.help)
                grid.addWidget(tile, place // COLUMNS, place % COLUMNS)
            for index in range(COLUMNS):
                grid.setColumnStretch(index, 1)
            layout.addWidget(grid_holder)
        self._table = self._add(theme, _TABLE, "Table", "The samples you have edited or imported.")
        self._table.setEnabled(False)
        grid.addWidget(self._table, len(entries) // COLUMNS, len(entries) % COLUMNS)
        self._table.hide()
        self._drawing = QTimer(self)
        self._drawing.setInterval(0)
        self._drawing.timeout.connect(self._draw_next)

    def _title(self, theme: Theme, text: str) -> PlainLabel:
        title = PlainLabel(text, role="muted")

        def fit() -> None:
            title.setFont(theme.ui_font(8.25))

        fit()
        theme.changed.connect(fit)
        return title

    def _add(self, theme: Theme, key: str, label: str, help_text: str) -> DataTile:
        tile = self._tiles[key] = DataTile(theme, key, label, help_text)
        tile.clicked.connect(lambda: self.chosen.emit(key))
        return tile

    def show_source(self, source: str, samples: Samples | None) -> None:
        """Ring the data set in use; ``samples`` are those of the user's own table."""
        for key, tile in self._tiles.items():
            tile.set_in_use(key == source)
        self._table.setVisible(source == _TABLE)
        if source == _TABLE and samples is not None:
            self._table.show_samples(samples)

    def tile(self, key: str) -> DataTile:
        """The tile of a data set. Raises ``KeyError``."""
        return self._tiles[key]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._drawing.isActive():
            self._drawing.start()

    def _draw_next(self) -> None:
        """One picture a turn, so that the window never waits for all of them."""
        for key, tile in self._tiles.items():
            if key != _TABLE and not tile.has_picture:
                try:
                    tile.show_samples(samples_of(self._controller.session.data_of(key)))
                except (OSError, ValueError) as error:
                    # The set can still be chosen, which then says what is wrong.
                    tile.setToolTip(tool_tip(f"{tile.text()}\n{error}"))
                    tile.show_samples(Samples(np.zeros((0, 1)), np.zeros((0, 1))))
                return
        self._drawing.stop()


def grouped() -> list[tuple[str, list[DatasetEntry]]]:
    """The registry's entries in groups with titles, by what they are."""
    groups: dict[str, list[DatasetEntry]] = {"Points and curves": [], "Gates": [], "Chains and real data": []}
    for entry in DATASETS:
        if entry.shipped or (entry.fixed and entry.width == 1):
            groups["Chains and real data"].append(entry)
        else:
            groups["Gates" if entry.fixed else "Points and curves"].append(entry)
    return [(title, entries) for title, entries in groups.items() if entries]
