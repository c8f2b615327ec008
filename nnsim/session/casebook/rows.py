"""The table of a case: what each number is, what was printed, what is true, and what to say about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nnsim.core.explain.expression import Line, Node, Number, Symbol
from nnsim.core.explain.names import Names, PlainNames
from nnsim.core.explain.quantity import Quantity
from nnsim.core.formulas import names_in, parse, put_in
from nnsim.core.network import Network
from nnsim.io.cases import Case, CaseRow, Where
from nnsim.model.compile import network_spec
from nnsim.model.project import Project, neuron_name
from nnsim.session.casebook.reckoning import Reckoning
from nnsim.session.casebook.verdicts import VERDICTS, Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """One number of a case.

    ``what`` names it and ``when`` says under which circumstances ("after 1 update"; empty for the
    start). ``quantity`` is its place in the case's network, if it has one, ``sample`` the row of the
    data, and ``after`` counts the updates before it. ``printed`` is the text of the source with the
    digits it gives, empty if it gives none.
    """

    index: int
    what: str
    when: str
    printed: str
    verdict: Verdict
    words: str
    again: bool
    quantity: Quantity | None
    sample: int
    after: int = 0


def project_names(project: Project) -> Names:
    """The plain notation with the project's own names of neurons."""
    names = [[neuron_name(project, la.id, j) for j in range(la.size)] for la in project.layers]
    return PlainNames(Network(network_spec(project)), names)


def rows_of(case: Case, project: Project | None, names: Names | None = None) -> tuple[Row, ...]:
    """The rows of a case. ``project`` is its project as shipped; ``names`` is a notation, if not plain."""
    if project is None:
        return tuple(_calculated(case, i, row) for i, row in enumerate(case.rows))
    words = _Words(case, project, names or project_names(project))
    return tuple(words.row(i, row) for i, row in enumerate(case.rows))


def _calculated(case: Case, index: int, row: CaseRow) -> Row:
    what = row.line or f"∂{case.output}/∂{row.slope}"
    return Row(index, what, "", row.printed, VERDICTS[row.verdict], row.words, row.again, None, 0)


class _Words:
    """How rows of a case with a network are called."""

    def __init__(self, case: Case, project: Project, names: Names) -> None:
        self._case, self._names = case, names
        self._samples = 1 if project.data.samples is None else len(project.data.samples.inputs)
        batch = project.training.batch_size
        self._each = {"": _batches(self._samples, batch)} | {
            run.key: _batches(self._samples, batch if run.batch_size is None else run.batch_size)
            for run in case.runs
        }

    def row(self, index: int, row: CaseRow) -> Row:
        place = row.where if row.where is not None else next(iter(row.uses.values()))
        samples = {where.sample for where in row.uses.values()}
        quantity = quantity_of(row.where) if row.where is not None else None
        return Row(
            index, row.what or self._what(place), self._when(place, len(samples) > 1), row.printed,
            VERDICTS[row.verdict], row.words, row.again, quantity, place.sample, place.after,
        )  # fmt: skip

    def _what(self, where: Where) -> str:
        if where.kind == "epoch_error":
            return "squared errors"
        if where.kind == "loss":
            return "loss"
        return self._names.text(quantity_of(where))

    def _when(self, where: Where, of_all: bool) -> str:
        """``of_all``: the number is one of all samples together."""
        parts = []
        of_one = where.kind in ("x", "y", "z", "a", "blame", "delta", "slope")
        if of_one and self._samples > 1 and not of_all:
            parts.append(f"sample {where.sample + 1}")
        each = self._each[where.run]
        if where.kind == "epoch_error":
            parts.append(f"epoch {where.after // each + 1}")
        elif each > 1 and where.after > each and where.after % each == 0:
            parts.append(f"after {_count(where.after // each, 'epoch')}")
        elif where.after:
            parts.append(f"after {_count(where.after, 'update')}")
        parts += [run.words for run in self._case.runs if run.key == where.run]
        return ", ".join(parts)


def _batches(samples: int, size: int) -> int:
    return 1 if size <= 0 else -(-samples // size)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def quantity_of(where: Where) -> Quantity:
    """The place as an id that the whole program knows. Cases are chains: connection l − 1 leads to l."""
    kind = "loss" if where.kind == "epoch_error" else where.kind
    if kind in ("loss", "rate"):
        return Quantity(kind)
    if where.source >= 0:
        return Quantity(kind, where.layer, where.neuron, where.layer - 1, where.source)
    return Quantity(kind, where.layer, where.neuron)


def calculation(row: CaseRow, reckoning: Reckoning) -> tuple[Line, ...]:
    """How a number is computed, as two lines: symbols, and numbers put in. Empty for plain places.

    The second line's value is the row's true number. Empty also while its numbers are not known yet.
    """
    if row.line:
        known = dict(reckoning.lines)
        if row.line not in known:
            return ()
        return _lines(row.line, known[row.line], reckoning.line_values.get)
    if not row.formula:
        return ()
    return _lines("", parse(row.formula), lambda name: reckoning.at(row.uses[name]))


def _lines(name: str, formula: Node, value: Callable[[str], float | None]) -> tuple[Line, ...]:
    values = {n: value(n) for n in names_in(formula)}
    if any(v is None for v in values.values()):
        return ()
    numbers = put_in(formula, {n: Number(v) for n, v in values.items() if v is not None})
    left = Symbol(name) if name else None
    return (Line(left, "=", formula), Line(None, "=", numbers))
