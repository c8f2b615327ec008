"""How the network learns: every setting of :class:`nnsim.model.project.Training`, and the seed.

Choices, help, formulas and options come from the registries, so a new entry needs no code here.
Object names: ``training_<field>`` (``training_loss``, ``training_learning_rate`` …),
``training_<field>_<option>``, ``training_<field>_formula``, ``training_seed``,
``training_precision`` with ``training_precision_note``, and the facts
``loss_convention``, ``loss_train``, ``loss_test``, ``loss_penalty``, ``rate_now``.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from nnsim.core.initializers import INITIALIZERS
from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.precisions import EXACT, PRECISIONS
from nnsim.core.registry import Entry, Registry
from nnsim.core.schedules import SCHEDULES
from nnsim.model.edits import set_seed, set_training
from nnsim.model.limits import MAX_LEARNING_RATE, MAX_PENALTY, MAX_SAMPLES, MAX_SEED
from nnsim.model.project import EMPTY, Project
from nnsim.ui.controller import Controller
from nnsim.ui.loss_words import convention_of, counts_of, formula_of, loss_of
from nnsim.ui.panels.choice import Choice
from nnsim.ui.panels.facts import FactList
from nnsim.ui.panels.form import FormRow, column
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.option_form import OptionForm
from nnsim.ui.panels.page import edit_at, edit_or_problem
from nnsim.ui.panels.plain import PlainLabel, tool_tip
from nnsim.ui.theme import Theme

_LOSSES = (
    ("train", "train loss", "C over all training samples at these weights"),
    ("test", "test loss", "The same over the samples that are not trained on"),
    ("penalty", "penalty", "What L1 and L2 add: (λ₂/2)·Σw² + λ₁·Σ|w|"),
)


class ChoiceRows(QWidget):
    """One registry choice with its formula beneath (if wanted) and a form for its options."""

    chosen = Signal(str)
    option_changed = Signal(str, object, object)

    def __init__(self, name: str, label: str, registry: Registry[Any], help_text: str, formula: bool) -> None:
        super().__init__()
        self._registry = registry
        self.choice = Choice.of(registry, label=label)
        self.choice.setObjectName(name)
        self.choice.chosen.connect(self.chosen)
        self._formula = PlainLabel(role="muted", mono=True, name=f"{name}_formula", wrap=True)
        self._formula.setHidden(not formula)
        self.options = OptionForm(name)
        self.options.changed.connect(self.option_changed)
        layout = column(self)
        for widget in (FormRow(label, self.choice, help_text=help_text), self._formula, self.options):
            layout.addWidget(widget)

    def say_formula(self, text: str) -> None:
        """Write the formula otherwise than the registry does."""
        self._formula.say(text)

    def show_entry(self, key: str, values: Any) -> None:
        """Show the entry ``key`` with these options."""
        self.choice.set_key(key)
        known = key in self._registry
        entry: Entry | None = self._registry[key] if known else None
        # A formula of two statements reads better on two lines.
        self._formula.say("" if entry is None else entry.formula.replace(";  ", "\n"))
        self.options.show_options(() if entry is None else entry.options, values)


class TrainingPanel(QWidget):
    """Shows and sets everything about training. Updates itself while it is visible."""

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training_panel")
        self.setAccessibleName("Training")
        self._controller, self._theme = controller, theme
        self._choices = {
            "loss": self._choice("loss", "Loss", LOSSES, "C: what training makes smaller", True),
            "optimizer": self._choice(
                "optimizer", "Optimizer", OPTIMIZERS, "How a gradient becomes a change", True
            ),
            "schedule": self._choice(
                "schedule", "Schedule", SCHEDULES, "How the learning rate goes on", False
            ),
            "initializer": self._choice(
                "initializer", "Initialiser", INITIALIZERS, "How “New weights” draws them", False
            ),
        }
        self._losses = FactList(theme, "loss", _LOSSES)
        self._convention = PlainLabel(role="muted", name="loss_convention", wrap=True)
        self._rate_now = FactList(theme, "rate", (("now", "η now", "The learning rate of this epoch"),))
        self._numbers = {name: self._number(name, *facts) for name, facts in _NUMBERS.items()}
        self._shuffle = QCheckBox("Shuffle in every epoch")
        self._shuffle.setObjectName("training_shuffle")
        self._shuffle.setToolTip("Otherwise the samples come in the order of the table")
        self._shuffle.clicked.connect(self._set_shuffle)
        self._precision = Choice.of(PRECISIONS, label="Precision")
        self._precision.setObjectName("training_precision")
        self._precision.chosen.connect(self._set_precision)
        self._precision_note = PlainLabel(role="muted", name="training_precision_note", wrap=True)
        self._precision_note.say(_PRECISION_NOTE)
        self._seed = NumberField(
            label="Seed", integer=True, minimum=0, maximum=MAX_SEED, help_text=_SEED_HELP
        )
        self._seed.setObjectName("training_seed")
        self._seed.committed.connect(self._set_seed)
        self._lay_out()
        controller.project_changed.connect(self._on_project_changed)
        controller.snapshot_changed.connect(self._on_snapshot_changed)
        controller.view.notation_changed.connect(lambda _: self.refresh())

    def _lay_out(self) -> None:
        number, choice = self._numbers, self._choices
        layout = column(self)
        for widget in (
            choice["loss"], self._convention, self._losses, choice["optimizer"],
            FormRow("Learning rate η", number["learning_rate"]), choice["schedule"], self._rate_now,
            FormRow("L1", number["l1"]), FormRow("L2", number["l2"]),
            FormRow("Batch size", number["batch_size"]), self._shuffle, choice["initializer"],
            FormRow("Seed", self._seed),
            FormRow("Precision", self._precision, help_text="What training computes in"),
            self._precision_note,
        ):  # fmt: skip
            layout.addWidget(widget)

    def _choice(
        self, name: str, label: str, registry: Registry[Any], help_text: str, formula: bool
    ) -> ChoiceRows:
        rows = ChoiceRows(f"training_{name}", label, registry, help_text, formula)
        rows.chosen.connect(lambda key: self._choose(name, key))
        rows.option_changed.connect(lambda key, value, merge: self._set_option(name, key, value, merge))
        return rows

    def _number(self, name: str, label: str, help_text: str, maximum: float, whole: bool) -> NumberField:
        field = NumberField(
            label=label, help_text=help_text, digits=8, minimum=0.0, maximum=maximum, integer=whole,
            zero_text="all" if whole else "",
        )  # fmt: skip
        field.setObjectName(f"training_{name}")
        field.committed.connect(lambda value: self._set_number(name, field, label, value))
        return field

    # -- showing ----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if self.isVisible():
            self.refresh()

    def _on_snapshot_changed(self, snapshot: object) -> None:
        if self.isVisible():
            self._show_numbers()

    def refresh(self) -> None:
        """Show the document as it is now."""
        project = self._controller.project
        training = project.training
        for name, rows in self._choices.items():
            rows.show_entry(getattr(training, name), getattr(training, f"{name}_options", EMPTY))
        for name, field in self._numbers.items():
            field.set_value(float(getattr(training, name)))
        self._shuffle.setChecked(training.shuffle)
        self._seed.set_value(float(project.seed))
        self._precision.set_key(training.precision)
        self._precision_note.setVisible(training.precision != EXACT)
        self._rate_now.setVisible(training.schedule != "constant")
        self._show_convention()
        self._losses["penalty"].setVisible(training.l1 > 0.0 or training.l2 > 0.0)
        self._show_numbers()

    def _show_convention(self) -> None:
        """The loss's formula in the notation's letters, its factor here, and what ½ and 1/n are for."""
        loss, names = loss_of(self._controller.project), self._controller.view.names
        self._convention.setVisible(loss is not None)
        if loss is None:
            return
        prepared = self._controller.session.prepared
        samples = 0 if prepared is None else len(prepared.train)
        self._choices["loss"].say_formula(formula_of(loss, names))
        outputs = self._controller.project.layers[-1].size
        self._convention.say(counts_of(loss, samples, outputs))
        self._convention.setToolTip(tool_tip(convention_of(loss)))

    def _show_numbers(self) -> None:
        snapshot = self._controller.snapshot
        self._losses["train"].set_number(None if snapshot is None else snapshot.train_loss)
        self._losses["test"].set_number(None if snapshot is None else snapshot.test_loss)
        self._losses["penalty"].set_number(None if snapshot is None else snapshot.penalty)
        self._rate_now["now"].set_number(None if snapshot is None else snapshot.learning_rate)

    # -- gestures ---------------------------------------------------------------------------------

    def _choose(self, name: str, key: str) -> None:
        rows = self._choices[name]
        self._controller.edit(f"{_WORDS[name]}: {rows.choice.label_of(key)}", set_training, **{name: key})

    def _set_option(self, name: str, key: str, value: Any, merge: str | None) -> None:
        options = {**getattr(self._controller.project.training, f"{name}_options"), key: value}
        problem = edit_or_problem(
            self._controller,
            f"{_WORDS[name]}: {key}",
            set_training,
            merge=merge,
            **{f"{name}_options": options},
        )
        if problem:
            self._choices[name].options.refuse(key, problem)

    def _set_number(self, name: str, field: NumberField, label: str, value: float) -> None:
        given = int(value) if name == "batch_size" else value
        merge = field.merge_key(f"training.{name}")
        edit_at(self._controller, field, label, set_training, merge=merge, **{name: given})

    def _set_shuffle(self, on: bool) -> None:
        label = "Shuffle" if on else "Do not shuffle"
        if not self._controller.edit(label, set_training, shuffle=on):
            self._shuffle.setChecked(not on)

    def _set_precision(self, key: str) -> None:
        label = f"Precision: {self._precision.label_of(key)}"
        self._controller.edit(label, set_training, precision=key)

    def _set_seed(self, value: float) -> None:
        merge = self._seed.merge_key("seed")
        edit_at(self._controller, self._seed, "Seed", set_seed, int(value), merge=merge)


_WORDS = {"loss": "Loss", "optimizer": "Optimizer", "schedule": "Schedule", "initializer": "Initialiser"}
_PRECISION_NOTE = (
    "Training rounds to about 7 figures. Explanations and checks of gradients are computed in float64, "
    "so their last figures may differ from what training does."
)
_SEED_HELP = "Where chance begins: the order of the samples, and the next new weights"
# Field → label, help, largest value, whether it is a whole number.
_NUMBERS: dict[str, tuple[str, str, float, bool]] = {
    "learning_rate": ("Learning rate", "η: how far one update goes", MAX_LEARNING_RATE, False),
    "l1": ("L1", "λ₁: a price on Σ|w|, which makes weights exactly 0", MAX_PENALTY, False),
    "l2": ("L2", "λ₂: a price on ½Σw², which keeps weights small", MAX_PENALTY, False),
    "batch_size": ("Batch size", "Samples in one update; 0 means all of them", float(MAX_SAMPLES), True),
}
