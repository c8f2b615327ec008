"""The output plot's colours, and painting it elsewhere than on the screen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from nnsim.core.activations import ACTIVATIONS
from nnsim.core.datasets.base import Samples
from nnsim.model.build import build
from nnsim.model.project import Data
from nnsim.ui.plots.output_plot import OutputPlot

POINTS = np.random.default_rng(0).uniform(-1.0, 1.0, (40, 2))


def opened(open_bench: Any, activation: str) -> OutputPlot:
    labels = (POINTS[:, 1] > 0).astype(int)
    samples = Samples(POINTS, labels=labels, classes=("l", "r"), task="classification")
    bench = open_bench(build((2, 1), activation, data=Data("table", samples=samples)))
    plot: OutputPlot = bench.show(OutputPlot, 380, 260)
    return plot


@pytest.mark.parametrize("key", ["sigmoid", "tanh"])
def test_colours_of_outputs_reach_over_the_activations_range(open_bench: Any, key: str) -> None:
    plot = opened(open_bench, key)
    assert (plot._scene.low, plot._scene.high) == (ACTIVATIONS[key].low, ACTIVATIONS[key].high)


def test_a_painter_can_be_handed_a_picture_of_any_size(open_bench: Any) -> None:
    plot = opened(open_bench, "tanh")
    image = QImage(100, 60, QImage.Format.Format_RGB32)
    image.fill(0)
    with QPainter(image) as painter:
        plot.picture().paint(painter, image.rect().toRectF())
    assert len({image.pixel(x, 30) for x in range(100)}) > 5
