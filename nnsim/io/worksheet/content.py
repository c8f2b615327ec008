"""What stands on a worksheet: what is given, and the operations of a step one by one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nnsim.core.explain import Line, Names, Quantity, StepNumbers, explain
from nnsim.core.explain.expression import Difference, Group, Minus, Node, Number, Sum
from nnsim.core.explain.numbers import position
from nnsim.core.explain.text import to_text
from nnsim.core.operations import OperationKind, operations_of
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.phases import Phase, PhaseKind, plan
from nnsim.model.compile import Compiled

_TERMS = 16  # of a long sum; whoever works by hand wants them all
_WIDTH = 62  # characters, in a line


@dataclass(frozen=True, slots=True)
class Item:
    """One operation. ``lines`` end with the result, or are the rule alone, with ``room`` lines to fill in.

    ``parts`` are lines of their own (a rate from its schedule). They and ``words`` are said once in a
    section.
    """

    number: int
    title: str
    lines: tuple[Line, ...]
    parts: tuple[Line, ...]
    words: str
    room: int


@dataclass(frozen=True, slots=True)
class Section:
    """One phase: "Forward, Hidden 1"."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Worksheet:
    """``facts`` are (what, its text); ``given`` (what, its numbers as lines), both to stand at the top."""

    title: str
    source: str
    facts: tuple[tuple[str, str], ...]
    given: tuple[tuple[str, tuple[Line, ...]], ...]
    sections: tuple[Section, ...]
    blank: bool
    digits: int


def worksheet_of(
    compiled: Compiled, numbers: StepNumbers, names: Names, sample: int, *, blank: bool = False,
    phases: Collection[PhaseKind] = tuple(PhaseKind), digits: int = 6,
) -> Worksheet:  # fmt: skip
    """The worksheet of a step of one sample.

    ``numbers`` are the whole step's, for sample ``sample`` alone; ``phases`` the kinds of phases to write
    out; ``digits`` the significant digits shown.
    """
    project, network, task = compiled.project, compiled.network, compiled.task
    sections, count = [], 0
    for phase in plan(network):
        if phase.kind not in phases:
            continue
        items: list[Item] = []
        said: set[str] = set()
        for operation in operations_of(network, task.optimizer, phase):
            found = explain(
                network, task.optimizer, task.optimizer_options, numbers, operation, names, terms=_TERMS
            )
            count += 1
            # What is done is said once in a section; an update may be of something frozen.
            kind = found.words if operation.kind is OperationKind.UPDATE else operation.kind.value
            again = kind in said
            lines = _broken(found.symbols if blank else found.chain(), digits)
            parts = () if blank or again else found.parts
            equations = sum(line.left is not None for line in found.symbols)
            words, room = "" if again else found.words, 2 * equations if blank else 0
            items.append(Item(count, found.title, lines, parts, words, room))
            said.add(kind)
        sections.append(Section(_title(compiled, phase), tuple(items)))
    return Worksheet(
        project.title or "A step by hand",
        project.source_note,
        tuple(_facts(compiled, numbers, sample)),
        tuple((what, lines) for what, lines in _given(compiled, numbers, names) if lines),
        tuple(sections), blank, digits,
    )  # fmt: skip


def _broken(lines: Sequence[Line], digits: int) -> tuple[Line, ...]:
    """The same lines, long sums going on in further ones: paper is only so wide."""
    out: list[Line] = []
    for line in lines:
        terms = line.right.terms if isinstance(line.right, Sum) else (line.right,)
        rows: list[list[Node]] = [[]]
        width = 0
        for term in terms:
            text = to_text(term, digits)
            length = len(text) + (5 if text.startswith("−") else 3)  # with " + " and brackets
            if rows[-1] and width + length > _WIDTH:
                rows.append([])
                width = 0
            rows[-1].append(term)
            width += length
        for i, row in enumerate(rows):
            # A row that goes on begins with a sign of its own.
            sign, first = "+", row[0]
            if i and isinstance(first, Minus) and len(row) == 1:
                sums = isinstance(first.inside, (Sum, Difference))
                sign, row[0] = "−", Group(first.inside) if sums else first.inside
            elif i and to_text(first, digits).startswith("−"):
                row[0] = Group(first)
            right = row[0] if len(row) == 1 else Sum(tuple(row))
            note = line.note if i == len(rows) - 1 else ""
            out.append(Line(None if i else line.left, sign if i else line.relation, right, note))
    return tuple(out)


