"""The output plot: the picture that fits the data, its colours, its samples."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLabel

from nnsim.core.datasets.base import Samples
from nnsim.core.evaluate import Evaluator
from nnsim.core.network import Network, Views
from nnsim.model.build import build
from nnsim.model.compile import flatten, network_spec
from nnsim.model.edits.data import set_features
from nnsim.model.edits.parameters import set_weight
from nnsim.model.project import Data, Project, Training
from nnsim.session.session import Session
from nnsim.ui.plots.confusion_view import ConfusionView
from nnsim.ui.plots.export import png, svg
from nnsim.ui.plots.output_data import ALL
from nnsim.ui.plots.output_plot import OutputPlot

RNG = np.random.default_rng(3)
POINTS = RNG.normal(size=(40, 2)) * 2.0


def table(samples: Samples, **fields: Any) -> Data:
    return Data("table", samples=samples, **fields)


def rising() -> Project:
    """One sigmoid that grows with x₂ alone; class by the sign of x₂."""
    samples = Samples(
        POINTS, labels=(POINTS[:, 1] > 0).astype(int), classes=("below", "above"), task="classification"
    )
    return build((2, 1), "sigmoid", data=table(samples), weights=[([[0.0, 4.0]], [0.0])])


def three_classes() -> Project:
    labels = np.argmax(np.column_stack((POINTS[:, 0], POINTS[:, 1], -POINTS.sum(axis=1))), axis=1)
    samples = Samples(POINTS, labels=labels, classes=("a", "b", "c"), task="classification")
    weights = [([[3.0, 0.0], [0.0, 3.0], [-3.0, -3.0]], [0.0, 0.0, 0.0])]
    return build((2, 3), "softmax", data=table(samples), training=Training(loss="cce"), weights=weights)


def one_input() -> Project:
    x = np.linspace(-2.0, 2.0, 21)[:, None]
    samples = Samples(x, targets=x**2, input_names=("x",))
    return build((1, 3, 1), ["tanh", "linear"], data=table(samples))


def many_inputs(outputs: int = 1) -> Project:
    x = RNG.normal(size=(30, 4))
    samples = Samples(x, targets=x[:, :outputs] * 3.0)
    return build((4, 3, outputs), ["tanh", "linear"], data=table(samples))


def many_classes() -> Project:
    x = RNG.normal(size=(30, 4))
    samples = Samples(x, labels=np.arange(30) % 3, classes=("a", "b", "<b>c</b>"), task="classification")
    return build((4, 3), "softmax", data=table(samples), training=Training(loss="cce"))


def opened(
    open_bench: Any, project: Project | None, size: tuple[int, int] = (380, 260)
) -> tuple[Any, OutputPlot]:
    bench = open_bench(project)
    return bench, bench.show(OutputPlot, *size)


def shown_value(plot: OutputPlot, row: float, column: float) -> int:
    """The colour (0xffrrggbb) at a share of the picture's height and width."""
    pixels = plot.picture_of("plane").picture.pixels
    return int(pixels[int(row * (pixels.shape[0] - 1)), int(column * (pixels.shape[1] - 1))])


@pytest.mark.parametrize(
    ("make", "mode", "title"),
    [
        (rising, "plane", "Network output over x₁, x₂"),
        (three_classes, "plane", "Network output over x₁, x₂"),
        (one_input, "fit", "Network output over x"),
        (many_classes, "confusion", "Confusion matrix · test"),
        (many_inputs, "truth", "Predicted and true values"),
    ],
)
def test_the_picture_is_the_one_that_fits_the_data(open_bench, make, mode, title) -> None:
    _, plot = opened(open_bench, make(), (560, 260))
    assert plot.mode == mode
    assert plot.windowTitle() == title


def test_a_narrow_dock_gets_a_shorter_title(open_bench) -> None:
    _, plot = opened(open_bench, rising(), (280, 200))
    assert plot.windowTitle() == "Output over x₁, x₂"


# -- over the plane ---------------------------------------------------------------------------------------


