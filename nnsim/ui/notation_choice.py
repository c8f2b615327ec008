"""Which notation quantities are written in: chosen in the View menu, remembered in the settings."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from nnsim.model.notation import DEFAULT_NOTATION, NOTATIONS
from nnsim.session.settings import SettingsStore
from nnsim.ui.view_state import ViewState


class NotationChoice(QObject):
    """Keeps the views' notation and the settings in step. ``changed`` after the user has chosen."""

    changed = Signal()

    def __init__(self, view: ViewState, store: SettingsStore, parent: QObject) -> None:
        super().__init__(parent)
        self._view, self._store = view, store
        # A newer version may have left a notation here that this one does not know.
        remembered = store.settings.notation
        view.set_notation(remembered if remembered in NOTATIONS else DEFAULT_NOTATION)

    @property
    def choice(self) -> str:
        return self._view.notation

    def choose(self, key: str) -> None:
        """Write quantities so from now on, and remember it."""
        self._store.update(notation=key)
        self._view.set_notation(key)
        self.changed.emit()
