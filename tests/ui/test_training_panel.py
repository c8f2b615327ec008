"""Every setting of training, made from the registries."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QLabel

from nnsim.core.initializers import INITIALIZERS
from nnsim.core.losses import LOSSES
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.registry import Option
from nnsim.core.schedules import SCHEDULES
from nnsim.model.edits import set_training
from nnsim.ui.panels.choice import Choice
from nnsim.ui.panels.facts import FactRow
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.option_form import OptionForm
from nnsim.ui.panels.training_panel import TrainingPanel


@pytest.fixture
def panel(bench: Any) -> Any:
    """A bench that shows the panel with the document the program starts with."""
    bench.show(TrainingPanel)
    return bench


def choose(bench: Any, name: str, key: str) -> Choice:
    """Pick an item with the keyboard, as a user does."""
    choice = bench.find(Choice, name)
    choice.setFocus()
    for _ in range(choice.count()):
        steps = choice.findData(key) - choice.currentIndex()
        if steps:
            bench.qtbot.keyClick(choice, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    bench.settle()
    return choice


@pytest.mark.parametrize(
    ("field", "registry"),
    [("loss", LOSSES), ("optimizer", OPTIMIZERS), ("schedule", SCHEDULES), ("initializer", INITIALIZERS)],
)
def test_every_entry_can_be_chosen_with_its_options(panel: Any, field: str, registry: Any) -> None:
    choice = panel.find(Choice, f"training_{field}")
    assert [choice.itemData(i) for i in range(choice.count())] == list(registry.keys())
    for entry in registry:
        choose(panel, f"training_{field}", entry.key)
        assert getattr(panel.project.training, field) == entry.key
        for option in entry.options:
            editor = panel.find(NumberField, f"training_{field}_{option.key}")
            assert editor.isVisible() and editor.value() == float(option.default)


def test_the_loss_stands_with_its_formula_and_its_value(panel: Any) -> None:
    choose(panel, "training_loss", "mse_mean")
    formula = panel.find(QLabel, "training_loss_formula")
    assert formula.text() == LOSSES["mse_mean"].formula
    assert formula.textFormat() == Qt.TextFormat.PlainText
    loss = float(panel.find(FactRow, "loss_train").full_text())
    assert loss == panel.session.snapshot.train_loss
    assert not panel.find(FactRow, "loss_penalty").isVisible()


def test_numbers_are_typed_and_options_reach_the_document(panel: Any) -> None:
    choose(panel, "training_optimizer", "adam")
    panel.type_into(panel.find(NumberField, "training_optimizer_beta1"), "0,8")
    panel.type_into(panel.find(NumberField, "training_learning_rate"), "1/8")
    panel.type_into(panel.find(NumberField, "training_l2"), "1e-4")
    panel.type_into(panel.find(NumberField, "training_seed"), "7")
    training = panel.project.training
    assert (training.optimizer, training.optimizer_options["beta1"]) == ("adam", 0.8)
    assert (training.learning_rate, training.l2, panel.project.seed) == (0.125, 1e-4, 7)
    assert panel.find(FactRow, "loss_penalty").isVisible()
    assert panel.session.undo_label == "Seed"
    while panel.session.can_undo:
        panel.session.undo()
    panel.settle()
    assert panel.project.training.optimizer == "sgd"
    assert panel.find(NumberField, "training_learning_rate").text() == "0.03"


def test_an_option_beyond_its_limits_is_explained_at_its_field(panel: Any) -> None:
    choose(panel, "training_optimizer", "momentum")
    field = panel.find(NumberField, "training_optimizer_momentum")
    panel.type_into(field, "1.5")
    assert field.text() == "1.5"
    assert field.problem() == "Momentum μ must be at most 0.9999."
    assert "momentum" not in panel.project.training.optimizer_options


def test_a_batch_of_all_samples_has_a_word(panel: Any) -> None:
    field = panel.find(NumberField, "training_batch_size")
    panel.type_into(field, "0")
    assert panel.project.training.batch_size == 0
    panel.find(NumberField, "training_seed").setFocus()
    assert field.text() == "all"
    panel.type_into(field, "32")
    panel.type_into(field, "all")
    assert panel.project.training.batch_size == 0


def test_shuffling_is_a_check(panel: Any) -> None:
    box = panel.find(QCheckBox, "training_shuffle")
    assert box.isChecked()
    panel.click(box, pos=QPoint(8, 10))
    assert panel.project.training.shuffle is False


def test_the_precision_is_chosen_and_says_what_stays_exact(panel: Any) -> None:
    note = panel.find(QLabel, "training_precision_note")
    assert not note.isVisible()
    choose(panel, "training_precision", "float32")
    assert panel.project.training.precision == "float32"
    assert note.isVisible() and "float64" in note.text()
    panel.session.run(epochs=2)
    panel.settle()
    weights = panel.project.parameters.weights
    for values in weights.values():
        assert (values == values.astype("float32")).all()  # what training left are float32
    panel.session.undo()
    panel.session.undo()
    panel.settle()
    assert panel.project.training.precision == "float64" and not note.isVisible()


def test_a_schedule_shows_the_rate_of_this_epoch(panel: Any) -> None:
    assert not panel.find(FactRow, "rate_now").isVisible()
    choose(panel, "training_schedule", "exponential")
    panel.session.run(epochs=3)
    panel.settle()
    row = panel.find(FactRow, "rate_now")
    assert row.isVisible()
    assert float(row.full_text()) == pytest.approx(0.03 * 0.99**3, rel=1e-12)


def test_the_wheel_over_a_choice_or_field_scrolls_the_panel_instead(panel: Any) -> None:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    panel.find(NumberField, "training_seed").setFocus()
    for name, kind in (("training_loss", Choice), ("training_learning_rate", NumberField)):
        widget = panel.find(kind, name)
        event = QWheelEvent(
            QPointF(4, 4), QPointF(widget.mapToGlobal(QPoint(4, 4))), QPoint(), QPoint(0, -120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)
        assert not event.isAccepted()
    assert panel.project.training.loss == "mse_half"
    assert panel.project.training.learning_rate == 0.03


def test_a_setting_changed_elsewhere_is_shown_here(panel: Any) -> None:
    panel.controller.edit("rate", set_training, learning_rate=0.5, loss="bce_mean")
    panel.settle()
    assert panel.find(NumberField, "training_learning_rate").value() == 0.5
    assert panel.find(Choice, "training_loss").key() == "bce_mean"


def test_a_name_this_version_does_not_know_is_shown_and_kept(panel: Any) -> None:
    from dataclasses import replace

    def unknown(project: Any) -> Any:
        return replace(project, training=replace(project.training, optimizer="lion"))

    panel.controller.edit("newer", unknown)
    panel.session.pull()
    choice = panel.find(Choice, "training_optimizer")
    assert choice.key() == "lion"
    assert choice.currentText() == "lion (unknown)"
    assert choice.count() == len(OPTIMIZERS) + 1
    assert panel.find(FactRow, "loss_train").text() == "—"


# -- forms from options ----------------------------------------------------------------------------


OPTIONS = (
    Option("rate", "Rate", 0.5, minimum=0.0, maximum=1.0),
    Option("count", "Count", 3, kind="int", minimum=1),
    Option("on", "Switched on", True, kind="bool"),
    Option("way", "Way", "b", kind="choice", choices=(("a", "First"), ("b", "Second"))),
)


def test_a_form_has_a_field_for_each_kind_of_option(bench: Any) -> None:
    form = bench.show(lambda controller, theme: OptionForm("form"))
    given: list[tuple[str, object]] = []
    form.show_options(OPTIONS, {"rate": 0.25})

    def take(key: str, value: object, merge: object) -> None:
        given.append((key, value))
        form.show_options(OPTIONS, {"rate": 0.25, **dict(given)})

    form.changed.connect(take)
    rate, count = bench.find(NumberField, "form_rate"), bench.find(NumberField, "form_count")
    assert (rate.value(), count.value(), bench.find(Choice, "form_way").key()) == (0.25, 3.0, "b")
    bench.type_into(rate, "1/2")
    bench.type_into(count, "5")
    bench.click(bench.find(QCheckBox, "form_on"), pos=QPoint(8, 10))
    choose(bench, "form_way", "a")
    assert given == [("rate", 0.5), ("count", 5), ("on", False), ("way", "a")]
    assert isinstance(given[1][1], int)


def test_a_form_is_made_anew_only_for_other_options(bench: Any) -> None:
    form = bench.show(lambda controller, theme: OptionForm("form"))
    form.show_options(OPTIONS, {})
    rate = form.editor("rate")
    form.show_options(OPTIONS, {"rate": 0.75})
    assert form.editor("rate") is rate
    form.show_options(OPTIONS[:1], {})
    assert form.editor("rate") is not rate
    form.show_options((), {})
    assert not form.isVisible()
