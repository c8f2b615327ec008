"""Fields made from the options of a registry entry: a new entry needs no code here."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from nnsim.core.registry import Option, OptionValue
from nnsim.ui.panels.choice import Choice
from nnsim.ui.panels.form import FormRow, column
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.plain import tool_tip

Editor = NumberField | QCheckBox | Choice


class OptionForm(QWidget):
    """One row for each option: numbers as number fields, yes or no as a check, a choice as a list.

    Object names are ``<prefix>_<option key>``. ``changed(key, value, merge)`` is emitted when the
    user has set another value; ``merge`` is a key for one undo entry of a series of nudges, or
    ``None``. The form is made anew only for other options, never for other values.
    """

    changed = Signal(str, object, object)

    def __init__(self, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prefix = prefix
        self._options: tuple[Option, ...] = ()
        self._editors: dict[str, Editor] = {}
        self._layout = column(self)
        self.setVisible(False)

    def show_options(self, options: tuple[Option, ...], values: Mapping[str, OptionValue]) -> None:
        """Show ``options`` with ``values`` (defaults where there is none)."""
        if options != self._options:
            self._rebuild(options)
        for option in options:
            self._set(self._editors[option.key], values.get(option.key, option.default))
        self.setVisible(bool(options))

    def editor(self, key: str) -> Editor:
        """The field of an option. Raises ``KeyError``."""
        return self._editors[key]

    def refuse(self, key: str, sentence: str) -> None:
        """Say that the number given for ``key`` cannot be used."""
        editor = self._editors.get(key)
        if isinstance(editor, NumberField):
            editor.refuse(sentence)

    def _rebuild(self, options: tuple[Option, ...]) -> None:
        for editor in self._editors.values():
            editor.setObjectName("")  # it lives until the event loop turns; the name is the new one's
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._options = options
        self._editors = {option.key: self._make(option) for option in options}
        for option in options:
            editor = self._editors[option.key]
            editor.setObjectName(f"{self._prefix}_{option.key}")
            editor.setAccessibleName(option.label)
            row = (
                editor
                if isinstance(editor, QCheckBox)
                else FormRow(option.label, editor, help_text=option.help)
            )
            self._layout.addWidget(row)

    def _make(self, option: Option) -> Editor:
        if option.kind == "bool":
            check = QCheckBox(option.label)
            check.setToolTip(tool_tip(option.help))
            check.clicked.connect(lambda on: self.changed.emit(option.key, bool(on), None))
            return check
        if option.kind == "choice":
            choice = Choice([(key, label, "") for key, label in option.choices], label=option.label)
            choice.chosen.connect(lambda key: self.changed.emit(option.key, key, None))
            return choice
        field = NumberField(
            label=option.label, help_text=option.help, digits=8, integer=option.kind == "int",
            minimum=-inf if option.minimum is None else option.minimum,
            maximum=inf if option.maximum is None else option.maximum,
        )  # fmt: skip
        field.committed.connect(lambda value: self._on_number(option, field, value))
        return field

    def _on_number(self, option: Option, field: NumberField, value: float) -> None:
        problem = option.problem(value)
        if problem:
            field.refuse(problem)
            return
        given: OptionValue = int(value) if option.kind == "int" else value
        self.changed.emit(option.key, given, field.merge_key(f"{self._prefix}.{option.key}"))

    @staticmethod
    def _set(editor: Editor, value: OptionValue) -> None:
        if isinstance(editor, NumberField):
            editor.set_value(float(value))
        elif isinstance(editor, Choice):
            editor.set_key(str(value))
        else:
            editor.setChecked(bool(value))
