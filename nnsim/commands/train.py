"""``nnsim train``: train a project without a window.

The JSON object has these fields; numbers have full precision, and what is not finite is one of the
texts "NaN", "Infinity", "-Infinity". It has no times in it: the same project gives the same text.

``project``     the argument as given
``epochs``      epochs done since the start weights, those before this run included
``steps``       updates done since the start weights
``train_loss``  data loss over all training samples
``test_loss``   the same over all test samples; null if there are none
``metrics``     by name ("accuracy" or "r_squared"): {train, test}; null where there are no samples
``diverged``    whether the run was stopped at the last state with finite numbers
``saved``       the file that was written, else null
"""

from __future__ import annotations

import argparse
from pathlib import Path

from nnsim.commands import CommandError, Subparsers, add_json_argument, add_project_argument
from nnsim.commands.projects import Opened, compiled, heading, open_project
from nnsim.commands.text_table import json_number, number_or_dash, plain, present, print_json
from nnsim.core.metrics import METRICS, Metric
from nnsim.core.trainer import Diverged, Trainer, TrainState
from nnsim.io import project_file
from nnsim.io.errors import ProjectFileError
from nnsim.model.compile import Compiled, with_state

_FIELDS = """\
With --json: project, epochs, steps, train_loss, test_loss, metrics {name: {train, test}},
diverged, saved.

An epoch under way is finished first and counts as one. If training diverges, the command ends
with 1, and the last good state is what is saved."""

