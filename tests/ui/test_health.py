"""An ill network is told in words where the thing is, with what to try; a healthy one in none."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QMenu, QWidget

from nnsim.core.datasets.base import Samples
from nnsim.model.build import build
from nnsim.model.edits import set_bias, set_layer_frozen
from nnsim.model.project import Data
from nnsim.ui.canvas.wording import tip_of
from nnsim.ui.health_words import notes_of_layer
from nnsim.ui.panels.gradient_bars import GradientBars
from nnsim.ui.panels.health_notes import HealthNotes
from nnsim.ui.selection import NOTHING, Selection


@pytest.fixture
def deep(open_page: Any) -> Any:
    """2-8-8-1, two neurons of the first hidden layer dead."""
    page = open_page(size=(1440, 1000), threaded=False)
    page.session.replace_document(build((2, 8, 8, 1), ("leaky_relu", "tanh", "tanh")))
    first = page.project.layers[1].id
    page.controller.select(Selection.of_layer(first))
    page.wait_until_idle()
    page.choose("layer_activation", "relu")
    for neuron in (1, 4):
        page.controller.select(Selection.of_neuron(first, neuron))
        page.wait_until_idle()
        page.type_into("neuron_bias", "-50")
        page.wait_until_idle()
    return page


def titles(page: Any, name: str) -> list[str]:
    notes = page.find(name, HealthNotes)
    return [note.title for note in notes.notes] if notes.isVisible() else []


def ill(page: Any) -> set[tuple[str, int]]:
    """The neurons that carry the mark."""
    return {key for key, item in page.window.canvas.scene.neurons.items() if item.look.ill}


def test_a_healthy_network_is_left_in_peace(open_page: Any) -> None:
    page = open_page()
    assert titles(page, "network_health") == []
    assert not ill(page)
    assert not page.find("status_health").isVisible()
    for layer in page.project.layers:
        assert page.window.canvas.band.header(layer.id).state.ill == ""


def test_dead_neurons_are_marked_named_and_explained(deep: Any) -> None:
    page, first = deep, deep.project.layers[1].id
    assert ill(page) == {(first, 1), (first, 4)}
    assert titles(page, "neuron_health") == ["Dead: 0 in all 250 training samples."]
    page.controller.select(Selection.of_neuron(first, 0))
    page.wait_until_idle()
    assert titles(page, "neuron_health") == []
    page.controller.select(Selection.of_layer(first))
    page.wait_until_idle()
    assert titles(page, "layer_health") == ["2 of 8 neurons are dead: h1₂, h1₅."]
    page.controller.select(NOTHING)
    page.wait_until_idle()
    assert titles(page, "network_health") == ["2 of 8 neurons are dead: h1₂, h1₅."]
    header = page.window.canvas.band.header(first)
    assert "dead" in header.state.ill and "dead" in header.name.accessibleName()
    names, figures = page.controller.view.names, page.window.canvas.figures
    assert "Dead: 0 in all" in tip_of(names, figures, Selection.of_neuron(first, 1), page.snapshot.health)
    page.controller.view.set_notation("numbered")
    QApplication.processEvents()
    assert titles(page, "network_health") == ["2 of 8 neurons are dead: h₂, h₅."]


def test_the_status_bar_tells_how_much_there_is_and_leads_there(deep: Any) -> None:
    page, first = deep, deep.project.layers[1].id
    button = page.find("status_health")
    assert button.isVisible() and button.text() == "1 note on health"
    assert "2 of 8 neurons are dead" in button.accessibleName()
    page.click(button)
    assert page.controller.selection == Selection.of_layer(first)
    page.choose("layer_activation", "tanh")
    page.wait_until_idle()
    assert "2 of 8 neurons are saturated" in button.accessibleName()


def test_what_helps_is_one_click_and_can_be_undone(deep: Any) -> None:
    page, first = deep, deep.project.layers[1].id
    assert page.project.layer(first).activation == "relu"
    page.click("remedy_leaky_relu")
    page.wait_until_idle()
    assert page.project.layer(first).activation == "leaky_relu"
    assert not ill(page)
    assert titles(page, "neuron_health") == []
    page.window.activateWindow()  # a list that has closed may still count as active
    page.wait_until(page.window.isActiveWindow)
    page.press("Ctrl+Z", page.window)
    page.wait_until_idle()
    assert page.project.layer(first).activation == "relu"
    assert len(ill(page)) == 2


def test_a_layer_saturated_by_large_inputs_gets_them_scaled_with_one_click(open_page: Any) -> None:
    page = open_page(size=(1440, 1000), threaded=False)
    rng = np.random.default_rng(0)
    samples = Samples(rng.uniform(0, 255, (60, 6)), rng.normal(size=(60, 1)))
    page.session.replace_document(build((6, 4, 1), "tanh", Data("table", samples=samples)))
    page.wait_until_idle()
    page.controller.select(Selection.of_layer(page.project.layers[1].id))
    page.wait_until_idle()
    assert "saturated" in titles(page, "layer_health")[0]
    page.click(page.find("layer_health").findChild(QWidget, "remedy_scale_inputs"))
    page.wait_until_idle()
    assert page.project.data.scaling == "minmax"
    assert not any("saturated" in title for title in titles(page, "layer_health"))


def test_vanishing_gradients_are_told_with_both_layers(open_page: Any) -> None:
    page = open_page(size=(1440, 1000))
    page.session.replace_document(build((2, 6, 6, 6, 6, 6, 1), ("sigmoid",) * 5 + ("tanh",), seed=3))
    page.wait_until_idle()
    found = titles(page, "network_health")
    assert any(t.startswith("Vanishing gradients: Hidden 1 has 1/") for t in found)
    sizes = page.snapshot.health.gradient_size
    assert sizes[1] < 1e-3 * np.nanmax(sizes)


def test_bars_show_the_mean_gradient_of_each_layer_on_a_log_scale(deep: Any) -> None:
    page = deep
    page.controller.select(NOTHING)
    page.wait_until_idle()
    bars = page.find("network_bars", GradientBars)
    assert [b.layer for b in bars.bars] == [la.id for la in page.project.layers[1:]]
    sizes = page.snapshot.health.gradient_size
    assert [b.value for b in bars.bars] == sizes[1:].tolist()
    low, high = bars.scale
    for bar in bars.bars:
        assert bars.length_of(bar) == pytest.approx((np.log10(bar.value) - low) / (high - low))
    page.click_step("epoch")
    after = page.find("network_bars", GradientBars)
    assert [b.value for b in after.bars] == page.snapshot.health.gradient_size[1:].tolist()
    assert [b.value for b in after.bars] != sizes[1:].tolist()
    assert after.scale[0] <= low and after.scale[1] >= high
    # A click goes to the layer, where the same bars stand.
    page.qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(40, round(1.5 * bars._row())))
    assert page.controller.selection == Selection.of_layer(page.project.layers[2].id)
    assert page.find("layer_bars", GradientBars).isVisible()


def test_bars_live_during_a_run(open_page: Any) -> None:
    page = open_page()
    bars = page.find("network_bars", GradientBars)
    before = bars.bars
    page.run_flat_out()
    page.wait_until(lambda: bars.bars != before and page.session.running)
    page.click_run()
    page.wait_until_idle()
    assert [b.value for b in bars.bars] == page.snapshot.health.gradient_size[1:].tolist()


def test_a_layer_is_frozen_from_its_header_and_shows_a_lock(open_page: Any) -> None:
    page = open_page(size=(1440, 900))
    layer = page.project.layers[1].id
    header = page.window.canvas.band.header(layer)
    assert not header.state.frozen
    at = header.name.geometry().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, header.mapToGlobal(at))
    QApplication.sendEvent(header, event)
    menu = page.window.findChild(QMenu, "canvas_menu")
    page.wait_until(menu.isVisible)
    action = next(a for a in menu.actions() if a.text() == "Freeze the whole layer")
    page.qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    page.wait_until_idle()
    assert all(m.all() for c in page.project.incoming(layer) for m in [page.project.frozen.weights[c.id]])
    assert page.project.frozen.biases[layer].all()
    assert header.state.frozen and "frozen" in header.name.accessibleName()
    assert page.find("layer_frozen", QCheckBox).isChecked()
    looks = [item.look for (id_, _), item in page.window.canvas.scene.neurons.items() if id_ == layer]
    assert all(look.frozen for look in looks)
    weights = {c.id: page.project.parameters.weights[c.id].copy() for c in page.project.incoming(layer)}
    page.click_step("epoch")
    for id_, before in weights.items():
        np.testing.assert_array_equal(page.project.parameters.weights[id_], before)
    page.click(page.find("layer_frozen", QCheckBox), QPoint(8, 10))
    page.wait_until_idle()
    assert not header.state.frozen


def test_one_weight_that_learns_takes_the_lock_away(open_page: Any) -> None:
    page = open_page()
    layer = page.project.layers[1].id
    page.controller.edit("Freeze", set_layer_frozen, layer, True)
    page.wait_until_idle()
    assert page.window.canvas.band.header(layer).state.frozen
    page.controller.select(Selection.of_edge(page.project.incoming(layer)[0].id, 0, 0))
    page.wait_until_idle()
    page.click("edge_weight_lock")
    page.wait_until_idle()
    assert not page.window.canvas.band.header(layer).state.frozen


def test_notes_are_few_and_do_not_change_what_can_be_set(deep: Any) -> None:
    page, first = deep, deep.project.layers[1].id
    for neuron in range(7):
        page.controller.edit("Bias", set_bias, first, neuron, -50.0)
    page.wait_until_idle()
    names = page.controller.view.names
    several = notes_of_layer(names, page.snapshot.health, first)[0].title
    assert several == "7 of 8 neurons are dead: h1₁, h1₂, h1₃, h1₄ …"
    page.controller.edit("Bias", set_bias, first, 7, -50.0)
    page.controller.select(NOTHING)
    page.wait_until_idle()
    found = titles(page, "network_health")
    assert found[0] == "Hidden 1 is dead: every neuron is 0 in all 250 training samples."
    assert len(found) <= 4
    assert page.find("network_title").isVisible()


def test_the_slow_start_of_the_quadratic_cost_is_told_and_cross_entropy_helps(open_page: Any) -> None:
    page = open_page("nielsen-quadratic-slow", size=(1440, 900))
    assert titles(page, "network_health")[0].endswith("Stuck at the wrong end.")
    page.click("remedy_cross_entropy")
    page.wait_until_idle()
    assert page.project.training.loss == "bce_mean"
    assert titles(page, "network_health") == []
