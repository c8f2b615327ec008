"""Aligned tables and numbers for a terminal, and the JSON that the commands print."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from nnsim.io.numbers import write_number

FULL_PRECISION = 17

_DECIMALS = 9


def number(value: float, digits: int | None = None) -> str:
    """A number for a table: nine decimals where they tell something, else with an exponent.

    ``digits`` asks for so many significant digits instead. 17 are enough for every float64; from
    there on it is the shortest number that reads back as the same one.
    """
    if digits is not None:
        return f"{value:.{digits}g}" if digits < FULL_PRECISION else repr(float(value))
    if value == 0.0 or not isfinite(value):
        return f"{value:g}"
    if 1e-4 <= abs(value) < 1e6:
        return f"{value:.{_DECIMALS}f}"
    return f"{value:.{_DECIMALS - 1}e}"


def number_or_dash(value: float | None) -> str:
    """As :func:`number`; a dash where there is none."""
    return "–" if value is None else number(value)


def present(value: float, count: int) -> float | None:
    """``value``, or ``None`` where it was taken over no samples at all."""
    return value if count else None


def json_number(value: float | None) -> float | str | None:
    """A number as it stands in a project file ("NaN" and "Infinity" are texts); ``None`` stays."""
    return None if value is None else write_number(float(value))


def print_json(fields: Mapping[str, Any]) -> None:
    """Print one JSON object. ASCII only, so that no console can spoil it."""
    print(json.dumps(fields, indent=2, allow_nan=False))


def plain(text: str) -> str:
    """Text out of a project on one line: control characters cannot reach the terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def table(header: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1, indent: str = "  ") -> str:
    """Columns under a header: the first ``texts`` of them to the left, the others to the right."""
    lines = [[plain(cell) for cell in line] for line in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        indent
        + "  ".join(
            cell.ljust(width) if i < texts else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
