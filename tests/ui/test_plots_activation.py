"""The activation plot: curve, point, tangent and words of the selected neuron."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.datasets.base import Samples
from nnsim.engine.messages import Granularity
from nnsim.model.build import build
from nnsim.model.edits.parameters import set_bias, set_bias_frozen
from nnsim.model.edits.structure import set_bias_kind
from nnsim.model.project import Data, Project
from nnsim.session.session import Session
from nnsim.ui.plots.activation_plot import ActivationPlot
from nnsim.ui.plots.placing import dense
from nnsim.ui.selection import Selection

HIDDEN = Selection.of_neuron("L1", 1)


def network(
    activation: str = "sigmoid", output: str = "sigmoid", sizes: tuple[int, ...] = (2, 3, 1)
) -> Project:
    return build(sizes, [activation, output], data=Data(features=("x1", "x2")))


def opened(
    open_bench: Any, project: Project, size: tuple[int, int] = (300, 240)
) -> tuple[Any, ActivationPlot]:
    bench = open_bench(project)
    plot = bench.show(ActivationPlot, *size)
    return bench, plot


def pixel_slope(plot: ActivationPlot) -> float:
    """The drawn tangent's slope in the axes' units."""
    line, area = plot.view().tangent(), plot.view().area
    assert line is not None
    x0, x1, y0, y1 = area.range
    dx = line.dx() * (x1 - x0) / area.rect.width()
    dy = -line.dy() * (y1 - y0) / area.rect.height()
    return dy / dx


@pytest.mark.parametrize(
    "key", ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "sine", "linear"]
)
def test_the_curve_the_point_and_the_tangent_are_those_of_the_selected_neuron(open_bench, key) -> None:
    bench, plot = opened(open_bench, network(key))
    bench.controller.select(HIDDEN)
    bench.settle()
    probe = bench.session.snapshot.probe
    z, a, slope = (float(part[1][1]) for part in (probe.z, probe.a, probe.slope))
    view = plot.view()
    entry = ACTIVATIONS[key]
    np.testing.assert_array_equal(view.curve.y, entry.value(view.curve.x))
    # A derivative that jumps is drawn broken, but through the same numbers.
    drawn = view.slope_curve
    np.testing.assert_array_equal(drawn.y, entry.derivative(drawn.x, entry.numbers({})))
    assert view.point() == QPointF(view.area.x(z), view.area.y(a))
    assert pixel_slope(plot) == pytest.approx(slope, rel=1e-9, abs=1e-12)


def test_the_words_say_z_a_and_the_slope(open_bench) -> None:
    bench, plot = opened(open_bench, network())
    bench.controller.select(Selection.of_neuron("L2", 0))
    bench.controller.edit("Bias", set_bias, "L2", 0, 1.25)
    bench.settle()
    probe = bench.session.snapshot.probe
    plot.describe()
    assert plot.accessibleDescription() == (
        f"Sigmoid at o₁: z {probe.z[2][0]:.4f} → a {probe.a[2][0]:.4f}, slope σ′ = {probe.slope[2][0]:.4f}"
    )
    assert plot.windowTitle() == "Sigmoid at o₁"


def test_without_a_neuron_the_only_output_is_shown_or_all_of_a_layer(open_bench) -> None:
    bench, plot = opened(open_bench, network())
    assert plot.windowTitle() == "Sigmoid at o₁"
    bench.controller.select(Selection.of_layer("L1"))
    assert plot.windowTitle() == "Sigmoid · Hidden 1"
    assert plot.view().point() is None and plot.view().words_rect() is None
    rows = plot.numbers().split("\n\n")[0].splitlines()
    assert [row.split("\t")[0] for row in rows] == ["neuron", "h₁", "h₂", "h₃"]


def test_an_edge_stands_for_the_neuron_it_leads_to(open_bench) -> None:
    bench, plot = opened(open_bench, network())
    bench.controller.select(Selection.of_edge("C1", 2, 0))
    assert plot.windowTitle() == "Sigmoid at h₃"


def test_inputs_have_no_activation_and_that_is_said(open_bench) -> None:
    bench, plot = opened(open_bench, network())
    bench.controller.select(Selection.of_neuron("L0", 0))
    plot.describe()
    assert plot.accessibleDescription() == "Inputs have no activation function."
    assert plot.numbers() == ""
    bench.controller.select(HIDDEN)
    assert plot.view().point() is not None


def test_the_range_reaches_a_point_far_out_and_is_never_less_than_six(open_bench) -> None:
    bench, plot = opened(open_bench, network())
    assert plot.view().area.range[:2] == (-6.0, 6.0)
    bench.controller.edit("Bias", set_bias, "L2", 0, 30.0)
    bench.settle()
    low, high = plot.view().area.range[:2]
    assert low == -6.0 and high > float(bench.session.snapshot.probe.z[2][0])


def test_softmax_is_drawn_with_the_other_sums_held(open_bench) -> None:
    samples = Samples(
        np.array([[0.0, 1.0], [1.0, 0.0], [2.0, -1.0]]), labels=np.array([0, 1, 2]),
        classes=("a", "b", "c"), task="classification",
    )  # fmt: skip
    data = Data("table", samples=samples, train_share=1.0)
    bench, plot = opened(open_bench, build((2, 3), "softmax", data=data))
    bench.controller.select(Selection.of_neuron("L1", 2))
    bench.settle()
    assert plot.windowTitle().startswith("Softmax at o₃")
    probe, curve = bench.session.snapshot.probe, plot.view().curve
    i = 100
    z = probe.z[1].copy()
    z[2] = curve.x[i]
    assert curve.y[i] == pytest.approx(ACTIVATIONS["softmax"].value(z[None, :])[0, 2], rel=1e-12)
    point = plot.view().point()
    assert point.y() == pytest.approx(plot.view().area.y(float(probe.a[1][2])))


@pytest.mark.parametrize("size", [(200, 150), (260, 190), (420, 320)])
@pytest.mark.parametrize("key", ["sigmoid", "tanh", "relu", "elu", "softplus", "sine", "step", "linear"])
def test_the_words_never_lie_on_the_curve_or_outside_the_plot(open_bench, key, size) -> None:
    bench, plot = opened(open_bench, network(key, "linear"), size)
    bench.controller.select(HIDDEN)
    view = plot.view()
    placed = 0
    for bias in (-9.0, -2.5, -0.4, 0.0, 0.3, 1.1, 4.0, 12.0):
        bench.controller.edit("Bias", set_bias, "L1", 1, bias)
        bench.settle()
        words = view.words_rect()
        if words is None:
            continue
        placed += 1
        assert view.area.rect.adjusted(-1, -1, 1, 1).contains(words)
        x, y = dense(view.area.x(view.curve.x), view.area.y(view.curve.y))
        inside = (x > words.left()) & (x < words.right()) & (y > words.top()) & (y < words.bottom())
        assert not inside.any()
    assert placed == 8 or size == (200, 150)


def test_the_point_moves_with_every_snapshot_of_a_run(open_bench) -> None:
    bench, plot = opened(open_bench, network())
    seen = [plot.view().point()]
    for _ in range(3):
        bench.session.run(epochs=1)
        bench.settle()
        seen.append(plot.view().point())
    assert len({(p.x(), p.y()) for p in seen}) == 4


def test_a_plot_that_is_hidden_draws_nothing_until_it_is_shown(open_bench, monkeypatch) -> None:
    bench, plot = opened(open_bench, network())
    drawn: list[int] = []
    before = plot.refresh
    monkeypatch.setattr(plot, "refresh", lambda: (drawn.append(1), before())[1])
    plot.hide()
    bench.controller.edit("Bias", set_bias, "L2", 0, 2.0)
    bench.controller.select(HIDDEN)
    bench.theme.set_mode("dark")
    bench.settle()
    assert drawn == []
    plot.show()
    assert drawn == [1]
    assert plot.windowTitle() == "Sigmoid at h₂"


def test_numbers_that_are_not_finite_leave_the_curve_without_a_point(open_bench, monkeypatch) -> None:
    bench, plot = opened(open_bench, network())
    snapshot = bench.session.snapshot
    for bad in (np.nan, np.inf):
        z = (*snapshot.probe.z[:-1], np.array([bad]))
        fake = replace(snapshot, probe=replace(snapshot.probe, z=z))
        monkeypatch.setattr(Session, "snapshot", property(lambda _, fake=fake: fake))
        bench.controller.snapshot_changed.emit(fake)
        assert plot.view().point() is None and plot.view().words_rect() is None
        assert len(plot.view().curve.x) > 200


def test_a_step_by_operations_shows_the_point_with_its_activation_and_the_tangent_with_its_slope(
    open_bench,
) -> None:
    bench, plot = opened(open_bench, network())
    view = plot.view()
    forward = [(False, False)] * 7 + [(True, False)]  # 3 × (z, a), the output's z, its a
    for count, (point, tangent) in enumerate(forward, 1):
        bench.controller.step(Granularity.OPERATION)
        bench.settle()
        assert (view.point() is not None, view.tangent() is not None) == (point, tangent), count
    assert "σ′ = —" in plot.summary()
    assert plot.numbers().split("\n")[1].split("\t")[3] == ""
    step = bench.controller.in_step
    while not step.seen.slope[2].any() and bench.session.snapshot.step == 0:
        assert view.tangent() is None
        bench.controller.step(Granularity.OPERATION)
        bench.settle()
        step = bench.controller.in_step
        assert step is not None
    assert pixel_slope(plot) == pytest.approx(step.numbers.slope[2][step.numbers.row, 0], rel=1e-9)


@pytest.mark.parametrize("key", ["sigmoid", "tanh", "relu", "sine"])
@pytest.mark.parametrize("size", [(200, 150), (260, 190)])
def test_the_range_is_that_of_what_is_shown_whatever_was_before(open_bench, key, size) -> None:
    bench, plot = opened(open_bench, network(key), size)
    bench.controller.select(HIDDEN)
    before = {}
    for bias in (-9.0, -2.5, 0.0, 0.3, 7.5, 4.0, 12.0):
        bench.controller.edit("Bias", set_bias, "L1", 1, bias)
        bench.settle()
        before[bias] = plot.view().area.range
    assert len(set(before.values())) > 1
    for bias in (12.0, 0.0, -2.5, 7.5, -9.0, 0.3, 4.0):
        bench.controller.edit("Bias", set_bias, "L1", 1, bias)
        bench.settle()
        assert plot.view().area.range == before[bias], bias


def test_the_theme_reaches_the_curves_at_once(open_bench) -> None:
    bench, plot = opened(open_bench, network())
    light = plot.view().curve.item.opts["pen"].color().name()
    bench.theme.set_mode("dark")
    assert light == "#1f6feb"
    assert plot.view().curve.item.opts["pen"].color().name() == bench.theme.color("positive").name() != light
    assert plot.view().backgroundBrush().color() == bench.theme.color("panel")


def test_the_numbers_of_the_plot_are_copied_at_full_precision(open_bench) -> None:
    bench, plot = opened(open_bench, network())
    plot.copy_action.trigger()
    row = QGuiApplication.clipboard().text().splitlines()[1].split("\t")
    probe = bench.session.snapshot.probe
    assert row[0] == "o₁"
    assert [float(v) for v in row[1:]] == [probe.z[2][0], probe.a[2][0], probe.slope[2][0]]
    assert bench.notices[-1][1] == "info"


# -- moving the point -------------------------------------------------------------------------------


def mouse(bench: Any, plot: ActivationPlot, kind: QEvent.Type, at: QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    viewport = plot.view().viewport()
    keys = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, at, QPointF(viewport.mapToGlobal(at.toPoint())), button, held, keys)
    QGuiApplication.sendEvent(viewport, event)
    bench.settle()


def drag_point(bench: Any, plot: ActivationPlot, pixels: float, let_go: bool = True) -> None:
    start = plot.view().point()
    mouse(bench, plot, QEvent.Type.MouseButtonPress, start)
    for share in (0.5, 1.0):
        mouse(bench, plot, QEvent.Type.MouseMove, start + QPointF(pixels * share, 0))
    if let_go:
        mouse(bench, plot, QEvent.Type.MouseButtonRelease, start + QPointF(pixels, 0))


def test_dragging_the_point_moves_z_by_the_bias_and_the_point_stays_under_the_hand(open_bench) -> None:
    bench, plot = opened(open_bench, network())
    bench.controller.select(HIDDEN)
    bench.settle()
    point, z = plot.view().point(), float(bench.session.snapshot.probe.z[1][1])
    before, b = bench.project, float(bench.project.parameters.biases["L1"][1])
    drag_point(bench, plot, 40.0)
    moved = bench.project.parameters.biases["L1"] - before.parameters.biases["L1"]
    assert moved[1] == pytest.approx(40.0 * plot.view().x_per_pixel(), abs=0.006)
    assert moved[[0, 2]].tolist() == [0.0, 0.0]
    assert bench.session.snapshot.probe.z[1][1] - z == pytest.approx(moved[1], rel=1e-12)
    assert plot.view().point().x() == pytest.approx(point.x() + 40.0, abs=0.5)
    assert bench.session.undo_label == "Bias of h₂"
    bench.session.undo()
    assert bench.project.parameters.biases["L1"][1] == b and not bench.session.can_undo


def test_the_axis_stands_still_under_the_hand_and_makes_room_when_it_lets_go(open_bench) -> None:
    bench, plot = opened(open_bench, network())
    bench.controller.select(HIDDEN)
    bench.settle()
    area = plot.view().area
    start, goal = plot.view().point(), area.x(5.9)
    drag_point(bench, plot, goal - start.x(), let_go=False)
    assert plot.view().area.range == area.range
    assert plot.view().point().x() == pytest.approx(goal, abs=0.5)
    mouse(bench, plot, QEvent.Type.MouseButtonRelease, QPointF(goal, start.y()))
    assert plot.view().area.range[1] > area.range[1]


def test_the_words_stay_while_the_point_moves_in_a_narrow_plot(open_bench) -> None:
    bench, plot = opened(open_bench, network("tanh"), (200, 340))
    bench.controller.select(HIDDEN)
    z = float(bench.session.snapshot.probe.z[1][1] - bench.project.parameters.biases["L1"][1])
    for target in np.linspace(-3.0, 3.0, 61):
        bench.controller.edit("Bias", set_bias, "L1", 1, float(target) - z)
        bench.settle()
        assert plot.view().words_rect() is not None, target


def test_escape_takes_the_points_way_back(open_bench) -> None:
    bench, plot = opened(open_bench, network())
    bench.controller.select(HIDDEN)
    bench.settle()
    before, start = bench.project, plot.view().point()
    drag_point(bench, plot, -30.0, let_go=False)
    assert bench.project is not before
    bench.qtbot.keyClick(plot.view(), Qt.Key.Key_Escape)
    bench.settle()
    mouse(bench, plot, QEvent.Type.MouseButtonRelease, start)
    assert bench.project is before and plot.view().point() == start
    assert not bench.session.can_undo and not bench.session.can_redo


def test_a_click_on_the_point_or_a_drag_beside_it_changes_nothing(open_bench) -> None:
    bench, plot = opened(open_bench, network())
    bench.controller.select(HIDDEN)
    bench.settle()
    before, start = bench.project, plot.view().point()
    drag_point(bench, plot, 3.0)
    away = QPointF(start.x() + 60.0, start.y() + 40.0)
    mouse(bench, plot, QEvent.Type.MouseButtonPress, away)
    mouse(bench, plot, QEvent.Type.MouseMove, away + QPointF(30.0, 0.0))
    mouse(bench, plot, QEvent.Type.MouseButtonRelease, away + QPointF(30.0, 0.0))
    assert bench.project is before


def test_arrow_keys_move_the_point_and_a_series_is_one_undo_entry(open_bench) -> None:
    bench, plot = opened(open_bench, network())
    bench.controller.select(HIDDEN)
    bench.controller.edit("Bias", set_bias, "L1", 1, 0.25)
    bench.settle()
    plot.view().setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_Left):
        bench.qtbot.keyClick(plot.view(), key)
    bench.qtbot.keyClick(plot.view(), Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    bench.settle()
    assert bench.project.parameters.biases["L1"][1] == 0.3
    bench.session.undo()
    assert bench.project.parameters.biases["L1"][1] == 0.25


def test_a_bias_that_cannot_move_says_what_to_do_instead(open_bench) -> None:
    bench, plot = opened(open_bench, network())
    bench.controller.select(HIDDEN)
    bench.controller.edit("Freeze", set_bias_frozen, "L1", 1, True)
    bench.settle()
    before = bench.project
    drag_point(bench, plot, 30.0)
    assert bench.project is before
    assert "frozen. Open its lock" in bench.notices[-1][0]
    bench.controller.edit("Bias", set_bias_kind, "L1", "none")
    bench.settle()
    before = bench.project
    drag_point(bench, plot, 30.0)
    assert bench.project is before
    assert bench.notices[-1][0].startswith("“Hidden 1” has no biases. The layer's page can give it some")
    bench.controller.edit("Bias", set_bias_kind, "L1", "shared")
    bench.settle()
    drag_point(bench, plot, 30.0)
    biases = bench.project.parameters.biases["L1"]
    assert biases[0] == biases[1] == biases[2] > 0.0
    assert "share this bias" in bench.notices[-1][0]


def test_the_pointer_and_the_tool_tip_say_that_the_point_can_be_dragged(open_bench) -> None:
    bench, plot = opened(open_bench, network())
    bench.controller.select(HIDDEN)
    bench.settle()
    view = plot.view()
    at = view.point()
    bench.qtbot.mouseMove(view.viewport(), QPoint(0, 0))
    move = QMouseEvent(
        QEvent.Type.MouseMove, at, QPointF(view.viewport().mapToGlobal(at.toPoint())),
        Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QGuiApplication.sendEvent(view.viewport(), move)
    assert view.viewport().cursor().shape() == Qt.CursorShape.SizeHorCursor
    assert view.tell().startswith("Drag the point, or use the arrow keys, to move z of h₂ along the curve")
