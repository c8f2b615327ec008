"""What must hold for every explanation, whatever it is of."""

from math import isclose, isnan

import pytest

from nnsim.core.explain import PlainNames, evaluate, explain, operation_of, quantity_of
from nnsim.core.explain.expression import Fraction, Number, Over, Rest, Role, Symbol, Text, walk
from nnsim.core.operations import operations_of
from nnsim.core.optimizers import OPTIMIZERS
from nnsim.core.phases import plan


def same(a, b):
    return (isnan(a) and isnan(b)) or isclose(a, b, rel_tol=1e-12, abs_tol=1e-12)


def _check_step(task, network, numbers, terms=8):
    """Check the explanation of every operation of a step; returns how many there were."""
    names, count = PlainNames(network), 0
    for phase in plan(network):
        for operation in operations_of(network, task.optimizer, phase):
            explanation = explain(
                network, task.optimizer, task.optimizer_options, numbers, operation, names, terms=terms
            )
            check(explanation, network, numbers, task, terms)
            count += 1
    return count


def check(explanation, network, numbers, task, terms):
    """Factors × = result, tokens are their quantities, symbols and numbers say the same."""
    where, operation = explanation.title, explanation.operation
    slots = OPTIMIZERS[task.optimizer].slot_names
    assert explanation.ready and explanation.title and explanation.words.endswith("."), where
    assert explanation.symbols and explanation.numbers and explanation.result, where
    assert operation_of(network, quantity_of(operation)) == operation, where
    results = explanation.result
    last = results[-1].right
    assert isinstance(last, Number) and last.quantity == quantity_of(operation), where
    for line in results:
        assert isinstance(line.right, Number) and line.left is not None
        own = [n for n in explanation.numbers if len(results) == 1 or n.left == line.left]
        assert own, where
        for numbers_line in own:
            value = evaluate(numbers_line.right)
            assert same(value, line.right.value), (where, value, line.right.value)
    check_parts(explanation, network, numbers, slots)
    for line in (*explanation.numbers, *results, *explanation.parts):
        for node in walk(line.right):
            if isinstance(node, Number) and node.quantity is not None:
                after = node.role is Role.OK
                expected = numbers.value(network, node.quantity, slots, after)
                assert same(node.value, expected), (where, node, expected)
    for line in explanation.symbols:
        nodes = list(walk(line.right))
        assert not any(isinstance(n, Text) for n in nodes)
        assert all(n.value is None for n in nodes if isinstance(n, Rest)), where
        assert all(n.quantity is None for n in nodes if isinstance(n, Number)), where
    for line in (*explanation.symbols, *explanation.numbers, *explanation.parts):
        # Bounded: each sum has a bounded number of terms, and there are few of them.
        assert sum(1 for _ in walk(line.right)) <= 12 * terms + 30, where
    for line in explanation.numbers:
        assert not any(isinstance(n, (Symbol, Over)) for n in walk(line.right)), where


def check_parts(explanation, network, numbers, slots):
    """A line that goes on from another has its value; one about a quantity has the quantity's."""
    last = None
    for line in explanation.parts:
        symbolic = any(isinstance(n, (Symbol, Over)) for n in walk(line.right))
        value = None if symbolic else evaluate(line.right)
        left = line.left.bottom if isinstance(line.left, Fraction) else line.left
        if line.left is None and last is not None:
            assert same(value, last), explanation.title
        elif isinstance(left, Symbol) and left.quantity is not None:
            expected = numbers.value(network, left.quantity, slots)
            assert same(value, expected), (explanation.title, line)
        last = value


@pytest.fixture(scope="session")
def check_step():
    """Checks the explanation of every operation of a step; see :func:`_check_step`."""
    return _check_step


@pytest.fixture(scope="session")
def check_explanation():
    return check
