"""Reading samples from a CSV file and writing them to one, with dialogs that never block."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from nnsim.core.datasets.base import Samples
from nnsim.core.registry import UnknownNameError
from nnsim.io.progress import Step, part
from nnsim.model.prepared import PreparedInputs, prepare_inputs
from nnsim.model.project import Data
from nnsim.ui.controller import Controller
from nnsim.ui.dialogs.question import tell
from nnsim.ui.panels.data_commands import DataCommands

_FILTER = "Tables (*.csv *.tsv *.txt);;All files (*)"


class TableFiles:
    """Dialogs are named ``import_dialog`` and ``export_dialog``."""

    def __init__(self, controller: Controller, commands: DataCommands, parent: QWidget) -> None:
        self._controller, self._commands, self._parent = controller, commands, parent
        self._folder = ""

    def choose_import(self) -> None:
        """Ask for a file to read samples from."""
        dialog = self._dialog("import_dialog", "Import samples", QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.read(Path(name)))
        dialog.open()

    def choose_export(self) -> None:
        """Ask where to write the samples."""
        dialog = self._dialog("export_dialog", "Export samples", QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("samples.csv")
        dialog.fileSelected.connect(lambda name: self.write(Path(name)))
        dialog.open()

    def _dialog(self, name: str, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        dialog = QFileDialog(self._parent.window(), title, self._folder, _FILTER)
        dialog.setObjectName(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(mode)
        return dialog

    def read(self, path: Path) -> None:
        """Use the samples of a file; what is wrong with it is said, and the data stay as they are."""
        self._folder = str(path.absolute().parent)
        window, controller = self._parent.window(), self._controller

        def use(found: tuple[Samples, PreparedInputs | None]) -> None:
            samples, inputs = found
            if inputs is not None:
                controller.session.expect(inputs)
            self._commands.use_table(samples, path.name)

        def refused(error: Exception) -> None:
            tell(window, "import_failed", f"“{path.name}” could not be imported.",
                 f"{error}\n\nThe data are as they were.")  # fmt: skip

        controller.reading.begin(
            partial(_read, path, replace(controller.project.data, features=())), use, refused,
            words=f"Reading “{path.name}” …",
            note="You can go on working. The data stay as they are until all of it has been read.",
            parent=window,
        )  # fmt: skip

    def write(self, path: Path) -> None:
        """Write the samples in use to a file."""
        self._folder = str(path.absolute().parent)
        prepared = self._controller.session.prepared
        if prepared is None:
            self._controller.notice.emit("There are no samples to export.", "warning")
            return
        samples = prepared.samples
        self._controller.writing.when_free(
            "export", lambda: self._write(path, samples), f"Then “{path.name}” is written."
        )

    def _write(self, path: Path, samples: Samples) -> None:
        from nnsim.io.tables import write_table

        window, count = self._parent.window(), f"{samples.count:,} samples"

        def refused(error: Exception) -> None:
            tell(window, "export_failed", f"The samples could not be written to “{path.name}”.", str(error))

        self._controller.writing.begin(
            partial(write_table, path, samples),
            lambda _: self._controller.notice.emit(f"{count} written to {path.name}.", "info"),
            refused,
            words=f"Writing {count} to “{path.name}” …",
            note="You can go on working. What you change meanwhile is not in this file.",
            parent=window,
        )


def _read(path: Path, settings: Data, step: Step) -> tuple[Samples, PreparedInputs | None]:
    """The samples of a file and, if they are used with the settings of the data so far, their inputs."""
    from nnsim.io.tables import read_table

    samples = read_table(path, part(step, 0.0, 0.9))
    with contextlib.suppress(UnknownNameError, ValueError):
        return samples, prepare_inputs(settings, samples)
    return samples, None
