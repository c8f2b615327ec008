"""The worked example that lies open: its rows, its true numbers as they become known, its hunt."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from nnsim.io.cases import Case, case_of_example
from nnsim.io.examples import load_example
from nnsim.model.notation import names_for
from nnsim.model.project import Project
from nnsim.session.casebook.departure import departure
from nnsim.session.casebook.hunt import Hunt
from nnsim.session.casebook.reckoning import Reckoning
from nnsim.session.casebook.rows import Row, rows_of
from nnsim.ui.controller import Controller

Standing = Literal["", "none", "trained", "edited", "other"]

_SLICE_SECONDS = 0.006
_PAUSE_MS = 6


class Desk(QObject):
    """Follows the document: opening a shipped example that is a case lays the case open.

    ``case_changed()``: another case. ``rows_changed()``: its numbers have other names.
    ``numbers_changed()``: more true numbers are known.
    ``hunt_changed()``: a hunt has begun, gone on or ended. ``standing_changed()``: the document has
    moved on from the case, or is it again.
    """

    case_changed = Signal()
    rows_changed = Signal()
    numbers_changed = Signal()
    hunt_changed = Signal()
    standing_changed = Signal()

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.case: Case | None = None
        self.project: Project | None = None  # the case's, as shipped
        self.rows: tuple[Row, ...] = ()
        self.reckoning: Reckoning | None = None
        self.hunting = False
        self._hunts: dict[str, Hunt] = {}
        self._followed: Project | None = None
        self._standing: Standing = ""
        self._timer = QTimer(self)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._work)
        # After every view has taken the document in: what the library shows may resize them.
        later = Qt.ConnectionType.QueuedConnection
        controller.project_changed.connect(self.follow, later)
        controller.file_changed.connect(self.follow, later)
        controller.view.notation_changed.connect(self._name)

    # -- the case ---------------------------------------------------------------------------------

    def lay_open(self, case: Case, hunting: bool = False) -> None:
        """Show a case; ``hunting`` hides what is true and what is wrong."""
        if self.case is not case:
            self.case = case
            self.project = load_example(case.example) if case.example else None
            self.rows = self._named(case)
            self.reckoning = Reckoning(case, self.project)
            self.hunting = False
            self._timer.start()
            self._standing = self._find_standing()
            self.case_changed.emit()
        self.set_hunting(hunting)

    def _named(self, case: Case) -> tuple[Row, ...]:
        """The rows in the notation in force."""
        if self.project is None:
            return rows_of(case, None)
        return rows_of(case, self.project, names_for(self.project, self._controller.view.notation))

    def _name(self) -> None:
        """Numbers are written otherwise."""
        if self.case is not None:
            self.rows = self._named(self.case)
            self.rows_changed.emit()

    def follow(self) -> None:
        """Notice another document, and what is done to this one."""
        session = self._controller.session
        if session.opened is not self._followed:
            self._followed = session.opened
            case = case_of_example(session.example) if session.example else None
            if case is not None and case is not self.case:
                self.lay_open(case)
        standing = self._find_standing()
        if standing != self._standing:
            self._standing = standing
            self.standing_changed.emit()

    @property
    def standing(self) -> Standing:
        """How the document stands to the case: the case itself (""), changed, another, or none at all
        (``none``: the case has no network)."""
        return self._standing

    def _find_standing(self) -> Standing:
        session = self._controller.session
        if self.case is None or not self.case.example:
            return "none"
        if session.example != self.case.example:
            return "other"
        return departure(session.opened, session.project)

    def _work(self) -> None:
        """A slice of the true numbers: some are tens of thousands of updates away."""
        if self.reckoning is None:
            self._timer.stop()
            return
        known = self.reckoning.known
        if self.reckoning.work(_SLICE_SECONDS):
            self._timer.stop()
        if self.reckoning.known != known:
            self.numbers_changed.emit()

    # -- finding the mistake ----------------------------------------------------------------------

    @property
    def hunt(self) -> Hunt | None:
        """The hunt of this case; ``None`` while nobody hunts."""
        return self._hunts.get(self.case.key) if self.hunting and self.case is not None else None

    @property
    def can_hunt(self) -> bool:
        """Whether the source has printed anything."""
        return any(row.printed for row in self.rows)

    def set_hunting(self, hunting: bool) -> None:
        """Hide the verdicts and true numbers, or show them."""
        hunting = hunting and self.can_hunt
        if hunting != self.hunting:
            self.hunting = hunting
            if hunting and self.case is not None:
                self._hunts.setdefault(self.case.key, Hunt(self.rows))
            self.hunt_changed.emit()

    def hunt_again(self) -> None:
        """Begin this case's hunt anew."""
        if self.hunting and self.case is not None:
            self._hunts[self.case.key] = Hunt(self.rows)
            self.hunt_changed.emit()

    def totals(self) -> tuple[int, int]:
        """Mistakes found, and in how many cases, since the program was started."""
        found = [hunt.found for hunt in self._hunts.values()]
        return sum(found), sum(count > 0 for count in found)
