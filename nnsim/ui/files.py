"""What the File menu does: opening and saving with the questions that keep work from being lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from nnsim.core.registry import UnknownNameError
from nnsim.io.errors import ChangedOnDisk, ProjectFileError
from nnsim.session.recovery import Left
from nnsim.session.session import SUFFIX, Session
from nnsim.session.settings import SettingsStore
from nnsim.ui.dialogs.question import CANCEL, Answer, Role, ask, tell

Then = Callable[[], object]
_FILTER = f"nnsim projects (*{SUFFIX});;All files (*)"


class FileCommands(QObject):
    """Opens, saves and asks; dialogs belong to ``window`` and never block.

    ``saved``: the document is safe in its file. ``opened``: another document is shown.
    """

    saved = Signal()
    opened = Signal()

    def __init__(self, session: Session, store: SettingsStore, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._store, self._window = session, store, window

    # -- opening ----------------------------------------------------------------------------------

    def new(self) -> None:
        self.when_safe(self._new)

    def _new(self) -> None:
        self._session.new()
        self.opened.emit()

    def choose(self) -> None:
        """Ask for a file to open."""
        dialog = QFileDialog(self._window, "Open a project", self._folder(), _FILTER)
        dialog.setObjectName("open_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        dialog.open()

    def open(self, path: Path) -> None:
        """Open a project file, after the question about unsaved work."""
        self.when_safe(lambda: self.open_now(path))

    def open_now(self, path: Path) -> bool:
        """Open a project file in place of the document; whether that was possible."""
        if not path.exists() and str(path) in self._store.settings.recent:
            self._store.remove_recent(path)
            tell(self._window, "file_gone", f"“{path.name}” is no longer there.",
                 f"It was in {path.parent}. It has been taken off the list of recent files.")  # fmt: skip
            return False
        try:
            self._session.open(path)
        except ProjectFileError as error:
            tell(self._window, "open_failed", f"“{path.name}” could not be opened.",
                 f"{error}\n\nThe document that was open is still here, unchanged.")  # fmt: skip
            return False
        self._store.update(last_folder=str(path.absolute().parent))
        self.opened.emit()
        return True

    def open_example(self, key: str) -> None:
        """Open a shipped example, after the question about unsaved work."""
        self.when_safe(lambda: self.open_example_now(key))

    def open_example_now(self, key: str) -> bool:
        try:
            self._session.open_example(key)
        except (UnknownNameError, ProjectFileError) as error:
            tell(self._window, "open_failed", "The example could not be opened.", str(error))
            return False
        self.opened.emit()
        return True

    def restore(self, left: Left, then: Then) -> None:
        """Show work that a crash left behind, after the question about unsaved work; ``then`` follows
        if that was possible."""
        self.when_safe(lambda: self._restore(left, then))

    def _restore(self, left: Left, then: Then) -> None:
        try:
            project = left.load()
        except ProjectFileError as error:
            tell(self._window, "open_failed", "The kept copy could not be opened.", str(error))
            return
        self._session.restore(project, left.original)
        self.opened.emit()
        then()

    # -- saving -----------------------------------------------------------------------------------

    def save(self) -> None:
        self._save_then(lambda: None)

    def save_as(self) -> None:
        self._save_as_then(lambda: None)

    def _save_then(self, then: Then) -> None:
        if self._session.path is None:
            self._save_as_then(then)
            return
        try:
            self._session.save()
        except ChangedOnDisk as error:
            self._ask_about_change(str(error), then)
        except ProjectFileError as error:
            self._tell_failure(str(error))
        else:
            self._after_saving(then)

    def _save_as_then(self, then: Then) -> None:
        dialog = QFileDialog(self._window, "Save the project", self._folder(), _FILTER)
        dialog.setObjectName("save_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
        dialog.selectFile(_file_name(self._session.title))
        dialog.fileSelected.connect(lambda name: self._save_to(Path(name), then))
        dialog.open()

    def _save_to(self, path: Path, then: Then) -> None:
        try:
            self._session.save_as(path)
        except ProjectFileError as error:
            self._tell_failure(str(error))
        else:
            self._store.update(last_folder=str(path.absolute().parent))
            self._after_saving(then)

    def _after_saving(self, then: Then) -> None:
        self.saved.emit()
        then()

    def _ask_about_change(self, sentence: str, then: Then) -> None:
        path = self._session.path
        assert path is not None

        def decided(key: str) -> None:
            if key == "overwrite":
                self._save_to(path, then)
            elif key == "save_as":
                self._save_as_then(then)

        ask(
            self._window, "changed_on_disk", sentence,
            "Overwriting replaces what the other program has written. “Save as…” keeps both.",
            (
                Answer("save_as", "Save as…", Role.AcceptRole, primary=True),
                Answer("overwrite", "Overwrite", Role.DestructiveRole),
                CANCEL,
            ),
            decided,
        )  # fmt: skip

    def _tell_failure(self, sentence: str) -> None:
        tell(self._window, "save_failed", sentence, "Your work is still open here. Try another place.")

    # -- unsaved work -----------------------------------------------------------------------------

    def when_safe(self, then: Then) -> None:
        """Do ``then`` once unsaved work is saved or given up; not at all on Cancel."""
        if not self._session.modified:
            then()
            return

        def decided(key: str) -> None:
            if key == "save":
                self._save_then(then)
            elif key == "discard":
                then()

        ask(
            self._window, "unsaved_changes", f"Save the changes to “{self._session.title}”?",
            "Without saving, everything since the last save is lost.",
            (
                Answer("save", "Save", Role.AcceptRole, primary=True),
                Answer("discard", "Don’t save", Role.DestructiveRole),
                CANCEL,
            ),
            decided,
        )  # fmt: skip

    def _folder(self) -> str:
        if self._session.path is not None:
            return str(self._session.path.absolute().parent)
        folder = self._store.settings.last_folder
        return folder if folder and Path(folder).is_dir() else str(Path.home())


def _file_name(title: str) -> str:
    """A title as a file name: what no file system takes is left out."""
    kept = "".join(c for c in title if c.isprintable() and c not in '\\/:*?"<>|').strip(" .")
    return f"{kept[:80] or 'Untitled'}{SUFFIX}"
