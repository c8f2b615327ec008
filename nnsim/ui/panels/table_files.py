"""Reading samples from a CSV file and writing them to one, with dialogs that never block."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from nnsim.io.errors import TableError
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
        from nnsim.io.tables import read_table

        self._folder = str(path.absolute().parent)
        try:
            samples = read_table(path)
        except TableError as error:
            tell(self._parent.window(), "import_failed", f"“{path.name}” could not be imported.",
                 f"{error}\n\nThe data are as they were.")  # fmt: skip
            return
        self._commands.use_table(samples, path.name)

    def write(self, path: Path) -> None:
        """Write the samples in use to a file."""
        from nnsim.io.tables import write_table

        self._folder = str(path.absolute().parent)
        prepared = self._controller.session.prepared
        if prepared is None:
            self._controller.notice.emit("There are no samples to export.", "warning")
            return
        try:
            write_table(path, prepared.samples)
        except TableError as error:
            tell(
                self._parent.window(),
                "export_failed",
                f"The samples could not be written to “{path.name}”.",
                str(error),
            )
            return
        self._controller.notice.emit(f"{prepared.samples.count:,} samples written to {path.name}.", "info")
