"""Which operation the panel explains now. Free of Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nnsim.core.explain.quantity import Quantity
from nnsim.ui.calculation.subject import Place, StepPlan

Standing = Literal["under way", "finished", "asked", "ahead", "not yet", "given", "nothing"]


@dataclass(frozen=True, slots=True)
class Subject:
    """``standing``:

    ``under way``  the last operation shown of the step under way
    ``finished``   the operation the step before ended with
    ``asked``      an operation of the step under way that somebody asked for
    ``ahead``      the same between steps: what the next step would do
    ``not yet``    somebody asked for an operation that the step under way has yet to do
    ``given``      somebody asked for a number that no operation finds: an input, a target
    ``nothing``    there is nothing to explain

    ``place`` is that operation, except for ``given`` and ``nothing``.
    """

    standing: Standing
    place: Place | None = None


def decide(
    plan: StepPlan, phase: int, operation: int, asked: Quantity | None = None, finished: bool = False
) -> Subject:
    """What to explain at a position of a step (``phase`` phases and ``operation`` operations of the
    next one are done). ``asked``: the quantity somebody wants explained. ``finished``: the step before
    has just ended, and its numbers are at hand."""
    under_way = plan.under_way(phase, operation)
    if asked is not None:
        place = plan.finding(asked)
        if place is None:
            return Subject("given")
        if under_way is None:
            return Subject("ahead", place)
        return Subject("asked" if plan.is_shown(place, phase, operation) else "not yet", place)
    if under_way is not None:
        return Subject("under way", under_way)
    return Subject("finished", plan.last()) if finished else Subject("nothing")
