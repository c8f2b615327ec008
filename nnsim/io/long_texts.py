"""The long base64 texts of a JSON file, set aside before it is decoded.

The decoder would copy such a text of a hundred megabytes in one go. What stands in its place meanwhile
is a short text that nobody can have foreseen.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

from nnsim.io.packed import LongText
from nnsim.io.progress import PIECE, Step

_LONG = PIECE // 2  # characters; shorter texts may stay
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_FIELD = re.compile(rb'"(?:float64|bool)"\s*:\s*"\Z')
_FIELD_ROOM = 64
_KINDS = ("float64", "bool")


@dataclass(frozen=True, slots=True)
class Shortened:
    """A file without its long texts: ``data`` is what is left, ``found`` what was where, by mark."""

    data: bytes | bytearray
    found: dict[str, LongText]

    def original(self, byte: int) -> int:
        """The place in the file of a place in what is left of it."""
        for mark, text in self.found.items():
            if byte > text.start:
                byte += len(text) - len(mark)
        return byte

    def restore(self, value: Any) -> Any:
        """A decoded value with its long texts back: as :class:`LongText` in an array, as text elsewhere."""
        if isinstance(value, list):
            if any(type(child) in (dict, list) for child in value):
                return [self.restore(child) for child in value]
            return value
        if not isinstance(value, dict):
            return value
        array = isinstance(value.get("shape"), list) and len(value) == 2
        out = {}
        for name, child in value.items():
            if name in _KINDS and isinstance(child, str) and child in self.found:
                out[name] = self.found[child] if array else str(self.found[child])
            else:
                out[name] = self.restore(child)
        return out


def shorten(data: bytes | bytearray, step: Step) -> Shortened:
    """``data`` with a short mark for each long text of base64 in a field of arrays."""
    nobody_knows = os.urandom(16).hex()
    parts: list[bytes | bytearray] = []
    found: dict[str, LongText] = {}
    kept_to = quote = 0
    at = _LONG // 2
    # A text that is long enough lies over at least one of these places.
    while at < len(data):
        start, stop = data.rfind(b'"', quote, at) + 1, data.find(b'"', at)
        if stop < 0:
            break
        if start and stop - start >= _LONG and _is_field(data, start) and _is_base64(data, start, stop):
            mark = f"{nobody_knows}-{len(found)}"
            found[mark] = LongText(data, start, stop, step)
            parts += [data[kept_to:start], mark.encode("ascii")]
            kept_to = stop
        quote = stop  # no byte is looked at twice, however the file is made
        at = stop + _LONG // 2
    if not found:
        return Shortened(data, found)
    parts.append(data[kept_to:])
    return Shortened(b"".join(parts), found)


def _is_field(data: bytes | bytearray, start: int) -> bool:
    return _FIELD.search(data[max(0, start - _FIELD_ROOM) : start]) is not None


def _is_base64(data: bytes | bytearray, start: int, stop: int) -> bool:
    return all(
        not data[at : min(at + PIECE, stop)].translate(None, _BASE64) for at in range(start, stop, PIECE)
    )
