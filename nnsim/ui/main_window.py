"""The window: puts the parts together and passes events on. No logic of its own.

Object names: ``main_window``, ``canvas_area``, ``menu_bar``; the parts name their own.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)  # fmt: skip
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QVBoxLayout, QWidget

from nnsim.engine.messages import Granularity
from nnsim.model.notation import NOTATIONS
from nnsim.session.session import SUFFIX
from nnsim.session.settings import Appearance, SettingsStore
from nnsim.ui.action_state import ActionState
from nnsim.ui.actions import Actions, Handler, fill_menu_bar
from nnsim.ui.appearance import AppearanceControl
from nnsim.ui.banner import Banner
from nnsim.ui.casebook.control import LibraryControl
from nnsim.ui.commands import Commands
from nnsim.ui.controller import Controller
from nnsim.ui.dialogs.gradient_check import open_gradient_check
from nnsim.ui.dialogs.help import HelpDialogs
from nnsim.ui.divergence_help import DivergenceHelp
from nnsim.ui.docks import DOCKS, Dock
from nnsim.ui.files import FileCommands
from nnsim.ui.first_run import FirstRun
from nnsim.ui.layout_memory import LayoutMemory
from nnsim.ui.menus import QuietMnemonics, fill_docks_menu, fill_examples_menu, fill_recent_menu
from nnsim.ui.notation_choice import NotationChoice
from nnsim.ui.pace import Pace
from nnsim.ui.presentation import Presentation
from nnsim.ui.status_bar import StatusBar
from nnsim.ui.theme import Theme
from nnsim.ui.toolbar import RunToolbar

if TYPE_CHECKING:
    from nnsim.ui.canvas.view import NetworkCanvas
    from nnsim.ui.panels.data_panel import DataPanel

MINIMUM = (1024, 600)
_UNSEEN_MS = 500

T = TypeVar("T")


class MainWindow(QMainWindow):
    """Shows one session. ``closed``: the user has left and nothing unsaved is lost against their will.

    ``filled``: all panels are there (they are made right after the window has been shown).
    """

    closed = Signal()
    filled = Signal()

    def __init__(
        self, controller: Controller, theme: Theme, store: SettingsStore, appearance: AppearanceControl
    ) -> None:
        super().__init__()
        self.controller, self.theme, self.store, self.appearance = controller, theme, store, appearance
        self.canvas: NetworkCanvas | None = None
        self.data_panel: DataPanel | None = None
        self._leaving = self._filled = self._painted = False
        self.setObjectName("main_window")
        self.setMinimumSize(*MINIMUM)
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks)
        session = controller.session
        self.pace = Pace(session, store, self)
        self.files = FileCommands(controller, store, self)
        self.notation = NotationChoice(controller.view, store, self)
        self.help = HelpDialogs(self, theme)
        self.presentation = Presentation(self)
        self.actions_ = Actions(self, self._handlers(Commands(controller)))
        self._make_menus()
        self.toolbar = RunToolbar(controller, theme, self.actions_, self.pace, self)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.toolbar)
        self.banner = Banner(controller, theme, self)
        self.divergence_help = DivergenceHelp(controller, self.banner)
        self._make_centre()
        self.docks = {spec.key: Dock(spec, theme, self) for spec in DOCKS}
        self._set_corners()
        self._dock_actions()
        self.setStatusBar(StatusBar(controller, theme, self))
        self.layout_memory = LayoutMemory(self, self.docks, store)
        self.layout_memory.restore()
        self.casebook = LibraryControl(self, controller, theme, self.files, self.docks["library"])
        self.action_state = ActionState(self.actions_, controller, self.pace, appearance, self.notation)
        self.first_run = FirstRun(self, "run_button", controller, theme, store)
        self.banner.shown.connect(self.first_run.give_way)
        controller.file_changed.connect(self._show_title)
        self._show_title()

    # -- parts ------------------------------------------------------------------------------------

    def _handlers(self, do: Commands) -> dict[str, Handler]:
        c, session, pace, files = self.controller, self.controller.session, self.pace, self.files
        handlers: dict[str, Handler] = {
            "new": files.new, "open": files.choose, "save": files.save, "save_as": files.save_as,
            "library": lambda: self.casebook.browse(), "import_csv": self._import_csv, "quit": self.close,
            "undo": session.undo, "redo": session.redo,
            "select_network": do.select_network,
            "zoom_in": lambda: self._canvas("zoom_in"), "zoom_out": lambda: self._canvas("zoom_out"),
            "actual_size": lambda: self._canvas("actual_size"), "fit": lambda: self._canvas("fit"),
            "presentation": self.presentation.toggle, "reset_layout": self.reset_layout,
            "add_layer": do.add_layer, "remove_layer": do.remove_layer,
            "add_neuron": do.add_neuron, "remove_neuron": do.remove_neuron,
            "start_weights": do.start_weights, "new_weights": do.new_weights,
            "new_points": do.new_points,
            "previous_sample": do.previous_sample, "next_sample": do.next_sample,
            "step": lambda: c.step(pace.step_size), "run": c.toggle_run,
            "back": lambda: c.back(pace.step_size),
            "check_gradients": lambda: open_gradient_check(c, self.theme, self),
            "slower": lambda: pace.change_speed(-1), "faster": lambda: pace.change_speed(+1),
            "first_steps": self.help.first_steps,
            "shortcuts": lambda: self.help.shortcuts(self.actions_, self._dock_toggles()),
            "file_format": self.help.file_format, "about": self.help.about,
        }  # fmt: skip
        for size in Granularity:
            handlers[f"step_{size.value}"] = _bound(pace.set_step_size, size)
        for entry in NOTATIONS:
            handlers[f"notation_{entry.key}"] = _bound(self.notation.choose, entry.key)
        choices: tuple[Appearance, ...] = ("system", "light", "dark")
        for choice in choices:
            handlers[f"appearance_{choice}"] = _bound(self.appearance.choose, choice)
        return handlers

    def _make_menus(self) -> None:
        bar = self.menuBar()
        bar.setObjectName("menu_bar")
        bar.setStyle(QuietMnemonics(bar))
        self._brand = QLabel("nnsim")
        self._brand.setObjectName("brand")
        bar.setCornerWidget(self._brand, Qt.Corner.TopLeftCorner)
        self.menus = fill_menu_bar(bar, self.actions_)
        session = self.controller.session
        fill_examples_menu(self.menus["examples"], session, self.files, self.actions_["library"])
        fill_recent_menu(self.menus["recent"], session, self.files)

    def _make_centre(self) -> None:
        centre = QWidget()
        centre.setObjectName("canvas_area")
        centre.setMinimumSize(320, 200)
        self._centre = QVBoxLayout(centre)
        self._centre.setContentsMargins(0, 0, 0, 0)
        self._centre.setSpacing(0)
        self._centre.addWidget(self.banner)
        self._centre.addStretch(0)
        self.setCentralWidget(centre)

    def _set_corners(self) -> None:
        """Side docks go all the way down; the bottom belongs to the canvas above it."""
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        self.setCorner(Qt.Corner.BottomLeftCorner, left)
        self.setCorner(Qt.Corner.TopLeftCorner, left)
        self.setCorner(Qt.Corner.BottomRightCorner, right)
        self.setCorner(Qt.Corner.TopRightCorner, right)

    def _dock_actions(self) -> None:
        fill_docks_menu(self.menus["docks"], self.docks)
        for dock in self.docks.values():
            self.addAction(dock.toggleViewAction())
            dock.visibilityChanged.connect(self._say_what_is_seen)

    def _dock_toggles(self) -> dict:
        return {key: dock.toggleViewAction() for key, dock in self.docks.items()}

    def fill(self) -> None:
        """Make canvas and panels now. They come after the first picture of the window."""
        if self._filled:
            return
        # These bring pyqtgraph, which takes a third of the whole start.
        from nnsim.ui.calculation.panel import CalculationPanel
        from nnsim.ui.canvas.view import NetworkCanvas
        from nnsim.ui.panels.data_panel import DataPanel
        from nnsim.ui.panels.property_panel import PropertyPanel
        from nnsim.ui.plots.activation_plot import ActivationPlot
        from nnsim.ui.plots.loss_plot import LossPlot
        from nnsim.ui.plots.output_plot import OutputPlot
        from nnsim.ui.timeline.timeline import Timeline

        self._filled = True
        look = (self.controller, self.theme)
        self.canvas = NetworkCanvas(*look)
        self.canvas.pictures_changed.connect(self._say_what_is_seen)
        self._centre.addWidget(self.canvas, 1)
        self.timeline = Timeline(*look)
        self._centre.addWidget(self.timeline)
        self.data_panel = DataPanel(*look)
        calculation = CalculationPanel(*look)
        panels = {
            "data": self.data_panel,
            "properties": PropertyPanel(*look),
            "activation": ActivationPlot(*look),
            "loss": LossPlot(*look),
            "output": OutputPlot(*look),
            "calculation": calculation,
        }
        panels["library"] = library = self.casebook.make_panel()
        library.asked.connect(calculation.ask)
        with self.layout_memory.held():
            for key, panel in panels.items():
                self.docks[key].set_panel(panel)
        self.canvas.show()
        self.timeline.show()
        self.canvas.setFocus()  # not on a button or in a field: Space steps from the start
        self._say_what_is_seen()
        self.filled.emit()

    # -- showing ----------------------------------------------------------------------------------

    def _show_title(self) -> None:
        session = self.controller.session
        # Qt replaces "[*]" by its mark; in a name it is doubled to stand for itself.
        self.setWindowTitle(f"{session.title.replace('[*]', '[*][*]')}[*] — nnsim")
        self.setWindowModified(session.modified)

    def _say_what_is_seen(self) -> None:
        output = self.docks["output"].isVisible()
        pictures = self.canvas is not None and self.canvas.shows_pictures
        self.controller.view.set_wanted(plane=output or pictures, fit=output, confusion=output)

    def _canvas(self, method: str) -> None:
        if self.canvas is not None:
            getattr(self.canvas, method)()

    def reset_layout(self) -> None:
        """All docks back where they started."""
        self.presentation.leave(at_once=True)
        self.appearance.style_unseen()
        self.layout_memory.reset()

    def _import_csv(self) -> None:
        if self.data_panel is not None:
            self.data_panel.import_csv()

    # -- events -----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._filled:
            self.casebook.close_if_empty()
            # A window that nobody paints (minimised, behind others) is filled all the same.
            QTimer.singleShot(_UNSEEN_MS, self, self.fill)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.fill)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.presentation.follow_size()
        self.first_run.place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.presentation.active:
            self.presentation.leave()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event)
        if path is None:
            return
        event.acceptProposedAction()
        # The program the file comes from waits until this returns.
        QTimer.singleShot(0, self, lambda: self.take_file(path))

    def take_file(self, path: Path) -> None:
        """Open a project, or use a table as data."""
        if path.suffix.lower() == SUFFIX:
            self.files.open(path)
        elif self.data_panel is not None:
            self.data_panel.import_csv(path)

    # -- leaving ----------------------------------------------------------------------------------

    def leave(self) -> None:
        """Close without a question."""
        self._leaving = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        writing = self.controller.writing
        if not self._leaving and writing.busy:
            event.ignore()
            writing.when_free("quit", self.close, "nnsim closes as soon as that is done.")
            return
        if not self._leaving and self.controller.session.modified:
            event.ignore()
            self.files.when_safe(self.leave)
            return
        event.accept()
        self.controller.reading.abandon()
        writing.close()
        self.presentation.leave(at_once=True)
        self.layout_memory.keep()
        for window in QApplication.topLevelWidgets():
            if window is not self and window.parent() is self:
                window.close()
        self.closed.emit()


def dropped_file(event: QDropEvent) -> Path | None:
    """The one local project or table that is dropped; ``None`` for anything else."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in (SUFFIX, ".csv", ".tsv", ".txt") else None


def _bound(function: Callable[[T], object], value: T) -> Handler:
    return lambda: function(value)
