"""The menus of the canvas: activations with their formulas, and what one can do here."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from nnsim.core.activations import ACTIVATIONS
from nnsim.model.project import Project
from nnsim.ui.canvas.commands import Commands
from nnsim.ui.canvas.wording import is_frozen, is_layer_frozen, title_of
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.selection import Selection


def plain(text: str) -> str:
    """``text`` for a menu, where & would mark a key."""
    return text.replace("&", "&&")


def activation_menu(parent: QWidget, project: Project, layer: str, choose: Callable[[str], object]) -> QMenu:
    """All activations the layer can have, each with its formula; the present one is checked."""
    menu = QMenu(parent)
    menu.setObjectName("activation_menu")
    menu.setToolTipsVisible(True)
    is_output = layer == project.layers[-1].id
    for entry in ACTIVATIONS:
        if entry.vector and not is_output:
            continue
        # What follows a tab is set in a column of its own.
        action = menu.addAction(f"{plain(entry.label)}\t{plain(entry.formula)}")
        action.setCheckable(True)
        action.setChecked(project.layer(layer).activation == entry.key)
        action.setToolTip(tool_tip(entry.help))
        action.triggered.connect(lambda _checked=False, key=entry.key: choose(key))
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _inside(title: str) -> str:
    """A title within a sentence: “Neuron h₁” → “neuron h₁”."""
    return title[:1].lower() + title[1:]


class MenuBuilder:
    """The context menu of whatever is under the pointer or selected."""

    def __init__(
        self,
        parent: QWidget,
        project: Project,
        commands: Commands,
        selection: Selection,
        view_actions: list[tuple[str, Callable[[], object]]],
        edit_number: Callable[[Selection], object],
        rename: Callable[[str], object],
        pictures: tuple[bool, Callable[[bool], object]] | None,
    ) -> None:
        self._project, self._commands, self._selection = project, commands, selection
        self._view_actions, self._edit_number, self._rename = view_actions, edit_number, rename
        self._pictures = pictures
        self.menu = QMenu(parent)
        self.menu.setObjectName("canvas_menu")
        self._fill()
        self.menu.aboutToHide.connect(self.menu.deleteLater)

    def _add(self, text: str, do: Callable[[], object], enabled: bool = True) -> QAction:
        action = self.menu.addAction(plain(text))
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked=False: do())
        return action

    def _fill(self) -> None:
        s = self._selection
        if s.kind == "edge":
            self._add(f"Edit {_inside(title_of(self._commands.names, s))}…", lambda: self._edit_number(s))
            self._add_freeze("weight")
        elif s.kind == "neuron":
            self._fill_neuron()
        elif s.kind == "layer":
            self._fill_layer(s.layer)
        if s.kind != "network":
            self.menu.addSeparator()
        for text, do in self._view_actions:
            self._add(text, do)
        if self._pictures is not None:
            on, choose = self._pictures
            action = self.menu.addAction("Pictures in the neurons")
            action.setCheckable(True)
            action.setChecked(on)
            action.toggled.connect(choose)

    def _fill_neuron(self) -> None:
        s, layer = self._selection, self._project.layer(self._selection.layer)
        if s.layer in self._project.parameters.biases:
            self._add("Edit bias…", lambda: self._edit_number(s))
            self._add_freeze("bias")
            self.menu.addSeparator()
        name = _inside(title_of(self._commands.names, s).split(" · ")[0])
        self._add(f"Remove {name}", lambda: self._commands.remove_neuron(s.layer, s.neuron), layer.size > 1)
        self._fill_layer(s.layer)

    def _add_freeze(self, what: str) -> None:
        frozen = is_frozen(self._project, self._selection)
        text = f"Unfreeze {what}" if frozen else f"Freeze {what}"
        self._add(text, lambda: self._commands.toggle_frozen(self._selection))

    def _fill_layer(self, layer_id: str) -> None:
        project, index = self._project, self._project.layer_index(layer_id)
        name, layer = project.layer_name(layer_id), project.layer(layer_id)
        last = len(project.layers) - 1
        if index > 0:
            self._add(f"Add neuron to {name}", lambda: self._commands.set_size(layer_id, layer.size + 1))
            menu = activation_menu(
                self.menu, project, layer_id, lambda key: self._commands.set_activation(layer_id, key)
            )
            menu.aboutToHide.disconnect(menu.deleteLater)
            menu.setTitle("Activation")
            self.menu.addMenu(menu)
        self._add(f"Rename {name}…", lambda: self._rename(layer_id))
        if index < last:
            self._add("Add layer after this one", lambda: self._commands.add_layer(layer_id))
        if index > 0:
            before = project.layers[index - 1].id
            self._add("Add layer before this one", lambda: self._commands.add_layer(before))
            self._add_freeze_layer(layer_id)
        if 0 < index < last:
            self._add(f"Remove {name}", lambda: self._commands.remove_layer(layer_id))

    def _add_freeze_layer(self, layer_id: str) -> None:
        frozen = is_layer_frozen(self._project, layer_id)
        text = "Unfreeze the whole layer" if frozen else "Freeze the whole layer"
        self._add(text, lambda: self._commands.freeze_layer(layer_id, not frozen))
