"""Frozen catalogues of the things a network can be made of.

A registry is a constant: it is built once from a tuple of entries and never changes. Every entry
describes itself (label, help, formula, options), so that forms, files and contract tests are made
from the entries and need no list of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Generic, Literal, TypeVar

OptionValue = float | int | bool | str
Options = Mapping[str, OptionValue]


class UnknownNameError(KeyError):
    """A name that no entry of the registry has. ``str()`` is a sentence for the user."""

    def __init__(self, kind: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name)
        self.kind, self.name, self.known = kind, name, known

    def __str__(self) -> str:
        return f"There is no {self.kind} called “{self.name}”. Known: {', '.join(self.known)}."


@dataclass(frozen=True, slots=True)
class Option:
    """One setting of an entry: what a form needs to show a field and a file needs to check it."""

    key: str
    label: str
    default: OptionValue
    help: str = ""
    kind: Literal["float", "int", "bool", "choice"] = "float"
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[tuple[str, str], ...] = ()  # (value, label)

    def problem(self, value: object) -> str | None:
        """Why ``value`` cannot be used, as a sentence; ``None`` if it can."""
        if self.kind == "choice":
            known = tuple(key for key, _ in self.choices)
            return None if value in known else f"{self.label} must be one of {', '.join(known)}."
        if self.kind == "bool":
            return None if isinstance(value, bool) else f"{self.label} must be true or false."
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return f"{self.label} must be a number."
        try:
            finite = isfinite(value)
        except OverflowError:  # a whole number beyond float64
            finite = False
        if not finite:
            return f"{self.label} must be finite."
        if self.kind == "int" and value != int(value):
            return f"{self.label} must be a whole number."
        if self.minimum is not None and value < self.minimum:
            return f"{self.label} must be at least {self.minimum:g}."
        if self.maximum is not None and value > self.maximum:
            return f"{self.label} must be at most {self.maximum:g}."
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every registry entry says about itself."""

    key: str
    label: str
    help: str = ""
    formula: str = ""
    options: tuple[Option, ...] = ()

    def with_defaults(self, given: Options) -> dict[str, OptionValue]:
        """The entry's options with ``given`` put over the defaults (unknown keys are ignored)."""
        return {o.key: given.get(o.key, o.default) for o in self.options}


E = TypeVar("E", bound=Entry)


class Registry(Generic[E]):
    """An ordered, immutable name → entry table. ``kind`` is the word used in messages."""

    def __init__(self, kind: str, entries: tuple[E, ...]) -> None:
        self.kind = kind
        self._entries: dict[str, E] = {e.key: e for e in entries}
        if len(self._entries) != len(entries):
            raise ValueError(f"two {kind}s share a key")

    def __getitem__(self, key: str) -> E:
        try:
            return self._entries[key]
        except KeyError:
            raise UnknownNameError(self.kind, key, self.keys()) from None

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[E]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def keys(self) -> tuple[str, ...]:
        return tuple(self._entries)
