"""The text of a table: its rows, its delimiter, and what a cell says.

Nothing here knows of samples; :mod:`nnsim.io.tables` does.
"""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from nnsim.io.errors import TableError
from nnsim.io.limits import MAX_TABLE_FIELD
from nnsim.io.progress import Step, no_step
from nnsim.model.limits import MAX_SAMPLES

# In the order of preference: a comma may be a decimal comma, a tab is hardly ever anything else.
DELIMITERS: Final = ("\t", ";", ",")
MAX_ROW: Final = 1_000_000  # characters
MAX_LINES: Final = 10 * MAX_SAMPLES  # blank ones too
_BUFFER = 2**16
LOOK_AHEAD: Final = 20  # rows that decide about delimiter and names

Row = tuple[int, list[str]]  # the number of its first line, and its cells


def needs_apostrophe(text: str) -> bool:
    """Whether a spreadsheet or :func:`number` would take a text for something else."""
    core = text.lstrip("'")
    return core != core.strip() or not core or core[0] in "=+-@" or number(core, ",") is not None


def protected(text: str) -> str:
    """A text as it stands in a cell."""
    return f"'{text}" if needs_apostrophe(text) else text


def cell_text(cell: str) -> str:
    """What a cell says: the inverse of :func:`protected`."""
    if cell.startswith("'") and needs_apostrophe(cell[1:]):
        return cell[1:]
    return cell.strip()


def number(cell: str, delimiter: str) -> float | None:
    """The number in a cell, which may be NaN or infinite; ``None`` for anything else."""
    if delimiter != "," and "," in cell:
        cell = cell.replace(",", ".")
    try:
        return None if "_" in cell else float(cell)  # float() takes 1_000 for a number
    except ValueError:
        return None


def refuse_other_formats(data: bytes | bytearray) -> None:
    """Raises :class:`TableError` for what is plainly no UTF-8 text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError("It is text in UTF-16. Save the table as “CSV UTF-8” and try again.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise TableError("It is a spreadsheet or an archive, not a text file. Save the table as “CSV UTF-8”.")
    at = data.find(b"\0")
    if at >= 0:
        line = data.count(b"\n", 0, at) + 1
        raise TableError(f"It is not a text file: line {line:,} has a byte 0, which no UTF-8 table has.")


def first_undecodable_line(data: bytes | bytearray) -> int:
    """The number of the first line that is not UTF-8."""
    for number, line in enumerate(io.BufferedReader(_Bytes(data), _BUFFER), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return number
    return 1


class _Bytes(io.RawIOBase):
    """Bytes as a file, without a copy of them all."""

    def __init__(self, data: bytes | bytearray) -> None:
        self._data, self._at = memoryview(data), 0

    @property
    def share(self) -> float:
        """How much of it has been read."""
        return self._at / max(1, len(self._data))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = min(len(buffer), len(self._data) - self._at)
        buffer[:count] = self._data[self._at : self._at + count]
        self._at += count
        return count


class _Lines:
    """The lines of a text, never more than :data:`MAX_ROW` characters for one row of the table."""

    def __init__(self, data: bytes | bytearray) -> None:
        self._bytes = _Bytes(data)
        buffered = io.BufferedReader(self._bytes, _BUFFER)
        self._file = io.TextIOWrapper(buffered, encoding="utf-8-sig", newline="")
        self._number, self._left = 0, MAX_ROW

    @property
    def share(self) -> float:
        return self._bytes.share

    def row_done(self) -> None:
        self._left = MAX_ROW

    def __iter__(self) -> Iterator[str]:
        while line := self._file.readline(self._left + 1):
            self._number += 1
            self._left -= len(line)
            if self._left < 0:
                raise TableError(
                    f"Line {self._number:,}: the row has more than {MAX_ROW:,} characters. "
                    "Perhaps a quotation mark is never closed."
                )
            if self._number > MAX_LINES:
                raise TableError(f"The table has more than {MAX_LINES:,} lines.")
            yield line


def rows(data: bytes | bytearray, delimiter: str, strict: bool = True, step: Step = no_step) -> Iterator[Row]:
    """The rows that are not blank. Raises :class:`TableError`, ``UnicodeDecodeError``."""
    lines = _Lines(data)
    reader = csv.reader(iter(lines), delimiter=delimiter, skipinitialspace=True, strict=strict)
    line = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield line, cells
            line = reader.line_num + 1
            lines.row_done()
            step(lines.share)
    except csv.Error as error:
        if "limit" in str(error):
            raise TableError(
                f"Line {line:,}: a cell has more than the limit of {MAX_TABLE_FIELD:,} characters."
            ) from None
        raise TableError(
            f"Line {line:,}: the quotation marks do not pair up. One that is part of a text is doubled."
        ) from None


def find_delimiter(data: bytes | bytearray) -> str:
    """The delimiter that parts most of the first rows; if several do, into numbers, then evenly."""
    best, best_score = ",", (0, 0.0, False)
    for delimiter in DELIMITERS:
        found: list[list[str]] = []
        # The rows before an error tell enough; reading with the delimiter chosen says what is wrong.
        with contextlib.suppress(TableError):
            for _, cells in islice(rows(data, delimiter, strict=False), LOOK_AHEAD):
                found.append(cells)
        several = sum(len(cells) > 1 for cells in found)
        numbers = sum(number(cell, delimiter) is not None for cells in found for cell in cells)
        alike = len(set(map(len, found))) == 1
        score = (several, numbers / max(1, sum(map(len, found))), alike)
        if several and score > best_score:
            best, best_score = delimiter, score
    return best
