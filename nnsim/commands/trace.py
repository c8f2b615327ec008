"""``nnsim trace``: every number of one pass through the network.

The JSON object has these fields; numbers have full precision, and what is not finite is one of the
texts "NaN", "Infinity", "-Infinity".

``project``     the argument as given
``sample``      {index (from 0), count, part ("train" or "test"), raw_inputs by name}
``loss``        {key, formula, value}: C of this sample alone, without a penalty
``layers``      input first: {id, name, activation (null for the input), neurons}, each neuron
                {name, z, a, dC_da, delta}; z and delta are null for inputs, whose a is what the
                network receives; neurons of the output layer have their target as ``y`` too
``parameters``  in computing order: {kind, name, part, source, target, value, gradient, frozen}
``operations``  with ``--operations``: every operation of the step in order, {phase, kind, layer, neuron,
                connection, source, slot, title, words, symbols, numbers, factors, result, parts};
                ``symbols``, ``numbers`` and ``parts`` are lines of text, ``factors`` the numbers put
                in, {value, quantity}, and ``result`` what they give, {left, relation, value}
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

from nnsim.commands import CommandError, Subparsers, add_json_argument, add_project_argument
from nnsim.commands.parameter_names import layer_neurons, named_parameters
from nnsim.commands.projects import Opened, compiled, heading, open_project
from nnsim.commands.steps import (
    check_sample,
    count_operations,
    explained,
    operation_fields,
    phase_title,
    step_of_sample,
)
from nnsim.commands.text_table import FULL_PRECISION, json_number, number, plain, print_json, table
from nnsim.core.evaluate import Evaluator, Pass
from nnsim.core.explain import StepNumbers
from nnsim.core.explain.text import to_text
from nnsim.core.network import Views
from nnsim.model.compile import Compiled
from nnsim.model.notation import DEFAULT_NOTATION, DocumentNames, names_for

_FIELDS = """\
With --json: project, sample {index, count, part, raw_inputs}, loss {key, formula, value},
layers [{id, name, activation, neurons [{name, z, a, dC_da, delta, y}]}],
parameters [{kind, name, part, source, target, value, gradient, frozen}]; with --operations too,
operations [{phase, kind, layer, neuron, connection, source, slot, title, words, symbols, numbers,
factors [{value, quantity}], result [{left, relation, value}], parts}].

