"""A question with a few answers, or a message with one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QWidget

from nnsim.ui.style import restyle

Role = QMessageBox.ButtonRole


@dataclass(frozen=True)
class Answer:
    """A button. ``primary`` is what Enter does; ``escape`` what Esc and closing do."""

    key: str
    label: str
    role: Role = Role.ActionRole
    primary: bool = False
    escape: bool = False


CANCEL = Answer("cancel", "Cancel", Role.RejectRole, escape=True)


def ask(
    parent: QWidget,
    name: str,
    text: str,
    details: str,
    answers: Sequence[Answer],
    then: Callable[[str], None],
) -> QMessageBox:
    """Open a question over ``parent``; ``then(key)`` is called with the answer's key.

    ``name`` becomes the object name. Buttons are named ``answer_<key>``. A question of the same name
    that is open already is brought to the front instead.
    """
    open_one = parent.findChild(QMessageBox, name)
    if open_one is not None and open_one.isVisible():
        open_one.raise_()
        open_one.activateWindow()
        return open_one
    box = QMessageBox(parent)
    box.setObjectName(name)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("nnsim")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(details)
    keys: dict[QAbstractButton, str] = {}
    for answer in answers:
        button = box.addButton(answer.label, answer.role)
        button.setObjectName(f"answer_{answer.key}")
        keys[button] = answer.key
        if answer.primary:
            button.setProperty("accent", True)
            restyle(button)
            box.setDefaultButton(button)
        if answer.escape:
            box.setEscapeButton(button)

    def finished() -> None:
        clicked = box.clickedButton()
        escape = next((a.key for a in answers if a.escape), answers[-1].key)
        then(keys.get(clicked, escape))

    box.finished.connect(finished)
    box.open()
    return box


def tell(parent: QWidget, name: str, text: str, details: str = "") -> QMessageBox:
    """Open a message with one button."""
    close = Answer("close", "Close", Role.AcceptRole, primary=True, escape=True)
    return ask(parent, name, text, details, (close,), lambda _: None)
