"""Samples as a text table: reading a CSV file that anybody may have made, and writing one.

Read: UTF-8 with or without a byte order mark; columns parted by commas, semicolons or tabs; a row of
names or none; blank lines anywhere. The last column is the target: numbers make a regression, texts
the classes of a classification, in the order in which they first appear. Last columns named y1, y2,
… are several numeric targets. Where the delimiter is no comma, numbers may have a decimal comma.

Written: names, then one row for each sample, numbers as the shortest text that gives the same
number again. A text that a spreadsheet would take for a formula or a number gets an apostrophe in
front, which reading takes away. What a table has no place for is not kept: the name of the data,
classes without a sample and the order of classes, names of several targets, and that numeric targets
stand for classes (a logic gate comes back as a regression).
"""

from __future__ import annotations

import contextlib
import csv
import io
from array import array
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from math import isfinite, isnan
from pathlib import Path

import numpy as np

from nnsim.core.arrays import Array
from nnsim.core.datasets.base import Samples
from nnsim.io.errors import ProjectFileError, TableError
from nnsim.io.limits import MAX_TABLE_BYTES, MAX_TABLE_FIELD
from nnsim.io.numbers import shown
from nnsim.io.progress import Step, no_step, part
from nnsim.io.saving import read_bytes, save_pieces
from nnsim.io.table_text import (
    LOOK_AHEAD,
    Row,
    cell_text,
    find_delimiter,
    first_undecodable_line,
    number,
    protected,
    refuse_other_formats,
    rows,
)
from nnsim.model.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_LAYER_SIZE,
    MAX_SAMPLES,
    MAX_VALUE,
    samples_problem,
)

_CLASS = "class"  # what the column of classes is called when it has no name of its own

_CELLS_AT_ONCE = 10_000  # that are written in one go


def read_table(path: Path, step: Step = no_step) -> Samples:
    """The samples of a table. Raises :class:`TableError` with a sentence that says where."""
    try:
        data, _ = read_bytes(path, MAX_TABLE_BYTES, part(step, 0.0, 0.1))
    except ProjectFileError as error:
        raise TableError(str(error)) from error
    return decode(data, part(step, 0.1, 1.0))


def write_table(path: Path, samples: Samples, step: Step = no_step) -> None:
    """Replace ``path`` by a table of the samples. Raises :class:`TableError`; the old file then stays."""
    pieces = []
    for piece, share in _pieces(samples):
        pieces.append(piece)
        step(0.8 * share)
    try:
        save_pieces(path, pieces, None, part(step, 0.8, 1.0))
    except ProjectFileError as error:
        raise TableError(str(error)) from error


def encode(samples: Samples) -> bytes:
    """The table as UTF-8, with commas and the line ends of RFC 4180."""
    return b"".join(piece for piece, _ in _pieces(samples))


