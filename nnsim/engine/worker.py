"""The engine's thread: owns the runner, and with it every array that changes."""

from __future__ import annotations

import threading
import traceback
from queue import Empty, SimpleQueue

from nnsim.engine.channels import EventLane, Mailbox
from nnsim.engine.messages import Command, Event, Failed, Quit
from nnsim.engine.runner import Runner
from nnsim.engine.snapshot import Snapshot


class ThreadEngine:
    """An :class:`nnsim.engine.handle.Engine` with a thread of its own, started at once."""

    def __init__(self) -> None:
        self._commands: SimpleQueue[Command] = SimpleQueue()
        self._mailbox: Mailbox[Snapshot] = Mailbox()
        self._events: EventLane[Event] = EventLane()
        # A daemon, so that a broken engine can never keep the program from ending.
        self._thread = threading.Thread(target=self._main, name="nnsim-engine", daemon=True)
        self._thread.start()

    def send(self, command: Command) -> None:
        self._commands.put(command)

    def take_snapshot(self) -> Snapshot | None:
        return self._mailbox.take()

    def take_events(self) -> list[Event]:
        return self._events.take_all()

    def wait_event(self, timeout: float) -> bool:
        return self._events.wait(timeout)

    def close(self, timeout: float = 2.0) -> bool:
        self._commands.put(Quit())
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _main(self) -> None:
        try:
            self._loop(Runner(self._mailbox, self._events))
        except Exception as error:  # nothing may end the thread silently
            details = "".join(traceback.format_exception(error))
            self._events.put(Failed(-1, f"The engine stopped: {error}", details, None))

    def _loop(self, runner: Runner) -> None:
        while True:
            command = self._next(runner)
            while command is not None:
                if isinstance(command, Quit):
                    return
                runner.handle(command)
                command = self._waiting()
            if runner.busy:
                runner.work()

    def _next(self, runner: Runner) -> Command | None:
        """The next command; sleeps for it while idle, and between the steps of a slow run."""
        if not runner.busy:
            return self._commands.get()
        pause = runner.idle_seconds()
        if pause <= 0.0:
            return self._waiting()
        try:
            return self._commands.get(timeout=pause)
        except Empty:
            return None

    def _waiting(self) -> Command | None:
        try:
            return self._commands.get_nowait()
        except Empty:
            return None
