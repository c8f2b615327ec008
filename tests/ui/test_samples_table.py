"""The samples as a table: looking at one, editing, adding, removing, files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from nnsim.core.datasets.base import Samples
from nnsim.model.build import build
from nnsim.model.edits import choose_data, regenerate, set_train_share
from nnsim.model.project import Data
from nnsim.ui.panels.choice import Choice
from nnsim.ui.panels.data_panel import DataPanel
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.samples_model import SamplesModel, shown_name
from nnsim.ui.panels.samples_table import SamplesTable


@pytest.fixture
def panel(bench: Any) -> Any:
    """A bench that shows the data panel with the document the program starts with."""
    bench.show(DataPanel, 280, 900)
    return bench


@pytest.fixture
def own_table(open_bench: Callable[..., Any]) -> Any:
    """The same with a small table of numbers."""
    samples = Samples(np.array([[0.05, 0.1], [0.2, 0.75], [0.6, 0.35]]), np.array([[0.0], [1.0], [0.25]]))
    data = Data("table", features=("x1", "x2"), train_share=1.0, samples=samples)
    bench = open_bench(build((2, 2, 1), "sigmoid", data))
    bench.show(DataPanel, 280, 900)
    return bench


def table(bench: Any) -> SamplesTable:
    return bench.find(SamplesTable, "samples_table")


def cell(bench: Any, row: int, column: int) -> QModelIndex:
    return table(bench).model().index(row, column)


def click_cell(bench: Any, row: int, column: int, double: bool = False) -> None:
    view = table(bench)
    view.scrollTo(cell(bench, row, column))
    spot = view.visualRect(cell(bench, row, column)).center()
    bench.click(view.viewport(), pos=spot)
    if double:
        bench.qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        bench.settle()


def test_a_click_looks_at_a_sample_and_the_table_follows_the_view(panel: Any) -> None:
    click_cell(panel, 3, 1)
    assert panel.controller.view.sample == 3
    assert cell(panel, 3, 0).data() == "▸ 4"
    assert [table(panel).model().cell(row, 0).lit for row in (2, 3)] == [False, True]
    panel.controller.view.set_sample(400)
    panel.settle()
    assert table(panel).currentIndex().row() == 400
    assert table(panel).viewport().rect().intersects(table(panel).visualRect(cell(panel, 400, 0)))
    assert not panel.session.can_undo


def test_arrow_keys_walk_from_sample_to_sample(panel: Any) -> None:
    click_cell(panel, 0, 1)
    table(panel).setFocus()
    for _ in range(3):
        panel.qtbot.keyClick(table(panel), Qt.Key.Key_Down)
    panel.settle()
    assert panel.controller.view.sample == 3


def test_samples_say_whether_they_are_trained_on(panel: Any) -> None:
    train = set(panel.session.prepared.train.tolist())
    marks = {row for row in range(500) if table(panel).model().cell(row, 0).mark == "train"}
    assert marks == train
    legend = panel.find(QLabel, "samples_legend")
    assert legend.text() == "● 250 train   ○ 250 test"
    panel.controller.edit("share", set_train_share, 0.8)
    panel.settle()
    assert legend.text() == "● 400 train   ○ 100 test"


def test_a_cell_is_edited_exactly_and_undone(own_table: Any) -> None:
    click_cell(own_table, 1, 2, double=True)
    editor = own_table.find(NumberField, "cell_editor")
    assert editor.text() == "0.75"
    own_table.type_into(editor, "1/3")
    assert own_table.project.data.samples.inputs[1, 1] == 1.0 / 3.0
    assert cell(own_table, 1, 2).data(Qt.ItemDataRole.EditRole) == 1.0 / 3.0
    own_table.session.undo()
    own_table.settle()
    assert cell(own_table, 1, 2).data() == "0.75"


def test_typing_on_a_cell_begins_to_edit_it(own_table: Any) -> None:
    click_cell(own_table, 2, 3)
    own_table.qtbot.keyClick(table(own_table), Qt.Key.Key_9)
    editor = own_table.find(NumberField, "cell_editor")
    assert editor.text() == "9"
    own_table.qtbot.keyClick(editor, Qt.Key.Key_Return)
    own_table.settle()
    assert own_table.project.data.samples.targets[2, 0] == 9.0


def test_a_generated_set_becomes_a_table_with_the_first_edit(panel: Any) -> None:
    x2 = panel.session.prepared.samples.inputs[0, 1]
    click_cell(panel, 0, 1, double=True)
    panel.type_into(panel.find(NumberField, "cell_editor"), "2.5")
    data = panel.project.data
    assert data.source == "table"
    assert data.samples.inputs[0].tolist() == [2.5, x2]


def test_a_wrong_number_in_a_cell_is_explained_and_kept_until_corrected(own_table: Any) -> None:
    click_cell(own_table, 0, 1, double=True)
    editor = own_table.find(NumberField, "cell_editor")
    own_table.type_into(editor, "a half")
    assert editor.isVisible() and editor.text() == "a half" and editor.problem()
    click_cell(own_table, 2, 2)
    assert editor.isVisible() and editor.text() == "a half"
    assert not own_table.session.can_undo
    editor.setFocus()
    own_table.qtbot.keyClick(editor, Qt.Key.Key_Escape)
    own_table.settle()
    assert own_table.project.data.samples.inputs[0, 0] == 0.05


def test_a_class_is_chosen_from_its_names(panel: Any) -> None:
    column = table(panel).model().columnCount() - 1
    names = table(panel).model().cell(0, column).choices
    assert names == panel.session.prepared.samples.classes
    other = next(name for name in names if name != cell(panel, 0, column).data())
    click_cell(panel, 0, column, double=True)
    editor = panel.find(Choice, "cell_editor")
    editor.setCurrentIndex(editor.findData(other))
    editor.activated.emit(editor.currentIndex())
    panel.settle()
    assert cell(panel, 0, column).data() == other
    assert panel.project.data.samples.labels[0] == names.index(other)


def test_a_new_row_is_like_the_one_in_view_and_open_for_editing(own_table: Any) -> None:
    click_cell(own_table, 1, 1)
    own_table.click(own_table.find(QPushButton, "samples_add"))
    samples = own_table.project.data.samples
    assert samples.inputs[3].tolist() == [0.2, 0.75] and samples.targets[3].tolist() == [1.0]
    assert own_table.controller.view.sample == 3
    own_table.type_into(own_table.find(NumberField, "cell_editor"), "0.9")
    assert own_table.project.data.samples.inputs[3].tolist() == [0.9, 0.75]


def test_selected_rows_are_removed_as_one_entry(own_table: Any) -> None:
    before = own_table.project
    click_cell(own_table, 0, 1)
    table(own_table).setFocus()
    own_table.qtbot.keyClick(table(own_table), Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    own_table.qtbot.keyClick(table(own_table), Qt.Key.Key_Delete)
    own_table.settle()
    assert own_table.project.data.samples.inputs.tolist() == [[0.6, 0.35]]
    assert own_table.controller.view.sample == 0
    assert own_table.session.undo_label == "Remove 2 samples"
    own_table.session.undo()
    assert own_table.project is before


def test_all_rows_may_go_and_come_back(own_table: Any) -> None:
    click_cell(own_table, 0, 1)
    table(own_table).selectAll()
    own_table.click(own_table.find(QPushButton, "samples_remove"))
    assert table(own_table).model().rowCount() == 0
    assert not own_table.find(QPushButton, "samples_remove").isEnabled()
    own_table.click(own_table.find(QPushButton, "samples_add"))
    assert table(own_table).model().rowCount() == 1


def test_copying_gives_every_digit_and_whole_rows(panel: Any) -> None:
    exact = panel.session.prepared.samples.inputs
    click_cell(panel, 0, 1)
    table(panel).setFocus()
    copy = (Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    panel.qtbot.keyClick(table(panel), *copy)
    assert float(QGuiApplication.clipboard().text()) == exact[0, 0]
    panel.qtbot.keyClick(table(panel), Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    panel.qtbot.keyClick(table(panel), *copy)
    rows = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    assert [[float(v) for v in row[:2]] for row in rows] == exact[:2].tolist()


def test_new_samples_change_the_numbers_and_keep_the_place(panel: Any) -> None:
    panel.controller.view.set_sample(200)
    panel.settle()
    place = table(panel).verticalScrollBar().value()
    resets: list[int] = []
    table(panel).model().modelReset.connect(lambda: resets.append(1))
    panel.controller.edit("new", regenerate)
    panel.settle()
    assert table(panel).verticalScrollBar().value() == place > 0
    assert resets == []


def test_many_columns_scroll_inside_the_table(panel: Any) -> None:
    panel.controller.edit("digits", choose_data, panel.session.data_of("digits"), fit=True)
    panel.settle()
    view = table(panel)
    assert view.model().columnCount() == 66
    assert view.horizontalScrollBar().maximum() > 0
    assert view.width() < panel.widget.width()


def test_columns_that_scroll_are_wide_enough_for_their_names(open_bench: Any) -> None:
    names = tuple(f"pixel{i}" for i in range(30))
    samples = Samples(np.zeros((4, 30)), np.zeros((4, 1)), input_names=names)
    bench = open_bench(build((30, 1), "linear", Data("table", samples=samples)))
    bench.show(DataPanel, 235, 900)
    view = table(bench)
    needed = view.horizontalHeader().fontMetrics().horizontalAdvance("pixel29")
    assert min(view.columnWidth(column) for column in range(1, 32)) > needed


def test_names_of_columns_are_shown_as_they_stand(open_bench: Any) -> None:
    samples = Samples(
        np.zeros((2, 2)), np.zeros((2, 1)), input_names=("<b>x</b>", "x12"), target_names=("y",)
    )
    bench = open_bench(build((2, 1), "linear", Data("table", features=("x1", "x2"), samples=samples)))
    bench.show(DataPanel, 280, 900)
    heads = [table(bench).model().headerData(i, Qt.Orientation.Horizontal) for i in range(4)]
    assert heads == ["#", "<b>x</b>", "x₁₂", "y"]
    tip = table(bench).model().headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;" in tip
    assert shown_name("x") == "x"


def test_numbers_are_shown_with_the_decimals_they_were_written_with() -> None:
    model = SamplesModel(lambda *given: None)
    inputs = np.array([[1.0, 0.25, 0.126], [2.0, 0.5, 1.0 / 3.0]])
    model.show_samples(Samples(inputs, np.array([[0.0], [1.0]])), None)
    assert [model.index(0, c).data() for c in range(1, 5)] == ["1", "0.25", "0.13", "0"]
    assert model.cell(0, 0).mark == ""
