"""The window with all worked examples: search, tags, and what each is about.

Object names: ``library_window``, ``library_search``, ``library_tag``, ``library_table``,
``library_about``, ``library_none``, ``library_open``, ``library_hunt``, ``library_close``.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from nnsim.io.cases import Case
from nnsim.session.casebook.catalogue import Entry, catalogue, found, tags
from nnsim.ui.casebook.browser_model import BrowserModel, Column
from nnsim.ui.panels.cell_delegate import PADDING
from nnsim.ui.panels.cell_table import CellTable
from nnsim.ui.panels.choice import Choice
from nnsim.ui.panels.plain import PlainLabel
from nnsim.ui.panels.typing_keys import ENTER
from nnsim.ui.theme import Theme

_SIZE = (940, 600)
_ABOUT_LINES = 4
_WALKS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class LibraryWindow(QDialog):
    """``wanted(case, hunting)``: the user has chosen an example, to read or to find its mistake."""

    wanted = Signal(object, bool)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("library_window")
        self.setWindowTitle("Library of worked examples — nnsim")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._model = BrowserModel()
        self._table = ExampleTable(theme, self._model)
        self._table.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._table.selectionModel().currentRowChanged.connect(self._show_entry)
        self._table.activated_row.connect(self._open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(self._make_search())
        layout.addWidget(self._table, 1)
        self._none = PlainLabel("No example has all of these words.", role="muted", name="library_none")
        layout.addWidget(self._none, 1, Qt.AlignmentFlag.AlignTop)
        self._about = PlainLabel(name="library_about", wrap=True)
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._about)
        layout.addLayout(self._make_buttons())
        theme.changed.connect(self._fit)
        self._fit()
        self._filter()
        self._search.setFocus()

    # -- parts ------------------------------------------------------------------------------------

    def _make_search(self) -> QHBoxLayout:
        self._search = QLineEdit()
        self._search.setObjectName("library_search")
        self._search.setAccessibleName("Search the examples")
        self._search.setPlaceholderText("Search titles, sources, words …")
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._filter)
        self._search.installEventFilter(self)
        choices = [("", "All tags", "Every example"), *((tag, tag, "") for tag in tags())]
        self._tag = Choice(choices, label="Tag")
        self._tag.setObjectName("library_tag")
        self._tag.setMinimumWidth(170)
        self._tag.chosen.connect(self._choose_tag)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._search, 1)
        row.addWidget(self._tag)
        return row

    def _make_buttons(self) -> QHBoxLayout:
        self._open_button = self._button("open", "Open", lambda: self._open())
        self._open_button.setProperty("accent", True)
        self._open_button.setDefault(True)
        self._hunt_button = self._button("hunt", "Find the mistake", lambda: self._open(hunting=True))
        close = self._button("close", "Close", self.reject)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(close)
        row.addStretch(1)
        row.addWidget(self._hunt_button)
        row.addWidget(self._open_button)
        return row

    def _button(self, key: str, text: str, then: object) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(f"library_{key}")
        button.clicked.connect(then)
        return button

    def _fit(self) -> None:
        """The text below keeps its height, so that the list does not jump."""
        metrics = self._about.fontMetrics()
        self._about.setFixedHeight(metrics.lineSpacing() * _ABOUT_LINES + 4)

    # -- showing ----------------------------------------------------------------------------------

    def _choose_tag(self, tag: str) -> None:
        self._tag.set_key(tag)
        self._filter()

    def _filter(self) -> None:
        before = self._entry()
        entries = found(catalogue(), self._search.text(), self._tag.key())
        self._model.show(entries)
        self._table.setVisible(bool(entries))
        self._none.setVisible(not entries)
        place = entries.index(before) if before in entries else 0
        if entries:
            self._table.setCurrentIndex(self._model.index(place, Column.TITLE))
        self._show_entry()

    def _entry(self) -> Entry | None:
        index = self._table.currentIndex()
        inside = index.isValid() and index.row() < len(self._model.entries)
        return self._model.entries[index.row()] if inside else None

    def _show_entry(self) -> None:
        entry = self._entry()
        self._open_button.setEnabled(entry is not None)
        self._hunt_button.setEnabled(entry is not None and entry.printed > 0)
        self._about.say("" if entry is None else f"{entry.case.about}\n{' · '.join(entry.case.tags)}")

    # -- gestures ---------------------------------------------------------------------------------

    def _open(self, hunting: bool = False) -> None:
        entry = self._entry()
        if entry is not None:
            case: Case = entry.case
            self.accept()
            self.wanted.emit(case, hunting)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down walk through the list while words are typed."""
        if watched is not self._search or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress and event.key() in _WALKS:
            self._table.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)


class ExampleTable(CellTable):
    """``activated_row()``: Enter or a double click on an example."""

    activated_row = Signal()

    def __init__(self, theme: Theme, model: BrowserModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._model = model
        self.setObjectName("library_table")
        self.setAccessibleName("Worked examples")
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.doubleClicked.connect(lambda _: self.activated_row.emit())
        model.modelReset.connect(self._fit_columns)

    def _fit_rows(self) -> None:
        """Words in the font for words."""
        super()._fit_rows()
        font = self._theme.ui_font(9.5)
        self.setProperty("mono", False)
        self.setFont(font)
        self.horizontalHeader().setFont(font)
        self.horizontalHeader().viewport().setFont(font)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        metrics, room = self.fontMetrics(), self.viewport().width()
        number = metrics.horizontalAdvance("network ") + 2 * PADDING + 8
        title = max((metrics.horizontalAdvance(e.case.title) for e in catalogue()), default=0) + 16
        title = min(title, (room - 3 * number) * 6 // 10)
        for column in (Column.SHAPE, Column.PRINTED, Column.WRONG):
            self.setColumnWidth(column, number)
        self.setColumnWidth(Column.TITLE, title)
        self.setColumnWidth(Column.SOURCE, max(room - title - 3 * number, 60))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self.activated_row.emit()
        else:
            super().keyPressEvent(event)
