"""The tables of the panels: quiet, dense, painted from the theme."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QTableView, QWidget

from nnsim.ui.panels.cell_delegate import CellDelegate
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.theme import Theme


class CellTable(QTableView):
    """A quiet table: no grid, no selection colours, rows as high as their text."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("mono", True)
        self.setItemDelegate(CellDelegate(theme, self))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(12)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(16)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._fit_rows()
        theme.changed.connect(self._fit_rows)

    def _fit_rows(self) -> None:
        font = self._theme.mono_font(9.0)
        self.setFont(font)
        self.horizontalHeader().setFont(font)
        # It paints with its viewport's font, which a style sheet keeps from following.
        self.horizontalHeader().viewport().setFont(font)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.viewport().update()

    def height_for(self, rows: int) -> int:
        """The height that shows ``rows`` rows and the header."""
        return (
            self.horizontalHeader().sizeHint().height()
            + rows * self.verticalHeader().defaultSectionSize()
            + 2
        )

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """As always, except that an editor whose text has been refused stays."""
        if (
            isinstance(editor, NumberField)
            and editor.is_invalid()
            and hint is not QAbstractItemDelegate.EndEditHint.RevertModelCache
        ):
            return
        super().closeEditor(editor, hint)
