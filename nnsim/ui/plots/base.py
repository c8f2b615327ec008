"""What all plots have in common: a title, a few tools, a menu, and doing nothing while hidden.

The title is the widget's ``windowTitle`` and the tools are its :meth:`PlotPanel.title_widgets`: the
dock shows both. Everything a tool does is in the menu as well (right click, or the ⋯ button).

Object names: the panel's own, and from it ``<name>_tools``, ``<name>_menu_button``,
``<name>_menu``, ``<name>_reset`` (``<name>_reset_tool`` while zoomed), ``<name>_save``, ``<name>_copy``.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QFont, QFontMetricsF, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from nnsim.ui.controller import Controller
from nnsim.ui.docks import capitals
from nnsim.ui.plots.export import Picture, save_picture
from nnsim.ui.plots.view import PlotView
from nnsim.ui.plots.words import NORMAL
from nnsim.ui.theme import Theme

_DESCRIBE_MS = 1000
_MARGIN = 8
_LEAST_SIZE = QSize(200, 130)
_TITLE_FRAME = 84  # pixels of a dock's title that are neither its caption nor our tools
_CAPTION_POINTS = 8.25
_WORTHY_TITLE = 140.0  # pixels


class ToolStrip(QWidget):
    """Tools beside a title. Never keeps a dock from becoming narrower: then tools are hidden."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


