"""Nudge: change one number by h, and see ΔC/h beside ∂C.

Object names, after the section's own (``edge_nudge``, ``neuron_nudge``): ``…_toggle`` opens it,
``…_of_<key>`` chooses the number where there are several, ``…_h``, the facts ``…_value``, ``…_loss``,
``…_loss_up``, ``…_one_sided``, ``…_central``, ``…_derivative``, ``…_words``, and ``…_picture``.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget

from nnsim.core.explain.quantity import Quantity
from nnsim.core.network import Network
from nnsim.core.nudge import Nudge, Nudger, best
from nnsim.model.compile import flatten, network_spec
from nnsim.ui.controller import Controller
from nnsim.ui.numbers import scientific, short
from nnsim.ui.panels.facts import FactList
from nnsim.ui.panels.form import FormRow, column, line
from nnsim.ui.panels.nudge_picture import NudgePicture
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.plain import PlainLabel, tool_tip
from nnsim.ui.panels.reading import Reading
from nnsim.ui.segmented import Segmented
from nnsim.ui.theme import Theme

_FIRST_H = 0.001
_LARGEST_H = 1e6
# While a run goes on it is computed anew only where that takes no longer.
_LIVE_SECONDS = 0.004
_FACTS = (
    ("value", "now", "The number itself, for the sample in view"),
    ("loss", "C", "The loss of the sample in view, unchanged"),
    ("loss_up", "C at +h", "The loss with the number larger by h"),
    ("one_sided", "ΔC/h", "(C at +h − C) / h: off by about h, where the loss bends"),
    ("central", "ΔC/2h", "(C at +h − C at −h) / 2h: off by about h², where the loss bends"),
    ("derivative", "∂C", "By backpropagation: what both come near to"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A number that can be nudged: key, what it is called, and which it is."""

    key: str
    label: str
    place: Quantity


