"""The argument ``PROJECT`` of the commands: a project file, or the name of a shipped example."""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from nnsim.commands import CommandError
from nnsim.commands.text_table import plain
from nnsim.core.registry import UnknownNameError
from nnsim.io import project_file
from nnsim.io.cases import cases
from nnsim.io.errors import ProjectFileError
from nnsim.io.examples import examples, load_example
from nnsim.io.stamp import FileStamp
from nnsim.model.compile import Compiled, compile_project
from nnsim.model.errors import CompileError, EditError
from nnsim.model.project import Project

SUFFIX = ".nnsim"


@dataclass(frozen=True, slots=True)
class Opened:
    """A project and where it came from; ``path`` and ``stamp`` are ``None`` for an example."""

    name: str
    project: Project
    path: Path | None = None
    stamp: FileStamp | None = None


def open_project(name: str) -> Opened:
    """The project that ``name`` stands for.

    A name with a folder or ``.nnsim`` in it is a file. Any other is an example first, then a file.
    Raises :class:`CommandError` with a sentence, and with similar names of examples.
    """
    if not _is_path(name):
        try:
            return Opened(name, load_example(name))
        except UnknownNameError as error:
            if not Path(name).is_file():
                raise CommandError(_unknown(name)) from error
        except ProjectFileError as error:
            raise CommandError(str(error)) from error
    path = Path(name)
    try:
        project, stamp = project_file.load(path)
    except ProjectFileError as error:
        raise CommandError(plain(str(error))) from error
    return Opened(name, project, path, stamp)


def compiled(opened: Opened) -> Compiled:
    """The project made ready to compute. Raises :class:`CommandError` with every blocking problem."""
    try:
        return compile_project(opened.project)
    except CompileError as error:
        problems = "\n".join(f"  {plain(problem.message)}" for problem in error.problems)
        raise CommandError(f"“{plain(opened.name)}” cannot be computed.\n{problems}") from error
    except (EditError, UnknownNameError) as error:
        raise CommandError(f"“{plain(opened.name)}” cannot be computed. {plain(str(error))}") from error


def heading(opened: Opened) -> str:
    """One line that says which project this is."""
    name, title = plain(opened.name), plain(opened.project.title)
    return f"{title} ({name})" if title else name


def _is_path(name: str) -> bool:
    separators = {os.sep, os.altsep or os.sep, "/"}
    return name.lower().endswith(SUFFIX) or any(s in name for s in separators)


def _unknown(name: str) -> str:
    if any(case.key == name for case in cases()):
        return f"“{plain(name)}” is a calculation without a network: see “nnsim examples {plain(name)}”."
    known = [example.key for example in examples()]
    close = get_close_matches(name.lower(), known, n=3, cutoff=0.5)
    meant = f" Did you mean {' or '.join(f'“{key}”' for key in close)}?" if close else ""
    return (
        f"There is no example and no project file called “{plain(name)}”.{meant} "
        f"The examples are {', '.join(known)}."
    )
