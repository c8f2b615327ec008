"""The header over one layer: name, activation, − n +, and × to remove it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from nnsim.core.activations import ACTIVATIONS
from nnsim.model.limits import MAX_LAYER_SIZE, MAX_NAME
from nnsim.model.project import Project
from nnsim.ui.canvas.badges import RADIUS, paint_frozen, paint_ill
from nnsim.ui.canvas.canvas_button import CanvasButton
from nnsim.ui.canvas.inks import pixels
from nnsim.ui.canvas.inline_field import InlineField
from nnsim.ui.panels.plain import tool_tip
from nnsim.ui.theme import Theme

_TOP, _WORDS, _BOXES = 8, 20, 22
HEIGHT = _TOP + _WORDS + 4 + _BOXES + 6
NARROW = 86  # in less, only the short name and the number of neurons have room
LEAST = 30  # and in less not even they


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """What a header shows. ``activation`` is empty for the input layer. ``why_fixed`` says why the
    number of neurons cannot be changed; empty if it can."""

    layer: str
    name: str
    short_name: str
    activation: str
    size: int
    removable: bool
    most: int = MAX_LAYER_SIZE
    why_fixed: str = ""


@dataclass(frozen=True, slots=True)
class HeaderState:
    """What stands beside a layer's name: whether all of it is frozen, and in words what is wrong with it
    (empty: nothing)."""

    frozen: bool = False
    ill: str = ""


def facts_of(project: Project, raw_width: int | None, feature_count: int) -> list[HeaderFacts]:
    """The headers of a project. ``raw_width`` is the number of columns of its data, if known: with
    two of them inputs are features one can add and remove."""
    last = len(project.layers) - 1
    facts = []
    for index, layer in enumerate(project.layers):
        activation, most, fixed = layer.activation, MAX_LAYER_SIZE, ""
        if index == 0:
            activation, most = "", feature_count
            if raw_width != 2:
                fixed = "There is one input for each column of the data. Choose other data to change it."
        elif activation in ACTIVATIONS:
            activation = ACTIVATIONS[activation].label
        name = project.layer_name(layer.id)
        short = layer.name or ("In" if index == 0 else "Out" if index == last else f"H{index}")
        facts.append(
            HeaderFacts(layer.id, name, short, activation, layer.size, 0 < index < last, most, fixed)
        )
    return facts


class LayerHeader(QWidget):
    """``objectName`` is ``layer_header``; its parts are ``layer_name``, ``layer_activation``,
    ``layer_minus``, ``layer_count``, ``layer_plus``, ``layer_remove``, and while renaming
    ``layer_rename``.

    Signals: ``selected()``, ``size_wanted(n)``, ``activation_wanted()``, ``renamed(text)``,
    ``remove_wanted()``, ``menu_wanted(place on the screen)``.
    """

    selected = Signal()
    size_wanted = Signal(int)
    activation_wanted = Signal()
    renamed = Signal(str)
    remove_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme, facts: HeaderFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer_header")
        # With ground of its own, Qt moves what it has painted instead of asking every button again.
        self.setAutoFillBackground(True)
        self._theme, self._facts, self._state = theme, facts, HeaderState()
        self.name = CanvasButton(theme, "title", "layer_name", self)
        self.activation = CanvasButton(theme, "choice", "layer_activation", self)
        self.minus = CanvasButton(theme, "box", "layer_minus", self)
        self.count = CanvasButton(theme, "box", "layer_count", self)
        self.plus = CanvasButton(theme, "box", "layer_plus", self)
        self.remove = CanvasButton(theme, "dot", "layer_remove", self)
        self.name.setCheckable(True)
        self.minus.setText("−")
        self.plus.setText("+")
        self.remove.setText("×")
        self.remove.hide()
        self._editor: QLineEdit | None = None
        self.name.clicked.connect(self.selected)
        self.name.installEventFilter(self)
        self.activation.clicked.connect(self.activation_wanted)
        self.minus.clicked.connect(lambda: self.size_wanted.emit(self._facts.size - 1))
        self.plus.clicked.connect(lambda: self.size_wanted.emit(self._facts.size + 1))
        self.count.clicked.connect(self._edit_count)
        self.remove.clicked.connect(self.remove_wanted)
        self.show_facts(facts)
        theme.changed.connect(self._place)  # after the buttons, which are then as large as they will be

    @property
    def facts(self) -> HeaderFacts:
        return self._facts

    def buttons(self) -> list[CanvasButton]:
        """The buttons a keyboard can reach, in order."""
        every = [self.name, self.activation, self.minus, self.count, self.plus, self.remove]
        shown = [b for b in every if not b.isHidden() or (b is self.remove and self._facts.removable)]
        return [b for b in shown if b.isEnabled()]

    # -- showing ----------------------------------------------------------------------------------

    def show_facts(self, facts: HeaderFacts) -> None:
        """Show another state of the layer."""
        self._facts = facts
        self.activation.setText(facts.activation)
        self.count.setText(str(facts.size))
        fixed = bool(facts.why_fixed)
        self.minus.setEnabled(not fixed and facts.size > 1)
        self.plus.setEnabled(not fixed and facts.size < facts.most)
        self.count.setEnabled(not fixed)
        self._describe()
        self._place()

    @property
    def state(self) -> HeaderState:
        return self._state

    def show_state(self, state: HeaderState) -> None:
        """Show or hide the marks beside the name."""
        if state != self._state:
            self._state = state
            self._describe()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The marks, left of the name."""
        theme, y = self._theme, self.name.geometry().center().y() + 1.0
        x = self.name.x() - 4.0
        with QPainter(self) as painter:
            if self._state.ill and x >= RADIUS:
                font = pixels(theme.ui_font(weight=QFont.Weight.DemiBold), 9)
                fill, sign = theme.color("negative_text"), theme.color("panel")
                paint_ill(painter, QPointF(x - 3.0, y), fill, sign, font)
                x -= 2 * RADIUS + 3.0
            if self._state.frozen and x >= RADIUS:
                paint_frozen(painter, QPointF(x - 3.0, y), theme.color("muted_text"))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def _describe(self) -> None:
        name, fixed = self._facts.name, self._facts.why_fixed
        states = ["frozen: training leaves it as it is"] if self._state.frozen else []
        states += [self._state.ill] if self._state.ill else []
        tip = "\n".join([name, *states, "Click to select, double-click to rename"])
        texts = (
            (self.name, ", ".join([f"Layer {name}", *states]), tip),
            (self.activation, f"Activation of {name}: {self._facts.activation}", "Activation function"),
            (self.minus, f"Remove a neuron from {name}", fixed or f"Remove the last neuron of {name}"),
            (self.count, f"{self._facts.size} neurons in {name}", fixed or "Click to type the number"),
            (self.plus, f"Add a neuron to {name}", fixed or f"Add a neuron to {name}"),
            (self.remove, f"Remove {name}", f"Remove {name}"),
        )
        for button, accessible, tip in texts:
            button.setAccessibleName(accessible)
            button.setToolTip(tool_tip(tip))

    def set_selected(self, selected: bool) -> None:
        self.name.setChecked(selected)

    def resizeEvent(self, event: object) -> None:
        self._place()

    def _place(self) -> None:
        scale, width = self._theme.text_scale, self.width()
        narrow = width < NARROW * scale
        self.name.setText(self._facts.short_name if narrow else self._facts.name)
        self.activation.setVisible(bool(self._facts.activation) and not narrow)
        for button in (self.minus, self.plus):
            button.setVisible(not narrow)
        top, words, boxes = (round(v * scale) for v in (_TOP, _WORDS, _BOXES))
        wide = 0 if self.activation.isHidden() else min(self.activation.full_width(), width * 3 // 5)
        name = min(self.name.full_width(), width - wide)
        if not self.activation.isHidden():
            wide = min(self.activation.full_width(), width - name)
        left = (width - name - wide) // 2
        self.name.setGeometry(left, top, name, words)
        self.activation.setGeometry(left + name, top, wide, words)
        box, gap = self.plus.sizeHint().width(), round(5 * scale)
        count = max(box, self.count.full_width())
        if narrow:
            box = gap = 0
        left, y = (width - 2 * box - count - 2 * gap) // 2, top + words + round(4 * scale)
        self.count.setGeometry(left + box + gap, y, count, boxes)
        if not narrow:
            self.minus.setGeometry(left, y, box, boxes)
            self.plus.setGeometry(left + box + count + 2 * gap, y, box, boxes)
        dot = self.remove.sizeHint()
        x = min(left + 2 * box + count + 3 * gap, width - dot.width())
        self.remove.setGeometry(x, y + (boxes - dot.height()) // 2, dot.width(), dot.height())

    # -- the × is only there when needed ------------------------------------------------------------

    def enterEvent(self, event: QEnterEvent) -> None:
        self.remove.setVisible(self._facts.removable and self.width() >= NARROW * self._theme.text_scale)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.remove.setVisible(self._facts.removable and self.remove.hasFocus())
        super().leaveEvent(event)

    # -- editing ----------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.name and event.type() == QEvent.Type.MouseButtonDblClick:
            self.rename()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2:
            self.rename()
        elif event.key() == Qt.Key.Key_Delete and self._facts.removable:
            self.remove_wanted.emit()
        else:
            super().keyPressEvent(event)

    def rename(self) -> None:
        """Open a field over the name."""
        if self._editor is not None:
            return
        editor = _NameEditor(self._facts.name, self)
        editor.setGeometry(QRect(0, self.name.y() - 2, self.width(), self.name.height() + 6))
        editor.closed.connect(self._on_name_closed)
        self._editor = editor
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        editor.selectAll()

    def _on_name_closed(self, text: str, accepted: bool) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            editor.deleteLater()
        if accepted and text != self._facts.name:
            self.renamed.emit(text)

    def _edit_count(self) -> None:
        field = InlineField(self, f"Neurons in {self._facts.name}", self._facts.size, integer=True)
        field.set_range(1, self._facts.most)
        field.setGeometry(self.count.geometry().adjusted(-10, -2, 10, 2))
        field.committed.connect(lambda value: self.size_wanted.emit(int(value)))
        field.closed.connect(lambda by_keyboard: self.count.setFocus() if by_keyboard else None)
        field.show()
        field.setFocus(Qt.FocusReason.OtherFocusReason)


class _NameEditor(QLineEdit):
    """Enter and leaving give the name, Esc takes back. An empty name means the automatic one."""

    closed = Signal(str, bool)

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setObjectName("layer_rename")
        self.setAccessibleName("Name of the layer")
        self.setMaxLength(MAX_NAME)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._done = False

    def _close(self, accepted: bool) -> None:
        if not self._done:
            self._done = True
            self.hide()
            self.closed.emit(self.text().strip(), accepted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._close(True)
        elif event.key() == Qt.Key.Key_Escape:
            self._close(False)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self._close(True)
