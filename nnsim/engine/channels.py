"""How numbers leave the engine's thread: one slot, newest wins, nothing queues up."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """One slot. ``put`` replaces what was not taken yet; ``take`` empties it. Any thread may call."""

    def __init__(self) -> None:
        # A deque of length one: its operations are atomic, so no lock is held while a view waits.
        self._slot: deque[T] = deque(maxlen=1)

    @property
    def empty(self) -> bool:
        return not self._slot

    def put(self, item: T) -> None:
        self._slot.append(item)

    def take(self) -> T | None:
        try:
            return self._slot.popleft()
        except IndexError:
            return None


class EventLane(Generic[T]):
    """Lossless and ordered; ``wait`` sleeps until something is in it. Any thread may call."""

    def __init__(self) -> None:
        self._items: deque[T] = deque()
        self._arrived = threading.Event()

    def put(self, item: T) -> None:
        self._items.append(item)
        self._arrived.set()

    def take_all(self) -> list[T]:
        self._arrived.clear()
        taken: list[T] = []
        while self._items:
            taken.append(self._items.popleft())
        return taken

    def wait(self, timeout: float) -> bool:
        """Whether something is there within ``timeout`` seconds."""
        return bool(self._items) or self._arrived.wait(timeout)
