"""``nnsim examples``: what ships with the program, and the printed numbers of a worked example.

Without a name it lists every example and every case of the library; with one it shows the case's
printed numbers beside the true ones. The JSON objects have these fields:

the list    ``examples``: [{key, title, group, summary, case}]
            ``cases``: [{key, title, source, place, tags, project, printed, wrong}]; ``project`` is null
            for a calculation without a network
one case    ``key``, ``title``, ``source``, ``place``, ``about``, ``project``, and
            ``numbers``: [{what, when, printed, true, verdict, words}]; ``printed`` is a text, null where
            the source prints nothing
"""

from __future__ import annotations

import argparse

from nnsim.commands import CommandError, Subparsers, add_json_argument
from nnsim.commands.text_table import json_number, number, plain, print_json, table
from nnsim.core.registry import UnknownNameError
from nnsim.io.cases import Case, case_of_example, cases, find_case
from nnsim.io.examples import examples, load_example
from nnsim.session.casebook.reckoning import Reckoning
from nnsim.session.casebook.rows import Row, rows_of
from nnsim.session.casebook.verdicts import VERDICTS, wrong

_FIELDS = """\
With --json and no name: examples [{key, title, group, summary, case}] and cases [{key, title, source,
place, tags, project, printed, wrong}]. With the name of a case: key, title, source, place, about,
project, and numbers [{what, when, printed, true, verdict, words}]."""


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "examples",
        help="list the examples, or a worked example's printed and true numbers",
        description="List what ships with the program; with a name, a worked example's printed numbers "
        "beside the true ones.",
        epilog=_FIELDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", nargs="?", help="a worked example, such as mazur")
    add_json_argument(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if args.name is None:
        _print_all(args.json)
    else:
        _print_case(_case(args.name), args.json)
    return 0


def _case(name: str) -> Case:
    try:
        return find_case(name)
    except UnknownNameError as error:
        if any(example.key == name for example in examples()):
            raise CommandError(f"“{plain(name)}” is an example without printed numbers.") from error
        raise CommandError(
            f"There is no worked example called “{plain(name)}”. “nnsim examples” lists them."
        ) from error


def _print_all(as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "examples": [
                    {
                        "key": e.key, "title": e.title, "group": e.group, "summary": e.summary,
                        "case": case.key if (case := case_of_example(e.key)) is not None else None,
                    }
                    for e in examples()
                ],
                "cases": [_summary(case) for case in cases()],
            }
        )  # fmt: skip
        return
    starts = [[e.key, e.title] for e in examples() if not e.case]
    print("Networks to start with")
    print(table(["name", "title"], starts, texts=2))
    print("\nWorked examples, printed by others and computed here")
    rows = [[c.key, c.title, c.shape or "–", str(_printed(c)), str(_wrong(c))] for c in cases()]
    print(table(["name", "title", "network", "printed", "wrong"], rows, texts=3))
    print("\n“nnsim examples NAME” shows the numbers of a worked example.")


def _summary(case: Case) -> dict[str, object]:
    return {
        "key": case.key, "title": case.title, "source": case.source, "place": case.place,
        "tags": list(case.tags), "project": case.example or None,
        "printed": _printed(case), "wrong": _wrong(case),
    }  # fmt: skip


def _printed(case: Case) -> int:
    return sum(bool(row.printed) for row in case.rows)


def _wrong(case: Case) -> int:
    return sum(wrong(row.verdict) for row in case.rows)


def _print_case(case: Case, as_json: bool) -> None:
    project = load_example(case.example) if case.example else None
    reckoning = Reckoning(case, project)
    reckoning.work()
    found = [(row, reckoning.value(case.rows[row.index])) for row in rows_of(case, project)]
    if as_json:
        print_json(
            {
                "key": case.key, "title": case.title, "source": case.source, "place": case.place,
                "about": case.about, "project": case.example or None,
                "numbers": [
                    {
                        "what": row.what, "when": row.when, "printed": row.printed or None,
                        "true": json_number(value), "verdict": row.verdict.key or None, "words": row.words,
                    }
                    for row, value in found
                ],
            }
        )  # fmt: skip
        return
    print(f"{case.title} ({case.key})\n{case.source}\n{case.place}\n\n{case.about}\n")
    lines = [[*_names(row), row.printed or "–", _shown(value)] for row, value in found]
    print(table(["what", "verdict", "printed", "true"], lines, texts=2))
    explained = dict.fromkeys(
        (row.verdict.label, row.words or VERDICTS[row.verdict.key].help)
        for row, _ in found
        if row.verdict.kind in ("wrong", "rounding")
    )
    for label, words in explained:
        print(f"\n{label}: {words}")


def _names(row: Row) -> tuple[str, str]:
    what = f"{row.what}, {row.when}" if row.when else row.what
    return what, f"{row.verdict.mark} {row.verdict.label}".strip()


def _shown(value: float | None) -> str:
    return "–" if value is None else number(value, 12)
