"""The lines of an explanation in the order they are read in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nnsim.core.explain.expression import Line, Node


def in_order(*kinds: Sequence[Line]) -> list[list[Line]]:
    """Lines of symbols, of numbers put in, and results as blocks: one for each equation (there are
    several for m̂, v̂ and θ of an optimizer). What an equation is about stands only in its first line;
    the others go on with "="."""
    blocks: dict[Node | None, list[Line]] = {}
    for kind in kinds:
        left = next(iter(blocks), None)
        for line in kind:
            left = line.left if line.left is not None else left
            block = blocks.setdefault(left, [])
            again = bool(block) and line.left is not None
            block.append(replace(line, left=None, relation="=") if again else line)
    return list(blocks.values())
