"""The name of what a run or a step has done, for the history."""

from __future__ import annotations

from nnsim.engine.messages import Back, Seek, Step, Stopped
from nnsim.model.project import Project


def run_label(before: Project, event: Stopped, move: Step | Back | Seek | None) -> str:
    """ "Step: layer", "Back: layer", "Go to step 300", "Train 120 epochs", "Train 3 batches"."""
    if isinstance(move, Step):
        return f"Step: {move.granularity.value}"
    if isinstance(move, Back):
        return f"Back: {move.granularity.value}"
    if isinstance(move, Seek):
        return f"Go to step {event.checkpoint.step:,}"
    epochs = event.checkpoint.epoch - before.progress.epoch
    if epochs:
        return f"Train {epochs:,} epoch{'' if epochs == 1 else 's'}"
    batches = event.checkpoint.step - before.progress.step
    return f"Train {batches:,} batch{'' if batches == 1 else 'es'}"
