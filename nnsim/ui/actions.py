"""One table of everything the user can do from menus and keyboard, and where it stands.

An action's object name is ``action_<key>``. Menus that are filled when they open are named by
``Submenu``; their object name is ``menu_<key>``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from nnsim.model.notation import NOTATIONS
from nnsim.ui.panels.number_field import commit_pending

Key = QKeySequence.StandardKey


@dataclass(frozen=True)
class ActionSpec:
    """One command. ``keys`` are shortcuts as text or standard keys, the first being shown.

    ``commits``: what is being typed into a field is taken over first, and the command is not done
    if it cannot be. ``plain``: the shortcut is a key that fields and buttons need for themselves.
    """

    key: str
    text: str
    keys: tuple[str | Key, ...] = ()
    tip: str = ""
    checkable: bool = False
    role: QAction.MenuRole = QAction.MenuRole.NoRole
    commits: bool = True
    plain: bool = False


ACTIONS = (
    ActionSpec("new", "New", (Key.New,), "A new project: the network the program starts with"),
    ActionSpec("open", "Open…", (Key.Open,), "Open a project file"),
    ActionSpec("save", "Save", (Key.Save,), "Save to the project's file"),
    ActionSpec("save_as", "Save as…", ("Ctrl+Shift+S",), "Save to another file"),
    ActionSpec("library", "Library…", ("Ctrl+B",), "Worked examples: what was printed, and what is true"),
    ActionSpec("import_csv", "Import CSV…", ("Ctrl+I",), "Use a table of numbers as data"),
    ActionSpec("quit", "Quit", ("Ctrl+Q",), "", role=QAction.MenuRole.QuitRole, commits=False),
    ActionSpec("undo", "Undo", (Key.Undo,), "Take the last change back", commits=False),
    ActionSpec("redo", "Redo", ("Ctrl+Y", "Ctrl+Shift+Z"), "Do again what was taken back", commits=False),
    ActionSpec("select_network", "Select the whole network", ("Ctrl+A",), "Show how the network learns"),
    ActionSpec("zoom_in", "Zoom in", ("Ctrl++", "Ctrl+="), commits=False),
    ActionSpec("zoom_out", "Zoom out", ("Ctrl+-",), commits=False),
    ActionSpec("actual_size", "Actual size", ("Ctrl+0",), commits=False),
    ActionSpec("fit", "Fit the network", ("F",), "Show the whole network", commits=False, plain=True),
    ActionSpec("appearance_system", "As the system", checkable=True, commits=False),
    ActionSpec("appearance_light", "Light", checkable=True, commits=False),
    ActionSpec("appearance_dark", "Dark", checkable=True, commits=False),
    *(ActionSpec(f"notation_{n.key}", n.label, (), n.help, True, commits=False) for n in NOTATIONS),
    ActionSpec(
        "presentation", "Presentation", ("F11",), "Larger text, and only what an audience needs", True,
        commits=False,
    ),
    ActionSpec("reset_layout", "Reset layout", (), "All docks back where they started", commits=False),
    ActionSpec("add_layer", "Add layer", ("Ctrl+L",), "A new hidden layer after the selected one"),
    ActionSpec("remove_layer", "Remove layer", (), "Remove the selected hidden layer"),
    ActionSpec("add_neuron", "Add neuron", ("Ctrl+Shift+N",), "One more neuron in the selected layer"),
    ActionSpec("remove_neuron", "Remove neuron", (), "Remove the selected neuron, or the layer's last"),
    ActionSpec("start_weights", "Start weights", ("Ctrl+Home",), "Back to the weights it began with"),
    ActionSpec("new_weights", "New weights", ("Ctrl+R",), "Draw new weights and begin again"),
    ActionSpec("new_points", "New points", ("Ctrl+G",), "Draw the data set's points again"),
    ActionSpec("previous_sample", "Previous sample", ("Alt+Up",), "Look at the sample before"),
    ActionSpec("next_sample", "Next sample", ("Alt+Down",), "Look at the sample after"),
    ActionSpec("step", "Step", ("Space",), "Advance by one step of the chosen size", plain=True),
    ActionSpec("back", "Back", ("Shift+Space",), "Go back by one step of the chosen size", plain=True),
    ActionSpec("run", "Run", ("F5",), "Train until paused"),
    ActionSpec("step_operation", "Operation", ("Alt+1",), checkable=True),
    ActionSpec("step_neuron", "Neuron", ("Alt+2",), checkable=True),
    ActionSpec("step_layer", "Layer", ("Alt+3",), checkable=True),
    ActionSpec("step_pass", "Pass", ("Alt+4",), checkable=True),
    ActionSpec("step_batch", "Batch", ("Alt+5",), checkable=True),
    ActionSpec("step_epoch", "Epoch", ("Alt+6",), checkable=True),
    ActionSpec(
        "check_gradients", "Check all gradients…", ("Ctrl+K",), "Backpropagation beside trying both ways"
    ),
    ActionSpec("slower", "Slower", ("Ctrl+[",), "Fewer steps a second", commits=False),
    ActionSpec("faster", "Faster", ("Ctrl+]",), "More steps a second", commits=False),
    ActionSpec("first_steps", "First steps", (Key.HelpContents,), commits=False),
    ActionSpec("shortcuts", "Keyboard shortcuts", ("Ctrl+/",), commits=False),
    ActionSpec("file_format", "Project file format", commits=False),
    ActionSpec("about", "About nnsim", role=QAction.MenuRole.AboutRole, commits=False),
)  # fmt: skip


@dataclass(frozen=True)
class Submenu:
    """A menu in a menu. ``items`` is empty where it is filled when it opens."""

    key: str
    text: str
    items: tuple[str, ...] = ()


LINE = "-"

MENUS: tuple[tuple[str, str, tuple[str | Submenu, ...]], ...] = (
    ("file", "&File", (
        "new", "open", Submenu("examples", "Open example"), "library", Submenu("recent", "Recent"), LINE,
        "save", "save_as", LINE, "import_csv", LINE, "quit",
    )),
    ("edit", "&Edit", ("undo", "redo", LINE, "select_network")),
    ("view", "&View", (
        Submenu("docks", "Docks"), LINE, "zoom_in", "zoom_out", "actual_size", "fit", LINE,
        Submenu("notation", "Notation", tuple(f"notation_{n.key}" for n in NOTATIONS)),
        Submenu("appearance", "Appearance", ("appearance_system", "appearance_light", "appearance_dark")),
        "presentation", LINE, "reset_layout",
    )),
    ("network", "&Network", (
        "add_layer", "remove_layer", LINE, "add_neuron", "remove_neuron", LINE,
        "start_weights", "new_weights",
    )),
    ("data", "&Data", ("import_csv", "new_points", LINE, "previous_sample", "next_sample")),
    ("train", "&Train", (
        "step", "back", "run", LINE,
        Submenu("step_size", "Step size", (
            "step_operation", "step_neuron", "step_layer", "step_pass", "step_batch", "step_epoch",
        )),
        "slower", "faster", LINE, "start_weights", "new_weights", LINE, "check_gradients",
    )),
    ("help", "&Help", ("first_steps", "shortcuts", "file_format", LINE, "about")),
)  # fmt: skip

Handler = Callable[[], object]


class Actions(QObject):
    """The table as ``QAction`` objects, in the order of the table."""

    def __init__(self, window: QWidget, handlers: Mapping[str, Handler]) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        for spec in ACTIONS:
            action = QAction(spec.text, window)
            action.setObjectName(f"action_{spec.key}")
            action.setCheckable(spec.checkable)
            action.setMenuRole(spec.role)
            action.setShortcuts([QKeySequence(k) for k in spec.keys])
            action.setToolTip(spec.tip)
            action.setStatusTip("")
            action.triggered.connect(_guarded(handlers[spec.key], spec.commits))
            window.addAction(action)
            self._actions[spec.key] = action
        self._plain = {spec.key: self._actions[spec.key].shortcuts() for spec in ACTIONS if spec.plain}
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    def __getitem__(self, key: str) -> QAction:
        return self._actions[key]

    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        """Leave plain keys to fields that take letters and to buttons that Space presses."""
        shortcuts_off = takes_plain_keys(now)
        for key, shortcuts in self._plain.items():
            self._actions[key].setShortcuts([] if shortcuts_off else shortcuts)


def takes_plain_keys(widget: QWidget | None) -> bool:
    """Whether plain keys belong to ``widget`` while it has the focus."""
    kinds = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QAbstractButton, QComboBox)
    return isinstance(widget, kinds)


def _guarded(handler: Handler, commits: bool) -> Callable[[], None]:
    def do() -> None:
        if not commits or commit_pending():
            handler()

    return do


def fill_menu_bar(bar: QMenuBar, actions: Actions) -> dict[str, QMenu]:
    """Make the menus of the table; returns all of them by key."""
    menus: dict[str, QMenu] = {}
    for key, text, items in MENUS:
        menu = _named(bar.addMenu(text), key, menus)
        for item in items:
            if isinstance(item, Submenu):
                submenu = _named(menu.addMenu(item.text), item.key, menus)
                for name in item.items:
                    submenu.addAction(actions[name])
            elif item == LINE:
                menu.addSeparator()
            else:
                menu.addAction(actions[item])
    return menus


def _named(menu: QMenu, key: str, menus: dict[str, QMenu]) -> QMenu:
    menu.setObjectName(f"menu_{key}")
    menu.setToolTipsVisible(False)
    # Rounded corners need a window that is not opaque behind them.
    menu.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    menus[key] = menu
    return menu


def shortcut_rows(actions: Actions, docks: Mapping[str, QAction]) -> list[tuple[str, list[tuple[str, str]]]]:
    """All shortcuts for the help: (menu, [(keys, what they do)])."""
    rows = []
    labels = {spec.key: spec for spec in ACTIONS}
    for _, text, items in MENUS:
        names: list[str] = []
        for item in items:
            names += item.items if isinstance(item, Submenu) else [item]
        found = [
            (_keys(labels[n]), labels[n].text.removesuffix("…"))
            for n in names
            if n in labels and labels[n].keys
        ]
        if text == "&View":
            found += [
                (a.shortcut().toString(QKeySequence.SequenceFormat.NativeText), a.text())
                for a in docks.values()
            ]
        if found:
            rows.append((text.replace("&", ""), found))
    return rows


def _keys(spec: ActionSpec) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    texts = [QKeySequence(k).toString(native) for k in spec.keys]
    return " or ".join(t for t in texts if t)
