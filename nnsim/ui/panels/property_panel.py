"""What is selected, as numbers: to read at full precision, and to set.

Object names: ``property_panel``, ``property_scroll``, ``property_up`` (in the dock's title), and those
of the pages.
"""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from nnsim.model.project import Project
from nnsim.ui.controller import Controller, exists
from nnsim.ui.panels.edge_page import EdgePage
from nnsim.ui.panels.input_page import InputPage
from nnsim.ui.panels.layer_page import LayerPage
from nnsim.ui.panels.network_page import NetworkPage
from nnsim.ui.panels.neuron_page import NeuronPage
from nnsim.ui.panels.number_field import NumberField
from nnsim.ui.panels.page import Page
from nnsim.ui.panels.panel_scroll import PanelScroll
from nnsim.ui.panels.text_field import TextField
from nnsim.ui.selection import NOTHING, Selection
from nnsim.ui.theme import Theme

_PAGES: dict[str, type[Page]] = {
    "network": NetworkPage, "layer": LayerPage, "input": InputPage, "neuron": NeuronPage, "edge": EdgePage,
}  # fmt: skip


class PropertyPanel(QWidget):
    """Follows ``controller.selection`` with one page for each kind. Idle while it is hidden."""

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("property_panel")
        self.setAccessibleName("Properties")
        self._controller, self._theme = controller, theme
        self._pages: dict[str, Page] = {}
        self._scroll = PanelScroll("property_scroll", 0)
        self._page = self._page_for("network")
        self._up = QPushButton("↑", self)
        self._up.setObjectName("property_up")
        self._up.setProperty("flat", True)
        self._up.hide()
        self._up.clicked.connect(lambda: controller.select(self._page.up()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        controller.selection_changed.connect(self._on_selection_changed)
        controller.project_changed.connect(self._on_project_changed)
        controller.turns.join(self)
        controller.snapshot_changed.connect(self._on_snapshot_changed)
        controller.view.notation_changed.connect(self._on_notation_changed)

    # -- following --------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_selection(self._controller.selection)

    def _on_selection_changed(self, selection: Selection) -> None:
        self._leave_field()
        if self.isVisible():
            self._show_selection(selection)

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if not self.isVisible():
            return
        if exists(after, self._page.selection) and self._page is self._page_of(self._page.selection):
            self._page.show_project()
            self._show_title()
        else:
            self._show_selection(self._controller.selection)

    def _on_notation_changed(self, key: str) -> None:
        if self.isVisible():
            self._show_selection(self._controller.selection)

    def _on_snapshot_changed(self, snapshot: object) -> None:
        mine = self.isVisible() and self._controller.turns.has(self)
        if mine and exists(self._controller.project, self._page.selection):
            self._page.show_numbers()

    def _show_selection(self, selection: Selection) -> None:
        if not exists(self._controller.project, selection):
            selection = NOTHING
        page = self._page_of(selection)
        if page is not self._page:
            self._page.hide()
            self._page = page
            self._scroll.verticalScrollBar().setValue(0)
        page.show_selection(selection)
        page.show()
        self._show_title()

    def _show_title(self) -> None:
        """The dock shows it, with the way one level up beside it."""
        self.setWindowTitle(self._page.title())
        word = self._page.up_word
        # Without a dock that has taken it, it has no place.
        self._up.setVisible(bool(word) and self._up.parentWidget() is not self)
        if word:
            self._up.setAccessibleName(f"Select the {word}")
            self._up.setToolTip(f"Select the {word}")

    def title_widgets(self) -> tuple[QWidget, ...]:
        """What belongs into the title beside the words."""
        return (self._up,)

    def _page_of(self, selection: Selection) -> Page:
        is_input = selection.kind == "neuron" and selection.layer == self._controller.project.layers[0].id
        return self._page_for("input" if is_input else selection.kind)

    def _page_for(self, kind: str) -> Page:
        """The page for what is selected, made when it is first needed."""
        if kind not in self._pages:
            page = self._pages[kind] = _PAGES[kind](self._controller, self._theme)
            # Hidden pages take no room, which those of a stacked widget would.
            page.setHidden(len(self._pages) > 1)
            self._scroll.content.addWidget(page)
        return self._pages[kind]

    def _leave_field(self) -> None:
        """A field is about to mean another quantity: what has been typed goes to the one it was for."""
        field = QApplication.focusWidget()
        if field is None or not self.isAncestorOf(field):
            return
        if not exists(self._controller.project, self._page.selection):
            if isinstance(field, (NumberField, TextField)):
                field.take_back()
        elif isinstance(field, TextField):
            field.commit()
        elif isinstance(field, NumberField) and not field.commit():
            self._controller.notice.emit(f"{field.problem()} Nothing has been changed.", "warning")
            field.take_back()
