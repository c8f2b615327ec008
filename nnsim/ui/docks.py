"""Docks with quiet titles, and the table of those the window has.

Object names: ``dock_<key>``; in the title ``dock_title``, ``dock_caption``, ``dock_float``,
``dock_close``.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from nnsim.ui.icons import icon
from nnsim.ui.theme import Theme

LEFT, RIGHT, BOTTOM = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)

# Of the docks at the sides, in pixels.
WIDTHS = {LEFT: 235, RIGHT: 235}


@dataclass(frozen=True)
class DockSpec:
    """One dock: ``key`` for settings and tests, ``label`` in the View menu, where it starts."""

    key: str
    label: str
    area: Qt.DockWidgetArea
    presented: bool  # stays in presentation mode
    tab_of: str = ""  # starts closed, and as a tab beside this dock


DOCKS = (
    DockSpec("data", "Data", LEFT, False),
    DockSpec("properties", "Properties", RIGHT, False),
    DockSpec("activation", "Activation", RIGHT, True),
    DockSpec("loss", "Loss", BOTTOM, True),
    DockSpec("output", "Output", BOTTOM, True),
    DockSpec("calculation", "Calculation", BOTTOM, True),
    DockSpec("library", "Library", LEFT, False, tab_of="data"),
)


class Dock(QDockWidget):
    """A dock whose title is a caption that follows its panel's ``windowTitle``."""

    def __init__(self, spec: DockSpec, theme: Theme, parent: QWidget) -> None:
        super().__init__(spec.label, parent)
        self.spec = spec
        self.setObjectName(f"dock_{spec.key}")
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        self._title = DockTitle(self, theme)
        self.setTitleBarWidget(self._title)
        self._body = QWidget()
        self._body.setObjectName("dock_body")
        self._body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._layout = QVBoxLayout(self._body)
        self._layout.setContentsMargins(0, 0, 0, 0)
        # Until there is a panel, its place is kept: nothing jumps when it comes.
        self._body.setMinimumWidth(WIDTHS.get(spec.area, 0))
        self.setWidget(self._body)
        self.toggleViewAction().setText(spec.label)
        self.panel: QWidget | None = None

    def set_panel(self, panel: QWidget) -> None:
        """Put the panel in. Its ``windowTitle``, if it has one, is the dock's from now on."""
        self.panel = panel
        self._body.setMinimumWidth(0)
        self._layout.addWidget(panel)
        panel.windowTitleChanged.connect(self._set_title)
        if panel.windowTitle():
            self._set_title(panel.windowTitle())
        extras = getattr(panel, "title_widgets", None)
        if extras is not None:
            for widget in extras():
                self._title.add(widget)

    def _set_title(self, title: str) -> None:
        self._title.caption.say(title)
        # Qt names tabs and floating windows by this; the View menu keeps the short label.
        self.setWindowTitle(title)
        self.toggleViewAction().setText(self.spec.label)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc brings a floating dock back."""
        if event.key() == Qt.Key.Key_Escape and self.isFloating():
            self.setFloating(False)
        else:
            super().keyPressEvent(event)


def docks_in(window: QMainWindow, area: Qt.DockWidgetArea) -> list[Dock]:
    """The docks that take room in an area of ``window``, in the order of :data:`DOCKS`."""
    docks = window.findChildren(Dock)
    return [d for d in docks if not d.isHidden() and not d.isFloating() and window.dockWidgetArea(d) == area]


def capitals(text: str) -> str:
    """Words in capitals, names of quantities as they are: a and A are not the same."""
    return " ".join(word.upper() if _is_word(word) else word for word in text.split(" "))


def _is_word(text: str) -> bool:
    letters = text.rstrip(".,:…").replace("-", "").replace("’", "")
    return len(letters) > 1 and letters.isalpha()


class Caption(QLabel):
    """A section's title in capitals, that ends in … where there is no room for all of it."""

    def __init__(self, text: str) -> None:
        super().__init__(capitals(text))
        self._whole = text
        self.setObjectName("dock_caption")
        self.setProperty("role", "title")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        whole = capitals(self._whole)
        fitting = self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, self.width())
        self.setText(fitting)
        self.setToolTip(self._whole if fitting != whole else "")


class DockTitle(QWidget):
    """The caption, what the panel adds, and the buttons to float and close (shown on approach)."""

    def __init__(self, dock: Dock, theme: Theme) -> None:
        super().__init__(dock)
        self._dock, self._theme = dock, theme
        self.setObjectName("dock_title")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.caption = Caption(dock.spec.label)
        self._float = self._button("float", f"Float {dock.spec.label}")
        self._float.clicked.connect(self._toggle_floating)
        self._close = self._button("close", f"Close {dock.spec.label}")
        self._close.clicked.connect(dock.close)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 6, 2)
        self._row.setSpacing(4)
        self._row.addWidget(self.caption, 1)
        self._row.addWidget(self._float)
        self._row.addWidget(self._close)
        theme.changed.connect(self._set_icons)
        self._set_icons()
        self._reveal(False)

    def add(self, widget: QWidget) -> None:
        """Put a small widget of the panel at the very right: the buttons before it come and go."""
        self._row.addWidget(widget)

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"dock_{name}")
        button.setProperty("flat", True)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the View menu does this by keyboard
        button.setFixedSize(20, 20)
        return button

    def _set_icons(self) -> None:
        self._icons = {
            (button, shown): icon(self._theme, name, token)
            for name, button in (("float", self._float), ("close", self._close))
            for shown, token in ((True, "muted"), (False, "panel"))
        }
        self._reveal(self.underMouse())

    def _reveal(self, shown: bool) -> None:
        # Painted in the panel's colour instead of hidden, so that nothing moves.
        for button in (self._float, self._close):
            button.setIcon(self._icons[button, shown])

    def _toggle_floating(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())

    def enterEvent(self, event: QEnterEvent) -> None:
        self._reveal(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._reveal(False)
        super().leaveEvent(event)
