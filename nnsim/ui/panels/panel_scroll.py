"""The scroll area a panel lies in: upwards and downwards only."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from nnsim.ui.panels.form import GAP, MARGIN, column

_NARROWEST, _USUAL = 28, 34  # in digits: everything has room in the one, and more in the other


class PanelScroll(QScrollArea):
    """``content`` is the layout to fill. Its width is the same with and without the scroll bar, which
    lies in the right margin, so nothing moves when it appears."""

    def __init__(self, name: str, gap: int = GAP, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        self.content: QVBoxLayout = column(holder, MARGIN, gap)
        self.setWidget(holder)
        # setWidget() fills the background; the dock's own is to show.
        holder.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().installEventFilter(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_width()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._keep_width()
        return False

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width(_NARROWEST), 120)

    def sizeHint(self) -> QSize:
        return QSize(self._width(_USUAL), 400)

    def _width(self, digits: int) -> int:
        return self.fontMetrics().horizontalAdvance("0" * digits)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def _keep_width(self) -> None:
        bar = self.verticalScrollBar()
        used = bar.width() if bar.isVisible() else 0
        self.content.setContentsMargins(MARGIN, 4, max(MARGIN - used, 2), MARGIN)
