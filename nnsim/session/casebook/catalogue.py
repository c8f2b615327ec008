"""The list of all cases: what is shown of each, and finding them by words and tags."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from nnsim.io.cases import Case, cases
from nnsim.session.casebook.verdicts import wrong

MISTAKES = "has a mistake"


@dataclass(frozen=True, slots=True)
class Entry:
    """One case in the list. ``printed`` numbers, of which ``wrong`` ones; ``words`` is searched."""

    case: Case
    printed: int
    wrong: int
    words: str


@cache
def catalogue() -> tuple[Entry, ...]:
    """Every case, in the order they are shown."""
    return tuple(_entry(case) for case in cases())


def _entry(case: Case) -> Entry:
    texts = (case.title, case.source, case.place, case.about, case.shape, case.key, *case.tags)
    return Entry(
        case,
        sum(bool(row.printed) for row in case.rows),
        sum(wrong(row.verdict) for row in case.rows),
        _plain(" ".join(texts)),
    )


@cache
def tags() -> tuple[str, ...]:
    """All tags, the most used first; at the very front the one for cases with a wrong number."""
    count = Counter(tag for case in cases() for tag in case.tags)
    return (MISTAKES, *sorted(count, key=lambda tag: (-count[tag], tag)))


def found(entries: Iterable[Entry], text: str, tag: str = "") -> tuple[Entry, ...]:
    """The entries in which every word of ``text`` occurs, and that carry ``tag`` if one is given."""
    words = _plain(text).split()
    return tuple(e for e in entries if _tagged(e, tag) and all(word in e.words for word in words))


def _tagged(entry: Entry, tag: str) -> bool:
    if not tag:
        return True
    return entry.wrong > 0 if tag == MISTAKES else tag in entry.case.tags


def _plain(text: str) -> str:
    """Lower case without accents, so that what is typed plainly is found."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