class NudgeSection(QWidget):
    """Closed at first. Tell it what can be nudged with :meth:`show_choices`, and new numbers with
    :meth:`show_numbers`; closed, neither costs anything."""

    def __init__(self, controller: Controller, theme: Theme, name: str) -> None:
        super().__init__()
        self._controller, self._theme, self._name = controller, theme, name
        self.setObjectName(name)
        self._choices: tuple[Choice, ...] = ()
        self._chosen = ""
        self._done: tuple[object, ...] = ()
        self._cost = 0.0
        self._nudger: Nudger | None = None
        self._nudger_of: tuple[object, ...] = ()
        self._toggle = QPushButton("Nudge…")
        self._toggle.setObjectName(f"{name}_toggle")
        self._toggle.setProperty("chip", True)
        self._toggle.setCheckable(True)
        self._toggle.setToolTip(tool_tip("Change the number by h and see ΔC/h beside ∂C. Nothing is edited."))
        self._toggle.toggled.connect(self._on_toggled)
        self._body = QWidget()
        self._body.hide()
        self._h = NumberField(label="Step h", digits=8, minimum=-_LARGEST_H, maximum=_LARGEST_H, columns=9)
        self._h.setObjectName(f"{name}_h")
        self._h.set_value(_FIRST_H)
        self._h.committed.connect(self._take_h)
        self._facts = FactList(theme, name, _FACTS)
        self._words = PlainLabel(role="muted", name=f"{name}_words", wrap=True)
        self._picture = NudgePicture(theme)
        self._picture.setObjectName(f"{name}_picture")
        self._picture.h_chosen.connect(self._take_picked)
        self._pick: Segmented | None = None
        self._rows = column(self._body)
        for widget in (
            FormRow("Step h", self._h, help_text="How much is added; the other side is −h"),
            self._facts, self._words, self._picture,
        ):  # fmt: skip
            self._rows.addWidget(widget)
        layout = column(self)
        layout.addWidget(line(self._toggle))
        layout.addWidget(self._body)

    # -- what can be nudged -----------------------------------------------------------------------

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """These numbers, of which one is nudged; none hides the section."""
        choices = tuple(choices)
        if choices == self._choices:
            return
        labels_before = [(c.key, c.label) for c in self._choices]
        self._choices = choices
        self.setVisible(bool(choices))
        keys = [c.key for c in choices]
        if self._chosen not in keys:
            self._chosen = keys[0] if keys else ""
        if labels_before != [(c.key, c.label) for c in choices]:
            self._make_pick()
        self._done = ()

    def _make_pick(self) -> None:
        if self._pick is not None:
            self._rows.removeWidget(self._pick)
            self._pick.setParent(None)
            self._pick.deleteLater()
            self._pick = None
        if len(self._choices) < 2:
            return
        items = [(c.key, c.label, f"Nudge {c.label} of this neuron") for c in self._choices]
        self._pick = Segmented(items)
        self._pick.set_name(f"{self._name}_of", "What is nudged")
        self._pick.set_value(self._chosen)
        self._pick.chosen.connect(self._choose)
        self._rows.insertWidget(0, self._pick)

    def _choose(self, key: str) -> None:
        self._chosen = key
        self._refresh()

    # -- numbers ----------------------------------------------------------------------------------

    def show_numbers(self, reading: Reading) -> None:
        """The numbers have become others."""
        if self._body.isHidden() or not self._choices:
            return
        place = next(c for c in self._choices if c.key == self._chosen)
        sample = -1 if reading.probe is None else reading.probe.sample
        prepared = self._controller.session.prepared
        subject = (reading.project, reading.parameters, prepared, sample)
        done = (*subject, place, self._h.value())
        if len(done) == len(self._done) and all(a is b or a == b for a, b in _pairs(done, self._done)):
            return
        if reading.busy and self._cost > _LIVE_SECONDS:
            return
        if prepared is None or not 0 <= sample < len(prepared.x):
            self._show_nothing()
            return
        began = time.perf_counter()
        same = len(subject) == len(self._nudger_of) and all(
            a is b for a, b in _pairs(subject, self._nudger_of)
        )
        if self._nudger is None or not same:
            network = Network(network_spec(reading.project))
            theta = flatten(network, reading.project, reading.parameters)
            rows = slice(sample, sample + 1)
            self._nudger = Nudger(network, theta, prepared.x[rows], prepared.y[rows])
            self._nudger_of = subject
        self._show(self._nudger, place)
        self._done = done
        self._cost = time.perf_counter() - began

    def _show(self, nudger: Nudger, choice: Choice) -> None:
        nudge, sweep = nudger.nudge(choice.place, self._h.value()), nudger.sweep(choice.place)
        facts, d = self._facts, choice.label
        facts["value"].rename(f"{d} now", _FACTS[0][2])
        facts["derivative"].rename(f"∂C/∂{d}", _FACTS[5][2])
        facts["value"].set_number(nudger.value(choice.place))
        facts["loss"].set_number(nudge.loss)
        facts["loss_up"].set_number(nudge.loss_up)
        facts["one_sided"].set_number(nudge.one_sided)
        facts["central"].set_number(nudge.central)
        facts["derivative"].set_number(nudge.derivative, "negative_text")
        self._words.say(words_of(nudge, best(sweep)))
        self._picture.show_sweep(sweep, nudge.h)

    def _show_nothing(self) -> None:
        for key, _, _ in _FACTS:
            self._facts[key].set_number(None)
        self._words.say("There is no sample to compute the loss of.")
        self._picture.show_sweep((), 0.0)
        self._done = ()

    def _refresh(self) -> None:
        session = self._controller.session
        self.show_numbers(Reading(session.project, session.snapshot, session.busy, self._controller.in_step))

    # -- gestures ---------------------------------------------------------------------------------

    def _on_toggled(self, on: bool) -> None:
        self._body.setVisible(on)
        self._toggle.setText("Nudge" if on else "Nudge…")
        self._done = ()
        self._refresh()
        if on:
            QTimer.singleShot(0, self, self._come_into_view)

    def _come_into_view(self) -> None:
        """What has just been opened is to be seen: scrolled to, its head at the top at most."""
        place = self.parentWidget()
        while place is not None and not isinstance(place, QScrollArea):
            place = place.parentWidget()
        if place is not None and self._body.isVisible():
            place.ensureWidgetVisible(self._body, 0, 4)
            place.ensureWidgetVisible(self._toggle, 0, 4)

    def _take_h(self, value: float) -> None:
        if value == 0.0:
            self._h.refuse("A step of 0 changes nothing.")
            return
        self._refresh()

    def _take_picked(self, h: float) -> None:
        self._h.take_back()
        self._h.set_value(h)
        self._refresh()


def words_of(nudge: Nudge, at_best: Nudge | None) -> str:
    """What the differences tell at this h, and at which they are nearest to ∂C."""
    tail = f" Nearest at h = {short(at_best.h, 15)}." if at_best is not None else ""
    if not (isfinite(nudge.loss) and isfinite(nudge.one_sided) and isfinite(nudge.derivative)):
        return "The loss is not a finite number there."
    if nudge.units == 0.0:
        if nudge.derivative == 0.0:
            return "The loss does not change: for this sample it does not depend on the number."
        return f"The loss does not change: h is below its last digit, rounding has taken over.{tail}"
    if nudge.rounded:
        return f"C changes by only {nudge.units:,.0f} units of its last digit: rounding takes over.{tail}"
    size = max(abs(nudge.derivative), abs(nudge.one_sided))
    error = nudge.one_sided_error / size
    if error > 0.01:
        return f"The loss bends within h: ΔC/h is {_percent(error)} off.{tail}"
    digits = 15 if nudge.central_error == 0.0 else max(0, floor(-log10(nudge.central_error / size)))
    few = scientific(error) if error else "0"
    both = f"With both sides {min(digits, 15)} digits agree with ∂C"
    return f"{both}; with one side it is off by {few} of it.{tail}"


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f} %" if share < 10.0 else f"{share:.0f} times"


def _pairs(a: tuple[object, ...], b: tuple[object, ...]) -> zip[tuple[object, object]]:
    return zip(a, b, strict=True)
