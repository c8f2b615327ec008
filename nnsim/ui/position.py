"""Where training stands, in words."""

from __future__ import annotations

from nnsim.core.phases import Phase, PhaseKind
from nnsim.engine.snapshot import Snapshot
from nnsim.model.project import Project
from nnsim.ui.numbers import MINUS


def grouped(count: int) -> str:
    """A count with its thousands apart, as everywhere in the window: ``12,345``."""
    return f"{count:,}".replace("-", MINUS)


def position_words(project: Project, snapshot: Snapshot | None) -> str:
    """For example "Epoch 12 · batch 3/25 · after the forward pass of Hidden 1"."""
    if snapshot is None:
        return f"Epoch {grouped(project.progress.epoch)} · cannot be computed yet"
    epoch = f"Epoch {grouped(snapshot.epoch)}"
    if snapshot.running and not (snapshot.phase or snapshot.operation):
        rate = snapshot.steps_per_second
        return f"{epoch} · {grouped(round(rate))} steps a second" if rate >= 1.0 else f"{epoch} · running"
    if snapshot.operation:
        return f"{epoch} · batch {snapshot.batch + 1}/{snapshot.batches} · {_within(project, snapshot)}"
    if snapshot.phase:
        return f"{epoch} · batch {snapshot.batch + 1}/{snapshot.batches} · {_after(project, snapshot)}"
    if snapshot.batch:
        return f"{epoch} · {snapshot.batch} of {snapshot.batches} batches done"
    return epoch if snapshot.step else f"{epoch} · before the first step"


def _after(project: Project, snapshot: Snapshot) -> str:
    return f"after the {phase_words(project, snapshot.phases[snapshot.phase - 1])}"


def _within(project: Project, snapshot: Snapshot) -> str:
    phase = phase_words(project, snapshot.phases[snapshot.phase])
    return f"{phase.replace(' pass of ', ' of ')} · operation {grouped(snapshot.operation)}"


def phase_words(project: Project, phase: Phase) -> str:
    """A phase in words, without an article: "forward pass of Hidden 1"."""
    if phase.kind in (PhaseKind.LOSS, PhaseKind.UPDATE):
        return phase.kind.value
    layer = project.layer_name(project.layers[phase.layer or 0].id)
    return f"{phase.kind.value} pass of {layer}"
