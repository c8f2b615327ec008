"""Explaining: every operation of a step as symbols, numbers put in, and result; structure, not text.

:func:`step_numbers` copies the numbers of a step out, :func:`explain` makes an :class:`Explanation` of
one operation from them, :mod:`~nnsim.core.explain.text` and :mod:`~nnsim.core.explain.latex` write it.
"""

from nnsim.core.explain.explaining import explain, is_ready, phase_of
from nnsim.core.explain.explanation import Explanation
from nnsim.core.explain.expression import Line, Node, Role, evaluate
from nnsim.core.explain.names import Names, PlainNames, neuron_names
from nnsim.core.explain.numbers import StepNumbers, step_numbers, whole_step
from nnsim.core.explain.quantity import Quantity
from nnsim.core.explain.targets import operation_of, quantity_of

__all__ = [
    "Explanation", "Line", "Names", "Node", "PlainNames", "Quantity", "Role", "StepNumbers", "evaluate",
    "explain", "is_ready", "neuron_names", "operation_of", "phase_of", "quantity_of", "step_numbers",
    "whole_step",
]  # fmt: skip
