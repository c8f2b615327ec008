"""Neurons' pictures over the input plane."""

from __future__ import annotations

import numpy as np
import pytest

from nnsim.engine.snapshot import Plane
from nnsim.model.build import build, default_project
from nnsim.model.prepared import prepare, samples_of
from nnsim.ui.canvas.picture_choice import dot_of, wants_pictures
from nnsim.ui.canvas.pictures import layer_picture, shades, span_of

TABLE = np.arange(256, dtype=np.uint32)


def flat(value: float) -> np.ndarray:
    return np.full((1, 4, 4), value, dtype=np.float32)


def test_zero_is_the_middle_of_the_range_where_there_is_one() -> None:
    assert span_of("sigmoid") == (0.5, 0.5)
    assert span_of("tanh") == (0.0, 1.0)
    assert span_of("relu") == (0.0, None)
    assert span_of("an activation of tomorrow") == (0.0, None)


def test_an_unbounded_neuron_is_measured_by_its_own_picture() -> None:
    values = np.array([[[0.0, 20.0], [10.0, -5.0]], [[0.0, 0.2], [0.1, 0.0]]], dtype=np.float32)
    shaded = shades(values, *span_of("linear"))
    assert shaded[0].ravel() == pytest.approx([0.0, 1.0, 0.5, -0.25])
    assert shaded[1].ravel() == pytest.approx([0.0, 1.0, 0.5, 0.0])


def test_a_bounded_neuron_that_hardly_varies_looks_pale() -> None:
    assert np.abs(shades(flat(0.52), *span_of("sigmoid"))).max() < 0.2
    assert np.abs(shades(flat(0.99), *span_of("sigmoid"))).max() == pytest.approx(1.0)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0.0])
def test_numbers_that_are_not_finite_do_not_disturb(value: float) -> None:
    assert np.isfinite(shades(flat(value), *span_of("relu"))).all()


def test_a_layers_picture_holds_all_its_neurons_one_under_the_other() -> None:
    values = np.stack([flat(-1.0)[0], flat(1.0)[0], flat(0.0)[0]])
    made = layer_picture(values, "tanh", TABLE)
    assert (made.image.width(), made.image.height(), made.count) == (4, 12, 3)
    pixels = [int(made.pixels[row, 0]) for row in (0, 4, 8)]
    assert pixels == [0, 255, 128]
    assert made.image.pixel(0, 0) & 0xFFFFFF == 0 and made.image.pixel(0, 4) & 0xFFFFFF == 255


def test_pictures_are_shown_by_themselves_where_there_is_a_plane_with_a_pattern() -> None:
    project = default_project()
    prepared = prepare(project, samples_of(project.data))
    assert wants_pictures("auto", prepared, before=False)
    assert not wants_pictures("off", prepared, before=True)
    assert wants_pictures("auto", None, before=True) and not wants_pictures("auto", None, before=False)


def test_the_sample_in_view_is_a_dot_where_its_inputs_are() -> None:
    project = build((2, 2, 1))
    prepared = prepare(project, samples_of(project.data))
    x1, x2 = prepared.samples.inputs[3]
    plane = Plane((x1 - 1.0, x1 + 3.0, x2 - 3.0, x2 + 1.0), ())
    assert dot_of(plane, prepared, 3) == pytest.approx((0.25, 0.25))
    assert dot_of(None, prepared, 3) is None and dot_of(plane, prepared, -1) is None
    far = Plane((x1 + 1.0, x1 + 2.0, 0.0, 1.0), ())
    assert dot_of(far, prepared, 3) is None