class PlotPanel(QWidget):
    """A plot with its title, tools and menu.

    Subclasses fill :attr:`body`, implement :meth:`refresh` (draw what is current), :meth:`summary`
    (the picture in one sentence) and :meth:`numbers` (rows of text to copy), and call
    :meth:`data_changed` when there is something new: it draws now, or when the panel is shown.
    """

    def __init__(
        self, controller: Controller, theme: Theme, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.controller, self.theme = controller, theme
        self.setObjectName(name)
        self.setMinimumSize(_LEAST_SIZE)
        self._stale = self._unstyled = True
        self._titles: tuple[str, ...] = ("",)
        self._tools: list[QToolButton] = []
        self._unwanted: set[QToolButton] = set()
        self._build_tools(name)
        self._build_menu(name)
        self._reset_tool = self.add_tool(
            f"{name}_reset_tool", "reset", "Show the whole again", self.reset_action
        )
        self.show_zoom()
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(_MARGIN, 0, _MARGIN, _MARGIN // 2)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DESCRIBE_MS)
        self._timer.timeout.connect(self.describe)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._draw_if_stale)
        controller.turns.join(self)
        theme.changed.connect(self._on_theme)
        controller.view.notation_changed.connect(self.data_changed)

    def _build_tools(self, name: str) -> None:
        self._strip = ToolStrip()
        self._strip.setObjectName(f"{name}_tools")
        self._row = QHBoxLayout(self._strip)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._more = QToolButton()
        self._more.setText("⋯")
        self._more.setToolTip("View, picture and numbers of this plot")
        self._more.setAccessibleName("More for this plot")
        self._more.setObjectName(f"{name}_menu_button")
        self._more.clicked.connect(self._open_menu)
        self._row.addWidget(self._more)
        self._style_tool(self._more)

    def _build_menu(self, name: str) -> None:
        self.menu = QMenu(self)
        self.menu.setObjectName(f"{name}_menu")
        self.menu.aboutToShow.connect(self.prepare_menu)
        self._rule = self.menu.addSeparator()
        self.reset_action = self._menu_item(f"{name}_reset", "Reset view", self.reset_view)
        self._menu_item(f"{name}_save", "Save picture…", self.save_picture)
        self.copy_action = self._menu_item(f"{name}_copy", "Copy numbers", self.copy_numbers)

    def _menu_item(self, name: str, text: str, act: Callable[[], object]) -> QAction:
        action = self.menu.addAction(text)
        action.setObjectName(name)
        action.triggered.connect(lambda: act())
        return action

    # -- contents, for subclasses -------------------------------------------------------------------

    def refresh(self) -> None:
        """Draw what is current. Called only while the panel can be seen."""
        raise NotImplementedError

    def restyle(self) -> None:
        """Take over the theme's colours and fonts. Called before a :meth:`refresh`."""
        raise NotImplementedError

    def summary(self) -> str:
        """The picture in a sentence, for those who do not see it."""
        raise NotImplementedError

    def numbers(self) -> str:
        """The picture's numbers at full precision, as tab-separated rows; empty if there are none."""
        raise NotImplementedError

    def view(self) -> PlotView | None:
        """The picture with axes on show, if it is one."""
        return None

    def picture(self) -> Picture:
        """What is saved as a picture."""
        view = self.view()
        assert view is not None
        return Picture(view.size(), view.paint_picture)

    def data_changed(self, *_: object) -> None:
        """There is something new: draw it, now or when the panel is shown. A slot for any signal."""
        if self.isVisible():
            self._draw()
        else:
            self._stale = True

    def data_changed_soon(self, *_: object) -> None:
        """As :meth:`data_changed`, with what else is new when this turn of the event loop ends."""
        self._stale = True
        self._soon.start()

    def _draw_if_stale(self) -> None:
        if self._stale:
            self.data_changed()

    def numbers_changed(self, *_: object) -> None:
        """There are new numbers: draw them if it is this panel's turn. A slot for ``snapshot_changed``."""
        if self.controller.turns.has(self):
            self.data_changed()

    def _draw(self) -> None:
        if self._unstyled:
            self._unstyled = False
            self.restyle()
        self._stale = False
        self.refresh()
        if not self._timer.isActive():
            self._timer.start()

    # -- title, tools and menu, for subclasses ------------------------------------------------------

    def title_widgets(self) -> list[QWidget]:
        """What belongs beside the title."""
        return [self._strip]

    def set_title(self, *titles: str) -> None:
        """The title; after it shorter ones for where there is no room for it."""
        if titles != self._titles:
            self._titles = titles
            self._fit_title()

    def add_tool(self, name: str, text: str, tip: str, action: QAction | None = None) -> QToolButton:
        """A small button beside the title, for ``action`` if given. The first ones stay the longest."""
        tool = QToolButton()
        if action is not None:
            action.setIconText(text)  # the button shows this one, the menu the full text
            tool.setDefaultAction(action)
        else:
            tool.setText(text)
        tool.setToolTip(tip)
        tool.setAccessibleName(tip)
        tool.setObjectName(name)
        self._row.insertWidget(self._row.count() - 1, tool)
        self._tools.append(tool)
        self._style_tool(tool)
        return tool

    def show_tool(self, tool: QToolButton, shown: bool) -> None:
        """Whether a tool is of use now. Where there is no room, it stays hidden all the same."""
        if shown == (tool in self._unwanted):
            (self._unwanted.discard if shown else self._unwanted.add)(tool)
            self._fit_title()

    def add_choice(self, name: str, text: str, act: Callable[[bool], object] | None = None) -> QAction:
        """An entry of the menu, above those that all plots have; with ``act`` it is a switch."""
        action = QAction(text, self)
        action.setObjectName(name)
        if act is not None:
            action.setCheckable(True)
            action.toggled.connect(act)
        self.menu.insertAction(self._rule, action)
        return action

    def _style_tool(self, tool: QToolButton) -> None:
        tool.setProperty("flat", True)
        tool.setFont(self.theme.ui_font(NORMAL))
        tool.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _fit_title(self) -> None:
        """Use a shorter title, then fewer tools, where there is little room."""
        font = self.theme.ui_font(_CAPTION_POINTS, QFont.Weight.DemiBold)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.5)
        metrics = QFontMetricsF(font)
        widths = [metrics.horizontalAdvance(capitals(title)) for title in self._titles]
        # A title that is not too long is worth more than a tool, which the menu has as well.
        worth = max((width for width in widths if width <= _WORTHY_TITLE), default=min(widths))
        room = self.width() - _TITLE_FRAME - self._more.sizeHint().width()
        for tool in self._tools:
            need = tool.sizeHint().width() + self._row.spacing()
            fits = tool not in self._unwanted and room - need >= worth
            tool.setVisible(fits)
            room -= need if fits else 0
        fitting = [title for title, width in zip(self._titles, widths, strict=True) if width <= room]
        title = fitting[0] if fitting else self._titles[-1]
        if title != self.windowTitle():
            self.setWindowTitle(title)

    # -- what the menu does -------------------------------------------------------------------------

    def prepare_menu(self) -> None:
        """Bring the menu up to date before it opens."""
        self.show_zoom()
        self.copy_action.setEnabled(bool(self.numbers()))

    def show_zoom(self) -> None:
        """Offer the way back where the user has zoomed. A slot for ``zoom_changed``."""
        view = self.view()
        zoomed = view is not None and view.zoomed
        self.reset_action.setEnabled(zoomed)
        self.show_tool(self._reset_tool, zoomed)

    def reset_view(self) -> None:
        """Show the whole again after zooming."""
        view = self.view()
        if view is not None:
            view.reset_view()

    def save_picture(self) -> None:
        """Ask for a file and write the picture to it."""
        save_picture(self, self.picture(), self._titles[0], self.controller.notice.emit)

    def copy_numbers(self) -> None:
        """Put the numbers on the clipboard."""
        QGuiApplication.clipboard().setText(self.numbers())
        self.controller.notice.emit("The numbers of this plot are on the clipboard.", "info")

    def describe(self) -> None:
        """Say the picture in words to screen readers."""
        text = self.summary()
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
            view = self.view()
            if view is not None:
                view.setAccessibleDescription(text)

    # -- events -----------------------------------------------------------------------------------

    def _open_menu(self) -> None:
        self.menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def contextMenuEvent(self, event) -> None:
        self.menu.popup(event.globalPos())

    def showEvent(self, event) -> None:
        super().showEvent(event)
        if self._stale or self._unstyled:
            self._draw()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit_title()

    def _on_theme(self) -> None:
        self._unstyled = True
        for tool in (*self._tools, self._more):
            self._style_tool(tool)
        self._fit_title()
        self.data_changed()
