"""What the File menu does: opening and saving with the questions that keep work from being lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from nnsim.core.registry import UnknownNameError
from nnsim.io.errors import ChangedOnDisk, ProjectFileError
from nnsim.io.stamp import FileStamp
from nnsim.session.recovery import Left
from nnsim.session.session import SUFFIX, Loaded, Saving
from nnsim.session.settings import SettingsStore
from nnsim.ui.background import PATIENCE
from nnsim.ui.controller import Controller
from nnsim.ui.dialogs.question import CANCEL, Answer, Role, ask, tell
from nnsim.ui.panels.number_field import commit_pending

Then = Callable[[], object]
_FILTER = f"nnsim projects (*{SUFFIX});;All files (*)"


class FileCommands(QObject):
    """Opens, saves and asks; dialogs belong to ``window`` and never block.

    Files are read and written beside the window. ``saved``: a file has been written; the document is safe
    in it if it has not been changed meanwhile. ``opened``: another document is shown.
    """

    saved = Signal()
    opened = Signal()

    def __init__(self, controller: Controller, store: SettingsStore, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._store, self._window = controller.session, store, window
        self._reading, self._writing = controller.reading, controller.writing

    # -- opening ----------------------------------------------------------------------------------

    def new(self) -> None:
        self.when_safe(self._new, "Then a new project is begun.")

    def _new(self) -> None:
        self._reading.abandon()
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
        self.when_safe(lambda: self.open_now(path), f"Then “{path.name}” is opened.")

    def open_now(self, path: Path, patience: float = PATIENCE) -> None:
        """Open a project file in place of the document, which stays if that is not possible.

        ``patience``: seconds that it is waited for in place.
        """

        def refused(error: Exception) -> None:
            if isinstance(error.__cause__, FileNotFoundError) and str(path) in self._store.settings.recent:
                self._store.remove_recent(path)
                tell(self._window, "file_gone", f"“{path.name}” is no longer there.",
                     f"It was in {path.parent}. It has been taken off the list of recent files.")  # fmt: skip
            else:
                tell(self._window, "open_failed", f"“{path.name}” could not be opened.",
                     f"{error}\n\nThe document that was open is still here, unchanged.")  # fmt: skip

        def show(loaded: Loaded) -> None:
            self._session.show_opened(path, loaded)
            self._store.update(last_folder=str(path.absolute().parent))
            self.opened.emit()

        self._read(path, show, refused, f"Opening “{path.name}” …", patience)

    def _read(
        self,
        path: Path,
        show: Callable[[Loaded], object],
        refused: Callable[[Exception], object],
        words: str,
        patience: float = PATIENCE,
    ) -> None:
        """Load a document and show it, when all that has been done up to then is safe too."""
        decided, was_running = self._session.project, self._session.running

        def ready(found: Loaded) -> None:
            commit_pending()
            same = self._session.project is decided and (was_running or not self._session.running)
            if same:
                show(found)
            else:
                self._when_safe(lambda: show(found))

        self._reading.begin(
            partial(Loaded.of, path),
            lambda found: self._writing.when_free("show", lambda: ready(found)),
            refused,
            words=words, note="You can go on working. What is open stays until all of it has been read.",
            parent=self._window, patience=patience,
        )  # fmt: skip

    def open_example(self, key: str) -> None:
        """Open a shipped example, after the question about unsaved work."""
        self.when_safe(lambda: self.open_example_now(key), "Then the example is opened.")

    def open_example_now(self, key: str) -> bool:
        self._reading.abandon()
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
        self.when_safe(lambda: self._restore(left, then), "Then the kept copy is opened.")

    def _restore(self, left: Left, then: Then) -> None:
        def refused(error: Exception) -> None:
            tell(self._window, "open_failed", "The kept copy could not be opened.", str(error))

        def show(loaded: Loaded) -> None:
            self._session.restore(loaded.project, left.original, loaded.prepared)
            self.opened.emit()
            then()

        self._read(left.path, show, refused, "Opening the kept copy …")

    # -- saving -----------------------------------------------------------------------------------

    def save(self) -> None:
        self._writing.when_free("save", lambda: self._save_then(_nothing))

    def save_as(self) -> None:
        self._save_as_then(_nothing)

    def _save_then(self, then: Then) -> None:
        if self._session.path is None:
            self._save_as_then(then)
        else:
            self._write(self._session.saving(), then)

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
        def begin() -> None:
            self._write(self._session.saving(path), then)

        self._writing.when_free("save_to", begin, f"Then “{path.name}” is written.")

    def _write(self, saving: Saving, then: Then) -> None:
        """Write the document as it is now; ``then`` follows when nothing else is unsaved."""

        def written(stamp: FileStamp) -> None:
            self._session.saved(saving, stamp)
            self._store.update(last_folder=str(saving.path.absolute().parent))
            self.saved.emit()
            if self._session.project is saving.project or then is _nothing:
                then()
            else:
                self._when_safe(then)

        def refused(error: Exception) -> None:
            if isinstance(error, ChangedOnDisk):
                self._ask_about_change(saving.path, str(error), then)
            else:
                self._tell_failure(str(error))

        self._writing.begin(
            saving.write, written, refused, words=f"Saving “{saving.path.name}” …",
            note="You can go on working. What you change meanwhile is for the next time.",
            parent=self._window,
        )  # fmt: skip

    def _ask_about_change(self, path: Path, sentence: str, then: Then) -> None:
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

    def when_safe(self, then: Then, note: str = "") -> None:
        """Do ``then`` once unsaved work is saved or given up; not at all on Cancel.

        Where a file is being written, its end is waited for; ``note`` says there what follows.
        """
        self._writing.when_free("safe", lambda: self._when_safe(then), note)

    def _when_safe(self, then: Then) -> None:
        if not self._session.modified:
            then()
            return

        def decided(key: str) -> None:
            if key == "save":
                self._session.pause()  # a run that went on would be ahead of the file
                self._writing.when_free("safe", lambda: self._save_then(then))
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


def _nothing() -> None:
    pass
