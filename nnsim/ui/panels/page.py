"""What the pages of the property panel share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QPushButton, QWidget

from nnsim.model.errors import EditError
from nnsim.model.notation import DocumentNames
from nnsim.model.project import Project
from nnsim.ui.controller import Controller
from nnsim.ui.panels.facts import FactList, FactRow
from nnsim.ui.panels.form import column
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.numeric_check import CheckResult
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.panels.reading import Reading
from nnsim.ui.selection import NOTHING, Selection
from nnsim.ui.theme import Theme


class Page(QWidget):
    """One kind of selection. The panel calls :meth:`show_selection` when it changes,
    :meth:`show_project` after a change of the document, :meth:`show_numbers` at display rate; only
    while the page is visible, and only with a selection that exists.

    ``up_word`` names what lies one level up ("layer"), empty where nothing does.
    """

    up_word = ""

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller, self.theme = controller, theme
        self.selection = NOTHING
        self.content = column(self)

    @property
    def project(self) -> Project:
        return self.controller.project

    @property
    def names(self) -> DocumentNames:
        """How quantities are written."""
        return self.controller.view.names

    def reading(self) -> Reading:
        """The numbers of this moment."""
        session = self.controller.session
        return Reading(session.project, session.snapshot, session.busy, self.controller.in_step)

    def show_selection(self, selection: Selection) -> None:
        self.selection = selection
        self.show_project()

    def title(self) -> str:
        """What is selected, in words: the dock's title."""
        raise NotImplementedError

    def up(self) -> Selection:
        """What lies one level up."""
        return NOTHING

    def show_project(self) -> None:
        raise NotImplementedError

    def show_numbers(self) -> None:
        raise NotImplementedError

    def edit(
        self, field: NumberField, label: str, verb: Callable[..., Project], *args: Any, **kwargs: Any
    ) -> None:
        """An edit from a number field: a refusal is said there, and what was typed stays."""
        edit_at(self.controller, field, label, verb, *args, **kwargs)


def edit_at(
    controller: Controller,
    field: NumberField,
    label: str,
    verb: Callable[..., Project],
    *args: Any,
    **kwargs: Any,
) -> bool:
    """``controller.edit``; if it is refused, ``field`` says why and keeps what was typed."""
    problem = edit_or_problem(controller, label, verb, *args, **kwargs)
    if problem:
        field.refuse(problem)
    return problem is None


def edit_or_problem(
    controller: Controller, label: str, verb: Callable[..., Project], *args: Any, **kwargs: Any
) -> str | None:
    """An edit whose refusal is said where it was made: returns why, or ``None`` if it was done."""
    try:
        controller.session.dispatch(label, verb, *args, **kwargs)
    except EditError as error:
        return str(error)
    return None


class CheckRow(FactRow):
    """The line for a numeric check, with a button and what it found. ``check`` does it.

    Beneath it, from the first check on, stand the gradient by backpropagation and the numeric one
    (``<name>_analytic``, ``<name>_numeric``). The finding goes as soon as the numbers it was about do
    (:meth:`set_subject` with another key).
    """

    def __init__(self, theme: Theme, name: str, check: Callable[[], CheckResult | None]) -> None:
        super().__init__(
            theme, "numeric check", "The gradient by trying: the number is moved a little both ways."
        )
        self._check = check
        self._subject: tuple[Any, ...] = ()
        self.setObjectName(name)
        self.analytic = FactRow(theme, "  analytic", "By backpropagation, as training computes it")
        self.numeric = FactRow(
            theme, "  numeric", "From the losses with the number a little larger and a little smaller"
        )
        for row, part in ((self.analytic, "analytic"), (self.numeric, "numeric")):
            row.setObjectName(f"{name}_{part}")
            row.hide()
        self.button = QPushButton("Check gradient")
        self.button.setObjectName(f"{name}_button")
        self.button.setProperty("chip", True)
        self.button.setAccessibleName("Check this gradient numerically")
        self.button.setToolTip(tool_tip("Compare backpropagation with trying both ways"))
        self.button.clicked.connect(self.run)
        self.lead(self.button)

    def add_to(self, facts: FactList) -> None:
        """Take place at the end of ``facts``, with the lines for what is found."""
        for row in (self, self.analytic, self.numeric):
            facts.add(row)

    def set_possible(self, possible: bool) -> None:
        """Whether there is a gradient to check at all."""
        self.setVisible(possible)
        if not possible:
            self.analytic.hide()
            self.numeric.hide()

    def set_subject(self, *subject: Any) -> None:
        """What the check is about, by identity; what was found before no longer counts."""
        same = len(subject) == len(self._subject) and all(
            a is b or (isinstance(a, (int, str, Selection)) and a == b)
            for a, b in zip(subject, self._subject, strict=True)
        )
        if not same:
            self._subject = subject
            self.set_text("—", "muted_text")
            self.analytic.set_number(None)
            self.numeric.set_number(None)

    def run(self) -> None:
        """Check now."""
        found = self._check()
        if found is None:
            self.set_text("—", "muted_text", "There is no sample to check with.")
        else:
            self.set_text(found.text, found.token, found.full_text)
            self.analytic.set_number(found.analytic, "negative_text")
            self.numeric.set_number(found.numeric, "negative_text")
            self.analytic.show()
            self.numeric.show()