def _title(compiled: Compiled, phase: Phase) -> str:
    title = phase.kind.value.capitalize()
    if phase.layer is None:
        return title
    return f"{title}, {compiled.project.layer_name(compiled.layer_ids[phase.layer])}"


def _facts(compiled: Compiled, numbers: StepNumbers, sample: int) -> list[tuple[str, str]]:
    project, network, spec = compiled.project, compiled.network, compiled.network.spec
    shape = " – ".join(str(size) for size in network.sizes)
    facts = [("Network", f"{shape} neurons")]
    for layer in range(1, network.depth):
        entry = network.activations[layer]
        facts.append((project.layer_name(compiled.layer_ids[layer]), f"{entry.label}: a = {entry.formula}"))
    facts.append(("Sample", f"number {sample}, counted from 0"))
    facts.append(("Loss", f"{network.loss.label}: {network.loss.formula}"))
    optimizer = OPTIMIZERS[compiled.task.optimizer]
    facts.append(("Optimizer", f"{optimizer.label}: {optimizer.formula}"))
    options = optimizer.numbers(compiled.task.optimizer_options)
    facts.extend((option.label, f"{options[option.key]:g}") for option in optimizer.options)
    if optimizer.slot_names:
        facts.append(("Updates before this one", str(numbers.age - 1)))
    facts.append(("Learning rate", f"η = {numbers.learning_rate:.6g}"))
    for name, value in (("L1", spec.l1), ("L2", spec.l2)):
        if value:
            facts.append((f"Penalty {name}", f"λ = {value:g}"))
    return facts


def _given(compiled: Compiled, numbers: StepNumbers, names: Names) -> list[tuple[str, tuple[Line, ...]]]:
    network, last = compiled.network, compiled.network.depth - 1
    slots = OPTIMIZERS[compiled.task.optimizer].slot_names

    def line(q: Quantity, note: str = "") -> Line:
        return Line(names.symbol(q), "=", Number(numbers.value(network, q, slots)), note)

    inputs = tuple(line(Quantity("x", 0, j)) for j in range(network.sizes[0]))
    targets = tuple(line(Quantity("y", last, j)) for j in range(network.sizes[-1]))
    parameters = _parameters(compiled)
    marks = {
        q: "frozen" if numbers.frozen is not None and numbers.frozen[position(network, q)] else ""
        for q in parameters
    }
    weights = tuple(line(q, marks[q]) for q in parameters if q.of_weight)
    biases = tuple(line(q, marks[q]) for q in parameters if not q.of_weight)
    states = tuple(line(q.of("state", slot)) for slot in slots if numbers.age > 1 for q in parameters)
    return [
        ("Inputs", inputs), ("Targets", targets), ("Weights", weights), ("Biases", biases),
        ("The optimizer's memory", states),
    ]  # fmt: skip


def _parameters(compiled: Compiled) -> list[Quantity]:
    """Every weight and bias in computing order; a bias that a layer shares once."""
    network = compiled.network
    found: list[Quantity] = []
    for kind, index, layer, block in network.parameters():
        if kind == "weight":
            for j in range(block.shape[0]):
                found.extend(Quantity("weight", layer, j, index, k) for k in range(block.shape[1]))
        else:
            shared = network.spec.layers[layer].bias == "shared"
            found.extend(Quantity("bias", layer, j) for j in range(1 if shared else block.shape[0]))
    return found
