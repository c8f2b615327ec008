"""What a session holds of an engine, with or without a thread behind it."""

from __future__ import annotations

from typing import Protocol

from nnsim.engine.messages import Command, Event
from nnsim.engine.snapshot import Snapshot


class Engine(Protocol):
    """Commands in, snapshots and events out. All methods are for the owner's thread."""

    def send(self, command: Command) -> None:
        """Queue a command. Never blocks."""

    def take_snapshot(self) -> Snapshot | None:
        """The newest snapshot not yet taken."""

    def take_events(self) -> list[Event]:
        """All events since the last call, in order."""

    def wait_event(self, timeout: float) -> bool:
        """Sleep until an event can be taken; whether one can after ``timeout`` seconds at most."""

    def close(self, timeout: float = 2.0) -> bool:
        """End it; whether it ended within ``timeout`` seconds."""
