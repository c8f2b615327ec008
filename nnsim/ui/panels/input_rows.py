"""What the network is fed: features of two raw inputs, and their scaling."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from nnsim.core.datasets.features import FEATURES
from nnsim.core.datasets.scaling import SCALINGS
from nnsim.model.build import PLANE_FEATURES
from nnsim.model.edits import set_features, set_scaling
from nnsim.ui.controller import Controller
from nnsim.ui.panels.choice import Choice
from nnsim.ui.panels.form import FormRow, column
from nnsim.ui.panels.plain import tool_tip

_COLUMNS = 4


class InputRows(QWidget):
    """A button for each feature (only where the data have two inputs), and the choice of scaling.

    Object names: ``<prefix>_feature_<key>``, ``<prefix>_scaling``.
    """

    def __init__(self, controller: Controller, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._buttons: dict[str, QPushButton] = {}
        self._features = QWidget()
        grid = QGridLayout(self._features)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        for place, entry in enumerate(FEATURES):
            button = QPushButton(entry.label)
            button.setObjectName(f"{prefix}_feature_{entry.key}")
            button.setCheckable(True)
            button.setProperty("chip", True)
            button.setAccessibleName(f"Feature {entry.label}")
            button.setToolTip(tool_tip(f"{entry.help} {entry.formula}"))
            button.setMinimumWidth(24)
            button.clicked.connect(lambda on, key=entry.key: self._toggle(key, on))
            self._buttons[entry.key] = button
            grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        self.scaling = Choice.of(SCALINGS, label="Scaling")
        self.scaling.setObjectName(f"{prefix}_scaling")
        self.scaling.chosen.connect(self._scale)
        layout = column(self)
        layout.addWidget(self._features)
        layout.addWidget(
            FormRow("Scaling", self.scaling, help_text="How inputs are brought to comparable sizes")
        )

    def show_data(self, width: int) -> None:
        """Show the document's choice; ``width`` is the number of raw inputs."""
        data = self._controller.project.data
        self._features.setVisible(width == 2)
        used = data.features or PLANE_FEATURES
        for key, button in self._buttons.items():
            button.setChecked(key in used)
        self.scaling.set_key(data.scaling)

    def _toggle(self, key: str, on: bool) -> None:
        used = self._controller.project.data.features or PLANE_FEATURES
        # In the registry's order, so that the same choice is the same network.
        wanted = tuple(k for k in self._buttons if (on if k == key else k in used))
        label = f"{'Feed' if on else 'Do not feed'} {FEATURES[key].label}"
        if not self._controller.edit(label, set_features, wanted):
            self._buttons[key].setChecked(not on)

    def _scale(self, key: str) -> None:
        self._controller.edit(f"Scaling: {SCALINGS[key].label}", set_scaling, key)
