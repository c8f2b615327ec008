"""Choosing data, making and dividing them; the question where the network does not fit."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QScrollArea, QWidget

from nnsim.core.datasets import DATASETS
from nnsim.engine.messages import Granularity
from nnsim.model.edits import set_cell, set_train_share
from nnsim.model.project import Project
from nnsim.ui.panels.choice import Choice
from nnsim.ui.panels.data_gallery import COLUMNS, DataTile, grouped
from nnsim.ui.panels.data_panel import DataPanel, batch_stops
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.slider_row import Slider


@pytest.fixture
def panel(bench: Any) -> Any:
    """A bench that shows the panel with the document the program starts with."""
    bench.show(DataPanel, 260, 900)
    bench.qtbot.waitUntil(lambda: all(t.has_picture for t in tiles(bench)))
    return bench


def tiles(bench: Any) -> list[DataTile]:
    return [tile for tile in bench.widget.findChildren(DataTile) if tile.key != "table"]


def in_use(bench: Any) -> list[str]:
    return [tile.key for tile in bench.widget.findChildren(DataTile) if tile.in_use]


def question(bench: Any) -> QMessageBox:
    """The open question."""
    (box,) = [box for box in bench.widget.findChildren(QMessageBox, "fit_question") if box.isVisible()]
    return box


def answer(bench: Any, key: str) -> None:
    bench.click(question(bench).findChild(QPushButton, f"answer_{key}"))


def drag(bench: Any, slider: Slider, *stops: int) -> None:
    """Press the handle, move over ``stops``, let go."""
    place = [QPoint(7 + round(s * (slider.width() - 14) / max(slider.maximum(), 1)), 10) for s in stops]
    start = QPoint(7 + round(slider.value() * (slider.width() - 14) / max(slider.maximum(), 1)), 10)
    bench.qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    for spot in place:
        bench.qtbot.mouseMove(slider, spot)
        bench.settle()
    bench.qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=place[-1])
    bench.settle()


# -- the gallery -----------------------------------------------------------------------------------


def test_every_data_set_has_a_tile_with_a_picture_of_its_own_samples(panel: Any) -> None:
    assert {tile.key for tile in tiles(panel)} == set(DATASETS.keys())
    pictures = {}
    for tile in tiles(panel):
        image = tile.grab().toImage()
        pictures[tile.key] = bytes(image.constBits())
        assert tile.accessibleName() == DATASETS[tile.key].label
    chains = {"chain_025", "chain_045"}
    assert len({p for key, p in pictures.items() if key not in chains}) == len(pictures) - len(chains)


def test_tiles_stand_four_in_a_row_in_groups(panel: Any) -> None:
    assert sum(len(entries) for _, entries in grouped()) == len(DATASETS)
    for _, entries in grouped():
        first = panel.find(DataTile, f"data_{entries[0].key}")
        row = [panel.find(DataTile, f"data_{e.key}") for e in entries[:COLUMNS]]
        assert {tile.y() for tile in row} == {first.y()}
        assert sorted(tile.x() for tile in row) == [tile.x() for tile in row]


def test_a_click_uses_a_data_set_and_keeps_the_network(panel: Any) -> None:
    weights = panel.project.parameters
    panel.click(panel.find(DataTile, "data_spiral"))
    assert panel.project.data.source == "spiral"
    assert panel.project.parameters is weights
    assert in_use(panel) == ["spiral"]
    assert panel.session.undo_label == "Data: Spiral"
    panel.session.undo()
    panel.settle()
    assert in_use(panel) == ["circle"]


def test_tiles_are_used_by_keyboard_too(panel: Any) -> None:
    tile = panel.find(DataTile, "data_xor")
    tile.setFocus()
    panel.qtbot.keyClick(tile, Qt.Key.Key_Space)
    panel.settle()
    assert panel.project.data.source == "xor"


# -- data that does not fit ------------------------------------------------------------------------


def test_the_data_in_use_chosen_again_change_nothing(panel: Any) -> None:
    panel.click(panel.find(DataTile, "data_spiral"))
    panel.controller.step(Granularity.EPOCH)
    panel.settle()
    before = panel.project
    panel.click(panel.find(DataTile, "data_spiral"))
    assert panel.project is before and panel.session.snapshot.epoch == 1
    panel.controller.edit("Train share", set_train_share, 0.7)
    panel.settle()
    panel.click(panel.find(DataTile, "data_spiral"))  # as it comes
    assert panel.project.data.train_share == before.data.train_share


def test_space_after_a_click_on_a_data_set_is_not_for_the_data_set(panel: Any) -> None:
    panel.click(panel.find(DataTile, "data_spiral"))
    assert not panel.find(DataTile, "data_spiral").hasFocus()
    assert panel.find(DataTile, "data_spiral").focusPolicy() & Qt.FocusPolicy.TabFocus


def test_data_of_another_width_ask_first_and_keeping_changes_nothing(panel: Any) -> None:
    before = panel.project
    panel.click(panel.find(DataTile, "data_iris"))
    box = question(panel)
    assert "Iris has 4 inputs" in box.text()
    assert box.textFormat() == Qt.TextFormat.PlainText
    assert panel.project is before
    answer(panel, "keep")
    assert panel.project is before and in_use(panel) == ["circle"]


def test_escape_is_to_keep(panel: Any) -> None:
    before = panel.project
    panel.click(panel.find(DataTile, "data_iris"))
    panel.qtbot.keyClick(question(panel), Qt.Key.Key_Escape)
    panel.settle()
    assert panel.project is before


def test_the_network_can_be_fitted_and_that_undone(panel: Any) -> None:
    before = panel.project
    panel.click(panel.find(DataTile, "data_iris"))
    answer(panel, "fit")
    sizes = [layer.size for layer in panel.project.layers]
    assert (sizes[0], sizes[1:-1], sizes[-1]) == (4, [4, 2], 3)
    assert panel.session.snapshot is not None
    panel.session.undo()
    assert panel.project is before


def test_the_suggested_network_comes_with_the_data_as_one_entry(panel: Any) -> None:
    before = panel.project
    panel.click(panel.find(DataTile, "data_digits"))
    answer(panel, "suggested")
    assert [layer.size for layer in panel.project.layers] == [64, 32, 10]
    assert panel.project.training.optimizer == "adam"
    assert in_use(panel) == ["digits"]
    panel.session.undo()
    assert panel.project is before


def test_the_suggested_network_is_offered_for_data_in_use(panel: Any) -> None:
    panel.click(panel.find(QPushButton, "data_suggested"))
    suggestion = DATASETS["circle"].suggestion
    assert [layer.size for layer in panel.project.layers[1:-1]] == list(suggestion.hidden)


# -- noise, share, batch ---------------------------------------------------------------------------


def test_one_drag_of_a_slider_is_one_entry(panel: Any) -> None:
    slider = panel.find(Slider, "data_noise_slider")
    before = panel.project
    drag(panel, slider, 10, 20, 30)
    assert panel.project.data.options["noise"] == 0.3
    assert panel.find(NumberField, "data_noise").text() == "0.30"
    drag(panel, slider, 40, 50)
    assert panel.project.data.options["noise"] == 0.5
    panel.session.undo()
    panel.settle()
    assert panel.project.data.options["noise"] == 0.3
    assert slider.value() == 30
    panel.session.undo()
    assert panel.project is before


def test_a_click_on_the_groove_goes_there(panel: Any) -> None:
    slider = panel.find(Slider, "data_train_share_slider")
    panel.click(slider, pos=QPoint(slider.width() - 4, 10))
    assert panel.project.data.train_share == 1.0
    assert panel.find(NumberField, "data_train_share").text() == "100 %"


def test_numbers_beside_the_sliders_are_exact(panel: Any) -> None:
    panel.type_into(panel.find(NumberField, "data_noise"), "1/8")
    panel.type_into(panel.find(NumberField, "data_train_share"), "66.6 %")
    panel.type_into(panel.find(NumberField, "data_batch_size"), "7")
    data = panel.project.data
    assert (data.options["noise"], data.train_share) == (0.125, 0.666)
    assert panel.project.training.batch_size == 7
    assert panel.find(Slider, "data_noise_slider").value() == 12


def test_noise_beyond_its_limit_is_explained_and_changes_nothing(panel: Any) -> None:
    field = panel.find(NumberField, "data_noise")
    panel.type_into(field, "0.9")
    assert field.problem() == "Noise must be at most 0.5."
    assert field.text() == "0.9"
    assert not panel.session.can_undo


def test_the_batch_slider_ends_with_all_samples(panel: Any) -> None:
    slider = panel.find(Slider, "data_batch_size_slider")
    drag(panel, slider, slider.maximum())
    assert panel.project.training.batch_size == 0
    assert panel.find(NumberField, "data_batch_size").display_text() == "all"
    drag(panel, slider, 0)
    assert panel.project.training.batch_size == 1


@pytest.mark.parametrize("count", [0, 1, 2, 40, 41, 250, 1258, 200_000])
def test_batch_stops_rise_from_one_to_all(count: int) -> None:
    stops = batch_stops(count)
    assert stops[0] == 1.0
    assert stops[-1] == max(count, 1)
    assert all(a < b for a, b in pairwise(stops))
    assert len(stops) <= 80


def test_new_samples_are_drawn_and_settings_of_a_set_shown(panel: Any) -> None:
    first = panel.session.prepared.samples.inputs.copy()
    panel.click(panel.find(QPushButton, "data_regenerate"))
    assert (panel.session.prepared.samples.inputs != first).any()
    panel.type_into(panel.find(NumberField, "data_option_count"), "200")
    assert panel.session.prepared.samples.count == 200


def test_fixed_data_have_no_noise_and_are_only_split_anew(panel: Any) -> None:
    panel.click(panel.find(DataTile, "data_gate_xor"))
    assert not panel.find(NumberField, "data_noise").isVisible()
    share_is_full = panel.project.data.train_share == 1.0
    assert panel.find(QPushButton, "data_regenerate").isEnabled() is not share_is_full
    panel.controller.edit("share", set_train_share, 0.5)
    panel.settle()
    assert panel.find(QPushButton, "data_regenerate").isEnabled()


# -- what is fed -----------------------------------------------------------------------------------


def test_features_are_switched_and_the_last_one_stays(panel: Any) -> None:
    panel.click(panel.find(QPushButton, "data_feature_x1_x2"))
    assert panel.project.data.features == ("x1", "x2", "x1_x2")
    assert panel.project.layers[0].size == 3
    for key in ("x1", "x2", "x1_x2"):
        panel.click(panel.find(QPushButton, f"data_feature_{key}"))
    assert panel.project.data.features == ("x1_x2",)
    assert panel.find(QPushButton, "data_feature_x1_x2").isChecked()


def test_scaling_is_a_choice_and_features_are_for_two_inputs(panel: Any) -> None:
    choice = panel.find(Choice, "data_scaling")
    choice.setFocus()
    panel.qtbot.keyClick(choice, Qt.Key.Key_Down)
    panel.settle()
    assert panel.project.data.scaling == "standard"
    panel.click(panel.find(DataTile, "data_iris"))
    answer(panel, "fit")
    assert not panel.find(QPushButton, "data_feature_x1").isVisible()


# -- as a widget -----------------------------------------------------------------------------------


def test_an_edited_table_gets_a_tile_of_its_own(panel: Any) -> None:
    assert not panel.find(DataTile, "data_table").isVisible()
    panel.controller.edit("cell", set_cell, 0, 0, 1.5)
    panel.settle()
    assert in_use(panel) == ["table"]
    assert panel.find(DataTile, "data_table").isVisible()
    panel.session.undo()
    panel.settle()
    assert in_use(panel) == ["circle"]


@pytest.mark.parametrize("width", [240, 320])
def test_it_fits_a_narrow_dock_without_scrolling_sideways(panel: Any, width: int) -> None:
    panel.widget.resize(width, 560)
    panel.settle()
    scroll = panel.find(QScrollArea, "data_scroll")
    assert scroll.widget().minimumSizeHint().width() <= scroll.viewport().width()
    assert scroll.horizontalScrollBar().maximum() == 0
    for part in panel.widget.findChildren(QWidget):
        if part.isVisible() and isinstance(part, (QPushButton, NumberField, Slider, Choice, DataTile)):
            right = part.mapTo(panel.widget, QPoint(part.width(), 0)).x()
            assert right <= width, part.objectName()


def test_everything_has_a_name_for_screen_readers_and_tests(panel: Any) -> None:
    for kind in (NumberField, Choice, QPushButton, Slider, DataTile):
        for part in panel.widget.findChildren(kind):
            if part.isVisible():
                assert part.objectName(), part
                assert part.accessibleName() or part.text(), part.objectName()


def test_problems_with_the_network_leave_the_data_in_sight(panel: Any) -> None:
    from dataclasses import replace

    def widened(project: Project) -> Project:
        layers = (*project.layers[:-1], replace(project.layers[-1], activation="softmax"))
        return replace(project, layers=layers, data=replace(project.data, scaling="from a newer version"))

    panel.controller.edit("break", widened)
    panel.session.pull()
    assert panel.session.prepared is None
    assert panel.find(QWidget, "samples_table").model().rowCount() == 500


def test_switching_light_and_dark_repaints_the_pictures(panel: Any) -> None:
    tile = panel.find(DataTile, "data_spiral")
    light = tile.grab().toImage()
    panel.theme.set_mode("dark")
    panel.settle()
    assert tile.grab().toImage() != light
