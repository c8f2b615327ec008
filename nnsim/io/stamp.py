"""What a file was when it was opened, so that changes by somebody else are noticed before saving."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass

Content = bytes | bytearray


@dataclass(frozen=True, slots=True)
class FileStamp:
    """A file's time of change (ns), size (bytes) and content (SHA-256)."""

    mtime_ns: int
    size: int
    digest: bytes

    @staticmethod
    def of(pieces: Iterable[Content], found: os.stat_result) -> FileStamp:
        """The stamp of a file whose content is these pieces in a row, and its status."""
        size, digest = 0, hashlib.sha256()
        for piece in pieces:
            size += len(piece)
            digest.update(piece)
        return FileStamp(found.st_mtime_ns, size, digest.digest())

    def untouched(self, found: os.stat_result) -> bool:
        """Whether size and time are the same, which spares reading the content."""
        return (found.st_mtime_ns, found.st_size) == (self.mtime_ns, self.size)

    def same_content(self, data: Content) -> bool:
        """Whether ``data`` is what was stamped (a file may be copied back with another time)."""
        return len(data) == self.size and hashlib.sha256(data).digest() == self.digest
