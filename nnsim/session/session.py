"""The whole program without its window: a workbench with files.

Opening and saving raise :class:`nnsim.io.errors.ProjectFileError` with a sentence; the open
document is then as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nnsim.core.datasets import DATASETS
from nnsim.engine.handle import Engine
from nnsim.io import examples, project_file
from nnsim.io.examples import ExampleInfo
from nnsim.io.progress import Step, no_step, part
from nnsim.io.shipped_data import load_shipped
from nnsim.io.stamp import FileStamp
from nnsim.model.build import default_project
from nnsim.model.compile import Compiled
from nnsim.model.prepared import PreparedCache, PreparedInputs
from nnsim.model.project import Data, Project
from nnsim.model.validate import validate
from nnsim.session.settings import SettingsStore
from nnsim.session.workbench import Workbench

SUFFIX = ".nnsim"


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A document from a file, with its samples made ready for the network."""

    project: Project
    stamp: FileStamp
    prepared: PreparedCache

    @staticmethod
    def of(path: Path, step: Step = no_step) -> Loaded:
        """Load it; any thread may. Raises ``ProjectFileError``."""
        project, stamp = project_file.load(path, part(step, 0.0, 0.9))
        cache = PreparedCache()
        if not any(problem.blocking for problem in validate(project)):
            cache.split(cache.get(project))
        return Loaded(project, stamp, cache)


@dataclass(frozen=True, slots=True)
class Saving:
    """A document as it is to be written to ``path``. It stays what it is while the user goes on."""

    project: Project
    path: Path
    expected: FileStamp | None
    document: int  # counts the documents that have been shown

    def write(self, step: Step = no_step) -> FileStamp:
        """Write it; any thread may. Raises as :func:`nnsim.io.project_file.save`."""
        return project_file.save(self.path, self.project, self.expected, step)


class Session(Workbench):
    """A :class:`Workbench` that knows where its document lives.

    ``store`` remembers the recent files; without one nothing is remembered.
    """

    def __init__(
        self, engine: Engine, project: Project | None = None, store: SettingsStore | None = None
    ) -> None:
        super().__init__(engine, default_project() if project is None else project)
        self._store = store if store is not None else SettingsStore(None)
        self._path: Path | None = None
        self._stamp: FileStamp | None = None
        self._saved: Project = self.project
        self._opened: Project = self.project
        self._example = ""
        self._document = 0

    # -- values -----------------------------------------------------------------------------------

    @property
    def compiled(self) -> Compiled | None:
        """The document made ready to compute; ``None`` while it cannot be."""
        return self._compiled

    @property
    def path(self) -> Path | None:
        """The document's file; ``None`` if it was never saved."""
        return self._path

    @property
    def title(self) -> str:
        """The name shown for the document."""
        if self._path is not None:
            return self._path.stem
        return self.project.title or "Untitled"

    @property
    def modified(self) -> bool:
        """Whether the document differs from what was opened or saved last."""
        return self.project is not self._saved or self.running

    @property
    def opened(self) -> Project:
        """The document as it was when it was opened or made."""
        return self._opened

    @property
    def example(self) -> str:
        """The key of the shipped example that the document was opened from; empty for any other."""
        return self._example

    # -- documents --------------------------------------------------------------------------------

    def new(self) -> None:
        """The document the program starts with."""
        self._show(default_project(), None, None)

    def open(self, path: Path) -> None:
        """Open a project file in place of the present document."""
        self.show_opened(path, Loaded.of(path))

    def show_opened(self, path: Path, loaded: Loaded) -> None:
        """Show what has been loaded from a project file in place of the present document."""
        self._cache = loaded.prepared
        self._show(loaded.project, path, loaded.stamp)
        self._store.add_recent(path.absolute())

    def open_example(self, key: str) -> None:
        """Open a shipped example as a new, unsaved document. Raises ``UnknownNameError``."""
        self._show(examples.load_example(key), None, None, key)

    def restore(self, project: Project, path: Path | None, prepared: PreparedCache | None = None) -> None:
        """Show a document that survived a crash. It counts as not saved, and its file is compared anew."""
        self._cache = prepared or self._cache
        self._opened, self._example = project, ""
        self._document += 1
        self.replace_document(project)
        self._path, self._stamp = path, None
        self.emit("file")

    def save(self) -> None:
        """Save to the document's file (:meth:`save_as` first if it has none).

        Raises ``ChangedOnDisk`` if another program has changed the file since it was opened.
        """
        self._write(self.saving())

    def save_as(self, path: Path, overwrite_changed: bool = True) -> None:
        """Save to ``path``, which becomes the document's file.

        The suffix ``.nnsim`` is added where there is none.
        """
        self._write(self.saving(path, overwrite_changed))

    def saving(self, path: Path | None = None, overwrite_changed: bool = True) -> Saving:
        """The document as it is now, to be written beside the window and then told to :meth:`saved`.

        Arguments as for :meth:`save_as`; without ``path`` the document's file, as in :meth:`save`. A run
        goes on.
        """
        if path is None:
            if self._path is None:
                raise ValueError("the document has no file yet")
            path, overwrite_changed = self._path, False
        path = path if path.suffix else path.with_suffix(SUFFIX)
        same = self._path is not None and path.absolute() == self._path.absolute()
        resume = self._interrupt()
        try:
            expected = self._stamp if same and not overwrite_changed else None
            return Saving(self.project, path, expected, self._document)
        finally:
            self._resume(resume)

    def saved(self, saving: Saving, stamp: FileStamp) -> None:
        """A document has been written. What was changed meanwhile is still to be saved."""
        self._store.add_recent(saving.path.absolute())
        if saving.document == self._document:
            self._path, self._stamp = saving.path, stamp
            # The modified mark goes last: whatever failed before has left it standing.
            self._saved = saving.project
            self.emit("file")

    def _write(self, saving: Saving) -> None:
        self.saved(saving, saving.write())

    def _show(self, project: Project, path: Path | None, stamp: FileStamp | None, example: str = "") -> None:
        self._path, self._stamp, self._saved = path, stamp, project
        self._opened, self._example = project, example
        self._document += 1
        self.replace_document(project)

    def expect(self, inputs: PreparedInputs) -> None:
        """The inputs of a table that is going to be used are prepared already."""
        self._cache.expect(inputs)

    # -- what there is to open --------------------------------------------------------------------

    def examples(self) -> tuple[ExampleInfo, ...]:
        """The shipped examples, in the order they are shown."""
        return examples.examples()

    def recent(self) -> tuple[Path, ...]:
        """The files opened or saved last, the newest first."""
        return tuple(Path(name) for name in self._store.settings.recent)

    def data_of(self, key: str) -> Data:
        """A data set ready to use, shipped ones loaded. Raises ``UnknownNameError``."""
        entry = DATASETS[key]
        return Data(
            source=key,
            features=entry.suggestion.features,
            scaling=entry.suggestion.scaling,
            train_share=entry.suggestion.train_share,
            samples=load_shipped(key) if entry.shipped else None,
        )
