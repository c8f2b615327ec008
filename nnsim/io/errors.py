"""What reading and writing files says when it cannot be done. ``str()`` is a sentence for the user."""

from __future__ import annotations


class ProjectFileError(Exception):
    """A project file cannot be read or written. Nothing has changed, neither open nor on disk."""


class SaveError(ProjectFileError):
    """A file could not be written; what was on disk before is still there, whole."""


class ChangedOnDisk(SaveError):
    """The file is not the one that was opened: another program has changed it since."""


class TableError(Exception):
    """A table cannot be read or written. The message says what is wrong, with line and column."""
