"""What the views look at, and how they write it: the sample in view, which pictures are wanted, the
notation. Not in the document."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from nnsim.engine.snapshot import Snapshot, ViewRequest
from nnsim.model.notation import DEFAULT_NOTATION, NOTATIONS, DocumentNames, names_for
from nnsim.model.project import Project
from nnsim.session.session import Session


class ViewState(QObject):
    """Tells the engine what is on screen, so that nothing else is computed.

    ``sample_changed(index)``: another sample is in view (index into all samples, in file order).
    ``notation_changed(key)``: quantities are written otherwise; :attr:`names` has the new names.
    """

    sample_changed = Signal(int)
    notation_changed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._request = ViewRequest()
        self._seen: tuple[int, int, int, int] | None = None
        self._notation = DEFAULT_NOTATION
        self._names: DocumentNames | None = None
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

    @property
    def notation(self) -> str:
        """The key of the notation in use, one of :data:`NOTATIONS`."""
        return self._notation

    @property
    def names(self) -> DocumentNames:
        """How the present document's quantities are written."""
        project = self._session.project
        if self._names is None or self._names.project is not project:
            self._names = names_for(project, self._notation)
        return self._names

    def set_notation(self, key: str) -> None:
        """Write quantities otherwise. Raises ``UnknownNameError``."""
        if key != self._notation:
            self._notation = NOTATIONS[key].key
            self._names = None
            self.notation_changed.emit(key)

    def set_wanted(self, **wanted: Any) -> None:
        """Say what is on screen: fields of :class:`~nnsim.engine.snapshot.ViewRequest` but the sample."""
        self._ask(**wanted)

    def follow(self, before: Project, after: Project) -> None:
        """Keep the sample in view inside the data after a change of the document."""
        if before.data is after.data:
            return
        other_set = before.data.source != after.data.source and after.data.source != "table"
        self.set_sample(0 if other_set else self.sample)

    def follow_step(self, snapshot: Snapshot) -> bool:
        """Look at the sample that the numbers are of: within a step, one of its batch.

        Whether the sample wanted has just been chosen and cannot be looked at in this step.
        """
        probe, before = snapshot.probe, self._seen
        self._seen = (snapshot.generation, snapshot.step, snapshot.phase, snapshot.operation)
        between = not (snapshot.phase or snapshot.operation)
        if between or probe is None or probe.sample == self.sample or self.sample in snapshot.batch_samples:
            return False
        self.set_sample(probe.sample)
        return before == self._seen

    def _ask(self, **changes: Any) -> bool:
        request = replace(self._request, **changes)
        if request == self._request:
            return False
        self._request = request
        self._session.watch(request)
        return True
