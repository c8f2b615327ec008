"""What can be said about a printed number, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["right", "rounding", "wrong", "unprinted"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``mark`` is a sign that does not depend on colour; ``help`` explains the words of ``label``.

    ``short`` is the label where there is little room.
    """

    key: str
    kind: Kind
    mark: str
    label: str
    short: str
    help: str


VERDICTS: dict[str, Verdict] = {
    v.key: v
    for v in (
        Verdict("ok", "right", "✓", "confirmed", "", "The true number, rounded, is the printed one."),
        Verdict(
            "last_digit", "rounding", "≈", "last digit", "last digit",
            "One or two off in the last printed place, from rounding on the way. The method is right.",
        ),
        Verdict(
            "rounding_chain", "rounding", "≈", "rounded on the way", "rounded",
            "The source has rounded earlier numbers and gone on with those. The method is right.",
        ),
        Verdict(
            "wrong", "wrong", "✗", "wrong", "wrong", "The printed number is not what its own formula gives.",
        ),
        Verdict(
            "wrong_algorithm", "wrong", "✗", "another method", "method",
            "The number comes from another method than the one that the source describes.",
        ),
        Verdict(
            "off_by_one", "wrong", "✗", "counted one off", "one off",
            "The number is right for one update more or less than the source says.",
        ),
        Verdict(
            "inconsistent_inputs", "wrong", "✗", "other inputs", "inputs",
            "The number was computed from other inputs than those that the source shows.",
        ),
        Verdict("", "unprinted", "", "not printed", "", "The source gives no number here."),
    )
}  # fmt: skip


def wrong(key: str) -> bool:
    """Whether a verdict says that the printed number is a mistake (rounding is not)."""
    return VERDICTS[key].kind == "wrong"
