"""The band of headers over the network. It follows the picture sideways and is never scaled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from nnsim.ui.canvas.canvas_button import CanvasButton
from nnsim.ui.canvas.layer_header import HEIGHT, LEAST, HeaderFacts, HeaderState, LayerHeader
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.theme import Theme

_WIDEST = 190  # of a header
_FORWARD = (Qt.Key.Key_Right, Qt.Key.Key_Down)
_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up)


class HeaderBand(QWidget):
    """One Tab stop: Tab enters, the arrow keys walk its buttons. ``objectName`` is ``header_band``,
    the buttons between two headers are ``layer_insert``.

    Signals carry the layer's id: ``selected(layer)``, ``size_wanted(layer, n)``,
    ``activation_wanted(layer)``, ``renamed(layer, text)``, ``remove_wanted(layer)``,
    ``insert_wanted(layer)`` (after that layer), ``menu_wanted(layer, place on the screen)``.
    """

    selected = Signal(str)
    size_wanted = Signal(str, int)
    activation_wanted = Signal(str)
    renamed = Signal(str, str)
    remove_wanted = Signal(str)
    insert_wanted = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("header_band")
        self.setAccessibleName("Layers")
        self._headers: dict[str, LayerHeader] = {}
        self._inserts: dict[str, CanvasButton] = {}
        self._order: list[str] = []
        self._xs: tuple[float, ...] = ()
        self._entry: CanvasButton | None = None
        theme.changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        self.setFixedHeight(round(HEIGHT * self._theme.text_scale))
        self._place()

    # -- what it shows ----------------------------------------------------------------------------

    def header(self, layer: str) -> LayerHeader:
        """The header of a layer. Raises ``KeyError``."""
        return self._headers[layer]

    def insert_button(self, after: str) -> CanvasButton:
        """The + between a layer and the next one. Raises ``KeyError``."""
        return self._inserts[after]

    def show_layers(self, facts: Sequence[HeaderFacts], selected: str) -> None:
        """Have exactly these headers; ``selected`` is the id of the selected layer, if any."""
        self._order = [f.layer for f in facts]
        for layer in [k for k in self._headers if k not in self._order]:
            _leave(self._headers.pop(layer))
        for layer in [k for k in self._inserts if k not in self._order[:-1]]:
            _leave(self._inserts.pop(layer))
        for f in facts:
            if f.layer not in self._headers:
                self._headers[f.layer] = self._make_header(f)
            elif self._headers[f.layer].facts != f:
                self._headers[f.layer].show_facts(f)
        for layer in self._order[:-1]:
            if layer not in self._inserts:
                self._inserts[layer] = self._make_insert(layer)
            self._inserts[layer].raise_()  # over the headers, also over those made later
        self.mark_selected(selected)
        self._place()
        self._choose_entry()

    def mark_selected(self, layer: str) -> None:
        for id_, header in self._headers.items():
            header.set_selected(id_ == layer)

    def mark_states(self, states: Mapping[str, HeaderState]) -> None:
        """What is to be seen beside the names, by layer; layers without an entry have none."""
        for id_, header in self._headers.items():
            header.show_state(states.get(id_, HeaderState()))

    def _make_header(self, facts: HeaderFacts) -> LayerHeader:
        header, layer = LayerHeader(self._theme, facts, self), facts.layer
        header.selected.connect(lambda: self.selected.emit(layer))
        header.size_wanted.connect(lambda n: self.size_wanted.emit(layer, n))
        header.activation_wanted.connect(lambda: self.activation_wanted.emit(layer))
        header.renamed.connect(lambda text: self.renamed.emit(layer, text))
        header.remove_wanted.connect(lambda: self.remove_wanted.emit(layer))
        header.menu_wanted.connect(lambda at: self.menu_wanted.emit(layer, at))
        for button in header.findChildren(CanvasButton):
            self._follow_focus(button)
        header.show()
        return header

    def _make_insert(self, after: str) -> CanvasButton:
        button = CanvasButton(self._theme, "dot", "layer_insert", self)
        button.setText("+")
        button.setAccessibleName("Add a layer here")
        button.setToolTip(tool_tip("Add a layer here"))
        button.clicked.connect(lambda: self.insert_wanted.emit(after))
        self._follow_focus(button)
        button.setVisible(self.underMouse())
        return button

    # -- places -----------------------------------------------------------------------------------

    def follow(self, xs: Sequence[float]) -> None:
        """Stand over columns at these places, in pixels of the band."""
        if tuple(xs) != self._xs:
            self._xs = tuple(xs)
            self._place()

    def _place(self) -> None:
        if len(self._xs) != len(self._order):
            return
        gaps = [b - a for a, b in zip(self._xs, self._xs[1:], strict=False)]
        gap = min(gaps, default=float(_WIDEST))
        dot = next(iter(self._inserts.values())).sizeHint() if self._inserts else None
        room = int(gap) - 4
        width = min(max(room, 1), round(_WIDEST * self._theme.text_scale))
        least = LEAST * self._theme.text_scale
        for layer, x in zip(self._order, self._xs, strict=True):
            header = self._headers[layer]
            # Near the left edge a header is as wide as it can be and still stand over its column.
            own = min(width, 2 * round(x)) if x >= least / 2 else width
            header.setGeometry(round(x) - own // 2, 0, own, self.height())
            header.setVisible(width >= least)
        for layer, x, step in zip(self._order, self._xs, gaps, strict=False):
            if dot is not None:
                y = self._headers[layer].plus.geometry().center().y() - dot.height() // 2 + 1
                button = self._inserts[layer]
                button.setGeometry(round(x + step / 2) - dot.width() // 2, y, dot.width(), dot.height())

    # -- the + between headers is there while the pointer is over the band ----------------------------

    def enterEvent(self, event: QEnterEvent) -> None:
        self._show_inserts(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._show_inserts(False)
        super().leaveEvent(event)

    def _show_inserts(self, shown: bool) -> None:
        for button in self._inserts.values():
            button.setVisible(shown or button.hasFocus())

    # -- keyboard: one stop, arrows inside --------------------------------------------------------------

    def _buttons(self) -> list[CanvasButton]:
        found: list[CanvasButton] = []
        for layer in self._order:
            if not self._headers[layer].isHidden():
                found += self._headers[layer].buttons()
                found += [self._inserts[layer]] if layer in self._inserts else []
        return found

    def _choose_entry(self, wanted: CanvasButton | None = None) -> None:
        """Let Tab lead to one button: the last used one, else the first."""
        buttons = self._buttons()
        if wanted is None:
            wanted = self._entry if self._entry in buttons else buttons[0] if buttons else None
        self._entry = wanted
        for button in buttons:
            on = button is wanted
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)

    def _follow_focus(self, button: CanvasButton) -> None:
        """Know when the keyboard comes to a button and leaves it. By a signal: an event filter would
        hear of every move of every button."""
        button.focused.connect(lambda here: self._on_focus(button, here))

    def _on_focus(self, button: CanvasButton, here: bool) -> None:
        if here:
            self._choose_entry(button)
        elif button in self._inserts.values():
            self._show_inserts(self.underMouse())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        buttons, key = self._buttons(), event.key()
        at = next((i for i, b in enumerate(buttons) if b.hasFocus()), None)
        if at is None:
            super().keyPressEvent(event)
        elif key in _FORWARD or key in _BACK:
            self._go_to(buttons[(at + (1 if key in _FORWARD else -1)) % len(buttons)])
        elif key == Qt.Key.Key_Home or key == Qt.Key.Key_End:
            self._go_to(buttons[0 if key == Qt.Key.Key_Home else -1])
        else:
            super().keyPressEvent(event)

    def _go_to(self, button: CanvasButton) -> None:
        button.show()
        button.setFocus(Qt.FocusReason.TabFocusReason)


def _leave(widget: QWidget) -> None:
    """Take a widget away, possibly while its own signal is being handled."""
    widget.hide()
    widget.deleteLater()
