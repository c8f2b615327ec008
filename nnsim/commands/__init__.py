"""The commands of ``nnsim COMMAND``, one file each. They never import Qt.

A command is a module with two functions:

``add_parser(subparsers)``
    adds the command's parser, help included, and names its function by ``set_defaults(run=run)``;
``run(args) -> int``
    does the work, prints to standard output, and returns the exit code: 0 when all is well, 1 when
    the work was done and its outcome is bad (a gradient check that fails, a run that diverged).

What the user can put right (no such file, a malformed project, an index out of range) is raised as
:class:`CommandError`; the program then prints its message to standard error and ends with 2.
"""

from __future__ import annotations

import argparse
from typing import TypeAlias

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class CommandError(Exception):
    """The command cannot be done as asked. The message says what is wrong and where."""


def add_project_argument(parser: argparse.ArgumentParser) -> None:
    """The argument ``PROJECT`` that the commands share, as ``args.project``."""
    parser.add_argument(
        "project", metavar="PROJECT", help="a project file (*.nnsim), or the name of a shipped example"
    )


def add_json_argument(parser: argparse.ArgumentParser) -> None:
    """The option ``--json`` that the commands share, as ``args.json``."""
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object, numbers at full precision"
    )
