"""The engine without a thread: the same runner, advanced by whoever asks for its results."""

from __future__ import annotations

import time

from nnsim.engine.channels import EventLane, Mailbox
from nnsim.engine.messages import Command, Event
from nnsim.engine.runner import Runner
from nnsim.engine.snapshot import Snapshot


class InlineEngine:
    """An :class:`nnsim.engine.handle.Engine` for tests and the command line.

    Commands are obeyed at once. A run goes on by one slice at every :meth:`take_events` and while
    :meth:`wait_event` waits.
    """

    def __init__(self) -> None:
        self._mailbox: Mailbox[Snapshot] = Mailbox()
        self._events: EventLane[Event] = EventLane()
        self._runner = Runner(self._mailbox, self._events)

    def send(self, command: Command) -> None:
        self._runner.handle(command)

    def take_snapshot(self) -> Snapshot | None:
        return self._mailbox.take()

    def take_events(self) -> list[Event]:
        if self._runner.busy:
            self._runner.work()
        return self._events.take_all()

    def wait_event(self, timeout: float) -> bool:
        end = time.monotonic() + timeout
        while not self._events.wait(0.0) and time.monotonic() < end:
            if self._runner.busy:
                self._runner.work()
            else:
                return self._events.wait(0.0)
        return self._events.wait(0.0)

    def close(self, timeout: float = 2.0) -> bool:
        return True
