"""Explaining: every operation of a step as symbols, numbers put in, and result; structure, not text."""

from nnsim.core.explain.expression import Line, Node, Role, evaluate
from nnsim.core.explain.names import Names, PlainNames
from nnsim.core.explain.quantity import Quantity

__all__ = ["Line", "Names", "Node", "PlainNames", "Quantity", "Role", "evaluate"]
