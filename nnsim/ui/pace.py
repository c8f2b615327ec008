"""How far one step goes and how fast a run is: one choice, for toolbar, menu and keyboard."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from nnsim.engine.messages import Granularity
from nnsim.session.session import Session
from nnsim.session.settings import SettingsStore

# Steps a second that the slider offers; ``None`` is flat out.
SPEEDS: tuple[float | None, ...] = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, None)

STEP_LABELS = {
    Granularity.OPERATION: ("Operation", "One number: a weighted sum, an activation, a gradient, an update"),
    Granularity.NEURON: ("Neuron", "All operations of one neuron in a layer's pass"),
    Granularity.LAYER: ("Layer", "One layer forward, the loss, one layer backward, or the update"),
    Granularity.PASS: ("Pass", "The forward pass with its loss, the backward pass, or the update"),
    Granularity.BATCH: ("Batch", "One batch: forward, loss, backward and update"),
    Granularity.EPOCH: ("Epoch", "All batches of the training data once"),
}
_PLURALS = {
    Granularity.OPERATION: "operations",
    Granularity.NEURON: "neurons",
    Granularity.LAYER: "layers",
    Granularity.PASS: "passes",
    Granularity.BATCH: "batches",
    Granularity.EPOCH: "epochs",
}


class Pace(QObject):
    """The step size and speed in force, remembered in the settings. ``changed`` after a change."""

    changed = Signal()

    def __init__(self, session: Session, store: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._store = session, store
        known = {g.value for g in Granularity}
        kept = store.settings
        self._size = Granularity(kept.step_size) if kept.step_size in known else Granularity.EPOCH
        self._speed = kept.speed if kept.speed in SPEEDS else SPEEDS[-1]
        self._apply()

    @property
    def step_size(self) -> Granularity:
        return self._size

    @property
    def speed(self) -> float | None:
        """Steps a second; ``None`` is flat out."""
        return self._speed

    @property
    def speed_index(self) -> int:
        return SPEEDS.index(self._speed)

    def set_step_size(self, size: Granularity) -> None:
        if size != self._size:
            self._size = size
            self._apply()
            self._store.update(step_size=size.value)
            self.changed.emit()

    def set_speed_index(self, index: int) -> None:
        """Choose from :data:`SPEEDS`."""
        speed = SPEEDS[min(max(index, 0), len(SPEEDS) - 1)]
        if speed != self._speed:
            self._speed = speed
            self._apply()
            self._store.update(speed=speed)
            self.changed.emit()

    def change_speed(self, by: int) -> None:
        """Go ``by`` places faster (or slower, below zero)."""
        self.set_speed_index(self.speed_index + by)

    def can_go(self, by: int) -> bool:
        """Whether :meth:`change_speed` would change anything."""
        return 0 <= self.speed_index + by < len(SPEEDS)

    def words(self, short: bool = False) -> str:
        """The speed as words; ``short``: without the size of a step."""
        return short_words(self._speed) if short else speed_words(self._speed, self._size)

    def longest_words(self, short: bool = False) -> str:
        """The longest of all words, for reserving room."""
        if short:
            return max(map(short_words, SPEEDS), key=len)
        return max((speed_words(s, g) for s in SPEEDS for g in Granularity), key=len)

    def _apply(self) -> None:
        self._session.set_speed(self._speed, self._size)


def speed_words(speed: float | None, size: Granularity) -> str:
    """``10.0, BATCH`` → "10 batches a second"; ``None`` → "flat out"."""
    if speed is None:
        return "flat out"
    return (
        "1 " + STEP_LABELS[size][0].lower() + " a second"
        if speed == 1
        else f"{speed:g} {_PLURALS[size]} a second"
    )


def short_words(speed: float | None) -> str:
    """``10.0`` → "10 / s"; ``None`` → "flat out"."""
    return "flat out" if speed is None else f"{speed:g} / s"
