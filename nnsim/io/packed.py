"""Base64 in pieces: bytes that become text only while they are written, and text that stays where it
stands in a file until it is read.

One call on a table of 80 MB would hold Python's interpreter lock for a tenth of a second and more.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.io.progress import PIECE, Step

_BYTES = PIECE // 4 * 3  # that give a piece of text


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """Bytes that stand in a file as base64; ``len`` is that of the text."""

    data: memoryview

    def __len__(self) -> int:
        return (len(self.data) + 2) // 3 * 4

    def pieces(self) -> Iterator[bytes]:
        """The text, in pieces."""
        for at in range(0, len(self.data), _BYTES):
            yield binascii.b2a_base64(self.data[at : at + _BYTES], newline=False)


@dataclass(frozen=True, slots=True, eq=False)
class LongText:
    """Base64 that was left in the bytes of a file, from ``start`` to ``stop``.

    ``step`` is told the place in the file while it is read.
    """

    data: bytes | bytearray
    start: int
    stop: int
    step: Step

    def __len__(self) -> int:
        return self.stop - self.start

    def __str__(self) -> str:
        return self.data[self.start : self.stop].decode("ascii")


def unpack(text: str | LongText, out: NDArray[np.uint8]) -> bool:
    """Fill ``out`` with the bytes that base64 text stands for; ``False`` if there are more or fewer.

    Raises ``binascii.Error`` or ``ValueError`` for what is not base64.
    """
    done = 0
    for at in range(0, len(text), PIECE):
        end = min(at + PIECE, len(text))
        if isinstance(text, str):
            piece = base64.b64decode(text[at:end], validate=True)
        else:
            piece = base64.b64decode(text.data[text.start + at : text.start + end], validate=True)
            text.step((text.start + end) / len(text.data))
        if done + len(piece) > len(out) or (end < len(text) and len(piece) < _BYTES):
            return False
        out[done : done + len(piece)] = np.frombuffer(piece, np.uint8)
        done += len(piece)
    return done == len(out)
