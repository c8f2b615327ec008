"""The output over a single input: the samples and the curve the network lays through them.

Object name: ``output_plot_fit``.
"""

from __future__ import annotations

from nnsim.core.arrays import Array
from nnsim.engine.snapshot import Fit
from nnsim.ui.plots.frame import Axis
from nnsim.ui.plots.markers import Marker, test_marker, train_marker
from nnsim.ui.plots.output_data import Scene, fit_range
from nnsim.ui.plots.sample_view import SampleView
from nnsim.ui.theme import Theme


class FitView(SampleView):
    """Targets as points, outputs as a curve."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, zoomable=True)
        self.setObjectName("output_plot_fit")
        self.frame_item.zero_lines = True
        self.curve = self.add_curve("positive", "solid", 2.0)

    def places(self, scene: Scene) -> tuple[Array, Array]:
        return scene.prepared.samples.inputs[:, 0], scene.targets()

    def shade_marker(self, share: float, test: bool) -> Marker:
        make, color = test_marker if test else train_marker, self.theme.color("negative")
        return make("circle", color, self.theme.color("panel"))

    def show_scene(self, scene: Scene, fit: Fit) -> None:
        """Show the curve of the chosen output."""
        outputs = fit.outputs[:, min(max(scene.output, 0), fit.outputs.shape[1] - 1)]
        self.set_axes(Axis(scene.input_name(0)), Axis())
        low, high = fit_range(scene, outputs)
        self.show_range(float(fit.x[0]), float(fit.x[-1]), low, high)
        self.curve.set(fit.x, outputs)
        self.show_samples(scene)
