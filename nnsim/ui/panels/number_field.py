"""A field for one number: rounded when idle, every digit when in use, forgiving when typed into."""

from __future__ import annotations

from decimal import Decimal
from math import inf, isnan

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)  # fmt: skip
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip, QWidget

from nnsim.ui.numbers import UNKNOWN, exact
from nnsim.ui.panels.field_message import FieldMessage
from nnsim.ui.panels.number_rule import NumberRule
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.panels.typing_keys import ENTER, KEEPS_TYPING, MODIFIERS, is_undo_or_redo

_WHEEL_NOTCH = 120
_FRAME = 22  # border, padding and what a line edit keeps free beside its text


class NumberField(QLineEdit):
    """A number the user can type, nudge and copy.

    Reads ``0.5``, ``0,5``, ``1/3``, ``−2``, ``1e-3``. Shows ``digits`` decimals when idle (zeros at
    the end dropped unless ``fixed``) and the shortest exact decimal when focused. Enter and leaving
    the field commit, Esc takes back. Up and Down nudge by the second digit of the number the field
    was entered with (or by ``step``), with Shift ten times, with Ctrl a tenth as much; the wheel
    does the same, but only in a focused field. What cannot be used stays as typed, framed (dynamic
    property ``invalid``) and explained beneath, until it is corrected or taken back.

    :meth:`set_value` never overwrites what is being typed. ``suffix`` is a unit behind the number,
    ``zero_text`` a word shown in place of 0 (and understood when typed).

    Signals: ``committed(value)`` when the user has given another number (never from
    :meth:`set_value`); ``rejected(sentence)`` when what was typed cannot be used.
    """

    committed = Signal(float)
    rejected = Signal(str)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        label: str = "",
        digits: int = 4,
        fixed: bool = False,
        minimum: float = -inf,
        maximum: float = inf,
        integer: bool = False,
        step: float | None = None,
        suffix: str = "",
        zero_text: str = "",
        columns: int = 8,
        help_text: str = "",
    ) -> None:
        super().__init__(parent)
        self._value: float | None = None
        self._rule = NumberRule(label, digits, fixed, minimum, maximum, integer, step, suffix, zero_text)
        self._help, self._columns = help_text, columns
        self._active = False  # in use: shows every digit
        self._typed = False  # holds text the user has changed and not yet committed
        self._problem = ""
        self._step = Decimal(1)
        self._series = 0
        self._nudging = False
        self._wheel = 0
        self._entered_by_mouse = False
        self._message: FieldMessage | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("mono", True)
        self.setAccessibleName(label)
        self.textEdited.connect(self._on_edited)
        self._show_value()

    # -- value ------------------------------------------------------------------------------------

    def value(self) -> float:
        """The committed number (NaN if there is none)."""
        return float("nan") if self._value is None else self._value

    def set_value(self, value: float | None) -> None:
        """Show ``value`` (``None`` or NaN: no number). What is being typed stays."""
        new = None if value is None or isnan(value) else float(value)
        if new == self._value and (new != 0.0 or str(new) == str(self._value)):
            return
        self._value = new
        if not self._typed:
            self._show_value()

    def set_range(self, minimum: float = -inf, maximum: float = inf) -> None:
        """The numbers that are accepted, both ends included."""
        self._rule.minimum, self._rule.maximum = minimum, maximum

    def set_label(self, label: str) -> None:
        """The quantity's name: for screen readers, and in messages."""
        if label != self._rule.label:
            self._rule.label = label
            self.setAccessibleName(label)

    def is_invalid(self) -> bool:
        """Whether the typed text has been refused and waits for correction."""
        return bool(self._problem)

    def problem(self) -> str:
        """Why the typed text has been refused; empty if it has not."""
        return self._problem

    def merge_key(self, name: str) -> str | None:
        """For use in a slot of ``committed``: a key under which a series of nudges is one undo
        entry; ``None`` for a typed number, which is an entry of its own."""
        return f"{name}#{id(self)}.{self._series}" if self._nudging else None

    # -- committing -------------------------------------------------------------------------------

    def commit(self) -> bool:
        """Take over what has been typed, if anything. False if it cannot be used (it then stays)."""
        if not self._typed:
            return True
        try:
            value = self._rule.accept(self.text())
        except ValueError as error:
            self.refuse(str(error))
            return False
        self._settle(value)
        return not self._problem

    def take_back(self) -> None:
        """Drop what has been typed and show the number again."""
        self._typed = False
        self._set_problem("")
        self._show_value()

    def refuse(self, sentence: str) -> None:
        """Mark the text as unusable. May be called in a slot of ``committed``: the text then stays
        as typed, and the number the one before."""
        self._typed = True
        self._set_problem(sentence)
        self.rejected.emit(sentence)

    def _settle(self, value: float) -> None:
        before, text = self._value, self.text()
        self._typed = False
        self._set_problem("")
        if value != before:
            self._value = value
            self.committed.emit(value)
            if self._problem:
                self._value = before
                self.setText(text)
                return
        self._show_value()

    def _set_problem(self, sentence: str) -> None:
        if sentence:
            if self._message is None:
                self._message = FieldMessage(self)
                self.destroyed.connect(self._message.deleteLater)
            self._message.tell(sentence)
        elif self._message is not None:
            self._message.dismiss()
        if sentence == self._problem:
            return
        self._problem = sentence
        self.setAccessibleDescription(sentence)
        self.setProperty("invalid", bool(sentence))
        self.style().unpolish(self)
        self.style().polish(self)

    # -- showing ----------------------------------------------------------------------------------

    def display_text(self) -> str:
        """The rounded text shown when idle."""
        if self._value is None:
            return UNKNOWN
        room, metrics = self.width() - _FRAME, self.fontMetrics()
        texts = self._rule.texts(self._value)
        if not self.isVisible():
            return texts[0]
        # A number is never cut off; rather it is rounded more.
        return next((text for text in texts if metrics.horizontalAdvance(text) <= room), texts[-1])

    def _show_value(self) -> None:
        exactly = self._active and self._value is not None
        text = exact(self._value or 0.0) if exactly else self.display_text()
        if text == self.text():
            return
        everything = self.hasSelectedText() and self.selectedText() == self.text()
        at = self.cursorPosition()
        self.setText(text)
        if everything:
            self._select_everything()
        elif self._active:
            self.setCursorPosition(min(at, len(text)))
        else:
            self.setCursorPosition(0)

    def _select_everything(self) -> None:
        # Backwards, so that the first digits stay in view where not all fit.
        self.setSelection(len(self.text()), -len(self.text()))

    def _on_edited(self, text: str) -> None:
        self._typed = True
        self._set_problem("")

    # -- nudging ----------------------------------------------------------------------------------

    def step_size(self) -> float:
        """By how much Up and Down change the number."""
        return float(self._step)

    def nudge(self, steps: float) -> None:
        """Change the number by ``steps`` steps and commit it. Stops at the limits."""
        if self.isReadOnly() or not self.isEnabled() or self._value is None or not self.commit():
            return
        value = self._rule.nudged(self._value, self._step, steps)
        self._nudging = True
        try:
            self._settle(value)
        finally:
            self._nudging = False
        if self._active and not self._typed:
            self._select_everything()

    @staticmethod
    def _factor(modifiers: Qt.KeyboardModifier) -> float:
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            return 10.0
        return 0.1 if modifiers & Qt.KeyboardModifier.ControlModifier else 1.0

    # -- events -----------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in KEEPS_TYPING and self._active:
            return
        self._active = True
        self._series += 1
        self._wheel = 0
        self._entered_by_mouse = event.reason() == Qt.FocusReason.MouseFocusReason
        self._step = self._rule.step_at(self._value or 0.0)
        if self._problem:
            self._set_problem(self._problem)
        if not self._typed:
            self._show_value()
            if not self._entered_by_mouse:
                self._select_everything()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() in KEEPS_TYPING:
            return
        self._active = False
        self.commit()
        if not self._typed:
            self._show_value()
            self.deselect()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        # The first click selects all, as Tab does; the next ones place the cursor.
        if self._entered_by_mouse and not self.hasSelectedText() and not self._typed:
            self._select_everything()
        self._entered_by_mouse = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in ENTER:
            if self.commit():
                self._select_everything()
            event.accept()
        elif key == Qt.Key.Key_Escape and (self._typed or self._problem):
            self.take_back()
            self._select_everything()
            event.accept()
        elif key == Qt.Key.Key_Escape:
            event.ignore()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            sign = 1.0 if key == Qt.Key.Key_Up else -1.0
            self.nudge(sign * self._factor(event.modifiers()))
            event.accept()
        elif event.matches(QKeySequence.StandardKey.Copy) and not self.hasSelectedText():
            QGuiApplication.clipboard().setText(exact(self._value) if self._value is not None else "")
            event.accept()
        elif not self._typed and is_undo_or_redo(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            return self._override_shortcut(event)
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), tool_tip(self.help_text()), self)
            return True
        return super().event(event)

    def _override_shortcut(self, event: QKeyEvent) -> bool:
        """Keys that mean something here never reach the window's shortcuts; the others find the
        number committed, so that Ctrl+S saves and F5 runs with what has been typed."""
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, *ENTER) or (key == Qt.Key.Key_Escape and self._typed):
            event.accept()
            return True
        if not self._typed and is_undo_or_redo(event):
            event.ignore()
            return False
        event.ignore()
        handled = super().event(event)
        if not event.isAccepted() and self._typed and key not in MODIFIERS:
            self.commit()
        return handled

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()
            return
        delta = event.angleDelta()
        # With Alt or Shift some systems turn the wheel sideways.
        self._wheel += delta.y() or delta.x()
        notches = int(self._wheel / _WHEEL_NOTCH)
        if notches:
            self._wheel -= notches * _WHEEL_NOTCH
            self.nudge(notches * self._factor(event.modifiers()))
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_again()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_again()

    def _show_again(self) -> None:
        """The rounding depends on the width."""
        if not self._active and not self._typed:
            self._show_value()

    # -- help and size ----------------------------------------------------------------------------

    def help_text(self) -> str:
        """What hovering shows: the exact number, and how to change it."""
        if self._problem:
            return self._problem
        lines = [self._help] if self._help else []
        if self._value is not None:
            every_digit = f"{exact(self._value)}{self._rule.suffix}"
            if every_digit != self.display_text():
                lines.append(f"{self._rule.label or 'Value'}: {every_digit}")
        if not self.isReadOnly():
            lines.append(
                "Type a number such as 0.15, 0,15 or 1/3. Enter applies, Esc takes back.\n"
                "↑ ↓ or the wheel nudge it; with Shift ten times as much, with Ctrl a tenth."
            )
        return "\n".join(lines)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(self._width_for(self._columns), hint.height())

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(self._width_for(min(self._columns, 5)), hint.height())

    def _width_for(self, columns: int) -> int:
        return QFontMetrics(self.font()).horizontalAdvance("0" * columns) + _FRAME


def commit_pending() -> bool:
    """Commit the field being typed into, if any. For commands that do not take the focus, such as
    a click on a toolbar button. False if what was typed cannot be used."""
    field = QApplication.focusWidget()
    return field.commit() if isinstance(field, NumberField) else True