def test_the_heat_picture_has_the_colours_of_the_outputs_the_right_way_up(open_bench) -> None:
    bench, plot = opened(open_bench, rising())
    table = plot.picture_of("plane")._tables["heat"]
    assert shown_value(plot, 0.0, 0.5) == table[-1]  # above: output 1, blue
    assert shown_value(plot, 1.0, 0.5) == table[0]
    assert shown_value(plot, 0.0, 0.0) == shown_value(plot, 0.0, 1.0)
    plane = bench.session.snapshot.plane.neurons[-1][0]
    side = plane.shape[0]
    middle = (int(0.3 * side) + 0.5) / side
    level = int(np.clip(plane[int(0.3 * side), side // 2] * 256, 0, 255))
    pixels = plot.picture_of("plane").picture.pixels
    found = int(pixels[int(middle * pixels.shape[0]), pixels.shape[1] // 2])
    near = [int(c) for c in table[max(level - 12, 0) : level + 13]]
    assert found in near


def test_the_picture_follows_an_edit_at_once(open_bench) -> None:
    bench, plot = opened(open_bench, rising())
    before = shown_value(plot, 0.0, 0.5)
    bench.controller.edit("Weight", set_weight, "C1", 0, 1, -4.0)
    bench.settle()
    assert shown_value(plot, 1.0, 0.5) == before != shown_value(plot, 0.0, 0.5)


def test_discrete_shows_two_colours_only(open_bench) -> None:
    _, plot = opened(open_bench, rising())
    plot.discrete_action.trigger()
    assert len(np.unique(plot.picture_of("plane").picture.pixels)) == 2


def test_outputs_that_are_not_finite_are_drawn_without_a_warning(open_bench, monkeypatch) -> None:
    bench, plot = opened(open_bench, rising())
    snapshot = bench.session.snapshot
    broken = snapshot.plane.neurons[-1].copy()
    broken[..., :10], broken[..., 10:20] = np.nan, np.inf
    fake = replace(snapshot, plane=replace(snapshot.plane, neurons=(snapshot.plane.neurons[0], broken)))
    monkeypatch.setattr(Session, "snapshot", property(lambda _: fake))
    bench.controller.snapshot_changed.emit(fake)
    table = plot.picture_of("plane")._tables["heat"]
    # The middle lies between two colours; which of them it is, the processor's rounding says.
    assert shown_value(plot, 0.5, 0.0) in table[127:129]
    assert shown_value(plot, 0.5, 0.4) == table[-1]


def test_the_last_picture_stays_until_the_next_is_due(open_bench, monkeypatch) -> None:
    bench, plot = opened(open_bench, rising())
    fake = replace(bench.session.snapshot, plane=None)
    monkeypatch.setattr(Session, "snapshot", property(lambda _: fake))
    bench.controller.snapshot_changed.emit(fake)
    assert (
        plot.mode == "plane" and shown_value(plot, 0.0, 0.5) == plot.picture_of("plane")._tables["heat"][-1]
    )


def test_several_classes_are_shown_by_the_largest_output_or_one_at_a_time(open_bench) -> None:
    _, plot = opened(open_bench, three_classes())
    assert plot.output == ALL
    plot.discrete_action.trigger()
    colours = plot.picture_of("plane")._class_tables[:, 192]
    assert shown_value(plot, 0.05, 0.5) == colours[1] and shown_value(plot, 0.5, 0.95) == colours[0]
    assert shown_value(plot, 0.95, 0.05) == colours[2]
    plot.discrete_action.trigger()
    entries = {action.text(): action for action in plot._output_menu.actions()}
    assert list(entries) == ["All classes", "o₁ · a", "o₂ · b", "o₃ · c"]
    entries["o₂ · b"].trigger()
    assert plot.output == 1
    assert shown_value(plot, 0.0, 0.5) == plot.picture_of("plane")._tables["heat"][-1]


def test_an_output_that_is_removed_is_no_longer_looked_at(open_bench) -> None:
    bench, plot = opened(open_bench, three_classes())
    plot.set_output(2)
    bench.session.replace_document(rising())
    bench.settle()
    assert plot.output == 0 and plot.mode == "plane"


def test_samples_lie_at_their_inputs_by_class_and_by_part(open_bench) -> None:
    bench, plot = opened(open_bench, rising())
    view, prepared = plot.picture_of("plane"), bench.session.prepared
    points = view.points
    assert sorted(points.rows.tolist()) == list(range(40))
    np.testing.assert_array_equal(np.column_stack((points._x, points._y)), POINTS[points.rows])
    for row, style in zip(points.rows, points._style, strict=True):
        marker = points._markers[style]
        above = POINTS[row, 1] > 0
        assert marker.shape == ("circle" if above else "square")  # not by colour alone
        colour = bench.theme.color("positive" if above else "negative")
        test = row in prepared.test
        assert (marker.edge if test else marker.fill) == colour
        assert marker.size == (6.5 if test else 8.0)


def test_a_click_on_a_sample_takes_it_into_view(open_bench, qtbot) -> None:
    bench, plot = opened(open_bench, rising())
    view = plot.picture_of("plane")
    for sample in (int(POINTS[:, 0].argmax()), int(POINTS[:, 1].argmin())):  # far from all others
        place = view.place_of(sample)
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place.toPoint())
        bench.settle()
        assert bench.controller.view.sample == sample
        assert bench.session.snapshot.probe.sample == sample
        assert view.scene_.sample == sample
    before = bench.controller.view.sample
    corner = view.area.rect.topLeft() + QPointF(1.0, 1.0)
    if view.points.nearest(view.area, corner) is None:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=corner.toPoint())
        assert bench.controller.view.sample == before


def test_arrow_keys_go_from_sample_to_sample(open_bench, qtbot) -> None:
    bench, plot = opened(open_bench, rising())
    view = plot.picture_of("plane")
    for key, sample in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_PageDown, 11), (Qt.Key.Key_Left, 10)):
        qtbot.keyClick(view, key)
        assert bench.controller.view.sample == sample


def test_of_more_than_two_thousand_samples_a_part_is_drawn_and_that_is_said(open_bench) -> None:
    x = RNG.normal(size=(2500, 2))
    samples = Samples(x, labels=(x[:, 0] > 0).astype(int), classes=("l", "r"), task="classification")
    _, plot = opened(open_bench, build((2, 1), "sigmoid", data=table(samples)))
    view = plot.picture_of("plane")
    assert len(view.points.rows) == 2000
    assert view._note.lines[0].text == "2,000 of 2,500 samples drawn"
    assert view.place_of(2499) is not None


def test_features_do_not_change_the_plane(open_bench) -> None:
    bench, plot = opened(open_bench, None)
    extent = plot.picture_of("plane").area.range
    bench.controller.edit("Features", set_features, ("x1", "x1_squared"))
    bench.settle()
    assert plot.mode == "plane" and plot.picture_of("plane").area.range == extent


# -- over one input ---------------------------------------------------------------------------------------


def test_the_fit_is_the_networks_output_over_the_input(open_bench) -> None:
    bench, plot = opened(open_bench, one_input())
    view, p = plot.picture_of("fit"), bench.session.snapshot.parameters
    hidden = np.tanh(view.curve.x[:, None] @ p.weights["C1"].T + p.biases["L1"])
    np.testing.assert_allclose(view.curve.y, (hidden @ p.weights["C2"].T + p.biases["L2"])[:, 0], atol=1e-12)
    assert view.place_of(0) == QPointF(view.area.x(-2.0), view.area.y(4.0))
    low, high = view.area.range[2:]
    assert low <= 0.0 and high >= 4.0


def test_a_fit_that_has_gone_astray_does_not_flatten_the_data(open_bench) -> None:
    bench, plot = opened(open_bench, one_input())
    bench.controller.edit("Weight", set_weight, "C2", 0, 0, 1e6)
    bench.settle()
    low, high = plot.picture_of("fit").area.range[2:]
    assert high - low < 20.0


# -- classes ----------------------------------------------------------------------------------------------


def test_the_confusion_matrix_counts_train_or_test(open_bench) -> None:
    bench, plot = opened(open_bench, many_classes())
    view = plot.picture_of("confusion")
    train, test = bench.session.snapshot.confusion
    assert view.shown.counts is test and view.shown.total == len(bench.session.prepared.test)
    plot.train_action.trigger()
    assert view.shown.counts is train
    assert plot.windowTitle().startswith("Confusion matrix")
    right = int(np.trace(train))
    plot.describe()
    assert plot.accessibleDescription() == (
        f"Confusion matrix. Training: {100 * right / train.sum():.1f} % right, {right} of {train.sum()}"
    )


def test_a_cell_of_the_matrix_says_what_it_counts(open_bench) -> None:
    _, plot = opened(open_bench, many_classes())
    view = plot.picture_of("confusion")
    view.grab()
    grid = view._grid
    assert view.cell_at(grid.topLeft() + QPointF(1, 1)) == (0, 0)
    assert view.cell_at(grid.bottomRight() - QPointF(1, grid.height() * 0.5)) == (1, 2)
    assert view.cell_at(QPointF(0, 0)) is None
    assert view.shown.cell_words(2, 0).startswith("true <b>c</b>, predicted a: ")


@pytest.mark.parametrize("size", [(200, 130), (260, 180), (600, 420)])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_matrix_is_painted_at_every_size(open_bench, size, mode) -> None:
    bench, plot = opened(open_bench, many_classes(), size)
    bench.theme.set_mode(mode)
    view = plot.picture_of("confusion")
    assert isinstance(view, ConfusionView)
    image = view.grab().toImage()
    assert image.pixelColor(0, image.height() - 1) == bench.theme.color("panel")
    grid = view._grid
    assert view.rect().toRectF().contains(grid)
    colours = {
        image.pixelColor(int(grid.left() + grid.width() * (k + 0.15) / 3), int(grid.top() + 2)).name()
        for k in range(3)
    }
    assert bench.theme.color("panel").name() not in colours


def test_a_classification_over_the_plane_offers_its_matrix_too(open_bench) -> None:
    _, plot = opened(open_bench, rising())
    assert [a.text() for a in plot._mode_menu.actions()] == ["Output over the plane", "Confusion matrix"]
    plot._mode_menu.actions()[1].trigger()
    assert plot.mode == "confusion"
    assert plot.picture_of("confusion").shown.classes == ("below", "above")


# -- predicted and true ---------------------------------------------------------------------------------


def test_predictions_are_the_networks_outputs_for_every_sample(open_bench) -> None:
    bench, plot = opened(open_bench, many_inputs(2))
    plot.set_output(1)
    bench.settle()
    project, prepared = bench.session.project, bench.session.prepared
    net = Network(network_spec(project))
    outputs = Evaluator(net, Views(net.layout, flatten(net, project, project.parameters))).outputs(prepared.x)
    view = plot.picture_of("truth")
    np.testing.assert_array_equal(view.points._y, outputs[view.points.rows, 1])
    np.testing.assert_array_equal(view.points._x, prepared.y[view.points.rows, 1])


# -- in general -----------------------------------------------------------------------------------------


def test_a_document_that_cannot_be_computed_shows_why(open_bench) -> None:
    project = rising()
    layers = (*project.layers[:-1], replace(project.layers[-1], activation="from_the_future"))
    bench, plot = opened(open_bench, replace(project, layers=layers))
    label = bench.find(QLabel, "output_plot_message")
    assert label.isVisible() and "from_the_future" in label.text()
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert plot.numbers() == "" and plot.mode == ""


def test_nothing_is_drawn_while_hidden(open_bench, monkeypatch) -> None:
    bench, plot = opened(open_bench, rising())
    drawn: list[int] = []
    monkeypatch.setattr(plot, "refresh", lambda: drawn.append(1))
    plot.hide()
    bench.session.run(epochs=3)
    bench.settle()
    bench.controller.view.set_sample(4)
    bench.settle()
    assert drawn == []
    plot.show()
    assert drawn == [1]


def test_the_theme_reaches_picture_and_samples_at_once(open_bench) -> None:
    bench, plot = opened(open_bench, rising())
    light = shown_value(plot, 0.0, 0.5)
    bench.theme.set_mode("dark")
    view = plot.picture_of("plane")
    assert shown_value(plot, 0.0, 0.5) == view._tables["heat"][-1] != light
    assert view.points._markers[1].fill == bench.theme.color("positive")


@pytest.mark.parametrize("make", [rising, three_classes, one_input, many_classes, many_inputs])
def test_every_picture_can_be_saved_and_its_numbers_copied(open_bench, make) -> None:
    _, plot = opened(open_bench, make())
    image = QImage.fromData(png(plot.picture()))
    assert image.width() >= 3 * 200
    assert (
        len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}) > 3
    )
    assert "<svg" in svg(plot.picture(), plot.windowTitle()).decode()
    plot.copy_action.trigger()
    rows = [row.split("\t") for row in QGuiApplication.clipboard().text().splitlines()]
    assert len(rows) >= 4 and len({len(row) for row in rows}) == 1
    assert all(np.isfinite(float(v)) for row in rows[1:] for v in row[1:])


def test_the_description_names_scores_and_the_sample_in_view(open_bench) -> None:
    bench, plot = opened(open_bench, rising())
    bench.controller.view.set_sample(2)
    bench.settle()
    plot.describe()
    text = plot.accessibleDescription()
    metric = bench.session.snapshot.metrics[0]
    assert f"Accuracy train {metric.train:.4f}" in text
    assert f"sample 3, {'test' if 2 in bench.session.prepared.test else 'training'}: x₁ " in text
    assert ("above" if POINTS[2, 1] > 0 else "below") in text
