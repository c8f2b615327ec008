"""The page of results: what a part of the benchmark hands in, and how it is written down.

A part is a module with ``TITLE``, ``ABOUT`` (a paragraph) and ``rows(say) -> list[Row]``, where
``say(text)`` tells who waits what is under way; it may have ``picture(rows) -> str``, an SVG.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from measure import Spread


@dataclass(frozen=True, slots=True)
class Row:
    """One result. ``theirs`` and ``ratio`` (ours / theirs) are for comparisons; ``target`` is the most
    the ratio (without one: the value) may be; ``note`` says what differs or why there is nothing."""

    work: str
    against: str = ""
    unit: str = "µs"
    ours: Spread | None = None
    theirs: Spread | None = None
    ratio: Spread | None = None
    target: float | None = None
    note: str = ""
    x: float = 0.0  # for pictures: where the row stands


def compared(
    work: str, against: str, ours: Sequence[float], theirs: Sequence[float], target: float | None = None,
    note: str = "", x: float = 0.0,
) -> Row:  # fmt: skip
    """A row from measurements taken in turns; the ratio is of one round's pair."""
    ratio = Spread.of([a / b for a, b in zip(ours, theirs, strict=True)])
    return Row(
        work, against, ours=Spread.of(ours), theirs=Spread.of(theirs), ratio=ratio, target=target,
        note=note, x=x,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    about: str
    rows: list[Row]
    noise: Spread
    picture: str = ""  # HTML
    words: str = ""  # instead of rows


HEADS = ("work", "against", "nnsim", "the other", "ratio", "quartiles", "at most", "")


def cells(row: Row) -> tuple[str, ...]:
    """A row as text, one cell for each of :data:`HEADS`."""

    def number(spread: Spread | None) -> str:
        return "" if spread is None else f"{figure(spread.median)} {row.unit}"

    judged = row.ratio or row.ours
    spread = "" if judged is None else f"{figure(judged.low)} – {figure(judged.high)}"
    note = row.note
    if row.target is not None and judged is not None and judged.median > row.target:
        note = f"missed{'; ' + note if note else ''}"
    return (
        row.work, row.against, number(row.ours), number(row.theirs),
        "" if row.ratio is None else f"{row.ratio.median:.3f}", spread,
        "" if row.target is None else f"{row.target:g}", note,
    )  # fmt: skip


def figure(value: float) -> str:
    """Three figures."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def as_text(part: Part) -> str:
    if part.words:
        return "\n".join([part.title, *("  " + line for line in part.words.splitlines()), ""])
    table = [HEADS, *map(cells, part.rows)]
    widths = [max(len(row[i]) for row in table) for i in range(len(HEADS))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in table]
    return "\n".join([part.title, *("  " + line for line in lines), ""])


_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem;
       color: #1c2430; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0; } caption { text-align: left; }
th, td { padding: .25rem .8rem; border-bottom: 1px solid #dde2ea; text-align: left; }
td:nth-child(n+3):nth-child(-n+7) { text-align: right; font-variant-numeric: tabular-nums; }
.muted { color: #5a6575; } svg { max-width: 100%; }
"""


def _table(rows: Sequence[Row]) -> str:
    lines = ["<table><tr>" + "".join(f"<th>{escape(h)}</th>" for h in HEADS) + "</tr>"]
    lines += ("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in cells(r)) + "</tr>" for r in rows)
    return "\n".join([*lines, "</table>"])


def as_html(parts: Sequence[Part], machine: str) -> str:
    """The whole page; it needs nothing beside itself."""
    body = ["<h1>nnsim: benchmarks</h1>", f'<p class="muted">{escape(machine)}</p>']
    for part in parts:
        n = part.noise
        wobble = (n.high - n.low) / n.median
        body += [
            f"<h2>{escape(part.title)}</h2>", f"<p>{escape(part.about)}</p>",
            _table(part.rows) if part.rows else "", part.picture,
            f'<p class="muted">The machine meanwhile: a fixed loop of the interpreter took '
            f"{n.median:.1f} ms; its quartiles lie {wobble:.0%} apart.</p>",
        ]  # fmt: skip
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>nnsim: benchmarks</title>'
        f"<style>{_STYLE}</style>\n" + "\n".join(body) + "\n</html>\n"
    )
