"""What becomes legible when one zooms in."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint

from nnsim.ui.canvas.inks import LEVELS, Inks
from nnsim.ui.theme import Theme


def zoom_to(hands: Any, zoom: float) -> None:
    hands.surface.zoom_by(zoom / hands.canvas.zoom())
    hands.settle()


def test_small_neurons_tell_their_values_when_one_looks_closely(open_canvas: Any, wide: Any) -> None:
    hands = open_canvas(wide(16, 16, 16))
    neuron = hands.canvas.scene.neurons["L1", 2]
    assert hands.canvas.arrangement.detail in ("name", "none") and neuron.look.value == ""
    zoom_to(hands, 5.0)
    assert neuron.look.value == f"{hands.controller.snapshot.probe.a[1][2]:.4f}".replace("-", "−")[:6]
    zoom_to(hands, 1.0)
    assert neuron.look.value == ""


def test_what_is_written_in_a_neuron_is_painted(open_canvas: Any, wide: Any) -> None:
    hands = open_canvas(wide(16, 16, 16))
    zoom_to(hands, 6.0)
    hands.surface.centerOn(hands.canvas.scene.neurons["L1", 2])
    hands.settle()
    picture = hands.viewport.grab().toImage()
    middle = hands.neuron_at("L1", 2)
    ink = hands.theme.color("ink").lightness()
    reach = range(-12, 13)
    darkest = min(picture.pixelColor(middle + QPoint(dx, dy)).lightness() for dx in reach for dy in reach)
    assert darkest < ink + 40


def test_very_many_edges_are_hairlines_from_afar_and_as_wide_as_strong_from_near(qapp: Any) -> None:
    inks = Inks(Theme())
    weak, strong = 2, LEVELS - 1
    assert inks.edge_pen(weak, grade=2).isCosmetic() and inks.edge_pen(weak, grade=2).widthF() == 1.0
    near = inks.edge_pen(weak, grade=2, zoom=3.0)
    assert not near.isCosmetic() and near.widthF() < inks.edge_pen(strong, grade=2, zoom=3.0).widthF()
    assert inks.edge_pen(weak, grade=0, zoom=3.0) == inks.edge_pen(weak, grade=0)
