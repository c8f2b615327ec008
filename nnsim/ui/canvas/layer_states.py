"""Keeps the marks beside the layers' names up to date: frozen throughout, and ill."""

from __future__ import annotations

from nnsim.core.health import Health
from nnsim.model.notation import DocumentNames
from nnsim.ui.canvas.header_band import HeaderBand
from nnsim.ui.canvas.layer_header import HeaderState
from nnsim.ui.canvas.wording import is_layer_frozen
from nnsim.ui.health_words import notes_of_layer


class LayerStates:
    """Marks are made anew only when the frozen marks, the health or the names are others."""

    def __init__(self, band: HeaderBand) -> None:
        self._band = band
        self._seen: tuple[object, ...] = ()

    def follow(self, names: DocumentNames, health: Health | None) -> None:
        """Show the states of this moment."""
        project = names.project
        seen = (project.frozen, project.layers, health, type(names))
        if len(self._seen) == len(seen) and all(a is b for a, b in zip(seen, self._seen, strict=True)):
            return
        self._seen = seen
        states = {}
        for layer in project.layers:
            notes = notes_of_layer(names, health, layer.id)
            words = "\n".join(note.title for note in notes)
            states[layer.id] = HeaderState(is_layer_frozen(project, layer.id), words)
        self._band.mark_states(states)
