"""The open worked example: source, printed and true numbers, verdicts; or the hunt for its mistakes.

Object names: ``library_panel``, ``library_empty``, ``library_browse``, ``case_mode`` (parts
``case_mode_numbers``, ``case_mode_hunt``); the parts name their own.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from nnsim.core.explain.expression import Line, Symbol
from nnsim.session.casebook.hunt import Reply
from nnsim.session.casebook.rows import Row, calculation
from nnsim.ui.casebook.case_model import CaseModel
from nnsim.ui.casebook.case_table import CaseTable
from nnsim.ui.casebook.desk import Desk
from nnsim.ui.casebook.detail import Detail
from nnsim.ui.casebook.head import Head
from nnsim.ui.casebook.hunt_bar import HuntBar
from nnsim.ui.controller import Controller
from nnsim.ui.links import selection_of
from nnsim.ui.numbers import short
from nnsim.ui.panels.form import MARGIN
from nnsim.ui.panels.plain import PlainLabel
from nnsim.ui.segmented import Segmented
from nnsim.ui.selection import NOTHING
from nnsim.ui.theme import Theme

_TALL = 640  # from here on there is room for the text about the example
# The text about one number: its share of the height, so that the table does not jump with its length.
_DETAIL_SHARE, _LEAST_DETAIL, _MOST_DETAIL = 0.22, 132, 260
_EMPTY = (
    "Worked examples from books, courses and posts: what they print stands beside what is true. "
    "Some of the printed numbers are wrong."
)


class LibraryPanel(QWidget):
    """Shows what lies on the desk. ``browse``: the list of examples is wanted; ``reopen``: the
    example's document is wanted as it was; ``asked(quantity)``: how does this number come about?"""

    asked = Signal(object)
    browse = Signal()
    reopen = Signal()

    def __init__(
        self, controller: Controller, theme: Theme, desk: Desk, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._controller, self._desk = controller, desk
        self.setObjectName("library_panel")
        self.setWindowTitle("Library")
        self._model = CaseModel(desk)
        self._head, self._table, self._detail = Head(), CaseTable(theme, self._model), Detail(theme)
        self._bar = HuntBar()
        self._mode = Segmented(
            [
                ("numbers", "Printed and true", "What the source prints, what is true, and why they differ"),
                ("hunt", "Find the mistake", "Hides what is true: which printed numbers are wrong?"),
            ]
        )
        self._mode.set_name("case_mode", "What to show")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._make_empty())
        self._stack.addWidget(self._make_page())
        self._connect()
        self._show_case()

    # -- parts ------------------------------------------------------------------------------------

    def title_widgets(self) -> list[QWidget]:
        """The button for the list of examples, beside the dock's title."""
        button = QPushButton("All examples…")
        button.setObjectName("library_list")
        button.setProperty("flat", True)
        button.clicked.connect(self.browse)
        return [button]

    def _make_empty(self) -> QWidget:
        empty = QWidget()
        empty.setObjectName("library_empty")
        layout = QVBoxLayout(empty)
        layout.setContentsMargins(MARGIN, 8, MARGIN, 8)
        layout.setSpacing(8)
        layout.addWidget(PlainLabel(_EMPTY, role="muted", wrap=True))
        button = QPushButton("Choose an example…")
        button.setObjectName("library_browse")
        button.clicked.connect(self.browse)
        layout.addWidget(button)
        layout.addStretch(1)
        return empty

    def _make_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(MARGIN, 4, MARGIN, 8)
        layout.setSpacing(8)
        layout.addWidget(self._head)
        layout.addWidget(self._mode, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._bar)
        layout.addWidget(self._detail)
        self._filler = QWidget()  # keeps the rest together while there is nothing to say about a number
        self._filler.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        layout.addWidget(self._filler)
        layout.addWidget(self._head.standing)
        return page

    def _connect(self) -> None:
        desk, bar = self._desk, self._bar
        desk.case_changed.connect(self._show_case)
        desk.rows_changed.connect(self._refill)
        desk.numbers_changed.connect(self._show_numbers)
        desk.hunt_changed.connect(self._show_mode)
        desk.standing_changed.connect(self._show_standing)
        self._head.reopen.connect(self.reopen)
        self._mode.chosen.connect(lambda key: desk.set_hunting(key == "hunt"))
        self._table.current.connect(self._on_current)
        self._table.pointed.connect(self._on_pointed)
        self._table.marked.connect(self._on_marked)
        bar.mark.connect(lambda: self._on_marked(self._table.current_row()))
        bar.none.connect(lambda: self._answer(desk.hunt.nothing_wrong() if desk.hunt else None))
        bar.hint.connect(lambda: self._answer(desk.hunt.hint() if desk.hunt else None))
        bar.reveal.connect(lambda: self._answer(desk.hunt.reveal() if desk.hunt else None))
        bar.again.connect(desk.hunt_again)

    # -- showing ----------------------------------------------------------------------------------

    def _show_case(self) -> None:
        case = self._desk.case
        self._stack.setCurrentIndex(0 if case is None else 1)
        if case is None:
            return
        self._table.setCurrentIndex(QModelIndex())  # it was selected in another example
        self._head.show_case(case)
        self._mode.setVisible(self._desk.can_hunt)
        self._show_standing()
        self._show_mode()

    def _show_standing(self) -> None:
        self._head.show_standing(self._desk.standing)

    def _show_mode(self) -> None:
        """The table's other face: everything, or what is printed only."""
        self._refill()
        hunt = self._desk.hunt
        self._mode.set_value("hunt" if hunt is not None else "numbers")
        self._bar.setVisible(hunt is not None)
        if hunt is not None:
            self._bar.begin(hunt, self._desk.totals(), self._table.current_row() is not None)

    def _refill(self) -> None:
        """Make the table's lines anew; what is selected stays so."""
        chosen = self._table.current_row()
        self._model.refill()
        if chosen is not None:
            self._table.choose(chosen.index)
        self._detail.setVisible(not self._model.hidden)
        self._filler.setVisible(self._model.hidden)
        self._fit_about()
        self._show_detail()

    def _show_numbers(self) -> None:
        if self.isVisible() and not self._model.hidden:
            self._model.tell_all()
            self._table.fit_columns()
            self._show_detail()

    def _show_detail(self) -> None:
        desk, row = self._desk, self._table.current_row()
        if desk.case is None or desk.reckoning is None or self._model.hidden:
            return
        if row is not None:
            lines = calculation(desk.case.rows[row.index], desk.reckoning)
            self._detail.show_row(row, self._model.value_of(row), lines)
        elif desk.reckoning.lines:
            inputs = ", ".join(f"{name} = {short(value)}" for name, value in desk.case.inputs.items())
            lines = tuple(Line(Symbol(name), "=", node) for name, node in desk.reckoning.lines)
            self._detail.show_words("The calculation", f"With {inputs}:", [lines])
        else:
            self._detail.show_words("", "Select a number to see why it is right or wrong.")

    def _fit_about(self) -> None:
        self._head.show_about(self.height() >= _TALL, self._model.hidden)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        share = round(self.height() * _DETAIL_SHARE)
        self._detail.set_height(min(max(share, _LEAST_DETAIL), _MOST_DETAIL))
        self._fit_about()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_numbers()

    # -- gestures ---------------------------------------------------------------------------------

    @property
    def _linked(self) -> bool:
        """Whether places of the case are places of the document."""
        return self._desk.standing in ("", "trained") and self._desk.project is not None

    def _on_current(self, row: Row | None) -> None:
        if self._desk.hunt is not None:
            self._bar.show_state(self._desk.hunt, self._desk.totals(), row is not None)
        self._show_detail()
        if row is None or not self._linked:
            return
        place = selection_of(self._controller.project, row.quantity)
        if place != NOTHING:
            self._controller.view.set_sample(row.sample)
            self._controller.select(place)
            # The next update is the furthest that can be explained; a hunter is to find out alone.
            if self._desk.standing == "" and row.after <= 1 and not self._model.hidden:
                self.asked.emit(row.quantity)

    def _on_pointed(self, row: Row | None) -> None:
        self._controller.set_quantity(row.quantity if row is not None and self._linked else None)

    def _on_marked(self, row: Row | None) -> None:
        if row is not None and self._desk.hunt is not None and self._model.hidden:
            self._answer(self._desk.hunt.mark(row.index))

    def _answer(self, reply: Reply | None) -> None:
        hunt = self._desk.hunt
        if reply is None or hunt is None:
            return
        if hunt.done and self._model.hidden:
            self._refill()
        self._model.tell_all()
        self._bar.answer(reply)
        self._bar.show_state(hunt, self._desk.totals(), self._table.current_row() is not None)
