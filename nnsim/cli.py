"""The entry of the program: ``nnsim [PROJECT]`` opens the window, ``nnsim COMMAND`` works without.

The window is imported only when it is opened, so that no command needs Qt or a display.
Exit codes: 0 all is well, 1 a bad outcome, 2 a wrong request or no way to open a window,
130 interrupted from the keyboard.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from nnsim import __version__
from nnsim.environment import problems, use_one_blas_thread

COMMANDS = ("train", "trace", "check", "examples", "worksheet")

_WITHOUT_A_WINDOW = """\
Without a window these still work:
  nnsim train PROJECT --epochs N    train, print the losses, save the result
  nnsim trace PROJECT --sample I    every number of one pass
  nnsim check PROJECT               compare the gradients with finite differences
  nnsim worksheet PROJECT -o FILE   the steps of one pass to print, results blank on request
  nnsim examples [NAME]             what ships, and printed numbers beside the true ones
  nnsim --self-test                 check this installation; needs no display"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with these arguments (``sys.argv`` by default) and return its exit code."""
    use_one_blas_thread()
    _make_output_unbreakable()
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        try:
            if arguments and arguments[0] in COMMANDS:
                return _run_command(arguments)
            return _run_window(arguments)
        finally:
            _flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output (head, less) has left. What is still in the buffer goes nowhere,
        # or Python would complain about it at the very end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def window_parser() -> argparse.ArgumentParser:
    """The parser of everything that is not a command."""
    parser = argparse.ArgumentParser(
        prog="nnsim",
        usage="nnsim [PROJECT]\n       nnsim COMMAND ...\n       nnsim --self-test | --version | --help",
        description="Understand neural networks, number by number. Without a command, opens the window.",
        epilog=_WITHOUT_A_WINDOW + "\n\nnnsim COMMAND --help describes a command.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "project",
        metavar="PROJECT",
        nargs="?",
        help="a project file (*.nnsim) or the name of a shipped example to open",
    )
    parser.add_argument("--version", action="version", version=f"nnsim {__version__}")
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="open an example, train, save, reopen and show the window off screen; 0 when all is well",
    )
    return parser


def command_parser() -> argparse.ArgumentParser:
    """The parser of ``nnsim COMMAND``."""
    from nnsim.commands import check, examples, trace, train, worksheet

    parser = argparse.ArgumentParser(prog="nnsim")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in (train, trace, check, examples, worksheet):
        command.add_parser(subparsers)
    return parser


def _run_command(arguments: list[str]) -> int:
    from nnsim.commands import CommandError

    args = command_parser().parse_args(arguments)
    try:
        code: int = args.run(args)
        return code
    except CommandError as error:
        return _refuse(str(error))


def _run_window(arguments: list[str]) -> int:
    args = window_parser().parse_args(arguments)
    if args.self_test:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    found = problems()
    if found:
        return _refuse("\n\n".join(["cannot open a window.", *found, _WITHOUT_A_WINDOW]))
    if args.self_test:
        from nnsim.self_test import run as run_self_test

        return run_self_test()
    from nnsim.app import run as run_window

    return run_window(args.project)


def _refuse(message: str) -> int:
    print(f"nnsim: {message}", file=sys.stderr)
    return 2


def _flush() -> None:
    """Write out what was printed. A program without a console has no output at all."""
    if sys.stdout is not None:
        sys.stdout.flush()


def _make_output_unbreakable() -> None:
    """A console that lacks a letter, such as δ, shows a substitute instead of stopping the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
