"""The loss plot: curves, scales, earlier runs, crosshair."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit

from nnsim.core.curves import CAPACITY, Curves
from nnsim.model.edits.data import set_data_options
from nnsim.model.edits.parameters import new_weights, start_weights
from nnsim.model.edits.training import set_training
from nnsim.session.session import Session
from nnsim.ui.plots.export import png, svg, write_picture
from nnsim.ui.plots.loss_plot import EMPTY_TEXT, LossPlot
from nnsim.ui.plots.placing import dense


@pytest.fixture
def plot(bench: Any) -> LossPlot:
    return bench.show(LossPlot, 360, 220)


def train(bench: Any, epochs: int) -> None:
    bench.session.run(epochs=epochs)
    bench.settle()


def show_losses(bench: Any, monkeypatch: pytest.MonkeyPatch, losses: list[float], test: list[float]) -> None:
    """Let the engine seem to have reported these losses."""
    curves = Curves(np.arange(len(losses)), np.array(losses, float), np.array(test, float))
    fake = replace(
        bench.session.snapshot,
        curves=curves,
        furthest_curves=curves,
        epoch=len(losses) - 1,
        train_loss=losses[-1],
        test_loss=test[-1],
    )
    monkeypatch.setattr(Session, "snapshot", property(lambda _: fake))
    bench.controller.snapshot_changed.emit(fake)


def edit(bench: Any, verb: Any, **fields: Any) -> None:
    bench.controller.edit("Edit", verb, **fields)
    bench.settle()


def test_before_the_first_epoch_it_says_what_to_do(bench, plot) -> None:
    plot.describe()
    assert plot.accessibleDescription() == EMPTY_TEXT == "No epochs yet. Press Run."
    assert plot.view().words_rect() is None and not len(plot.view().train.x)


def test_the_mark_of_an_earlier_moment_goes_with_its_curve(bench, plot) -> None:
    train(bench, 5)
    bench.controller.seek(0)
    bench.settle()
    assert plot.view()._cross is not None
    edit(bench, set_training, batch_size=7)
    assert len(bench.session.snapshot.furthest_curves) < 2
    assert plot.view()._cross is None


def test_the_curves_are_the_snapshots_losses_over_epochs(bench, plot) -> None:
    train(bench, 40)
    curves = bench.session.snapshot.curves
    assert len(curves) == 41
    view = plot.view()
    np.testing.assert_array_equal(view.train.x, curves.epoch)
    np.testing.assert_array_equal(view.train.y, curves.train)
    np.testing.assert_array_equal(view.test.y, curves.test)
    assert view.area.range == (0.0, 40.0, 0.0, view.area.range[3])
    assert view.area.range[3] >= max(curves.train.max(), curves.test.max())


def test_the_description_says_losses_and_epochs(bench, plot) -> None:
    train(bench, 12)
    plot.describe()
    s = bench.session.snapshot
    assert plot.accessibleDescription() == (
        f"train loss {s.train_loss:.4f}, test loss {s.test_loss:.4f} after 12 epochs"
    )


def test_the_log_switch_shows_powers_of_ten_and_back(bench, plot) -> None:
    train(bench, 30)
    plot.log_action.trigger()
    curves = bench.session.snapshot.curves
    np.testing.assert_allclose(plot.view().train.y, np.log10(curves.train), atol=1e-12)
    assert plot.log
    plot.log_action.trigger()
    np.testing.assert_array_equal(plot.view().train.y, curves.train)


def test_a_log_scale_puts_zeros_at_its_lower_edge_and_says_so(bench, plot, monkeypatch) -> None:
    show_losses(bench, monkeypatch, [1.0, 0.01, 0.0, 0.1], [np.nan] * 4)
    plot.log_action.trigger()
    assert plot.view().train.y.tolist() == [0.0, -2.0, -2.0, -1.0]
    assert plot.view().area.range[2] == -2.0
    assert plot.view()._note is not None
    show_losses(bench, monkeypatch, [0.0, 0.0, -1.0], [np.nan] * 3)
    assert plot.view().words_rect() is None and plot.view()._message is not None


def test_losses_that_are_not_finite_leave_gaps_and_no_test_set_no_curve(bench, plot, monkeypatch) -> None:
    show_losses(bench, monkeypatch, [1.0, 0.5, np.inf, np.nan, 0.2, 0.1], [np.nan] * 6)
    view = plot.view()
    assert view.train.x.tolist() == [0, 1, 4, 5]
    assert view.train.item.opts["connect"].tolist() == [1, 0, 1, 0]
    assert not len(view.test.x)
    assert len(view._words.lines) == 2  # epoch and train: no line for what does not exist
    assert view.area.range[3] == 1.0


@pytest.mark.parametrize("verb", [start_weights, new_weights])
def test_a_reset_keeps_the_curve_for_comparison_until_it_is_cleared(bench, plot, verb) -> None:
    train(bench, 15)
    first = bench.session.snapshot.curves
    edit(bench, verb)
    assert plot.earlier == (first,)
    np.testing.assert_array_equal(plot.view().earlier[0].y, first.train)
    train(bench, 5)
    assert plot.earlier == (first,)
    plot.clear_action.trigger()
    assert plot.earlier == () and not len(plot.view().earlier[0].x)
    assert len(plot.view().train.x) == 6


def test_what_to_do_is_written_in_the_middle_but_never_across_an_earlier_run(
    bench, plot, monkeypatch
) -> None:
    view = plot.view()
    assert view.message_rect().center() == view.area.rect.center()
    x = np.arange(200)
    for losses in (np.exp(-x / 30), np.full(200, 0.5), 0.5 + 0.45 * np.sin(x / 9)):
        plot._runs.forget()
        with monkeypatch.context() as patch:
            show_losses(bench, patch, losses.tolist(), losses.tolist())
            show_losses(bench, patch, [0.5], [0.5])  # begun anew
            assert len(plot.earlier) == 1
            box, curve = view.message_rect(), view.earlier[0]
        if box is not None:
            assert view.area.rect.contains(box)
            cx, cy = dense(view.area.x(curve.x), view.area.y(curve.y))
            assert not ((cx > box.left()) & (cx < box.right()) & (cy > box.top()) & (cy < box.bottom())).any()
        assert box is not None or losses[50] != 0.5


def test_a_run_is_kept_also_while_the_plot_is_hidden(bench, plot) -> None:
    plot.hide()
    train(bench, 10)
    first = bench.session.snapshot.curves
    edit(bench, new_weights)
    plot.show()
    assert plot.earlier == (first,)


def test_another_document_begins_without_earlier_runs(bench, plot) -> None:
    train(bench, 10)
    edit(bench, new_weights)
    assert len(plot.earlier) == 1
    bench.session.new()
    bench.settle()
    assert plot.earlier == ()


def test_undo_and_redo_of_a_run_leave_no_copy_behind(bench, plot) -> None:
    train(bench, 10)
    bench.session.undo()
    bench.settle()
    assert plot.earlier == () and len(plot.view().ahead.x) == 11  # it lies ahead now
    bench.session.redo()
    bench.settle()
    assert plot.earlier == () and len(plot.view().train.x) == 11


def test_another_loss_hides_the_curves_of_the_first(bench, plot) -> None:
    train(bench, 10)
    edit(bench, set_training, loss="mse_mean")
    assert plot.earlier == ()
    edit(bench, set_training, loss="mse_half")
    assert len(plot.earlier) == 1


def test_the_crosshair_names_the_nearest_epoch_and_its_losses(bench, plot) -> None:
    train(bench, 20)
    view, curves = plot.view(), bench.session.snapshot.curves
    view.hovered.emit(QPointF(view.area.x(7.3), view.area.rect.center().y()))
    assert [line.value for line in view._words.lines] == [
        "7", f"{curves.train[7]:.4f}", f"{curves.test[7]:.4f}",
    ]  # fmt: skip
    assert view._cross == (7.0, (curves.train[7], curves.test[7]))
    view.hovered.emit(None)
    assert view._cross is None and view._words.lines[0].value == "20"


def test_arrow_keys_walk_along_the_curve(bench, plot, qtbot) -> None:
    train(bench, 20)
    plot.view().setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(plot.view(), Qt.Key.Key_PageUp)
    qtbot.keyClick(plot.view(), Qt.Key.Key_Left)
    assert plot.view()._words.lines[0].value == "9"
    assert plot.accessibleDescription().endswith("at epoch 9")


def test_the_words_never_lie_on_the_curves(bench, plot, monkeypatch) -> None:
    x = np.arange(200)
    shapes = {
        "falling": np.exp(-x / 30), "rising": x / 200 + 0.01, "flat at the top": np.full(200, 1.0) - x * 1e-6,
        "wave": 0.5 + 0.45 * np.sin(x / 9), "late": np.where(x < 150, 1.0, 0.1),
    }  # fmt: skip
    view = plot.view()
    for name, losses in shapes.items():
        plot._runs.forget()
        view.forget_places()
        show_losses(bench, monkeypatch, losses.tolist(), (losses * 0.9).tolist())
        words = view.words_rect()
        assert words is not None, name
        assert view.area.rect.adjusted(-1, -1, 1, 1).contains(words)
        for curve in (view.train, view.test):
            cx, cy = dense(view.area.x(curve.x), view.area.y(curve.y))
            on = (cx > words.left()) & (cx < words.right()) & (cy > words.top()) & (cy < words.bottom())
            assert not on.any(), name


def test_an_unchanged_curve_is_not_drawn_again(bench, plot, monkeypatch) -> None:
    train(bench, 10)
    drawn: list[int] = []
    monkeypatch.setattr(plot.view(), "_draw_curves", lambda: drawn.append(1))
    bench.controller.snapshot_changed.emit(replace(bench.session.snapshot, step=7))
    assert drawn == []


def test_during_a_run_the_curve_is_drawn_in_its_turn_and_at_the_end(bench, plot, monkeypatch) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(plot, "refresh", lambda: drawn.append(1))
    other = QLabel("another view", plot)
    other.show()
    bench.controller.turns.join(other)
    running = replace(bench.session.snapshot, running=True)
    for _ in range(10):
        bench.controller.turns.go_on(running=True)
        bench.controller.snapshot_changed.emit(running)
    assert len(drawn) == 5
    bench.controller.turns.go_on(running=False)
    bench.controller.snapshot_changed.emit(bench.session.snapshot)
    assert len(drawn) == 6


def test_nothing_is_drawn_while_hidden(bench, plot, monkeypatch) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(plot, "refresh", lambda: drawn.append(1))
    plot.hide()
    train(bench, 5)
    assert drawn == []
    plot.show()
    assert drawn == [1]


def test_the_wheel_zooms_and_reset_view_shows_the_whole_again(bench, plot) -> None:
    train(bench, 20)
    view = plot.view()
    whole = view.area.range
    view.box.scaleBy((0.3, 0.3))
    view.box.sigRangeChangedManually.emit([True, True])
    assert view.zoomed and view.area.range[1] - view.area.range[0] < 0.5 * whole[1]
    train(bench, 5)
    assert view.zoomed  # a run does not take the view away
    assert plot.reset_action.isEnabled() and not plot._reset_tool.isHidden()
    plot.reset_action.trigger()
    assert not view.zoomed and view.area.range[:2] == (0.0, 25.0)
    assert not plot.reset_action.isEnabled() and plot._reset_tool.isHidden()


def test_where_one_looks_closely_at_a_long_run_every_epoch_is_there(bench, plot) -> None:
    edit(bench, set_data_options, count=20)
    train(bench, CAPACITY + 200)
    view, held = plot.view(), bench.session.snapshot.curves
    assert held.epoch[1] == 2
    view.box.scaleBy((0.01, 1.0))
    view.box.sigRangeChangedManually.emit([True, True])
    bench.qtbot.waitUntil(lambda: np.diff(view.train.x).max() == 1.0)
    low, high = view.area.range[:2]
    assert view.train.x.min() <= low + 1 and view.train.x.max() >= high - 1 and len(view.train.x) > 30
    kept = np.isin(view.train.x, held.epoch)
    where = np.searchsorted(held.epoch, view.train.x[kept])
    np.testing.assert_array_equal(view.train.y[kept], held.train[where])
    odd = next(i for i, x in enumerate(view.train.x) if x % 2 and low < x < high)
    rect = view.area.rect
    bench.qtbot.mouseMove(
        view.viewport(), QPointF(view.area.x(view.train.x[odd]), rect.center().y()).toPoint()
    )
    assert any(w.value == f"{int(view.train.x[odd]):,}" for w in view._lines)
    plot.reset_action.trigger()
    assert bench.controller.view.request.curve is None


def test_zooming_out_never_leaves_the_whole(bench, plot) -> None:
    train(bench, 20)
    whole = plot.view().area.range
    plot.view().box.scaleBy((5.0, 5.0))
    plot.view().box.sigRangeChangedManually.emit([True, True])
    assert plot.view().area.range == pytest.approx(whole) and not plot.view().zoomed


def test_the_numbers_are_copied_as_a_table(bench, plot) -> None:
    train(bench, 3)
    plot.copy_action.trigger()
    rows = [row.split("\t") for row in QGuiApplication.clipboard().text().splitlines()]
    curves = bench.session.snapshot.curves
    assert rows[0] == ["epoch", "train loss", "test loss"]
    assert [int(r[0]) for r in rows[1:]] == [0, 1, 2, 3]
    assert [float(r[1]) for r in rows[1:]] == curves.train.tolist()


def test_the_picture_can_be_saved_as_png_and_as_svg(bench, plot, tmp_path) -> None:
    train(bench, 10)
    image = QImage.fromData(png(plot.picture()))
    assert image.size() == plot.view().size() * 3
    assert image.pixelColor(image.width() - 2, 1) == bench.theme.color("panel")
    assert "<svg" in svg(plot.picture(), "Loss").decode()
    said: list[tuple[str, str]] = []
    path = tmp_path / "loss.svg"
    assert write_picture(plot.picture(), path, "Loss", lambda *m: said.append(m))
    assert path.read_text().count("<path") + path.read_text().count("<polyline") > 5
    assert said[0][1] == "info" and [p.name for p in tmp_path.iterdir()] == ["loss.svg"]


def test_a_picture_that_cannot_be_written_is_reported_and_leaves_nothing(bench, plot, tmp_path) -> None:
    said: list[tuple[str, str]] = []
    missing = tmp_path / "nowhere" / "loss.png"
    assert not write_picture(plot.picture(), missing, "Loss", lambda *m: said.append(m))
    assert said[0][1] == "error" and "loss.png" in said[0][0]
    assert list(tmp_path.iterdir()) == []


def test_save_picture_asks_without_blocking(bench, plot, tmp_path, qtbot) -> None:
    plot.save_picture()
    dialog = plot.findChild(QFileDialog, "save_picture_dialog")
    assert dialog is not None and dialog.isVisible()
    target = tmp_path / "curve.png"
    dialog.findChild(QLineEdit).setText(str(target))
    dialog.accept()
    assert target.exists() and "curve.png" in bench.notices[-1][0]


def test_the_menu_opens_from_its_button(bench, plot, qtbot) -> None:
    strip = plot.title_widgets()[0]
    qtbot.addWidget(strip)
    strip.show()
    qtbot.mouseClick(
        strip.findChild(type(plot._more), "loss_plot_menu_button"),
        Qt.MouseButton.LeftButton,
        pos=QPoint(5, 5),
    )
    assert plot.menu.isVisible()
    assert not plot.reset_action.isEnabled()
    plot.menu.close()
