"""The name of what a run or a step has done, for the history."""

from __future__ import annotations

from nnsim.engine.messages import Granularity, Stopped
from nnsim.model.project import Project


def run_label(before: Project, event: Stopped, stepped: Granularity | None) -> str:
    """ "Step: layer", "Train 120 epochs", "Train 3 batches"."""
    if stepped is not None:
        return f"Step: {stepped.value}"
    epochs = event.checkpoint.epoch - before.progress.epoch
    if epochs:
        return f"Train {epochs:,} epoch{'' if epochs == 1 else 's'}"
    batches = event.checkpoint.step - before.progress.step
    return f"Train {batches:,} batch{'' if batches == 1 else 'es'}"
