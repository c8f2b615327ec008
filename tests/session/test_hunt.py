"""Find the mistake: judged from the case, with hints, and never forced."""

from __future__ import annotations

import pytest

from nnsim.io.cases import cases, find_case
from nnsim.io.examples import load_example
from nnsim.session.casebook.hunt import Hunt
from nnsim.session.casebook.rows import rows_of


def hunt_for(key):
    case = find_case(key)
    return Hunt(rows_of(case, load_example(case.example) if case.example else None))


def indices(hunt, kind):
    return [row.index for row in hunt.rows if row.verdict.kind == kind]


def test_the_courses_slip_is_found_by_marking_it():
    hunt = hunt_for("course-chain")
    reply = hunt.mark(3)
    assert reply.kind == "good" and "0.6571" in reply.text
    assert hunt.done and hunt.found == 1 and (hunt.tries, hunt.misses) == (1, 0)
    assert hunt.state(3) == "found" and hunt.mark(0).kind == "info"


def test_marking_a_right_number_is_a_miss_and_says_where_to_go_on():
    hunt = hunt_for("course-chain")
    reply = hunt.mark(1)
    assert reply.kind == "bad" and "further down" in reply.text
    assert (hunt.tries, hunt.misses, hunt.found) == (1, 1, 0) and not hunt.done
    assert hunt.state(1) == "right"
    hunt.mark(1)
    assert hunt.tries == 1  # a second mark on the same number does not count


def test_it_goes_on_until_the_last_mistake():
    hunt = hunt_for("rgu")
    first, second = indices(hunt, "wrong")
    assert "Is that all?" in hunt.mark(second).text and not hunt.done
    right = max(i for i in indices(hunt, "right"))
    assert "down" in hunt.mark(right).text
    assert hunt.mark(first).kind == "good" and hunt.done and hunt.found == 2


def test_rounding_is_no_mistake_and_no_miss():
    hunt = hunt_for("ibm-chain")
    (rounded,) = indices(hunt, "rounding")
    reply = hunt.mark(rounded)
    assert reply.kind == "info" and "rounding" in reply.text and hunt.misses == 0 and not hunt.done


def test_saying_that_nothing_is_wrong_is_an_answer():
    clean = hunt_for("goodfellow-xor")
    assert clean.nothing_wrong().kind == "good" and clean.done
    slip = hunt_for("course-chain")
    assert slip.nothing_wrong().kind == "bad" and slip.misses == 1 and not slip.done


def test_a_hint_says_where_to_look_but_not_which():
    text = hunt_for("course-chain").hint().text
    assert "activations" in text and "o₁" not in text and "0.7153" not in text


def test_the_answer_is_there_on_demand():
    hunt = hunt_for("mazur")
    assert "4 numbers are wrong" in hunt.reveal().text
    assert hunt.done and hunt.revealed and hunt.found == 0
    assert {hunt.state(index) for index in indices(hunt, "wrong")} == {"revealed"}
    assert "right" in hunt_for("goodfellow-xor").reveal().text


@pytest.mark.parametrize("case", cases(), ids=lambda c: c.key)
def test_every_case_can_be_solved_by_marking_what_is_wrong(case):
    hunt = hunt_for(case.key)
    assert not any(row.again or not row.printed for row in hunt.rows)
    wrong = indices(hunt, "wrong")
    assert all(hunt.mark(index).kind == "good" for index in wrong)
    assert hunt.done if wrong else hunt.nothing_wrong().kind == "good"
    assert hunt.misses == 0
