"""What stands on a worksheet: complete sums, in lines that fit on paper."""

import numpy as np
import pytest

from nnsim.core.datasets.base import Samples
from nnsim.core.explain import evaluate, whole_step
from nnsim.core.explain.expression import Difference, Number, Rest, Sum, walk
from nnsim.core.explain.text import to_text
from nnsim.core.phases import PhaseKind
from nnsim.io.worksheet import worksheet_of
from nnsim.model.build import build
from nnsim.model.compile import compile_project
from nnsim.model.notation import names_for
from nnsim.model.project import Data, Training


def sheet_of(*, blank=False, phases=tuple(PhaseKind), **training):
    random = np.random.default_rng(1)
    samples = Samples(random.normal(size=(1, 12)), np.eye(6)[:1])
    project = build(
        (12, 2, 6), ["tanh", "sigmoid"], Data("table", train_share=1.0, samples=samples),
        Training(loss="bce_mean", **training),
    )  # fmt: skip
    ready = compile_project(project)
    numbers = whole_step(ready.task, ready.state, ready.task.x_train, ready.task.y_train)
    return worksheet_of(ready, numbers, names_for(project, "nnsim"), 0, blank=blank, phases=phases, digits=6)


def items(sheet):
    return [item for section in sheet.sections for item in section.items]


def worked(lines):
    """The values of the lines that have one, broken ones put together, by equation."""
    values = []
    for line in lines:
        if line.left is not None:
            values.append([])
        try:
            value = evaluate(line.right)
        except ValueError:
            continue
        if line.relation in ("+", "−"):
            values[-1][-1] += value if line.relation == "+" else -value
        else:
            values[-1].append(value)
    return values


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_broken_lines_still_add_up_to_the_result(optimizer):
    for item in items(sheet_of(optimizer=optimizer, l1=0.1, l2=0.2)):
        assert isinstance(item.lines[-1].right, Number)
        for values in worked(item.lines):
            assert values == pytest.approx([values[-1]] * len(values), rel=1e-12, abs=1e-12), item.title


def test_a_sum_of_twelve_inputs_is_shown_whole_in_lines_that_fit():
    first = items(sheet_of())[0]
    assert not any(isinstance(node, Rest) for line in first.lines for node in walk(line.right))
    assert max(len(to_text(line.right, 6)) for line in first.lines) <= 62
    assert sum(line.relation == "+" for line in first.lines) > 4


def test_a_row_that_goes_on_never_begins_with_a_minus():
    for item in items(sheet_of(l2=0.1)):
        for line in item.lines:
            assert line.relation != "−" or not isinstance(line.right, (Sum, Difference))
            assert line.relation not in ("+", "−") or not to_text(line.right).startswith("−")


def test_a_blank_sheet_has_the_rules_and_two_lines_of_room_for_each_equation():
    for item in items(sheet_of(blank=True, optimizer="adam")):
        assert item.room == 2 * sum(line.left is not None for line in item.lines) > 0
        assert item.parts == ()
        with pytest.raises(ValueError):
            [evaluate(line.right) for line in item.lines]


def test_what_is_given_is_all_that_is_needed():
    given = dict(sheet_of(optimizer="adam").given)
    assert [len(given[what]) for what in ("Inputs", "Targets", "Weights", "Biases")] == [12, 6, 36, 8]
    assert "The optimizer's memory" not in given


def test_words_are_said_once_in_a_section():
    for section in sheet_of().sections:
        said = [item.words for item in section.items if item.words]
        assert (said and len(said) == len(set(said)) < len(section.items)) or len(section.items) == 1
