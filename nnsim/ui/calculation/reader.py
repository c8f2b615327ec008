"""What the calculation panel says now: the choice of a subject, and its explanation. Free of Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from nnsim.core.explain.explaining import explain
from nnsim.core.explain.explanation import Explanation
from nnsim.core.explain.expression import Line
from nnsim.core.explain.names import Names
from nnsim.core.explain.numbers import StepNumbers
from nnsim.core.explain.quantity import Quantity
from nnsim.core.operations import Operation, OperationKind
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.engine.snapshot import Snapshot
from nnsim.model.compile import Compiled
from nnsim.ui.calculation.ahead import next_step
from nnsim.ui.calculation.blocks import in_order
from nnsim.ui.calculation.choices import NOW, Choice, choices_of, key_of, number_of
from nnsim.ui.calculation.decision import Subject, decide
from nnsim.ui.calculation.subject import Place, StepPlan
from nnsim.ui.selection import NOTHING, Selection

HOW_TO_BEGIN = (
    "Choose Operation as the step size and press Step to see how every number comes about, one after the "
    "other. Or select a neuron or a weight to see how its numbers will be computed."
)
TRAINING = "Training. Pause to see how the numbers come about."
TOO_LARGE = "This network, or its batch, is too large to go through number by number."
GIVEN = "This number is given, not computed: an input or a target of the sample, or a setting."
NOT_YET = "The step under way has yet to compute this number. Press Step until it comes."


_OF_ONE_SAMPLE = (
    OperationKind.SUM, OperationKind.ACTIVATION, OperationKind.BLAME, OperationKind.SLOPE,
    OperationKind.DELTA,
)  # fmt: skip


class Source(Protocol):
    """Where documents and numbers come from."""

    @property
    def snapshot(self) -> Snapshot | None: ...
    @property
    def compiled(self) -> Compiled | None: ...
    @property
    def running(self) -> bool: ...
    @property
    def trouble(self) -> str: ...
    @property
    def sample(self) -> int: ...
    @property
    def names(self) -> Names: ...
    @property
    def notation(self) -> object:
        """What the names depend on: equal while they are the same."""


@dataclass(frozen=True, slots=True)
class Reading:
    """``titles`` are for the dock, ever shorter ones, ``heading`` is for the page; ``choices`` are the
    numbers of what is selected, one of which is ``chosen``."""

    titles: tuple[str, ...] = ("Calculation",)
    heading: str = ""
    blocks: tuple[tuple[Line, ...], ...] = ()
    words: str = ""
    explanation: Explanation | None = None
    place: Place | None = None
    choices: tuple[Choice, ...] = ()
    chosen: str = ""


class Reader:
    """Follows the run and what is selected; :meth:`read` says what to show.

    What somebody asks for (selects, picks) is explained until the next step; between steps it stays.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._plan: StepPlan | None = None
        self._planned: tuple[Compiled, str] | None = None
        self._selection = self._hovered = NOTHING
        self._asked: Quantity | None = None
        self._kinds = {"neuron": "z", "edge": "weight_gradient"}
        self._last: Snapshot | None = None
        self._finished: StepNumbers | None = None
        self._ahead: tuple[Compiled, int, StepNumbers | None] | None = None
        self._numbers: StepNumbers | None = None
        self._names: Names | None = None
        self._explained_last: tuple[object, Explanation] | None = None

    # -- following --------------------------------------------------------------------------------

    def look(self) -> None:
        """Take in that the document or its numbers have changed."""
        now, before = self._source.snapshot, self._last
        self._last = now
        if now is None or before is None or now.generation != before.generation:
            self._finished = None
            if now is None or before is None or now.step != before.step:
                self._asked = None
            return
        if _position(now) == _position(before):
            return
        self._asked = None
        numbers = before.step_numbers
        ended = now.step == before.step + 1 and (now.phase, now.operation) == (0, 0)
        self._finished = numbers if ended and numbers is not None and _is_whole(numbers) else None

    def select(self, selection: Selection) -> None:
        """Something else is selected: explain it, as far as it has been computed."""
        self._selection, self._finished, self._asked = selection, None, None
        plan, snapshot = self._plan_now(), self._source.snapshot
        if plan is None or snapshot is None or not _in_step(snapshot):
            return
        wanted = self._wanted(selection)
        shown = [c for c in self._choices(plan, selection, snapshot) if c.enabled and c.key != NOW]
        if wanted is not None and shown:
            key = key_of(wanted)
            self._asked = self._quantity(key if key in [c.key for c in shown] else shown[-1].key)

    def hover(self, selection: Selection) -> bool:
        """Something else is under the pointer; whether that changes what is explained."""
        before, self._hovered = self._hovered, selection
        snapshot = self._source.snapshot
        idle = snapshot is not None and not _in_step(snapshot) and self._finished is None
        return idle and self._selection == NOTHING and self._asked is None and before != selection

    def pick(self, key: str) -> None:
        """Explain another number of what is selected."""
        if key == NOW:
            self._asked = None
            return
        self._asked = self._quantity(key)
        if self._asked is not None and self._selection.kind in self._kinds:
            self._kinds[self._selection.kind] = key
        self._finished = None

    def ask(self, quantity: Quantity) -> bool:
        """Explain this quantity; whether some operation finds it."""
        plan = self._plan_now()
        if plan is None or plan.finding(quantity) is None:
            return False
        self._asked, self._finished = quantity, None
        return True

    def describe(self, quantity: Quantity | None) -> tuple[str, float | None]:
        """(what a quantity is called, its value now); the value is ``None`` where it is not known."""
        compiled = self._source.compiled
        if quantity is None or self._names is None or compiled is None:
            return "", None
        slots = OPTIMIZERS[compiled.task.optimizer].slot_names
        value = None
        if self._numbers is not None:
            try:
                value = self._numbers.value(compiled.network, quantity, slots)
            except (ValueError, IndexError):
                value = None
        return self._names.text(quantity), value

    # -- saying -----------------------------------------------------------------------------------

    def read(self) -> Reading:
        """What to show now."""
        compiled, snapshot, plan = self._source.compiled, self._source.snapshot, self._plan_now()
        self._numbers = None
        if compiled is None or plan is None or snapshot is None:
            return Reading(words=self._source.trouble or HOW_TO_BEGIN)
        self._names = self._source.names
        if snapshot.running and snapshot.step_numbers is None:
            return Reading(words=TRAINING)
        asked = self._asked if self._asked is not None else self._default(snapshot)
        finished = self._finished is not None
        subject = decide(plan, snapshot.phase, snapshot.operation, asked, finished)
        choices = tuple(self._choices(plan, self._subject_selection(), snapshot))
        chosen = key_of(asked) if asked is not None else NOW
        if subject.place is None:
            return Reading(
                words=GIVEN if subject.standing == "given" else HOW_TO_BEGIN, choices=choices, chosen=chosen
            )
        numbers = self._numbers_for(subject, compiled, snapshot)
        if numbers is None:
            return Reading(_titles(subject), words=TOO_LARGE, choices=choices, chosen=chosen)
        return self._explained(compiled, numbers, subject, choices, chosen)

    def _explained(
        self,
        compiled: Compiled,
        numbers: StepNumbers,
        subject: Subject,
        choices: tuple[Choice, ...],
        chosen: str,
    ) -> Reading:
        assert subject.place is not None
        assert self._names is not None
        self._numbers = numbers
        e = self._explain(compiled, numbers, subject.place.operation)
        heading = e.title + self._which_sample(compiled, numbers, subject.place)
        blocks = (*in_order(e.symbols, e.numbers, e.result), *((list(e.parts),) if e.parts else ()))
        words = e.words if e.ready else f"{e.words} {NOT_YET}"
        titles = _titles(subject)
        if subject.standing == "ahead" and numbers.samples[numbers.row] < 0:
            alone = f"ample {self._source.sample + 1} alone"
            kind = subject.place.kind
            titles = (f"Calculation · s{alone} · {kind}", f"S{alone} · {kind}", f"S{alone}")
        return Reading(titles, heading, tuple(map(tuple, blocks)), words, e, subject.place, choices, chosen)

    def _explain(self, compiled: Compiled, numbers: StepNumbers, operation: Operation) -> Explanation:
        """The explanation of ``operation``; the last one again where nothing has changed."""
        assert self._names is not None
        key = (numbers, operation, self._source.notation)
        if self._explained_last is None or self._explained_last[0] != key:
            task = compiled.task
            made = explain(
                compiled.network, task.optimizer, task.optimizer_options, numbers, operation, self._names
            )
            self._explained_last = key, made
        return self._explained_last[1]

    def _which_sample(self, compiled: Compiled, numbers: StepNumbers, place: Place) -> str:
        """Which of several samples the numbers are of, counted as the table of samples does."""
        if numbers.count < 2 or place.operation.kind not in _OF_ONE_SAMPLE:
            return ""
        row = int(numbers.samples[numbers.row])
        return f" · sample {int(compiled.prepared.train[row]) + 1}" if row >= 0 else ""

    def _numbers_for(self, subject: Subject, compiled: Compiled, snapshot: Snapshot) -> StepNumbers | None:
        if subject.standing == "finished":
            return self._finished
        if subject.standing != "ahead":
            return snapshot.step_numbers
        sample = self._source.sample
        if self._ahead is None or self._ahead[0] is not compiled or self._ahead[1] != sample:
            self._ahead = compiled, sample, next_step(compiled, sample)
        return self._ahead[2]

    def _default(self, snapshot: Snapshot) -> Quantity | None:
        """What is explained between steps without being asked for: a number of what is selected, or
        else of what is under the pointer."""
        if _in_step(snapshot) or self._finished is not None:
            return None
        return self._wanted(self._subject_selection())

    def _subject_selection(self) -> Selection:
        return self._selection if self._selection.kind in self._kinds else self._hovered

    def _wanted(self, selection: Selection) -> Quantity | None:
        """The number of a neuron or edge that was looked at last."""
        compiled = self._source.compiled
        if compiled is None or selection.kind not in self._kinds:
            return None
        return number_of(compiled, selection, self._kinds[selection.kind])

    def _quantity(self, key: str) -> Quantity | None:
        compiled = self._source.compiled
        return None if compiled is None else number_of(compiled, self._subject_selection(), key)

    def _choices(self, plan: StepPlan, selection: Selection, snapshot: Snapshot) -> list[Choice]:
        compiled = self._source.compiled
        if compiled is None:
            return []
        under_way = plan.under_way(snapshot.phase, snapshot.operation)
        at = None if under_way is None else (snapshot.phase, snapshot.operation)
        return choices_of(plan, compiled, selection, at)

    def _plan_now(self) -> StepPlan | None:
        compiled = self._source.compiled
        if compiled is None:
            return None
        if self._planned is None or self._planned[0].network is not compiled.network:
            self._plan = StepPlan(compiled.network, compiled.task.optimizer)
            self._planned = compiled, compiled.task.optimizer
        return self._plan


def _titles(subject: Subject) -> tuple[str, ...]:
    """The dock's title, and after it shorter ones."""
    place = subject.place
    assert place is not None
    if subject.standing == "ahead":
        return f"Calculation · next step · {place.kind}", f"Next step · {place.kind}", "Calculation"
    where = f"peration {place.number:,} of {place.count:,} · {place.kind}"
    short = f"{place.number:,} of {place.count:,}"
    return f"Calculation · o{where}", f"O{where}", f"{short} · {place.kind}", short


def _position(snapshot: Snapshot) -> tuple[int, int, int]:
    return snapshot.step, snapshot.phase, snapshot.operation


def _in_step(snapshot: Snapshot) -> bool:
    return snapshot.phase > 0 or snapshot.operation > 0


def _is_whole(numbers: StepNumbers) -> bool:
    """Whether the numbers reach to the end of their step."""
    return numbers.theta_after is not None
