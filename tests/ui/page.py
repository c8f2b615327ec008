"""The whole program in a user's words: every gesture is a real mouse or key event.

Widgets are found by object name (their files list them). Waits are for states, never for time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from nnsim.app import Program
from nnsim.engine.snapshot import Snapshot
from nnsim.model.project import Project
from nnsim.ui.selection import Selection

W = TypeVar("W", bound=QWidget)

_WAIT_MS = 20_000
_LEFT = Qt.MouseButton.LeftButton


class Page:
    """One running program."""

    def __init__(self, qtbot: QtBot, program: Program) -> None:
        self.qtbot, self.program = qtbot, program
        self.window = program.window
        self.session, self.controller = program.session, program.controller

    # -- what there is ----------------------------------------------------------------------------

    @property
    def project(self) -> Project:
        return self.session.project

    @property
    def snapshot(self) -> Snapshot:
        found = self.session.snapshot
        assert found is not None, "nothing is computed"
        return found

    @property
    def epoch(self) -> int:
        return self.snapshot.epoch

    def find(self, name: str, kind: type[W] = QWidget) -> W:  # type: ignore[assignment]
        """The widget with this object name; a dialog's before the window's."""
        places = [w for w in QApplication.topLevelWidgets() if w is not self.window] + [self.window]
        places.sort(key=lambda w: not w.isVisible())  # an answered dialog may wait to be deleted
        for place in places:
            if place.objectName() == name and isinstance(place, kind):
                return place
            found = place.findChild(kind, name)
            if found is not None:
                return found
        raise AssertionError(f"there is no {name}")

    def field(self, name: str) -> QLineEdit:
        return self.find(name, QLineEdit)

    def text(self, name: str) -> str:
        """The text of a label, field or button."""
        return self.find(name).text()  # type: ignore[attr-defined]

    def is_open(self, name: str) -> bool:
        """Whether a dialog of this name is on screen."""
        return any(w.objectName() == name and w.isVisible() for w in QApplication.topLevelWidgets())

    def action(self, key: str) -> QAction:
        found = self.window.findChild(QAction, f"action_{key}")
        assert found is not None, f"there is no action {key}"
        return found

    def banner(self) -> str:
        """The message under the toolbar; empty if there is none."""
        return self.text("banner_text") if self.find("banner").isVisible() else ""

    def picture(self) -> QImage:
        """The window as it is on screen."""
        return self.window.grab().toImage()

    # -- waiting ----------------------------------------------------------------------------------

    def wait_until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=_WAIT_MS)

    def wait_until_epoch(self, epoch: int) -> None:
        self.wait_until(lambda: self.epoch >= epoch)

    def wait_until_idle(self) -> None:
        """Until no step or run is under way, all its numbers are shown, and no file is read or written."""
        self.wait_until(lambda: self.session.settled and not self.reads_or_writes)
        QApplication.processEvents()

    @property
    def reads_or_writes(self) -> bool:
        """Whether a file is being read or written beside the window."""
        return self.controller.reading.busy or self.controller.writing.busy

    def wait_for(self, name: str) -> QWidget:
        """Until a dialog is on screen; returns it."""
        self.wait_until(lambda: self.is_open(name))
        # One that was answered before may still wait to be deleted.
        return next(w for w in QApplication.topLevelWidgets() if w.objectName() == name and w.isVisible())

    # -- mouse and keys ---------------------------------------------------------------------------

    def click(self, target: str | QWidget, at: QPoint | None = None) -> None:
        widget = self.find(target) if isinstance(target, str) else target
        assert widget.isVisible(), f"{widget.objectName()} cannot be seen"
        self.qtbot.mouseClick(widget, _LEFT, pos=at if at is not None else widget.rect().center())

    def press(self, keys: str, on: str | QWidget | None = None) -> None:
        """Press a key or combination such as "Ctrl+Z", where the focus is or on a widget."""
        target: Any = self.find(on) if isinstance(on, str) else on
        if target is None:
            target = QApplication.focusWidget() or QApplication.activeWindow() or self.window
        combination = QKeySequence(keys)[0]
        self.qtbot.keyClick(target, combination.key(), combination.keyboardModifiers())

    def type(self, text: str, on: QWidget | None = None) -> None:
        """Type letters where the focus is."""
        target = on or QApplication.focusWidget()
        assert target is not None, "nothing has the focus"
        for letter in text:  # QTest types ASCII only
            for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
                QApplication.sendEvent(target, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))

    def type_into(self, name: str, text: str, end: str = "Return") -> None:
        """Click a field, replace what it holds, and press ``end``."""
        field = self.field(name)
        self.click(field)
        field.selectAll()
        self.type(text, field)
        if end:
            self.press(end, field)

    def choose(self, name: str, key: str) -> None:
        """Pick the entry with this key from a combo box."""
        box = self.find(name, QComboBox)
        index = box.findData(key)
        assert index >= 0, f"{name} does not offer {key}"
        self.click(box)
        view = box.view()
        self.wait_until(view.isVisible)
        # By keys: a click right after opening would count as part of the click that opened the list.
        self.qtbot.keyClick(view, Qt.Key.Key_Home)
        for _ in range(index):
            self.qtbot.keyClick(view, Qt.Key.Key_Down)
        self.qtbot.keyClick(view, Qt.Key.Key_Return)
        self.wait_until(lambda: not view.isVisible())

    def slide(self, name: str, place: int) -> None:
        """Move a slider to a place, by its keys."""
        slider = self.find(name, QSlider)
        slider.setFocus(Qt.FocusReason.TabFocusReason)
        self.qtbot.keyClick(slider, Qt.Key.Key_Home)
        for _ in range(place - slider.minimum()):
            self.qtbot.keyClick(slider, Qt.Key.Key_Right)

    def menu(self, *path: str) -> None:
        """Click through the menus, such as ``menu("Train", "New weights")``."""
        bar = self.window.menuBar()
        top = next(a for a in bar.actions() if a.text().replace("&", "") == path[0])
        self.qtbot.mouseClick(bar, _LEFT, pos=bar.actionGeometry(top).center())
        menu = top.menu()
        assert isinstance(menu, QMenu)
        for text in path[1:]:
            self.wait_until(menu.isVisible)
            action = next((a for a in menu.actions() if a.text().replace("&&", "&") == text), None)
            assert action is not None, f"{[a.text() for a in menu.actions()]} lacks {text}"
            assert action.isEnabled(), f"{text} cannot be used now"
            self.qtbot.mouseClick(menu, _LEFT, pos=menu.actionGeometry(action).center())
            inner = action.menu()
            if isinstance(inner, QMenu):
                menu = inner

    def answer(self, question: str, key: str) -> None:
        """Wait for a question and click one of its answers."""
        dialog = self.wait_for(question)
        button = dialog.findChild(QWidget, f"answer_{key}")
        assert button is not None, f"{question} does not offer {key}"
        self.click(button)
        self.wait_until(lambda: not self.is_open(question))
        if self.window.isVisible() and QApplication.activeModalWidget() is None:
            self.window.activateWindow()
            self.wait_until(self.window.isActiveWindow)

    # -- training ---------------------------------------------------------------------------------

    def click_run(self) -> None:
        """Press Run (or Pause)."""
        self.click("run_button")

    def click_step(self, size: str | None = None) -> None:
        """Press Step, after choosing the step size: operation, neuron, layer, pass, batch, epoch."""
        if size is not None:
            self.click(f"step_size_{size}")
        self.click("step_button")
        self.wait_until_idle()

    def click_back(self, size: str | None = None) -> None:
        """Press Back, after choosing the step size."""
        if size is not None:
            self.click(f"step_size_{size}")
        self.click("back_button")
        self.wait_until_idle()

    def run_flat_out(self) -> None:
        self.slide("speed_slider", 7)
        assert self.text("speed_words") == "flat out"
        self.click_run()

    def train_until(self, condition: Callable[[], bool]) -> None:
        """Run flat out until something is so, then pause."""
        self.run_flat_out()
        self.wait_until(condition)
        self.click_run()
        self.wait_until_idle()

    # -- canvas -----------------------------------------------------------------------------------

    def select_neuron(self, layer: str, index: int) -> None:
        self._click_scene(self.window.canvas.scene.rect_of(Selection.of_neuron(layer, index)))
        assert self.controller.selection == Selection.of_neuron(layer, index)

    def select_weight(self, connection: str, target: int, source: int) -> None:
        """Click the number of a weight."""
        edge = Selection.of_edge(connection, target, source)
        self._click_scene(self.window.canvas.scene.number_rect(edge))
        assert self.controller.selection == edge

    def type_weight(self, connection: str, target: int, source: int, text: str) -> None:
        """Select a weight and type another one in the property panel."""
        self.select_weight(connection, target, source)
        self.type_into("edge_weight", text)
        self.wait_until_idle()

    def _click_scene(self, rect: Any) -> None:
        assert rect is not None, "it is not shown"
        surface = self.window.canvas.surface
        at: QPointF = surface.on_screen(rect.center())
        self.qtbot.mouseClick(surface.viewport(), _LEFT, pos=at.toPoint())

    # -- files ------------------------------------------------------------------------------------

    def choose_file(self, dialog: str, path: Any, wait: bool = True) -> None:
        """Choose a path in a file dialog and accept it; ``wait`` until the file is read or written."""
        box = self.wait_for(dialog)
        box.findChild(QLineEdit, "fileNameEdit").clearFocus()  # selectFile() leaves one alone that has it
        box.setDirectory(str(path.parent))
        box.selectFile(path.name)

        def accepted() -> bool:
            if self.is_open(dialog):  # the dialog reads the folder in a thread of its own
                box.accept()
            return not self.is_open(dialog)

        self.wait_until(accepted)
        self.window.activateWindow()
        # Reading may end with a question at once.
        self.wait_until(lambda: self.window.isActiveWindow() or QApplication.activeModalWidget() is not None)
        self.wait_until(lambda: not wait or not self.reads_or_writes)

    def labels(self) -> list[str]:
        """The texts of all labels that can be seen."""
        return [w.text() for w in self.window.findChildren(QLabel) if w.isVisible()]