def _pieces(samples: Samples) -> Iterator[tuple[bytes, float]]:
    """The table in pieces, each with the share of it that they are up to there."""
    yield _lines([[protected(name) for name in (*samples.input_names, *_target_names(samples))]]), 0.0
    classes = [protected(name) for name in samples.classes]
    height = max(1, _CELLS_AT_ONCE // (samples.width + 1))
    for at in range(0, samples.count, height):
        block = slice(at, at + height)
        rows = [list(map(_number_text, row)) for row in samples.inputs[block].tolist()]
        if samples.targets is not None:
            for row, targets in zip(rows, samples.targets[block].tolist(), strict=True):
                row += map(_number_text, targets)
        else:
            assert samples.labels is not None
            for row, label in zip(rows, samples.labels[block].tolist(), strict=True):
                row.append(classes[label])
        yield _lines(rows), min(1.0, (at + height) / samples.count)


def _lines(rows: list[list[str]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue().encode("utf-8", "replace")


def decode(data: bytes | bytearray, step: Step = no_step) -> Samples:
    """The samples of a table's bytes. Raises :class:`TableError`."""
    refuse_other_formats(data)
    try:
        delimiter = find_delimiter(data)
        return _Table(delimiter).samples(rows(data, delimiter, step=step))
    except UnicodeDecodeError:
        line = first_undecodable_line(data)
        raise TableError(
            f"Line {line:,} is not UTF-8 text. Save the table as “CSV UTF-8” and try again."
        ) from None


def _target_names(samples: Samples) -> tuple[str, ...]:
    """The heads of the target columns, such that reading finds as many targets."""
    columns = 1 if samples.targets is None else samples.targets.shape[1]
    if columns > 1:
        return tuple(f"y{i + 1}" for i in range(columns))
    names = samples.target_names
    if samples.labels is not None and (names == ("y",) or len(names) != 1):
        return (_CLASS,)
    if _first_target([*samples.input_names, *names]) < samples.width:
        return ("y",) if samples.labels is None else (_CLASS,)
    return names


def _number_text(value: float) -> str:
    return repr(value).removesuffix(".0")


def _first_target(names: Sequence[str]) -> int:
    """Index of the first target column: of the y1 that the last columns y1 … ym begin with, or the last."""
    for columns in range(2, len(names)):
        if names[-columns] == "y1":
            same = all(names[i - columns] == f"y{i + 1}" for i in range(columns))
            return len(names) - (columns if same else 1)
    return len(names) - 1


class _Table:
    """A table while it is read, cell by cell."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self._mark = ""  # decimal point or comma, once a number has had one
        self._names: list[str] = []  # of the columns; none without a row of names
        self._width = self._first_target = 0

    def samples(self, found: Iterator[Row]) -> Samples:
        head = list(islice(found, LOOK_AHEAD))
        if not head:
            raise TableError("The table is empty.")
        first = self._begin(head)
        numbers, last, lines = array("d"), list[str](), list[int]()
        split = self._first_target if self._several else self._width - 1
        for line, cells in chain(first, found):
            self._check_size(line, cells, len(lines) + 1)
            stop = self._width if self._several else split
            numbers.extend(self._values(line, cells[:stop]))
            if not self._several:
                last.append(cells[-1])
            lines.append(line)
        if not lines:
            raise TableError(f"Line {head[0][0]:,} has names of columns, but no numbers follow.")
        table = np.frombuffer(numbers, dtype=np.float64).reshape(len(lines), -1)
        try:
            samples = self._made(table, split, last, lines)
        except ValueError as error:
            raise TableError(str(error)) from error
        problem = samples_problem(samples)
        if problem:
            raise TableError(problem)
        return samples

    @property
    def _several(self) -> bool:
        return self._first_target < self._width - 1

    def _begin(self, head: list[Row]) -> list[Row]:
        """Learn the columns from the first rows; returns those of them that are samples."""
        line, first = head[0]
        self._width = len(first)
        if self._width < 2:
            raise TableError(
                f"Line {line:,} has only one column. A table needs at least one column of inputs and one of "
                "targets, parted by commas, semicolons or tabs."
            )
        if self._width > MAX_COLUMNS:
            raise TableError(
                f"Line {line:,} has {self._width:,} columns, more than the limit of {MAX_COLUMNS:,}."
            )
        self._first_target = self._width - 1
        if not self._has_names(head):
            return head
        self._names = [cell_text(cell) for cell in first]
        long = next((i for i, cell in enumerate(first) if len(cell) > MAX_TABLE_FIELD), None)
        if long is not None:
            raise self._too_long(line, long)
        self._first_target = _first_target(self._names)
        for i, cell in enumerate(first):
            if not cell.strip():
                self._names[i] = f"x{i + 1}" if i < self._first_target else "y"
        return head[1:]

    def _has_names(self, head: list[Row]) -> bool:
        """Whether some cell of the first row is no number where the column below is one."""
        first = head[0][1]
        texts = [i for i, cell in enumerate(first) if number(cell, self._delimiter) is None]
        below = [cells for _, cells in head[1:] if len(cells) == self._width]
        if not below:
            return len(texts) == self._width
        for i in texts:
            numeric = [number(cells[i], self._delimiter) is not None for cells in below]
            # Classes may look like numbers now and then, inputs are numbers or wrong.
            if all(numeric) if i == self._width - 1 else any(numeric):
                return True
        return False

    def _check_size(self, line: int, cells: list[str], count: int) -> None:
        if len(cells) != self._width:
            raise TableError(
                f"Line {line:,} has {len(cells):,} column{'s' * (len(cells) != 1)}, but the first row "
                f"has {self._width:,}."
            )
        if max(map(len, cells)) > MAX_TABLE_FIELD:
            raise self._too_long(line, max(range(self._width), key=lambda i: len(cells[i])))
        if count > MAX_SAMPLES:
            raise TableError(f"Line {line:,}: a table may have at most {MAX_SAMPLES:,} samples.")
        if count * self._width > MAX_CELLS:
            raise TableError(f"Line {line:,}: a table may have at most {MAX_CELLS:,} numbers.")

    def _too_long(self, line: int, column: int) -> TableError:
        return TableError(
            f"{self._place(line, column)}: the cell has more than {MAX_TABLE_FIELD:,} characters."
        )

    def _place(self, line: int, column: int) -> str:
        name = f" ({shown(self._names[column])})" if self._names else ""
        return f"Line {line:,}, column {column + 1:,}{name}"

    def _values(self, line: int, cells: list[str]) -> list[float]:
        """The numbers of a row: quickly where they are plain, else one by one to say what is wrong."""
        text = "".join(cells)
        if "_" not in text and "," not in text and (self._delimiter == "," or self._mark == "."):
            with contextlib.suppress(ValueError):
                values = list(map(float, cells))
                if isfinite(sum(values)) and max(map(abs, values)) <= MAX_VALUE:
                    return values
        return [self._value(line, i, cell) for i, cell in enumerate(cells)]

    def _value(self, line: int, column: int, cell: str) -> float:
        value = number(cell, self._delimiter)
        if value is None:
            if not cell.strip():
                raise TableError(f"{self._place(line, column)}: the cell is empty.")
            raise TableError(f"{self._place(line, column)}: {shown(cell.strip())} is not a number.")
        if not isfinite(value):
            raise TableError(f"{self._place(line, column)}: {shown(cell.strip())} is not a finite number.")
        if abs(value) > MAX_VALUE:
            raise TableError(
                f"{self._place(line, column)}: {shown(cell.strip())} is beyond ±{MAX_VALUE:g}, the limit of "
                "what is computed with."
            )
        if self._delimiter != ",":
            self._check_mark(line, column, cell)
        return value

    def _check_mark(self, line: int, column: int, cell: str) -> None:
        """Points and commas in one table: one of them parts thousands, and nobody can tell which."""
        mark = "," if "," in cell else "." if "." in cell else ""
        if mark and self._mark and mark != self._mark:
            raise TableError(
                f"{self._place(line, column)}: {shown(cell.strip())} does not fit the numbers before, which "
                f"have a decimal {'comma' if self._mark == ',' else 'point'}."
            )
        self._mark = self._mark or mark

    def _made(self, table: Array, split: int, last: list[str], lines: list[int]) -> Samples:
        names = tuple(self._names[:split])
        targets = tuple(self._names[split:])
        if self._several:
            return Samples(table[:, :split], table[:, split:], input_names=names, target_names=targets)
        column = self._width - 1
        numeric = sum(number(cell, self._delimiter) is not None for cell in last)
        if 2 * numeric > len(last):
            values = [self._value(line, column, cell) for line, cell in zip(lines, last, strict=True)]
            return Samples(table, np.array(values)[:, np.newaxis], input_names=names, target_names=targets)
        classes: dict[str, int] = {}
        labels = [self._label(classes, line, cell) for line, cell in zip(lines, last, strict=True)]
        if len(classes) < 2:
            raise TableError(
                f"Column {column + 1:,} has the class {shown(next(iter(classes)))} in every row. A "
                "classification needs at least two classes."
            )
        return Samples(
            table, labels=np.array(labels, dtype=np.intp), input_names=names, classes=tuple(classes),
            target_names=() if targets == (_CLASS,) else targets, task="classification",
        )  # fmt: skip

    def _label(self, classes: dict[str, int], line: int, cell: str) -> int:
        place = self._place(line, self._width - 1)
        if not cell.strip():
            raise TableError(f"{place}: the class is missing.")
        value = number(cell, self._delimiter)
        if value is not None and isnan(value):
            raise TableError(f"{place}: {shown(cell.strip())} is not a class.")
        name = cell_text(cell)
        if name not in classes and len(classes) == MAX_LAYER_SIZE:
            raise TableError(f"{place}: a table may have at most {MAX_LAYER_SIZE:,} classes.")
        return classes.setdefault(name, len(classes))
