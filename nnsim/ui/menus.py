"""Menus that depend on what there is: examples, recent files, docks."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QProxyStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget

from nnsim.session.session import Session
from nnsim.ui.docks import Dock
from nnsim.ui.files import FileCommands
from nnsim.ui.panels.plain import tool_tip


class QuietMnemonics(QProxyStyle):
    """Lets Alt and a letter open menus without underlining the letter."""

    def __init__(self, bar: QMenuBar) -> None:
        super().__init__("Fusion")
        self.setParent(bar)  # a widget does not own its style

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        if hint == QStyle.StyleHint.SH_UnderlineShortcut:
            return 0
        return super().styleHint(hint, option, widget, returned)


def fill_examples_menu(menu: QMenu, session: Session, files: FileCommands, library: QAction) -> None:
    """The shipped examples, by group, and the way to the library; made when it opens for the first time."""

    def fill() -> None:
        if menu.actions():
            return
        groups: dict[str, QMenu] = {}
        for example in session.examples():
            group = groups.get(example.group)
            if group is None:
                group = groups[example.group] = menu.addMenu(_literal(example.group))
                group.setToolTipsVisible(True)
            action = group.addAction(_literal(example.title))
            action.setObjectName(f"example_{example.key}")
            action.setToolTip(tool_tip(example.summary))
            action.triggered.connect(lambda _=False, key=example.key: files.open_example(key))
        menu.addSeparator()
        menu.addAction(library)

    menu.aboutToShow.connect(fill)


def fill_recent_menu(menu: QMenu, session: Session, files: FileCommands) -> None:
    """The files opened or saved last."""

    def fill() -> None:
        menu.clear()
        paths = session.recent()
        for path in paths:
            action = menu.addAction(_literal(_shown(path, paths)))
            action.triggered.connect(lambda _=False, p=path: files.open(p))
        if not paths:
            menu.addAction("Nothing yet").setEnabled(False)

    menu.aboutToShow.connect(fill)


def fill_docks_menu(menu: QMenu, docks: dict[str, Dock]) -> None:
    """One entry with a tick for every dock; Ctrl+1 … by their order."""
    for number, dock in enumerate(docks.values(), start=1):
        action = dock.toggleViewAction()
        action.setObjectName(f"action_dock_{dock.spec.key}")
        action.setShortcut(f"Ctrl+{number}")
        menu.addAction(action)


def _shown(path: Path, paths: tuple[Path, ...]) -> str:
    """The name, with its folder where two files have the same."""
    alike = [p for p in paths if p.name == path.name]
    return path.name if len(alike) == 1 else f"{path.name} — {path.parent}"


def _literal(text: str) -> str:
    """``text`` as a menu shows it: "&" stands for itself."""
    return text.replace("&", "&&")
