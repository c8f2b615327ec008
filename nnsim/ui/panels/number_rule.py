"""What a number field accepts and shows, and by how much it nudges. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import floor, inf, log10

from nnsim.ui.numbers import MINUS, exact, read, short, shown


@dataclass(slots=True)
class NumberRule:
    """``minimum`` and ``maximum`` belong to what is accepted; ``step``: by how much to nudge, if not
    by the second digit. The others as in :class:`~nnsim.ui.panels.number_field.NumberField`."""

    label: str = ""
    digits: int = 4
    fixed: bool = False
    minimum: float = -inf
    maximum: float = inf
    integer: bool = False
    step: float | None = None
    suffix: str = ""
    zero_text: str = ""

    def accept(self, text: str) -> float:
        """The number typed. Raises ``ValueError`` with a sentence if it cannot be used."""
        typed, unit = text.strip(), self.suffix.strip()
        if unit and typed.endswith(unit):
            typed = typed[: -len(unit)]
        if self.zero_text and typed.casefold() == self.zero_text.casefold():
            typed = "0"
        value = read(typed)
        name = self.label or "The number"
        if self.integer and value != int(value):
            raise ValueError(f"{name} must be a whole number.")
        if value < self.minimum:
            raise ValueError(f"{name} must be at least {short(self.minimum, 10)}{self.suffix}.")
        if value > self.maximum:
            raise ValueError(f"{name} must be at most {short(self.maximum, 10)}{self.suffix}.")
        return value

    def texts(self, value: float) -> list[str]:
        """How ``value`` may be shown, the text with the most digits first."""
        if self.zero_text and value == 0.0:
            return [self.zero_text]
        if self.integer:
            return [f"{exact(value)}{self.suffix}".replace("-", MINUS)]
        write = shown if self.fixed else short
        return [f"{write(value, digits)}{self.suffix}" for digits in range(max(self.digits, 1), 0, -1)]

    def step_at(self, value: float) -> Decimal:
        """By how much a number like ``value`` is nudged."""
        if self.step is not None:
            return Decimal(exact(self.step))
        if self.integer:
            return Decimal(1)
        if value == 0.0:
            return Decimal("0.01")
        return Decimal(1).scaleb(floor(log10(abs(value))) - 1)

    def nudged(self, value: float, step: Decimal, steps: float) -> float:
        """``value`` changed by ``steps`` steps, within the limits."""
        change = step * Decimal(repr(steps))
        if self.integer:
            whole = max(1, round(abs(change)))
            change = Decimal(whole if change > 0 else -whole)
        # Decimal keeps 0.1 + 0.01 at 0.11, and all further digits as they are.
        moved = float(Decimal(repr(value)) + change)
        return min(max(moved, self.minimum), self.maximum)
