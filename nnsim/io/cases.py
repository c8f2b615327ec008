"""The worked examples that others have printed, as the program ships them.

A case holds what its source prints and what is meant by it; what is *true* is not in here: it is
computed from the case's network, or from the lines of a case that has none.
"""

from __future__ import annotations

from functools import cache

import msgspec

from nnsim.core.registry import UnknownNameError
from nnsim.resources import resource_path


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a case. Unknown fields are an error: the file ships with the program that reads it."""


class Where(Record, frozen=True):
    """A number of the case's network.

    ``kind`` is one of :data:`nnsim.core.explain.quantity.KINDS`, or ``epoch_error``: the squared
    errors Σ(y − a)² of one epoch, each taken just before the update for its own sample.
    ``layer``, ``neuron`` and ``source`` (of a weight) count from 0, the inputs being layer 0;
    ``sample`` is a row of the data. ``after``: so many updates after the start. ``run``: under which
    of the case's other rules, empty for its own.
    """

    kind: str
    layer: int = 0
    neuron: int = 0
    source: int = -1
    sample: int = 0
    after: int = 0
    run: str = ""


class Run(Record, frozen=True):
    """Another way to train the case's network; ``words`` name it in a row ("weights in turn").

    ``rule`` is empty for gradient descent, else one of :data:`nnsim.core.source_rules.SOURCE_RULES`.
    """

    key: str
    words: str
    rule: str = ""
    learning_rate: float | None = None
    batch_size: int | None = None


class CaseLine(Record, frozen=True):
    """A line of a calculation without a network: ``name`` = ``formula`` of inputs and lines before it."""

    name: str
    formula: str


class CaseRow(Record, frozen=True):
    """One number of the source.

    What it should be is said by exactly one of ``formula`` (of the numbers in ``uses``), ``line`` (the
    name of an input or line), ``slope`` (∂output/∂ this name) or, where these are empty, ``where``;
    with a formula, ``where`` is the place in the network that it belongs to. ``printed`` is empty
    where the source prints nothing; ``decimals`` are those that count. ``verdict`` is a key of
    :mod:`nnsim.session.casebook.verdicts`. ``again``: a printed number of another row, held against
    another way to compute it.
    """

    what: str = ""
    printed: str = ""
    decimals: int = 0
    verdict: str = ""
    words: str = ""
    again: bool = False
    where: Where | None = None
    formula: str = ""
    uses: dict[str, Where] = {}
    line: str = ""
    slope: str = ""


class Case(Record, frozen=True):
    """A worked example. ``example`` is the key of its shipped project, empty where there is no network.

    ``source`` names who printed it, ``place`` where (an address or words), ``code`` the exact file.
    ``shape`` is the network in short ("2-2-2"). ``output`` is the name that slopes are taken of.
    """

    key: str
    id: str
    title: str
    source: str
    place: str
    about: str
    tags: tuple[str, ...] = ()
    code: str = ""
    example: str = ""
    shape: str = ""
    inputs: dict[str, float] = {}
    lines: tuple[CaseLine, ...] = ()
    output: str = ""
    runs: tuple[Run, ...] = ()
    rows: tuple[CaseRow, ...] = ()


@cache
def cases() -> tuple[Case, ...]:
    """All shipped cases, in the order they are shown."""
    return msgspec.json.decode(resource_path("cases", "cases.json").read_bytes(), type=tuple[Case, ...])


def find_case(key: str) -> Case:
    """The case with this key. Raises ``UnknownNameError`` for a key that none has."""
    for case in cases():
        if case.key == key:
            return case
    raise UnknownNameError("case", key, tuple(case.key for case in cases()))


def case_of_example(example: str) -> Case | None:
    """The case that a shipped example was made from, if there is one."""
    return next((case for case in cases() if case.example and case.example == example), None)
