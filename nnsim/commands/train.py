"""``nnsim train``: train a project without a window."""

from __future__ import annotations

import argparse

from nnsim.commands import CommandError, Subparsers, add_json_argument, add_project_argument


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "train",
        help="train a project for a number of epochs",
        description="Train a project for a number of epochs and print the losses and metrics.",
    )
    add_project_argument(parser)
    parser.add_argument(
        "--epochs", type=int, required=True, metavar="N", help="how many epochs more, 0 or more"
    )
    parser.add_argument("--save", metavar="OUT", help="save the trained project to this file")
    add_json_argument(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    raise CommandError("train is not part of this version yet.")