With --batch the operations are those of the whole batch that training takes next, explained for
this sample; without it the sample is a batch of its own."""

# Each takes about half a kilobyte of text, and several as JSON.
MOST_OPERATIONS = 50_000
_DIGITS = 9  # of the numbers among words


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "trace",
        help="print every number of one pass: z, a, loss, δ and gradients",
        description="Print z, a, loss, δ and gradients of one sample, by layer and neuron.",
        epilog=_FIELDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_project_argument(parser)
    parser.add_argument(
        "--sample", type=int, default=0, metavar="I",
        help="which sample of the data, counted from 0 (default 0)",
    )  # fmt: skip
    parser.add_argument(
        "--digits", type=int, metavar="N", help=f"significant digits in the tables, 1 to {FULL_PRECISION}"
    )
    parser.add_argument(
        "--operations", action="store_true", help="explain every operation: symbols, numbers, result"
    )
    parser.add_argument(
        "--batch", action="store_true", help="with --operations: the sample as one of its batch"
    )
    add_json_argument(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if args.digits is not None and not 1 <= args.digits <= FULL_PRECISION:
        raise CommandError(f"--digits must be 1 to {FULL_PRECISION}, not {args.digits}.")
    if args.batch and not args.operations:
        raise CommandError("--batch is about operations: it needs --operations.")
    opened = open_project(args.project)
    ready = compiled(opened)
    index = args.sample
    check_sample(opened, ready, index)
    if args.operations and not args.json:
        _print_operations(opened, ready, index, args.batch, args.digits or _DIGITS)
        return 0
    x, y = ready.prepared.x[index : index + 1], ready.prepared.y[index : index + 1]
    theta = Views(ready.network.layout, ready.state.theta.copy())
    found = Evaluator(ready.network, theta).full_pass(x, y)
    if args.json:
        fields = _json(opened, ready, found, index)
        if args.operations:
            fields["operations"] = _operations(opened, ready, index, args.batch)
        print_json(fields)
    else:
        _print(opened, ready, found, index, partial(number, digits=args.digits))
    return 0


def _steps(opened: Opened, ready: Compiled, index: int, batch: bool) -> tuple[StepNumbers, DocumentNames]:
    count = count_operations(ready)
    if count > MOST_OPERATIONS:
        raise CommandError(
            f"A step has {count:,} operations here; more than {MOST_OPERATIONS:,} are too many."
        )
    return step_of_sample(opened, ready, index, batch), names_for(ready.project, DEFAULT_NOTATION)


def _operations(opened: Opened, ready: Compiled, index: int, batch: bool) -> list[dict[str, Any]]:
    numbers, names = _steps(opened, ready, index, batch)
    return [operation_fields(ready, names, phase, found) for phase, found in explained(ready, numbers, names)]


def _print_operations(opened: Opened, ready: Compiled, index: int, batch: bool, digits: int) -> None:
    numbers, names = _steps(opened, ready, index, batch)
    alone = "alone" if numbers.count == 1 else f"in a batch of {numbers.count}"
    print(heading(opened))
    print(f"One step for sample {index} of {len(ready.prepared.x)}, counted from 0; {alone}.")
    last = None
    for phase, found in explained(ready, numbers, names):
        if phase != last:
            title = plain(phase_title(ready.project, phase))
            print(f"\n{title}\n{'-' * len(title)}")
            last = phase
        print("\n" + "\n".join(map(plain, to_text(found, digits).split("\n"))))


def _part(ready: Compiled, index: int) -> str:
    return "train" if index in ready.prepared.train else "test"


def _frozen(ready: Compiled, place: int) -> bool:
    return ready.task.frozen is not None and bool(ready.task.frozen[place])


def _json(opened: Opened, ready: Compiled, found: Pass, index: int) -> dict[str, Any]:
    project, samples, loss = ready.project, ready.prepared.samples, ready.network.loss
    layers, last = [], ready.network.depth - 1
    for at, (layer, names) in enumerate(zip(project.layers, layer_neurons(ready), strict=True)):
        neurons = []
        for j, name in enumerate(names):
            neuron = {
                "name": name,
                "z": json_number(found.z[at][0, j]) if at else None,
                "a": json_number(found.a[at][0, j]),
                "dC_da": json_number(found.da[at][0, j]),
                "delta": json_number(found.delta[at][0, j]) if at else None,
            }
            if at == last:
                neuron["y"] = json_number(ready.prepared.y[index, j])
            neurons.append(neuron)
        activation = layer.activation if at else None
        name = project.layer_name(layer.id)
        layers.append({"id": layer.id, "name": name, "activation": activation, "neurons": neurons})
    return {
        "project": opened.name,
        "sample": {
            "index": index,
            "count": len(ready.prepared.x),
            "part": _part(ready, index),
            "raw_inputs": {
                name: json_number(value)
                for name, value in zip(samples.input_names, samples.inputs[index], strict=True)
            },
        },
        "loss": {"key": loss.key, "formula": loss.formula, "value": json_number(found.loss)},
        "layers": layers,
        "parameters": [
            {
                **parameter.fields(),
                "value": json_number(ready.state.theta[parameter.index]),
                "gradient": json_number(found.gradient[parameter.index]),
                "frozen": _frozen(ready, parameter.index),
            }
            for parameter in named_parameters(ready)
        ],
    }


def _print(opened: Opened, ready: Compiled, found: Pass, index: int, written: Callable[[float], str]) -> None:
    project, prepared, last = ready.project, ready.prepared, ready.network.depth - 1
    part = "training" if _part(ready, index) == "train" else "test"
    print(heading(opened))
    print(f"Sample {index} of {len(prepared.x)}, counted from 0; a {part} sample.")
    raw = prepared.samples.inputs[index]
    if raw.tolist() != prepared.x[index].tolist():
        pairs = zip(prepared.samples.input_names, raw, strict=True)
        print("As in the data: " + ", ".join(f"{plain(name)} = {written(value)}" for name, value in pairs))
    for at, (layer, names) in enumerate(zip(project.layers, layer_neurons(ready), strict=True)):
        title, a, da = plain(project.layer_name(layer.id)), found.a[at][0], found.da[at][0]
        if at == 0:
            header = ["neuron", "a", "∂C/∂a"]
            columns = [a, da]
        else:
            title = f"{title} ({plain(layer.activation)})"
            header = ["neuron", "z", "a", "∂C/∂a", "δ = ∂C/∂z"]
            columns = [found.z[at][0], a, da, found.delta[at][0]]
        if at == last:
            header.append("target y")
            columns.append(prepared.y[index])
        rows = [[name, *(written(column[j]) for column in columns)] for j, name in enumerate(names)]
        print(f"\n{title}\n{table(header, rows)}")
    loss, t = ready.network.loss, project.training
    print(f"\nLoss: {loss.label}\n  {loss.formula}\n  C = {written(found.loss)} for this one sample (n = 1)")
    if t.l1 or t.l2:
        print("  The penalty on the weights is not part of C and of these gradients.")
    rows = []
    for parameter in named_parameters(ready):
        mark = " (frozen)" if _frozen(ready, parameter.index) else ""
        value, slope = ready.state.theta[parameter.index], found.gradient[parameter.index]
        rows.append([parameter.name + mark, written(value), written(slope)])
    print(f"\nGradients\n{table(['parameter', 'value', '∂C/∂value'], rows)}")
