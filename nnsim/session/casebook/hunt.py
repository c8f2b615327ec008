"""Find the mistake: the learner says which printed numbers are wrong, and is told whether that is so.

What is judged is the case's own verdicts. Rounding is no mistake. Nothing is forced: a hint, the
answer, and leaving are always there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nnsim.session.casebook.rows import Row

State = Literal["hidden", "found", "right", "rounding", "revealed"]
Kind = Literal["good", "bad", "info"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to a mark or an answer."""

    kind: Kind
    text: str


class Hunt:
    """One case under way. ``rows`` are all rows of the case; those that would tell are left out.

    A row is in one state: ``hidden`` (nothing said yet), ``found`` (marked, and wrong indeed),
    ``right`` or ``rounding`` (marked, and no mistake), ``revealed`` (shown on demand).
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = tuple(row for row in rows if row.printed and not row.again)
        self._state: dict[int, State] = {row.index: "hidden" for row in self.rows}
        self._mistakes = [row.index for row in self.rows if row.verdict.kind == "wrong"]
        self.tries = 0
        self.misses = 0
        self._done = self._revealed = False

    @property
    def found(self) -> int:
        """How many wrong numbers have been found."""
        return sum(state == "found" for state in self._state.values())

    @property
    def done(self) -> bool:
        """Whether it is over: everything found and said so, or revealed."""
        return self._done

    @property
    def revealed(self) -> bool:
        """Whether the answer was asked for."""
        return self._revealed

    def state(self, index: int) -> State:
        """The state of the row with this index in the case."""
        return self._state[index]

    def mark(self, index: int) -> Reply:
        """The learner says that this number is wrong. Raises ``KeyError`` for a row that is not here."""
        state = self._state[index]
        if self._done or state != "hidden":
            return Reply("info", "That one is settled.")
        row = next(row for row in self.rows if row.index == index)
        self.tries += 1
        if row.verdict.kind == "wrong":
            self._state[index] = "found"
            return self._after_found(row)
        if row.verdict.kind == "rounding":
            self._state[index] = "rounding"
            return Reply("info", f"Well seen, but this is only rounding. {row.words or row.verdict.help}")
        self._state[index] = "right"
        self.misses += 1
        return Reply("bad", f"This one is right. {self._direction(index)}")

    def _after_found(self, row: Row) -> Reply:
        if self._left():
            return Reply("good", f"Found: this number is wrong. {row.words} Is that all?")
        self._done = True
        return Reply("good", f"Found: this number is wrong, and it was the last. {row.words}")

    def nothing_wrong(self) -> Reply:
        """The learner says that no mistake is left."""
        if self._done:
            return Reply("info", "This case is settled.")
        self.tries += 1
        left = self._left()
        if left:
            self.misses += 1
            return Reply("bad", f"There is still a mistake in here. {self.hint().text}")
        self._done = True
        return Reply("good", "So it is: every number here is right. Rounding aside, nothing is wrong.")

    def hint(self) -> Reply:
        """Where to look, without saying which."""
        left = self._left()
        if self._done or not left:
            return Reply("info", "Look at all of them: perhaps nothing is wrong (any more).")
        row = next(row for row in self.rows if row.index == left[0])
        return Reply("info", f"Compute {_area(row)} yourself and compare.")

    def reveal(self) -> Reply:
        """Show the answer."""
        left = self._left()
        self._done = self._revealed = True
        for index in left:
            self._state[index] = "revealed"
        if not self._mistakes:
            return Reply("info", "Every number here is right.")
        if not left:
            return Reply("info", "You had found them all.")
        more = " more" if self.found else ""
        if len(left) == 1:
            return Reply("info", f"One{more} number is wrong. It is marked in the table.")
        return Reply("info", f"{len(left)}{more} numbers are wrong. They are marked in the table.")

    def _left(self) -> list[int]:
        return [index for index in self._mistakes if self._state[index] == "hidden"]

    def _direction(self, index: int) -> str:
        left = self._left()
        if not left:
            return "Perhaps nothing is wrong (any more)?"
        if left[0] > index:
            return "All is well up to here; look further down." if self._clean_before(index) else "Look on."
        return "Look further up."

    def _clean_before(self, index: int) -> bool:
        return not any(i < index for i in self._left())


_AREAS = {
    "z": "the weighted sums", "a": "the activations", "delta": "the values of δ",
    "blame": "the derivatives ∂C/∂a", "loss": "the loss", "weight_gradient": "the gradients of the weights",
    "total_gradient": "the gradients of the weights", "bias_gradient": "the gradients of the biases",
    "weight": "the weights", "bias": "the biases",
}  # fmt: skip


def _area(row: Row) -> str:
    """What kind of number it is, with its circumstances, but not whose."""
    area = _AREAS.get(row.quantity.kind, "the numbers") if row.quantity is not None else "the numbers"
    when = ", ".join(part for part in row.when.split(", ") if not part.startswith("sample"))
    return f"{area} {when}".rstrip()
