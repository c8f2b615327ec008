"""Light or dark: as the system says, or as the user says. Switching is live."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from nnsim.session.settings import Appearance, SettingsStore
from nnsim.ui.style import apply_style, style_tree
from nnsim.ui.theme import Mode, Theme

_SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}


class AppearanceControl(QObject):
    """Keeps theme, style sheet and the system's own parts of the window in step.

    ``changed`` after the user has chosen another appearance.
    """

    changed = Signal()

    def __init__(self, app: QApplication, theme: Theme, store: SettingsStore) -> None:
        super().__init__(app)
        self._app, self._theme, self._store = app, theme, store
        self._unseen = _Unseen(self)
        theme.set_mode(self._wanted())
        apply_style(app, theme)
        theme.changed.connect(self._apply)
        self._tell_system()
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    @property
    def choice(self) -> Appearance:
        return self._store.settings.appearance

    def choose(self, choice: Appearance) -> None:
        """Set and remember."""
        if choice != self.choice:
            self._store.update(appearance=choice)
            self._tell_system()
            self._theme.set_mode(self._wanted())
            self.changed.emit()

    def _wanted(self) -> Mode:
        if self.choice == "system":
            return system_mode()
        return self.choice

    def _tell_system(self) -> None:
        """Title bars and native dialogs then look alike (Qt 6.8 and later)."""
        hints = self._app.styleHints()
        if hasattr(hints, "setColorScheme"):
            hints.setColorScheme(_SCHEMES[self.choice])

    def _on_system_changed(self) -> None:
        self._theme.set_mode(self._wanted())

    def _apply(self) -> None:
        apply_style(self._app, self._theme, later=self._unseen.take)

    def style_unseen(self) -> None:
        """Style what is closed now: before something is measured or placed that is to be opened."""
        self._unseen.style()


class _Unseen(QObject):
    """Closed windows, menus and docks: styled when what can be seen has been painted, or when opened."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[QWidget] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.style)

    def take(self, widget: QWidget) -> None:
        if widget not in self._waiting:
            self._waiting.append(widget)
            widget.installEventFilter(self)
        self._timer.start()

    def style(self) -> None:
        """Style all of them now."""
        self._timer.stop()
        waiting, self._waiting = self._waiting, []
        for widget in waiting:
            if isValid(widget):
                widget.removeEventFilter(self)
                style_tree(widget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self.style()
        return False


def system_mode() -> Mode:
    """What the system asks for; light where it does not say."""
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"
