"""Which long layers are open, and which of their hidden neurons are shown all the same."""

from __future__ import annotations

from nnsim.model.project import Project
from nnsim.ui.canvas.rows import Row, is_long, rows_of
from nnsim.ui.selection import Selection


class OpenedLayers:
    """A part of the view, not of the document. ``pictured`` is the id of the layer that is shown as
    a picture, or empty."""

    def __init__(self) -> None:
        self.pictured = ""
        self._open: set[str] = set()
        self._kept: dict[str, int] = {}

    def toggle(self, layer: str) -> None:
        """Open a long layer, or close it again."""
        self._open ^= {layer}

    def rows(self, project: Project) -> list[tuple[str, int, tuple[Row, ...]]]:
        """(id, size, rows) of every layer."""
        return [
            (
                la.id,
                la.size,
                rows_of(la.size, la.id in self._open, [self._kept.get(la.id, -1)], la.id == self.pictured),
            )
            for la in project.layers
        ]

    def keep(self, project: Project, selection: Selection) -> bool:
        """Show the selected neurons even if their layer is closed. True if the rows have changed."""
        wanted: dict[str, int] = {}
        if selection.kind == "neuron":
            wanted[selection.layer] = selection.neuron
        elif selection.kind == "edge":
            c = project.connection(selection.connection)
            wanted = {c.target: selection.target, c.source: selection.source}
        before = self.rows(project)
        for layer, neuron in wanted.items():
            if is_long(project.layer(layer).size):
                shown = {row.neuron for _id, _n, rows in before if _id == layer for row in rows}
                if neuron not in shown:
                    self._kept[layer] = neuron
        return self.rows(project) != before
