"""``nnsim worksheet``: the steps of one pass as a document to print, with or without the results.

The file's suffix says which: ``.html`` (formulas as MathML, which browsers set and print) or ``.tex``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from nnsim.commands import CommandError, Subparsers, add_project_argument
from nnsim.commands.projects import compiled, open_project
from nnsim.commands.steps import count_operations, step_of_sample
from nnsim.commands.text_table import FULL_PRECISION, plain
from nnsim.core.phases import PhaseKind
from nnsim.io.errors import SaveError
from nnsim.io.saving import save_bytes
from nnsim.io.worksheet import to_html, to_latex_document, worksheet_of
from nnsim.model.notation import DEFAULT_NOTATION, NOTATIONS, names_for

# What a person can read, and a browser can set: about two hundred pages.
MOST_OPERATIONS = 2_000
_WRITERS = {".html": to_html, ".htm": to_html, ".tex": to_latex_document}
_STEPS = tuple(kind.value for kind in PhaseKind)


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "worksheet",
        help="write the steps of one pass as a document to print",
        description="Write every operation of one step as a document to print: the rule, the numbers put "
        "in, the result. The sample is a batch of its own.",
    )
    add_project_argument(parser)
    parser.add_argument(
        "-o", "--output", required=True, metavar="FILE", help="the document to write: *.html or *.tex"
    )
    parser.add_argument(
        "--sample", type=int, default=0, metavar="I",
        help="which sample of the data, counted from 0 (default 0)",
    )  # fmt: skip
    parser.add_argument(
        "--steps", default=",".join(_STEPS), metavar="LIST",
        help=f"which of {', '.join(_STEPS)}, separated by commas (default all)",
    )  # fmt: skip
    parser.add_argument(
        "--blank", action="store_true", help="leave the results blank, for a class to work them out"
    )
    parser.add_argument(
        "--digits", type=int, default=6, metavar="N",
        help=f"significant digits, 1 to {FULL_PRECISION} (default 6)",
    )  # fmt: skip
    parser.add_argument(
        "--notation", default=DEFAULT_NOTATION, metavar="NAME",
        help=f"how quantities are written: {', '.join(NOTATIONS.keys())} (default {DEFAULT_NOTATION})",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    out = Path(args.output)
    write = _WRITERS.get(out.suffix.lower())
    if write is None:
        raise CommandError(f"“{plain(out.name)}” must end in .html or .tex: that says what to write.")
    if not 1 <= args.digits <= FULL_PRECISION:
        raise CommandError(f"--digits must be 1 to {FULL_PRECISION}, not {args.digits}.")
    if args.notation not in NOTATIONS:
        raise CommandError(f"--notation must be one of {', '.join(NOTATIONS.keys())}.")
    kinds = _kinds(args.steps)
    opened = open_project(args.project)
    ready = compiled(opened)
    count = count_operations(ready, kinds)
    if count > MOST_OPERATIONS:
        raise CommandError(
            f"These steps have {count:,} operations; a worksheet has at most {MOST_OPERATIONS:,}. "
            "Choose fewer with --steps."
        )
    numbers = step_of_sample(opened, ready, args.sample)
    names = names_for(ready.project, args.notation)
    sheet = worksheet_of(
        ready, numbers, names, args.sample, blank=args.blank, phases=kinds, digits=args.digits
    )
    try:
        save_bytes(out, write(sheet).encode("utf-8"))
    except SaveError as error:
        raise CommandError(plain(str(error))) from error
    print(f"{count:,} operations written to {plain(str(out))}")
    return 0


def _kinds(text: str) -> frozenset[PhaseKind]:
    found = {part.strip().lower() for part in text.split(",") if part.strip()}
    unknown = found - set(_STEPS)
    if unknown or not found:
        raise CommandError(f"--steps takes {', '.join(_STEPS)}, separated by commas, not “{plain(text)}”.")
    return frozenset(PhaseKind(part) for part in found)
