"""What the views look at: the sample in view, and which pictures are wanted. Not in the document."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from nnsim.engine.snapshot import ViewRequest
from nnsim.model.project import Project
from nnsim.session.session import Session


class ViewState(QObject):
    """Tells the engine what is on screen, so that nothing else is computed.

    ``sample_changed(index)``: another sample is in view (index into all samples, in file order).
    """

    sample_changed = Signal(int)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._request = ViewRequest()
        session.watch(self._request)

    @property
    def request(self) -> ViewRequest:
        return self._request

    @property
    def sample(self) -> int:
        """The sample in view."""
        return self._request.sample

    @property
    def sample_count(self) -> int:
        """How many samples there are to look at; 0 while the data cannot be used."""
        prepared = self._session.prepared
        return 0 if prepared is None else len(prepared.x)

    def set_sample(self, index: int) -> None:
        """Look at another sample; the nearest one where ``index`` does not exist."""
        index = min(max(index, 0), max(self.sample_count - 1, 0))
        if self._ask(sample=index):
            self.sample_changed.emit(index)

    def set_wanted(self, **wanted: Any) -> None:
        """Say what is on screen: ``plane``, ``fit``, ``confusion`` (bool), ``resolution`` (pixels)."""
        self._ask(**wanted)

    def follow(self, before: Project, after: Project) -> None:
        """Keep the sample in view inside the data after a change of the document."""
        if before.data is after.data:
            return
        other_set = before.data.source != after.data.source and after.data.source != "table"
        self.set_sample(0 if other_set else self.sample)

    def _ask(self, **changes: Any) -> bool:
        request = replace(self._request, **changes)
        if request == self._request:
            return False
        self._request = request
        self._session.watch(request)
        return True
