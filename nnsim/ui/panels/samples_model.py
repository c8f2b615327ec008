"""The samples as a table: number, inputs, targets or class; which are trained on, which is in view."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QModelIndex

from nnsim.core.arrays import IntArray
from nnsim.core.datasets.base import Samples
from nnsim.model.project import subscript
from nnsim.ui.numbers import shown
from nnsim.ui.panels.cells import LEFT, Cell, CellModel, Index

GiveCell = Callable[[int, int, "float | str", "str | None"], "str | None"]
_LOOK_AT = 500  # rows that decide how many decimals are shown
_MARKS = {True: "Trained on", False: "Only tested on"}


class SamplesModel(CellModel):
    """Column 0 is the number of the sample, counted from 1; reads the arrays when asked.

    ``give`` is called with row, data column (from 0) and the new value (a number, or the name of a
    class); it returns why it was refused, or ``None``.
    """

    def __init__(self, give: GiveCell) -> None:
        super().__init__()
        self._give = give
        self._samples: Samples | None = None
        self._train: np.ndarray | None = None  # (n,) bool
        self._view = -1
        self._digits: tuple[int, ...] = ()

    # -- content ----------------------------------------------------------------------------------

    def show_samples(self, samples: Samples | None, train: IntArray | None) -> None:
        """Show these samples; ``train`` are the rows trained on (``None``: not known)."""
        old = self._samples
        marks = None
        if samples is not None and train is not None:
            marks = np.zeros(samples.count, dtype=bool)
            marks[train] = True
        if samples is old:
            if not _same(marks, self._train):
                self._train = marks
                self.tell(0, 0)
            return
        same_shape = old is not None and samples is not None and _shape(old) == _shape(samples)
        if not same_shape:
            self.beginResetModel()
        self._samples, self._train = samples, marks
        self._digits = () if samples is None else _digits_for(samples)
        if same_shape:
            self.tell(0, self.columnCount() - 1)
        else:
            self.endResetModel()

    def set_view(self, row: int) -> None:
        """The sample in view."""
        if row != self._view:
            before, self._view = self._view, row
            for changed in (before, row):
                if 0 <= changed < self.rowCount():
                    last = self.columnCount() - 1
                    self.dataChanged.emit(self.index(changed, 0), self.index(changed, last))

    @property
    def samples(self) -> Samples | None:
        return self._samples

    def _value(self, row: int, column: int) -> float | str:
        """A number, or the name of the class."""
        samples = self._samples
        assert samples is not None
        if column <= samples.width:
            return float(samples.inputs[row, column - 1])
        if samples.targets is not None:
            return float(samples.targets[row, column - 1 - samples.width])
        assert samples.labels is not None
        return samples.classes[int(samples.labels[row])]

    def column_name(self, column: int) -> str:
        """The head of a column."""
        samples = self._samples
        if column == 0 or samples is None:
            return "#"
        if column <= samples.width:
            return shown_name(samples.input_names[column - 1])
        if samples.targets is None:
            return "class"
        return shown_name(samples.target_names[column - 1 - samples.width])

    # -- as a table of cells ----------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self._samples is None else self._samples.count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if parent.isValid() or self._samples is None:
            return 0
        targets = 1 if self._samples.targets is None else self._samples.targets.shape[1]
        return 1 + self._samples.width + int(targets)

    def head(self, column: int) -> tuple[str, str]:
        name = self.column_name(column)
        return name, "● trained on   ○ only tested on" if column == 0 else name

    def cell(self, row: int, column: int) -> Cell:
        lit = row == self._view
        if column == 0:
            text = f"▸ {row + 1}" if lit else f"{row + 1}"
            mark = "" if self._train is None else "train" if self._train[row] else "test"
            return Cell(text, str(row + 1), align=LEFT, lit=lit, mark=mark)
        value = self._value(row, column)
        if isinstance(value, str):
            assert self._samples is not None
            return Cell(value, value, lit=lit, editable=True, choices=self._samples.classes)
        return Cell(shown(value, self._digits[column - 1]), value, lit=lit, editable=True)

    def label(self, row: int, column: int) -> str:
        if column > 0:
            return f"{self.column_name(column)} of sample {row + 1}"
        words = [] if self._train is None else [_MARKS[bool(self._train[row])]]
        return ", ".join([f"Sample {row + 1}", *words, *(["in view"] if row == self._view else [])])

    def explain(self, row: int, column: int) -> str:
        if column == 0:
            return self.label(row, column)
        return f"{self.column_name(column)} = {self.cell(row, column).exact}"

    def take(self, row: int, column: int, value: float | str, merge: str | None) -> str | None:
        """The user has given another number or class."""
        return self._give(row, column - 1, value, merge)


def _shape(samples: Samples) -> tuple[Any, ...]:
    targets = None if samples.targets is None else samples.targets.shape[1]
    return samples.count, samples.width, targets, samples.input_names, samples.target_names, samples.classes


def _same(a: np.ndarray | None, b: np.ndarray | None) -> bool:
    return a is b or (a is not None and b is not None and np.array_equal(a, b))


def _digits_for(samples: Samples) -> tuple[int, ...]:
    """Decimals of every data column: none for whole numbers, else two, or up to four where that is
    how the numbers were written."""
    tables = [samples.inputs] + ([samples.targets] if samples.targets is not None else [])
    return tuple(int(digits) for table in tables for digits in _decimals(table[:_LOOK_AT]))


def _decimals(table: np.ndarray) -> np.ndarray:
    """For every column of a table (rows, columns)."""
    found = np.full(table.shape[1], 2)
    for digits in (4, 3, 2, 0):
        found[(np.round(table, digits) == table).all(axis=0)] = digits
    return found


_NUMBERED = re.compile(r"([xy])(\d+)")


def shown_name(name: str) -> str:
    """A column's name as it is written in formulas: "x1" → "x₁". Other names stay."""
    found = _NUMBERED.fullmatch(name)
    return f"{found[1]}{subscript(int(found[2]))}" if found else name
