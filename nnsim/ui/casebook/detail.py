"""What there is to say about one number: its verdict in words, why, and how it is computed.

Object names: ``case_detail``, ``case_verdict``, ``case_words``, ``case_exact``, ``case_formula``.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from nnsim.core.explain.expression import Line, Number, Symbol, Text
from nnsim.session.casebook.rows import Row
from nnsim.session.casebook.verdicts import Kind
from nnsim.ui.calculation.faces import Faces
from nnsim.ui.calculation.page import make_page
from nnsim.ui.calculation.setting import Setter
from nnsim.ui.calculation.view import MARGIN_X, CalculationView
from nnsim.ui.casebook.case_model import printed_text
from nnsim.ui.numbers import exact
from nnsim.ui.panels.form import column
from nnsim.ui.panels.plain import PlainLabel
from nnsim.ui.theme import Theme

_ROLES: dict[Kind, str] = {"right": "good", "rounding": "", "wrong": "error", "unprinted": ""}
_DIGITS = (6, 10)  # of the numbers put in, and of the result


class Detail(QScrollArea):
    """Shows one row; scrolls where there is little room."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("case_detail")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        layout = column(page, gap=4)
        self._verdict = PlainLabel(name="case_verdict", wrap=True)
        self._words = PlainLabel(name="case_words", wrap=True)
        self._exact = PlainLabel(name="case_exact", role="value", wrap=True)
        for label in (self._words, self._exact):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._formula = CalculationView(theme, _tell)
        self._formula.setObjectName("case_formula")
        self._formula.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for widget in (self._verdict, self._words, self._exact, self._formula):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.setWidget(page)
        self._height = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._row: Row | None = None
        self._lines: tuple[tuple[Line, ...], ...] = ()
        theme.changed.connect(self._set_formula)

    def set_height(self, height: int) -> None:
        """The height wanted; more only where the table leaves room."""
        if height != self._height:
            self._height = height
            self.setMinimumHeight(height)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(200, self._height)

    def show_row(self, row: Row, value: float | None, lines: Sequence[Line]) -> None:
        """A row with its true number, as far as it is known."""
        self._row = row
        name = f"{row.what}, {row.when}" if row.when else row.what
        verdict = row.verdict
        self._verdict.say(f"{verdict.mark} {name}: {verdict.label}".strip())
        self._words.say(row.words or verdict.help)
        printed = f"printed  {printed_text(row)}\n" if row.printed else ""
        self._exact.say(f"{printed}true     {'…' if value is None else exact(value)}")
        result = [Line(None, "=", Number(value))] if lines and value is not None else []
        self._show(row.what, [*lines, *result])
        self._dress()

    def show_words(self, title: str, words: str, blocks: Sequence[Sequence[Line]] = ()) -> None:
        """Something that is not about one number."""
        self._row = None
        self._verdict.say(title)
        self._words.say(words)
        self._exact.say("")
        self._lines = tuple(tuple(block) for block in blocks)
        self._set_formula()
        self._dress()

    def _show(self, what: str, lines: Sequence[Line]) -> None:
        named = list(lines)
        if named and named[0].left is None:
            named[0] = Line(Text(what), named[0].relation, named[0].right)
        self._lines = (tuple(named),) if named else ()
        self._set_formula()

    def _dress(self) -> None:
        self._verdict.set_role("" if self._row is None else _ROLES[self._row.verdict.kind])
        for label in (self._verdict, self._words, self._exact):
            label.setVisible(bool(label.text()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_formula()

    def _set_formula(self) -> None:
        self._formula.setVisible(bool(self._lines))
        if self._lines:
            faces = Faces(self._theme)
            width = max(self.viewport().width() - 2 * MARGIN_X, 80.0)
            page = make_page(Setter(faces, *_DIGITS), width, "", self._lines, "")
            self._formula.show_page(page, faces, False)


def _tell(node: Number | Symbol) -> str:
    return exact(node.value) if isinstance(node, Number) else node.name
