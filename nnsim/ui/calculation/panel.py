"""The calculation panel: how the number of the operation under way, or of what is selected, comes about.

Object names: ``calculation_panel``; in it ``calculation_picker`` (see its file), ``calculation_scroll``
with ``calculation_view``; beside the dock's title ``calculation_tools`` with ``calculation_copy`` and
``calculation_menu_button``; the menu ``calculation_menu`` with ``calculation_copy_number``,
``calculation_copy_text``, ``calculation_copy_latex``, ``calculation_copy_picture``,
``calculation_save_picture``.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from nnsim.core.explain.expression import Number, Symbol
from nnsim.core.explain.latex import to_latex
from nnsim.core.explain.quantity import Quantity
from nnsim.core.explain.text import to_text
from nnsim.ui.calculation.choices import lettered
from nnsim.ui.calculation.faces import Faces
from nnsim.ui.calculation.hand import Hand
from nnsim.ui.calculation.menu import CalculationMenu
from nnsim.ui.calculation.page import make_page
from nnsim.ui.calculation.picker import QuantityPicker
from nnsim.ui.calculation.reader import Reader, Reading
from nnsim.ui.calculation.setting import Setter
from nnsim.ui.calculation.source import ControllerSource
from nnsim.ui.calculation.tools import ToolStrip
from nnsim.ui.calculation.view import MARGIN_RIGHT, MARGIN_X, CalculationView
from nnsim.ui.controller import Controller
from nnsim.ui.links import belongs
from nnsim.ui.numbers import exact
from nnsim.ui.plots.export import Picture, png, save_picture
from nnsim.ui.selection import Selection
from nnsim.ui.theme import Theme


class CalculationPanel(QWidget):
    """Explains what :class:`Reader` says; its ``windowTitle`` says where in the step that is."""

    def __init__(self, controller: Controller, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("calculation_panel")
        self.setMinimumSize(QSize(200, 130))
        self.controller, self.theme = controller, theme
        self.reader = Reader(ControllerSource(controller))
        self._reading = Reading()
        self._faces = Faces(theme)
        self._stale = self._unset = True
        self.view = CalculationView(theme, self._tip)
        self.hand = Hand(controller, self.view)
        self.picker = QuantityPicker()
        self.picker.hide()
        self._scroll = QScrollArea()
        self._scroll.setObjectName("calculation_scroll")
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.picker)
        column.addWidget(self._scroll, 1)
        self.menu = CalculationMenu(self, self)
        self._tools = ToolStrip(theme, self.copy_text, self._open_menu)
        self.setWindowTitle("Calculation")
        self._connect()

    def _connect(self) -> None:
        c = self.controller
        c.snapshot_changed.connect(self._changed)
        c.project_changed.connect(self._changed)
        c.problems_changed.connect(self._changed)
        c.run_state_changed.connect(self._changed)
        c.selection_changed.connect(self._on_selection)
        c.hover_changed.connect(self._on_hover)
        c.view.notation_changed.connect(self._changed)
        c.view.sample_changed.connect(self._changed)
        c.quantity_changed.connect(self._light)
        c.asked.connect(self.ask)
        self.theme.changed.connect(self._on_theme)
        self.picker.picked.connect(self._on_picked)
        self.view.pointed.connect(self._on_pointed)
        self.view.asked.connect(self._on_asked)
        self.view.revealed.connect(self._reveal)
        self.view.copied.connect(lambda text: c.notice.emit(f"{text} is on the clipboard.", "info"))

    def title_widgets(self) -> list[QWidget]:
        """What belongs beside the title."""
        return [self._tools]

    # -- what is shown ----------------------------------------------------------------------------

    @property
    def reading(self) -> Reading:
        """What is explained now."""
        return self._reading

    def _changed(self, *_: object) -> None:
        self.reader.look()
        if self.isVisible():
            self._refresh()
        else:
            self._stale = True

    def _refresh(self) -> None:
        """Explain what there is to explain now."""
        self._stale = False
        before, self._reading = self._reading, self.reader.read()
        now = self._reading
        self.picker.offer(lettered(now.choices, self.controller.view.names), now.chosen)
        self._fit_title()
        if _page_of(now) != _page_of(before) or self._unset:
            self._set_page(same=before.place == now.place)
            self.view.setAccessibleDescription(self.text())
        self._light()

    def _fit_title(self) -> None:
        title = self._tools.fit(self._reading.titles, self.width())
        if title != self.windowTitle():
            self.setWindowTitle(title)

    def _set_page(self, same: bool) -> None:
        # Room for the scroll bar is kept free, so that its coming and going moves nothing.
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        width = self._scroll.width() - bar - MARGIN_X - MARGIN_RIGHT
        self._unset = False
        now = self._reading
        page = make_page(Setter(self._faces), width, now.heading, now.blocks, now.words)
        self.view.show_page(page, self._faces, same)
        if not same:
            self._scroll.verticalScrollBar().setValue(0)

    def text(self) -> str:
        """What is shown as plain text, for the clipboard and for screen readers."""
        now = self._reading
        return to_text(now.explanation) if now.explanation is not None else now.words

    def _light(self, *_: object) -> None:
        """Light up what is pointed at anywhere in the window."""
        quantity, hover, project = self.controller.quantity, self.controller.hover, self.controller.project

        def is_lit(node: Number | Symbol) -> bool:
            if quantity is not None:
                return node.quantity == quantity
            return belongs(project, node.quantity, hover)

        self.view.light(is_lit)

    def tell(self, node: Number | Symbol) -> str:
        """What a number or symbol is, with all its digits."""
        name, value = self.reader.describe(node.quantity)
        if isinstance(node, Number):
            value = node.value
        if value is None or value != value:
            return name
        return f"{name} = {exact(value)}" if name else exact(value)

    def _tip(self, node: Number | Symbol) -> str:
        return "\n".join(line for line in (self.tell(node), self.hand.tell(node)) if line)

    # -- what is asked for ------------------------------------------------------------------------

    def _on_selection(self, selection: Selection) -> None:
        self.reader.select(selection)
        self._changed()

    def _on_hover(self, hover: Selection) -> None:
        if self.reader.hover(hover):
            self._changed()
        else:
            self._light()

    def _on_picked(self, key: str) -> None:
        self.reader.pick(key)
        self._changed()

    def _on_pointed(self, node: Number | Symbol | None) -> None:
        chosen = self.view.chosen
        found = node or (chosen if self.view.hasFocus() else None)
        self.controller.set_quantity(found.quantity if found is not None else None)

    def _on_asked(self, node: Number | Symbol) -> None:
        if node.quantity is not None and self.reader.ask(node.quantity):
            self._changed()

    def ask(self, quantity: Quantity) -> bool:
        """Explain this quantity; whether there is an explanation of it."""
        asked = self.reader.ask(quantity)
        if asked:
            self._changed()
        return asked

    # -- copies -----------------------------------------------------------------------------------

    def can_copy(self) -> tuple[Number | None, bool]:
        """(the number chosen, whether there is a calculation)."""
        return self.view.chosen, self._reading.explanation is not None

    def copy_number(self) -> None:
        """Put the chosen number on the clipboard with all its digits."""
        self.view.copy_number()

    def copy_text(self) -> None:
        """Put the explanation on the clipboard as text."""
        self._copied(self.text(), "The calculation is on the clipboard.")

    def copy_latex(self) -> None:
        """Put the explanation on the clipboard as LaTeX."""
        lines = [line for block in self._reading.blocks for line in block]
        if lines:
            self._copied(to_latex(lines), "The calculation is on the clipboard as LaTeX.")

    def _copied(self, text: str, notice: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.controller.notice.emit(notice, "info")

    def picture(self) -> Picture:
        """The whole page as a picture, also what is scrolled out of view."""
        return Picture(self.view.sizeHint(), self.view.paint_picture)

    def copy_picture(self) -> None:
        """Put the explanation on the clipboard as a picture."""
        QGuiApplication.clipboard().setImage(QImage.fromData(png(self.picture())))
        self.controller.notice.emit("The picture is on the clipboard.", "info")

    def save_picture(self) -> None:
        """Ask for a file and write the picture to it."""
        title = self._reading.heading or "Calculation"
        save_picture(self, self.picture(), title, self.controller.notice.emit)

    # -- events -----------------------------------------------------------------------------------

    def _open_menu(self) -> None:
        self.menu.popup(self._tools.mapToGlobal(QPoint(0, self._tools.height())))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu.popup(event.globalPos())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_title()
        if not self._stale and self.isVisible():
            self._set_page(same=True)

    def _reveal(self, rect: QRectF) -> None:
        middle = rect.center().toPoint()
        self._scroll.ensureVisible(
            middle.x(), middle.y(), round(rect.width() / 2) + 8, round(rect.height() / 2) + 8
        )

    def _on_theme(self) -> None:
        self._faces, self._unset = Faces(self.theme), True
        if self.isVisible():
            self._refresh()
        else:
            self._stale = True


def _page_of(reading: Reading) -> tuple[object, ...]:
    """What the page of a reading is made of."""
    return id(reading.explanation), reading.heading, reading.words
