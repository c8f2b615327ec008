"""Whether a document still is the one it was opened as."""

from __future__ import annotations

from typing import Literal

from nnsim.model.project import Project

Departure = Literal["", "trained", "edited"]

_PARTS = ("layers", "connections", "data", "training", "frozen", "start", "seed")


def departure(opened: Project, now: Project) -> Departure:
    """What has been done to ``opened`` to make it ``now``; empty if its numbers are still those.

    Looking at a pass layer by layer changes nothing; what undo has brought back is as it was.
    """
    if any(getattr(opened, part) is not getattr(now, part) for part in _PARTS):
        return "edited"
    return "trained" if now.progress.step != opened.progress.step else ""