_LINES = 15
# Short enough that an interrupted run loses little.
_CHUNK = 2_000
_WIDTH = 16
_HUGE = 10**15  # epochs; nobody waits for more, and a float can still hold it


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "train",
        help="train a project for a number of epochs",
        description="Train a project for a number of epochs and print the losses and metrics.",
        epilog=_FIELDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_project_argument(parser)
    parser.add_argument(
        "--epochs", type=int, required=True, metavar="N", help="how many epochs more, 0 or more"
    )
    parser.add_argument("--save", metavar="OUT", help="save the trained project to this file")
    add_json_argument(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if args.epochs < 0:
        raise CommandError(f"--epochs must be 0 or more, not {args.epochs}.")
    out = None if args.save is None else _writable(args.save)
    opened = open_project(args.project)
    ready = compiled(opened)
    if args.epochs and not len(ready.task.x_train):
        raise CommandError(f"“{plain(opened.name)}” has no training samples.")
    course = _Course(ready, quiet=args.json)
    if not args.json:
        print(heading(opened))
    try:
        diverged = course.train(args.epochs)
    except KeyboardInterrupt:
        if out is not None:
            _save(out, opened, ready, course.state)
            if not args.json:
                print(f"Interrupted. Saved as {plain(str(out))} after update {course.state.step:,}.")
        raise
    failure = None
    if out is not None:
        try:
            _save(out, opened, ready, course.state)
        except CommandError as error:  # after the result is printed, so that it is not lost
            failure = error
    saved = out if failure is None else None
    if args.json:
        _print_json(opened, course, diverged, saved)
    else:
        _print_result(course, diverged, saved)
    if failure is not None:
        raise failure
    return 1 if diverged else 0


class _Course:
    """A run and its progress lines. ``state`` is the last state reached for sure."""

    def __init__(self, ready: Compiled, quiet: bool) -> None:
        self.ready, self.quiet = ready, quiet
        self.trainer = Trainer(ready.task, ready.state)
        self.state: TrainState = ready.state
        task = ready.prepared.samples.task
        self.metrics: list[Metric] = [metric for metric in METRICS if metric.task == task]

    def train(self, epochs: int) -> bool:
        """Train to the end of so many epochs; whether it diverged before that."""
        trainer = self.trainer
        first = trainer.epoch
        self._print_header()
        self._print_line()
        for goal in milestones(epochs):
            while trainer.epoch < first + goal:
                left = (first + goal - trainer.epoch) * trainer.batches_per_epoch - trainer.batch
                try:
                    trainer.run(min(left, _CHUNK))
                except Diverged:
                    self.state = trainer.checkpoint()
                    return True
                self.state = trainer.checkpoint()
            self._print_line()
        return False

    def losses(self) -> tuple[float | None, float | None]:
        """The losses of the training and the test samples."""
        task = self.ready.task
        return (
            present(self.trainer.train_loss(), len(task.x_train)),
            present(self.trainer.test_loss(), len(task.x_test)),
        )

    def measure(self, metric: Metric) -> tuple[float | None, float | None]:
        """A metric of the training and the test samples."""
        task, low, outputs = self.ready.task, self.ready.prepared.low, self.trainer.evaluator.outputs
        return (
            present(metric.value(outputs(task.x_train), task.y_train, low), len(task.x_train)),
            present(metric.value(outputs(task.x_test), task.y_test, low), len(task.x_test)),
        )

    def _print_header(self) -> None:
        titles = ["train loss", "test loss"]
        titles += [f"{part} {metric.label}" for metric in self.metrics for part in ("train", "test")]
        self._print_columns("epoch", titles)

    def _print_line(self) -> None:
        if not self.quiet:
            values = [*self.losses(), *(v for metric in self.metrics for v in self.measure(metric))]
            self._print_columns(f"{self.trainer.epoch:,}", [number_or_dash(v) for v in values])

    def _print_columns(self, first: str, others: list[str]) -> None:
        if not self.quiet:
            # A line at a time: who waits for a long run sees it move.
            print(f"{first:>10}" + "".join(f"  {cell:>{_WIDTH}}" for cell in others), flush=True)


def milestones(epochs: int) -> list[int]:
    """After which epochs of 1…epochs a line is printed: about fifteen, ever further apart, the last too."""
    if epochs <= _LINES:
        return list(range(1, epochs + 1))
    factor = float(min(epochs, _HUGE)) ** (1.0 / _LINES)
    return sorted({round(factor**i) for i in range(_LINES)} | {epochs})


def _writable(out: str) -> Path:
    """``out`` as a path, looked at before hours are spent on what cannot be saved there."""
    path = Path(out)
    if path.is_dir():
        raise CommandError(f"The result cannot be saved as “{plain(out)}”: that is a folder.")
    if not path.parent.is_dir():
        raise CommandError(
            f"The result cannot be saved as “{plain(out)}”: there is no folder “{plain(str(path.parent))}”."
        )
    return path


def _save(out: Path, opened: Opened, ready: Compiled, state: TrainState) -> None:
    same = opened.path is not None and out.exists() and opened.path.exists() and out.samefile(opened.path)
    project = opened.project if state is ready.state else with_state(ready, state)
    try:
        project_file.save(out, project, opened.stamp if same else None)
    except ProjectFileError as error:
        raise CommandError(plain(str(error))) from error


def _print_json(opened: Opened, course: _Course, diverged: bool, saved: Path | None) -> None:
    train, test = course.losses()
    metrics = {}
    for metric in course.metrics:
        of_train, of_test = course.measure(metric)
        metrics[metric.key] = {"train": json_number(of_train), "test": json_number(of_test)}
    print_json(
        {
            "project": opened.name,
            "epochs": course.state.epoch,
            "steps": course.state.step,
            "train_loss": json_number(train),
            "test_loss": json_number(test),
            "metrics": metrics,
            "diverged": diverged,
            "saved": None if saved is None else str(saved),
        }
    )


def _print_result(course: _Course, diverged: bool, saved: Path | None) -> None:
    state, training = course.state, course.ready.project.training
    if diverged:
        print(
            f"Training diverged in epoch {state.epoch + 1:,}, at update {state.step + 1:,}: "
            "a weight, a bias or the loss is no longer a finite number.\n"
            f"Try a smaller learning rate (it is {training.learning_rate:g}; a tenth of it is a start), "
            "scaled inputs, or new weights."
        )
    train, test = course.losses()
    print(f"{'Last good state' if diverged else 'Result'}: epoch {state.epoch:,}, update {state.step:,}")
    print(f"  loss: {number_or_dash(train)} (training), {number_or_dash(test)} (test)")
    for metric in course.metrics:
        of_train, of_test = course.measure(metric)
        print(f"  {metric.label}: {number_or_dash(of_train)} (training), {number_or_dash(of_test)} (test)")
    if saved is not None:
        print(f"Saved as {plain(str(saved))}")
