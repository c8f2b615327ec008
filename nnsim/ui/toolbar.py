"""The row under the menu: back, step, run, speed, weights, learning rate, optimizer, loss.

Object names: ``run_toolbar``, ``back_button``, ``step_button``, ``step_size`` (parts
``step_size_operation`` …), ``run_button``, ``speed_slider``, ``speed_words``,
``start_weights_button``, ``new_weights_button``, ``learning_rate``, ``optimizer``, ``loss``.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSlider, QToolBar, QWidget

from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.engine.messages import Granularity
from nnsim.model.edits.training import set_training
from nnsim.ui.actions import Actions
from nnsim.ui.controller import Controller
from nnsim.ui.icons import icon
from nnsim.ui.pace import SPEEDS, STEP_LABELS, Pace
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.segmented import Segmented
from nnsim.ui.short_choice import ShortChoice
from nnsim.ui.theme import Theme


class RunToolbar(QToolBar):
    """Everything one needs while a network learns.

    Where the window is narrow first the captions give way, then words become short, then the buttons
    for weights show their drawings only; last the settings go, which the network's properties hold too.
    """

    def __init__(
        self,
        controller: Controller,
        theme: Theme,
        actions: Actions,
        pace: Pace,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Run", parent)
        self._controller, self._theme, self._pace = controller, theme, pace
        self.setObjectName("run_toolbar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.toggleViewAction().setVisible(False)
        self._captions: list[QLabel] = []
        self._shortened = self._presented = self._fitting = False
        self._scale = 0.0  # of the text that there is room for
        self._row = _Row(self)
        self.addWidget(self._row)
        self._add_stepping(actions)
        self._add_speed()
        self._rule()
        self._icons: list[tuple[QPushButton, str, str]] = []
        self._start_action, self._new_action = actions["start_weights"], actions["new_weights"]
        self._fitted = (0, 0)
        self._start = self._action_button("start_weights_button", self._start_action, "restart")
        self._new = self._action_button("new_weights_button", self._new_action, "shuffle")
        self._training = _Group(self._row)
        self._row.layout().addWidget(self._training)
        self._add_training()
        self._row.layout().addStretch(1)
        self._run_action = actions["run"]
        self._run_action.changed.connect(self._show_run)
        self._step_action, self._back_action = actions["step"], actions["back"]
        self._step_action.changed.connect(self._show_run)
        self._back_action.changed.connect(self._show_run)
        controller.run_state_changed.connect(self._show_run)
        controller.project_changed.connect(self._show_training)
        pace.changed.connect(self._show_pace)
        theme.changed.connect(self._on_theme)
        self._show_training()
        self._on_theme()

    def set_presented(self, presented: bool) -> None:
        """Leave out what an audience does not need."""
        self._presented = presented
        self._new.setVisible(not presented)
        self._fitted = (0, 0)
        self._fit(self.width())

    # -- parts ------------------------------------------------------------------------------------

    def _add_stepping(self, actions: Actions) -> None:
        self._back = QPushButton("Back")
        self._back.setObjectName("back_button")
        self._back.clicked.connect(actions["back"].trigger)
        self._step = QPushButton("Step")
        self._step.setObjectName("step_button")
        self._step.clicked.connect(actions["step"].trigger)
        self._size = Segmented([(g.value, *STEP_LABELS[g]) for g in Granularity])
        self._size.set_name("step_size", "Step size")
        self._size.chosen.connect(lambda key: actions[f"step_{key}"].trigger())
        self._run = QPushButton("Run")
        self._run.setObjectName("run_button")
        self._run.setProperty("accent", True)
        self._run.clicked.connect(actions["run"].trigger)
        for button in (self._back, self._step, self._run):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setIconSize(QSize(16, 16))
        for widget in (self._back, self._step, self._size, self._run):
            self._row.layout().addWidget(widget)

    def _add_speed(self) -> None:
        self._caption("Speed", self._row)
        self._speed = QSlider(Qt.Orientation.Horizontal)
        self._speed.setObjectName("speed_slider")
        self._speed.setAccessibleName("Speed")
        self._speed.setRange(0, len(SPEEDS) - 1)
        self._speed.setPageStep(1)
        self._speed.setFixedWidth(80)
        self._speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._speed.valueChanged.connect(self._pace.set_speed_index)
        self._words = QLabel()
        self._words.setObjectName("speed_words")
        self._words.setProperty("role", "muted")
        self._row.layout().addWidget(self._speed)
        self._row.layout().addWidget(self._words)

    def _add_training(self) -> None:
        layout = self._training.layout()
        self._rule(self._training)
        eta = QLabel("η")
        eta.setProperty("role", "muted")
        layout.addWidget(eta)
        self._rate = NumberField(
            label="Learning rate", digits=6, minimum=0.0, columns=6,
            help_text="How far one update goes along the negative gradient.",
        )  # fmt: skip
        self._rate.setObjectName("learning_rate")
        self._rate.committed.connect(self._set_rate)
        eta.setBuddy(self._rate)
        layout.addWidget(self._rate)
        self._caption("Optimizer", self._training)
        self._optimizer = ShortChoice(OPTIMIZERS, str, 8, label="Optimizer")
        self._optimizer.setObjectName("optimizer")
        self._optimizer.chosen.connect(self._set_optimizer)
        layout.addWidget(self._optimizer)
        self._caption("Loss", self._training)
        self._loss = ShortChoice(LOSSES, _short_loss, 14, label="Loss")
        self._loss.setObjectName("loss")
        self._loss.chosen.connect(self._set_loss)
        layout.addWidget(self._loss)

    def _caption(self, text: str, group: _Group) -> None:
        label = QLabel(text)
        label.setProperty("role", "muted")
        self._captions.append(label)
        group.layout().addWidget(label)

    def _rule(self, group: _Group | None = None) -> None:
        line = QFrame()
        line.setObjectName("rule")
        line.setFixedSize(1, 20)
        (group or self._row).layout().addWidget(line)

    def _action_button(self, name: str, action: QAction, drawing: str) -> QPushButton:
        button = QPushButton(action.text())
        button.setObjectName(name)
        button.setAccessibleName(action.text())
        button.setToolTip(action.toolTip())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(action.trigger)
        self._icons.append((button, drawing, "ink"))
        self._row.layout().addWidget(button)
        return button

    # -- showing ----------------------------------------------------------------------------------

    def _on_theme(self) -> None:
        for button, drawing, token in self._icons:
            button.setIcon(icon(self._theme, drawing, token))
        self._back.setIcon(icon(self._theme, "back", "ink"))
        self._step.setIcon(icon(self._theme, "step", "ink"))
        self._run_icons = {
            running: icon(self._theme, "pause" if running else "play", "on_accent")
            for running in (False, True)
        }
        self._show_run()
        self._show_pace()
        if self._scale != self._theme.text_scale:  # colours alone need no other room
            self._scale = self._theme.text_scale
            self._reserve_words()

    def _show_run(self) -> None:
        running = self._controller.running
        self._run.setText("Pause" if running else "Run")
        self._run.setIcon(self._run_icons[running])
        for button, action in (
            (self._run, self._run_action),
            (self._step, self._step_action),
            (self._back, self._back_action),
        ):
            button.setEnabled(action.isEnabled())
            button.setToolTip(action.toolTip())

    def _show_pace(self) -> None:
        self._size.set_value(self._pace.step_size.value)
        self._speed.setValue(self._pace.speed_index)
        self._words.setText(self._pace.words(self._shortened))
        self._speed.setToolTip(f"How fast Run goes: {self._pace.words()}")
        self._speed.setAccessibleDescription(self._pace.words())

    def _show_training(self) -> None:
        training = self._controller.project.training
        self._rate.set_value(training.learning_rate)
        self._optimizer.set_key(training.optimizer)
        self._loss.set_key(training.loss)

    # -- gestures ---------------------------------------------------------------------------------

    def _set_rate(self, value: float) -> None:
        key = self._rate.merge_key("learning rate")
        if not self._controller.edit("Set learning rate", set_training, learning_rate=value, merge=key):
            self._rate.set_value(self._controller.project.training.learning_rate)

    def _set_optimizer(self, key: str) -> None:
        if not self._controller.edit("Choose optimizer", set_training, optimizer=key):
            self._show_training()

    def _set_loss(self, key: str) -> None:
        if not self._controller.edit("Choose loss", set_training, loss=key):
            self._show_training()

    # -- room -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._reserve_words()

    def _reserve_words(self) -> None:
        """Room for the longest words, so that the slider and Run move nothing else."""
        self._words.ensurePolished()
        shown = self._run.text()
        self._run.setText("Pause")
        self._run.setMinimumWidth(self._run.sizeHint().width())
        self._run.setText(shown)
        self._fit(self.width())

    def _fit(self, width: int) -> None:
        """Show as much as there is room for."""
        if self._fitting or self._fitted == (width, self._row.sizeHint().width()):
            return
        self._fitting = True  # what is tried resizes this toolbar, which is no reason to begin again
        for level in range(_LEVELS):
            self._leave_out(level)
            if self._row.sizeHint().width() + 2 * _MARGIN <= width:
                break
        self._fitting = False
        self._fitted = (width, self._row.sizeHint().width())

    def _leave_out(self, level: int) -> None:
        for caption in self._captions:
            caption.setVisible(level < 1)
        self._shortened = level >= 2
        self._words.setText(self._pace.words(self._shortened))
        longest = self._pace.longest_words(self._shortened)
        self._words.setFixedWidth(self._words.fontMetrics().horizontalAdvance(longest) + 4)
        for button, action in ((self._start, self._start_action), (self._new, self._new_action)):
            button.setText(action.text() if level < 3 else "")
        for choice in (self._optimizer, self._loss):
            choice.setVisible(level < 4)
        self._training.setVisible(level < 5 and not self._presented)
        self._words.setVisible(level < 6)
        self._training.updateGeometry()  # what was hidden in it counts at once


_MARGIN = 12
_LEVELS = 7


class _Group(QWidget):
    """Widgets in a row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)

    def layout(self) -> QHBoxLayout:
        return self._layout


class _Row(_Group):
    """The whole row."""


def _short_loss(label: str) -> str:
    """ "½ squared error, mean over samples" → "½ squared"."""
    return label.partition(",")[0].removesuffix(" error")
