"""What the plots compute before anything is drawn: ticks, ranges, curves, places for words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.curves import Curves
from nnsim.engine.snapshot import Probe
from nnsim.model.project import Layer, Parameters
from nnsim.ui.plots.activation_curve import Extent, Subject, curve_of, names_of, others_of
from nnsim.ui.plots.heat import HeatPicture, interpolation
from nnsim.ui.plots.loss_plot import nearest
from nnsim.ui.plots.loss_range import epoch_reach, loss_range, positions
from nnsim.ui.plots.loss_runs import KEPT, LossRuns
from nnsim.ui.plots.output_data import MOST_POINTS, brief, pretty, rows_note, shown_rows
from nnsim.ui.plots.placing import Room, dense
from nnsim.ui.plots.thinning import dashes, finite, straightened, thin
from nnsim.ui.plots.ticks import linear_ticks, log_ticks, nice_ceiling

FINITE = st.floats(-1e6, 1e6, allow_nan=False)


def curves(train: list[float], test: list[float] | None = None, stride: int = 1) -> Curves:
    """A curve with these losses, a point every ``stride`` epochs."""
    test = [v + 0.1 for v in train] if test is None else test
    return Curves(np.arange(len(train)) * stride, np.array(train, float), np.array(test, float))


# -- ticks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "most", "labels"),
    [
        (0.0, 0.3, 3, ["0", "0.1", "0.2", "0.3"]),
        (-6.0, 6.0, 4, ["−5", "0", "5"]),
        (0.0, 1.0, 2, ["0", "0.5", "1.0"]),
        (0.0, 40000.0, 4, ["0", "10k", "20k", "30k", "40k"]),
        (0.0, 3e6, 3, ["0", "1M", "2M", "3M"]),
        (0.0, 0.00002, 2, ["0", "1e−5", "2e−5"]),
    ],
)
def test_ticks_are_round_numbers_with_the_digits_they_need(low, high, most, labels) -> None:
    assert [t.label for t in linear_ticks(low, high, most)] == labels


@given(st.floats(-1e9, 1e9), st.floats(1e-9, 1e9), st.integers(1, 12))
def test_ticks_lie_within_their_axis_and_differ_in_their_labels(low, span, most) -> None:
    high = low + span
    ticks = linear_ticks(low, high, most)
    assert len(ticks) <= most + 1
    slack = 1e-6 * max(abs(low), abs(high))
    assert all(low - slack <= t.position <= high + slack for t in ticks)
    if span > 1e-6 * abs(low):
        assert len({t.label for t in ticks}) == len(ticks)


def test_ticks_of_whole_numbers_have_no_fractions() -> None:
    assert [t.label for t in linear_ticks(0.0, 2.0, 8, whole=True)] == ["0", "1", "2"]


def test_log_ticks_are_decades_and_fewer_where_there_are_many() -> None:
    assert [t.label for t in log_ticks(-3.0, 0.0, 4)] == ["0.001", "0.01", "0.1", "1"]
    assert [t.label for t in log_ticks(-12.0, 0.0, 3)] == ["10⁻¹⁰", "10⁻⁵", "1"]


def test_log_ticks_within_a_decade_name_numbers_between() -> None:
    assert [t.label for t in log_ticks(-0.5, 0.25, 5)] == ["0.4", "0.5", "0.6", "0.8", "1"]


@given(st.floats(1e-200, 1e200))
def test_a_nice_ceiling_is_not_below_and_not_far_above(value) -> None:
    assert value <= nice_ceiling(value) * (1 + 1e-8) and nice_ceiling(value) <= 2.0 * value


# -- curves ----------------------------------------------------------------------------------------------


def test_points_that_are_not_finite_are_left_out_and_break_the_line() -> None:
    x = np.arange(6.0)
    y = np.array([0.0, 1.0, np.nan, np.inf, 4.0, 5.0])
    fx, fy, joined = finite(x, y)
    assert fx.tolist() == [0, 1, 4, 5] and fy.tolist() == [0, 1, 4, 5]
    assert joined.tolist() == [True, False, True, False]


@given(st.lists(FINITE, min_size=1, max_size=400), st.integers(1, 50))
def test_a_thinned_curve_keeps_its_ends_and_extremes(values, columns) -> None:
    y = np.array(values)
    index = thin(y, columns)
    assert index[0] == 0 and index[-1] == len(y) - 1
    assert y[index].min() == y.min() and y[index].max() == y.max()
    assert np.all(np.diff(index) > 0)
    assert len(index) <= max(len(y) if len(y) <= 2 * columns + 2 else 0, 6 * columns + 2)


@given(st.lists(st.floats(-5.0, 5.0), min_size=2, max_size=300), st.floats(0.1, 50.0))
def test_a_straightened_curve_looks_the_same(values, height) -> None:
    x, y = np.arange(float(len(values))), np.array(values)
    kept = straightened(x, y, (1.0, height))
    assert kept[0] == 0 and kept[-1] == len(y) - 1
    assert away_from_line(x, y * height, kept).max() < 0.5


def away_from_line(x, y, kept) -> np.ndarray:
    """How far each point is from the polyline through the kept ones."""
    start, end = np.column_stack((x, y))[kept[:-1]], np.column_stack((x, y))[kept[1:]]
    run = end - start
    points = np.column_stack((x, y))[:, None, :]
    share = np.clip(((points - start) * run).sum(-1) / (run * run).sum(-1), 0.0, 1.0)
    return np.hypot(*np.moveaxis(points - start - share[..., None] * run, -1, 0)).min(axis=1)


def test_a_smooth_curve_is_drawn_with_few_points_and_a_jagged_one_with_all() -> None:
    x = np.arange(800.0)
    smooth = straightened(x, np.exp(-x / 150.0), (0.5, 120.0))
    assert len(smooth) < 100
    error = np.interp(x, x[smooth], np.exp(-x[smooth] / 150.0)) - np.exp(-x / 150.0)
    assert np.abs(error).max() * 120.0 < 0.5
    assert len(straightened(x, x % 2, (1.0, 100.0))) == 800


def test_dashes_cover_their_share_of_the_line_and_lie_on_it() -> None:
    x = np.linspace(0.0, 10.0, 50)
    px, py = dashes(x, 2.0 * x, np.ones(50, dtype=bool), (10.0, 10.0), 6.0, 4.0)
    assert len(px) % 2 == 0
    np.testing.assert_allclose(py, 2.0 * px, atol=1e-9)
    drawn = np.hypot(np.diff(px)[::2] * 10.0, np.diff(py)[::2] * 10.0).sum()
    whole = np.hypot(100.0, 200.0)
    assert drawn == pytest.approx(0.6 * whole, rel=0.05)


def test_dashes_leave_out_what_is_not_joined() -> None:
    x = np.array([0.0, 1.0, 5.0, 6.0])
    px, _ = dashes(x, np.zeros(4), np.array([True, False, True, False]), (100.0, 1.0), 6.0, 4.0)
    assert not np.any((px > 1.0 + 1e-9) & (px < 5.0 - 1e-9))


# -- activations -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [entry.key for entry in ACTIVATIONS if not entry.vector])
def test_the_curve_is_the_cores_activation_and_derivative(key) -> None:
    layer = Layer("L1", 1, key)
    curve = curve_of(layer, -6.0, 10.0)
    entry = ACTIVATIONS[key]
    np.testing.assert_array_equal(curve.a, entry.value(curve.z))
    np.testing.assert_array_equal(curve.slope, entry.derivative(curve.z, entry.numbers({})))
    assert curve.z[0] == -6.0 and curve.z[-1] == 10.0 and np.all(np.diff(curve.z) > 0)


def test_the_curve_of_a_kinked_activation_has_its_kink_at_zero_and_a_broken_derivative() -> None:
    curve = curve_of(Layer("L1", 1, "relu"), -6.0, 7.3)
    assert 0.0 in curve.z
    assert curve.jump is not None
    assert curve.slope[curve.jump - 1] == 0.0 and curve.slope[curve.jump] == 1.0
    assert curve_of(Layer("L1", 1, "elu"), -6.0, 6.0).jump is None


def test_the_softmax_curve_is_the_softmax_with_the_other_sums_held() -> None:
    z = np.array([0.3, -1.2, 2.0])
    nothing = Parameters({}, {})
    probe = Probe(0, z, (z, z), (z, z), (z, z), (z, z), (z, z), 0.0, nothing)
    curve = curve_of(Layer("L1", 3, "softmax"), -6.0, 6.0, others_of(probe, Subject(1, 1)))
    for i in (0, 77, 240):
        moved = np.array([[z[0], curve.z[i], z[2]]])
        a = ACTIVATIONS["softmax"].value(moved)[0, 1]
        assert curve.a[i] == pytest.approx(a, rel=1e-12)
        assert curve.slope[i] == pytest.approx(a * (1 - a), rel=1e-9)


def test_a_softmax_of_one_neuron_is_always_one() -> None:
    curve = curve_of(Layer("L1", 1, "softmax"), -6.0, 6.0, float("-inf"))
    assert np.all(curve.a == 1.0) and np.all(curve.slope == 0.0)


def test_derivatives_are_named_after_their_function() -> None:
    assert names_of(ACTIVATIONS["sigmoid"], 0) == ("σ′(z)", "σ′")
    assert names_of(ACTIVATIONS["tanh"], 0)[0] == "tanh′(z)"
    assert names_of(ACTIVATIONS["leaky_relu"], 0)[0] == "f′(z)"
    assert names_of(ACTIVATIONS["softmax"], 1)[1] == "∂a₂/∂z₂"


def test_the_extent_grows_in_steps_stands_still_and_comes_back_late() -> None:
    extent = Extent()
    assert extent.follow(np.array([5.0])) == (-6.0, 6.0)
    low, high = extent.follow(np.array([7.0]))
    assert (low, high) == (-6.0, 8.0)
    assert extent.follow(np.array([5.9])) == (-6.0, 8.0)  # no trembling around a border
    assert extent.follow(np.array([-70.0])) == (-80.0, 8.0)
    assert extent.follow(np.array([0.0])) == (-6.0, 8.0)
    assert extent.follow(np.array([1e9]))[1] >= 1e9


# -- places ----------------------------------------------------------------------------------------------


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.integers(0, 1000))
def test_words_are_put_where_nothing_is_drawn(nx, ny, seed) -> None:
    rng = np.random.default_rng(seed)
    x, y = np.linspace(0.0, 240.0, 40), np.clip(60.0 + np.cumsum(rng.normal(size=40) * 8.0), 0.0, 140.0)
    room = Room(240.0, 140.0)
    room.draw_line(x, y)
    found = room.find(60.0, 20.0, (nx * 240.0, ny * 140.0))
    if found is not None:
        left, top = found
        assert 0.0 <= left <= 180.0 and 0.0 <= top <= 120.0
        dx, dy = dense(x, y)
        assert not np.any((dx > left) & (dx < left + 60.0) & (dy > top) & (dy < top + 20.0))


def test_words_stay_where_they_are_while_that_place_is_free_and_near() -> None:
    room = Room(240.0, 140.0)
    first = room.find(60.0, 20.0, (10.0, 10.0))
    assert first is not None
    assert room.find(60.0, 20.0, (50.0, 30.0), previous=first) == first
    assert room.find(60.0, 20.0, (150.0, 100.0), previous=first) != first  # too far off by now
    room.draw_box(first[0], first[1], 10.0, 10.0)
    assert room.find(60.0, 20.0, (10.0, 10.0), previous=first) != first


def test_there_is_no_place_for_words_larger_than_the_room() -> None:
    assert Room(50.0, 20.0).find(80.0, 10.0, (0.0, 0.0)) is None


# -- losses ----------------------------------------------------------------------------------------------


def test_the_loss_axis_starts_at_zero_and_ends_at_a_round_number() -> None:
    found = loss_range([curves([0.29, 0.2, 0.05])], log=False)
    assert (found.low, found.high) == (0.0, 0.4)


def test_losses_that_are_not_finite_do_not_count_for_the_range() -> None:
    found = loss_range([curves([0.29, np.nan, np.inf, 0.05], [np.nan] * 4)], log=False)
    assert (found.low, found.high) == (0.0, pytest.approx(0.3))


def test_a_diverged_earlier_run_does_not_flatten_the_present_one() -> None:
    present, astray = curves([0.5, 0.4], [np.nan] * 2), curves([0.5, 1e30], [np.nan] * 2)
    assert loss_range([present, astray], log=False).high == 2.0


def test_a_log_axis_spans_decades_and_zeros_lie_at_its_lower_end() -> None:
    values = np.array([1.0, 0.01, 0.0, -1.0, np.nan, np.inf])
    found = loss_range([curves(values.tolist(), [np.nan] * 6)], log=True)
    assert (found.low, found.high) == (-2.0, 0.0)
    at = positions(values, True, found.low)
    assert at[:4].tolist() == [0.0, -2.0, -2.0, -2.0] and np.isnan(at[4:]).all()


def test_a_log_axis_reaches_twelve_decades_at_most() -> None:
    found = loss_range([curves([1.0, 1e-300], [np.nan] * 2)], log=True)
    assert found.high - found.low == 12.0


def test_the_nearest_point_of_a_curve_is_found_by_its_epoch() -> None:
    c = curves([1.0, 0.5, 0.2, 0.1], stride=4)
    assert [nearest(c, e) for e in (-3.0, 1.0, 3.0, 9.9, 99.0)] == [0, 0, 1, 2, 3]
    assert nearest(Curves.empty(), 3.0) is None


# -- runs ------------------------------------------------------------------------------------------------


def test_a_curve_that_goes_on_is_no_earlier_run() -> None:
    runs = LossRuns()
    for k in (0, 1, 2, 5):
        runs.observe(curves([0.5, 0.4, 0.3, 0.2, 0.1][:k]), "mse_half")
    assert runs.earlier() == ()


def test_new_weights_leave_the_old_curve_behind() -> None:
    runs, old = LossRuns(), curves([0.5, 0.4, 0.3])
    runs.observe(old, "mse_half")
    assert runs.observe(Curves.empty(), "mse_half")
    runs.observe(curves([0.6]), "mse_half")
    assert runs.earlier() == (old,)
    assert not runs.observe(runs.current, "mse_half")


def test_only_the_last_runs_are_kept() -> None:
    runs = LossRuns()
    for i in range(KEPT + 3):
        runs.observe(curves([0.5 + i, 0.4]), "mse_half")
        runs.observe(Curves.empty(), "mse_half")
    assert [float(c.train[0]) for c in runs.earlier()] == [3.5, 4.5, 5.5, 6.5, 7.5]


def test_a_run_that_is_undone_and_redone_is_not_compared_with_itself() -> None:
    runs, start, whole = LossRuns(), curves([0.5]), curves([0.5, 0.4, 0.3])
    runs.observe(whole, "mse_half")
    runs.observe(start, "mse_half")
    assert runs.earlier() == (whole,)
    runs.observe(curves([0.5, 0.4, 0.3]), "mse_half")
    assert runs.earlier() == ()


def test_a_run_repeated_beyond_its_length_takes_the_earlier_ones_place_also_when_thinned() -> None:
    losses = [1.0 / (i + 1) for i in range(9)]
    runs, old = LossRuns(), curves(losses[:5])
    runs.observe(old, "mse_half")
    runs.observe(curves(losses[:1]), "mse_half")
    assert runs.earlier() == (old,)
    runs.observe(curves(losses[::2], stride=2), "mse_half")
    assert runs.earlier() == ()


def test_curves_of_another_loss_are_not_shown_beside_it() -> None:
    runs, old = LossRuns(), curves([0.5, 0.4, 0.3])
    runs.observe(old, "mse_half")
    runs.observe(curves([2.0, 1.0]), "bce")
    assert runs.earlier() == ()
    runs.observe(Curves.empty(), "mse_half")
    assert runs.earlier() == (old,)


# -- pictures --------------------------------------------------------------------------------------------


def test_interpolation_keeps_constants_and_the_middles_of_cells() -> None:
    weights = interpolation(8, 40)
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-6)
    cells = np.arange(8, dtype=np.float32) ** 2
    fine = weights @ cells
    np.testing.assert_allclose(fine[2::5], cells, atol=1e-5)
    inner = weights @ np.arange(8, dtype=np.float32)
    np.testing.assert_allclose(inner[7:-7], ((np.arange(40) + 0.5) / 5 - 0.5)[7:-7], atol=1e-5)


def test_a_picture_colours_low_high_and_what_is_not_finite() -> None:
    picture = HeatPicture()
    picture.set_size(4, 4, 4)
    table = np.arange(256, dtype=np.uint32)
    values = np.zeros((4, 4), dtype=np.float32)
    values[0], values[1], values[2], values[3] = -5.0, np.nan, np.inf, -np.inf
    picture.show_values(values, -1.0, 1.0, table)
    assert picture.pixels[0].tolist() == [0] * 4
    assert picture.pixels[1].tolist() == [128] * 4
    assert picture.pixels[2].tolist() == [255] * 4
    assert picture.pixels[3].tolist() == [0] * 4


def test_a_picture_of_classes_has_the_colour_of_the_largest_output() -> None:
    picture = HeatPicture()
    picture.set_size(2, 2, 2)
    tables = np.stack([np.full(256, k + 1, dtype=np.uint32) for k in range(3)])
    values = np.array([[[0.9, 0.1], [0.1, 0.1]], [[0.0, 0.8], [0.2, 0.1]], [[0.1, 0.1], [0.7, 0.8]]])
    for sharp in (False, True):
        picture.show_classes(values.astype(np.float32), 0.0, tables, sharp)
        assert picture.pixels.tolist() == [[1, 2], [3, 3]]


def test_of_many_samples_always_the_same_are_drawn_and_that_is_said() -> None:
    assert shown_rows(MOST_POINTS).tolist() == list(range(MOST_POINTS)) and rows_note(MOST_POINTS) == ""
    some = shown_rows(12_000)
    assert len(set(some.tolist())) == MOST_POINTS and np.array_equal(some, shown_rows(12_000))
    assert rows_note(12_000) == "2,000 of 12,000 samples drawn"


def test_numbered_names_get_subscripts() -> None:
    assert [pretty(n) for n in ("x1", "x12", "petal width", "x", "12")] == [
        "x₁",
        "x₁₂",
        "petal width",
        "x",
        "12",
    ]


def test_brief_numbers_have_only_the_digits_they_need() -> None:
    assert [brief(v) for v in (1.0, -1.0, 0.25, 2.5e-05, 1e20, -3e-7)] == [
        "1", "−1", "0.25", "2.5e−5", "1e20", "−3e−7",
    ]  # fmt: skip


def test_a_long_earlier_run_does_not_squeeze_the_present_one() -> None:
    long = curves([1.0, 0.5], stride=1_000_000)
    assert epoch_reach((curves([]), long)) == 1_000_000
    assert epoch_reach((curves([1.0] * 11), long)) == 40
    assert epoch_reach((curves([1.0] * 11), curves([1.0] * 31))) == 30
    assert epoch_reach((long, curves([1.0] * 11))) == 1_000_000
    assert epoch_reach((curves([]),)) == 0
