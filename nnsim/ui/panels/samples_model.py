"""The samples as a table: number, inputs, targets or class; which are trained on, which is in view."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from nnsim.core.arrays import IntArray
from nnsim.core.datasets.base import Samples
from nnsim.model.project import subscript
from nnsim.ui.numbers import exact, shown
from nnsim.ui.panels.cells import CHOICES, EXACT, LABEL, LIT, MARK, EditableNumbers
from nnsim.ui.panels.plain import tool_tip

Index = QModelIndex | QPersistentModelIndex
GiveCell = Callable[[int, int, "float | str", "str | None"], "str | None"]
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_LOOK_AT = 500  # rows that decide how many decimals are shown
_MARKS = {True: "Trained on", False: "Only tested on"}


class SamplesModel(QAbstractTableModel, EditableNumbers):
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
                self._tell(0, 0)
            return
        same_shape = old is not None and samples is not None and _shape(old) == _shape(samples)
        if not same_shape:
            self.beginResetModel()
        self._samples, self._train = samples, marks
        self._digits = () if samples is None else _digits_for(samples)
        if same_shape:
            self._tell(0, self.columnCount() - 1)
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

    def _tell(self, first: int, last: int) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, first), self.index(self.rowCount() - 1, last))

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

    # -- Qt's side --------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self._samples is None else self._samples.count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if parent.isValid() or self._samples is None:
            return 0
        targets = 1 if self._samples.targets is None else self._samples.targets.shape[1]
        return 1 + self._samples.width + int(targets)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() > 0 else flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.column_name(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section == 0 else _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            help_text = "● trained on   ○ only tested on" if section == 0 else self.column_name(section)
            return tool_tip(help_text)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._samples is None:
            return None
        row, column = index.row(), index.column()
        if role == LIT:
            return row == self._view
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if column == 0 else _RIGHT
        if role == LABEL:
            return f"{self.column_name(column)} of sample {row + 1}"
        if column == 0:
            return self._number_data(row, role)
        value = self._value(row, column)
        if role == CHOICES:
            return self._samples.classes if isinstance(value, str) else None
        if role == Qt.ItemDataRole.DisplayRole:
            return value if isinstance(value, str) else shown(value, self._digits[column - 1])
        if role == Qt.ItemDataRole.EditRole:
            return value
        if role == EXACT:
            return value if isinstance(value, str) else exact(value)
        if role == Qt.ItemDataRole.ToolTipRole:
            text = value if isinstance(value, str) else exact(value)
            return tool_tip(f"{self.column_name(column)} = {text}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = value if isinstance(value, str) else exact(value)
            return f"{self.column_name(column)} of sample {row + 1}: {text}"
        return None

    def _number_data(self, row: int, role: int) -> Any:
        trained = None if self._train is None else bool(self._train[row])
        if role == Qt.ItemDataRole.DisplayRole:
            return f"▸ {row + 1}" if row == self._view else f"{row + 1}"
        if role == EXACT:
            return str(row + 1)
        if role == MARK and trained is not None:
            return "train" if trained else "test"
        words = "" if trained is None else _MARKS[trained]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip("\n".join(part for part in (f"Sample {row + 1}", words) if part))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            in_view = "in view" if row == self._view else ""
            return ", ".join(part for part in (f"Sample {row + 1}", words, in_view) if part)
        return None

    def take(self, row: int, column: int, value: object, merge: str | None) -> str | None:
        """The user has given another number or class."""
        assert isinstance(value, (float, str))
        return self._give(row, column - 1, value, merge)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """For assistive technology, which edits without an editor."""
        if role != Qt.ItemDataRole.EditRole or index.column() < 1:
            return False
        return self._give(index.row(), index.column() - 1, value, None) is None


def _shape(samples: Samples) -> tuple[Any, ...]:
    targets = None if samples.targets is None else samples.targets.shape[1]
    return samples.count, samples.width, targets, samples.input_names, samples.target_names, samples.classes


def _same(a: np.ndarray | None, b: np.ndarray | None) -> bool:
    return a is b or (a is not None and b is not None and np.array_equal(a, b))


def _digits_for(samples: Samples) -> tuple[int, ...]:
    """Decimals of every data column: none for whole numbers, else two, or up to four where that is
    how the numbers were written."""
    tables = [samples.inputs] + ([samples.targets] if samples.targets is not None else [])
    return tuple(_decimals(column) for table in tables for column in table[:_LOOK_AT].T)


def _decimals(column: np.ndarray) -> int:
    for digits in (0, 2, 3, 4):
        if np.array_equal(np.round(column, digits), column):
            return digits
    return 2


_NUMBERED = re.compile(r"([xy])(\d+)")


def shown_name(name: str) -> str:
    """A column's name as it is written in formulas: "x1" → "x₁". Other names stay."""
    found = _NUMBERED.fullmatch(name)
    return f"{found[1]}{subscript(int(found[2]))}" if found else name
