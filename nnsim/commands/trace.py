"""``nnsim trace``: every number of one pass through the network."""

from __future__ import annotations

import argparse

from nnsim.commands import CommandError, Subparsers, add_json_argument, add_project_argument


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "trace",
        help="print every number of one pass: z, a, loss, δ and gradients",
        description="Print z, a, loss, δ and gradients of one sample, by layer and neuron.",
    )
    add_project_argument(parser)
    parser.add_argument(
        "--sample", type=int, required=True, metavar="I", help="which sample of the data, counted from 0"
    )
    add_json_argument(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    raise CommandError("trace is not part of this version yet.")
