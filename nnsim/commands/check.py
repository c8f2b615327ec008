"""``nnsim check``: compare the gradients with finite differences.

The JSON object has these fields:

``project``             the argument as given
``passed``              whether something was compared and no error is beyond the tolerance
``tolerance``           the largest relative error allowed
``largest_error``       the largest relative error found ("Infinity" where a gradient is not a number)
``worst``               null, or {kind, name, part, source, target, analytic, numeric, relative_error}
``at_kink``             how many parameters have no slope to compare with
``parameters_checked``, ``parameters``   how many of how many
``samples_checked``, ``samples``         how many of how many training samples
"""

from __future__ import annotations

import argparse

import numpy as np

from nnsim.commands import CommandError, Subparsers, add_json_argument, add_project_argument
from nnsim.commands.parameter_names import NamedParameter, named_parameters
from nnsim.commands.projects import compiled, heading, open_project
from nnsim.commands.text_table import json_number, number, plain, print_json
from nnsim.core.arrays import IntArray
from nnsim.core.gradcheck import GradientCheck, check_gradient

TOLERANCE = 1e-6
# Every parameter costs four to six passes over the samples.
MAX_SAMPLES = 256
MAX_PARAMETERS = 4_096

_FIELDS = f"""\
With --json: project, passed, tolerance, largest_error, worst {{kind, name, part, source, target,
analytic, numeric, relative_error}}, at_kink, parameters_checked, parameters, samples_checked, samples.

At most {MAX_SAMPLES} training samples and {MAX_PARAMETERS:,} parameters are used, evenly spread."""


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "check",
        help="compare the gradients with finite differences",
        description="Compare every gradient of a project with a numeric one; ends with 1 if they differ.",
        epilog=_FIELDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_project_argument(parser)
    add_json_argument(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    opened = open_project(args.project)
    ready = compiled(opened)
    count = len(ready.task.x_train)
    if not count:
        raise CommandError(f"“{plain(opened.name)}” has no training samples to check gradients with.")
    rows = _spread(count, MAX_SAMPLES)
    everything = named_parameters(ready)
    chosen = _chosen(everything)
    x, y = ready.task.x_train[rows], ready.task.y_train[rows]
    found = check_gradient(ready.network, ready.state.theta, x, y, [p.index for p in chosen])
    kinks = int(found.at_kink.sum())
    passed = found.worst is not None and found.largest_error <= TOLERANCE
    if args.json:
        print_json(
            {
                "project": opened.name,
                "passed": passed,
                "tolerance": TOLERANCE,
                "largest_error": json_number(found.largest_error),
                "worst": _worst(found, chosen),
                "at_kink": kinks,
                "parameters_checked": len(chosen),
                "parameters": len(everything),
                "samples_checked": len(rows),
                "samples": count,
            }
        )
        return 0 if passed else 1
    print(heading(opened))
    print(f"{_of(len(chosen), len(everything), 'parameter')}, {_of(len(rows), count, 'training sample')}.")
    _print_outcome(found, chosen, passed)
    return 0 if passed else 1


def _print_outcome(found: GradientCheck, chosen: list[NamedParameter], passed: bool) -> None:
    kinks, worst = int(found.at_kink.sum()), found.worst
    if worst is not None:
        print(f"Largest relative error: {found.largest_error:.3g}, at {plain(chosen[worst].name)}")
        print(f"  by backpropagation  {number(found.analytic[worst])}")
        print(f"  by differences      {number(found.numeric[worst])}")
    if kinks:
        print(
            f"Left out: {kinks} at a kink. There the slope of a neuron (of ReLU, say) jumps within the step "
            "of the difference, so that there is no slope to compare with."
        )
    if worst is None:
        print("Nothing could be compared: every parameter is at a kink. Other weights will help.")
    elif passed:
        print(f"The gradients agree: no error is beyond {TOLERANCE:g}.")
    else:
        print(f"The gradients differ: an error is beyond {TOLERANCE:g}.")


def _worst(found: GradientCheck, chosen: list[NamedParameter]) -> dict[str, object] | None:
    row = found.worst
    if row is None:
        return None
    return {
        **chosen[row].fields(),
        "analytic": json_number(found.analytic[row]),
        "numeric": json_number(found.numeric[row]),
        "relative_error": json_number(found.relative_error[row]),
    }


def _spread(count: int, most: int) -> IntArray:
    """At most ``most`` of the positions 0…count − 1, evenly spread."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.intp))


def _chosen(everything: list[NamedParameter]) -> list[NamedParameter]:
    """All parameters, or of a large network as many of each connection and each layer's biases."""
    if len(everything) <= MAX_PARAMETERS:
        return everything
    parts: dict[tuple[str, str], list[NamedParameter]] = {}
    for parameter in everything:
        parts.setdefault((parameter.kind, parameter.part), []).append(parameter)
    most = max(MAX_PARAMETERS // len(parts), 1)
    return [part[i] for part in parts.values() for i in _spread(len(part), most)]


def _of(checked: int, count: int, what: str) -> str:
    what += "" if count == 1 else "s"
    if checked == count:
        return f"{count:,} {what}"
    return f"{checked:,} of {count:,} {what} (evenly spread, to be done in reasonable time)"
