"""What the printed numbers of a case should have been, computed from its network or its lines.

Some numbers are tens of thousands of updates away. So the work is done in slices: call
:meth:`Reckoning.work` until it is done; numbers are there as soon as they are known.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from nnsim.core import regularizers
from nnsim.core.arrays import Array
from nnsim.core.evaluate import Pass
from nnsim.core.explain.expression import Node
from nnsim.core.formula_gradient import derivatives, run_lines, value_of
from nnsim.core.formulas import parse
from nnsim.core.phases import PhaseKind
from nnsim.core.source_rules import SOURCE_RULES
from nnsim.core.trainer import Trainer
from nnsim.io.cases import Case, CaseRow, Run, Where
from nnsim.model.compile import Compiled, compile_project
from nnsim.model.project import Project

_SLICE = 50  # updates between two looks at the clock


class Reckoning:
    """The true values of a case. ``project`` is the case's project, ``None`` for one without a network.

    Raises ``CompileError`` if the project cannot be computed.
    """

    def __init__(self, case: Case, project: Project | None) -> None:
        self.case = case
        self._compiled = None if project is None else compile_project(project)
        self._known: dict[Where, float] = {}
        self._formulas = {row.formula: parse(row.formula) for row in case.rows if row.formula}
        self.lines: tuple[tuple[str, Node], ...] = tuple((li.name, parse(li.formula)) for li in case.lines)
        self.line_values = run_lines(self.lines, case.inputs)
        self._slopes = derivatives(self.lines, self.line_values, case.output) if case.output else {}
        self._work = self._walk()
        self._done = False

    @property
    def done(self) -> bool:
        return self._done

    @property
    def known(self) -> int:
        """How many numbers of the network are known by now."""
        return len(self._known)

    def work(self, seconds: float | None = None) -> bool:
        """Go on for about so long (``None``: to the end); whether all is known."""
        end = None if seconds is None else time.monotonic() + seconds
        while not self._done and (end is None or time.monotonic() < end):
            self._done = next(self._work, None) is None
        return self._done

    def value(self, row: CaseRow) -> float | None:
        """The true value of a row; ``None`` while it is not known yet."""
        if row.line:
            return self.line_values[row.line]
        if row.slope:
            return self._slopes[row.slope]
        if not row.formula:
            return self.at(row.where)
        uses = {name: self.at(where) for name, where in row.uses.items()}
        known = {name: value for name, value in uses.items() if value is not None}
        return value_of(self._formulas[row.formula], known) if len(known) == len(uses) else None

    def at(self, where: Where | None) -> float | None:
        """A number of the network; ``None`` while it is not known yet."""
        return None if where is None else self._known.get(where)

    # -- walking ----------------------------------------------------------------------------------

    def _walk(self) -> Iterator[bool]:
        """Every wanted number of every run, in the order of the updates."""
        wanted = dict.fromkeys(w for row in self.case.rows for w in _places(row))
        for run in (None, *self.case.runs):
            places = [w for w in wanted if w.run == (run.key if run else "")]
            if places and self._compiled is not None:
                yield from self._follow(_Walker(self._compiled, run), places)

    def _follow(self, walker: _Walker, places: list[Where]) -> Iterator[bool]:
        for after in sorted({w.after for w in places}):
            yield from walker.go_to(after)
            here = [w for w in places if w.after == after]
            reader = _Reader(walker.trainer)
            for where in here:
                if where.kind != "epoch_error":
                    self._known[where] = reader.read(where)
            for where in here:
                if where.kind == "epoch_error":
                    self._known[where] = walker.epoch_error()


def _places(row: CaseRow) -> tuple[Where, ...]:
    if row.formula:
        return tuple(row.uses.values())
    return () if row.where is None or row.line or row.slope else (row.where,)


class _Walker:
    """A trainer under one of the case's rules."""

    def __init__(self, compiled: Compiled, run: Run | None) -> None:
        task = compiled.task
        if run is not None and run.learning_rate is not None:
            task = replace(task, learning_rate=run.learning_rate)
        if run is not None and run.batch_size is not None:
            task = replace(task, batch_size=run.batch_size)
        self.trainer = Trainer(task, compiled.state)
        self._rule: Callable[[Trainer], None] | None = (
            SOURCE_RULES[run.rule] if run is not None and run.rule else None
        )
        self._step = 0

    def go_to(self, step: int) -> Iterator[bool]:
        """Make updates up to number ``step``, with a pause now and then."""
        while self._step < step:
            count = min(_SLICE, step - self._step)
            if self._rule is None:
                self.trainer.run(count)
            else:
                for _ in range(count):
                    self._rule(self.trainer)
            self._step += count
            yield True

    def epoch_error(self) -> float:
        """Walk one epoch and add up the squared errors, each before the update for its own batch."""
        trainer, total = self.trainer, 0.0
        for _ in range(trainer.batches_per_epoch):
            while trainer.plan[trainer.phase].kind is not PhaseKind.UPDATE:
                trainer.advance()
            y = trainer.task.y_train[trainer.batch_samples()]
            total += float(np.add.reduce((trainer.space.a[-1] - y) ** 2, axis=None))
            trainer.advance()
            self._step += 1
        return total


class _Reader:
    """One pass over all samples at a trainer's present parameters, and what can be read off it."""

    def __init__(self, trainer: Trainer) -> None:
        task = trainer.task
        self._trainer = trainer
        self._pass: Pass = trainer.evaluator.full_pass(task.x_train, task.y_train)

    def read(self, where: Where) -> float:
        """The number at a place. Raises ``ValueError`` for a kind that is not of a pass."""
        found, trainer = self._pass, self._trainer
        by_neuron: dict[str, tuple[Array, ...]] = {
            "x": found.a, "z": found.z, "a": found.a, "blame": found.da, "delta": found.delta,
        }  # fmt: skip
        if where.kind in by_neuron:
            return float(by_neuron[where.kind][where.layer][where.sample, where.neuron])
        if where.kind == "y":
            return float(trainer.task.y_train[where.sample, where.neuron])
        if where.kind == "loss":
            return found.loss
        if where.kind == "rate":
            return trainer.learning_rate
        return float(self._parameters(where.kind)[self._index(where)])

    def _parameters(self, kind: str) -> Array:
        if kind in ("weight", "bias"):
            return self._trainer.theta.flat
        if kind not in ("weight_gradient", "bias_gradient", "total_gradient"):
            raise ValueError(f"{kind} cannot be read off a pass")
        gradient = self._pass.gradient
        if kind != "total_gradient":
            return gradient
        network, total = self._trainer.network, gradient.copy()
        regularizers.add_gradient(
            self._trainer.theta.flat, network.layout.is_weight(), network.spec.l1, network.spec.l2,
            total, np.empty_like(total),
        )  # fmt: skip
        return total

    def _index(self, where: Where) -> int:
        """Place in the flat parameters; a place with a source is a weight's."""
        layout = self._trainer.network.layout
        if where.source >= 0:
            (connection,) = self._trainer.network.incoming[where.layer]
            return int(layout.weights[connection].positions()[where.neuron, where.source])
        block = layout.biases[where.layer]
        if block is None:
            raise ValueError(f"layer {where.layer} has no biases")
        return int(block.positions()[where.neuron if block.shape[0] > 1 else 0])
